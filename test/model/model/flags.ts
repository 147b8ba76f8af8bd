// SPDX-License-Identifier: BSD-2-Clause
// flags.ts: what an open's flags mean.
import { constants } from 'node:fs';
import type { Rules } from '../rules.js';
import type { ModelNode } from './tree.js';

/** Flags of open, taken apart. */
export interface OpenFlags {
  canRead: boolean;
  canWrite: boolean;
  creates: boolean;
  exclusive: boolean;
  truncates: boolean;
  appends: boolean;
  noFollow: boolean;
  folderOnly: boolean;
}

const { O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NOFOLLOW, O_DIRECTORY } = constants;

const letters: ReadonlyMap<string, number> = new Map([
  ['r', 0],
  ['r+', O_RDWR],
  ['w', O_WRONLY | O_CREAT | O_TRUNC],
  ['wx', O_WRONLY | O_CREAT | O_TRUNC | O_EXCL],
  ['w+', O_RDWR | O_CREAT | O_TRUNC],
  ['wx+', O_RDWR | O_CREAT | O_TRUNC | O_EXCL],
  ['a', O_WRONLY | O_CREAT | O_APPEND],
  ['ax', O_WRONLY | O_CREAT | O_APPEND | O_EXCL],
  ['a+', O_RDWR | O_CREAT | O_APPEND],
]);

/** Flags as fs.open takes them. */
export function parseFlags(given: string | number): OpenFlags {
  const flags = typeof given === 'number' ? given : letters.get(given);
  if (flags === undefined) throw new Error(`the model has no flags ${given}`);
  const has = (flag: number): boolean => (flags & flag) === flag;
  return {
    canRead: !has(O_WRONLY),
    canWrite: has(O_WRONLY) || has(O_RDWR),
    creates: has(O_CREAT),
    exclusive: has(O_EXCL),
    truncates: has(O_TRUNC),
    appends: has(O_APPEND),
    noFollow: has(O_NOFOLLOW),
    folderOnly: has(O_DIRECTORY),
  };
}

/** A new node's mode, as asked for, less the process's mask. */
export function creationMode(kind: ModelNode['kind'], mode: number, rules: Rules): number {
  return keptMode(kind, mode & 0o777 & ~rules.umask, rules);
}

/** What a file system keeps of a mode. */
export function keptMode(kind: ModelNode['kind'], mode: number, { modes, permissions }: Rules): number {
  if (modes === 'all') return mode;
  return kind === 'folder' || (mode & 0o200) !== 0 ? permissions : permissions & ~0o222;
}
