// SPDX-License-Identifier: BSD-2-Clause
// fixtures.ts: the small components that builder and linker are tested with.
import { dirname, join } from 'node:path';
import type { Host } from '../../ts/component/manifest-schema.js';
import { loadRegistry, type Registry } from '../../ts/component/registry.js';
import { resolveGraph, type ComponentGraph } from '../../ts/component/resolve.js';
import { planBuild, type BuildPlan } from '../../ts/builder/build-plan.js';
import { executeBuild } from '../../ts/builder/execute-build.js';

/** The folder test/fixtures. */
export const fixtures = join(dirname(import.meta.dirname), 'fixtures');

/** The unpacked sources of the toy driver. */
export const toySource = join(fixtures, 'toysource');

/** The registry of toy components. */
export function toyRegistry(): Registry {
  return loadRegistry([join(fixtures, 'components')]);
}

/** Builds toy components for a host, in a cache of the test's own. */
export async function buildToys(
  names: readonly string[],
  cache: string,
  host: Host = 'posix',
): Promise<{ graph: ComponentGraph; plan: BuildPlan }> {
  const graph = resolveGraph(toyRegistry(), names, host);
  const plan = planBuild(graph, { host, cache, sources: new Map([['fs/toy', toySource]]) });
  await executeBuild(plan);
  return { graph, plan };
}
