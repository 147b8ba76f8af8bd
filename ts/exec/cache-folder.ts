// SPDX-License-Identifier: BSD-2-Clause
// cache-folder.ts: whether the per-user cache can be used, asked before anything is put there.
import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RumpError } from '../errors.js';
import { cacheRoot } from '../paths.js';

/** Makes the cache folder; throws RUMP_CACHE_UNUSABLE if it cannot be written. */
export function requireCache(cache: string = cacheRoot()): void {
  const folder = resolve(cache);
  try {
    makeFolders(folder);
    if (!statSync(folder).isDirectory()) throw new Error('it is no folder');
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Runs work that writes to the cache; a full disk becomes RUMP_CACHE_UNUSABLE. */
export async function withCache<T>(cache: string | undefined, work: () => Promise<T>): Promise<T> {
  requireCache(cache);
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw code === 'ENOSPC' || code === 'EDQUOT' ? unusable(resolve(cache ?? cacheRoot()), error) : error;
  }
}

/** One by one, because Node's recursive mkdir tries for ever in /proc and the like. */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function unusable(folder: string, cause: unknown): RumpError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new RumpError('RUMP_CACHE_UNUSABLE', `the cache ${folder} cannot be used: ${reason}`, {
    remedy: 'Point RUMPKIT_CACHE at a folder that can be written, on a disk with room.',
    details: { folder },
    cause,
  });
}
