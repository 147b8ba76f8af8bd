// SPDX-License-Identifier: BSD-2-Clause
// repair-superblock.ts: the superblock from a copy, copies from the superblock, and the mark that all is well.
import type { Storage } from '../storage.js';
import type { CheckState } from './check-state.js';
import { checkSuperblock } from './check-superblock.js';
import { FindingList, type Finding, type Tell } from './finding.js';
import { superblockBytesAt, superblockFields, superblockOffset } from './layout.js';
import { copyOffsets, readSuperblockAt } from './superblock.js';

/** Puts a copy that is sound in the place of a superblock that is not. */
export function repairSuperblock(storage: Storage, findings: readonly Finding[], tell: Tell): void {
  const finding = findings.find(
    ({ code }) => code === 'FFS_SUPERBLOCK_LOST' || code === 'FFS_SUPERBLOCK_FIELD',
  );
  if (finding === undefined) return;
  for (const offset of copyOffsets) {
    const copy = readSuperblockAt(storage, offset);
    const list = new FindingList(1);
    if (copy === undefined || !checkSuperblock(copy, list) || list.findings.length > 0) continue;
    copy.bytes[superblockBytesAt.clean] = 0;
    storage.write(superblockOffset, copy.bytes);
    tell(finding, `took the copy of the superblock at byte ${offset}`);
    return;
  }
}

/** Writes the superblock over copies that differ. */
export function repairCopies(
  { storage, superblock, geometry }: CheckState,
  findings: readonly Finding[],
  tell: Tell,
): void {
  for (const finding of findings) {
    if (finding.code !== 'FFS_SUPERBLOCK_COPY' || finding.where.group === undefined) continue;
    storage.write(geometry.superblockCopyOffset(finding.where.group), superblock.bytes);
    tell(finding, 'wrote the superblock over it');
  }
}

/** Once nothing else is found. */
export function markClean(
  { storage, superblock }: CheckState,
  findings: readonly Finding[],
  tell: Tell,
): void {
  const [finding] = findings;
  if (findings.length !== 1 || finding?.code !== 'FFS_NOT_CLEAN') return;
  superblock.bytes[superblockBytesAt.clean] = 1;
  superblock.bytes.writeInt32LE(0, superblockFields.state);
  storage.write(superblockOffset, superblock.bytes);
  tell(finding, 'marked as clean');
}
