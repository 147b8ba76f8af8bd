// SPDX-License-Identifier: BSD-2-Clause
// image-kinds.ts: kernel.fs, on memory and on images; images are checked by a program that knows the format, now and
// then while they are not mounted, and at the end.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkFfs, formatFfs } from '../../ts/disk/index.js';
import { boot, type MountOptions } from '../../ts/kernel/index.js';
import { makeMemoryFolder } from '../helpers/scratch.js';
import { linuxRules, type Rules } from './rules.js';
import type { Subject, SubjectKind } from './subjects.js';

const base = '/model';

/** The root of every kernel. */
export const rootKind: SubjectKind = {
  name: 'the root of a kernel',
  make: async () => {
    const kernel = await boot({ components: ['fs/ffs'] });
    kernel.fs.mkdirSync(base);
    return { fs: kernel.fs, base, rules: kernelRules, end: () => kernel.shutdown() };
  },
};

/** A file system that lives in a kernel's memory. */
export const tmpfsKind: SubjectKind = {
  name: 'tmpfs',
  make: async () => {
    const kernel = await boot({ components: ['fs/tmpfs'] });
    await kernel.mount({ type: 'tmpfs', at: base });
    return { fs: kernel.fs, base, rules: kernelRules, end: () => kernel.shutdown() };
  },
};

/** What kernel.fs answers as Node does on Linux, but for what the BSDs keep another way. */
const kernelRules: Rules = {
  ...linuxRules,
  uid: 0,
  gid: 0,
  umask: 0o022,
  owners: true,
  inheritsGroup: true,
  isBsd: true,
  linkMode: 0o755,
};

/** A format of images. */
interface Format {
  name: string;
  component: string;
  mount: { type: 'ffs' | 'ext2fs' | 'msdos'; softUpdates?: boolean };
  rules: Rules;
  make: (image: string) => void;
  /** Throws if the image is not sound. */
  check: (image: string) => void;
}

const imageBytes = 128 * 1024 ** 2;
const remountsPerCheck = 16;

function imageKind(format: Format): SubjectKind {
  return { name: format.name, make: () => mountNew(format) };
}

async function mountNew({ component, mount, rules, make, check }: Format): Promise<Subject> {
  const folder = makeMemoryFolder('model');
  const image = join(folder, 'model.img');
  make(image);
  const kernel = await boot({ components: [component] });
  const options = { ...mount, image, at: base, readOnly: false } as MountOptions;
  await kernel.mount(options);
  let remounts = 0;
  return {
    fs: kernel.fs,
    base,
    rules,
    remount: async () => {
      await kernel.unmount(base);
      if (remounts++ % remountsPerCheck === 0) check(image);
      await kernel.mount(options);
    },
    end: async () => {
      try {
        await kernel.shutdown();
        check(image);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function checkFfsImage(image: string): void {
  const { findings } = checkFfs(image, { limit: 10 });
  if (findings.length > 0) throw new Error(`the checker finds ${JSON.stringify(findings)}`);
}

const ffs = {
  component: 'fs/ffs',
  rules: kernelRules,
  make: (image: string) => {
    formatFfs(image, { size: imageBytes });
  },
  check: checkFfsImage,
};

/** Every format that a kernel writes. */
export const imageKinds: readonly SubjectKind[] = [
  imageKind({ ...ffs, name: 'ffs with soft updates', mount: { type: 'ffs', softUpdates: true } }),
  imageKind({ ...ffs, name: 'ffs without soft updates', mount: { type: 'ffs', softUpdates: false } }),
];
