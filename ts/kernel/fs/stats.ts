// SPDX-License-Identifier: BSD-2-Clause
// stats.ts: objects of Node's own classes (Stats, BigIntStats, StatFs, Dirent) from the kernel's numbers. The classes
// are reached through objects that node:fs made, because two of them are not exported; constructing them directly is
// deprecated.
import * as nodeFs from 'node:fs';
import type { StatNumbers } from '../../native/addon-types.js';

const sample = nodeFs.statSync('/');
const bigSample = nodeFs.statSync('/', { bigint: true });
const fsSample = nodeFs.statfsSync('/');
/** Newer versions of Node make the dates only when they are asked for, by accessors of the class. */
const hasOwnDates = Object.hasOwn(sample, 'atime');

/* Plain constructor functions with a foreign prototype: fast to call, and their objects are instances of that class. */

interface Mutable {
  [field: string]: unknown;
}

type Constructor<T> = new (numbers: ArrayLike<never>) => T;

function PlainStats(this: Mutable, at: Float64Array): void {
  this['dev'] = at[0];
  this['mode'] = at[1];
  this['nlink'] = at[2];
  this['uid'] = at[3];
  this['gid'] = at[4];
  this['rdev'] = at[5];
  this['blksize'] = at[6];
  this['ino'] = at[7];
  this['size'] = at[8];
  this['blocks'] = at[9];
  const atime = (at[10] as number) * 1000 + (at[11] as number) / 1_000_000;
  const mtime = (at[12] as number) * 1000 + (at[13] as number) / 1_000_000;
  const ctime = (at[14] as number) * 1000 + (at[15] as number) / 1_000_000;
  const birthtime = (at[16] as number) * 1000 + (at[17] as number) / 1_000_000;
  this['atimeMs'] = atime;
  this['mtimeMs'] = mtime;
  this['ctimeMs'] = ctime;
  this['birthtimeMs'] = birthtime;
  if (hasOwnDates) {
    this['atime'] = new Date(Math.round(atime));
    this['mtime'] = new Date(Math.round(mtime));
    this['ctime'] = new Date(Math.round(ctime));
    this['birthtime'] = new Date(Math.round(birthtime));
  }
}
PlainStats.prototype = Object.getPrototypeOf(sample) as object;

const statFields = [
  'dev',
  'mode',
  'nlink',
  'uid',
  'gid',
  'rdev',
  'blksize',
  'ino',
  'size',
  'blocks',
] as const;
const timeFields = ['atime', 'mtime', 'ctime', 'birthtime'] as const;

function PlainBigIntStats(this: Mutable, at: BigInt64Array): void {
  const numberAt = (index: number): bigint => at[index] ?? 0n;
  const nanoseconds = timeFields.map(
    (_, index) => numberAt(10 + 2 * index) * 1_000_000_000n + numberAt(11 + 2 * index),
  );
  const setTimes = (suffix: string, convert: (time: bigint) => unknown): void => {
    timeFields.forEach((field, index) => (this[field + suffix] = convert(nanoseconds[index] ?? 0n)));
  };
  statFields.forEach((field, index) => (this[field] = at[index]));
  setTimes('Ms', (time) => time / 1_000_000n);
  setTimes('Ns', (time) => time);
  if (hasOwnDates) setTimes('', (time) => new Date(Number(time / 1_000_000n)));
}
PlainBigIntStats.prototype = Object.getPrototypeOf(bigSample) as object;

const StatsLike = PlainStats as unknown as Constructor<nodeFs.Stats>;
const BigIntStatsLike = PlainBigIntStats as unknown as Constructor<nodeFs.BigIntStats>;

/** Stats, or BigIntStats, according to the kind of numbers. */
export function makeStats(numbers: StatNumbers): nodeFs.Stats | nodeFs.BigIntStats {
  if (numbers instanceof Float64Array)
    return new StatsLike(numbers as ArrayLike<unknown> as ArrayLike<never>);
  return new BigIntStatsLike(numbers as ArrayLike<unknown> as ArrayLike<never>);
}

const statfsFields = ['type', 'bsize', 'blocks', 'bfree', 'bavail', 'files', 'ffree'] as const;

/** StatFs, with numbers or bigints. */
export function makeStatFs(numbers: BigInt64Array, isBigint: boolean): nodeFs.StatsFs | nodeFs.BigIntStatsFs {
  const result = Object.create(Object.getPrototypeOf(fsSample) as object) as Mutable;
  statfsFields.forEach(
    (field, index) => (result[field] = isBigint ? numbers[index] : Number(numbers[index])),
  );
  return result as unknown as nodeFs.StatsFs;
}

/** UV_DIRENT_ values by the kernel's d_type. */
const direntTypes: Readonly<Record<number, number>> = { 1: 4, 2: 6, 4: 2, 6: 7, 8: 1, 10: 3, 12: 5 };

const fileTypes: readonly (readonly [number, number])[] = [
  [nodeFs.constants.S_IFREG, 8],
  [nodeFs.constants.S_IFDIR, 4],
  [nodeFs.constants.S_IFLNK, 10],
  [nodeFs.constants.S_IFIFO, 1],
  [nodeFs.constants.S_IFSOCK, 12],
  [nodeFs.constants.S_IFCHR, 2],
  [nodeFs.constants.S_IFBLK, 6],
];

/** The d_type of a mode. */
export function typeOfMode(mode: number): number {
  return fileTypes.find(([bits]) => (mode & nodeFs.constants.S_IFMT) === bits)?.[1] ?? 0;
}

const DirentClass = nodeFs.Dirent as unknown as new (
  name: string | Buffer,
  type: number,
  path: unknown,
) => nodeFs.Dirent;

/** A Dirent of the folder `path`. */
export function makeDirent(name: string | Buffer, type: number, path: unknown): nodeFs.Dirent {
  return new DirentClass(name, direntTypes[type] ?? 0, path);
}
