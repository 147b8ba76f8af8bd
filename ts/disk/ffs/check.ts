// SPDX-License-Identifier: BSD-2-Clause
// check.ts: checks an FFSv1 file system without changing it, in the order of fsck_ffs: superblock, inodes and blocks,
// names, connections, link counts, cylinder groups.
import type { Storage } from '../storage.js';
import { memoryStorage, openStorage } from '../storage.js';
import { checkGroups } from './check-groups.js';
import { checkInodes } from './check-inodes.js';
import { checkConnections, checkLinks, checkNames } from './check-names.js';
import { CheckState } from './check-state.js';
import { checkCopies, checkSuperblock } from './check-superblock.js';
import { FindingList, type Finding } from './finding.js';
import { inodeBytes, stateOkay, superblockOffset } from './layout.js';
import { namePlaces } from './name-places.js';
import { findSuperblock, type Superblock } from './superblock.js';

/** How to check. */
export interface CheckOptions {
  /** How many findings are kept; all are counted. 1,000 unless told otherwise. */
  limit?: number;
}

/** What was found. */
export interface CheckResult {
  findings: Finding[];
  /** How many findings are damage. Zero: every file and directory is whole. */
  damage: number;
  /** How many findings a power cut under soft updates may have left. */
  afterCrash: number;
  /** Nothing was found. */
  isClean: boolean;
  /** What the file system holds; undefined if it could not be walked. */
  contents?: CheckContents;
}

/** What a file system holds. */
export interface CheckContents {
  bytes: number;
  blockBytes: number;
  fragmentBytes: number;
  groups: number;
  /** Inodes in use. */
  files: number;
  directories: number;
  freeBytes: number;
  freeInodes: number;
}

/**
 * Checks a file system: a file of the host by its path, bytes in memory, or a storage.
 *
 * @example
 * const { damage, findings } = checkFfs('disk.img');
 */
export function checkFfs(image: string | Uint8Array | Storage, options: CheckOptions = {}): CheckResult {
  if (image instanceof Uint8Array) return inspectFfs(memoryStorage(image), options).result;
  if (typeof image !== 'string') return inspectFfs(image, options).result;
  using file = openStorage(image);
  return inspectFfs(file, options).result;
}

/** Checks a file system, and gives what was learnt of it, unless its superblock leads nowhere. */
export function inspectFfs(
  storage: Storage,
  { limit = 1000 }: CheckOptions = {},
): { result: CheckResult; state: CheckState | undefined } {
  const findings = new FindingList(limit);
  const { superblock, offset } = findSuperblock(storage);
  if (offset !== superblockOffset) findings.add('FFS_SUPERBLOCK_LOST', { field: 'magic' });
  if (!checkSuperblock(superblock, findings)) return { result: makeResult(findings), state: undefined };
  if (superblock.size * superblock.fsize > storage.size)
    findings.add('FFS_IMAGE_TRUNCATED', {}, superblock.size * superblock.fsize, storage.size);
  // What there is of it is walked, but not for ever through inodes that cannot be there.
  if (superblock.ncg * superblock.ipg * inodeBytes > storage.size)
    return { result: makeResult(findings), state: undefined };
  checkClean(superblock, findings);
  const state = new CheckState(storage, superblock, findings);
  checkCopies(storage, state.geometry, findings);
  checkInodes(state);
  checkNames(state);
  checkConnections(state);
  checkLinks(state);
  checkGroups(state);
  namePlaces(state);
  return { result: { ...makeResult(findings), contents: describeContents(state) }, state };
}

/** The flag counts only together with the state that was stored with it. */
function checkClean({ clean, state, time }: Superblock, findings: FindingList): void {
  const isBelievable = state === 0 || state === ((stateOkay - time) | 0);
  if (clean === 0 || !isBelievable) findings.add('FFS_NOT_CLEAN', { field: 'clean' }, 1, clean);
}

function makeResult(list: FindingList): CheckResult {
  const damage = list.count('damage');
  const afterCrash = list.count('after-crash');
  return { findings: list.findings, damage, afterCrash, isClean: damage + afterCrash === 0 };
}

function describeContents({ superblock, types, directories }: CheckState): CheckContents {
  const { size, bsize, fsize, ncg, totalFreeBlocks, totalFreeFragments, totalFreeInodes } = superblock;
  return {
    bytes: size * fsize,
    blockBytes: bsize,
    fragmentBytes: fsize,
    groups: ncg,
    files: types.reduce((count, type) => count + (type === 0 ? 0 : 1), 0),
    directories: directories.size,
    freeBytes: totalFreeBlocks * bsize + totalFreeFragments * fsize,
    freeInodes: totalFreeInodes,
  };
}
