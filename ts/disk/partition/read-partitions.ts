// SPDX-License-Identifier: BSD-2-Clause
// read-partitions.ts: all partitions of a disk image, and the one that a name means.
import { DiskError } from '../../errors.js';
import { storagePart, type Storage } from '../storage.js';
import { readDisklabel } from './disklabel.js';
import { readGpt } from './gpt.js';
import { isProtective, readMbr } from './mbr.js';
import { partitionNamePattern, type Partition, type PartitionTable } from './partition.js';

/** Types of MBR slices that may have a disklabel: FreeBSD, OpenBSD, NetBSD. */
const labelledTypes: ReadonlySet<string> = new Set(['0xa5', '0xa6', '0xa9']);

/** Reads every table of the disk; a disk without one has no partitions. */
export function readPartitions(storage: Storage): PartitionTable {
  const slices = readMbr(storage);
  if (slices === undefined || isProtective(slices)) {
    const gpt = readGpt(storage);
    if (gpt !== undefined) return gpt;
  }
  const labels = (slices ?? [])
    .filter(({ type }) => labelledTypes.has(type))
    .map(({ name, start }) => readDisklabel(storage, start, name));
  if (slices === undefined) labels.push(readDisklabel(storage, 0));
  return {
    partitions: [...(slices ?? []), ...labels.flatMap((label) => label?.partitions ?? [])],
    remarks: labels.flatMap((label) => label?.remarks ?? []),
  };
}

/**
 * The partition of a name: '2', 'a', '2a'; a letter alone also means that of the only slice which has a disklabel.
 * Throws RUMP_DISK_NO_PARTITION, which lists what is there.
 */
export function findPartition(storage: Storage, name: string): Partition {
  if (!partitionNamePattern.test(name))
    throw new DiskError('RUMP_DISK_USAGE', `"${name}" cannot be the name of a partition`, {
      remedy: 'Write a number (@2), a letter of a disklabel (@a), or both (@2a).',
      details: { name },
    });
  const { partitions } = readPartitions(storage);
  const exact = partitions.find((each) => each.name === name);
  const byLetter = partitions.filter((each) => each.table === 'disklabel' && each.name.endsWith(name));
  const found = exact ?? (byLetter.length === 1 ? byLetter[0] : undefined);
  if (found === undefined) throw noPartition(storage, name, partitions);
  if (found.size <= 0)
    throw new DiskError('RUMP_DISK_TABLE_DAMAGED', `partition ${name} ends before it begins`, {
      remedy: 'The partition table is damaged.',
      details: { image: storage.name, partition: found },
    });
  if (found.start + found.size > storage.size)
    throw new DiskError(
      'RUMP_DISK_TABLE_DAMAGED',
      `partition ${name} ends behind the end of ${storage.name}`,
      {
        remedy: 'The image is cut short, or its partition table is damaged.',
        details: { image: storage.name, partition: found },
      },
    );
  return found;
}

/** A partition's bytes. */
export function openPartition(storage: Storage, { start, size, name }: Partition): Storage {
  return storagePart(storage, start, size, `${storage.name}@${name}`);
}

function noPartition(storage: Storage, name: string, partitions: readonly Partition[]): DiskError {
  const there = partitions.map((each) => `@${each.name}`).join(', ');
  return new DiskError('RUMP_DISK_NO_PARTITION', `${storage.name} has no partition ${name}`, {
    remedy: there === '' ? 'It has no partition table: leave the partition out.' : `It has ${there}.`,
    details: { image: storage.name, name, partitions },
  });
}
