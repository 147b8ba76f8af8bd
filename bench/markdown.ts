// SPDX-License-Identifier: BSD-2-Clause
// markdown.ts: the results of all benchmarks as the page docs/performance.md: `npm run bench -- --markdown`.
import { cpus, release } from 'node:os';
import type { BootResult } from './boot.js';
import type { IsoResult } from './fs/iso.js';
import type { GroupResult } from './fs/table.js';
import type { FsResults } from './fs.js';
import type { NetResult } from './net.js';

/** The page. */
export function markdownPage(
  files: FsResults,
  net: readonly NetResult[],
  netImage: readonly NetResult[],
  boot: readonly BootResult[],
): string {
  return [
    '# Performance',
    `Made by \`npm run bench -- --markdown\`, one run; those who are compared took turns. ${machine()}`,
    'Ratios are our rate by the other\'s: more than 1 is faster than it. "promises" are awaited one by one.',
    ...files.groups.flatMap((group) => [`## ${group.name}`, groupTable(group)]),
    ...(files.iso.length === 0
      ? []
      : ['## ISO 9660', 'Beside `node:fs` on the same tree, page cache warm.', isoTable(files.iso)]),
    '## Network',
    "One kernel's loopback beside `node:net` on the host's, both ends in one process.",
    netTable(net, ['kernel.net', 'by node:net']),
    'One server program in an image and on a Debian cloud kernel, on the same QEMU (`-accel tcg`, `q35`) and the same ' +
      'network device (virtio-net on a tap device); the clients are on the host.',
    netTable(netImage, ['image', 'by Linux']),
    '## Booting',
    "From the start of QEMU (`-accel tcg`) to the program's first output; medians.",
    bootTable(boot),
    '',
  ].join('\n\n');
}

function machine(): string {
  const [first, ...others] = cpus();
  return `${others.length + 1} shared cores (${first?.model ?? 'unknown'}), Linux ${release().split('.', 2).join('.')}, Node ${process.version}.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join(
    '\n',
  );
}

function netTable(results: readonly NetResult[], head: readonly [ours: string, ratio: string]): string {
  return table(
    ['', ...head],
    results.map(({ name, unit, kernel, ratio }) => [
      name,
      `${significant(kernel)} ${unit}`,
      significant(ratio),
    ]),
  );
}

function groupTable({ subjects, rows }: GroupResult): string {
  const [ours = '', ...peers] = subjects;
  return table(
    ['', ours, ...peers.map((peer) => `by ${peer}`)],
    rows.map(({ what, form, rates, unit, ratios }) => [
      `${what} (${form})`,
      `${significant(rates[0])} ${unit}`,
      ...ratios.map((ratio) => (ratio === undefined ? '' : significant(ratio))),
    ]),
  );
}

function isoTable(results: readonly IsoResult[]): string {
  return table(
    ['', 'kernel.fs', 'node:fs', 'times as fast'],
    results.map(({ what, kernelMs, nodeMs, ratio }) => [
      what,
      `${significant(kernelMs)} ms`,
      `${significant(nodeMs)} ms`,
      significant(ratio),
    ]),
  );
}

function bootTable(results: readonly BootResult[]): string {
  const machines = Object.keys(results[0]?.bootMs ?? {}) as (keyof BootResult['bootMs'])[];
  return table(
    ['guest', ...machines, 'image', 'boots in'],
    results.map((result) => [
      result.name,
      ...machines.map(
        (each) => `${significant(result.bootMs[each])} ms (${significant(result.ratio[each])} x)`,
      ),
      result.bytes < 10_000
        ? `${result.bytes} bytes`
        : `${Math.round(result.bytes / 1024).toLocaleString('en')} KiB`,
      result.smallestMiB === undefined ? '' : `${result.smallestMiB} MiB`,
    ]),
  );
}

/** Three digits that say something. */
function significant(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
