// SPDX-License-Identifier: BSD-2-Clause
// net-image.ts: one server program in an image and on a Debian cloud kernel, on the same QEMU with the same network
// device (virtio-net on a tap device in a network namespace), as their clients see them. The two take turns.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bakeImage } from '../ts/image/bake.js';
import { packageRoot } from '../ts/paths.js';
import { parseGuestNetwork } from '../ts/run/guest-network.js';
import { planQemu, type Guest } from '../ts/run/qemu-plan.js';
import type { CommandPlan } from '../ts/exec/command-plan.js';
import { linuxKernel, linuxModule, makeInitramfs } from './linux.js';
import { formatNetResults, type NetResult } from './net.js';

const rounds = Number(process.env['RUMPKIT_BENCH_ROUNDS'] ?? 3);
const sources = join(packageRoot, 'bench/net-image');
const modules = ['virtio_ring', 'virtio', 'virtio_pci_modern_dev', 'virtio_pci_legacy_dev', 'virtio_pci'];
const netModules = ['failover', 'net_failover', 'virtio_net'];
const subjects = [
  ['HTTP requests, one kept connection', '/s'],
  ['HTTP requests, 64 kept connections', '/s'],
  ['sending', 'MB/s'],
  ['receiving', 'MB/s'],
] as const;

const machine = {
  machine: 'q35',
  memoryMiB: 256,
  disks: [],
  networks: [parseGuestNetwork('tap,tap0,mac=52:54:00:00:00:01')],
  accelerator: 'tcg',
} as const satisfies Partial<Guest>;

async function planOurs(folder: string, program: string): Promise<CommandPlan> {
  const output = join(folder, 'server.elf');
  await bakeImage({
    program,
    components: ['net/inet', 'net/virtif'],
    network: [{ addresses: ['10.0.2.15/24'] }],
    output,
  });
  return planQemu({ ...machine, image: output, commandLine: '' }, '/dev/null');
}

function planLinux(folder: string, program: string): CommandPlan {
  const files = [...modules, ...netModules].map((name): [string, string] => [
    `modules/${name}.ko`,
    linuxModule(name),
  ]);
  const initrd = makeInitramfs(folder, join(sources, 'init.sh'), new Map([...files, ['server', program]]));
  const commandLine = 'console=ttyS0 quiet reboot=t panic=-1 tsc=reliable';
  const plan = planQemu({ ...machine, image: linuxKernel(), commandLine }, '/dev/null');
  return { ...plan, args: [...plan.args, '-initrd', initrd] };
}

function measure(plan: CommandPlan): number[] {
  const tsx = join(packageRoot, 'node_modules/.bin/tsx');
  const words = ['-rn', 'sh', join(sources, 'namespace.sh'), tsx, join(sources, 'client.ts')];
  const env = { ...process.env, GUEST: JSON.stringify(plan) };
  return JSON.parse(execFileSync('unshare', words, { encoding: 'utf8', env, timeout: 120_000 })) as number[];
}

/** Measures. Needs a Linux host that lets this user make network namespaces and tap devices in them. */
export async function benchNetImage(): Promise<NetResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rumpkit-bench-'));
  try {
    const program = join(folder, 'server');
    execFileSync('musl-gcc', ['-static', '-O2', '-o', program, join(sources, 'server.c')]);
    const [ours, linux] = [await planOurs(folder, program), planLinux(folder, program)];
    const rates = { ours: [] as number[][], linux: [] as number[][] };
    for (let round = 0; round < rounds; round++) {
      rates.ours.push(measure(ours));
      rates.linux.push(measure(linux));
      process.stderr.write(`image, Linux: ${JSON.stringify([rates.ours.at(-1), rates.linux.at(-1)])}\n`);
    }
    return subjects.map(([name, unit], at) => {
      const [kernel, node] = [rates.ours, rates.linux].map((all) => median(all.map((row) => row[at] ?? 0)));
      return { name, unit, kernel: kernel!, node: node!, ratio: kernel! / node! };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

if (process.argv[1] === import.meta.filename) {
  const results = await benchNetImage();
  process.stdout.write(
    `${process.argv.includes('--json') ? JSON.stringify(results) : formatNetResults(results, ['image', 'Linux'])}\n`,
  );
}
