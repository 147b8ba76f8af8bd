// SPDX-License-Identifier: BSD-2-Clause
// check-groups.ts: phase 5: the cylinder groups' maps against what the inodes have, and their counts against the maps.
import { bitCounts } from './block-map.js';
import type { CheckState } from './check-state.js';
import type { FindingList } from './finding.js';
import type { Superblock } from './superblock.js';
import { GroupBuffer, measureGroup, type GroupMeasure } from './group.js';
import { groupHeaderBytes, groupMagic, groupWords, summaryBytes } from './layout.js';

/** Checks all groups, the summary area and the totals. */
export function checkGroups(state: CheckState): void {
  const { superblock, geometry, storage, findings } = state;
  const group = new GroupBuffer(superblock);
  const summary = new Int32Array(superblock.cssize / 4);
  state.readWords(superblock.csaddr, summary);
  const totals = [0, 0, 0, 0];
  let areAllReadable = true;
  for (let index = 0; index < superblock.ncg; index++) {
    storage.read(geometry.groupHeaderOffset(index), group.bytes);
    if (!checkHeader(state, group, index)) {
      areAllReadable = false;
      continue;
    }
    checkBlockMap(state, group, index);
    checkInodeMap(state, group, index);
    checkCounts(state, group, index);
    for (let count = 0; count < 4; count++) {
      const own = group.words[groupWords.directories + count] ?? 0;
      const got = summary[(index * summaryBytes) / 4 + count];
      totals[count] = (totals[count] ?? 0) + own;
      if (got !== own)
        findings.add('FFS_GROUP_SUMMARY_STALE', { group: index, field: countNames[count] ?? '' }, own, got);
    }
  }
  if (areAllReadable) checkTotals(state, totals);
}

const countNames = ['directories', 'free blocks', 'free inodes', 'free fragments'];

function checkTotals({ superblock, findings }: CheckState, totals: readonly number[]): void {
  const { totalDirectories, totalFreeBlocks, totalFreeInodes, totalFreeFragments } = superblock;
  [totalDirectories, totalFreeBlocks, totalFreeInodes, totalFreeFragments].forEach((got, count) => {
    if (got !== totals[count])
      findings.add('FFS_TOTALS_STALE', { field: countNames[count] ?? '' }, totals[count], got);
  });
}

/** Whether the group's maps can be read. */
function checkHeader(state: CheckState, group: GroupBuffer, index: number): boolean {
  const { superblock, geometry, findings } = state;
  const word = (name: keyof typeof groupWords): number => group.words[groupWords[name]] ?? 0;
  if (word('magic') !== groupMagic || word('cgx') !== index) {
    findings.add('FFS_GROUP_UNREADABLE', { group: index }, index, word('cgx'));
    return false;
  }
  let isReadable = true;
  const expect = (
    field: string,
    expected: number | string,
    got: number,
    isRight: boolean,
    ends = false,
  ): void => {
    if (isRight) return;
    findings.add('FFS_GROUP_FIELD', { group: index, field }, expected, got);
    if (ends) isReadable = false;
  };
  const { cpg, nrpos, ipg, fpg, frag, ncyl, contigsumsize } = superblock;
  const fragments = geometry.groupFragments(index);
  expect('ndblk', fragments, word('ndblk'), word('ndblk') === fragments);
  const cylinders = Math.min(cpg, ncyl - index * cpg);
  const got = (word('ncylNiblk') << 16) >> 16;
  expect('ncyl', cylinders, got, got === (cylinders << 16) >> 16);
  const inodes = word('ncylNiblk') >> 16;
  expect('niblk', ipg, inodes, inodes === (ipg << 16) >> 16);
  const at = (
    name: 'btotoff' | 'boff' | 'iusedoff' | 'freeoff' | 'nextfreeoff',
    from: number,
    bytes: number,
  ): number => {
    const offset = word(name);
    expect(name, `${from} or more`, offset, offset >= from && offset + bytes <= superblock.cgsize, true);
    return offset + bytes;
  };
  const tables = at('boff', at('btotoff', groupHeaderBytes, 4 * cpg), 2 * cpg * nrpos);
  let end = at('freeoff', at('iusedoff', tables, Math.ceil(ipg / 8)), Math.ceil(fpg / 8));
  if (contigsumsize > 0) {
    const blocks = Math.floor(fragments / frag);
    expect('nclusterblks', blocks, word('nclusterblks'), word('nclusterblks') === blocks, true);
    // The summary's first number is not used, and may lie on the end of the map before it.
    const sums = word('clustersumoff');
    expect('clustersumoff', `${end - 4} or more`, sums, sums >= end - 4 && sums % 4 === 0, true);
    const map = word('clusteroff');
    const least = sums + 4 * (contigsumsize + 1);
    end = map + Math.ceil(blocks / 8);
    expect('clusteroff', `${least} or more`, map, map >= least && end <= superblock.cgsize, true);
  }
  at('nextfreeoff', end, 0);
  expect('btotoff', 'a multiple of 4', word('btotoff'), word('btotoff') % 4 === 0, true);
  expect('boff', 'a multiple of 2', word('boff'), word('boff') % 2 === 0, true);
  checkRotors(word, fragments, ipg, expect);
  return isReadable;
}

function checkRotors(
  word: (name: 'rotor' | 'frotor' | 'irotor') => number,
  fragments: number,
  ipg: number,
  expect: (field: string, expected: string, got: number, isRight: boolean) => void,
): void {
  for (const [name, count] of [
    ['rotor', fragments],
    ['frotor', fragments],
    ['irotor', ipg],
  ] as const)
    expect(name, `0 to ${count - 1}`, word(name), word(name) >= 0 && word(name) < count);
}

/** Byte by byte; only where they differ bit by bit, one finding for each run. */
function checkBlockMap({ owned, geometry, findings }: CheckState, group: GroupBuffer, index: number): void {
  const from = index * owned.stride;
  const base = geometry.groupBase(index);
  let runStart = 0;
  let runCode: 'FFS_BLOCK_LEAKED' | 'FFS_BLOCK_USED_BUT_FREE' | undefined;
  const endRun = (at: number): void => {
    if (runCode !== undefined)
      findings.add(runCode, { group: index, fragment: base + runStart, count: at - runStart });
    runCode = undefined;
  };
  const freeMap = group.freeMap;
  for (let byte = 0; byte < owned.stride; byte++) {
    const free = freeMap[byte] ?? 0;
    const own = owned.bytes[from + byte] ?? 0;
    if (free === (~own & 0xff)) {
      if (runCode !== undefined) endRun(byte * 8);
      continue;
    }
    for (let bit = 0; bit < 8; bit++) {
      const isFree = (free >> bit) & 1;
      const isOwned = (own >> bit) & 1;
      const code =
        isFree !== isOwned ? undefined : isFree === 1 ? 'FFS_BLOCK_USED_BUT_FREE' : 'FFS_BLOCK_LEAKED';
      if (code === runCode) continue;
      endRun(byte * 8 + bit);
      runStart = byte * 8 + bit;
      runCode = code;
    }
  }
  endRun(owned.stride * 8);
}

function checkInodeMap({ superblock, types, findings }: CheckState, group: GroupBuffer, index: number): void {
  const { ipg } = superblock;
  const map = group.inodeMap;
  for (let each = index === 0 ? 2 : 0; each < ipg; each++) {
    const inode = index * ipg + each;
    const isUsed = ((map[each >>> 3] ?? 0) >> (each & 7)) & 1;
    const isAllocated = types[inode] === 0 ? 0 : 1;
    if (isUsed !== isAllocated)
      findings.add(isUsed === 1 ? 'FFS_INODE_LEAKED' : 'FFS_INODE_USED_BUT_FREE', { group: index, inode });
  }
}

/** The group is written as one piece, so its counts go with its maps even after a power cut. */
function checkCounts(state: CheckState, group: GroupBuffer, index: number): void {
  const { findings, superblock } = state;
  const fragments = state.geometry.groupFragments(index);
  const measure = measureGroup(superblock, group, fragments);
  const compare = (field: string, expected: number, got: number): void => {
    if (expected !== got) findings.add('FFS_GROUP_COUNT', { group: index, field }, expected, got);
  };
  compare('free blocks', measure.freeBlocks, group.words[groupWords.freeBlocks] ?? 0);
  compare('free fragments', measure.freeFragments, group.words[groupWords.freeFragments] ?? 0);
  compare(
    'free inodes',
    countFreeInodes(group.inodeMap, superblock.ipg),
    group.words[groupWords.freeInodes] ?? 0,
  );
  const directories = group.words[groupWords.directories] ?? 0;
  if (directories !== state.groupDirectories[index])
    findings.add('FFS_GROUP_DIRECTORIES_STALE', { group: index }, state.groupDirectories[index], directories);
  compareTables(state, group, index, measure);
}

function countFreeInodes(map: Uint8Array, ipg: number): number {
  let used = 0;
  for (let byte = 0; byte < ipg >>> 3; byte++) used += bitCounts[map[byte] ?? 0] ?? 0;
  if ((ipg & 7) !== 0) used += bitCounts[(map[ipg >>> 3] ?? 0) & ((1 << (ipg & 7)) - 1)] ?? 0;
  return ipg - used;
}

function compareTables(
  { findings, superblock }: CheckState,
  group: GroupBuffer,
  index: number,
  measure: GroupMeasure,
): void {
  const { frag, contigsumsize } = superblock;
  for (let size = 1; size < frag; size++) {
    const got = group.words[groupWords.fragmentSums + size] ?? 0;
    const expected = measure.fragmentSums[size] ?? 0;
    if (got !== expected)
      findings.add('FFS_FRAGMENT_SUMMARY', { group: index, field: `runs of ${size}` }, expected, got);
  }
  compareRotation(findings, superblock, group, index, measure);
  if (contigsumsize === 0) return;
  if (measure.wrongClusters > 0)
    findings.add('FFS_CLUSTER_MAP', { group: index, count: measure.wrongClusters });
  for (let size = 1; size <= contigsumsize; size++) {
    const got = group.clusterSum(size);
    const expected = measure.clusterSums[size] ?? 0;
    if (got !== expected)
      findings.add('FFS_CLUSTER_SUMMARY', { group: index, field: `runs of ${size}` }, expected, got);
  }
}

/** The driver looks at these only if the disk is said to turn; other programs leave them empty then. */
function compareRotation(
  findings: FindingList,
  { cpc, nrpos }: Superblock,
  group: GroupBuffer,
  index: number,
  measure: GroupMeasure,
): void {
  if (cpc === 0 || nrpos <= 1) return;
  measure.cylinderTotals.forEach((expected, cylinder) => {
    const got = group.cylinderTotal(cylinder);
    if (got !== expected)
      findings.add('FFS_ROTATION_TABLE', { group: index, field: `cylinder ${cylinder}` }, expected, got);
  });
  measure.positions.forEach((expected, position) => {
    const got = group.positionCount(position);
    if (got !== expected)
      findings.add('FFS_ROTATION_TABLE', { group: index, field: `position ${position}` }, expected, got);
  });
}
