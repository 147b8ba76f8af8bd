// SPDX-License-Identifier: BSD-2-Clause
// guests.ts: the small guests of this folder, built once per test run and booted as often as wanted.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunError } from '../../ts/errors.js';
import { bakeImage } from '../../ts/image/bake.js';
import { runGuest, type GuestResult, type RunGuestOptions } from '../../ts/run/run-guest.js';

/** Machines that every guest has to run on. */
export const testedMachines = ['microvm', 'q35', 'pc'] as const;

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rumpkit-guests-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const images = new Map<string, Promise<string>>();

/** A path in a folder that goes away with this process. */
export function scratchPath(name: string): string {
  return join(folder, name);
}

/** The image of the guest in test/image/<name>. */
export function guestImage(name: string): Promise<string> {
  const known = images.get(name);
  if (known !== undefined) return known;
  const image = bakeImage({
    components: [],
    hosts: [`guest/${name}`],
    componentFolders: [join(here, name)],
    output: scratchPath(`${name}.image`),
  }).then(({ path }) => path);
  images.set(name, image);
  return image;
}

/** Boots a guest, emulated, with a limit on its time. */
export async function bootGuest(name: string, options: RunGuestOptions = {}): Promise<GuestResult> {
  return await runGuest(await guestImage(name), {
    accelerator: 'tcg',
    memory: 32,
    timeoutMs: 40_000,
    ...options,
  });
}

/** Boots a guest that must fault; the reason that it gave, and what it printed. */
export async function bootFaultingGuest(
  name: string,
  options: RunGuestOptions,
): Promise<{ code: string; reason: string; output: string }> {
  try {
    const { status } = await bootGuest(name, options);
    throw new Error(`the guest did not fault but ended with status ${status}`);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    const { reason, output } = error.details as { reason?: string; output?: string };
    return { code: error.code, reason: reason ?? '', output: output ?? '' };
  }
}

/** Makes a disk whose every 8-byte word holds its own offset. */
export function makePatternDisk(name: string, bytes: number): string {
  const contents = Buffer.alloc(bytes);
  for (let offset = 0; offset < bytes; offset += 8) contents.writeBigUInt64LE(BigInt(offset), offset);
  writeFileSync(scratchPath(name), contents);
  return scratchPath(name);
}
