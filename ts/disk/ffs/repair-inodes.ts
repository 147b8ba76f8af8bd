// SPDX-License-Identifier: BSD-2-Clause
// repair-inodes.ts: inodes that cannot be right are cleared, pointers past the end too; then blocks are counted.
import type { CheckState } from './check-state.js';
import type { Finding, FindingCode, Tell } from './finding.js';
import { sizeOf } from './inode.js';
import { directCount, indirectCount, inodeBytes, inodeWordCount, inodeWords } from './layout.js';

/** Findings after which nothing of the inode can be trusted. */
const hopeless: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'FFS_MODE_UNKNOWN',
  'FFS_INODE_PARTLY_ALLOCATED',
  'FFS_SIZE_IMPOSSIBLE',
  'FFS_BLOCK_OUT_OF_RANGE',
  'FFS_BLOCK_IN_METADATA',
  'FFS_BLOCK_MISALIGNED',
  'FFS_DIRECTORY_HOLE',
  'FFS_DIRECTORY_UNFINISHED',
  'FFS_STRAY_POINTER',
]);

/** Clears what cannot be right. Of files with the same block the first one keeps it. */
export function repairInodes(state: CheckState, findings: readonly Finding[], tell: Tell): void {
  const cleared = new Set<number>();
  const clear = (finding: Finding, inode: number): void => {
    tell(finding, cleared.has(inode) ? 'went with the inode' : 'cleared the inode');
    if (!cleared.has(inode)) writeInode(state, inode, new Int32Array(inodeWordCount));
    cleared.add(inode);
  };
  const keepers = new Map<number, number>();
  for (const finding of findings) {
    const { inode, fragment = 0 } = finding.where;
    if (inode === undefined) continue;
    if (hopeless.has(finding.code)) clear(finding, inode);
    else if (finding.code === 'FFS_BLOCK_DUPLICATE') {
      const keeper = keepers.get(fragment) ?? inode;
      keepers.set(fragment, keeper);
      if (keeper !== inode) clear(finding, inode);
    }
  }
  for (const finding of findings) {
    const { inode } = finding.where;
    const isPast = finding.code === 'FFS_BLOCK_PAST_END' || finding.code === 'FFS_INDIRECT_PAST_END';
    if (!isPast || inode === undefined || cleared.has(inode)) continue;
    trimPointers(state, inode);
    tell(finding, 'cleared the pointer');
  }
  clearOwnDuplicates(state, findings, cleared, tell);
}

/** A file that has a block twice has no other to share it with. */
function clearOwnDuplicates(
  state: CheckState,
  findings: readonly Finding[],
  cleared: ReadonlySet<number>,
  tell: Tell,
): void {
  if (cleared.size > 0) return;
  const finding = findings.find(({ code }) => code === 'FFS_BLOCK_DUPLICATE');
  if (finding?.where.inode === undefined) return;
  writeInode(state, finding.where.inode, new Int32Array(inodeWordCount));
  tell(finding, 'cleared the inode');
}

/** Corrects how many sectors inodes say that they have. */
export function countBlocks(state: CheckState, findings: readonly Finding[], tell: Tell): void {
  for (const finding of findings) {
    const { inode } = finding.where;
    if (!finding.code.startsWith('FFS_BLOCK_COUNT_') || inode === undefined) continue;
    const words = readInode(state, inode);
    words[inodeWords.blocks] = Number(finding.expected);
    writeInode(state, inode, words);
    tell(finding, 'corrected the count');
  }
}

export function readInode({ storage, geometry }: CheckState, inode: number): Int32Array {
  const words = new Int32Array(inodeWordCount);
  storage.read(geometry.inodeOffset(inode), new Uint8Array(words.buffer));
  return words;
}

export function writeInode({ storage, geometry }: CheckState, inode: number, words: Int32Array): void {
  storage.write(geometry.inodeOffset(inode), new Uint8Array(words.buffer, words.byteOffset, inodeBytes));
}

function trimPointers(state: CheckState, inode: number): void {
  const { bsize, nindir } = state.superblock;
  const words = readInode(state, inode);
  const blockCount = Math.ceil(sizeOf(words, 0) / bsize);
  for (let index = blockCount; index < directCount; index++) words[inodeWords.direct + index] = 0;
  let first = directCount;
  for (let level = 0; level < indirectCount; level++) {
    const start = words[inodeWords.indirect + level] ?? 0;
    if (first >= blockCount) words[inodeWords.indirect + level] = 0;
    else if (start !== 0) trimIndirect(state, start, level, first, blockCount);
    first += nindir ** (level + 1);
  }
  writeInode(state, inode, words);
}

function trimIndirect(
  state: CheckState,
  start: number,
  level: number,
  first: number,
  blockCount: number,
): void {
  const { nindir, frag } = state.superblock;
  if (state.placeFault(start, frag) !== undefined) return;
  const pointers = new Int32Array(nindir);
  state.readWords(start, pointers);
  const step = nindir ** level;
  for (let index = 0; index < nindir; index++) {
    const block = first + index * step;
    const below = pointers[index] ?? 0;
    if (block >= blockCount) pointers[index] = 0;
    else if (level > 0 && below !== 0 && block + step > blockCount)
      trimIndirect(state, below, level - 1, block, blockCount);
  }
  state.storage.write(state.geometry.bytesAt(start), new Uint8Array(pointers.buffer));
}
