// SPDX-License-Identifier: BSD-2-Clause
// measure.ts: boots a guest and takes the time from the start of QEMU to its program's first output.
import { spawn } from 'node:child_process';
import { planQemu, type Machine } from '../../ts/run/qemu-plan.js';
import type { BenchGuest } from './guests.js';

const giveUpMs = 30_000;

/** Milliseconds to the marker; undefined if the guest never printed it. */
export async function bootOnce(
  guest: BenchGuest,
  machine: Machine,
  memoryMiB: number,
): Promise<number | undefined> {
  const shared = {
    image: guest.kernel,
    machine,
    memoryMiB,
    disks: [],
    networks: [],
    accelerator: 'tcg',
  } as const;
  const plan = planQemu({ ...shared, commandLine: guest.commandLine }, '/dev/null');
  const machineWord = guest.machineOptions?.[machine];
  const words = plan.args.map((word, at) => (machineWord && plan.args[at - 1] === '-M' ? machineWord : word));
  const args = [...words, ...(guest.initrd === undefined ? [] : ['-initrd', guest.initrd])];
  return await new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const qemu = spawn(plan.command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const timer = setTimeout(() => qemu.kill('SIGKILL'), giveUpMs);
    let output = '';
    let elapsed: number | undefined;
    qemu.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('latin1');
      if (elapsed !== undefined || !output.includes(guest.marker)) return;
      elapsed = performance.now() - startedAt;
      qemu.kill('SIGKILL');
    });
    qemu.on('error', reject);
    qemu.on('close', () => {
      clearTimeout(timer);
      resolve(elapsed);
    });
  });
}

/** The smallest of the guest's memory sizes that it boots in, in MiB. */
export async function smallestMemory(guest: BenchGuest, machine: Machine): Promise<number | undefined> {
  for (const memory of guest.memories) {
    if ((await bootOnce(guest, machine, memory)) !== undefined) return memory;
  }
  return undefined;
}
