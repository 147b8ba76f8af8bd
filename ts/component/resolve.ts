// SPDX-License-Identifier: BSD-2-Clause
// resolve.ts: from the components asked for to all that the kernel needs, with the reasons.
import { GraphError } from '../errors.js';
import type { Host } from './manifest-schema.js';
import { hostsOf, type Component } from './manifest.js';
import { findComponent, type Registry } from './registry.js';

/** A closed set of components. */
export interface ComponentGraph {
  /** What was asked for. */
  roots: readonly string[];
  /** Everything needed; a component comes after what it requires. */
  components: readonly Component[];
  /** For each component, who requires it; empty for a root that nobody else requires. */
  requiredBy: ReadonlyMap<string, readonly string[]>;
}

/** Closes a set of names over `requires`. With a host, refuses components that cannot be built for it. */
export function resolveGraph(registry: Registry, names: readonly string[], host?: Host): ComponentGraph {
  const ordered = new Map<string, Component>();
  const requiredBy = new Map<string, string[]>();
  const visit = (name: string, chain: readonly string[]): void => {
    const parent = chain.at(-1);
    refuseCycle(name, chain);
    const component = findComponent(registry, name, parent);
    const reasons = requiredBy.get(name) ?? [];
    requiredBy.set(name, reasons);
    if (parent !== undefined && !reasons.includes(parent)) reasons.push(parent);
    if (ordered.has(name)) return;
    if (host !== undefined) refuseOtherHost(component, host);
    for (const required of component.manifest.requires) visit(required, [...chain, name]);
    ordered.set(name, component);
  };
  for (const name of names) visit(name, []);
  const components = [...ordered.values()];
  refuseMixedBases(components);
  return { roots: [...new Set(names)], components, requiredBy };
}

/** Every chain of names from a root to the component, shortest first: why it is in the kernel. */
export function explainWhy(graph: ComponentGraph, name: string): string[][] {
  const chains: string[][] = [];
  const climb = (chain: string[]): void => {
    const top = chain[0] ?? name;
    if (graph.roots.includes(top)) chains.push(chain);
    for (const parent of graph.requiredBy.get(top) ?? []) climb([parent, ...chain]);
  };
  if (graph.requiredBy.has(name)) climb([name]);
  return chains.sort((a, b) => a.length - b.length);
}

function refuseCycle(name: string, chain: readonly string[]): void {
  const start = chain.indexOf(name);
  if (start < 0) return;
  const cycle = [...chain.slice(start), name];
  throw new GraphError(
    'RUMP_GRAPH_CYCLE',
    `components require each other in a circle: ${cycle.join(' -> ')}`,
    {
      remedy: `Take one of these out of "requires": ${cycle.slice(0, -1).join(', ')}.`,
      details: { cycle },
    },
  );
}

function refuseOtherHost({ manifest }: Component, host: Host): void {
  const hosts = hostsOf(manifest);
  if (hosts.includes(host)) return;
  throw new GraphError(
    'RUMP_GRAPH_HOST_MISMATCH',
    `${manifest.name} cannot be built for ${host}, only for ${hosts.join(', ')}`,
    {
      remedy: `Leave ${manifest.name} out, or build for ${hosts.join(' or ')}.`,
      details: { component: manifest.name, host, hosts },
    },
  );
}

function refuseMixedBases(components: readonly Component[]): void {
  const bases = new Map<string, string>();
  for (const { manifest } of components) {
    if (manifest.base !== undefined && !bases.has(manifest.base)) bases.set(manifest.base, manifest.name);
  }
  if (bases.size < 2) return;
  const named = [...bases].map(([base, name]) => `${base} (${name})`).join(' and ');
  throw new GraphError('RUMP_GRAPH_MIXED_BASES', `one kernel cannot stand on two bases: ${named}`, {
    remedy: 'Choose components that require the same base.',
    details: { bases: Object.fromEntries(bases) },
  });
}
