// SPDX-License-Identifier: BSD-2-Clause
// gpt.ts: the partition table of UEFI: a header and an array of entries, each with a checksum, and a copy of both at
// the end of the disk.
import { crc32 } from 'node:zlib';
import { DiskError } from '../../errors.js';
import type { Storage } from '../storage.js';
import type { Partition, PartitionTable } from './partition.js';

const signature = 'EFI PART';
const headerBytes = 92;
const mostEntries = 4096;

/** Reads the table, or its copy; undefined if the disk has none. Throws RUMP_DISK_TABLE_DAMAGED if both are damaged. */
export function readGpt(storage: Storage): PartitionTable | undefined {
  let isThere = false;
  const faults: string[] = [];
  for (const sectorBytes of [512, 4096]) {
    const last = Math.floor(storage.size / sectorBytes) - 1;
    for (const [where, sector] of [
      ['header', 1],
      ['copy of the header', last],
    ] as const) {
      const found = readAt(storage, sectorBytes, sector);
      if (found === undefined) continue;
      isThere = true;
      if (typeof found !== 'string')
        return { partitions: found, remarks: faults.map((fault) => `${fault}; the copy was used`) };
      faults.push(`the GPT's ${where} is damaged: ${found}`);
    }
  }
  if (!isThere) return undefined;
  throw new DiskError('RUMP_DISK_TABLE_DAMAGED', `the partition table of ${storage.name} is damaged`, {
    remedy: `Mend it with a partitioning program, for instance gdisk ${storage.name}.`,
    details: { image: storage.name, faults },
  });
}

/** Partitions, or what is wrong with the table, or undefined if there is none. */
function readAt(storage: Storage, sectorBytes: number, sector: number): Partition[] | string | undefined {
  if (sector < 1) return undefined;
  const header = Buffer.alloc(sectorBytes);
  storage.read(sector * sectorBytes, header);
  if (header.toString('latin1', 0, 8) !== signature) return undefined;
  const length = header.readUInt32LE(12);
  if (length < headerBytes || length > sectorBytes) return `its length is ${length}`;
  const checksum = header.readUInt32LE(16);
  const own = Buffer.from(header.subarray(0, length));
  own.writeUInt32LE(0, 16);
  if (crc32(own) !== checksum) return 'its checksum is wrong';
  if (Number(header.readBigUInt64LE(24)) !== sector) return 'it says that it is elsewhere';
  const count = header.readUInt32LE(80);
  const entryBytes = header.readUInt32LE(84);
  if (count > mostEntries || entryBytes < 128 || entryBytes > 4096)
    return 'its number of entries is impossible';
  const entries = Buffer.alloc(count * entryBytes);
  storage.read(Number(header.readBigUInt64LE(72)) * sectorBytes, entries);
  if (crc32(entries) !== header.readUInt32LE(88)) return "its entries' checksum is wrong";
  return readEntries(entries, count, entryBytes, sectorBytes);
}

function readEntries(entries: Buffer, count: number, entryBytes: number, sectorBytes: number): Partition[] {
  const found: Partition[] = [];
  for (let index = 0; index < count; index++) {
    const entry = entries.subarray(index * entryBytes, (index + 1) * entryBytes);
    if (entry.subarray(0, 16).every((byte) => byte === 0)) continue;
    const first = Number(entry.readBigUInt64LE(32));
    const last = Number(entry.readBigUInt64LE(40));
    const label = entry.toString('utf16le', 56, 128).replace(/\0.*$/s, '');
    found.push({
      name: String(index + 1),
      table: 'gpt',
      start: first * sectorBytes,
      size: (last - first + 1) * sectorBytes,
      type: guidText(entry.subarray(0, 16)),
      ...(label === '' ? {} : { label }),
    });
  }
  return found;
}

/** The first three parts of a GUID are stored as little-endian numbers. */
function guidText(bytes: Buffer): string {
  const part = (indices: readonly number[]): string =>
    indices.map((index) => (bytes[index] ?? 0).toString(16).padStart(2, '0')).join('');
  return [
    [3, 2, 1, 0],
    [5, 4],
    [7, 6],
    [8, 9],
    [10, 11, 12, 13, 14, 15],
  ]
    .map(part)
    .join('-')
    .toUpperCase();
}
