// SPDX-License-Identifier: BSD-2-Clause
// components-page.ts: docs/components.md, from the manifests.
import { graphToMermaid } from '../../ts/component/graph-text.js';
import { hostsOf, type Component } from '../../ts/component/manifest.js';
import { loadRegistry } from '../../ts/component/registry.js';
import { resolveGraph } from '../../ts/component/resolve.js';
import { markdownTable } from './markdown.js';

const introduction = `# Components

<!-- Made by \`npm run docs\` from the manifests below rump/ and glue/. -->
`;

/** The page. */
export function componentsPage(): string {
  const registry = loadRegistry();
  const graph = resolveGraph(registry, [...registry.keys()]);
  const table = markdownTable(
    ['component', 'faction', 'hosts', 'requires', 'licence', 'sources', 'what it is'],
    [...registry.values()].sort(byName).map(row),
  );
  return `${introduction}\n${table}\n\`\`\`mermaid\n${graphToMermaid(graph)}\`\`\`\n`;
}

function row({ manifest }: Component): string[] {
  return [
    `\`${manifest.name}\``,
    manifest.faction,
    hostsOf(manifest).join(', '),
    manifest.requires.map((name) => `\`${name}\``).join(', '),
    manifest.licence.spdx,
    manifest.source === undefined ? 'own' : `${manifest.source.package} ${manifest.source.version}`,
    manifest.summary,
  ];
}

function byName(a: Component, b: Component): number {
  return a.manifest.name.localeCompare(b.manifest.name);
}
