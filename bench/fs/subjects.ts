// SPDX-License-Identifier: BSD-2-Clause
// subjects.ts: what is measured: node:fs, memfs and @zenfs/core here; kernel.fs in kernel-subjects.ts, the libraries
// for images of a format in image-peers.ts.
import * as nodeFs from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promiseFiles, syncFiles, type PromisesFs, type SyncFs } from './files.js';
import type { Subject } from './measure.js';

/** node:fs in a new folder of one of the host's. */
export function nodeSubject(name: string, parent: string): Subject {
  const root = mkdtempSync(join(parent, 'rumpkit-bench-'));
  return {
    name,
    root,
    sync: syncFiles(nodeFs),
    promises: promiseFiles(nodeFs),
    end: () => {
      rmSync(root, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** A library that keeps files in memory, with the whole of node:fs's shape. */
function memorySubject(name: string, fs: object): Subject {
  return {
    name,
    root: '/bench',
    sync: syncFiles(fs as SyncFs),
    promises: promiseFiles(fs as PromisesFs),
    end: () => Promise.resolve(),
  };
}

/** memfs. */
export async function memfsSubject(): Promise<Subject> {
  const { createFsFromVolume, Volume } = await import('memfs');
  const fs = createFsFromVolume(new Volume());
  fs.mkdirSync('/bench');
  return memorySubject('memfs', fs);
}

/** @zenfs/core with its memory backend. */
export async function zenfsSubject(): Promise<Subject> {
  const { fs } = await import('@zenfs/core');
  fs.mkdirSync('/bench');
  return { ...memorySubject('@zenfs/core', fs), files: 1000 };
}
