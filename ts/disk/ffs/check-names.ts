// SPDX-License-Identifier: BSD-2-Clause
// check-names.ts: phases 2 to 4: the directories from the root on, what cannot be reached from there, link counts.
import type { CheckState } from './check-state.js';
import { readChunk, type DirectoryEntry } from './directory.js';
import type { FindingCode, FindingPlace } from './finding.js';
import { sizeOf } from './inode.js';
import { directoryChunk, fileTypes, rootInode } from './layout.js';

const directoryType = fileTypes.directory >> 12;
const dot = 0x2e;

/** Walks through all directories that can be reached; fills references and parents. */
export function checkNames(state: CheckState): void {
  if (state.types[rootInode] !== directoryType) {
    state.findings.add('FFS_ROOT_LOST', { inode: rootInode });
    return;
  }
  state.parents[rootInode] = rootInode;
  // The root has no entry of its own; its '..' stands for one.
  new TreeWalk(state, true).from(rootInode);
}

/** Inodes in use that no directory has, and circles of directories among them. */
export function checkConnections(state: CheckState): void {
  const lost: number[] = [];
  for (let inode = rootInode; inode < state.types.length; inode++) {
    if (state.types[inode] === 0 || state.references[inode] !== 0) continue;
    if (inode === rootInode) continue;
    state.findings.add('FFS_UNREFERENCED', { inode });
    if (state.types[inode] === directoryType) lost.push(inode);
  }
  if (lost.length > 0) checkLostCircles(state, lost);
}

/** Link counts of what can be reached. */
export function checkLinks({ types, links, references, findings }: CheckState): void {
  for (let inode = rootInode; inode < types.length; inode++) {
    const expected = references[inode] ?? 0;
    const got = links[inode] ?? 0;
    if (types[inode] === 0 || expected === 0 || expected === got) continue;
    findings.add(got > expected ? 'FFS_LINK_COUNT_HIGH' : 'FFS_LINK_COUNT_LOW', { inode }, expected, got);
  }
}

/** Reads the entries of a directory, block by block. */
export class DirectoryReader {
  readonly #state: CheckState;
  readonly #block: Buffer;

  constructor(state: CheckState) {
    this.#state = state;
    this.#block = Buffer.alloc(state.superblock.bsize);
  }

  /** Calls visit for each entry in use; offset is the entry's place in the directory. */
  read(
    directory: number,
    visit: (entry: DirectoryEntry, offset: number, block: Buffer) => void,
    onFault: (code: FindingCode, offset: number) => void,
  ): void {
    const state = this.#state;
    const words = state.directories.get(directory);
    if (words === undefined) return;
    const size = sizeOf(words, 0);
    if (size < 0 || size >= 2 ** 31) return;
    const seen = new Set<number>();
    state.walker.walk(words, 0, size, {
      data: (start, fragments, logicalBlock, isPastEnd) => {
        if (isPastEnd || state.placeFault(start, fragments) !== undefined) return;
        const offset = logicalBlock * state.superblock.bsize;
        const length = Math.min(state.superblock.bsize, size - offset);
        const block = this.#block.subarray(0, length - (length % directoryChunk));
        state.storage.read(state.geometry.bytesAt(start), block);
        for (let chunk = 0; chunk < block.length; chunk += directoryChunk)
          readChunk(
            block,
            chunk,
            (entry) => visit(entry, offset + entry.position, block),
            (fault, position) => onFault(fault, offset + position),
          );
      },
      indirect: (start, isPastEnd) => {
        if (isPastEnd || seen.has(start) || state.placeFault(start, state.superblock.frag) !== undefined)
          return false;
        seen.add(start);
        return true;
      },
    });
  }
}

/** A walk over a tree of directories. */
class TreeWalk {
  readonly #state: CheckState;
  readonly #reader: DirectoryReader;
  readonly #reports: boolean;
  readonly #queue: number[] = [];
  readonly #queued: Uint8Array;
  #directory = 0;
  #names = new Set<string>();
  /** Which of '.' (1) and '..' (2) were seen. */
  #dots = 0;

  constructor(state: CheckState, reports: boolean) {
    this.#state = state;
    this.#reports = reports;
    this.#reader = new DirectoryReader(state);
    this.#queued = new Uint8Array(state.types.length);
  }

  from(root: number): void {
    const dotDots: [directory: number, target: number][] = [];
    this.#queue.push(root);
    this.#queued[root] = 1;
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop())
      this.#walk(next, dotDots);
    for (const [directory, target] of dotDots) this.#checkDotDot(directory, target);
  }

  #walk(directory: number, dotDots: [number, number][]): void {
    this.#directory = directory;
    this.#names = new Set();
    this.#dots = 0;
    if (this.#isUnfinished(directory)) {
      this.#add('FFS_DIRECTORY_UNFINISHED', { inode: directory });
      return;
    }
    this.#reader.read(
      directory,
      (entry, offset, block) => {
        if (offset < 24 && isDots(block, entry)) this.#seeDots(entry, offset, dotDots);
        else this.#seeEntry(entry, offset, block);
      },
      (code, offset) => this.#add(code, { inode: directory, offset }),
    );
    if ((this.#dots & 1) === 0) this.#add('FFS_DOT', { inode: directory });
    if ((this.#dots & 2) === 0) this.#add('FFS_DOTDOT', { inode: directory });
  }

  /** The name and the inode of a new directory may reach the disk before its first block does. */
  #isUnfinished(directory: number): boolean {
    const words = this.#state.directories.get(directory);
    return directory !== rootInode && words !== undefined && sizeOf(words, 0) === 0;
  }

  #add(code: FindingCode, where: FindingPlace, expected?: number | string, got?: number | string): void {
    if (this.#reports) this.#state.findings.add(code, where, expected, got);
  }

  /** '.' has to be the first entry, '..' the second one. */
  #seeDots(entry: DirectoryEntry, offset: number, dotDots: [number, number][]): void {
    const directory = this.#directory;
    if (entry.nameLength === 1 && offset === 0) {
      this.#dots |= 1;
      if (entry.inode !== directory)
        this.#add('FFS_DOT', { inode: directory, offset }, directory, entry.inode);
    } else if (entry.nameLength === 2 && offset === 12 && this.#dots === 1) {
      this.#dots |= 2;
      dotDots.push([directory, entry.inode]);
    } else {
      this.#add('FFS_ENTRY_NAME', { inode: directory, offset });
      return;
    }
    if (entry.type !== directoryType)
      this.#add('FFS_ENTRY_TYPE', { inode: directory, offset }, directoryType, entry.type);
    this.#refer(entry.inode);
  }

  #seeEntry(entry: DirectoryEntry, offset: number, block: Buffer): void {
    const { types } = this.#state;
    const where = { inode: this.#directory, offset };
    if (isDots(block, entry)) {
      this.#add('FFS_ENTRY_NAME', where);
      return;
    }
    const name = block.toString('latin1', entry.nameStart, entry.nameStart + entry.nameLength);
    if (this.#names.has(name)) this.#add('FFS_NAME_TWICE', where, undefined, name);
    this.#names.add(name);
    if (entry.inode < rootInode || entry.inode >= types.length) {
      this.#add('FFS_ENTRY_RANGE', where, `${rootInode} to ${types.length - 1}`, entry.inode);
      return;
    }
    const type = types[entry.inode] ?? 0;
    if (type === 0) {
      this.#add('FFS_ENTRY_UNALLOCATED', where, undefined, entry.inode);
      return;
    }
    if (entry.type !== type) this.#add(typeFault(entry.type, type), where, type, entry.type);
    if (type === directoryType) this.#seeDirectory(entry.inode, where);
    else if (this.#state.parents[entry.inode] === 0) this.#state.parents[entry.inode] = this.#directory;
    this.#refer(entry.inode);
  }

  #seeDirectory(inode: number, where: FindingPlace): void {
    if (this.#queued[inode] === 0) {
      this.#queued[inode] = 1;
      this.#state.parents[inode] = this.#directory;
      this.#queue.push(inode);
    } else if (this.#isAbove(inode, this.#directory))
      this.#add('FFS_DIRECTORY_LOOP', where, undefined, inode);
    else this.#add('FFS_DIRECTORY_LINKED_TWICE', where, undefined, inode);
  }

  #isAbove(above: number, below: number): boolean {
    for (let each = below; ; each = this.#state.parents[each] ?? rootInode) {
      if (each === above) return true;
      if (each === rootInode || each === 0) return false;
    }
  }

  #refer(inode: number): void {
    const { references } = this.#state;
    if (inode < references.length) references[inode] = (references[inode] ?? 0) + 1;
  }

  /** Known only once every directory has its parent: a directory that has two names may have either as '..'. */
  #checkDotDot(directory: number, target: number): void {
    const { parents, types } = this.#state;
    if (parents[directory] === target) return;
    const isDirectory = target < types.length && types[target] === directoryType;
    this.#add(
      isDirectory ? 'FFS_DOTDOT_STALE' : 'FFS_DOTDOT',
      { inode: directory },
      parents[directory],
      target,
    );
  }
}

/** While a file replaces another one, its type may be on the disk before its number is; that is never so for directories. */
function typeFault(entryType: number, type: number): FindingCode {
  const isFile = (each: number): boolean => each !== directoryType && knownTypes.has(each);
  return isFile(entryType) && isFile(type) ? 'FFS_ENTRY_TYPE_STALE' : 'FFS_ENTRY_TYPE';
}

const knownTypes: ReadonlySet<number> = new Set(Object.values(fileTypes).map((type) => type >> 12));

/** Whether an entry is '.' or '..'. */
export function isDots(block: Buffer, { nameStart, nameLength }: DirectoryEntry): boolean {
  return block[nameStart] === dot && (nameLength === 1 || (nameLength === 2 && block[nameStart + 1] === dot));
}

/** A directory that nobody has may be left over; directories that have only each other are damage. */
function checkLostCircles(state: CheckState, lost: readonly number[]): void {
  const reader = new DirectoryReader(state);
  const children = new Map<number, number[]>();
  const hasParent = new Set<number>();
  const isLost = new Set(lost);
  for (const directory of lost) {
    const below: number[] = [];
    children.set(directory, below);
    const see = (entry: DirectoryEntry, _offset: number, block: Buffer): void => {
      if (isDots(block, entry) || !isLost.has(entry.inode)) return;
      below.push(entry.inode);
      hasParent.add(entry.inode);
    };
    reader.read(directory, see, () => undefined);
  }
  const queue = lost.filter((directory) => !hasParent.has(directory));
  const reached = new Set(queue);
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const child of children.get(next) ?? [])
      if (!reached.has(child)) {
        reached.add(child);
        queue.push(child);
      }
  for (const directory of lost)
    if (!reached.has(directory)) state.findings.add('FFS_DIRECTORY_LOOP', { inode: directory });
}
