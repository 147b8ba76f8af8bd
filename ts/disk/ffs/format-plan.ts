// SPDX-License-Identifier: BSD-2-Clause
// format-plan.ts: how a new FFSv1 file system is laid out, as plain numbers. The disk is not said to turn: one cylinder
// is one group, and a group is as large as its block of maps allows.
import { DiskError } from '../../errors.js';
import {
  groupHeaderBytes,
  inodeBytes,
  sectorBytes,
  summaryBytes,
  superblockBytes,
  superblockOffset,
} from './layout.js';

/** What can be chosen. Sizes are in bytes. */
export interface FfsFormatOptions {
  /** The whole file system; the size of the image unless told otherwise. */
  size?: number;
  /** 4096 to 65536; by size unless told otherwise. */
  blockSize?: number;
  /** An eighth of a block unless told otherwise; 512 at least, an eighth of a block to a block. */
  fragmentSize?: number;
  /** One inode for so many bytes. */
  density?: number;
  /** So many inodes at least, instead of a density. */
  inodes?: number;
  /** Percent that only root may use; 5 unless told otherwise. */
  minimumFree?: number;
  /** What to save. */
  optimization?: 'time' | 'space';
  /** Make lost+found. */
  lostAndFound?: boolean;
  /** Seconds since 1970, for images that are the same every time. */
  time?: number;
  /** The file system's number. */
  identity?: number;
}

/** The layout. Addresses and sizes are in fragments unless bytes are mentioned. */
export interface FfsFormatPlan {
  blockSize: number;
  fragmentSize: number;
  fragmentsPerBlock: number;
  size: number;
  groups: number;
  groupSize: number;
  inodesPerGroup: number;
  superblockAddress: number;
  groupAddress: number;
  inodeAddress: number;
  dataAddress: number;
  summaryBytes: number;
  groupBytes: number;
  maps: GroupMaps;
  clusterSizes: number;
  minimumFree: number;
  optimization: 'time' | 'space';
  lostAndFound: boolean;
  time: number;
  identity: number;
}

/** Where a group's maps are in its block, in bytes. */
export interface GroupMaps {
  cylinderTotals: number;
  positions: number;
  inodes: number;
  fragments: number;
  clusterSums: number;
  clusters: number;
  end: number;
}

const kib = 1024;
const mib = 1024 * kib;
/** Runs of free blocks are counted up to so many. */
const clusterSizes = 8;
/** The header counts a group's inodes with 16 bits. */
const mostInodesPerGroup = 32_000;
/** The driver counts sectors with 32 bits and a sign. */
const mostBytes = 2 ** 31 * sectorBytes;

/** Makes a plan; throws RUMP_DISK_USAGE, RUMP_DISK_TOO_SMALL or RUMP_DISK_TOO_LARGE. */
export function planFfs(size: number, options: FfsFormatOptions = {}): FfsFormatPlan {
  if (size >= mostBytes) throw tooLarge(size);
  const blockSize = options.blockSize ?? usualBlockSize(size);
  requirePower('blockSize', blockSize, 4 * kib, 64 * kib);
  const fragmentSize = options.fragmentSize ?? blockSize / 8;
  requirePower('fragmentSize', fragmentSize, Math.max(blockSize / 8, sectorBytes), blockSize);
  const minimumFree = options.minimumFree ?? 5;
  if (!(Number.isInteger(minimumFree) && minimumFree >= 0 && minimumFree <= 99))
    throw usageError('minimumFree', minimumFree, 'a whole number from 0 to 99');
  const frag = blockSize / fragmentSize;
  const usable = Math.floor(size / blockSize) * frag;
  const groups = layOutGroups(usable, blockSize, fragmentSize, readDensity(size, options), size);
  return {
    blockSize,
    fragmentSize,
    fragmentsPerBlock: frag,
    ...groups,
    clusterSizes,
    minimumFree,
    optimization: options.optimization ?? 'time',
    lostAndFound: options.lostAndFound ?? false,
    time: options.time ?? Math.floor(Date.now() / 1000),
    identity: options.identity ?? Math.floor(Math.random() * 2 ** 31),
  };
}

function usualBlockSize(size: number): number {
  if (size < 4 * mib) return 4 * kib;
  return size < 256 * mib ? 8 * kib : 16 * kib;
}

function readDensity(size: number, { density, inodes }: FfsFormatOptions): number {
  if (inodes !== undefined) {
    if (!(Number.isInteger(inodes) && inodes >= 16))
      throw usageError('inodes', inodes, 'a whole number from 16 on');
    return Math.max(Math.floor(size / inodes), 1);
  }
  if (density !== undefined && !(density >= 256)) throw usageError('density', density, '256 bytes or more');
  return density ?? 8 * kib;
}

type GroupLayout = Omit<
  FfsFormatPlan,
  | ('blockSize' | 'fragmentSize' | 'fragmentsPerBlock' | 'clusterSizes')
  | ('minimumFree' | 'optimization' | 'lostAndFound' | 'time' | 'identity')
>;

function layOutGroups(
  usable: number,
  blockSize: number,
  fragmentSize: number,
  density: number,
  bytes: number,
): GroupLayout {
  const frag = blockSize / fragmentSize;
  const inBlocks = (count: number): number => Math.ceil(count / blockSize) * frag;
  const superblockAddress = inBlocks(superblockOffset + superblockBytes);
  const groupAddress = superblockAddress + inBlocks(superblockBytes);
  const inodeAddress = groupAddress + frag;
  const { groupSize, inodesPerGroup, maps } = chooseGroup(usable, blockSize, fragmentSize, density);
  const dataAddress = inodeAddress + inBlocks(inodesPerGroup * inodeBytes);
  const least = dataAddress + 2 * frag;
  let groups = Math.ceil(usable / groupSize);
  let size = usable;
  // A rest that has no room for a group's own structures stays unused.
  if (groups > 1 && size - (groups - 1) * groupSize < least) size = --groups * groupSize;
  const summary = Math.ceil((groups * summaryBytes) / fragmentSize) * fragmentSize;
  if (Math.min(groupSize, size) < least + summary / fragmentSize) throw tooSmall(bytes, blockSize);
  return {
    size,
    groups,
    groupSize,
    inodesPerGroup,
    superblockAddress,
    groupAddress,
    inodeAddress,
    dataAddress,
    summaryBytes: summary,
    groupBytes: Math.ceil(maps.end / fragmentSize) * fragmentSize,
    maps,
  };
}

interface GroupChoice {
  groupSize: number;
  inodesPerGroup: number;
  maps: GroupMaps;
}

/** The largest group whose maps fit into one block; then groups of one size that fill the disk evenly. */
function chooseGroup(usable: number, blockSize: number, fragmentSize: number, density: number): GroupChoice {
  const frag = blockSize / fragmentSize;
  const inodesPerBlock = blockSize / inodeBytes;
  const choice = (blocks: number): GroupChoice => {
    const groupSize = blocks * frag;
    const wanted = Math.ceil((groupSize * fragmentSize) / density / inodesPerBlock);
    const inodesPerGroup = Math.max(wanted, 1) * inodesPerBlock;
    return { groupSize, inodesPerGroup, maps: placeMaps(groupSize, inodesPerGroup, frag) };
  };
  const fits = ({ inodesPerGroup, maps }: GroupChoice): boolean =>
    maps.end <= blockSize && inodesPerGroup <= mostInodesPerGroup;
  // Blocks of a group stay a multiple of eight, so that its maps are whole bytes.
  let most = Math.ceil(usable / frag / 8) * 8;
  for (let least = 8; most - least >= 8;) {
    const middle = Math.ceil((least + most) / 16) * 8;
    if (fits(choice(middle))) least = middle;
    else most = middle - 8;
    if (least >= most) break;
  }
  const groups = Math.ceil(usable / frag / most);
  const even = Math.ceil(usable / frag / groups / 8) * 8;
  return choice(Math.min(even, most));
}

function placeMaps(groupSize: number, inodesPerGroup: number, frag: number): GroupMaps {
  const cylinderTotals = groupHeaderBytes;
  const positions = cylinderTotals + 4;
  const inodes = positions + 2;
  const fragments = inodes + Math.ceil(inodesPerGroup / 8);
  const clusterSums = Math.ceil((fragments + Math.ceil(groupSize / 8)) / 4) * 4;
  const clusters = clusterSums + 4 * (clusterSizes + 1);
  const end = clusters + Math.ceil(groupSize / frag / 8);
  return { cylinderTotals, positions, inodes, fragments, clusterSums, clusters, end };
}

function requirePower(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(Math.log2(value)) && value >= least && value <= most) return;
  throw usageError(name, value, `a power of two from ${least} to ${most}`);
}

function usageError(name: string, value: unknown, expected: string): DiskError {
  return new DiskError('RUMP_DISK_USAGE', `${name} is ${expected}, not ${String(value)}`, {
    details: { name, value, expected },
  });
}

function tooSmall(size: number, blockSize: number): DiskError {
  return new DiskError(
    'RUMP_DISK_TOO_SMALL',
    `${size} bytes are too few for an FFS file system with blocks of ${blockSize} bytes`,
    {
      remedy: 'Make it larger, or take smaller blocks or fewer inodes.',
      details: { size, blockSize },
    },
  );
}

function tooLarge(size: number): DiskError {
  return new DiskError(
    'RUMP_DISK_TOO_LARGE',
    `${size} bytes are too many for FFSv1: the driver counts sectors of ${sectorBytes} bytes with 32 bits and a sign (daddr_t)`,
    { remedy: `Make it smaller than 1 TiB (${mostBytes} bytes).`, details: { size, most: mostBytes } },
  );
}
