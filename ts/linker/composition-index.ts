// SPDX-License-Identifier: BSD-2-Clause
// composition-index.ts: lets boot() find a composition without resolving, building or starting anything.
//
// File: <cache>/compositions/index/<key>.json, where key is the SHA-256 (hexadecimal) of
//   "<package version>\n<package root>\nposix\n" + the names asked for, sorted and joined by "\n".
// Contents: { sharedObject, key, components, builtAtMs, inputs }. It is stale, and `rumpkit build` has to run
// again, if sharedObject is gone or any of inputs (files and folders) is gone or younger than builtAtMs.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../paths.js';
import type { PreparedComponents } from './prepare-components.js';

/** A linked composition. */
export interface Composition {
  /** Path of kernel.so. */
  sharedObject: string;
  key: string;
  /** Everything in it, in link order. */
  components: readonly string[];
}

/** The path of the index entry for a set of component names. */
export function compositionIndexPath(cache: string, names: readonly string[]): string {
  const text = `${packageVersion}\n${packageRoot}\nposix\n${[...new Set(names)].sort().join('\n')}`;
  return join(cache, 'compositions', 'index', `${createHash('sha256').update(text).digest('hex')}.json`);
}

/** Writes the entry; builtAtMs is when the build began, so that an edit during it is noticed. */
export async function writeCompositionIndex(
  cache: string,
  names: readonly string[],
  composition: Composition,
  prepared: PreparedComponents,
  builtAtMs: number,
): Promise<void> {
  const path = compositionIndexPath(cache, names);
  const inputs = listInputs(prepared);
  await mkdir(join(path, '..'), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, JSON.stringify({ ...composition, builtAtMs, inputs }));
  await rename(temporary, path);
}

/** What a kernel is made from, foreign sources apart: those are pinned by their checksum. */
function listInputs({ graph }: PreparedComponents): string[] {
  const shared = ['rump/include', 'glue/common', 'cmake'].map((name) => join(packageRoot, name));
  const folders = new Set([...graph.components.map(({ folder }) => folder), ...shared]);
  return [...folders].flatMap((folder) => [
    folder,
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ]);
}
