// SPDX-License-Identifier: BSD-2-Clause
// components.ts: rumpkit components: what there is, why it is needed, how it hangs together, under which licences.
import { defineCommand } from 'citty';
import { drawGraph, graphFormats } from '../../component/graph-text.js';
import { fetchGraphSources } from '../../builder/fetch-graph-sources.js';
import { hostsOf, type Component } from '../../component/manifest.js';
import { readNotices, type Notice } from '../../component/notices.js';
import { findComponent, type Registry } from '../../component/registry.js';
import { explainWhy, resolveGraph, type ComponentGraph } from '../../component/resolve.js';
import { registryFor } from '../../linker/prepare-components.js';
import { parsePairs, positionals, refuseUnknownOptions, repeatedOption, usage } from '../options.js';
import { print, printJson } from '../output.js';
import { renderTable } from '../render/table.js';
import { componentArgs, outputArgs } from '../shared-args.js';

const args = {
  ...outputArgs,
  'component-folder': componentArgs['component-folder'],
  why: {
    type: 'string',
    valueHint: 'NAME',
    description: 'Show the chains of requirements that lead to a component',
  },
  graph: { type: 'string', valueHint: graphFormats.join('|'), description: 'Draw the graph' },
  licenses: { type: 'boolean', description: 'List licences and sources, and print every notice' },
  source: componentArgs.source,
} as const;

export default defineCommand({
  meta: { name: 'components', description: 'List components; with names, only those and what they require' },
  args,
  async run({ rawArgs, args: options }) {
    refuseUnknownOptions(rawArgs, args);
    const registry = registryFor({ componentFolders: repeatedOption(rawArgs, 'component-folder') });
    const names = positionals(rawArgs, args);
    const graph = resolveGraph(registry, names.length > 0 ? names : [...registry.keys()]);
    if (options.why !== undefined) showWhy(registry, graph, names, options.why, options.json === true);
    else if (options.graph !== undefined) print(await drawGraph(graph, parseFormat(options.graph)));
    else if (options.licenses === true) await showLicences(graph.components, rawArgs, options.json === true);
    else if (options.json === true) printJson(graph.components.map(describe(graph)));
    else print(componentTable(graph.components));
  },
});

function showWhy(
  registry: Registry,
  all: ComponentGraph,
  names: string[],
  wanted: string,
  json: boolean,
): void {
  findComponent(registry, wanted);
  const roots = names.length > 0 ? names : rootsOf(all);
  const chains = explainWhy(resolveGraph(registry, roots), wanted).filter(
    (chain) => chain.length > 1 || roots.includes(wanted),
  );
  if (json) printJson({ component: wanted, chains });
  else if (chains.length === 0) print(`${wanted} is not needed by ${roots.join(', ')}`);
  else print(chains.map((chain) => chain.join(' -> ')).join('\n'));
}

/** Components that nothing else requires: what a user would ask for. */
function rootsOf(graph: ComponentGraph): string[] {
  return graph.components
    .map(({ manifest }) => manifest.name)
    .filter((name) => graph.requiredBy.get(name)?.length === 0);
}

function parseFormat(text: string): (typeof graphFormats)[number] {
  const format = graphFormats.find((each) => each === text);
  if (format === undefined)
    throw usage(`there is no graph format ${text}`, `Use one of: ${graphFormats.join(', ')}.`);
  return format;
}

function describe(graph: ComponentGraph): (component: Component) => unknown {
  return ({ manifest, folder }) => ({
    name: manifest.name,
    faction: manifest.faction,
    summary: manifest.summary,
    hosts: hostsOf(manifest),
    requires: manifest.requires,
    requiredBy: graph.requiredBy.get(manifest.name) ?? [],
    licence: manifest.licence,
    ...(manifest.source === undefined ? {} : { source: manifest.source }),
    folder,
  });
}

function componentTable(components: readonly Component[]): string {
  const rows = components.map(({ manifest }) => [
    manifest.name,
    manifest.faction,
    hostsOf(manifest).join(' '),
    manifest.requires.join(' '),
    manifest.summary,
  ]);
  return renderTable(['component', 'faction', 'hosts', 'requires', 'summary'], rows.sort(byFirst));
}

/** A table, and below it every notice word for word: that is why sources are fetched here. */
async function showLicences(
  components: readonly Component[],
  rawArgs: string[],
  json: boolean,
): Promise<void> {
  const overrides = parsePairs(repeatedOption(rawArgs, 'source'), 'source');
  const folders = await fetchGraphSources(components, { overrides });
  const notices = components.flatMap((each) => readNotices(each, folders.get(each.manifest.name)));
  if (json) {
    printJson(components.map(({ manifest: { name, licence } }) => licenceOf(name, licence.spdx, notices)));
    return;
  }
  print(licenceTable(components));
  for (const { component, files, text } of notices) print(`\n${component}: ${files.join(', ')}\n\n${text}`);
}

function licenceOf(name: string, spdx: string, notices: readonly Notice[]): object {
  return { name, spdx, notices: notices.filter(({ component }) => component === name) };
}

function licenceTable(components: readonly Component[]): string {
  const rows = components.map(({ manifest }) => [
    manifest.name,
    manifest.licence.spdx,
    manifest.source === undefined ? 'own files' : `${manifest.source.package} ${manifest.source.version}`,
    `${(manifest.licence.notices ?? []).length} files`,
  ]);
  return renderTable(['component', 'licence', 'sources', 'notices'], rows.sort(byFirst));
}

function byFirst(a: readonly string[], b: readonly string[]): number {
  return (a[0] ?? '').localeCompare(b[0] ?? '');
}
