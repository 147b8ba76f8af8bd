// SPDX-License-Identifier: BSD-2-Clause
// subjects.ts: what the parity suite runs on: node:fs on a folder, kernel.fs on an image of the same folder.
import { execFileSync } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { boot, type Kernel, type KernelFs } from '../../ts/kernel/index.js';
import { makeExt2 } from '../helpers/ext2.js';
import { makeFfs } from '../helpers/ffs.js';
import { makeIso } from '../helpers/iso.js';
import { makeScratchFolder } from '../helpers/scratch.js';

/** A file system and the path of the tree in it. */
export interface Subject {
  fs: KernelFs;
  root: string;
}

/** node:fs on the folder. */
export function nodeSubject(tree: string): Subject {
  return { fs: nodeFs, root: tree };
}

/** An image of a folder that another program makes. */
export interface ImageKind {
  name: string;
  component: string;
  type: 'cd9660' | 'ffs' | 'ext2fs';
  make: (tree: string) => string;
  /** Where in the image the folder is, if not at its root. */
  place?: string;
}

/** Every kind that can say all that the tree has. */
export const imageKinds: readonly ImageKind[] = [
  {
    name: 'Rock Ridge',
    component: 'fs/cd9660',
    type: 'cd9660',
    make: (tree) => makeIso(tree, 'rock-ridge'),
  },
  { name: 'FFS', component: 'fs/ffs', type: 'ffs', make: (tree) => makeFfs(tree, { size: '64m' }) },
  {
    name: 'ext4',
    component: 'fs/ext2',
    type: 'ext2fs',
    make: (tree) => makeExt2(['-t', 'ext4'], 64, inFolder(tree)),
    place: '/tree',
  },
];

/** A folder with a copy of the folder: mke2fs takes what is in a folder, not its own mode and times. */
function inFolder(tree: string): string {
  const outer = makeScratchFolder('outer');
  execFileSync('cp', ['-a', tree, join(outer, 'tree')]);
  return outer;
}

/** kernel.fs on an image of the folder, and its kernel, which the caller shuts down. */
export async function kernelSubject(
  tree: string,
  { component, type, make, place = '' }: ImageKind,
): Promise<{ subject: Subject; kernel: Kernel }> {
  const kernel = await boot({ components: [component] });
  await kernel.mount({ type, image: make(tree), at: '/mnt', readOnly: true });
  return { subject: { fs: kernel.fs, root: `/mnt${place}` }, kernel };
}
