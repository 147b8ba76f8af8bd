// SPDX-License-Identifier: BSD-2-Clause
// registry.ts: all components there are: those of the package and those in folders of the user's.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GraphError, ManifestError } from '../errors.js';
import { packageRoot } from '../paths.js';
import { readManifest, type Component } from './manifest.js';
import { suggestNames } from './suggest-names.js';

/** Components by name. */
export type Registry = ReadonlyMap<string, Component>;

/** The folders of this package that hold components. */
export const packageComponentFolders: readonly string[] = ['rump', 'glue'].map((name) =>
  join(packageRoot, name),
);

/** Reads every component.json below the folders. */
export function loadRegistry(folders: readonly string[] = packageComponentFolders): Registry {
  const registry = new Map<string, Component>();
  for (const path of folders.flatMap((folder) => findManifests(folder))) {
    const component = readManifest(path);
    const { name } = component.manifest;
    const other = registry.get(name);
    if (other !== undefined) {
      throw new ManifestError(
        'RUMP_MANIFEST_DUPLICATE',
        `${component.folder} and ${other.folder} both define ${name}`,
        {
          remedy: 'Rename one of the two components.',
          details: { name, folders: [other.folder, component.folder] },
        },
      );
    }
    registry.set(name, component);
  }
  return registry;
}

/** The component of that name; throws RUMP_GRAPH_UNKNOWN_COMPONENT with what may have been meant. */
export function findComponent(registry: Registry, name: string, requiredBy?: string): Component {
  const component = registry.get(name);
  if (component !== undefined) return component;
  const suggestions = suggestNames(name, [...registry.keys()]);
  const by = requiredBy === undefined ? '' : ` (required by ${requiredBy})`;
  throw new GraphError('RUMP_GRAPH_UNKNOWN_COMPONENT', `there is no component ${name}${by}`, {
    remedy:
      suggestions.length > 0
        ? `Did you mean ${suggestions.join(' or ')}?`
        : 'List what there is with: rumpkit components',
    details: { name, requiredBy, suggestions },
  });
}

function findManifests(folder: string): string[] {
  if (!existsSync(folder)) {
    throw new ManifestError('RUMP_MANIFEST_UNREADABLE', `component folder ${folder} does not exist`, {
      remedy: 'Give an existing folder.',
      details: { path: folder },
    });
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'component.json')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
