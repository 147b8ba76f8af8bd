// SPDX-License-Identifier: BSD-2-Clause
// detect.ts: which file system a disk image or a partition holds, by its contents.
import { DiskError } from '../errors.js';
import {
  ffsMagic,
  superblockFields,
  superblockOffset,
  ufs2Magic,
  ufs2SuperblockOffset,
} from './ffs/layout.js';
import { readPartitions } from './partition/read-partitions.js';
import type { Storage } from './storage.js';

/** A file system by its name for mount, and which kind of it where there are several. */
export interface DetectedFileSystem {
  type: 'ffs' | 'ext2fs' | 'msdos' | 'cd9660';
  kind:
    'FFSv1' | 'UFS2' | 'FFS, big-endian' | 'ext2/3/4' | 'FAT12' | 'FAT16' | 'FAT32' | 'exFAT' | 'ISO 9660';
}

/** What is there; undefined if nothing is known. */
export function detectFileSystem(storage: Storage): DetectedFileSystem | undefined {
  return detectFat(storage) ?? detectExt(storage) ?? detectFfs(storage) ?? detectIso(storage);
}

/** Like detectFileSystem, but throws RUMP_DISK_UNKNOWN_TYPE, which lists partitions if there are any. */
export function requireFileSystem(storage: Storage): DetectedFileSystem {
  const found = detectFileSystem(storage);
  if (found !== undefined) return found;
  const { partitions } = readPartitions(storage);
  const names = partitions.map(({ name }) => `${storage.name}@${name}`);
  throw new DiskError('RUMP_DISK_UNKNOWN_TYPE', `no file system is recognised on ${storage.name}`, {
    remedy:
      names.length > 0
        ? `It has partitions; name one: ${names.join(', ')}.`
        : 'Check that it is the right image; rumpkit fs mkfs makes a file system.',
    details: { image: storage.name, partitions },
  });
}

function readBytes(storage: Storage, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  storage.read(offset, bytes);
  return bytes;
}

function detectFat(storage: Storage): DetectedFileSystem | undefined {
  const boot = readBytes(storage, 0, 512);
  if (boot.readUInt16LE(510) !== 0xaa55) return undefined;
  if (boot.toString('latin1', 3, 11) === 'EXFAT   ') return { type: 'msdos', kind: 'exFAT' };
  const sectorBytes = boot.readUInt16LE(11);
  const clusterSectors = boot[13] ?? 0;
  const reserved = boot.readUInt16LE(14);
  const tables = boot[16] ?? 0;
  const isPower = (value: number): boolean => value > 0 && (value & (value - 1)) === 0;
  if (!isPower(sectorBytes) || sectorBytes < 512 || sectorBytes > 4096 || !isPower(clusterSectors))
    return undefined;
  if (reserved === 0 || tables < 1 || tables > 2 || (boot[21] ?? 0) < 0xf0) return undefined;
  const tableSectors = boot.readUInt16LE(22) || boot.readUInt32LE(36);
  const sectors = boot.readUInt16LE(19) || boot.readUInt32LE(32);
  const rootSectors = Math.ceil((boot.readUInt16LE(17) * 32) / sectorBytes);
  const clusters = Math.floor((sectors - reserved - tables * tableSectors - rootSectors) / clusterSectors);
  if (clusters < 1) return undefined;
  if (boot.readUInt16LE(22) === 0) return { type: 'msdos', kind: 'FAT32' };
  return { type: 'msdos', kind: clusters < 4085 ? 'FAT12' : 'FAT16' };
}

function detectExt(storage: Storage): DetectedFileSystem | undefined {
  return readBytes(storage, 1024 + 56, 2).readUInt16LE(0) === 0xef53
    ? { type: 'ext2fs', kind: 'ext2/3/4' }
    : undefined;
}

function detectFfs(storage: Storage): DetectedFileSystem | undefined {
  for (const offset of [superblockOffset, ufs2SuperblockOffset]) {
    const magic = readBytes(storage, offset + superblockFields.magic, 4);
    if (magic.readInt32LE() === ufs2Magic || magic.readInt32BE() === ufs2Magic)
      return { type: 'ffs', kind: 'UFS2' };
    if (offset !== superblockOffset) continue;
    if (magic.readInt32LE() === ffsMagic) return { type: 'ffs', kind: 'FFSv1' };
    if (magic.readInt32BE() === ffsMagic) return { type: 'ffs', kind: 'FFS, big-endian' };
  }
  return undefined;
}

function detectIso(storage: Storage): DetectedFileSystem | undefined {
  return readBytes(storage, 32769, 5).toString('latin1') === 'CD001'
    ? { type: 'cd9660', kind: 'ISO 9660' }
    : undefined;
}
