// SPDX-License-Identifier: BSD-2-Clause
// unikernel-config.ts: unikernel.config.ts: its type, its checks, and how it is loaded.
import { existsSync } from 'node:fs';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { ManifestError } from '../errors.js';

const mountSchema = v.pipe(
  v.strictObject({
    type: v.pipe(v.string(), v.minLength(1)),
    device: v.optional(v.pipe(v.string(), v.regex(/^vd[a-z]$/, 'expected vda, vdb, ...'))),
    path: v.pipe(v.string(), v.regex(/^\//, 'expected an absolute path')),
    readOnly: v.optional(v.boolean()),
    softUpdates: v.optional(v.boolean()),
    noAccessTimes: v.optional(v.boolean()),
    synchronous: v.optional(v.boolean()),
    size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  }),
  v.check(
    ({ type, device }) => (type === 'tmpfs') !== (device !== undefined),
    'a tmpfs has no device, others need one',
  ),
  v.check(({ type, softUpdates }) => type === 'ffs' || softUpdates === undefined, 'only ffs has softUpdates'),
  v.check(({ type, size }) => type === 'tmpfs' || size === undefined, 'only tmpfs takes a size'),
);

const networkSchema = v.pipe(
  v.strictObject({
    dhcp: v.optional(v.boolean()),
    addresses: v.optional(
      v.array(
        v.pipe(v.string(), v.check(isAddressWithPrefix, 'expected ADDRESS/PREFIX, such as 10.0.0.2/24')),
      ),
    ),
    gateway: v.optional(v.pipe(v.string(), v.check(isIPv4, 'expected an IPv4 address'))),
    dns: v.optional(
      v.array(
        v.pipe(
          v.string(),
          v.check((text) => isIP(text) !== 0, 'expected an address'),
        ),
      ),
    ),
    ifPresent: v.optional(v.boolean()),
    off: v.optional(v.boolean()),
  }),
  v.check(
    ({ dhcp, addresses, off }) => dhcp === true || off === true || addresses !== undefined,
    'expected dhcp: true, addresses: [...] or off: true',
  ),
);

const configSchema = v.strictObject({
  components: v.array(v.string()),
  program: v.optional(v.string()),
  args: v.optional(v.array(v.string())),
  env: v.optional(v.record(v.string(), v.string())),
  mounts: v.optional(v.array(mountSchema)),
  network: v.optional(v.array(networkSchema)),
  cwd: v.optional(v.string()),
  hostname: v.optional(v.string()),
  verbose: v.optional(v.boolean()),
  output: v.optional(v.string()),
  sources: v.optional(v.record(v.string(), v.string())),
  componentFolders: v.optional(v.array(v.string())),
  run: v.optional(
    v.strictObject({
      machine: v.optional(v.picklist(['microvm', 'q35', 'pc'])),
      memory: v.optional(v.string()),
      disks: v.optional(v.array(v.string())),
      networks: v.optional(v.array(v.string())),
    }),
  ),
});

function isAddressWithPrefix(text: string): boolean {
  const [, address = '', prefix = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  return isIPv4(address) ? Number(prefix) <= 32 : isIPv6(address) && prefix === '64';
}

/** What an image is made from; paths are relative to the configuration file. */
export type UnikernelConfig = v.InferInput<typeof configSchema>;

/**
 * Types a configuration; gives it back unchanged.
 *
 * @example
 * export default defineUnikernel({ components: ['fs/cd9660'], program: './cat', args: ['cat', '/mnt/README'],
 *   mounts: [{ type: 'cd9660', device: 'vda', path: '/mnt', readOnly: true }] });
 */
export function defineUnikernel(config: UnikernelConfig): UnikernelConfig {
  return config;
}

/** Loads a configuration file; all paths in the result are absolute. */
export async function loadUnikernelConfig(path: string): Promise<UnikernelConfig> {
  const absolute = resolve(path);
  if (!existsSync(absolute)) {
    throw new ManifestError('RUMP_CONFIG_MISSING', `there is no ${absolute}`, {
      remedy: 'Create it, name another one, or give --program and --component instead.',
      details: { path: absolute },
    });
  }
  const config = checkUnikernelConfig(await importDefault(absolute), absolute);
  return withAbsolutePaths(config, dirname(absolute));
}

/** Checks a configuration; path is only for the message. */
export function checkUnikernelConfig(contents: unknown, path: string): UnikernelConfig {
  const result = v.safeParse(configSchema, contents);
  if (result.success) return result.output;
  const issues = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'configuration'}: ${issue.message}`);
  throw new ManifestError(
    'RUMP_CONFIG_INVALID',
    `${path} is not a unikernel configuration\n  ${issues.join('\n  ')}`,
    {
      remedy: 'Wrap it in defineUnikernel(), and the editor shows what fits where.',
      details: { path, issues },
    },
  );
}

async function importDefault(path: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  // The package's own name leads here, wherever the file lies and whether or not a package is installed beside it.
  const virtualModules = { rumpkit: { defineUnikernel } };
  const jiti = createJiti(import.meta.url, { virtualModules, moduleCache: false });
  try {
    return await jiti.import(path, { default: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ManifestError('RUMP_CONFIG_INVALID', `${path} cannot be loaded: ${reason}`, {
      remedy: 'Mend the error in the file.',
      details: { path },
      cause: error,
    });
  }
}

function withAbsolutePaths(config: UnikernelConfig, folder: string): UnikernelConfig {
  const absolute = (path: string): string => resolve(folder, path);
  return {
    ...config,
    ...(config.program === undefined ? {} : { program: absolute(config.program) }),
    ...(config.output === undefined ? {} : { output: absolute(config.output) }),
    ...(config.componentFolders === undefined
      ? {}
      : { componentFolders: config.componentFolders.map(absolute) }),
    ...(config.sources === undefined
      ? {}
      : {
          sources: Object.fromEntries(
            Object.entries(config.sources).map(([name, path]) => [name, absolute(path)]),
          ),
        }),
    ...(config.run?.disks === undefined
      ? {}
      : { run: { ...config.run, disks: config.run.disks.map(absolute) } }),
  };
}
