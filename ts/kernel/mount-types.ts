// SPDX-License-Identifier: BSD-2-Clause
// mount-types.ts: the file systems that can be mounted, and the data that each one's mount call takes.
import { structWithString } from '../native/kernel-calls.js';

/** A mount of an ISO 9660 image. */
export interface Cd9660Mount {
  type: 'cd9660';
  /** Use Rock Ridge names, modes and links where the image has them; true unless told otherwise. */
  rockRidge?: boolean;
  /** Use Joliet names where the image has them and no Rock Ridge; true unless told otherwise. */
  joliet?: boolean;
}

/** A mount of an image with the Berkeley fast file system (FFS, version 1). */
export interface FfsMount {
  type: 'ffs';
  /**
   * Order writes so that a crash never leaves more than blocks and inodes that nobody uses, instead of writing names
   * and inodes at once. True unless told otherwise; a read-only mount has no use for it.
   */
  softUpdates?: boolean;
}

/** A mount of an image with a FAT file system: FAT12, FAT16, FAT32, exFAT. It knows no owners and no modes. */
export interface MsdosMount {
  type: 'msdos';
  /** Who owns everything; 0 unless told otherwise. */
  uid?: number;
  gid?: number;
  /** Permissions of files; 0o755 unless told otherwise. */
  fileMode?: number;
  /** Permissions of folders; those of files unless told otherwise. */
  folderMode?: number;
  /** By how many seconds the image's clock, which is a local one, is ahead of UTC. */
  utcOffset?: number;
}

/** A mount of an image with ext2, ext3 or ext4. */
export interface Ext2fsMount {
  type: 'ext2fs';
}

/** A mount of memory. */
export interface TmpfsMount {
  type: 'tmpfs';
  /** The most bytes that files may have in all; 0, as it is unless told otherwise: what the kernel's memory gives. */
  size?: number;
  /** The most files and folders; 0: as many as there is memory for. */
  inodes?: number;
  /** The mode of its root; 0o755 unless told otherwise. */
  mode?: number;
}

/** What a mount call needs beside its paths. */
export interface MountType {
  /** The component that has the driver. */
  component: string;
  /** Whether it mounts an image. */
  hasImage: boolean;
  /** Options of its own that are numbers, with their largest values. */
  numbers: Readonly<Record<string, number>>;
  /** The call's data: a structure, then what it points to. */
  encode(device: string, options: object): Buffer[];
  /** Mount flags for options of its own. */
  flags?(options: object): number;
}

/* struct rump_iso_args of rumpdefs.h. */
const isoArgsBytes = 144;
const isoFlagsOffset = 136;
const isoNoRockRidge = 0x1;
const isoNoJoliet = 0x8;
/* struct rump_ufs_args. */
const ufsArgsBytes = 8;
const mountSoftUpdates = 0x80000000;
/* struct rump_msdosfs_args. */
const msdosArgsBytes = 168;
const msdosFieldsOffset = 136;
const msdosVersioned = 0x10;
const msdosVersion = 3;
/* struct rump_tmpfs_args. */
const tmpfsArgsBytes = 40;
const tmpfsVersion = 1;

const largestId = 0xffff_ffff;
const largestMode = 0o7777;
const largestPermissions = 0o777;
const secondsOfDay = 86_399;
const defaultPermissions = 0o755;

function encodeMsdos(device: string, options: Partial<MsdosMount>): Buffer[] {
  const { uid = 0, gid = 0, fileMode = defaultPermissions, folderMode = fileMode, utcOffset = 0 } = options;
  const fields = [uid, gid, fileMode, msdosVersioned, msdosVersion, folderMode, utcOffset];
  return structWithString(device, msdosArgsBytes, (bytes) => {
    for (const [index, value] of fields.entries())
      bytes.writeInt32LE(value | 0, msdosFieldsOffset + 4 * index);
  });
}

function encodeTmpfs({ size = 0, inodes = 0, mode = defaultPermissions }: Partial<TmpfsMount>): Buffer[] {
  const bytes = Buffer.alloc(tmpfsArgsBytes);
  bytes.writeInt32LE(tmpfsVersion, 0);
  bytes.writeBigUInt64LE(BigInt(inodes), 8);
  bytes.writeBigUInt64LE(BigInt(size), 16);
  bytes.writeUInt32LE(mode, 32);
  return [bytes];
}

function encodeCd9660(device: string, { rockRidge = true, joliet = true }: Partial<Cd9660Mount>): Buffer[] {
  return structWithString(device, isoArgsBytes, (bytes) => {
    bytes.writeInt32LE((rockRidge ? 0 : isoNoRockRidge) | (joliet ? 0 : isoNoJoliet), isoFlagsOffset);
  });
}

const encodeUfs = (device: string): Buffer[] => structWithString(device, ufsArgsBytes);

/** By type. */
export const mountTypes: ReadonlyMap<string, MountType> = new Map<string, MountType>([
  ['cd9660', { component: 'fs/cd9660', hasImage: true, numbers: {}, encode: encodeCd9660 }],
  [
    'ffs',
    {
      component: 'fs/ffs',
      hasImage: true,
      numbers: {},
      encode: encodeUfs,
      flags: ({ softUpdates = true }: Partial<FfsMount>) => (softUpdates ? mountSoftUpdates : 0),
    },
  ],
  [
    'msdos',
    {
      component: 'fs/msdos',
      hasImage: true,
      numbers: {
        uid: largestId,
        gid: largestId,
        fileMode: largestPermissions,
        folderMode: largestPermissions,
        utcOffset: secondsOfDay,
      },
      encode: encodeMsdos,
    },
  ],
  ['ext2fs', { component: 'fs/ext2', hasImage: true, numbers: {}, encode: encodeUfs }],
  [
    'tmpfs',
    {
      component: 'fs/tmpfs',
      hasImage: false,
      numbers: { size: Number.MAX_SAFE_INTEGER, inodes: Number.MAX_SAFE_INTEGER, mode: largestMode },
      encode: (_: string, options: Partial<TmpfsMount>) => encodeTmpfs(options),
    },
  ],
]);
