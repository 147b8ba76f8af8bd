// SPDX-License-Identifier: BSD-2-Clause
// fetch-graph-sources.ts: the sources of all components of a graph that have foreign ones.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from '../component/manifest.js';
import { ManifestError } from '../errors.js';
import { fetchSource, type FetchSourceOptions } from '../sources/fetch-source.js';

/** Unpacked folders by component name. */
export async function fetchGraphSources(
  components: readonly Component[],
  options: FetchSourceOptions = {},
): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  for (const component of components) {
    if (component.manifest.source === undefined) continue;
    const folder = await fetchSource(component.manifest.source, options);
    checkSourceFiles(component, folder);
    folders.set(component.manifest.name, folder);
  }
  return folders;
}

function checkSourceFiles({ manifest }: Component, folder: string): void {
  const named = [...(manifest.sourceFiles ?? []), ...(manifest.sourceIncludes ?? [])];
  const missing = named.find((path) => !existsSync(join(folder, path)));
  if (missing === undefined) return;
  throw new ManifestError(
    'RUMP_MANIFEST_FILE_MISSING',
    `${manifest.name}: the sources in ${folder} have no ${missing}`,
    {
      remedy: 'Correct the path in the manifest, or give the right sources with --source.',
      details: { component: manifest.name, folder, missing },
    },
  );
}
