// SPDX-License-Identifier: BSD-2-Clause
// groups.ts: who is compared with whom, how much each does, and what we aim at. The first subject is ours.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { ext2fsSubject, fatfsSubject } from './image-peers.js';
import { kernelSubject, makeImage, type Image } from './kernel-subjects.js';
import type { Form, Row, Subject } from './measure.js';
import { memfsSubject, nodeSubject, zenfsSubject } from './subjects.js';
import type { Amounts } from './workloads.js';

/** A comparison. */
export interface Group {
  name: string;
  subjects(): Promise<Subject[]>;
  forms: Partial<Record<Form, Amounts>>;
  /** How many times as fast as the fastest peer a row is to be; undefined where nothing is aimed at. */
  aim(row: Pick<Row, 'kind'>): number | undefined;
}

const mebi = 1024 * 1024;
const whole: Amounts = {
  fileBytes: 256 * mebi,
  smallCallBytes: 256 * mebi,
  files: 10_000,
  randomReads: 20_000,
  syncedWrites: 200,
};
/** Promises of calls of 4 KiB: a quarter of the file, because some need a minute for all of it. */
const fewer: Amounts = { ...whole, smallCallBytes: 64 * mebi };
/** What libraries for images do in a minute or so. */
const few: Amounts = {
  fileBytes: 16 * mebi,
  smallCallBytes: 4 * mebi,
  files: 300,
  randomReads: 1_000,
  syncedWrites: 100,
};

const memory: Group = {
  name: 'In memory',
  subjects: async () => [
    await kernelSubject('tmpfs', 'fs/tmpfs', { type: 'tmpfs', at: '/bench' }),
    ...(existsSync('/dev/shm') ? [nodeSubject('node:fs, /dev/shm', '/dev/shm')] : []),
    await memfsSubject(),
    await zenfsSubject(),
  ],
  // where fsync has nothing to do, 200 of them are too few to measure
  forms: { sync: { ...whole, syncedWrites: 20_000 }, promises: { ...fewer, syncedWrites: 20_000 } },
  aim: () => 1,
};

const disk: Group = {
  name: 'On a disk',
  subjects: async () => {
    const image = makeImage('makefs', (path, empty) => ['-t', 'ffs', '-s', '1g', '-f', '20000', path, empty]);
    return [
      await kernelSubject(
        'FFS',
        'fs/ffs',
        { type: 'ffs', image: image.path, at: '/bench', readOnly: false },
        image.remove,
      ),
      nodeSubject('node:fs, the same disk', tmpdir()),
    ];
  },
  forms: { sync: whole, promises: fewer },
  aim: ({ kind }) => ({ metadata: 1, sequential: 1 / 1.5, random: undefined, synced: undefined })[kind],
};

const ext2: Group = {
  name: 'ext2 images',
  subjects: async () => {
    const [ours, theirs] = [makeExt2(), makeExt2()];
    const peer = await ext2fsSubject(theirs.path);
    return [
      await kernelSubject(
        'ext2',
        'fs/ext2',
        { type: 'ext2fs', image: ours.path, at: '/bench', readOnly: false },
        ours.remove,
      ),
      { ...peer, end: () => peer.end().finally(theirs.remove) },
    ];
  },
  forms: { promises: few },
  aim: () => 1,
};

const makeExt2 = (): Image => makeImage('mke2fs', (path) => ['-q', '-F', '-t', 'ext2', path]);

const fat: Group = {
  name: 'FAT images',
  subjects: async () => {
    const [ours, theirs] = [makeFat(), makeFat()];
    const peer = await fatfsSubject(theirs.path);
    return [
      await kernelSubject(
        'FAT',
        'fs/msdos',
        { type: 'msdos', image: ours.path, at: '/bench', readOnly: false },
        ours.remove,
      ),
      { ...peer, end: () => peer.end().finally(theirs.remove) },
    ];
  },
  forms: { promises: few },
  aim: () => 1,
};

const makeFat = (): Image => makeImage('mkfs.fat', (path) => ['-F', '32', path]);

/** All of them. */
export const groups: readonly Group[] = [memory, disk, ext2, fat];
