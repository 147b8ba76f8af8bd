// SPDX-License-Identifier: BSD-2-Clause
// overrides.ts: a local tarball or folder instead of a source package, from a flag, the configuration or the
// environment, in this order.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { SourceError } from '../errors.js';

/** Paths by source package name. */
export type SourceOverrides = Readonly<Record<string, string>>;

/** What stands in for a package. */
export interface SourceOverride {
  kind: 'folder' | 'tarball';
  path: string;
}

/** The override for a package, if there is one; throws RUMP_SOURCE_OVERRIDE_MISSING if it leads nowhere. */
export function findOverride(
  sourcePackage: string,
  overrides: SourceOverrides = {},
  environment: NodeJS.ProcessEnv = process.env,
): SourceOverride | undefined {
  const variable = overrideVariable(sourcePackage);
  const path = overrides[sourcePackage] ?? environment[variable];
  if (path === undefined || path === '') return undefined;
  const absolute = resolve(path);
  const status = statSync(absolute, { throwIfNoEntry: false });
  if (status === undefined) {
    throw new SourceError(
      'RUMP_SOURCE_OVERRIDE_MISSING',
      `${absolute}, given for ${sourcePackage}, does not exist`,
      {
        remedy: `Give an existing tarball or folder, or drop --source ${sourcePackage} (and ${variable}).`,
        details: { package: sourcePackage, path: absolute },
      },
    );
  }
  return { kind: status.isDirectory() ? 'folder' : 'tarball', path: absolute };
}

/** The environment variable that overrides a package. */
export function overrideVariable(sourcePackage: string): string {
  return `RUMPKIT_SOURCE_${sourcePackage.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}
