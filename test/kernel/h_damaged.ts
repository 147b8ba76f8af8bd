// SPDX-License-Identifier: BSD-2-Clause
// h_damaged.ts: a child process that reads damaged images, one per seed: h_damaged.ts IMAGE FIRST COUNT. Before each
// image it prints "seed N", so that whoever watches knows which one it did not survive, and after it what came of it.
import { copyFileSync, closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { seededRandom } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';

const [image = '', first = '0', count = '1'] = process.argv.slice(2);
const sharedObject = process.env['RUMPKIT_TEST_KERNEL'];
const damaged = join(makeScratchFolder('damaged'), 'damaged.iso');

/** Of every tree no more than so many names and bytes are looked at: damage can make both endless. */
const namesMax = 400;
const bytesMax = 256 * 1024;

for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  process.stdout.write(`seed ${seed}\n`);
  damage(seed);
  process.stdout.write(`done ${seed} ${await readDamaged()}\n`);
}
rmSync(damaged, { force: true });

/** Most of the damage goes where the structure is: descriptors, path tables and folders lie in front. */
function damage(seed: number): void {
  const next = seededRandom(seed);
  copyFileSync(image, damaged);
  const { size } = statSync(damaged);
  const fd = openSync(damaged, 'r+');
  const flips = 1 + (next() % 64);
  for (let index = 0; index < flips; index++) {
    const from = next() % 8 === 0 ? 0 : 16 * 2048;
    const to = next() % 4 === 0 ? size : Math.min(size, from + 64 * 2048);
    writeSync(fd, Uint8Array.of(next() & 0xff), 0, 1, from + (next() % (to - from)));
  }
  closeSync(fd);
}

async function readDamaged(): Promise<string> {
  const kernel = await boot(sharedObject === undefined ? { components: ['fs/cd9660'] } : { sharedObject });
  try {
    await kernel.mount({ type: 'cd9660', image: damaged, at: '/mnt' });
    const failures = walk(kernel);
    await kernel.unmount('/mnt');
    return failures === 0 ? 'whole' : `${failures} failures`;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== 'string') throw error;
    return code;
  } finally {
    await kernel.shutdown();
  }
}

/** The number of calls that failed in Node's shape; any other error ends the walk. */
function walk(kernel: Kernel): number {
  let failures = 0;
  let names = 0;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).errno !== 'number') throw error;
      failures++;
    }
  };
  const folders = ['/mnt'];
  for (const folder of folders) {
    attempt(() => {
      for (const entry of kernel.fs.readdirSync(folder, { withFileTypes: true })) {
        if (names++ > namesMax) return;
        const path = `${folder}/${entry.name}`;
        attempt(() => kernel.fs.lstatSync(path));
        if (entry.isDirectory()) folders.push(path);
        else if (entry.isSymbolicLink()) attempt(() => kernel.fs.readlinkSync(path));
        else attempt(() => readSome(kernel, path));
      }
    });
  }
  return failures;
}

function readSome(kernel: Kernel, path: string): void {
  const fd = kernel.fs.openSync(path, 'r');
  try {
    const piece = Buffer.alloc(64 * 1024);
    for (let total = 0; total < bytesMax; ) {
      const count = kernel.fs.readSync(fd, piece);
      if (count === 0) return;
      total += count;
    }
  } finally {
    kernel.fs.closeSync(fd);
  }
}
