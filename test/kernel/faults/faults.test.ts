// SPDX-License-Identifier: BSD-2-Clause
// faults.test.ts: a disk that fails: the caller is told, the kernel goes on, and the image still holds what was safe.
import { expect } from 'chai';
import { copyFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { checkFfs, formatFfs } from '../../../ts/disk/index.js';
import { boot, type Kernel } from '../../../ts/kernel/index.js';
import { seededBytes } from '../../helpers/random.js';
import { makeScratchFolder } from '../../helpers/scratch.js';
import { linuxRules } from '../../model/rules.js';
import { Faults, fsyncFile, linkFaultKernel } from './fault-kernel.js';
import { makeRandomCalls } from './random-calls.js';

const always = 1024;
const rules = { ...linuxRules, isBsd: true };
const safe = seededBytes(9, 500_000);

for (const softUpdates of [false, true])
  describe(`FFS on a disk that fails, ${softUpdates ? 'with' : 'without'} soft updates`, function () {
    this.timeout(240_000);
    let sharedObject: string;
    let faults: Faults;
    let image: string;
    let kernel: Kernel;

    before(async () => {
      sharedObject = await linkFaultKernel(['fs/ffs']);
      faults = new Faults();
    });

    beforeEach(async () => {
      faults.set({});
      image = join(makeScratchFolder('faults'), 'disk.img');
      formatFfs(image, { size: 64 * 1024 ** 2 });
      kernel = await boot({ sharedObject });
      await mount();
      kernel.fs.writeFileSync('/mnt/safe.bin', safe);
      fsyncFile(kernel, '/mnt/safe.bin');
    });

    afterEach(async () => {
      faults.set({});
      await kernel.shutdown();
    });

    const mount = (): Promise<void> =>
      kernel.mount({ type: 'ffs', image, at: '/mnt', readOnly: false, softUpdates });

    /** The image as it is, mounted by a kernel whose disk does not fail. */
    async function expectSafeFile(): Promise<void> {
      const copy = join(makeScratchFolder('faults'), 'copy.img');
      copyFileSync(image, copy);
      await using other = await boot({ components: ['fs/ffs'] });
      await other.mount({ type: 'ffs', image: copy, at: '/mnt' });
      expect(other.fs.readFileSync('/mnt/safe.bin').equals(safe)).to.equal(true);
    }

    it('tells who reads, and reads when the disk does again', async () => {
      await kernel.unmount('/mnt');
      await mount();
      faults.set({ reads: always });
      expect(() => kernel.fs.readFileSync('/mnt/safe.bin')).to.throw(/EIO/);
      expect(faults.injected).to.be.greaterThan(0);
      faults.set({});
      expect(kernel.fs.readFileSync('/mnt/safe.bin').equals(safe)).to.equal(true);
    });

    for (const rates of [{ writes: always }, { syncs: always }]) {
      it(`tells who asks that ${rates.writes ? 'a write' : 'a flush'} be safe, and goes on`, async () => {
        kernel.fs.writeFileSync('/mnt/new.bin', seededBytes(3, 100_000));
        faults.set(rates);
        expect(() => fsyncFile(kernel, '/mnt/new.bin')).to.throw(/EIO/);
        expect(faults.injected).to.be.greaterThan(0);
        faults.set({});
        kernel.fs.writeFileSync('/mnt/later.bin', 'later');
        fsyncFile(kernel, '/mnt/later.bin');
        expect(kernel.fs.readFileSync('/mnt/later.bin', 'utf8')).to.equal('later');
        await kernel.unmount('/mnt', { force: true });
        expect(checkFfs(image).damage).to.equal(0);
        await expectSafeFile();
      });
    }

    it('keeps what it could not write, and has it on the disk when that works again', async () => {
      const paths = ['/mnt/a/b/one.bin', '/mnt/a/two.bin'];
      kernel.fs.mkdirSync('/mnt/a/b', { recursive: true });
      for (const path of paths) kernel.fs.writeFileSync(path, seededBytes(4, 300_000));
      faults.set({ writes: always });
      for (const path of paths) {
        expect(() => fsyncFile(kernel, path)).to.throw(/EIO/);
        expect(() => fsyncFile(kernel, path)).to.throw(/EIO/);
      }
      await expectToFail(kernel.unmount('/mnt'));
      expect(faults.injected).to.be.greaterThan(0);
      faults.set({});
      for (const path of paths) fsyncFile(kernel, path);
      await kernel.unmount('/mnt');
      expect(checkFfs(image).damage).to.equal(0);
      await mount();
      for (const path of paths)
        expect(kernel.fs.readFileSync(path).equals(seededBytes(4, 300_000))).to.equal(true);
    });

    it('ends an unmount by force while it can write nothing, and a plain one when it can again', async () => {
      kernel.fs.writeFileSync('/mnt/new.bin', seededBytes(3, 300_000));
      faults.set({ writes: always });
      await expectToFail(kernel.unmount('/mnt', { force: true }));
      faults.set({});
      await kernel.unmount('/mnt');
      expect(checkFfs(image).damage).to.equal(0);
      await expectSafeFile();
    });

    it('loses nothing through 2,000 calls while the disk fails to write now and then', async () => {
      for (const seed of [11, 12]) {
        faults.set({ writes: 100, syncs: 50 }, seed);
        makeRandomCalls(kernel, seed, rules);
      }
      expect(faults.injected).to.be.greaterThan(0);
      faults.set({});
      await kernel.unmount('/mnt');
      expect(checkFfs(image).damage).to.equal(0);
      await expectSafeFile();
    });

    it('lives through 5,000 calls while the disk fails to read and to flush now and then', async () => {
      let failed = 0;
      for (const seed of [1, 2, 3, 4, 5]) {
        faults.set({ reads: 50, syncs: 50 }, seed);
        failed += makeRandomCalls(kernel, seed, rules);
      }
      expect(faults.injected + failed).to.be.greaterThan(0);
      faults.set({});
      await kernel.unmount('/mnt', { force: true });
      await expectSafeFile();
    });

    it('gives errors when the image is cut short under it', async () => {
      truncateSync(image, 8 * 1024 ** 2);
      for (const seed of [6, 7]) makeRandomCalls(kernel, seed, rules);
      await kernel.unmount('/mnt', { force: true }).catch((error: unknown) => {
        expect(String(error)).to.match(/EIO/);
      });
      kernel.fs.writeFileSync('/root.txt', 'the kernel goes on');
      expect(kernel.fs.readFileSync('/root.txt', 'utf8')).to.equal('the kernel goes on');
    });
  });

async function expectToFail(unmount: Promise<void>): Promise<void> {
  const error = await unmount.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(inspect(error)).to.match(/EIO/);
}
