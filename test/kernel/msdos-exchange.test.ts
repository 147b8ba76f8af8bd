// SPDX-License-Identifier: BSD-2-Clause
// msdos-exchange.test.ts: files that mtools wrote are read through kernel.fs, and the reverse, with names of every kind.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { findComposition } from '../../ts/native/composition.js';
import { expectCleanVolume, fatFormats, makeFatVolume, type FatFormat } from '../helpers/fat.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';

/** mtools knows no exFAT. */
const exchanged = fatFormats.filter((format) => format !== 'exfat');
const names = [
  'SHORT.TXT',
  'lower.txt',
  'Mixed Case.Html',
  'a name that is long enough for several entries of a folder.data',
  'Gr\u00f6\u00dfe \u2603.txt',
  'noextension',
  'many.dots.in.it.tar.gz',
];

describe('FAT volumes between mtools and kernel.fs', function () {
  this.timeout(120_000);
  let kernel: Kernel;

  before(async () => {
    kernel = await boot({ sharedObject: await findComposition(['fs/msdos', 'dev']) });
  });

  after(async () => {
    await kernel.shutdown();
  });

  for (const format of exchanged) {
    it(`reads what mtools wrote on ${format}`, async () => {
      const tree = makeTree();
      const image = makeFatVolume(format);
      mtools('mcopy', ['-s', '-m', '-i', image, ...readdirSync(tree).map((name) => join(tree, name)), '::/']);
      await withVolume(kernel, image, (at) => {
        expectSameTree(kernel, tree, at);
      });
      expectCleanVolume(format, image);
    });

    it(`writes what mtools reads on ${format}`, async () => {
      const tree = makeTree();
      const image = makeFatVolume(format);
      await withVolume(kernel, image, (at) => {
        copyIn(kernel, tree, at);
        kernel.fs.renameSync(`${at}/SHORT.TXT`, `${at}/moved to a long name.txt`);
        kernel.fs.renameSync(`${at}/moved to a long name.txt`, `${at}/SHORT.TXT`);
      });
      expectCleanVolume(format, image);
      const out = makeScratchFolder('mtools-out');
      mtools('mcopy', ['-s', '-n', '-m', '-i', image, '::/*', out]);
      expect(listTree(out)).to.deep.equal(listTree(tree));
    });
  }

  it('marks a volume as in use while it is mounted writable, and not afterwards', async () => {
    for (const format of ['fat16', 'fat32'] satisfies FatFormat[]) {
      const image = makeFatVolume(format);
      const state = format === 'fat16' ? 37 : 65;
      await withVolume(kernel, image, () => {
        expect((readFileSync(image)[state] ?? 0) & 1, format).to.equal(1);
      });
      expect((readFileSync(image)[state] ?? 1) & 1, format).to.equal(0);
    }
  });

  it('changes no attributes for a mount that lets nobody write', async () => {
    const image = makeFatVolume('fat32');
    await kernel.mount({ type: 'msdos', image, at: '/fat', readOnly: false, fileMode: 0o555 });
    kernel.fs.writeFileSync('/fat/PLAIN', 'x');
    kernel.fs.writeFileSync('/fat/LOCKED', 'x', { mode: 0o444 });
    kernel.fs.utimesSync('/fat/PLAIN', 1e9, 1e9);
    await kernel.unmount('/fat');
    expect(mtools('mattrib', ['-i', image, '::/PLAIN'])).to.match(/^ {2}A {10}::/);
    expect(mtools('mattrib', ['-i', image, '::/LOCKED'])).to.match(/^ {2}A {4}R {5}::/);
  });

  it('has nothing to lose after fsync', async () => {
    const image = makeFatVolume('fat32');
    const bytes = seededBytes(11, 300_000);
    await withVolume(kernel, image, (at) => {
      kernel.fs.mkdirSync(`${at}/deep/folder`, { recursive: true });
      const fd = kernel.fs.openSync(`${at}/deep/folder/a file to keep.bin`, 'w');
      kernel.fs.writeSync(fd, bytes);
      kernel.fs.fsyncSync(fd);
      kernel.fs.closeSync(fd);
      // Read by another program while the kernel still has the volume.
      const copy = join(makeScratchFolder('fsync'), 'copy.bin');
      mtools('mcopy', ['-n', '-i', image, '::/deep/folder/a file to keep.bin', copy]);
      expect(readFileSync(copy).equals(bytes)).to.equal(true);
    });
  });
});

function makeTree(): string {
  const root = makeScratchFolder('fat-tree');
  mkdirSync(join(root, 'Sub folder', 'deeper'), { recursive: true });
  for (const [index, name] of names.entries()) {
    for (const folder of ['.', 'Sub folder', 'Sub folder/deeper'])
      writeFileSync(join(root, folder, name), seededBytes(index, index * 7000));
    utimesSync(join(root, name), 1_600_000_000, 1_600_000_000 + index * 2);
  }
  return root;
}

async function withVolume(kernel: Kernel, image: string, work: (at: string) => void): Promise<void> {
  await kernel.mount({ type: 'msdos', image, at: '/fat', readOnly: false });
  try {
    work('/fat');
  } finally {
    await kernel.unmount('/fat');
  }
}

function copyIn(kernel: Kernel, from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      kernel.fs.mkdirSync(`${to}/${entry.name}`);
      copyIn(kernel, join(from, entry.name), `${to}/${entry.name}`);
    } else {
      kernel.fs.writeFileSync(`${to}/${entry.name}`, readFileSync(join(from, entry.name)));
    }
  }
}

function expectSameTree(kernel: Kernel, host: string, at: string): void {
  expect(kernel.fs.readdirSync(at).sort()).to.deep.equal(readdirSync(host).sort());
  for (const entry of readdirSync(host, { withFileTypes: true })) {
    const [ours, theirs] = [`${at}/${entry.name}`, join(host, entry.name)];
    if (entry.isDirectory()) {
      expectSameTree(kernel, theirs, ours);
      continue;
    }
    expect(kernel.fs.readFileSync(ours).equals(readFileSync(theirs)), entry.name).to.equal(true);
    expect(kernel.fs.statSync(ours).size).to.equal(statSync(theirs).size);
  }
}

/** Paths with their contents' lengths and sums. */
function listTree(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const full = join(root, path);
      return statSync(full).isDirectory() ? path : `${path} ${readFileSync(full).toString('base64')}`;
    });
}

function mtools(command: string, words: readonly string[]): string {
  return execFileSync(command, words, {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, LC_ALL: 'C.UTF-8', MTOOLS_SKIP_CHECK: '1', TZ: 'UTC' },
  });
}
