// SPDX-License-Identifier: BSD-2-Clause
// paths.ts: where the package lies, and where it keeps what it makes.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The folder of this package's package.json, found from ts/ and from dist/ alike. */
export const packageRoot: string = findPackageRoot(import.meta.dirname);

/** The version in package.json. */
export const packageVersion: string = readPackageVersion(packageRoot);

/** The per-user cache folder: RUMPKIT_CACHE, or rumpkit/ under XDG_CACHE_HOME or ~/.cache. */
export function cacheRoot(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment['RUMPKIT_CACHE']) return environment['RUMPKIT_CACHE'];
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rumpkit');
}

/** Where the addon is built for a package that is read-only. */
export function addonFolder(cache: string = cacheRoot()): string {
  const hash = createHash('sha256').update(packageRoot).digest('hex').slice(0, 12);
  return join(cache, 'addon', `${packageVersion}-${hash}`);
}

/** The addon, if it is built: in the package, or in the cache. */
export function findAddon(): string | undefined {
  return [packageRoot, addonFolder()]
    .map((folder) => join(folder, 'build', 'Release', 'rumpkit.node'))
    .find((path) => existsSync(path));
}

function findPackageRoot(start: string): string {
  let folder = start;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return start;
    folder = parent;
  }
  return folder;
}

function readPackageVersion(root: string): string {
  const contents: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = (contents as { version?: unknown }).version;
  return typeof version === 'string' ? version : '0.0.0';
}
