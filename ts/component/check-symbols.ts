// SPDX-License-Identifier: BSD-2-Clause
// check-symbols.ts: the second half of resolution: every undefined symbol of a kernel component is defined by the
// component, by something that it requires, or at the lower edge. Glue is left to the linker, which knows its host.
import { GraphError } from '../errors.js';
import type { ComponentGraph } from './resolve.js';
import { isAmbientSymbol } from './rumpuser-names.js';
import { displayName, type ArchiveSymbols } from './symbols.js';

/** A symbol that a component uses and has no right to. */
export interface SymbolMiss {
  symbol: string;
  component: string;
  /** Components that define it, be they in the kernel or not. */
  definedBy: readonly string[];
}

/** Symbols by component: all of the graph's, and others that may be named as providers. */
export type SymbolTable = ReadonlyMap<string, ArchiveSymbols>;

/** Lists every miss of every kernel component of the graph. */
export function findSymbolMisses(graph: ComponentGraph, symbols: SymbolTable): SymbolMiss[] {
  const providers = indexProviders(symbols);
  return graph.components
    .filter(({ manifest }) => manifest.faction !== 'host')
    .flatMap(({ manifest }) => {
      const allowed = closureOf(graph, manifest.name);
      const wanted = [...(symbols.get(manifest.name)?.undefined ?? [])].filter(
        (name) => !isAmbientSymbol(name),
      );
      return wanted
        .map((symbol) => ({ symbol, component: manifest.name, definedBy: providers.get(symbol) ?? [] }))
        .filter(({ symbol, definedBy }) => !isProvided(graph, symbol, definedBy, allowed));
    });
}

/** Throws RUMP_GRAPH_UNDEFINED_SYMBOL or RUMP_GRAPH_DUPLICATE_SYMBOL if the components do not fit. */
export function checkSymbols(graph: ComponentGraph, symbols: SymbolTable): void {
  const misses = findSymbolMisses(graph, symbols);
  if (misses.length > 0) throw undefinedSymbol(misses);
  refuseDuplicates(graph, symbols);
}

/** A hypercall of a component's own (rumpcomp_) may also come from the host's glue. */
function isProvided(
  graph: ComponentGraph,
  symbol: string,
  definedBy: readonly string[],
  allowed: ReadonlySet<string>,
): boolean {
  if (definedBy.some((name) => allowed.has(name))) return true;
  if (!symbol.startsWith('rumpcomp_')) return false;
  const hosts = graph.components.filter(({ manifest }) => manifest.faction === 'host');
  return hosts.some(({ manifest }) => definedBy.includes(manifest.name));
}

function indexProviders(symbols: SymbolTable): Map<string, string[]> {
  const providers = new Map<string, string[]>();
  for (const [component, { defined, weak }] of symbols) {
    for (const symbol of [...defined, ...weak]) {
      providers.set(symbol, [...(providers.get(symbol) ?? []), component]);
    }
  }
  return providers;
}

function closureOf(graph: ComponentGraph, name: string): Set<string> {
  const requires = new Map(graph.components.map(({ manifest }) => [manifest.name, manifest.requires]));
  const closure = new Set<string>();
  const visit = (each: string): void => {
    if (closure.has(each)) return;
    closure.add(each);
    requires.get(each)?.forEach(visit);
  };
  visit(name);
  return closure;
}

function undefinedSymbol(misses: readonly SymbolMiss[]): GraphError {
  const lines = misses.slice(0, 20).map(({ symbol, component, definedBy }) => {
    const where = definedBy.length > 0 ? `${definedBy.join(', ')} has it` : 'no component has it';
    return `${component} needs ${displayName(symbol)}: ${where}`;
  });
  const more = misses.length > 20 ? [`and ${misses.length - 20} more`] : [];
  const provider = misses[0]?.definedBy[0];
  return new GraphError('RUMP_GRAPH_UNDEFINED_SYMBOL', [...lines, ...more].join('\n'), {
    remedy:
      provider === undefined
        ? 'Add a component that defines it, or take out the code that uses it.'
        : `Add "${provider}" to "requires" of ${misses[0]?.component ?? ''}.`,
    details: { misses },
  });
}

function refuseDuplicates(graph: ComponentGraph, symbols: SymbolTable): void {
  const owners = new Map<string, string>();
  for (const { manifest } of graph.components) {
    for (const symbol of symbols.get(manifest.name)?.defined ?? []) {
      const owner = owners.get(symbol);
      if (owner === undefined) owners.set(symbol, manifest.name);
      else throw duplicateSymbol(symbol, owner, manifest.name);
    }
  }
}

function duplicateSymbol(symbol: string, first: string, second: string): GraphError {
  return new GraphError(
    'RUMP_GRAPH_DUPLICATE_SYMBOL',
    `${first} and ${second} both define ${displayName(symbol)}`,
    {
      remedy: 'Make one of the two static, or leave one component out.',
      details: { symbol: displayName(symbol), components: [first, second] },
    },
  );
}
