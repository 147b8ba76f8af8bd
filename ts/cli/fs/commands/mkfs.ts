// SPDX-License-Identifier: BSD-2-Clause
// mkfs.ts: rumpkit fs mkfs: makes a file system in a new image, in one that exists, or in a partition.
import { existsSync, statSync } from 'node:fs';
import { detectFileSystem } from '../../../disk/detect.js';
import { formatFfs } from '../../../disk/ffs/format.js';
import { planFfs, type FfsFormatOptions } from '../../../disk/ffs/format-plan.js';
import { formatForeign, type ForeignFormatOptions, type ForeignType } from '../../../disk/foreign.js';
import { readPartitions } from '../../../disk/partition/read-partitions.js';
import { openStorage } from '../../../disk/storage.js';
import { DiskError } from '../../../errors.js';
import { usage } from '../../options.js';
import { print, printJson } from '../../output.js';
import type { OptionDefinitions, OptionValues } from '../command.js';
import { formatImageName, parseImageName, type ImageName } from '../reference.js';
import { withStorage } from '../volumes.js';

type FormatType = 'ffs' | ForeignType;

/** Types by the names that people may use. */
const types: Readonly<Record<string, readonly [FormatType, number?]>> = {
  ffs: ['ffs'],
  msdos: ['msdos'],
  fat12: ['msdos', 12],
  fat16: ['msdos', 16],
  fat32: ['msdos', 32],
  exfat: ['exfat'],
  ext2fs: ['ext2fs'],
  ext2: ['ext2fs', 2],
  ext3: ['ext2fs', 3],
  ext4: ['ext2fs', 4],
};

export const mkfsOptions: OptionDefinitions = {
  type: { type: 'string', short: 't', description: `${Object.keys(types).join(', ')} (default: ffs)` },
  size: { type: 'string', short: 's', description: 'Size of the image, as 64M or 2G; needed for a new one' },
  force: { type: 'boolean', short: 'f', description: 'Also where a file system or a partition table is' },
  label: { type: 'string', description: 'Name of the file system (not for ffs, which has no room for one)' },
  'block-size': { type: 'string', description: 'Bytes of a block or cluster' },
  'fragment-size': {
    type: 'string',
    description: 'ffs: bytes of a fragment (default: an eighth of a block)',
  },
  density: { type: 'string', description: 'One inode for so many bytes' },
  inodes: { type: 'string', description: 'So many inodes, instead of a density' },
  'minimum-free': { type: 'string', description: 'ffs: percent that only root may use (default: 5)' },
  optimization: { type: 'string', description: 'ffs: time or space' },
  'lost-and-found': { type: 'boolean', description: 'ffs: make lost+found' },
  'dry-run': { type: 'boolean', description: 'Print the plan and stop (ffs)' },
};

/** Runs the command. */
export async function runMkfs([word = '']: readonly string[], options: OptionValues): Promise<void> {
  const name = parseImageName(word);
  const [type, variant] = types[String(options['type'] ?? 'ffs')] ?? [];
  if (type === undefined)
    throw usage(
      `fs mkfs: there is no type ${String(options['type'])}`,
      `Use one of ${Object.keys(types).join(', ')}.`,
    );
  const size = sizeFor(name, options);
  if (options['dry-run'] === true) {
    if (type !== 'ffs') throw usage('fs mkfs: only ffs has a plan to print', 'Leave out --dry-run.');
    printJson(planFfs(size, ffsOptions(options)));
    return;
  }
  refuseToReplace(name, options['force'] === true);
  if (type === 'ffs') makeFfs(name, size, options);
  else await makeForeign(type, name, size, foreignOptions(options, variant));
  const made = { image: formatImageName(name), type: String(options['type'] ?? 'ffs'), bytes: size };
  if (options['json'] === true) printJson(made);
  else print(`${made.image}: ${made.type}, ${made.bytes} bytes`);
}

function makeFfs(name: ImageName, size: number, options: OptionValues): void {
  if (options['label'] !== undefined)
    throw usage('fs mkfs: ffs has no room for a label', 'Leave out --label.');
  if (name.partition === undefined && !isDevice(name.image))
    formatFfs(name.image, { size, ...ffsOptions(options) });
  else withStorage(name, 'write', (storage) => formatFfs(storage, { size, ...ffsOptions(options) }));
}

async function makeForeign(
  type: ForeignType,
  name: ImageName,
  size: number,
  options: ForeignFormatOptions,
): Promise<void> {
  if (name.partition === undefined && !isDevice(name.image)) {
    planRoom(name.image, size);
    await formatForeign(type, name.image, undefined, options);
    return;
  }
  const partition = withStorage(name, 'write', (_storage, found) => found);
  await formatForeign(type, name.image, partition, options);
}

/** An empty file of the size, so that nothing of what was there before is left. */
function planRoom(image: string, size: number): void {
  using file = openStorage(image, 'create');
  file.truncate(size);
}

function isDevice(image: string): boolean {
  return existsSync(image) && !statSync(image).isFile();
}

function sizeFor(name: ImageName, options: OptionValues): number {
  const given = options['size'] === undefined ? undefined : parseSize(String(options['size']), 'size');
  if (name.partition !== undefined) {
    const room = withStorage(name, 'read', ({ size }) => size);
    if (given !== undefined && given > room)
      throw new DiskError(
        'RUMP_DISK_TOO_LARGE',
        `${given} bytes do not fit into ${formatImageName(name)}, which has ${room}`,
      );
    return given ?? room;
  }
  if (given !== undefined) return given;
  if (!existsSync(name.image))
    throw usage(`fs mkfs: how large shall ${name.image} be?`, `rumpkit fs mkfs --size 64M ${name.image}`);
  using file = openStorage(name.image);
  return file.size;
}

function refuseToReplace(name: ImageName, isForced: boolean): void {
  if (isForced || !existsSync(name.image)) return;
  const found = withStorage(name, 'read', (storage) => {
    const fileSystem = detectFileSystem(storage)?.kind;
    return (
      fileSystem ??
      (name.partition === undefined && readPartitions(storage).partitions.length > 0
        ? 'a partition table'
        : undefined)
    );
  });
  if (found === undefined) return;
  throw new DiskError('RUMP_FS_EXISTS', `${formatImageName(name)} holds ${found} already`, {
    remedy: 'Use --force to make a new file system over it; everything in it is lost.',
    details: { image: formatImageName(name), found },
  });
}

function ffsOptions(options: OptionValues): FfsFormatOptions {
  const { optimization } = options;
  if (optimization !== undefined && optimization !== 'time' && optimization !== 'space')
    throw usage(
      `fs mkfs: nothing is optimised for ${String(optimization)}`,
      'Use --optimization time or space.',
    );
  return {
    ...numbersOf(options, { 'block-size': 'blockSize', 'fragment-size': 'fragmentSize', density: 'density' }),
    ...numbersOf(options, { inodes: 'inodes', 'minimum-free': 'minimumFree' }),
    ...(optimization === undefined ? {} : { optimization }),
    lostAndFound: options['lost-and-found'] === true,
  };
}

function foreignOptions(options: OptionValues, variant: number | undefined): ForeignFormatOptions {
  return {
    ...numbersOf(options, { 'block-size': 'blockSize', density: 'density', inodes: 'inodes' }),
    ...(options['label'] === undefined ? {} : { label: String(options['label']) }),
    ...(variant === undefined ? {} : { variant }),
  };
}

function numbersOf(options: OptionValues, names: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([option, name]) =>
      options[option] === undefined ? [] : [[name, parseSize(String(options[option]), option)]],
    ),
  );
}

const units: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** 64M, 2G, 1048576. */
function parseSize(text: string, option: string): number {
  const [, digits, unit = ''] = /^(\d+)([KMGT]?)i?B?$/i.exec(text) ?? [];
  const bytes = Number(digits) * (units[unit.toUpperCase()] ?? NaN);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw usage(`fs mkfs: "${text}" is no size for --${option}`, `For example: --${option} 64M`);
}
