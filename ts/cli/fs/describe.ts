// SPDX-License-Identifier: BSD-2-Clause
// describe.ts: modes, sizes and times of files as text.
import type { Stats } from 'node:fs';

/** As in ls -l: drwxr-xr-x. */
export function modeText(stats: Stats): string {
  const bits = ['r', 'w', 'x'];
  const letters = Array.from({ length: 9 }, (_, index) =>
    ((stats.mode >> (8 - index)) & 1) === 1 ? bits[index % 3] : '-',
  );
  const special = (index: number, bit: number, withX: string, without: string): void => {
    if ((stats.mode & bit) !== 0) letters[index] = letters[index] === 'x' ? withX : without;
  };
  special(2, 0o4000, 's', 'S');
  special(5, 0o2000, 's', 'S');
  special(8, 0o1000, 't', 'T');
  return typeLetter(stats) + letters.join('');
}

/** The kind of file in one word. */
export function typeName(stats: Stats): string {
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  if (stats.isBlockDevice()) return 'block device';
  return stats.isCharacterDevice() ? 'character device' : 'file';
}

function typeLetter(stats: Stats): string {
  const letters: Readonly<Record<string, string>> = {
    directory: 'd',
    link: 'l',
    fifo: 'p',
    socket: 's',
    'block device': 'b',
    'character device': 'c',
  };
  return letters[typeName(stats)] ?? '-';
}

/** 1.5K, 12M: three digits at most, as -h has it. */
export function sizeText(bytes: number, isHuman: boolean): string {
  if (!isHuman || bytes < 1024) return String(bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 1024) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${'KMGTPE'[unit] ?? ''}`;
}

/** Minutes are enough. */
export function timeText(time: Date): string {
  return Number.isNaN(time.getTime()) ? '?' : time.toISOString().slice(0, 16).replace('T', ' ');
}
