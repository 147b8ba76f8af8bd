// SPDX-License-Identifier: BSD-2-Clause
// ext2.test.ts: fs/ext2 on images that mke2fs made: C tests with system calls (t_ext2.c, which has e2fsck look at each
// image), what debugfs wrote read here and the reverse, and images that must be refused.
import { expect } from 'chai';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { findComposition } from '../../ts/native/composition.js';
import { packageRoot } from '../../ts/paths.js';
import { complaintsOfE2fsck, debugfs, makeExt2 } from '../helpers/ext2.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';

/** mke2fs options, size in MiB, bytes of an inode, files in one folder. */
const formats: readonly [string, number, number, number][] = [
  ['-t ext2 -b 1024 -I 128', 12, 128, 2000],
  ['-t ext2 -b 4096 -O ^dir_index', 40, 256, 2000],
  ['-t ext3 -b 4096', 48, 256, 5000],
  ['-t ext4 -b 1024', 40, 256, 5000],
  ['-t ext4 -b 4096 -N 24000', 64, 256, 20_000],
  ['-t ext4 -b 4096 -O ^metadata_csum,uninit_bg,^64bit', 40, 256, 2000],
];

describe('fs/ext2', function () {
  this.timeout(300_000);
  let sharedObject: string;
  let program: string;
  let kernel: Kernel;

  before(async () => {
    sharedObject = await findComposition(['fs/ext2', 'dev']);
    program = compile('t_ext2.c', sharedObject);
  });
  beforeEach(async () => {
    kernel = await boot({ sharedObject });
  });
  afterEach(async () => {
    await kernel.shutdown();
  });

  for (const [options, megabytes, inodeSize, many] of formats) {
    it(`does everything on mke2fs ${options}, and e2fsck has nothing to say`, () => {
      const image = makeExt2(options.split(' '), megabytes);
      const { status, signal, stdout, stderr } = spawnSync(program, {
        encoding: 'utf8',
        timeout: 120_000,
        env: {
          ...process.env,
          KTEST_IMAGE: image,
          KTEST_INODE_SIZE: String(inodeSize),
          KTEST_MANY: String(many),
          RUMP_MEMLIMIT: '256m',
        },
      });
      const output = `${signal ?? ''}\n${stdout}\n${stderr}`;
      expect(stdout.match(/^ok \d+/gm) ?? [], output).to.have.length(
        Number(/^1\.\.(\d+)$/m.exec(stdout)?.[1]),
      );
      expect(status, output).to.equal(0);
    });
  }

  for (const features of [
    'none',
    'has_journal,extent',
    'extent,inline_data,metadata_csum',
    'bigalloc,extent',
  ]) {
    it(`reads a tree that mke2fs wrote with the features ${features}`, async () => {
      const tree = makeTree();
      const image = makeExt2(['-t', 'ext4', '-O', features], 64, tree);
      await kernel.mount({ type: 'ext2fs', image, at: '/e' });
      const { fs } = kernel;
      expect(fs.readFileSync('/e/tiny', 'utf8')).to.equal('tiny');
      expect(fs.readFileSync('/e/folder/big').equals(seededBytes(3, 3_000_000))).to.equal(true);
      expect(fs.readlinkSync('/e/folder/link')).to.equal('../tiny');
      expect(fs.readlinkSync('/e/long')).to.equal('x/'.repeat(50));
      expect(fs.readdirSync('/e/small').sort()).to.deep.equal(['a', 'b']);
      expect(fs.readdirSync('/e/many')).to.have.length(700);
      expect(() => fs.statSync('/e/many/none')).to.throw('ENOENT');
    });
  }

  it('writes what debugfs reads, and reads what debugfs writes', async () => {
    const image = makeExt2(['-t', 'ext4'], 64);
    await kernel.mount({ type: 'ext2fs', image, at: '/e', readOnly: false });
    const bytes = seededBytes(9, 2_000_000);
    kernel.fs.mkdirSync('/e/a/b', { recursive: true });
    kernel.fs.writeFileSync('/e/a/b/ours', bytes);
    kernel.fs.symlinkSync('b/ours', '/e/a/link');
    await kernel.unmount('/e');
    expect(complaintsOfE2fsck(image)).to.equal('');
    const folder = makeScratchFolder('debugfs');
    debugfs(image, `dump /a/b/ours ${join(folder, 'ours')}`);
    expect(execFileSync('cat', [join(folder, 'ours')], { maxBuffer: 1e8 }).equals(bytes)).to.equal(true);
    expect(debugfs(image, 'stat /a/link')).to.match(/Fast link dest: "b\/ours"/);
    writeFileSync(join(folder, 'theirs'), bytes.subarray(1));
    debugfs(image, `write ${join(folder, 'theirs')} a/theirs`, true);
    await kernel.mount({ type: 'ext2fs', image, at: '/e' });
    expect(kernel.fs.readFileSync('/e/a/theirs').equals(bytes.subarray(1))).to.equal(true);
  });

  it('keeps two names whose hashes are equal, and the index that Linux reads', async () => {
    const image = makeExt2(['-t', 'ext4', '-b', '1024'], 16);
    await kernel.mount({ type: 'ext2fs', image, at: '/e', readOnly: false });
    kernel.fs.mkdirSync('/e/indexed');
    for (let index = 0; index < 400; index++) kernel.fs.writeFileSync(`/e/indexed/file-${index}`, '');
    await kernel.unmount('/e');
    expect(complaintsOfE2fsck(image)).to.equal('');
    expect(debugfs(image, 'htree_dump /indexed')).to.contain('Root node dump');
    // debugfs finds names by the index
    expect(debugfs(image, 'stat /indexed/file-399')).to.contain('Type: regular');
  });

  it('says "not clean" while it is mounted to be written, and only then', async () => {
    const image = makeExt2(['-t', 'ext2'], 16);
    const isClean = (): boolean => /Filesystem state:\s+clean/.test(superblock(image));
    await kernel.mount({ type: 'ext2fs', image, at: '/e' });
    expect(isClean()).to.equal(true);
    await kernel.unmount('/e');
    await kernel.mount({ type: 'ext2fs', image, at: '/e', readOnly: false });
    expect(isClean()).to.equal(false);
    await kernel.unmount('/e');
    expect(isClean()).to.equal(true);
  });

  const readOnly: readonly [string, string[], string | undefined][] = [
    ['was not unmounted', ['-t', 'ext2'], 'ssv state 0'],
    ['has errors', ['-t', 'ext2'], 'ssv state 3'],
    ['has a journal to be replayed', ['-t', 'ext4'], 'feature needs_recovery'],
    ['has inline data', ['-t', 'ext4', '-O', 'inline_data'], undefined],
    ['has quotas', ['-t', 'ext4', '-O', 'quota'], undefined],
  ];
  for (const [what, options, command] of readOnly) {
    it(`only reads one that ${what}`, async () => {
      const image = makeExt2(options, 16);
      if (command !== undefined) debugfs(image, command, true);
      const error: unknown = await kernel
        .mount({ type: 'ext2fs', image, at: '/e', readOnly: false })
        .catch((reason: unknown) => reason);
      expect(error).to.have.nested.property('cause.code', 'EROFS');
      await kernel.mount({ type: 'ext2fs', image, at: '/e' });
      expect(kernel.fs.readdirSync('/e')).to.deep.equal(['lost+found']);
    });
  }

  it('refuses what it cannot read', async () => {
    const casefold = makeExt2(['-t', 'ext4', '-O', 'casefold'], 16);
    const short = makeExt2(['-t', 'ext4'], 16);
    execFileSync('truncate', ['-s', '9M', short]);
    for (const [image, code] of [
      [casefold, 'ENOTSUP'],
      [short, 'EINVAL'],
    ] as const) {
      const error: unknown = await kernel
        .mount({ type: 'ext2fs', image, at: '/e' })
        .catch((reason: unknown) => reason);
      expect(error).to.have.nested.property('cause.code', code);
    }
  });
});

function superblock(image: string): string {
  return execFileSync('dumpe2fs', ['-h', image], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function makeTree(): string {
  const tree = makeScratchFolder('tree');
  for (const folder of ['folder', 'small', 'many']) mkdirSync(join(tree, folder));
  writeFileSync(join(tree, 'tiny'), 'tiny');
  writeFileSync(join(tree, 'folder/big'), seededBytes(3, 3_000_000));
  symlinkSync('../tiny', join(tree, 'folder/link'));
  symlinkSync('x/'.repeat(50), join(tree, 'long'));
  for (const name of ['a', 'b']) writeFileSync(join(tree, 'small', name), name);
  for (let index = 0; index < 700; index++) writeFileSync(join(tree, `many/file-${index}`), '');
  return tree;
}

function compile(source: string, kernel: string): string {
  const output = join(makeScratchFolder('ext2'), source.replace(/\.c$/, ''));
  execFileSync('cc', [
    ...['-std=c11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-pthread'],
    ...['-idirafter', join(packageRoot, 'rump', 'include')],
    ...[join(import.meta.dirname, source), kernel, `-Wl,-rpath,${dirname(kernel)}`],
    ...['-o', output],
  ]);
  return output;
}
