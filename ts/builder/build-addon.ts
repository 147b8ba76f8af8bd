// SPDX-License-Identifier: BSD-2-Clause
// build-addon.ts: builds the Node-API addon for packages whose install script never ran.
//
// In a package that is read-only, the folder <cache>/addon/<version>-<hash of the package root> gets links to the package's sources, so that
// node-gyp's own build folder is made there.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BuildError, RumpError } from '../errors.js';
import type { CommandPlan } from '../exec/command-plan.js';
import { findProgram } from '../exec/find-program.js';
import { withFolderLock } from '../exec/folder-lock.js';
import { runCommand } from '../exec/run-command.js';
import { addonFolder, packageRoot } from '../paths.js';
import { compilerErrors } from './compiler-output.js';
import type { ExecuteBuildOptions } from './execute-build.js';

/** Builds the addon, in the package if that can be written, else in the cache; gives the path of the .node file. */
export async function buildAddon(options: ExecuteBuildOptions & { cache?: string } = {}): Promise<string> {
  const folder = isWritable(packageRoot) ? packageRoot : addonFolder(options.cache);
  const result = join(folder, 'build', 'Release', 'rumpkit.node');
  const startedAtMs = Date.now();
  await mkdir(addonFolder(options.cache), { recursive: true });
  await withFolderLock(addonFolder(options.cache), async () => {
    if (isYoungerThan(result, startedAtMs)) return;
    if (folder !== packageRoot) await linkSources(folder);
    await buildAddonIn(folder, options);
  });
  return result;
}

/** True if somebody else has built it while this process waited. */
function isYoungerThan(path: string, timeMs: number): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= timeMs;
}

/** The command that builds an addon in a folder. */
export function planAddonBuild(folder: string, nodeGyp: string = findNodeGyp()): CommandPlan {
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node_api.h'));
  return {
    command: process.execPath,
    args: [nodeGyp, 'rebuild', ...(hasHeaders ? [`--nodedir=${prefix}`] : [])],
    cwd: folder,
  };
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function linkSources(folder: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const modules = dirname(dirname(require.resolve('node-addon-api/package.json')));
  const links = {
    ...Object.fromEntries(
      ['package.json', 'binding.gyp', 'glue', 'rump'].map((name) => [name, join(packageRoot, name)]),
    ),
    node_modules: modules,
  };
  for (const [name, target] of Object.entries(links)) {
    await rm(join(folder, name), { force: true });
    await symlink(target, join(folder, name));
  }
}

/** Runs node-gyp in a folder that has a binding.gyp. */
export async function buildAddonIn(folder: string, options: ExecuteBuildOptions = {}): Promise<void> {
  requireTools();
  try {
    await runCommand(planAddonBuild(folder), options);
  } catch (error) {
    if (!(error instanceof RumpError)) throw error;
    const output = `${String(error.details['stdout'])}\n${String(error.details['stderr'])}`;
    throw new BuildError(
      'RUMP_BUILD_ADDON_FAILED',
      `the addon could not be built\n${compilerErrors(output).join('\n')}`,
      {
        remedy: 'Install what it needs: apt-get install build-essential python3',
        details: { folder, output },
        cause: error,
      },
    );
  }
}

/** Looks for the tools first, because node-gyp's own complaint is a page long and names the last of its attempts. */
function requireTools(): void {
  const [noCompiler, noMake, noPython] = [['c++', 'g++', 'clang++'], ['make'], ['python3']].map((names) =>
    names.every((name) => findProgram(name) === undefined),
  );
  const missing = [
    ...(noCompiler === true ? ['C++ compiler'] : []),
    ...(noMake === true ? ['make'] : []),
    ...(noPython === true ? ['python3'] : []),
  ];
  if (missing.length === 0) return;
  throw new BuildError(
    noCompiler === true ? 'RUMP_BUILD_NO_COMPILER' : 'RUMP_BUILD_ADDON_FAILED',
    `the addon cannot be built: PATH has no ${missing.join(', no ')}`,
    { remedy: 'Install what it needs: apt-get install build-essential python3', details: { missing } },
  );
}

/** npm brings node-gyp along. */
function findNodeGyp(): string {
  const prefix = dirname(dirname(process.execPath));
  const candidates = [
    process.env['npm_config_node_gyp'],
    join(prefix, 'lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js'),
    '/usr/share/nodejs/node-gyp/bin/node-gyp.js',
    '/usr/share/nodejs/npm/node_modules/node-gyp/bin/node-gyp.js',
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found !== undefined) return found;
  throw new BuildError('RUMP_BUILD_ADDON_FAILED', 'there is no node-gyp (npm brings it along)', {
    remedy: 'Install npm, or run in the package: npx node-gyp rebuild',
  });
}
