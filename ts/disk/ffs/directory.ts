// SPDX-License-Identifier: BSD-2-Clause
// directory.ts: the entries in a chunk of a directory. A chunk is what is written at once; entries fill it exactly.
import { directoryChunk, directoryEntryHeader } from './layout.js';

/** One entry; a free one has inode 0. */
export interface DirectoryEntry {
  inode: number;
  /** The type bits of the file's mode, shifted right by twelve. */
  type: number;
  nameStart: number;
  nameLength: number;
  /** Where the entry is in the block that was given. */
  position: number;
  length: number;
}

/** Why a chunk's rest cannot be read. */
export type EntryFault = 'FFS_ENTRY_LENGTH' | 'FFS_ENTRY_NAME';

/** How many bytes an entry with such a name needs. */
export function entryBytes(nameLength: number): number {
  return directoryEntryHeader + ((nameLength + 4) & ~3);
}

/** Calls visit for each entry of the chunk; the entry object is used again. A fault of the lengths ends the chunk. */
export function readChunk(
  block: Buffer,
  start: number,
  visit: (entry: DirectoryEntry) => void,
  onFault: (fault: EntryFault, position: number) => void,
): void {
  const entry: DirectoryEntry = { inode: 0, type: 0, nameStart: 0, nameLength: 0, position: 0, length: 0 };
  const end = start + directoryChunk;
  for (let position = start; position < end; position += entry.length) {
    entry.position = position;
    entry.inode = block.readUInt32LE(position);
    entry.length = block.readUInt16LE(position + 4);
    entry.type = block[position + 6] ?? 0;
    entry.nameLength = block[position + 7] ?? 0;
    entry.nameStart = position + directoryEntryHeader;
    if (!isLengthPossible(entry, end)) {
      onFault('FFS_ENTRY_LENGTH', position);
      return;
    }
    if (entry.inode === 0) continue;
    if (!isNamePossible(block, entry)) onFault('FFS_ENTRY_NAME', position);
    else visit(entry);
  }
}

function isLengthPossible({ position, length, inode, nameLength }: DirectoryEntry, end: number): boolean {
  const least = inode === 0 ? entryBytes(0) : entryBytes(nameLength);
  return length >= least && length % 4 === 0 && position + length <= end;
}

const slash = 0x2f;

function isNamePossible(block: Buffer, { nameStart, nameLength }: DirectoryEntry): boolean {
  if (nameLength === 0 || block[nameStart + nameLength] !== 0) return false;
  for (let at = nameStart; at < nameStart + nameLength; at++)
    if (block[at] === 0 || block[at] === slash) return false;
  return true;
}
