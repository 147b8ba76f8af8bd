// SPDX-License-Identifier: BSD-2-Clause
// ext2.ts: ext2, ext3 and ext4 images, made and looked at by the programs that everybody makes and looks at them with.
import { execFileSync, spawnSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratchFolder } from './scratch.js';

/** Makes an image with mke2fs, of a folder's files if there is one, and gives its path. */
export function makeExt2(options: readonly string[], megabytes: number, tree?: string): string {
  const image = join(makeScratchFolder('ext2'), 'ext2.img');
  writeFileSync(image, '');
  truncateSync(image, megabytes * 1024 * 1024);
  const files = tree === undefined ? [] : ['-d', tree];
  execFileSync('mke2fs', ['-q', '-F', ...options, ...files, image], { stdio: ['ignore', 'ignore', 'pipe'] });
  return image;
}

/** What e2fsck would mend: the empty string if it is content, without having changed anything. */
export function complaintsOfE2fsck(image: string): string {
  const { status, stdout } = spawnSync('e2fsck', ['-fn', image], { encoding: 'utf8' });
  return status === 0 && !stdout.includes('?') ? '' : stdout;
}

/** The output of one debugfs command. */
export function debugfs(image: string, command: string, isWriting = false): string {
  const options = isWriting ? ['-w'] : [];
  return execFileSync('debugfs', [...options, '-R', command, image], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
