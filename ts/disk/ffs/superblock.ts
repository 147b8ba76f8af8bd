// SPDX-License-Identifier: BSD-2-Clause
// superblock.ts: reads the superblock of an FFSv1 file system, and says so if it is another kind of file system.
import { DiskError } from '../../errors.js';
import type { Storage } from '../storage.js';
import {
  ffsMagic,
  superblockBytes,
  superblockBytesAt,
  superblockFields,
  superblockLongsAt,
  superblockOffset,
  ufs2Magic,
  ufs2SuperblockOffset,
} from './layout.js';

export type SuperblockField = keyof typeof superblockFields;

/** The superblock's numbers, by their names in fs(5). */
export type Superblock = Readonly<Record<SuperblockField, number>> & {
  readonly clean: number;
  readonly flags: number;
  readonly maxfilesize: bigint;
  readonly qbmask: bigint;
  readonly qfmask: bigint;
  /** The block as it is on the disk. */
  readonly bytes: Buffer;
};

/** Decodes a superblock, whatever is in it. */
export function decodeSuperblock(bytes: Buffer): Superblock {
  const numbers = Object.fromEntries(
    Object.entries(superblockFields).map(([name, offset]) => [name, bytes.readInt32LE(offset)]),
  ) as Record<SuperblockField, number>;
  return {
    ...numbers,
    clean: bytes.readInt8(superblockBytesAt.clean),
    flags: bytes.readUInt8(superblockBytesAt.flags),
    maxfilesize: bytes.readBigUInt64LE(superblockLongsAt.maxfilesize),
    qbmask: bytes.readBigInt64LE(superblockLongsAt.qbmask),
    qfmask: bytes.readBigInt64LE(superblockLongsAt.qfmask),
    bytes,
  };
}

/** Reads the superblock at an offset; undefined if there is none. */
export function readSuperblockAt(storage: Storage, offset: number): Superblock | undefined {
  const bytes = Buffer.alloc(superblockBytes);
  storage.read(offset, bytes);
  return bytes.readInt32LE(superblockFields.magic) === ffsMagic ? decodeSuperblock(bytes) : undefined;
}

/** Where to look for a copy if the first superblock is lost: behind it, aligned to the usual block sizes. */
export const copyOffsets = [16384, 32768, 65536, 131072];

/** Reads the first superblock, or a copy; throws RUMP_DISK_WRONG_TYPE or RUMP_DISK_UNSUPPORTED. */
export function findSuperblock(storage: Storage): { superblock: Superblock; offset: number } {
  for (const offset of [superblockOffset, ...copyOffsets]) {
    const superblock = readSuperblockAt(storage, offset);
    if (superblock !== undefined) return { superblock, offset };
    if (offset === superblockOffset) refuseOtherKinds(storage);
  }
  throw new DiskError('RUMP_DISK_WRONG_TYPE', `${storage.name} holds no FFS file system`, {
    remedy: 'Check that it is the right image, and the right partition of it.',
    details: { image: storage.name },
  });
}

function refuseOtherKinds(storage: Storage): void {
  const word = Buffer.alloc(4);
  const wordAt = (offset: number): Buffer => {
    storage.read(offset + superblockFields.magic, word);
    return word;
  };
  if (wordAt(superblockOffset).readInt32BE() === ffsMagic)
    throw unsupported(storage, 'FFS in big-endian byte order', 'makefs -t ffs -B le');
  for (const offset of [ufs2SuperblockOffset, superblockOffset]) {
    const magic = wordAt(offset);
    if (magic.readInt32LE() === ufs2Magic || magic.readInt32BE() === ufs2Magic)
      throw unsupported(storage, 'UFS2 (the second version of FFS)', 'makefs -t ffs -o version=1');
  }
}

function unsupported(storage: Storage, found: string, command: string): DiskError {
  return new DiskError('RUMP_DISK_UNSUPPORTED', `${storage.name} holds ${found}`, {
    remedy: `Only FFSv1 in little-endian byte order is handled: make the image with ${command} or rumpkit fs mkfs.`,
    details: { image: storage.name, found },
  });
}
