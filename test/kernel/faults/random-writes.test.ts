// SPDX-License-Identifier: BSD-2-Clause
// random-writes.test.ts: every file system on a disk that refuses some writes, at random: EIO to who asks that all be
// safe, no other call notices, and nothing is lost once the disk takes all. More seeds by hand: RUMPKIT_FAULT_SEEDS=1-500.
import { expect } from 'chai';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { makeMemoryFolder } from '../../helpers/scratch.js';
import { imageFormats, type Format } from '../../model/image-kinds.js';
import { Faults, linkFaultKernel } from './fault-kernel.js';
import { writeAtRandom, type RandomWritesOutcome } from './random-writes.js';

const at = '/mnt';

// without soft updates FFS waits for what it writes of itself, and whoever made the call is told
const formats = imageFormats.filter(({ name }) => name !== 'ffs without soft updates');

for (const format of formats)
  describe(`${format.name} on a disk that refuses writes`, function () {
    // images of FAT take a second each
    const range = process.env['RUMPKIT_FAULT_SEEDS'] ?? (format.mount.type === 'msdos' ? '1-6' : '1-24');
    const [first = 1, last = first] = range.split('-').map(Number);
    this.timeout(120_000 + (last - first) * 10_000);
    let sharedObject: string;
    let faults: Faults;

    before(async () => {
      sharedObject = await linkFaultKernel([format.component]);
      faults = new Faults();
    });

    it(`loses nothing in the runs of seeds ${first} to ${last}`, async () => {
      const total: RandomWritesOutcome = { injected: 0, failed: 0 };
      for (let seed = first; seed <= last; seed++) {
        const { injected, failed } = await runSeed(format, seed);
        total.injected += injected;
        total.failed += failed;
      }
      expect(total.injected).to.be.greaterThan(last - first);
      expect(total.failed).to.be.greaterThan(0);
    });

    async function runSeed(
      { mount, rules, make, check }: Format,
      seed: number,
    ): Promise<RandomWritesOutcome> {
      const folder = makeMemoryFolder('faults');
      try {
        const image = join(folder, 'disk.img');
        make(image);
        const options = { ...mount, image, at, readOnly: false };
        const outcome = await writeAtRandom({ sharedObject, faults, mount: options, rules }, seed);
        check(image);
        return outcome;
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  });
