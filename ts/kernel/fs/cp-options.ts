// SPDX-License-Identifier: BSD-2-Clause
// cp-options.ts: checks of the options of cp.
import * as nodeFs from 'node:fs';
import { throwAsNode } from './arguments.js';
import { isCopyMode } from './attribute-arguments.js';

/** Options of cp, with what is left out filled in. */
export interface CopyOptions {
  dereference: boolean;
  errorOnExist: boolean;
  filter: ((from: string, to: string) => unknown) | undefined;
  force: boolean;
  mode: number;
  preserveTimestamps: boolean;
  recursive: boolean;
  verbatimSymlinks: boolean;
}

const defaults = {
  dereference: false,
  errorOnExist: false,
  force: true,
  preserveTimestamps: false,
  recursive: false,
  verbatimSymlinks: false,
};

/** Checks them. */
export function checkCopyOptions(options: unknown): CopyOptions {
  if (options !== undefined && (typeof options !== 'object' || options === null || Array.isArray(options)))
    return refuse(options);
  const given = {
    ...defaults,
    filter: undefined as CopyOptions['filter'],
    mode: undefined as number | undefined,
    ...options,
  };
  const flags = Object.keys(defaults) as (keyof typeof defaults)[];
  const isGood =
    flags.every((name) => typeof given[name] === 'boolean') &&
    isCopyMode(given.mode) &&
    !(given.dereference && given.verbatimSymlinks) &&
    (given.filter === undefined || typeof given.filter === 'function');
  if (!isGood) return refuse(options);
  return { ...given, mode: given.mode ?? 0 };
}

/** A source that is never there. */
function refuse(options: unknown): never {
  return throwAsNode(() => {
    nodeFs.cpSync('', '', options as nodeFs.CopySyncOptions);
  });
}
