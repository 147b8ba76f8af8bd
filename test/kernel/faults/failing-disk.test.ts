// SPDX-License-Identifier: BSD-2-Clause
// failing-disk.test.ts: the file systems of libraries on a disk that fails to read and to flush, or is cut short: the
// caller is told, the kernel goes on, and what was synced is there, after a repair if need be.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { boot, type Kernel } from '../../../ts/kernel/index.js';
import { seededBytes } from '../../helpers/random.js';
import { makeMemoryFolder } from '../../helpers/scratch.js';
import { imageFormats } from '../../model/image-kinds.js';
import { Faults, fsyncFile, linkFaultKernel } from './fault-kernel.js';
import { makeRandomCalls } from './random-calls.js';

const always = 1024;
const at = '/mnt';
const safe = seededBytes(9, 500_000);

/** Mend what they can without asking. */
const repairs: Readonly<Record<string, readonly string[]>> = {
  ext4: ['e2fsck', '-fy'],
  'ext2 with times in seconds': ['e2fsck', '-fy'],
  fat32: ['fsck.fat', '-a', '-w'],
  exfat: ['fsck.exfat', '-y'],
};

for (const format of imageFormats.filter(({ name }) => name in repairs))
  describe(`${format.name} on a disk that fails`, function () {
    this.timeout(240_000);
    let sharedObject: string;
    let faults: Faults;
    let folder: string;
    let image: string;
    let kernel: Kernel;

    before(async () => {
      sharedObject = await linkFaultKernel([format.component]);
      faults = new Faults();
    });

    beforeEach(async () => {
      faults.set({});
      folder = makeMemoryFolder('faults');
      image = join(folder, 'disk.img');
      format.make(image);
      kernel = await boot({ sharedObject });
      await mount();
      kernel.fs.writeFileSync(`${at}/safe.bin`, safe);
      fsyncFile(kernel, `${at}/safe.bin`);
    });

    afterEach(async () => {
      faults.set({});
      await kernel.shutdown();
      rmSync(folder, { recursive: true, force: true });
    });

    const mount = (): Promise<void> => kernel.mount({ ...format.mount, image, at, readOnly: false });

    /** After a repair the image is sound, and has what was synced. */
    async function expectRepairable(): Promise<void> {
      const [command = '', ...words] = repairs[format.name] ?? [];
      const copy = join(folder, 'copy.img');
      copyFileSync(image, copy);
      const { status, stdout } = spawnSync(command, [...words, copy], { encoding: 'utf8' });
      expect(status, stdout).to.be.oneOf([0, 1]);
      format.check(copy);
      await using other = await boot({ components: [format.component] });
      await other.mount({ ...format.mount, image: copy, at });
      expect(other.fs.readFileSync(`${at}/safe.bin`).equals(safe)).to.equal(true);
    }

    it('tells who reads, and reads when the disk does again', async () => {
      await kernel.unmount(at);
      await mount();
      faults.set({ reads: always });
      expect(() => kernel.fs.readFileSync(`${at}/safe.bin`)).to.throw(/EIO/);
      expect(faults.injected).to.be.greaterThan(0);
      faults.set({});
      expect(kernel.fs.readFileSync(`${at}/safe.bin`).equals(safe)).to.equal(true);
    });

    for (const rates of [{ writes: always }, { syncs: always }]) {
      it(`tells who asks that ${rates.writes ? 'a write' : 'a flush'} be safe, and goes on`, async () => {
        kernel.fs.writeFileSync(`${at}/new.bin`, seededBytes(3, 100_000));
        faults.set(rates);
        expect(() => {
          fsyncFile(kernel, `${at}/new.bin`);
        }).to.throw(/EIO/);
        expect(faults.injected).to.be.greaterThan(0);
        faults.set({});
        kernel.fs.writeFileSync(`${at}/later.bin`, 'later');
        fsyncFile(kernel, `${at}/later.bin`);
        await kernel.unmount(at);
        format.check(image);
        await expectRepairable();
      });
    }

    it('lives through 4,000 calls while the disk fails to read and to flush now and then', async () => {
      let failed = 0;
      for (const seed of [1, 2, 3, 4]) {
        makeRandomCalls(kernel, 10 + seed, format.rules);
        // with nothing in memory
        await kernel.unmount(at);
        await mount();
        faults.set({ reads: 100, syncs: 50 }, seed);
        failed += makeRandomCalls(kernel, seed, format.rules);
        faults.set({});
      }
      expect(failed).to.be.greaterThan(0);
      await kernel.unmount(at, { force: true });
      await expectRepairable();
    });

    it('gives errors when the image is cut short under it', async () => {
      truncateSync(image, 64 * 1024);
      for (const seed of [6, 7]) makeRandomCalls(kernel, seed, format.rules);
      await kernel.unmount(at, { force: true }).catch((error: unknown) => {
        expect(String(error)).to.match(/EIO/);
      });
      kernel.fs.writeFileSync('/root.txt', 'the kernel goes on');
      expect(kernel.fs.readFileSync('/root.txt', 'utf8')).to.equal('the kernel goes on');
    });
  });
