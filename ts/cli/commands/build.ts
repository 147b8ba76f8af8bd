// SPDX-License-Identifier: BSD-2-Clause
// build.ts: rumpkit build: components for a host, or the addon. boot() runs it for what is not built yet.
import { defineCommand } from 'citty';
import { buildAddon } from '../../builder/build-addon.js';
import type { Host } from '../../component/manifest-schema.js';
import { hostsOf } from '../../component/manifest.js';
import { formatCommand } from '../../exec/command-plan.js';
import { imageHosts } from '../../image/bake.js';
import { composeKernel, posixHost } from '../../linker/compose.js';
import {
  planComponents,
  prepareComponents,
  registryFor,
  type PrepareOptions,
} from '../../linker/prepare-components.js';
import { parsePairs, positionals, refuseUnknownOptions, repeatedOption, usage } from '../options.js';
import { print, printJson } from '../output.js';
import { withProgress } from '../render/progress.js';
import { componentArgs, outputArgs } from '../shared-args.js';

const args = {
  ...outputArgs,
  ...componentArgs,
  host: { type: 'string', default: 'posix', valueHint: 'posix|baremetal', description: 'What to build for' },
  addon: { type: 'boolean', description: 'Build the Node-API addon into the cache' },
  sanitize: { type: 'boolean', description: 'With address and undefined-behaviour sanitizers (posix)' },
} as const;

export default defineCommand({
  meta: { name: 'build', description: 'Build components (default: all) for a host, or the addon' },
  args,
  async run({ rawArgs, args: options }) {
    refuseUnknownOptions(rawArgs, args);
    if (options.addon === true) await runAddonBuild(options.json === true);
    else await runComponentBuild(prepareOptions(rawArgs, options), options);
  },
});

async function runAddonBuild(json: boolean): Promise<void> {
  const addon = await withProgress('Building the Node-API addon', (report) => buildAddon(report));
  if (json) printJson({ addon });
  else print(addon);
}

async function runComponentBuild(
  prepare: PrepareOptions,
  options: { json?: boolean | undefined; 'dry-run'?: boolean | undefined },
): Promise<void> {
  if (options['dry-run'] === true) {
    await printPlan(prepare, options.json === true);
    return;
  }
  const result = await withProgress(`Building ${prepare.components.join(', ')}`, async (report) =>
    prepare.host === 'posix'
      ? await composeKernel({ ...prepare, ...report })
      : await buildArchives({ ...prepare, ...report }),
  );
  if (options.json === true) printJson(result);
  else print('sharedObject' in result ? result.sharedObject : result.folder);
}

async function buildArchives(
  prepare: PrepareOptions,
): Promise<{ folder: string; components: readonly string[] }> {
  const { build, units } = await prepareComponents(prepare);
  return { folder: build.folder, components: units.map(({ component }) => component) };
}

async function printPlan(prepare: PrepareOptions, json: boolean): Promise<void> {
  const host = prepare.host === 'posix' ? [posixHost] : [];
  const { build } = await planComponents({ ...prepare, components: [...prepare.components, ...host] });
  if (json) printJson(build);
  else print([build.configure, build.build].map(formatCommand).join('\n'));
}

function prepareOptions(
  rawArgs: string[],
  options: { host: string; sanitize?: boolean | undefined },
): PrepareOptions {
  const host = parseHost(options.host);
  const componentFolders = repeatedOption(rawArgs, 'component-folder');
  const named = positionals(rawArgs, args);
  return {
    components: named.length > 0 ? named : allComponents(componentFolders, host),
    host,
    componentFolders,
    sources: parsePairs(repeatedOption(rawArgs, 'source'), 'source'),
    sanitize: options.sanitize === true,
  };
}

function allComponents(componentFolders: readonly string[], host: Host): string[] {
  const hosts = host === 'posix' ? [posixHost] : imageHosts;
  return [...registryFor({ componentFolders }).values()]
    .filter(({ manifest }) => hostsOf(manifest).includes(host))
    .filter(({ manifest }) => manifest.faction !== 'host' || hosts.includes(manifest.name))
    .map(({ manifest }) => manifest.name);
}

function parseHost(text: string): Host {
  if (text === 'posix' || text === 'baremetal') return text;
  throw usage(`there is no host ${text}`, 'Use --host posix or --host baremetal.');
}
