// SPDX-License-Identifier: BSD-2-Clause
// mounts.test.ts: mounts of memory and of parts of images, at the root too, and what is refused.
import { expect } from 'chai';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { boot, type Kernel, type MountOptions } from '../../ts/kernel/index.js';
import { expectError } from '../helpers/expect-error.js';
import { makeIso } from '../helpers/iso.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { makePlainTree } from '../helpers/trees.js';

describe('mounts', function () {
  this.timeout(300_000);
  let kernel: Kernel;
  let image: string;

  before(async () => {
    kernel = await boot({ components: ['fs/cd9660', 'fs/tmpfs'] });
    image = makeIso(makePlainTree(), 'rock-ridge');
  });
  after(() => kernel.shutdown());

  it('mounts memory with limits of bytes and files, writable', async () => {
    const { fs } = kernel;
    await kernel.mount({ type: 'tmpfs', at: '/limited', size: 1_048_576, inodes: 10, mode: 0o1777 });
    expect(fs.statSync('/limited').mode & 0o7777).to.equal(0o1777);
    expect(() => {
      fs.writeFileSync('/limited/large', Buffer.alloc(2_000_000));
    }).to.throw(/^ENOSPC: .*, write$/);
    fs.rmSync('/limited/large');
    expect(() => {
      for (let index = 0; index < 20; index++) fs.writeFileSync(`/limited/${index}`, '');
    }).to.throw(/^ENOSPC: .*, open '\/limited\/\d+'$/);
    await kernel.unmount('/limited');
    expect(fs.readdirSync('/limited')).to.deep.equal([]);
  });

  it('mounts memory read-only when told to', async () => {
    await kernel.mount({ type: 'tmpfs', at: '/fixed', readOnly: true });
    expect(() => {
      kernel.fs.writeFileSync('/fixed/x', '');
    }).to.throw(/^EROFS/);
    await kernel.unmount('/fixed');
  });

  it('mounts an image that is a part of a larger file', async () => {
    const part = nodeFs.readFileSync(image);
    const whole = join(makeScratchFolder('partition'), 'disk.img');
    nodeFs.writeFileSync(whole, Buffer.concat([Buffer.alloc(10_240), part, Buffer.alloc(512, 1)]));
    await kernel.mount({ type: 'cd9660', image: whole, at: '/part', offset: 10_240, size: part.length });
    await kernel.mount({ type: 'cd9660', image, at: '/whole' });
    expect(kernel.fs.readdirSync('/part')).to.deep.equal(kernel.fs.readdirSync('/whole'));
    await kernel.unmount('/part');
    await kernel.unmount('/whole');
  });

  it('makes a mount the root, and further mounts find their images', async () => {
    const other = await boot({ components: ['fs/cd9660', 'fs/tmpfs'] });
    try {
      other.fs.writeFileSync('/below', '');
      await other.mount({ type: 'tmpfs', at: '/' });
      expect(other.fs.readdirSync('/')).to.deep.equal([]);
      await other.mount({ type: 'cd9660', image, at: '/cd' });
      expect(other.fs.readdirSync('/cd')).to.include('dir1');
      await other.unmount('/cd');
      await other.unmount('/');
      expect(other.fs.existsSync('/below')).to.equal(true);
      await other.mount({ type: 'tmpfs', at: '/' });
      await other.mount({ type: 'cd9660', image, at: '/cd' });
    } finally {
      await other.shutdown();
    }
  });

  it('syncs', () => kernel.sync());

  for (const [title, options] of [
    ['a place that is no whole sector', { offset: 100 }],
    ['a size of nothing', { size: 0 }],
    ['a negative place', { offset: -512 }],
    ['a place that is no number', { offset: 'x' }],
  ] as const) {
    it(`refuses ${title}`, () =>
      expectError('RUMP_MOUNT_USAGE', () =>
        kernel.mount({ type: 'cd9660', image, at: '/mnt', ...options } as MountOptions),
      ));
  }

  it('refuses a place beyond the end of the image', () =>
    expectError('RUMP_MOUNT_NO_IMAGE', () =>
      kernel.mount({ type: 'cd9660', image, at: '/mnt', offset: 2 ** 40 }),
    ));

  it('refuses memory with an image, with a wrong mode, and a type that is not there', async () => {
    const memory = { type: 'tmpfs', at: '/mnt' } as const;
    await expectError('RUMP_MOUNT_USAGE', () => kernel.mount({ ...memory, image } as MountOptions));
    await expectError('RUMP_MOUNT_USAGE', () => kernel.mount({ ...memory, mode: 0o10000 }));
    await expectError('RUMP_MOUNT_UNKNOWN_TYPE', () => kernel.mount({ type: 'ext2fs', image, at: '/mnt' }));
  });
});
