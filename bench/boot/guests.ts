// SPDX-License-Identifier: BSD-2-Clause
// guests.ts: the guests that are compared: ours, a bare PVH ELF, and a Debian cloud kernel with a busybox initramfs.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { bakeImage } from '../../ts/image/bake.js';
import { packageRoot } from '../../ts/paths.js';
import type { Machine } from '../../ts/run/qemu-plan.js';
import { linuxBytes, linuxKernel, makeInitramfs } from '../linux.js';

/** Something to boot, and how to see that its program runs. */
export interface BenchGuest {
  name: string;
  /** File given to QEMU's -kernel. */
  kernel: string;
  initrd?: string;
  commandLine: string;
  /** QEMU's -M where the guest needs more of the machine than ours do. */
  machineOptions?: Partial<Record<Machine, string>>;
  /** What its program prints first. */
  marker: string;
  bytes: number;
  /** Sizes of memory to try, in MiB. */
  memories: readonly number[];
  /** Memory for the boot time, in MiB. */
  memory: number;
}

const smallMemories = [1, 2, 3, 4, 6, 8, 12, 16];
const linuxMemories = [48, 56, 64, 72, 80, 96, 128, 192];

/** A hello program with fs/cd9660 linked, and with nothing but the base. */
export async function makeOurs(folder: string): Promise<BenchGuest[]> {
  const program = join(folder, 'hello');
  const source = join(packageRoot, 'examples/01-hello/hello.c');
  execFileSync('musl-gcc', ['-static', '-Os', '-s', '-o', program, source], { stdio: 'inherit' });
  const guests: BenchGuest[] = [];
  for (const [name, components] of [
    ['rumpkit, vfs', ['vfs']],
    ['rumpkit, fs/cd9660', ['fs/cd9660']],
  ] as const) {
    const output = join(folder, `${name.replaceAll(/\W+/g, '-')}.elf`);
    const { bytes } = await bakeImage({ program, components: [...components], args: ['hello'], output });
    guests.push({
      name,
      kernel: output,
      commandLine: '',
      marker: 'Hello',
      bytes,
      memories: smallMemories,
      memory: 32,
    });
  }
  return guests;
}

/** The smallest PVH ELF that prints something. */
export function makeBare(folder: string): BenchGuest {
  const kernel = join(folder, 'bare.elf');
  const source = join(packageRoot, 'bench/boot/bare.S');
  const words = [
    '-m32',
    '-nostdlib',
    '-static',
    '-s',
    '-Wl,-z,noseparate-code,--build-id=none,-Ttext=0x100000,-n,-e,start',
  ];
  execFileSync('gcc', [...words, '-o', kernel, source], { stdio: 'inherit' });
  const bytes = statSync(kernel).size;
  return {
    name: 'bare PVH ELF',
    kernel,
    commandLine: '',
    marker: 'B',
    bytes,
    memories: smallMemories,
    memory: 32,
  };
}

/** Debian's cloud kernel with the machine's static busybox as init. */
export function makeLinux(folder: string): BenchGuest {
  const kernel = linuxKernel();
  const initrd = makeInitramfs(folder, join(packageRoot, 'bench/boot/init.sh'), new Map());
  const commandLine = 'console=ttyS0 quiet reboot=t panic=-1 tsc=reliable';
  const bytes = linuxBytes(initrd);
  const machineOptions = { microvm: 'microvm,acpi=off,rtc=on', q35: 'q35' };
  const shared = { kernel, initrd, commandLine, machineOptions, marker: 'Hello', bytes };
  return { name: 'Debian cloud kernel', ...shared, memories: linuxMemories, memory: 256 };
}
