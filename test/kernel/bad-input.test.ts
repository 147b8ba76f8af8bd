// SPDX-License-Identifier: BSD-2-Clause
// bad-input.test.ts: for every file system that is written: images of another type, read-only mounts, names that are too
// long, links that lead to themselves. Each gives an error that says what and why.
import { expect } from 'chai';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boot, type Kernel, type MountOptions } from '../../ts/kernel/index.js';
import { expectError } from '../helpers/expect-error.js';
import { makeExt2 } from '../helpers/ext2.js';
import { makeFatVolume } from '../helpers/fat.js';
import { makeFfs } from '../helpers/ffs.js';
import { makeIso } from '../helpers/iso.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { makePlainTree } from '../helpers/trees.js';

const types = ['ffs', 'ext2fs', 'msdos', 'cd9660'] as const;
const at = '/mnt';

describe('bad input', function () {
  this.timeout(300_000);
  let kernel: Kernel;
  let images: Record<string, string>;

  before(async () => {
    kernel = await boot({ components: ['fs/ffs', 'fs/ext2', 'fs/msdos', 'fs/cd9660', 'fs/tmpfs'] });
    const tree = makePlainTree();
    const noise = join(makeScratchFolder('noise'), 'noise.img');
    writeFileSync(noise, Buffer.alloc(2 * 1024 ** 2, 'no file system'));
    const nothing = join(makeScratchFolder('nothing'), 'nothing.img');
    writeFileSync(nothing, '');
    images = {
      ffs: makeFfs(tree, { size: '8m' }),
      ext2fs: makeExt2(['-t', 'ext4'], 8, tree),
      msdos: makeFatVolume('fat16', { size: 16 * 1024 ** 2 }),
      cd9660: makeIso(tree, 'rock-ridge'),
      noise,
      nothing,
    };
  });
  after(() => kernel.shutdown());

  for (const type of types) {
    it(`${type}: refuses images of other types, noise and nothing, says why and what to do`, async () => {
      for (const [kind, image] of Object.entries(images)) {
        if (kind === type) continue;
        for (const readOnly of type === 'cd9660' ? [true] : [true, false]) {
          const error = await expectError('RUMP_MOUNT_FAILED', () =>
            kernel.mount({ type, image, at, readOnly }),
          );
          expect(error.message, kind)
            .to.include(image)
            .and.match(/: it .+ \(E\w+\)$/);
          expect(error.remedy, kind).to.include(image).and.include(type);
        }
      }
      await kernel.mount({ type, image: images[type]!, at });
      await kernel.unmount(at);
    });

    it(`${type}: a read-only mount is not written to`, async () => {
      await kernel.mount({ type, image: images[type]!, at });
      const { fs } = kernel;
      for (const change of [
        () => fs.writeFileSync(`${at}/new`, 'x'),
        () => fs.mkdirSync(`${at}/new`),
        () => fs.chmodSync(at, 0o700),
        () => fs.utimesSync(at, 1, 1),
      ])
        expect(change).to.throw(/^EROFS/);
      await kernel.unmount(at);
    });

    it(`${type}: an image that is cut short is refused, or read as far as it goes`, async () => {
      const image = images[type]!;
      truncateSync(image, 64 * 1024);
      const error = await kernel.mount({ type, image, at }).then(
        () => undefined,
        (reason: unknown) => reason as Error & { code: string },
      );
      if (error !== undefined) {
        expect(error.code).to.equal('RUMP_MOUNT_FAILED');
        return;
      }
      try {
        for (const name of kernel.fs.readdirSync(at)) kernel.fs.statSync(`${at}/${name}`);
      } catch (failure) {
        expect(failure).to.have.property('code', 'EIO');
      }
      await kernel.unmount(at);
    });
  }

  it('names that are too long and links to themselves', async () => {
    const tree = makePlainTree();
    const mounts: MountOptions[] = [
      { type: 'ffs', image: makeFfs(tree, { size: '8m' }), at, readOnly: false },
      { type: 'ext2fs', image: makeExt2(['-t', 'ext4'], 8, tree), at, readOnly: false },
      { type: 'msdos', image: makeFatVolume('fat16', { size: 16 * 1024 ** 2 }), at, readOnly: false },
      { type: 'tmpfs', at },
    ];
    const { fs } = kernel;
    for (const mount of mounts) {
      await kernel.mount(mount);
      for (const call of [
        () => fs.writeFileSync(`${at}/${'n'.repeat(256)}`, ''),
        () => fs.mkdirSync(`${at}/${'n'.repeat(256)}`),
        () => fs.statSync(`${at}/${'d/'.repeat(3000)}`),
        () => fs.renameSync(`${at}/none`, `${at}/${'n'.repeat(256)}`),
      ])
        expect(call, mount.type).to.throw(/^ENAMETOOLONG|^ENOENT: .*rename/);
      if (mount.type !== 'msdos') {
        fs.symlinkSync('itself', `${at}/itself`);
        fs.symlinkSync('b', `${at}/a`);
        fs.symlinkSync('a', `${at}/b`);
        for (const call of [
          () => fs.statSync(`${at}/itself`),
          () => fs.openSync(`${at}/a`, 'r'),
          () => fs.readdirSync(`${at}/b/below`),
        ])
          expect(call, mount.type).to.throw(/^ELOOP/);
      }
      await kernel.unmount(at);
    }
  });

  it('an unmount says why it is refused', async () => {
    const error = await expectError('RUMP_MOUNT_FAILED', () => kernel.unmount('/'));
    expect(error.message).to.equal('cannot unmount /: nothing is mounted there (EINVAL)');
    await kernel.mount({ type: 'tmpfs', at });
    const fd = kernel.fs.openSync(`${at}/open`, 'w');
    const busy = await expectError('RUMP_MOUNT_BUSY', () => kernel.unmount(at));
    expect(busy.message).to.equal(`cannot unmount ${at}: it is in use (EBUSY)`);
    kernel.fs.closeSync(fd);
    await kernel.unmount(at);
  });
});
