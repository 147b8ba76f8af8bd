// SPDX-License-Identifier: BSD-2-Clause
// disklabel.ts: the BSDs' own table: partitions by letter, on a whole disk or inside of a slice of an MBR.
import type { Storage } from '../storage.js';
import type { Partition, PartitionTable } from './partition.js';

const magic = 0x8256_4557;
const sectorBytes = 512;
/** In the second sector on PCs, behind the boot code of the first one elsewhere. */
const labelOffsets = [sectorBytes, 64];
const partitionsOffset = 148;
const partitionBytes = 16;
const mostPartitions = 22;
/** 'c' is the whole slice. */
const wholeIndex = 2;

/**
 * The partitions of the label at a place on the disk; undefined if there is none. A wrong checksum is only remarked,
 * because partitioning programs of other systems (parted, for one) write it wrongly.
 */
export function readDisklabel(storage: Storage, start: number, slice = ''): PartitionTable | undefined {
  for (const offset of labelOffsets) {
    const label = Buffer.alloc(partitionsOffset + mostPartitions * partitionBytes);
    storage.read(start + offset, label);
    if (label.readUInt32LE(0) !== magic || label.readUInt32LE(132) !== magic) continue;
    const count = label.readUInt16LE(138);
    if (count > mostPartitions) continue;
    return {
      partitions: readPartitions(label, count, start, slice),
      remarks: hasRightChecksum(label, count) ? [] : ["the disklabel's checksum is wrong"],
    };
  }
  return undefined;
}

/** All 16-bit words together, the checksum among them, make zero. */
function hasRightChecksum(label: Buffer, count: number): boolean {
  let sum = 0;
  for (let at = 0; at < partitionsOffset + count * partitionBytes; at += 2) sum ^= label.readUInt16LE(at);
  return sum === 0;
}

function readPartitions(label: Buffer, count: number, start: number, slice: string): Partition[] {
  const sector = label.readUInt32LE(40) || sectorBytes;
  const field = (index: number, at: number): number =>
    label.readUInt32LE(partitionsOffset + index * partitionBytes + at);
  // FreeBSD counts from the slice on, unless its 'c' says otherwise; NetBSD and OpenBSD count from the disk's start.
  const isRelative = slice !== '' && count > wholeIndex && field(wholeIndex, 4) === 0;
  const base = isRelative && field(wholeIndex, 0) > 0 ? start : 0;
  const found: Partition[] = [];
  for (let index = 0; index < count; index++) {
    const size = field(index, 0) * sector;
    if (size === 0) continue;
    const type = label[partitionsOffset + index * partitionBytes + 12] ?? 0;
    found.push({
      name: `${slice}${String.fromCharCode(0x61 + index)}`,
      table: 'disklabel',
      start: base + field(index, 4) * sector,
      size,
      type: `0x${type.toString(16).padStart(2, '0')}`,
    });
  }
  return found;
}
