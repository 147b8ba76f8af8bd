// SPDX-License-Identifier: BSD-2-Clause
// read-units.ts: from built archives to what a link needs to know of them, symbols checked.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { componentId, type BuildPlan } from '../builder/build-plan.js';
import { checkSymbols } from '../component/check-symbols.js';
import type { Registry } from '../component/registry.js';
import type { ComponentGraph } from '../component/resolve.js';
import { readArchiveSymbols, type ArchiveSymbols } from '../component/symbols.js';
import type { LinkUnit } from './link-plan.js';

/** Units of a link, and the link sets that occur in them. */
export interface ReadUnits {
  units: readonly LinkUnit[];
  linkSets: ReadonlySet<string>;
  symbols: ReadonlyMap<string, ArchiveSymbols>;
}

/** Reads a graph's archives and refuses components that do not fit together. */
export function readUnits(graph: ComponentGraph, plan: BuildPlan, registry: Registry): ReadUnits {
  const symbols = new Map(
    plan.units.map(({ component, archive }) => [component, readArchiveSymbols(archive)]),
  );
  try {
    checkSymbols(graph, symbols);
  } catch (error) {
    // Only for the message: components that are built but not in this kernel may have the missing symbol.
    checkSymbols(graph, new Map([...symbols, ...readNeighbours(plan, registry, symbols)]));
    throw error;
  }
  const linkSets = new Set([...symbols.values()].flatMap((each) => [...each.linkSets]));
  return { units: plan.units.map(({ component, archive }) => ({ component, archive })), linkSets, symbols };
}

function readNeighbours(
  plan: BuildPlan,
  registry: Registry,
  known: ReadonlyMap<string, ArchiveSymbols>,
): [string, ArchiveSymbols][] {
  const folder = join(plan.folder, 'lib');
  const built = existsSync(folder) ? new Set(readdirSync(folder)) : new Set<string>();
  return [...registry.keys()]
    .filter((name) => !known.has(name) && built.has(`lib${componentId(name)}.a`))
    .map((name) => [name, readArchiveSymbols(join(folder, `lib${componentId(name)}.a`))]);
}
