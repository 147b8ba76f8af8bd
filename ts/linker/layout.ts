// SPDX-License-Identifier: BSD-2-Clause
// layout.ts: what the first pass tells: the functions of the image, and what each component costs.
import { readElf, type ElfFile, type ElfSymbol } from '../component/elf.js';
import { displayName } from '../component/symbols.js';
import { parseLinkMap, type MapPiece } from './link-map.js';
import type { LinkUnit } from './link-plan.js';
import { kernelBase, type TableSymbol } from './symbol-table.js';

/** Bytes of a component in an image, by kind. */
export interface ComponentSize {
  component: string;
  text: number;
  rodata: number;
  data: number;
  bss: number;
}

/** A symbol and what it occupies. */
export interface SizedSymbol {
  name: string;
  component: string;
  section: string;
  size: number;
}

/** The layout of an image. */
export interface ImageLayout {
  sizes: readonly ComponentSize[];
  functions: readonly TableSymbol[];
  largest: readonly SizedSymbol[];
}

const largestCount = 20;
/** Names in tables for what belongs to no component. */
const payload = 'program';
const padding = 'padding';

/** Reads the layout from the first pass's output and map. */
export function readLayout(elfBytes: Buffer, mapText: string, units: readonly LinkUnit[]): ImageLayout {
  const file = readElf(elfBytes, 'first pass');
  const owners = new Map(units.map(({ component, archive }) => [archive, component]));
  const pieces = parseLinkMap(mapText).filter(({ section }) => kindOf(section) !== undefined);
  const symbols = ownedSymbols(file, pieces, owners);
  return {
    sizes: measure(pieces, owners),
    functions: symbols
      .filter(({ symbol }) => symbol.type === 'function')
      .map(({ symbol, component }) => ({
        offset: symbol.value,
        size: symbol.size,
        name: displayName(symbol.name),
        component,
      })),
    largest: symbols
      .map(({ symbol, component, section }) => ({
        name: displayName(symbol.name),
        component,
        section,
        size: symbol.size,
      }))
      .sort((a, b) => b.size - a.size)
      .slice(0, largestCount),
  };
}

/** Which column of the table an output section counts for. */
export function kindOf(section: string): Exclude<keyof ComponentSize, 'component'> | undefined {
  if (section.startsWith('.text') || section.startsWith('.boot')) return 'text';
  if (section.startsWith('.rodata') || section.startsWith('.rumpkit.') || section.startsWith('link_set_'))
    return 'rodata';
  if (section.startsWith('.data')) return 'data';
  if (section.startsWith('.bss')) return 'bss';
  return undefined;
}

function measure(pieces: readonly MapPiece[], owners: ReadonlyMap<string, string>): ComponentSize[] {
  const sizes = new Map<string, ComponentSize>();
  for (const { section, size, file } of pieces) {
    const kind = kindOf(section);
    if (kind === undefined) continue;
    const component = file === undefined ? padding : (owners.get(file) ?? payload);
    const entry = sizes.get(component) ?? { component, text: 0, rodata: 0, data: 0, bss: 0 };
    entry[kind] += size;
    sizes.set(component, entry);
  }
  return [...sizes.values()];
}

interface OwnedSymbol {
  symbol: ElfSymbol;
  component: string;
  section: string;
}

/** Symbols with a size, each with the component whose piece it lies in. Values become offsets from the base. */
function ownedSymbols(
  file: ElfFile,
  pieces: readonly MapPiece[],
  owners: ReadonlyMap<string, string>,
): OwnedSymbol[] {
  const sorted = pieces
    .filter(({ file: from }) => from !== undefined)
    .map((piece) => ({ piece, offset: Number(piece.address - kernelBase) }))
    .sort((a, b) => a.offset - b.offset);
  const seen = new Set<number>();
  return file.symbols.flatMap((symbol) => {
    const offset = offsetOf(symbol);
    if (offset === undefined || seen.has(offset)) return [];
    const found = findLast(sorted, offset);
    if (found === undefined || offset >= found.offset + found.piece.size) return [];
    seen.add(offset);
    const component = owners.get(found.piece.file ?? '') ?? payload;
    return [{ symbol: { ...symbol, value: offset }, component, section: found.piece.section }];
  });
}

function offsetOf({ size, type, section, address }: ElfSymbol): number | undefined {
  if (size === 0 || section === undefined || (type !== 'function' && type !== 'object')) return undefined;
  const offset = address - kernelBase;
  return offset >= 0n && offset <= 0xffffffffn ? Number(offset) : undefined;
}

function findLast<T extends { offset: number }>(sorted: readonly T[], offset: number): T | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.offset ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
