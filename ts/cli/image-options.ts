// SPDX-License-Identifier: BSD-2-Clause
// image-options.ts: what to bake, from a configuration file and flags, the flags winning.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BakeOptions } from '../image/bake.js';
import type { MountConfiguration } from '../image/boot-configuration.js';
import { loadUnikernelConfig, type UnikernelConfig } from '../image/unikernel-config.js';
import { parsePairs, repeatedOption, usage, wordsAfterSeparator } from './options.js';
import { componentArgs } from './shared-args.js';

/** The file that is looked for when neither a file nor flags are given. */
export const defaultConfig = 'unikernel.config.ts';

/** The flags that describe an image. */
export const imageArgs = {
  ...componentArgs,
  config: { type: 'string', valueHint: 'FILE', description: `Configuration (default: ${defaultConfig})` },
  program: { type: 'string', valueHint: 'FILE', description: 'Static Linux executable to embed' },
  component: { type: 'string', valueHint: 'NAME', description: 'Component to link (may be repeated)' },
  mount: {
    type: 'string',
    valueHint: 'TYPE,DEVICE,PATH[,OPTION...]',
    description: 'File system to mount (may be repeated)',
  },
  arg: {
    type: 'string',
    valueHint: 'WORD',
    description: "Word of the program's arguments, argv[0] first (may be repeated)",
  },
  env: { type: 'string', valueHint: 'NAME=VALUE', description: 'Environment variable (may be repeated)' },
  cwd: { type: 'string', valueHint: 'PATH', description: "The program's working folder" },
  hostname: { type: 'string', valueHint: 'NAME', description: "The guest's name" },
  output: { type: 'string', alias: 'o', valueHint: 'FILE', description: 'The image to write' },
} as const;

/** An image to bake, and the configuration it came from. */
export interface ImageRequest {
  config: UnikernelConfig;
  bake: BakeOptions;
}

/** Reads configuration and flags. */
export async function readImageRequest(
  rawArgs: readonly string[],
  options: {
    config?: string | undefined;
    program?: string | undefined;
    cwd?: string | undefined;
    hostname?: string | undefined;
    output?: string | undefined;
  },
): Promise<ImageRequest> {
  const flagComponents = repeatedOption(rawArgs, 'component');
  const config = await readConfig(options.config, options.program !== undefined || flagComponents.length > 0);
  const flagArgs = [...repeatedOption(rawArgs, 'arg'), ...wordsAfterSeparator(rawArgs)];
  const mounts = repeatedOption(rawArgs, 'mount').map(parseMount);
  const program = options.program === undefined ? config.program : resolve(options.program);
  const cwd = options.cwd ?? config.cwd;
  const hostname = options.hostname ?? config.hostname;
  return {
    config,
    bake: {
      components: [...new Set([...config.components, ...flagComponents])],
      componentFolders: [...(config.componentFolders ?? []), ...repeatedOption(rawArgs, 'component-folder')],
      sources: { ...config.sources, ...parsePairs(repeatedOption(rawArgs, 'source'), 'source') },
      args: flagArgs.length > 0 ? flagArgs : (config.args ?? []),
      env: { ...config.env, ...parsePairs(repeatedOption(rawArgs, 'env'), 'env') },
      mounts: mounts.length > 0 ? mounts : (config.mounts ?? []),
      output: resolve(options.output ?? config.output ?? 'unikernel.img'),
      ...(config.network === undefined ? {} : { network: config.network }),
      ...(program === undefined ? {} : { program }),
      ...(cwd === undefined ? {} : { cwd }),
      ...(hostname === undefined ? {} : { hostname }),
      ...(config.verbose === undefined ? {} : { verbose: config.verbose }),
    },
  };
}

async function readConfig(path: string | undefined, hasFlags: boolean): Promise<UnikernelConfig> {
  if (path === undefined && hasFlags && !existsSync(defaultConfig)) return { components: [] };
  return await loadUnikernelConfig(path ?? defaultConfig);
}

/** TYPE,DEVICE,PATH and options: ro, nosoftdep, noatime, sync. A tmpfs has no device, and size=BYTES. */
export function parseMount(text: string): MountConfiguration {
  const [type, device, path, ...words] = text.split(',');
  const options = words.map((option) => mountOptions.get(option) ?? tmpfsSize(option));
  const isComplete = type !== undefined && device !== undefined && path?.startsWith('/') === true;
  if (!isComplete || options.includes(undefined)) {
    throw usage(
      `--mount ${text} is not TYPE,DEVICE,PATH[,OPTION...]`,
      `For example: --mount ffs,vda,/ or tmpfs,,/tmp. Options: ${[...mountOptions.keys()].join(', ')}, size=BYTES.`,
    );
  }
  return Object.assign(
    { type, path, readOnly: false },
    type === 'tmpfs' ? {} : { device },
    ...(options as Partial<MountConfiguration>[]),
  ) as MountConfiguration;
}

const mountOptions: ReadonlyMap<string, Partial<MountConfiguration>> = new Map([
  ['ro', { readOnly: true }],
  ['nosoftdep', { softUpdates: false }],
  ['noatime', { noAccessTimes: true }],
  ['sync', { synchronous: true }],
]);

function tmpfsSize(option: string): Partial<MountConfiguration> | undefined {
  const size = /^size=(\d+)$/.exec(option)?.[1];
  return size === undefined ? undefined : { size: Number(size) };
}
