// SPDX-License-Identifier: BSD-2-Clause
// image-kinds.ts: kernel.fs, on memory and on images; images are checked by a program that knows the format, now and
// then while they are not mounted, and at the end.
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFfs, formatFfs } from '../../ts/disk/index.js';
import { boot, type MountOptions } from '../../ts/kernel/index.js';
import { complaintsOfE2fsck } from '../helpers/ext2.js';
import { expectCleanVolume, makeFatVolume, type FatFormat } from '../helpers/fat.js';
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
  owners: 'all',
  inheritsGroup: true,
  isBsd: true,
  timeSlack: 1,
  linkMode: 0o755,
};

/** A format of images. */
export interface Format {
  name: string;
  component: string;
  mount: { type: 'ffs' | 'ext2fs' | 'msdos'; softUpdates?: boolean };
  rules: Rules;
  calls?: number;
  make: (image: string) => void;
  /** Throws if the image is not sound. */
  check: (image: string) => void;
}

const imageBytes = 128 * 1024 ** 2;
const remountsPerCheck = 16;
const callsWithPrograms = 20_000;

function kindOf(format: Format): SubjectKind {
  const { name, calls } = format;
  return { name, ...(calls !== undefined && { calls }), make: () => mountNew(format) };
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

const ffs: Omit<Format, 'name' | 'mount'> = {
  component: 'fs/ffs',
  rules: { ...kernelRules, touchesFolders: true, sameOwnerIsNoChange: true },
  make: (image: string) => {
    formatFfs(image, { size: imageBytes });
  },
  check: checkFfsImage,
};

/** ext2, 3 or 4, as mke2fs makes it with these options. */
function ext2Format(name: string, options: readonly string[], rules: Partial<Rules> = {}): Format {
  return {
    name,
    calls: callsWithPrograms,
    component: 'fs/ext2',
    mount: { type: 'ext2fs' },
    rules: { ...kernelRules, ...rules },
    make: (image) => {
      writeFileSync(image, '');
      truncateSync(image, imageBytes);
      execFileSync('mke2fs', ['-q', '-F', ...options, image], { stdio: 'pipe' });
    },
    check: (image) => {
      const complaints = complaintsOfE2fsck(image);
      if (complaints !== '') throw new Error(complaints);
    },
  };
}

/** What vfat of Linux shows, but that a mode is taken for what can be kept of it, and a name gets another spelling. */
const fatRules: Rules = {
  ...kernelRules,
  symbolicLinks: false,
  hardLinks: false,
  modes: 'writable',
  permissions: 0o755,
  owners: 'fixed',
  // letters in both cases, and points at the end or not
  fold: (name) => name.toLowerCase(),
  isBadName: (name) => /^[. ]+$/.test(name),
  folderLinks: false,
  timeStep: 2_000,
  accessStep: 86_400_000,
  timeRange: [Date.UTC(1980, 0), Date.UTC(2108, 0) - 1],
  changeIsModification: true,
  fileNumbers: 'while-mounted',
  fileMax: 0xffff_ffff,
  largestFile: 4 * 1024 ** 2,
  holes: false,
};

function fatFormat(format: FatFormat, rules: Partial<Rules> = {}): Format {
  return {
    name: format,
    calls: callsWithPrograms,
    component: 'fs/msdos',
    mount: { type: 'msdos' },
    rules: { ...fatRules, ...rules },
    make: (image) => {
      copyFileSync(makeFatVolume(format, { size: imageBytes }), image);
    },
    check: (image) => {
      expectCleanVolume(format, image);
    },
  };
}

/** Every format that a kernel writes. */
export const imageFormats: readonly Format[] = [
  {
    ...{ ...ffs, rules: { ...ffs.rules, losesNamesLater: true } },
    ...{ name: 'ffs with soft updates', mount: { type: 'ffs', softUpdates: true } },
  },
  { ...ffs, name: 'ffs without soft updates', mount: { type: 'ffs', softUpdates: false } },
  ext2Format('ext2 with times in seconds', ['-t', 'ext2', '-b', '1024', '-I', '128'], {
    ...{ timeStep: 1_000, accessStep: 1_000 },
  }),
  ext2Format('ext4', ['-t', 'ext4', '-b', '4096']),
  fatFormat('fat32'),
  fatFormat('exfat', { timeStep: 10, accessStep: 2_000, fileMax: Infinity }),
];

export const imageKinds: readonly SubjectKind[] = imageFormats.map(kindOf);
