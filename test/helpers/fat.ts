// SPDX-License-Identifier: BSD-2-Clause
// fat.ts: FAT and exFAT volumes made and judged by the formats' own tools.
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratchFolder } from './scratch.js';

const mebibyte = 1024 * 1024;

interface Format {
  size: number;
  make: readonly string[];
  check: readonly string[];
}

const formats = {
  fat12: { size: 8 * mebibyte, make: ['mkfs.fat', '-F', '12'], check: ['fsck.fat', '-n'] },
  fat16: { size: 24 * mebibyte, make: ['mkfs.fat', '-F', '16'], check: ['fsck.fat', '-n'] },
  fat32: { size: 64 * mebibyte, make: ['mkfs.fat', '-F', '32'], check: ['fsck.fat', '-n'] },
  exfat: { size: 64 * mebibyte, make: ['mkfs.exfat'], check: ['fsck.exfat', '-n'] },
} as const satisfies Record<string, Format>;

export type FatFormat = keyof typeof formats;
export const fatFormats = Object.keys(formats) as FatFormat[];

/** A fresh volume; smaller than usual if told, with further options for its maker. */
export function makeFatVolume(
  format: FatFormat,
  { size, options = [] }: { size?: number; options?: readonly string[] } = {},
): string {
  const image = join(makeScratchFolder('fat'), `${format}.img`);
  writeFileSync(image, '');
  truncateSync(image, size ?? formats[format].size);
  const [command = '', ...words] = formats[format].make;
  execFileSync(command, [...words, ...options, image], { stdio: 'pipe' });
  return image;
}

/** The checker says what it finds also where it mends nothing: it must have nothing to say but the totals. */
export function expectCleanVolume(format: FatFormat, image: string): void {
  const [command = '', ...words] = formats[format].check;
  const { status, stdout, stderr } = spawnSync(command, [...words, image], { encoding: 'utf8' });
  const output = `${stdout}${stderr}`;
  expect(status, output).to.equal(0);
  expect(output.trim().split('\n'), output).to.have.length(2);
}
