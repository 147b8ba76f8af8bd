// SPDX-License-Identifier: BSD-2-Clause
// inode.ts: an inode's numbers, and the walk over its blocks.
import { directCount, fileTypes, indirectCount, inodeWords, maxShortLink, modeType } from './layout.js';
import type { Superblock } from './superblock.js';

/** Words of inodes, 32 each. */
export type InodeWords = Int32Array;

export function modeOf(words: InodeWords, base: number): number {
  return (words[base + inodeWords.modeLinks] ?? 0) & 0xffff;
}

export function linksOf(words: InodeWords, base: number): number {
  return (words[base + inodeWords.modeLinks] ?? 0) >> 16;
}

/** The size; more than 2^53 comes out inexact, and is refused anyway. */
export function sizeOf(words: InodeWords, base: number): number {
  return (words[base + inodeWords.sizeHigh] ?? 0) * 2 ** 32 + ((words[base + inodeWords.sizeLow] ?? 0) >>> 0);
}

/** Whether a file of this mode and size has blocks at all: devices and short links use the pointers for something else. */
export function hasBlocks(mode: number, size: number): boolean {
  const type = mode & modeType;
  if (type === fileTypes.link) return size >= maxShortLink;
  return type === fileTypes.regular || type === fileTypes.directory;
}

/** What is told of each block of a file. Addresses are in fragments. */
export interface BlockVisitor {
  data(start: number, fragments: number, logicalBlock: number, isPastEnd: boolean): void;
  /** Whether to look into this indirect block. */
  indirect(start: number, isPastEnd: boolean): boolean;
}

/** Walks over the blocks of a file, holes left out. */
export class BlockWalker {
  readonly #superblock: Superblock;
  readonly #readPointers: (start: number, target: Int32Array) => void;
  /** One indirect block per level. */
  readonly #pointers: readonly Int32Array[];

  constructor(superblock: Superblock, readPointers: (start: number, target: Int32Array) => void) {
    this.#superblock = superblock;
    this.#readPointers = readPointers;
    this.#pointers = Array.from({ length: indirectCount }, () => new Int32Array(superblock.nindir));
  }

  walk(words: InodeWords, base: number, size: number, visitor: BlockVisitor): void {
    const { bsize, fsize, frag, nindir } = this.#superblock;
    const blockCount = Math.ceil(size / bsize);
    for (let index = 0; index < directCount; index++) {
      const start = words[base + inodeWords.direct + index] ?? 0;
      if (start === 0) continue;
      const isLast = index === blockCount - 1 && size % bsize !== 0;
      visitor.data(start, isLast ? Math.ceil((size % bsize) / fsize) : frag, index, index >= blockCount);
    }
    let first = directCount;
    for (let level = 0; level < indirectCount; level++) {
      const start = words[base + inodeWords.indirect + level] ?? 0;
      if (start !== 0) this.#walkIndirect(start, level, first, blockCount, visitor);
      first += nindir ** (level + 1);
    }
  }

  #walkIndirect(
    start: number,
    level: number,
    first: number,
    blockCount: number,
    visitor: BlockVisitor,
  ): void {
    if (!visitor.indirect(start, first >= blockCount)) return;
    const { frag, nindir } = this.#superblock;
    const pointers = this.#pointers[level];
    if (pointers === undefined) return;
    this.#readPointers(start, pointers);
    const step = nindir ** level;
    for (let index = 0; index < nindir; index++) {
      const below = pointers[index] ?? 0;
      if (below === 0) continue;
      const block = first + index * step;
      if (level === 0) visitor.data(below, frag, block, block >= blockCount);
      else this.#walkIndirect(below, level - 1, block, blockCount, visitor);
    }
  }
}
