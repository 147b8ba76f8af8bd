// SPDX-License-Identifier: BSD-2-Clause
// subjects.ts: the file systems that are compared with the model.
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { makeMemoryFolder } from '../helpers/scratch.js';
import type { FileSystem } from './driver.js';
import { linuxRules, type Rules } from './rules.js';

/** A file system of which one folder is used. */
export interface Subject {
  fs: FileSystem;
  /** An existing folder; runs have folders of their own in it. */
  base: string;
  rules: Rules;
  /** Unmounts and mounts again; there is none where nothing is kept. */
  remount?: () => Promise<void>;
  /** Gives up what it uses. */
  end(): Promise<void>;
}

/** Makes a new, empty one. */
export interface SubjectKind {
  name: string;
  /** So many calls are enough where a program looks at an image now and then; 100,000 unless told. */
  calls?: number;
  make(): Promise<Subject>;
}

/** The host's own: if this one disagrees, the model is wrong. */
export const hostKind: SubjectKind = {
  name: 'node:fs on a folder of the host',
  make: () => {
    const base = makeMemoryFolder('model');
    const probe = join(base, 'probe');
    nodeFs.mkdirSync(probe, 0o777);
    const { mode, nlink } = nodeFs.statSync(probe);
    nodeFs.rmdirSync(probe);
    return Promise.resolve({
      fs: nodeFs,
      base,
      rules: { ...linuxRules, umask: ~mode & 0o777, folderLinks: nlink === 2 },
      end: () => {
        nodeFs.rmSync(base, { recursive: true, force: true });
        return Promise.resolve();
      },
    });
  },
};
