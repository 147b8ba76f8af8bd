// SPDX-License-Identifier: BSD-2-Clause
// kinds.ts: the file systems that the parity suite writes to, each checked by a program that knows its format when the
// suite is done with it.
import { expect } from 'chai';
import { join } from 'node:path';
import { checkFfs, formatFfs } from '../../ts/disk/index.js';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { complaintsOfE2fsck, makeExt2 } from '../helpers/ext2.js';
import { expectCleanVolume, makeFatVolume, type FatFormat } from '../helpers/fat.js';
import { bootForTests } from '../helpers/kernel.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import type { Subject } from './subjects.js';
import { allTraits, type Traits } from './traits.js';

/** A file system to write to. */
export interface Kind {
  name: string;
  traits: Traits;
  make(): Promise<MadeKind>;
}

/** One that was made. */
export interface MadeKind {
  subject: Subject;
  kernel: Kernel;
  /** Shuts the kernel down and checks what is on the disk. */
  end(): Promise<void>;
}

const mountPoint = '/mnt';
const imageBytes = 64 * 1024 ** 2;

const rootOfKernel: Kind = {
  name: 'the root of a kernel',
  traits: allTraits,
  make: async () => {
    const kernel = await bootForTests();
    return { subject: { fs: kernel.fs, root: '/writing' }, kernel, end: () => kernel.shutdown() };
  },
};

interface Format {
  component: string;
  mount: { type: 'ffs' | 'ext2fs' | 'msdos'; softUpdates?: boolean };
  traits?: Traits;
  make: () => string;
  check: (image: string) => void;
}

function imageKind(name: string, { component, mount, traits = allTraits, make, check }: Format): Kind {
  return {
    name,
    traits,
    make: async () => {
      const image = make();
      const kernel = await boot({ components: [component] });
      await kernel.mount({ ...mount, image, at: mountPoint, readOnly: false });
      return {
        subject: { fs: kernel.fs, root: `${mountPoint}/writing` },
        kernel,
        end: async () => {
          await kernel.shutdown();
          check(image);
        },
      };
    },
  };
}

function ffs(softUpdates: boolean): Format {
  return {
    component: 'fs/ffs',
    mount: { type: 'ffs', softUpdates },
    make: () => {
      const image = join(makeScratchFolder('parity'), 'ffs.img');
      formatFfs(image, { size: imageBytes });
      return image;
    },
    check: (image) => {
      expect(checkFfs(image).findings).to.deep.equal([]);
    },
  };
}

function ext2(...options: string[]): Format {
  return {
    component: 'fs/ext2',
    mount: { type: 'ext2fs' },
    make: () => makeExt2(options, 64),
    check: (image) => {
      expect(complaintsOfE2fsck(image)).to.equal('');
    },
  };
}

function fat(format: FatFormat): Format {
  return {
    component: 'fs/msdos',
    mount: { type: 'msdos' },
    traits: { hasLinks: false, hasAttributes: false },
    make: () => makeFatVolume(format),
    check: (image) => {
      expectCleanVolume(format, image);
    },
  };
}

/** All of them. */
export const kinds: readonly Kind[] = [
  rootOfKernel,
  imageKind('FFS with soft updates', ffs(true)),
  imageKind('FFS without soft updates', ffs(false)),
  imageKind('ext2', ext2('-t', 'ext2')),
  imageKind('ext4', ext2('-t', 'ext4')),
  imageKind('FAT32', fat('fat32')),
  imageKind('exFAT', fat('exfat')),
];
