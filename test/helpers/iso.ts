// SPDX-License-Identifier: BSD-2-Clause
// iso.ts: ISO 9660 images of folders, made by the programs that everybody makes them with.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { makeScratchFolder } from './scratch.js';

/** Which names an image has. */
export type IsoKind = 'rock-ridge' | 'plain' | 'joliet' | 'rock-ridge-and-joliet';

const commands: Readonly<Record<IsoKind, readonly string[]>> = {
  'rock-ridge': ['xorriso', '-as', 'mkisofs', '-quiet', '-R', '-iso-level', '3'],
  plain: ['genisoimage', '-quiet', '-iso-level', '2'],
  joliet: ['genisoimage', '-quiet', '-J', '-joliet-long', '-input-charset', 'utf-8'],
  'rock-ridge-and-joliet': ['xorriso', '-as', 'mkisofs', '-quiet', '-R', '-J', '-joliet-long'],
};

/** Makes an image of a folder and gives its path; with a fixed date, so that the same tree makes the same image. */
export function makeIso(tree: string, kind: IsoKind): string {
  const image = join(makeScratchFolder('iso'), `${kind}.iso`);
  const [command = '', ...args] = commands[kind];
  execFileSync(command, [...args, '-o', image, tree], {
    env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return image;
}
