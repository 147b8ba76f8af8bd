// SPDX-License-Identifier: BSD-2-Clause
// ffs-kernel.ts: a kernel with a new FFS image mounted on /mnt, which is sound when the tests are done with it.
import { expect } from 'chai';
import { join } from 'node:path';
import { checkFfs, formatFfs } from '../../ts/disk/index.js';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { makeScratchFolder } from '../helpers/scratch.js';

/** The kernel, and what ends it. */
export interface FfsKernel {
  kernel: Kernel;
  /** Unmounts and checks the image. */
  end(): Promise<void>;
}

/** Boots it. */
export async function bootOnFfs(bytes: number, inodes: number): Promise<FfsKernel> {
  const image = join(makeScratchFolder('interop'), 'disk.img');
  formatFfs(image, { size: bytes, inodes });
  const kernel = await boot({ components: ['fs/ffs'] });
  await kernel.mount({ type: 'ffs', image, at: '/mnt', readOnly: false });
  return {
    kernel,
    end: async () => {
      await kernel.shutdown();
      expect(checkFfs(image).findings).to.deep.equal([]);
    },
  };
}
