// SPDX-License-Identifier: BSD-2-Clause
// composition.ts: finds the shared object of a set of components, and has it built first if it is not there or is
// older than what it is made of.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NativeError } from '../errors.js';
import { cacheRoot, packageRoot, packageVersion } from '../paths.js';
import { runBuilder } from './builder-process.js';

/** An entry of the builder's index, which ts/linker/composition-index.ts describes. */
interface IndexEntry {
  sharedObject: string;
  builtAtMs: number;
  inputs: string[];
}

/** The path of the shared object that holds these components and what they need. */
export async function findComposition(components: readonly string[]): Promise<string> {
  return (await lookUp(components)) ?? (await build(components));
}

async function lookUp(components: readonly string[]): Promise<string | undefined> {
  try {
    const entry = JSON.parse(await readFile(indexPath(components), 'utf8')) as IndexEntry;
    await stat(entry.sharedObject);
    const times = await Promise.all(entry.inputs.map(async (input) => (await stat(input)).mtimeMs));
    return times.some((time) => time > entry.builtAtMs) ? undefined : entry.sharedObject;
  } catch {
    return undefined;
  }
}

function indexPath(components: readonly string[]): string {
  const text = `${packageVersion}\n${packageRoot}\nposix\n${[...new Set(components)].sort().join('\n')}`;
  const key = createHash('sha256').update(text).digest('hex');
  return join(cacheRoot(), 'compositions', 'index', `${key}.json`);
}

async function build(components: readonly string[]): Promise<string> {
  const answer = await runBuilder(
    ['build', '--host', 'posix', ...components],
    `a kernel with ${components.join(', ')}`,
  );
  const path = answer['sharedObject'];
  if (typeof path === 'string') return path;
  throw new NativeError('RUMP_NATIVE_BUILD_FAILED', 'the builder named no shared object', {
    details: { components, answer },
  });
}
