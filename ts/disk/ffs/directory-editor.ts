// SPDX-License-Identifier: BSD-2-Clause
// directory-editor.ts: changes entries of directories while a file system is repaired. New blocks and inodes are taken
// from what nobody has; the maps are made anew afterwards.
import type { CheckState } from './check-state.js';
import { entryBytes } from './directory.js';
import { sizeOf } from './inode.js';
import {
  directCount,
  directoryChunk,
  fileTypes,
  inodeWordCount,
  inodeWords,
  rootInode,
  sectorBytes,
} from './layout.js';
import { readInode, writeInode } from './repair-inodes.js';

const directoryType = fileTypes.directory >> 12;

/** Reads and writes the chunks of directories. */
export class DirectoryEditor {
  readonly #state: CheckState;

  constructor(state: CheckState) {
    this.#state = state;
  }

  /** The chunk that has an offset of the directory, and where it is on the disk; undefined if there is none. */
  chunkAt(directory: number, offset: number): { bytes: Buffer; position: number } | undefined {
    const state = this.#state;
    const words = readInode(state, directory);
    const { bsize } = state.superblock;
    let position: number | undefined;
    state.walker.walk(words, 0, sizeOf(words, 0), {
      data: (start, fragments, logicalBlock, isPastEnd) => {
        if (isPastEnd || logicalBlock !== Math.floor(offset / bsize) || state.placeFault(start, fragments))
          return;
        position =
          state.geometry.bytesAt(start) + Math.floor((offset % bsize) / directoryChunk) * directoryChunk;
      },
      indirect: (start, isPastEnd) =>
        !isPastEnd && state.placeFault(start, state.superblock.frag) === undefined,
    });
    if (position === undefined) return undefined;
    const bytes = Buffer.alloc(directoryChunk);
    state.storage.read(position, bytes);
    return { bytes, position };
  }

  /** Changes the chunk at an offset; `at` is the offset in it. */
  edit(directory: number, offset: number, change: (chunk: Buffer, at: number) => void): boolean {
    const chunk = this.chunkAt(directory, offset);
    if (chunk === undefined) return false;
    change(chunk.bytes, offset % directoryChunk);
    this.#state.storage.write(chunk.position, chunk.bytes);
    return true;
  }

  /** Adds an entry; false if there is no room to be had. */
  add(directory: number, name: string, inode: number, type: number): boolean {
    const size = sizeOf(readInode(this.#state, directory), 0);
    for (let offset = 0; offset < size; offset += directoryChunk) {
      const chunk = this.chunkAt(directory, offset);
      if (chunk === undefined || !insert(chunk.bytes, name, inode, type)) continue;
      this.#state.storage.write(chunk.position, chunk.bytes);
      return true;
    }
    return this.#grow(directory, size, (chunk) => insert(chunk, name, inode, type));
  }

  /** Makes an empty directory and gives its inode; undefined if there is no room. */
  makeDirectory(parent: number): number | undefined {
    const inode = this.#state.types.indexOf(0, rootInode + 1);
    const fragment = this.#takeBlock();
    if (inode < 0 || fragment === undefined) return undefined;
    this.writeEmpty(inode, parent, fragment, 0o700);
    return inode;
  }

  /** Writes a directory that has nothing but '.' and '..' into a block. */
  writeEmpty(inode: number, parent: number, fragment: number, mode: number): void {
    const { fsize } = this.#state.superblock;
    const words = new Int32Array(inodeWordCount);
    words[inodeWords.modeLinks] = fileTypes.directory | mode | (2 << 16);
    words[inodeWords.sizeLow] = directoryChunk;
    words[inodeWords.direct] = fragment;
    words[inodeWords.blocks] = fsize / sectorBytes;
    for (const time of [inodeWords.atime, inodeWords.mtime, inodeWords.ctime])
      words[time] = Math.floor(Date.now() / 1000);
    const block = Buffer.alloc(fsize);
    writeDots(block, inode, parent);
    this.#state.storage.write(this.#state.geometry.bytesAt(fragment), block);
    writeInode(this.#state, inode, words);
    this.#state.types[inode] = directoryType;
  }

  /** A fragment for the root, if it has lost its own. */
  takeBlock(): number | undefined {
    return this.#takeBlock();
  }

  /** A new block in place of the last one, which is copied, or after it. Only directories with few blocks grow. */
  #grow(directory: number, size: number, fill: (chunk: Buffer) => boolean): boolean {
    const state = this.#state;
    const { bsize } = state.superblock;
    const index = Math.floor(size / bsize);
    const fresh = index < directCount ? this.#takeBlock() : undefined;
    if (fresh === undefined) return false;
    const words = readInode(state, directory);
    const block = Buffer.alloc(bsize);
    const old = words[inodeWords.direct + index] ?? 0;
    if (size % bsize !== 0) state.storage.read(state.geometry.bytesAt(old), block.subarray(0, size % bsize));
    const chunk = block.subarray(size % bsize, (size % bsize) + directoryChunk);
    chunk.writeUInt16LE(directoryChunk, 4);
    fill(chunk);
    state.storage.write(state.geometry.bytesAt(fresh), block);
    words[inodeWords.direct + index] = fresh;
    words[inodeWords.sizeLow] = size + directoryChunk;
    writeInode(state, directory, words);
    return true;
  }

  #takeBlock(): number | undefined {
    const { superblock, owned, geometry } = this.#state;
    const { frag, size } = superblock;
    for (let start = frag; start + frag <= size; start += frag) {
      let isFree = geometry.groupOf(start) === geometry.groupOf(start + frag - 1);
      for (let each = start; each < start + frag && isFree; each++) isFree = !owned.has(each);
      if (!isFree) continue;
      owned.mark(start, frag);
      return start;
    }
    return undefined;
  }
}

/** The entries every directory begins with; '..' takes what is left of the chunk. */
export function writeDots(chunk: Buffer, inode: number, parent: number): void {
  chunk.fill(0, 0, directoryChunk);
  writeEntry(chunk, 0, inode, 12, directoryType, '.');
  writeEntry(chunk, 12, parent, directoryChunk - 12, directoryType, '..');
}

/** Writes one entry. */
export function writeEntry(
  chunk: Buffer,
  at: number,
  inode: number,
  length: number,
  type: number,
  name: string,
): void {
  chunk.writeUInt32LE(inode, at);
  chunk.writeUInt16LE(length, at + 4);
  chunk[at + 6] = type;
  chunk[at + 7] = Buffer.byteLength(name);
  chunk.write(`${name}\0`, at + 8);
}

/** Puts an entry where one is free, or behind one that has room to spare. */
function insert(chunk: Buffer, name: string, inode: number, type: number): boolean {
  const needed = entryBytes(Buffer.byteLength(name));
  for (let at = 0; at < directoryChunk;) {
    const length = chunk.readUInt16LE(at + 4);
    if (length < 8 || at + length > directoryChunk) return false;
    const used = chunk.readUInt32LE(at) === 0 ? 0 : entryBytes(chunk[at + 7] ?? 0);
    // Behind '.' there is room for '..' alone.
    if (length - used >= needed && !(at === 0 && used === 12)) {
      if (used > 0) chunk.writeUInt16LE(used, at + 4);
      writeEntry(chunk, at + used, inode, length - used, type, name);
      return true;
    }
    at += length;
  }
  return false;
}
