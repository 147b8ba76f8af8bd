// SPDX-License-Identifier: BSD-2-Clause
// format.ts: writes an empty FFSv1 file system as planned. Only the structures are written: a new file stays sparse.
import type { FileStorage, Storage } from '../storage.js';
import { openStorage } from '../storage.js';
import { largestFile } from './check-superblock.js';
import { planFfs, type FfsFormatOptions, type FfsFormatPlan } from './format-plan.js';
import { Geometry } from './geometry.js';
import { GroupBuffer, measureGroup } from './group.js';
import {
  directoryChunk,
  ffsMagic,
  fileTypes,
  groupMagic,
  groupWords,
  inodeBytes,
  inodeWords,
  maxShortLink,
  rootInode,
  sectorBytes,
  summaryBytes,
  superblockBytes,
  superblockBytesAt,
  superblockFields,
  superblockLongsAt,
  superblockOffset,
  superblockTableStart,
} from './layout.js';
import { decodeSuperblock, type SuperblockField } from './superblock.js';
import { entryBytes } from './directory.js';

const directoryType = fileTypes.directory >> 12;
const lostAndFoundInode = rootInode + 1;

/**
 * Makes an FFS file system: a new file by its path (size is needed), or in a storage that exists, for instance a
 * partition.
 *
 * @example
 * formatFfs('disk.img', { size: 64 * 2 ** 20 });
 */
export function formatFfs(target: string | Storage, options: FfsFormatOptions = {}): FfsFormatPlan {
  if (typeof target !== 'string') {
    const plan = planFfs(options.size ?? target.size, options);
    writeFileSystem(target, plan, false);
    return plan;
  }
  const plan = planFfs(options.size ?? 0, options);
  using file = openStorage(target, 'create');
  makeEmpty(file, options.size ?? 0);
  writeFileSystem(file, plan, true);
  return plan;
}

function makeEmpty(file: FileStorage, size: number): void {
  file.truncate(0);
  file.truncate(size);
}

function writeFileSystem(storage: Storage, plan: FfsFormatPlan, isEmpty: boolean): void {
  const superblock = decodeSuperblock(encodeSuperblock(plan));
  const geometry = new Geometry(superblock);
  const summary = new Int32Array(plan.summaryBytes / 4);
  const group = new GroupBuffer(superblock);
  for (let index = 0; index < plan.groups; index++) {
    fillGroup(plan, geometry, group, index);
    storage.write(geometry.groupHeaderOffset(index), group.bytes);
    if (!isEmpty) clearInodes(storage, plan, geometry.inodesOffset(index));
    summary.set(
      group.words.subarray(groupWords.directories, groupWords.directories + 4),
      (index * summaryBytes) / 4,
    );
  }
  writeRoot(storage, plan, geometry);
  storage.write(geometry.bytesAt(superblock.csaddr), new Uint8Array(summary.buffer));
  setTotals(superblock.bytes, summary);
  for (let index = 0; index < plan.groups; index++)
    storage.write(geometry.superblockCopyOffset(index), superblock.bytes);
  // What was here before ends with its first block; the superblock comes last.
  if (!isEmpty) storage.write(0, new Uint8Array(superblockOffset));
  storage.write(superblockOffset, superblock.bytes);
}

function encodeSuperblock(plan: FfsFormatPlan): Buffer {
  const bytes = Buffer.alloc(superblockBytes);
  for (const [field, value] of Object.entries(superblockNumbers(plan)))
    bytes.writeInt32LE(value | 0, superblockFields[field as SuperblockField]);
  bytes.writeInt8(1, superblockBytesAt.clean);
  bytes.writeBigUInt64LE(largestFile({ bsize: plan.blockSize }), superblockLongsAt.maxfilesize);
  bytes.writeBigInt64LE(BigInt(plan.blockSize - 1), superblockLongsAt.qbmask);
  bytes.writeBigInt64LE(BigInt(plan.fragmentSize - 1), superblockLongsAt.qfmask);
  return bytes;
}

function superblockNumbers(plan: FfsFormatPlan): Partial<Record<SuperblockField, number>> {
  const {
    blockSize,
    fragmentSize,
    fragmentsPerBlock: frag,
    size,
    groups,
    superblockAddress,
    dataAddress,
  } = plan;
  const sectorsPerFragment = fragmentSize / sectorBytes;
  const sectorsPerGroup = plan.groupSize * sectorsPerFragment;
  return {
    sblkno: superblockAddress,
    cblkno: plan.groupAddress,
    iblkno: plan.inodeAddress,
    dblkno: dataAddress,
    cgoffset: 0,
    cgmask: -1,
    time: plan.time,
    size,
    dsize:
      size -
      superblockAddress -
      groups * (dataAddress - superblockAddress) -
      plan.summaryBytes / fragmentSize,
    ncg: groups,
    bsize: blockSize,
    fsize: fragmentSize,
    frag,
    minfree: plan.minimumFree,
    rps: 60,
    bmask: -blockSize,
    fmask: -fragmentSize,
    bshift: Math.log2(blockSize),
    fshift: Math.log2(fragmentSize),
    maxcontig: plan.clusterSizes,
    maxbpg: blockSize / 4,
    fragshift: Math.log2(frag),
    fsbtodb: Math.log2(sectorsPerFragment),
    sbsize: Math.min(Math.ceil(superblockTableStart / fragmentSize) * fragmentSize, superblockBytes),
    nindir: blockSize / 4,
    inopb: blockSize / inodeBytes,
    nspf: sectorsPerFragment,
    optim: plan.optimization === 'time' ? 0 : 1,
    npsect: sectorsPerGroup,
    interleave: 1,
    id0: plan.time,
    id1: plan.identity,
    csaddr: dataAddress,
    cssize: plan.summaryBytes,
    cgsize: plan.groupBytes,
    ntrak: 1,
    nsect: sectorsPerGroup,
    spc: sectorsPerGroup,
    ncyl: groups,
    cpg: 1,
    ipg: plan.inodesPerGroup,
    fpg: plan.groupSize,
    avgfilesize: 16384,
    avgfpdir: 64,
    contigsumsize: plan.clusterSizes,
    maxsymlinklen: maxShortLink,
    inodefmt: 2,
    postblformat: 1,
    nrpos: 1,
    magic: ffsMagic,
  };
}

/** Fills the block of a group that has nothing but, in the first one, the root. */
function fillGroup(plan: FfsFormatPlan, geometry: Geometry, group: GroupBuffer, index: number): void {
  const { words, bytes } = group;
  const { maps, inodesPerGroup, fragmentsPerBlock, clusterSizes } = plan;
  const fragments = geometry.groupFragments(index);
  const blocks = fragments / fragmentsPerBlock;
  bytes.fill(0);
  words[groupWords.magic] = groupMagic;
  words[groupWords.time] = plan.time;
  words[groupWords.cgx] = index;
  words[groupWords.ncylNiblk] = 1 | (inodesPerGroup << 16);
  words[groupWords.ndblk] = fragments;
  words[groupWords.btotoff] = maps.cylinderTotals;
  words[groupWords.boff] = maps.positions;
  words[groupWords.iusedoff] = maps.inodes;
  words[groupWords.freeoff] = maps.fragments;
  words[groupWords.nextfreeoff] = maps.end;
  words[groupWords.clustersumoff] = maps.clusterSums;
  words[groupWords.clusteroff] = maps.clusters;
  words[groupWords.nclusterblks] = blocks;
  const usedInodes = index === 0 ? rootInode + directoryCount(plan) : 0;
  setBits(group.inodeMap, 0, usedInodes);
  const { from, to } = geometry.metadata(index);
  const usedFrom = from - geometry.groupBase(index);
  const usedTo = to - geometry.groupBase(index) + (index === 0 ? directoryCount(plan) : 0);
  setBits(group.freeMap, 0, usedFrom);
  setBits(group.freeMap, usedTo, fragments);
  setBits(group.clusterMap, 0, Math.floor(usedFrom / fragmentsPerBlock));
  setBits(group.clusterMap, Math.ceil(usedTo / fragmentsPerBlock), blocks);
  const measure = measureGroup(geometry.superblock, group, fragments);
  words[groupWords.directories] = index === 0 ? directoryCount(plan) : 0;
  words[groupWords.freeBlocks] = measure.freeBlocks;
  words[groupWords.freeInodes] = inodesPerGroup - usedInodes;
  words[groupWords.freeFragments] = measure.freeFragments;
  words.set(measure.fragmentSums, groupWords.fragmentSums);
  words[maps.cylinderTotals / 4] = measure.freeBlocks;
  bytes.writeUInt16LE(measure.freeBlocks & 0xffff, maps.positions);
  for (let size = 1; size <= clusterSizes; size++)
    words[maps.clusterSums / 4 + size] = measure.clusterSums[size] ?? 0;
}

function directoryCount({ lostAndFound }: FfsFormatPlan): number {
  return lostAndFound ? 2 : 1;
}

function setBits(map: Uint8Array, from: number, to: number): void {
  let bit = from;
  for (; bit < to && (bit & 7) !== 0; bit++) map[bit >>> 3] = (map[bit >>> 3] ?? 0) | (1 << (bit & 7));
  if (to - bit >= 8) {
    map.fill(0xff, bit >>> 3, to >>> 3);
    bit = to & ~7;
  }
  for (; bit < to; bit++) map[bit >>> 3] = (map[bit >>> 3] ?? 0) | (1 << (bit & 7));
}

function clearInodes(storage: Storage, plan: FfsFormatPlan, offset: number): void {
  const zeros = new Uint8Array(Math.min(plan.inodesPerGroup * inodeBytes, 1 << 20));
  const total = plan.inodesPerGroup * inodeBytes;
  for (let at = 0; at < total; at += zeros.length)
    storage.write(offset + at, zeros.subarray(0, Math.min(zeros.length, total - at)));
}

/** Directories take a fragment each, right behind the summary area. */
function writeRoot(storage: Storage, plan: FfsFormatPlan, geometry: Geometry): void {
  const first = geometry.metadata(0).to;
  const children: [string, number][] = plan.lostAndFound ? [['lost+found', lostAndFoundInode]] : [];
  const write = (
    inode: number,
    fragment: number,
    mode: number,
    entries: [string, number][],
    links: number,
  ): void => {
    storage.write(geometry.inodeOffset(inode), encodeDirectoryInode(plan, fragment, mode, links));
    const block = Buffer.alloc(plan.fragmentSize);
    encodeDirectory(block, [['.', inode], ['..', rootInode], ...entries]);
    storage.write(geometry.bytesAt(fragment), block);
  };
  write(rootInode, first, 0o755, children, 2 + children.length);
  if (plan.lostAndFound) write(lostAndFoundInode, first + 1, 0o700, [], 2);
}

function encodeDirectoryInode(
  plan: FfsFormatPlan,
  fragment: number,
  mode: number,
  links: number,
): Uint8Array {
  const words = new Int32Array(inodeBytes / 4);
  words[inodeWords.modeLinks] = fileTypes.directory | mode | (links << 16);
  words[inodeWords.sizeLow] = directoryChunk;
  for (const time of [inodeWords.atime, inodeWords.mtime, inodeWords.ctime]) words[time] = plan.time;
  words[inodeWords.direct] = fragment;
  words[inodeWords.blocks] = plan.fragmentSize / sectorBytes;
  words[inodeWords.generation] = 1;
  return new Uint8Array(words.buffer);
}

/** The last entry takes what is left of the chunk. */
function encodeDirectory(block: Buffer, entries: readonly [string, number][]): void {
  let at = 0;
  entries.forEach(([name, inode], index) => {
    const isLast = index === entries.length - 1;
    const length = isLast ? directoryChunk - at : entryBytes(name.length);
    block.writeUInt32LE(inode, at);
    block.writeUInt16LE(length, at + 4);
    block[at + 6] = directoryType;
    block[at + 7] = name.length;
    block.write(name, at + 8);
    at += length;
  });
}

function setTotals(bytes: Buffer, summary: Int32Array): void {
  const totals = [0, 0, 0, 0];
  summary.forEach((count, index) => (totals[index % 4] = (totals[index % 4] ?? 0) + count));
  totals.forEach((total, index) => bytes.writeInt32LE(total, superblockFields.totalDirectories + 4 * index));
}
