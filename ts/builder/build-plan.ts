// SPDX-License-Identifier: BSD-2-Clause
// build-plan.ts: what has to be compiled, with what, and where it ends up: plain data.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Host } from '../component/manifest-schema.js';
import type { ComponentGraph } from '../component/resolve.js';
import type { CommandPlan } from '../exec/command-plan.js';
import { findProgram } from '../exec/find-program.js';
import { cacheRoot, packageRoot, packageVersion } from '../paths.js';

/** What a build can be told beside its components. */
export interface BuildOptions {
  host: Host;
  /** Unpacked sources by component name, for the components that have foreign ones. */
  sources?: ReadonlyMap<string, string>;
  /** Address and undefined-behaviour sanitizers; posix only. */
  sanitize?: boolean;
  cache?: string;
}

/** One component's part of a build. */
export interface BuildUnit {
  component: string;
  folder: string;
  sources: string | undefined;
  archive: string;
}

/** A build as data. */
export interface BuildPlan {
  host: Host;
  folder: string;
  units: readonly BuildUnit[];
  /** Hash of everything that the configure step depends on. */
  configureKey: string;
  configure: CommandPlan;
  build: CommandPlan;
}

/** Plans the build of all components of a graph. */
export function planBuild(graph: ComponentGraph, options: BuildOptions): BuildPlan {
  const cache = options.cache ?? cacheRoot();
  const sanitize = options.sanitize === true && options.host === 'posix';
  const folder = join(cache, 'build', buildKey(graph, options.host, sanitize));
  const units = graph.components.map(({ manifest, folder: componentFolder }) => ({
    component: manifest.name,
    folder: componentFolder,
    sources: options.sources?.get(manifest.name),
    archive: join(folder, 'lib', `lib${componentId(manifest.name)}.a`),
  }));
  const definitions = [
    `RUMPKIT_HOST=${options.host}`,
    `RUMPKIT_COMPONENTS=${units.map((unit) => unit.folder).join(';')}`,
    `RUMPKIT_SANITIZE=${sanitize ? 'ON' : 'OFF'}`,
    ...units.flatMap(({ component, sources }) =>
      sources === undefined ? [] : [`RUMPKIT_SOURCES_${componentId(component)}=${sources}`],
    ),
  ];
  return {
    host: options.host,
    folder,
    units,
    configureKey: sha256([packageRoot, findProgram('ninja') ?? 'make', ...definitions]),
    configure: cmakeJs(
      'configure',
      folder,
      definitions.map((definition) => `--CD${definition}`),
    ),
    build: cmakeJs('build', folder, [`--parallel=${availableParallelism()}`]),
  };
}

/** A component's name as a word for file names and CMake variables. */
export function componentId(name: string): string {
  return name.replaceAll(/[/-]/g, '_');
}

/**
 * One build folder per package, host and flags, whatever is built in it: kernels share the objects of components
 * that they have in common. Folders of a user's own components count, since their names may be taken elsewhere.
 */
function buildKey(graph: ComponentGraph, host: Host, sanitize: boolean): string {
  const foreign = graph.components
    .map(({ folder }) => folder)
    .filter((folder) => !folder.startsWith(`${packageRoot}/`));
  const hash = sha256([packageRoot, packageVersion, ...foreign.sort()]).slice(0, 12);
  return [host, ...(sanitize ? ['sanitize'] : []), hash].join('-');
}

function cmakeJs(command: 'configure' | 'build', folder: string, options: readonly string[]): CommandPlan {
  const require = createRequire(import.meta.url);
  const program = join(dirname(require.resolve('cmake-js/package.json')), 'bin', 'cmake-js');
  return {
    command: process.execPath,
    args: [program, command, '--log-level=error', '--directory', packageRoot, '--out', folder, ...options],
  };
}

function sha256(words: readonly string[]): string {
  return createHash('sha256').update(words.join('\n')).digest('hex');
}
