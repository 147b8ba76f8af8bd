// SPDX-License-Identifier: BSD-2-Clause
// subjects.ts: what the parity suite runs on: node:fs on a folder, kernel.fs on an image of the same folder.
import * as nodeFs from 'node:fs';
import type { Kernel, KernelFs } from '../../ts/kernel/index.js';
import { bootForTests } from '../helpers/kernel.js';
import { makeIso, type IsoKind } from '../helpers/iso.js';

/** A file system and the path of the tree in it. */
export interface Subject {
  fs: KernelFs;
  root: string;
}

/** node:fs on the folder. */
export function nodeSubject(tree: string): Subject {
  return { fs: nodeFs, root: tree };
}

/** kernel.fs on an image of the folder, and its kernel, which the caller shuts down. */
export async function kernelSubject(
  tree: string,
  kind: IsoKind,
): Promise<{ subject: Subject; kernel: Kernel }> {
  const kernel = await bootForTests();
  await kernel.mount({ type: 'cd9660', image: makeIso(tree, kind), at: '/mnt', readOnly: true });
  return { subject: { fs: kernel.fs, root: '/mnt' }, kernel };
}
