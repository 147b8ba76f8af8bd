// SPDX-License-Identifier: BSD-2-Clause
// mbr.ts: the partition table of PCs: four entries, one of which may be an extended partition, a chain of further
// tables with one logical partition each. Logical ones count from 5.
import type { Storage } from '../storage.js';
import type { Partition } from './partition.js';

const sectorBytes = 512;
const entriesOffset = 446;
const entryBytes = 16;
const mostLogical = 1000;

/** Types that hold a chain of logical partitions. */
const extendedTypes: ReadonlySet<number> = new Set([0x05, 0x0f, 0x85]);
/** The type of the one entry that protects a GPT. */
export const protectiveType = 0xee;

interface Entry {
  flag: number;
  type: number;
  first: number;
  count: number;
}

/** The entries of an MBR, or undefined if there is none: the boot block of a file system ends with the same two bytes. */
export function readMbr(storage: Storage): Partition[] | undefined {
  const sectors = Math.floor(storage.size / sectorBytes);
  const entries = readEntries(storage, 0);
  if (entries === undefined || !entries.every((entry) => isPossible(entry, sectors))) return undefined;
  if (entries.every(({ type }) => type === 0)) return undefined;
  const primary = entries.flatMap((entry, index) =>
    entry.type === 0 || extendedTypes.has(entry.type) ? [] : [partition(index + 1, entry, 0)],
  );
  const extended = entries.find(({ type }) => extendedTypes.has(type));
  return extended === undefined ? primary : [...primary, ...readLogical(storage, extended.first, sectors)];
}

/** Whether the MBR only protects a GPT. */
export function isProtective(partitions: readonly Partition[]): boolean {
  return partitions.some(({ type }) => type === typeText(protectiveType));
}

function readEntries(storage: Storage, sector: number): Entry[] | undefined {
  const block = Buffer.alloc(sectorBytes);
  storage.read(sector * sectorBytes, block);
  if (block.readUInt16LE(510) !== 0xaa55) return undefined;
  return [0, 1, 2, 3].map((index) => {
    const at = entriesOffset + index * entryBytes;
    return {
      flag: block[at] ?? 0,
      type: block[at + 4] ?? 0,
      first: block.readUInt32LE(at + 8),
      count: block.readUInt32LE(at + 12),
    };
  });
}

function isPossible({ flag, type, first, count }: Entry, sectors: number): boolean {
  if (flag !== 0 && flag !== 0x80) return false;
  if (type === 0) return true;
  return first > 0 && count > 0 && (type === protectiveType || first < sectors);
}

/** Each link has a partition relative to itself, and the next link relative to the whole extended partition. */
function readLogical(storage: Storage, start: number, sectors: number): Partition[] {
  const found: Partition[] = [];
  const seen = new Set<number>();
  let link = start;
  while (!seen.has(link) && found.length < mostLogical && link < sectors) {
    seen.add(link);
    const [own, next] = readEntries(storage, link) ?? [];
    if (own === undefined) break;
    if (own.type !== 0 && own.count > 0) found.push(partition(5 + found.length, own, link));
    if (next === undefined || !extendedTypes.has(next.type)) break;
    link = start + next.first;
  }
  return found;
}

function partition(number: number, { type, first, count }: Entry, base: number): Partition {
  return {
    name: String(number),
    table: 'mbr',
    start: (base + first) * sectorBytes,
    size: count * sectorBytes,
    type: typeText(type),
  };
}

function typeText(type: number): string {
  return `0x${type.toString(16).padStart(2, '0')}`;
}
