// SPDX-License-Identifier: BSD-2-Clause
// partition.ts: what a partition is, whichever table it stands in.

/** A part of a disk. */
export interface Partition {
  /** '2' for a slice of an MBR or GPT, 'a' for a partition of a BSD disklabel, '2a' for one inside of a slice. */
  name: string;
  table: 'mbr' | 'gpt' | 'disklabel';
  /** Bytes from the start of the disk. */
  start: number;
  /** Bytes. */
  size: number;
  /** The type as the table has it: a number in hexadecimal, or a GUID. */
  type: string;
  /** A GPT partition's name, if it has one. */
  label?: string;
}

/** A table that was found, and what is wrong with it. */
export interface PartitionTable {
  partitions: Partition[];
  /** Remarks about what was mended while reading, for instance that the copy of the table was used. */
  remarks: string[];
}

/** A name's parts: the slice, and the letter inside of it or of the disk. */
export const partitionNamePattern = /^(?:[1-9]\d*[a-p]?|[a-p])$/;
