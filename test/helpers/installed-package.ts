// SPDX-License-Identifier: BSD-2-Clause
// installed-package.ts: the package as somebody else has it: packed, and installed into an empty folder outside of the
// checkout by an npm that runs no script of a dependency.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { loadRegistry, packageComponentFolders } from '../../ts/component/registry.js';
import { packageRoot } from '../../ts/paths.js';
import { fetchSource } from '../../ts/sources/fetch-source.js';
import { makeScratchFolder } from './scratch.js';

/** How a command ended. */
export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A project that has rumpkit among its dependencies. */
export interface Project {
  folder: string;
  /** Runs a command in it, with a PATH of one's own if given. */
  run: (command: string, args: readonly string[], path?: string) => Ended;
}

const commandTimeoutMs = 200_000;

/** Packs and installs; the cache is new, the driver's sources are those that are here already. */
export async function installPackage(): Promise<Project> {
  const folder = makeScratchFolder('project');
  const environment = userEnvironment({
    RUMPKIT_CACHE: makeScratchFolder('cache'),
    RUMPKIT_SOURCE_MAKEFS: await driverSources(),
  });
  const packed = makeScratchFolder('packed');
  const pack = ['pack', '--silent', '--pack-destination', packed];
  const tarball =
    succeed(execute('npm', pack, packageRoot, environment))
      .trim()
      .split('\n')
      .at(-1) ?? '';
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'project', private: true, type: 'module' }),
  );
  const install = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--silent'];
  succeed(execute('npm', [...install, join(packed, tarball)], folder, environment));
  return {
    folder,
    run: (command, args, path) =>
      execute(command, args, folder, path === undefined ? environment : { ...environment, PATH: path }),
  };
}

async function driverSources(): Promise<string> {
  const source = loadRegistry(packageComponentFolders).get('fs/cd9660')?.manifest.source;
  if (source === undefined) throw new Error('fs/cd9660 has no source package');
  return await fetchSource(source);
}

/** Without what a run of `npm test` in the checkout adds. */
function userEnvironment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const added =
    /^(npm_(package|lifecycle)_.*|npm_(command|execpath|config_local_prefix)|INIT_CWD|NODE_OPTIONS)$/;
  const kept = Object.entries(process.env).filter(([name]) => !added.test(name));
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(packageRoot));
  return { ...Object.fromEntries(kept), ...more, PATH: path.join(delimiter), NO_COLOR: '1' };
}

function execute(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Ended {
  const ended = spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: commandTimeoutMs });
  if (ended.error !== undefined) throw ended.error;
  return { status: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

function succeed({ status, stdout, stderr }: Ended): string {
  if (status !== 0) throw new Error(`a command ended with ${status ?? 'a signal'}: ${stdout}${stderr}`);
  return stdout;
}
