// SPDX-License-Identifier: BSD-2-Clause
// program-guests.ts: static programs, compiled and baked once per test run, and booted with disks and arguments.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunError } from '../../ts/errors.js';
import { bakeImage } from '../../ts/image/bake.js';
import type { MountConfiguration } from '../../ts/image/boot-configuration.js';
import { runGuest, type GuestResult, type RunGuestOptions } from '../../ts/run/run-guest.js';
import { scratchPath } from './guests.js';

const sources = fileURLToPath(new URL('programs', import.meta.url));
const isoCatFolder = fileURLToPath(new URL('../../examples/02-iso-cat', import.meta.url));

/** Where the first disk appears. */
export const dataMount: MountConfiguration = { type: 'cd9660', device: 'vda', path: '/data', readOnly: true };

/** examples/02-iso-cat, which runs on the host as well. */
export function compileIsoCat(): string {
  const program = scratchPath('iso-cat');
  if (existsSync(program)) return program;
  const files = ['iso-cat.c', 'sha256.c'].map((name) => join(isoCatFolder, name));
  execFileSync('musl-gcc', ['-static', '-O2', '-Wall', '-Wextra', '-Werror', '-o', program, ...files]);
  return program;
}

/** A program of programs/, compiled once per set of options. */
export function compile(name: string, compiler: 'musl-gcc' | 'gcc', flags: readonly string[] = []): string {
  const program = scratchPath([name, compiler, ...flags].join('_'));
  const options = ['-O1', '-Wall', '-Wextra', '-Werror', '-pthread'];
  const source = join(sources, `${name}.c`);
  execFileSync(compiler, [
    ...options,
    ...(flags.includes('-static-pie') ? [] : ['-static']),
    ...flags,
    '-o',
    program,
    source,
  ]);
  return program;
}

const images = new Map<string, Promise<string>>();

/** An image of the program; what varies between runs is on the command line. */
function imageOf(
  program: string,
  mounts: readonly MountConfiguration[],
  components: readonly string[],
): Promise<string> {
  const key = JSON.stringify([program, mounts, components]);
  const known = images.get(key);
  if (known !== undefined) return known;
  const output = scratchPath(`program-${images.size}.image`);
  const image = bakeImage({ components, program, mounts, output }).then(({ path }) => path);
  images.set(key, image);
  return image;
}

/** Boots a program, emulated; disks are mounted on /data unless told otherwise. */
export async function runProgram(
  program: string,
  options: RunGuestOptions = {},
  mounts: readonly MountConfiguration[] = options.disks === undefined ? [] : [dataMount],
  components: readonly string[] = ['fs/cd9660'],
): Promise<GuestResult> {
  return await runGuest(await imageOf(program, mounts, components), {
    accelerator: 'tcg',
    memory: 64,
    timeoutMs: 60_000,
    ...options,
  });
}

/** Of a guest that must fault: the reason that it gave, and what it printed. */
export async function faultOf(run: Promise<GuestResult>): Promise<{ reason: string; output: string }> {
  try {
    const { status } = await run;
    throw new Error(`the guest did not fault but ended with status ${status}`);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const { reason, output } = error.details as { reason?: string; output?: string };
    return { reason: reason ?? '', output: output ?? '' };
  }
}
