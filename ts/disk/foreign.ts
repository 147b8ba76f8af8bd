// SPDX-License-Identifier: BSD-2-Clause
// foreign.ts: makes and checks the file systems of others with the programs that their own people wrote.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskError, RumpError } from '../errors.js';
import { findProgram } from '../exec/find-program.js';
import { runCommand } from '../exec/run-command.js';
import type { Partition } from './partition/partition.js';
import { openStorage } from './storage.js';

/** Types that a program of another package makes. */
export type ForeignType = 'msdos' | 'exfat' | 'ext2fs';

/** What can be chosen; sizes in bytes. */
export interface ForeignFormatOptions {
  label?: string;
  blockSize?: number;
  inodes?: number;
  density?: number;
  /** FAT: 12, 16 or 32 bits. ext2fs: 2, 3 or 4. */
  variant?: number;
}

/** Where programs come from that may not be installed. */
const packages: Readonly<Record<string, string>> = {
  'mkfs.fat': 'dosfstools',
  'fsck.fat': 'dosfstools',
  mke2fs: 'e2fsprogs',
  e2fsck: 'e2fsprogs',
  'mkfs.exfat': 'exfatprogs',
  'fsck.exfat': 'exfatprogs',
};

/** Makes a file system in an image that has its size already, or in a partition of it. */
export async function formatForeign(
  type: ForeignType,
  image: string,
  partition: Partition | undefined,
  options: ForeignFormatOptions,
): Promise<void> {
  const words = { msdos: fatWords, exfat: exfatWords, ext2fs: extWords }[type](image, partition, options);
  const [command = '', ...args] = words;
  await runTool(command, args, image);
}

function fatWords(image: string, partition: Partition | undefined, options: ForeignFormatOptions): string[] {
  const { label, variant, blockSize } = options;
  const [start, count] =
    partition === undefined ? [0, ''] : [partition.start, String(Math.floor(partition.size / 1024))];
  return [
    'mkfs.fat',
    ...(variant === undefined ? [] : ['-F', String(variant)]),
    ...(label === undefined ? [] : ['-n', label]),
    ...(blockSize === undefined ? [] : ['-s', String(blockSize / 512)]),
    ...(partition === undefined ? ['-I'] : ['--offset', String(start / 512), '-h', String(start / 512)]),
    image,
    ...(count === '' ? [] : [count]),
  ];
}

function exfatWords(
  image: string,
  partition: Partition | undefined,
  { label, blockSize }: ForeignFormatOptions,
): string[] {
  if (partition !== undefined)
    throw new DiskError(
      'RUMP_DISK_USAGE',
      'mkfs.exfat cannot make a file system in a partition of an image',
      {
        remedy: 'Make it on a whole image, or take --type msdos.',
        details: { image, partition },
      },
    );
  const cluster = blockSize === undefined ? [] : ['-c', String(blockSize)];
  return ['mkfs.exfat', ...(label === undefined ? [] : ['-L', label]), ...cluster, image];
}

function extWords(image: string, partition: Partition | undefined, options: ForeignFormatOptions): string[] {
  const { label, variant = 2, blockSize, inodes, density } = options;
  return [
    'mke2fs',
    ...['-q', '-F', '-t', `ext${variant}`],
    ...(label === undefined ? [] : ['-L', label]),
    ...(blockSize === undefined ? [] : ['-b', String(blockSize)]),
    ...(inodes === undefined ? [] : ['-N', String(inodes)]),
    ...(density === undefined ? [] : ['-i', String(density)]),
    ...(partition === undefined ? [] : ['-E', `offset=${partition.start}`]),
    image,
    ...(partition === undefined ? [] : [`${Math.floor(partition.size / 1024)}k`]),
  ];
}

/** What a checking program said, and whether it found anything. */
export interface ForeignCheck {
  program: string;
  isClean: boolean;
  output: string;
}

/** Checks a file system without changing it. */
export async function checkForeign(
  type: ForeignType,
  image: string,
  partition: Partition | undefined,
): Promise<ForeignCheck> {
  if (type === 'ext2fs') {
    const target = partition === undefined ? image : `${image}?offset=${partition.start}`;
    return runCheck('e2fsck', ['-f', '-n', target], image);
  }
  const program = type === 'exfat' ? 'fsck.exfat' : 'fsck.fat';
  // These two know whole images only.
  return partition === undefined
    ? runCheck(program, ['-n', image], image)
    : withCopy(image, partition, (copy) => runCheck(program, ['-n', copy], image));
}

async function withCopy<T>(
  image: string,
  partition: Partition,
  work: (copy: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rumpkit-partition-'));
  try {
    const copy = join(folder, 'partition.img');
    copyPart(image, partition, copy);
    return await work(copy);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyPart(image: string, { start, size }: Partition, copy: string): void {
  using from = openStorage(image);
  using to = openStorage(copy, 'create');
  to.truncate(size);
  const piece = Buffer.alloc(1 << 20);
  for (let at = 0; at < size; at += piece.length) {
    const part = piece.subarray(0, Math.min(piece.length, size - at));
    from.read(start + at, part);
    if (part.some((byte) => byte !== 0)) to.write(at, part);
  }
}

async function runCheck(program: string, args: string[], image: string): Promise<ForeignCheck> {
  try {
    const { stdout, stderr } = await runTool(program, args, image);
    return { program, isClean: true, output: `${stdout}\n${stderr}`.trim() };
  } catch (error) {
    const { exitCode, stdout, stderr } = error instanceof RumpError ? error.details : {};
    // 8 and more: the program itself could not do its work.
    if (typeof exitCode !== 'number' || exitCode >= 8) throw error;
    return { program, isClean: false, output: `${String(stdout)}\n${String(stderr)}`.trim() };
  }
}

async function runTool(
  name: string,
  args: string[],
  image: string,
): Promise<{ stdout: string; stderr: string }> {
  // Debian keeps these where a user's PATH may not look.
  const command = findProgram(name) ?? findProgram(name, '/usr/sbin:/sbin');
  if (command === undefined)
    throw new DiskError('RUMP_EXEC_NOT_FOUND', `${name} is not installed`, {
      remedy: `apt-get install ${packages[name] ?? name}`,
      details: { program: name, image },
    });
  return runCommand({ command, args, env: { LC_ALL: 'C' } });
}
