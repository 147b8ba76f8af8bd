// SPDX-License-Identifier: BSD-2-Clause
// fault-kernel.ts: a kernel whose disk fails now and then: a composition like any other, with faults.c linked between
// it and its host.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '../../../ts/kernel/index.js';
import { executeLink } from '../../../ts/linker/execute-link.js';
import { prepareComponents } from '../../../ts/linker/prepare-components.js';
import { posixHost } from '../../../ts/linker/compose.js';
import { planSharedObject } from '../../../ts/linker/shared-object-plan.js';
import { packageRoot } from '../../../ts/paths.js';
import { makeScratchFolder } from '../../helpers/scratch.js';

/** Links it; gives the shared object. */
export async function linkFaultKernel(components: readonly string[]): Promise<string> {
  const folder = makeScratchFolder('faults');
  const object = join(folder, 'faults.o');
  execFileSync('cc', [
    ...['-std=c11', '-D_GNU_SOURCE', '-O1', '-g', '-fPIC', '-Wall', '-Wextra', '-Werror', '-pthread', '-c'],
    ...['-idirafter', join(packageRoot, 'rump', 'include')],
    ...[join(import.meta.dirname, 'faults.c'), '-o', object],
  ]);
  const { units, linkSets } = await prepareComponents({
    components: [...components, posixHost],
    host: 'posix',
  });
  const plan = planSharedObject({ units, linkSets, folder });
  const wrapped = ['-Wl,--wrap=rumpuser_bio', '-Wl,--wrap=rumpuser_syncfd', object];
  const commands = plan.commands.map((command) => ({ ...command, args: [...wrapped, ...command.args] }));
  await executeLink({ ...plan, commands });
  return plan.output;
}

/** fsync of a file by its path. */
export function fsyncFile(kernel: Kernel, path: string): void {
  const fd = kernel.fs.openSync(path, 'r');
  try {
    kernel.fs.fsyncSync(fd);
  } finally {
    kernel.fs.closeSync(fd);
  }
}

/** How many of 1,024 transfers fail. */
export interface FaultRates {
  reads?: number;
  writes?: number;
  syncs?: number;
}

/** The faults of the kernels that this process boots from now on. */
export class Faults {
  readonly #path = join(makeScratchFolder('faults'), 'faults');

  constructor() {
    process.env['RUMPKIT_FAULTS'] = this.#path;
    this.set({});
  }

  /** From now on so many fail; what is left out does not. */
  set({ reads = 0, writes = 0, syncs = 0 }: FaultRates, seed = 1): void {
    const words = Uint32Array.of(reads, writes, syncs, seed, 0);
    // the kernel has it mapped: it is the same file, with other contents
    writeFileSync(this.#path, Buffer.from(words.buffer), { flag: this.#exists ? 'r+' : 'w' });
    this.#exists = true;
  }

  #exists = false;

  /** How many there were since. */
  get injected(): number {
    return readFileSync(this.#path).readUInt32LE(16);
  }
}
