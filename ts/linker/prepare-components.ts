// SPDX-License-Identifier: BSD-2-Clause
// prepare-components.ts: from names to built and checked archives: resolve, fetch, build, check.
import { planBuild, type BuildPlan } from '../builder/build-plan.js';
import { executeBuild } from '../builder/execute-build.js';
import type { Host } from '../component/manifest-schema.js';
import { loadRegistry, packageComponentFolders, type Registry } from '../component/registry.js';
import { withCache } from '../exec/cache-folder.js';
import { resolveGraph, type ComponentGraph } from '../component/resolve.js';
import { fetchGraphSources } from '../builder/fetch-graph-sources.js';
import type { SourceOverrides } from '../sources/overrides.js';
import { readUnits, type ReadUnits } from './read-units.js';

/** Which components, for which host, and how. */
export interface PrepareOptions {
  components: readonly string[];
  host: Host;
  /** Folders with components of the user's own, beside the package's. */
  componentFolders?: readonly string[];
  sources?: SourceOverrides;
  sanitize?: boolean;
  cache?: string;
  /** Told which step begins, and every line that a step prints. */
  onStep?: (step: string) => void;
  onLine?: (line: string) => void;
}

/** Everything that a link needs. */
export interface PreparedComponents extends ReadUnits {
  graph: ComponentGraph;
  build: BuildPlan;
}

/** The registry that the options describe. */
export function registryFor(options: Pick<PrepareOptions, 'componentFolders'>): Registry {
  return loadRegistry([...packageComponentFolders, ...(options.componentFolders ?? [])]);
}

/** The build plan; fetches sources, since their place is part of it. */
export async function planComponents(
  options: PrepareOptions,
): Promise<{ registry: Registry; graph: ComponentGraph; build: BuildPlan }> {
  const registry = registryFor(options);
  const graph = resolveGraph(registry, options.components, options.host);
  options.onStep?.('driver sources');
  const sources = await withCache(options.cache, () =>
    fetchGraphSources(graph.components, {
      ...(options.sources === undefined ? {} : { overrides: options.sources }),
      ...(options.cache === undefined ? {} : { cache: options.cache }),
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    }),
  );
  const build = planBuild(graph, {
    host: options.host,
    sources,
    ...(options.sanitize === undefined ? {} : { sanitize: options.sanitize }),
    ...(options.cache === undefined ? {} : { cache: options.cache }),
  });
  return { registry, graph, build };
}

/** Resolves, fetches, builds and checks. */
export async function prepareComponents(options: PrepareOptions): Promise<PreparedComponents> {
  const { registry, graph, build } = await planComponents(options);
  options.onStep?.('components');
  await withCache(options.cache, () =>
    executeBuild(build, options.onLine === undefined ? {} : { onLine: options.onLine }),
  );
  return { graph, build, ...readUnits(graph, build, registry) };
}
