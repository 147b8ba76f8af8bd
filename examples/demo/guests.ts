// SPDX-License-Identifier: BSD-2-Clause
// guests.ts: the two images of the demo, and what they print when they are booted.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { bakeImage, runGuest, type BakedImage } from '../../ts/index.js';
import type { TreeContents } from './iso-tree.js';

/** Where the disk appears in the guests. */
export const mountPoint = '/data';

/** An image, and how many files and links it shows. */
export interface DemoGuest {
  name: string;
  image: BakedImage;
}

/** One boot of a guest. */
export interface DemoBoot {
  guest: string;
  machine: 'microvm' | 'q35';
  /** From the start of QEMU to the first output of the program. */
  bootMs: number;
  filesVerified: number;
}

/** Compiles and bakes examples/02-iso-cat, and bakes the static busybox of the Debian package. */
export async function bakeGuests(folder: string, contents: TreeContents): Promise<DemoGuest[]> {
  const sources = join(import.meta.dirname, '..', '02-iso-cat');
  const program = join(folder, 'iso-cat');
  const files = ['iso-cat.c', 'sha256.c'].map((name) => join(sources, name));
  execFileSync('musl-gcc', ['-static', '-O2', ...files, '-o', program]);
  const paths = [...contents.files.keys()].map((name) => `${mountPoint}/${name}`);
  return [
    { name: 'iso-cat', image: await bake(folder, program, ['iso-cat', '-s', mountPoint]) },
    { name: 'busybox', image: await bake(folder, '/bin/busybox', ['sha256sum', ...paths]) },
  ];
}

async function bake(folder: string, program: string, args: string[]): Promise<BakedImage> {
  return await bakeImage({
    components: ['fs/cd9660'],
    program,
    args,
    mounts: [{ type: 'cd9660', device: 'vda', path: mountPoint, readOnly: true }],
    output: join(folder, `${args[0] ?? 'guest'}.elf`),
  });
}

/** Boots a guest and compares every checksum that it prints with the host's. */
export async function bootGuest(
  guest: DemoGuest,
  machine: DemoBoot['machine'],
  iso: string,
  contents: TreeContents,
): Promise<DemoBoot> {
  const startedAt = performance.now();
  let bootMs = 0;
  const { status, output } = await runGuest(guest.image.path, {
    machine,
    memory: 64,
    disks: [iso],
    accelerator: 'tcg',
    timeoutMs: 300_000,
    onOutput: () => (bootMs ||= performance.now() - startedAt),
  });
  if (status !== 0) throw new Error(`${guest.name} on ${machine} ended with ${status}:\n${output}`);
  return {
    guest: guest.name,
    machine,
    bootMs,
    filesVerified: verify(output, contents, `${guest.name} on ${machine}`),
  };
}

function verify(output: string, contents: TreeContents, where: string): number {
  const sums = new Map(
    [...output.matchAll(/^([0-9a-f]{64}) {2}(.*?)\r?$/gm)].map(([, sum = '', path = '']) => [
      path.slice(mountPoint.length + 1),
      sum,
    ]),
  );
  for (const [name, sum] of contents.files) {
    if (sums.get(name) !== sum)
      throw new Error(`${where}: ${name} is ${sums.get(name) ?? 'missing'}, not ${sum}`);
  }
  if (sums.size !== contents.files.size) throw new Error(`${where} shows files that are not in the tree`);
  return sums.size;
}
