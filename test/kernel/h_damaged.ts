// SPDX-License-Identifier: BSD-2-Clause
// h_damaged.ts: a child process that reads damaged images, one per seed: h_damaged.ts KERNEL IMAGE FIRST COUNT.
// Before each image it prints "seed N", so that whoever watches knows which one it did not survive, and after it what
// came of it.
import { constants, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { makeDamager } from '../helpers/damage.js';
import { makeScratchFolder } from '../helpers/scratch.js';

const [sharedObject = '', image = '', first = '0', count = '1'] = process.argv.slice(2);
const damaged = join(makeScratchFolder('damaged'), 'damaged.iso');

const damage = makeDamager(readFileSync(image));

/** Of every tree no more than so many names and bytes are looked at: damage can make both endless. */
const namesMax = 400;
const bytesMax = 256 * 1024;

for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  process.stdout.write(`seed ${seed}\n`);
  writeFileSync(damaged, damage(seed));
  process.stdout.write(`done ${seed} ${await readDamaged(seed)}\n`);
}
rmSync(damaged, { force: true });

async function readDamaged(seed: number): Promise<string> {
  const kernel = await boot({ sharedObject });
  try {
    await kernel.mount({ type: 'cd9660', image: damaged, at: '/mnt', rockRidge: seed % 3 !== 0 });
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
  // damage may have made it a named pipe, to which nobody comes
  const fd = kernel.fs.openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const piece = Buffer.alloc(64 * 1024);
    for (let total = 0; total < bytesMax;) {
      const count = kernel.fs.readSync(fd, piece);
      if (count === 0) return;
      total += count;
    }
  } finally {
    kernel.fs.closeSync(fd);
  }
}
