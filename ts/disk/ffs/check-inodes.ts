// SPDX-License-Identifier: BSD-2-Clause
// check-inodes.ts: phase 1: every inode's fields, and its blocks: each in a file's place, and in one file only.
import type { CheckState } from './check-state.js';
import type { FindingCode } from './finding.js';
import { hasBlocks, linksOf, modeOf, sizeOf, type BlockVisitor, type InodeWords } from './inode.js';
import {
  directCount,
  directoryChunk,
  fileTypes,
  indirectCount,
  inodeWordCount,
  inodeWords,
  modeType,
  rootInode,
  sectorBytes,
} from './layout.js';

/** Checks all inodes, and fills the state's arrays. */
export function checkInodes(state: CheckState): void {
  markMetadata(state);
  const words = state.makeInodeBuffer();
  const checker = new InodeChecker(state);
  forEachInode(state, words, (inode, base) => checker.check(inode, words, base));
  if (state.duplicates.size > 0) reportOwners(state, words);
}

/** Reads group after group; inodes before the root are not used. */
export function forEachInode(
  state: CheckState,
  words: InodeWords,
  visit: (inode: number, base: number, group: number) => void,
): void {
  const { ncg, ipg } = state.superblock;
  for (let group = 0; group < ncg; group++) {
    state.readInodes(group, words);
    for (let index = group === 0 ? rootInode : 0; index < ipg; index++)
      visit(group * ipg + index, index * inodeWordCount, group);
  }
}

function markMetadata({ geometry, superblock, owned }: CheckState): void {
  for (let group = 0; group < superblock.ncg; group++) {
    const { from, to } = geometry.metadata(group);
    owned.mark(from, to - from);
  }
}

/** Checks one inode after the other, with one visitor for all. */
class InodeChecker implements BlockVisitor {
  readonly #state: CheckState;
  #inode = 0;
  #fragments = 0;
  #fragmentsPastEnd = 0;
  #blocksInside = 0;

  constructor(state: CheckState) {
    this.#state = state;
  }

  check(inode: number, words: InodeWords, base: number): void {
    const mode = modeOf(words, base);
    this.#inode = inode;
    if ((mode & modeType) === 0) this.#checkFree(mode, words, base);
    else if (!knownTypes.has(mode & modeType))
      this.#add('FFS_MODE_UNKNOWN', undefined, `0${mode.toString(8)}`);
    else this.#checkUsed(mode, words, base);
  }

  data(start: number, fragments: number, logicalBlock: number, isPastEnd: boolean): void {
    if (isPastEnd && logicalBlock < directCount) {
      // How many of its fragments belong to it nobody knows.
      this.#add('FFS_BLOCK_PAST_END', start);
      return;
    }
    if (!this.#claim(start, fragments)) return;
    if (isPastEnd) {
      this.#fragmentsPastEnd += fragments;
      this.#add('FFS_INDIRECT_PAST_END', start);
    } else {
      this.#blocksInside++;
      this.#fragments += fragments;
    }
  }

  indirect(start: number, isPastEnd: boolean): boolean {
    const { frag } = this.#state.superblock;
    if (isPastEnd) this.#add('FFS_INDIRECT_PAST_END', start);
    const before = this.#state.duplicates.size;
    if (!this.#claim(start, frag)) return false;
    if (isPastEnd) this.#fragmentsPastEnd += frag;
    else this.#fragments += frag;
    return this.#state.duplicates.size === before;
  }

  #add(code: FindingCode, fragment?: number, got?: number | string, expected?: number | string): void {
    const where = { inode: this.#inode, ...(fragment === undefined ? {} : { fragment }) };
    this.#state.findings.add(code, where, expected, got);
  }

  #checkFree(mode: number, words: InodeWords, base: number): void {
    let isPartly = mode !== 0 || sizeOf(words, base) !== 0;
    const last = inodeWords.direct + directCount + indirectCount;
    for (let word = inodeWords.direct; word < last; word++) isPartly ||= words[base + word] !== 0;
    if (isPartly) this.#add('FFS_INODE_PARTLY_ALLOCATED');
  }

  #checkUsed(mode: number, words: InodeWords, base: number): void {
    const state = this.#state;
    const type = mode & modeType;
    const size = sizeOf(words, base);
    state.types[this.#inode] = type >> 12;
    state.links[this.#inode] = linksOf(words, base);
    if (type === fileTypes.directory) {
      state.directories.set(this.#inode, words.slice(base, base + inodeWordCount));
      const group = Math.floor(this.#inode / state.superblock.ipg);
      state.groupDirectories[group] = (state.groupDirectories[group] ?? 0) + 1;
    }
    this.#fragments = this.#fragmentsPastEnd = this.#blocksInside = 0;
    if (!this.#isSizePossible(type, size)) {
      this.#add('FFS_SIZE_IMPOSSIBLE', undefined, size);
    } else if (hasBlocks(mode, size)) {
      state.walker.walk(words, base, size, this);
      this.#checkHoles(type, size);
    } else this.#checkNoBlocks(type, words, base);
    this.#checkBlockCount(words[base + inodeWords.blocks] ?? 0);
  }

  #isSizePossible(type: number, size: number): boolean {
    const { maxfilesize, bsize } = this.#state.superblock;
    if (size < 0 || size > Number(maxfilesize)) return false;
    if (type === fileTypes.directory) return size % directoryChunk === 0 && size < 2 ** 31;
    return type !== fileTypes.link || size <= bsize;
  }

  #checkHoles(type: number, size: number): void {
    const expected = Math.ceil(size / this.#state.superblock.bsize);
    if (type === fileTypes.directory && this.#blocksInside < expected)
      this.#add('FFS_DIRECTORY_HOLE', undefined, this.#blocksInside, expected);
  }

  /** Links keep their target where pointers would be, devices their number in the first one. */
  #checkNoBlocks(type: number, words: InodeWords, base: number): void {
    if (type === fileTypes.link) return;
    const isDevice = type === fileTypes.character || type === fileTypes.block;
    const last = inodeWords.direct + directCount + indirectCount;
    for (let word = inodeWords.direct + (isDevice ? 1 : 0); word < last; word++)
      if (words[base + word] !== 0) {
        this.#add('FFS_STRAY_POINTER', words[base + word]);
        return;
      }
  }

  #checkBlockCount(got: number): void {
    const sectors = this.#state.superblock.fsize / sectorBytes;
    const least = this.#fragments * sectors;
    const most = least + this.#fragmentsPastEnd * sectors;
    if (got < least) this.#add('FFS_BLOCK_COUNT_LOW', undefined, got, least);
    else if (got > most) this.#add('FFS_BLOCK_COUNT_HIGH', undefined, got, most);
  }

  /** Takes fragments for the inode; false if they cannot be its. */
  #claim(start: number, count: number): boolean {
    const fault = this.#state.placeFault(start, count);
    if (fault !== undefined) {
      this.#add(fault, start);
      return false;
    }
    const { owned, duplicates } = this.#state;
    if (owned.mark(start, count) > 0)
      for (let each = start; each < start + count; each++) duplicates.add(each);
    return true;
  }
}

const knownTypes: ReadonlySet<number> = new Set(Object.values(fileTypes));

/** A second walk names every inode that has a fragment which was claimed twice. */
function reportOwners(state: CheckState, words: InodeWords): void {
  let owner = 0;
  const visited = new Set<number>();
  const claim = (start: number, count: number): void => {
    for (let each = start; each < start + count; each++)
      if (state.duplicates.has(each)) {
        state.findings.add('FFS_BLOCK_DUPLICATE', { inode: owner, fragment: each });
        return;
      }
  };
  const visitor: BlockVisitor = {
    data: (start, fragments) => claim(start, fragments),
    indirect: (start) => {
      claim(start, state.superblock.frag);
      if (visited.has(start) || state.placeFault(start, state.superblock.frag) !== undefined) return false;
      visited.add(start);
      return true;
    },
  };
  forEachInode(state, words, (inode, base) => {
    const size = sizeOf(words, base);
    if (state.types[inode] === 0 || !hasBlocks(modeOf(words, base), size)) return;
    owner = inode;
    state.walker.walk(words, base, size, visitor);
  });
}
