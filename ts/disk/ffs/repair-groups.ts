// SPDX-License-Identifier: BSD-2-Clause
// repair-groups.ts: cylinder groups, the summary area and the totals made anew from what the inodes have.
import type { CheckState } from './check-state.js';
import { groupOffsets } from './check-superblock.js';
import type { Finding, FindingCode, Tell } from './finding.js';
import { GroupBuffer, measureGroup, type GroupMeasure } from './group.js';
import {
  groupHeaderBytes,
  groupMagic,
  groupWords,
  superblockBytesAt,
  superblockFields,
  superblockOffset,
} from './layout.js';

const mapCodes: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'FFS_GROUP_UNREADABLE',
  'FFS_GROUP_FIELD',
  'FFS_BLOCK_LEAKED',
  'FFS_BLOCK_USED_BUT_FREE',
  'FFS_INODE_LEAKED',
  'FFS_INODE_USED_BUT_FREE',
  'FFS_GROUP_COUNT',
  'FFS_GROUP_DIRECTORIES_STALE',
  'FFS_FRAGMENT_SUMMARY',
  'FFS_CLUSTER_MAP',
  'FFS_CLUSTER_SUMMARY',
  'FFS_ROTATION_TABLE',
  'FFS_GROUP_SUMMARY_STALE',
  'FFS_TOTALS_STALE',
]);

/** Rebuilds all maps and counts if any of them is wrong. */
export function rebuildGroups(state: CheckState, findings: readonly Finding[], tell: Tell): void {
  const wrong = findings.filter(({ code }) => mapCodes.has(code));
  if (wrong.length === 0) return;
  const { superblock, storage, geometry } = state;
  const summary = new Int32Array(superblock.cssize / 4);
  const group = new GroupBuffer(superblock);
  const totals = [0, 0, 0, 0];
  const broken = new Set(
    wrong.flatMap(({ code, where }) => (/GROUP_(UNREADABLE|FIELD)/.test(code) ? [where.group] : [])),
  );
  for (let index = 0; index < superblock.ncg; index++) {
    storage.read(geometry.groupHeaderOffset(index), group.bytes);
    if (broken.has(index)) makeHeader(state, group, index);
    fillMaps(state, group, index);
    storage.write(geometry.groupHeaderOffset(index), group.bytes);
    const counts = group.words.subarray(groupWords.directories, groupWords.directories + 4);
    summary.set(counts, index * 4);
    counts.forEach((count, each) => (totals[each] = (totals[each] ?? 0) + count));
  }
  storage.write(geometry.bytesAt(superblock.csaddr), new Uint8Array(summary.buffer));
  totals.forEach((total, each) =>
    superblock.bytes.writeInt32LE(total, superblockFields.totalDirectories + 4 * each),
  );
  superblock.bytes[superblockBytesAt.fmod] = 0;
  storage.write(superblockOffset, superblock.bytes);
  for (const finding of wrong) tell(finding, 'made anew from what the inodes have');
}

/** A header as the superblock says that it must be; maps follow each other. */
function makeHeader({ superblock, geometry }: CheckState, group: GroupBuffer, index: number): void {
  const { cpg, ipg, frag, ncyl, contigsumsize, time } = superblock;
  const { words } = group;
  const fragments = geometry.groupFragments(index);
  group.bytes.fill(0);
  words[groupWords.magic] = groupMagic;
  words[groupWords.time] = time;
  words[groupWords.cgx] = index;
  words[groupWords.ncylNiblk] = (Math.min(cpg, ncyl - index * cpg) & 0xffff) | (ipg << 16);
  words[groupWords.ndblk] = fragments;
  words[groupWords.btotoff] = groupHeaderBytes;
  const offsets = groupOffsets(superblock);
  for (const [name, offset] of Object.entries(offsets))
    words[groupWords[name as keyof typeof offsets]] = offset;
  if (contigsumsize > 0) words[groupWords.nclusterblks] = Math.floor(fragments / frag);
}

function fillMaps(state: CheckState, group: GroupBuffer, index: number): void {
  const { superblock, owned, types, geometry } = state;
  const { ipg } = superblock;
  const from = index * owned.stride;
  const { freeMap, inodeMap, clusterMap, words } = group;
  for (let byte = 0; byte < freeMap.length; byte++) freeMap[byte] = ~(owned.bytes[from + byte] ?? 0) & 0xff;
  inodeMap.fill(0);
  let used = 0;
  for (let each = 0; each < ipg; each++) {
    const isUsed = types[index * ipg + each] !== 0 || (index === 0 && each < 2);
    if (!isUsed) continue;
    used++;
    inodeMap[each >>> 3] = (inodeMap[each >>> 3] ?? 0) | (1 << (each & 7));
  }
  const fragments = geometry.groupFragments(index);
  fillClusterMap(superblock.frag, Math.floor(fragments / superblock.frag), freeMap, clusterMap);
  const measure = measureGroup(superblock, group, fragments);
  words[groupWords.directories] = state.groupDirectories[index] ?? 0;
  words[groupWords.freeBlocks] = measure.freeBlocks;
  words[groupWords.freeInodes] = ipg - used;
  words[groupWords.freeFragments] = measure.freeFragments;
  words.set(measure.fragmentSums, groupWords.fragmentSums);
  fillTables(superblock.contigsumsize, group, measure);
}

function fillClusterMap(frag: number, blocks: number, freeMap: Uint8Array, clusterMap: Uint8Array): void {
  const whole = (1 << frag) - 1;
  clusterMap.fill(0);
  if (clusterMap.length === 0) return;
  for (let block = 0; block < blocks; block++) {
    const first = block * frag;
    if ((((freeMap[first >>> 3] ?? 0) >> (first & 7)) & whole) === whole)
      clusterMap[block >>> 3] = (clusterMap[block >>> 3] ?? 0) | (1 << (block & 7));
  }
}

function fillTables(contigsumsize: number, { bytes, words }: GroupBuffer, measure: GroupMeasure): void {
  const totals = words[groupWords.btotoff] ?? 0;
  measure.cylinderTotals.forEach((count, cylinder) => bytes.writeInt32LE(count, totals + 4 * cylinder));
  const positions = words[groupWords.boff] ?? 0;
  measure.positions.forEach((count, position) => bytes.writeUInt16LE(count, positions + 2 * position));
  const sums = (words[groupWords.clustersumoff] ?? 0) / 4;
  for (let size = 1; size <= contigsumsize; size++) words[sums + size] = measure.clusterSums[size] ?? 0;
}
