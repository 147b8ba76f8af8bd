// SPDX-License-Identifier: BSD-2-Clause
// boot.ts: time from the start of QEMU to the program's first output, image size and smallest memory: ours beside the
// smallest PVH ELF and beside a Debian cloud kernel with a busybox initramfs. All guests take turns in one run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../ts/run/qemu-plan.js';
import { makeBare, makeLinux, makeOurs, type BenchGuest } from './boot/guests.js';
import { bootOnce, smallestMemory } from './boot/measure.js';

/** One guest's figures. */
export interface BootResult {
  name: string;
  bytes: number;
  /** Median milliseconds by machine type. */
  bootMs: Partial<Record<Machine, number>>;
  /** Times the bare ELF's, by machine type. */
  ratio: Partial<Record<Machine, number>>;
  smallestMiB?: number;
}

const machineTypes: readonly Machine[] = ['microvm', 'q35'];
const rounds = 15;
const slowRounds = 3;

/** Measures all guests. */
export async function benchBoot(): Promise<BootResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rumpkit-bench-'));
  try {
    const bare = makeBare(folder);
    const guests = [bare, ...(await makeOurs(folder)), makeLinux(folder)];
    const results = guests.map(({ name, bytes }): BootResult => ({ name, bytes, bootMs: {}, ratio: {} }));
    for (const machine of machineTypes) await measureMachine(guests, results, machine);
    for (const [index, guest] of guests.entries()) {
      const smallest = await smallestMemory(guest, 'microvm');
      if (smallest !== undefined) results[index]!.smallestMiB = smallest;
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureMachine(guests: BenchGuest[], results: BootResult[], machine: Machine): Promise<void> {
  const times = guests.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, guest] of guests.entries()) {
      if (guest.initrd !== undefined && round >= slowRounds) continue;
      const elapsed = await bootOnce(guest, machine, guest.memory);
      if (elapsed === undefined) throw new Error(`${guest.name} did not boot on ${machine}`);
      times[index]!.push(elapsed);
    }
  }
  const medians = times.map(median);
  for (const [index, result] of results.entries()) {
    result.bootMs[machine] = medians[index]!;
    result.ratio[machine] = medians[index]! / medians[0]!;
  }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The results as lines of text. */
export function formatBootResults(results: readonly BootResult[]): string {
  const cell = (result: BootResult, machine: Machine): string =>
    `${result.bootMs[machine]!.toFixed(0).padStart(6)} ms ${result.ratio[machine]!.toFixed(2).padStart(6)} x`;
  const lines = results.map((result) =>
    [
      result.name.padEnd(20),
      ...machineTypes.map((machine) => cell(result, machine)),
      `${(result.bytes / 1024).toFixed(0).padStart(6)} KiB`,
      `${String(result.smallestMiB ?? '?').padStart(4)} MiB`,
    ].join('   '),
  );
  const head = [
    'guest'.padEnd(20),
    ...machineTypes.map((m) => m.padEnd(18)),
    'size'.padEnd(10),
    'boots in',
  ].join('   ');
  return [head, ...lines].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const results = await benchBoot();
  process.stdout.write(
    `${process.argv.includes('--json') ? JSON.stringify(results) : formatBootResults(results)}\n`,
  );
}
