// SPDX-License-Identifier: BSD-2-Clause
// ffs.ts: FFS images of folders, made by the program that everybody makes them with.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { makeScratchFolder } from './scratch.js';

/** What an image is to have; sizes as makefs takes them. */
export interface FfsShape {
  size?: string;
  /** Bytes per inode. */
  density?: number;
  blockSize?: number;
  fragmentSize?: number;
}

/** Makes an image of a folder and gives its path. */
export function makeFfs(tree: string, shape: FfsShape = {}): string {
  const { size = '16m', density = 8192, blockSize = 8192, fragmentSize = 1024 } = shape;
  const image = join(makeScratchFolder('ffs'), 'ffs.img');
  const options = `version=1,density=${density},bsize=${blockSize},fsize=${fragmentSize}`;
  execFileSync('makefs', ['-t', 'ffs', '-B', 'le', '-o', options, '-s', size, image, tree], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return image;
}
