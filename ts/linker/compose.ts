// SPDX-License-Identifier: BSD-2-Clause
// compose.ts: the shared object of a set of components, for Node, kept in the cache by its contents.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheRoot, packageVersion } from '../paths.js';
import { writeCompositionIndex, type Composition } from './composition-index.js';
import { executeLink } from './execute-link.js';
import { prepareComponents, type PreparedComponents, type PrepareOptions } from './prepare-components.js';
import { planSharedObject } from './shared-object-plan.js';

/** The component that every kernel in a process stands on. */
export const posixHost = 'glue/posix';

/** Builds and links a composition, or finds it in the cache. */
export async function composeKernel(options: Omit<PrepareOptions, 'host'>): Promise<Composition> {
  const startedAtMs = Date.now();
  const names = [...new Set([...options.components, posixHost])];
  const prepared = await prepareComponents({ ...options, components: names, host: 'posix' });
  const cache = options.cache ?? cacheRoot();
  const key = await contentKey(prepared, options.sanitize === true);
  const folder = join(cache, 'compositions', key);
  if (!existsSync(join(folder, 'kernel.so'))) {
    options.onStep?.('shared object');
    await linkInto(folder, prepared, options.sanitize === true);
  }
  const composition = {
    sharedObject: join(folder, 'kernel.so'),
    key,
    components: prepared.graph.components.map(({ manifest }) => manifest.name),
  };
  if (options.sanitize !== true)
    await writeCompositionIndex(cache, options.components, composition, prepared, startedAtMs);
  return composition;
}

async function contentKey({ units }: PreparedComponents, sanitize: boolean): Promise<string> {
  const hash = createHash('sha256').update(`${packageVersion} ${sanitize ? 'sanitize' : 'plain'}\n`);
  for (const { component, archive } of units) hash.update(`${component}\n`).update(await readFile(archive));
  return hash.digest('hex').slice(0, 32);
}

/** Links in a folder of its own and renames it into place; whoever comes second finds it done. */
async function linkInto(folder: string, prepared: PreparedComponents, sanitize: boolean): Promise<void> {
  await mkdir(join(folder, '..'), { recursive: true });
  const temporary = await mkdtemp(`${folder}.linking-`);
  try {
    const { units, linkSets } = prepared;
    const plan = planSharedObject({ units, linkSets, folder: temporary, sanitize });
    await executeLink(plan);
    await writeFile(join(temporary, 'kernel.json'), await describeComposition(prepared, plan.output));
    await rename(temporary, folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function describeComposition({ graph }: PreparedComponents, sharedObject: string): Promise<string> {
  const sha256 = createHash('sha256')
    .update(await readFile(sharedObject))
    .digest('hex');
  const components = graph.components.map(({ manifest }) => ({
    name: manifest.name,
    licence: manifest.licence.spdx,
    ...(manifest.source === undefined ? {} : { source: manifest.source }),
  }));
  return `${JSON.stringify({ rumpkit: packageVersion, sha256, components }, null, 2)}\n`;
}
