// SPDX-License-Identifier: BSD-2-Clause
// repair-names.ts: directories, what no directory has, and link counts.
import { DirectoryReader, isDots } from './check-names.js';
import type { CheckState } from './check-state.js';
import { DirectoryEditor, writeDots, writeEntry } from './directory-editor.js';
import { entryBytes } from './directory.js';
import type { Finding, Tell } from './finding.js';
import { sizeOf } from './inode.js';
import { directoryChunk, fileTypes, inodeWordCount, inodeWords, rootInode } from './layout.js';
import { readInode, writeInode } from './repair-inodes.js';

const directoryType = fileTypes.directory >> 12;

/** Mends directories; entries that mean nothing are removed. */
export function repairNames(state: CheckState, findings: readonly Finding[], tell: Tell): void {
  const editor = new DirectoryEditor(state);
  for (const finding of findings) {
    const done = repairName(state, editor, finding);
    if (done !== undefined) tell(finding, done);
  }
}

function repairName(state: CheckState, editor: DirectoryEditor, finding: Finding): string | undefined {
  const { inode = 0, offset } = finding.where;
  switch (finding.code) {
    case 'FFS_ROOT_LOST':
      return repairRoot(state, editor);
    case 'FFS_ENTRY_LENGTH':
      return editor.edit(inode, offset ?? 0, cutChunk) ? 'cut the chunk off there' : undefined;
    case 'FFS_ENTRY_NAME':
    case 'FFS_ENTRY_RANGE':
    case 'FFS_ENTRY_UNALLOCATED':
    case 'FFS_NAME_TWICE':
    case 'FFS_DIRECTORY_LINKED_TWICE':
      return removeEntry(editor, inode, offset);
    case 'FFS_DIRECTORY_LOOP':
      // Without an offset it is about directories that nobody has.
      return offset === undefined ? undefined : removeEntry(editor, inode, offset);
    case 'FFS_ENTRY_TYPE':
    case 'FFS_ENTRY_TYPE_STALE':
      editor.edit(inode, offset ?? 0, (chunk, at) => (chunk[at + 6] = Number(finding.expected)));
      return 'corrected the type';
    case 'FFS_DOT':
      editor.edit(inode, 0, (chunk) => {
        if (offset === undefined) writeDots(chunk, inode, state.parents[inode] ?? rootInode);
        else chunk.writeUInt32LE(inode, 0);
      });
      return offset === undefined ? "wrote '.' and '..' anew" : "corrected '.'";
    case 'FFS_DOTDOT':
    case 'FFS_DOTDOT_STALE':
      editor.edit(inode, 0, (chunk) => writeDotDot(chunk, inode, state.parents[inode] ?? rootInode));
      return "corrected '..'";
    default:
      return undefined;
  }
}

function removeEntry(
  editor: DirectoryEditor,
  directory: number,
  offset: number | undefined,
): string | undefined {
  if (offset === undefined) return undefined;
  return editor.edit(directory, offset, (chunk, at) => chunk.writeUInt32LE(0, at))
    ? 'removed the entry'
    : undefined;
}

/** A root whose block still looks like a root's was only called something else. */
function repairRoot(state: CheckState, editor: DirectoryEditor): string | undefined {
  const words = readInode(state, rootInode);
  const chunk = Buffer.alloc(directoryChunk);
  const start = words[inodeWords.direct] ?? 0;
  if (state.placeFault(start, 1) === undefined) state.storage.read(state.geometry.bytesAt(start), chunk);
  if (
    chunk.readUInt32LE(0) === rootInode &&
    chunk.readUInt32LE(12) === rootInode &&
    sizeOf(words, 0) % directoryChunk === 0
  ) {
    words[inodeWords.modeLinks] = ((words[inodeWords.modeLinks] ?? 0) & ~0o170000) | fileTypes.directory;
    writeInode(state, rootInode, words);
    return 'made it a directory again';
  }
  const fragment = editor.takeBlock();
  if (fragment === undefined) return undefined;
  editor.writeEmpty(rootInode, rootInode, fragment, 0o755);
  return 'made an empty root';
}

/** What follows cannot be found; the entry before takes its room. */
function cutChunk(chunk: Buffer, at: number): void {
  let last = -1;
  for (let position = 0; position < at; position += chunk.readUInt16LE(position + 4)) last = position;
  if (last < 0) {
    chunk.fill(0);
    chunk.writeUInt16LE(directoryChunk, 4);
  } else chunk.writeUInt16LE(directoryChunk - last, last + 4);
}

function writeDotDot(chunk: Buffer, directory: number, parent: number): void {
  const isThere =
    chunk.readUInt16LE(4) === 12 && chunk[19] === 2 && chunk.toString('latin1', 20, 22) === '..';
  if (isThere) chunk.writeUInt32LE(parent, 12);
  else if (chunk.readUInt32LE(0) === directory && chunk.readUInt16LE(4) >= 24) {
    const rest = chunk.readUInt16LE(4) - 12;
    chunk.writeUInt16LE(entryBytes(1), 4);
    writeEntry(chunk, 12, parent, rest, directoryType, '..');
  } else writeDots(chunk, directory, parent);
}

/** Files without links are freed; others get a name in lost+found, folders with all that is in them. */
export function reconnect(state: CheckState, findings: readonly Finding[], tell: Tell): void {
  const lost = findings.filter(({ code }) => code === 'FFS_UNREFERENCED');
  if (lost.length === 0 || state.types[rootInode] !== directoryType) return;
  const inside = namesInside(state, lost);
  const editor = new DirectoryEditor(state);
  let folder: number | undefined;
  const top = lost.filter(({ where }) => !inside.has(where.inode ?? 0));
  // Directories that have only each other: any of them can be the first.
  for (const finding of top.length > 0 ? top : lost.slice(0, 1)) {
    const inode = finding.where.inode ?? 0;
    if (isWorthless(state, inode)) {
      writeInode(state, inode, new Int32Array(inodeWordCount));
      tell(finding, 'freed it: it has no links, or nothing in it');
      continue;
    }
    folder ??= lostAndFound(state, editor);
    const name = `#${inode}`;
    if (folder === undefined || !editor.add(folder, name, inode, state.types[inode] ?? 0)) {
      writeInode(state, inode, new Int32Array(inodeWordCount));
      tell(finding, 'freed it: there is no room in lost+found');
    } else tell(finding, `put it into lost+found as ${name}`);
  }
}

/** Inodes that directories among the lost ones have. */
function namesInside(state: CheckState, lost: readonly Finding[]): Set<number> {
  const reader = new DirectoryReader(state);
  const inside = new Set<number>();
  for (const { where } of lost) {
    const directory = where.inode ?? 0;
    if (state.types[directory] !== directoryType) continue;
    reader.read(
      directory,
      (entry, _offset, block) => {
        if (!isDots(block, entry) && entry.inode !== directory) inside.add(entry.inode);
      },
      () => undefined,
    );
  }
  return inside;
}

function isWorthless(state: CheckState, inode: number): boolean {
  if ((state.links[inode] ?? 0) <= 0) return true;
  return state.types[inode] === directoryType && sizeOf(readInode(state, inode), 0) === 0;
}

function lostAndFound(state: CheckState, editor: DirectoryEditor): number | undefined {
  let found: number | undefined;
  new DirectoryReader(state).read(
    rootInode,
    (entry, _offset, block) => {
      const name = block.toString('latin1', entry.nameStart, entry.nameStart + entry.nameLength);
      if (name === 'lost+found' && state.types[entry.inode] === directoryType) found = entry.inode;
    },
    () => undefined,
  );
  if (found !== undefined) return found;
  const made = editor.makeDirectory(rootInode);
  if (made === undefined || !editor.add(rootInode, 'lost+found', made, directoryType)) return undefined;
  return made;
}

/** Counts links as they were found. */
export function correctLinks(state: CheckState, findings: readonly Finding[], tell: Tell): void {
  for (const finding of findings) {
    const { inode } = finding.where;
    if (!finding.code.startsWith('FFS_LINK_COUNT_') || inode === undefined) continue;
    const words = readInode(state, inode);
    words[inodeWords.modeLinks] =
      ((words[inodeWords.modeLinks] ?? 0) & 0xffff) | (Number(finding.expected) << 16);
    writeInode(state, inode, words);
    tell(finding, 'corrected the count');
  }
}
