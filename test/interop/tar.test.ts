// SPDX-License-Identifier: BSD-2-Clause
// tar.test.ts: tar-fs, a library that takes an fs, packs and unpacks 20,000 files on kernel.fs on FFS with soft
// updates; the system's tar reads what it packed, and packs what it unpacks.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, pack, type ExtractOptions, type PackOptions } from 'tar-fs';
import type { KernelFs } from '../../ts/kernel/index.js';
import { seededBytes } from '../helpers/random.js';
import { makeMemoryFolder } from '../helpers/scratch.js';
import { bootOnFfs, type FfsKernel } from './ffs-kernel.js';

const folders = 200;
const filesPerFolder = 100;
const files = folders * filesPerFolder;

describe('tar-fs on kernel.fs', function () {
  this.timeout(180_000);
  let ffs: FfsKernel;
  let fs: KernelFs;
  let host: string;
  /** What is in the tree, by the host's tar. */
  let expected: Map<string, string>;

  before(async () => {
    host = makeMemoryFolder('tar');
    ffs = await bootOnFfs(512 * 1024 ** 2, 65_536);
    fs = ffs.kernel.fs;
  });

  after(async () => {
    nodeFs.rmSync(host, { recursive: true, force: true });
    await ffs.end();
  });

  it(`packs ${files} files for the system's tar`, async () => {
    makeTree(fs, '/mnt/tree');
    const options: PackOptions & WithFs = { fs, umask: 0 };
    const archive = join(host, 'packed.tar');
    await pipeline(pack('/mnt/tree', options), nodeFs.createWriteStream(archive));
    nodeFs.mkdirSync(join(host, 'tree'));
    execFileSync('tar', ['-xpf', archive, '-C', join(host, 'tree')]);
    expected = describeTree(nodeFs, join(host, 'tree'));
    expectSame(describeTree(fs, '/mnt/tree'), expected);
    expect(count(expected, 'file')).to.equal(files);
  });

  it(`unpacks ${files} files that the system's tar packed`, async () => {
    const tree = join(host, 'tree');
    for (let folder = 0; folder < folders; folder++) linkHard(tree, folder);
    const archive = join(host, 'made.tar');
    execFileSync('tar', ['-cf', archive, '--sort=name', '-C', tree, '.']);
    const options: ExtractOptions & WithFs = { fs, umask: 0 };
    await pipeline(nodeFs.createReadStream(archive), extract('/mnt/copy', options));
    const got = describeTree(fs, '/mnt/copy');
    expectSame(got, describeTree(nodeFs, tree));
    expect(count(got, 'file')).to.equal(files + folders);
    for (let folder = 0; folder < folders; folder++) {
      const [file, link] = hardLink(folder).map((name) => fs.statSync(`/mnt/copy/${name}`));
      expect([link?.ino, link?.nlink]).to.deep.equal([file?.ino, 2]);
    }
  });

  it('removes both trees', async () => {
    fs.rmSync('/mnt/tree', { recursive: true });
    await fs.promises.rm('/mnt/copy', { recursive: true });
    expect(fs.readdirSync('/mnt')).to.deep.equal([]);
  });
});

/** Options of the library that its types do not have. */
interface WithFs {
  fs: KernelFs;
  umask: number;
}

const modes = [0o644, 0o600, 0o755, 0o444, 0o640];
const timeSeconds = 1_600_000_000;
const longName = 'n'.repeat(150);

/** The name of a file of the tree: some are long, some not in ASCII. */
function nameOf(index: number): string {
  if (index % 50 === 7) return `${longName}-${index}`;
  return index % 50 === 8 ? `grüße-名前-${index}` : `file-${index}.txt`;
}

/** The size of a file: mostly little, now and then across the direct blocks. */
function sizeOf(folder: number, index: number): number {
  if (index === 99) return folder % 20 === 0 ? 150_000 : 0;
  return (folder * 37 + index * 101) % 3000;
}

function makeTree(fs: KernelFs, root: string): void {
  const bytes = seededBytes(3, 200_000);
  for (let folder = 0; folder < folders; folder++) {
    const path = `${root}/${folder % 10}/folder-${folder}`;
    fs.mkdirSync(path, { recursive: true });
    for (let index = 0; index < filesPerFolder; index++) {
      const name = `${path}/${nameOf(index)}`;
      const start = (folder + index * 7) % 40_000;
      fs.writeFileSync(name, bytes.subarray(start, start + sizeOf(folder, index)));
      fs.chmodSync(name, modes[index % modes.length] ?? 0);
      fs.utimesSync(name, timeSeconds, timeSeconds + folder * 100 + index);
    }
    fs.symlinkSync(`../folder-${folder}/${nameOf(folder % 100)}`, `${path}/link`);
    fs.utimesSync(path, timeSeconds, timeSeconds + folder);
  }
}

/** A file of a folder and the second name that it gets. */
function hardLink(folder: number): [string, string] {
  const path = `${folder % 10}/folder-${folder}`;
  return [`${path}/${nameOf(1)}`, `${path}/hard`];
}

function linkHard(tree: string, folder: number): void {
  const [file, link] = hardLink(folder).map((name) => join(tree, name));
  nodeFs.linkSync(file ?? '', link ?? '');
}

/** Every name below a folder with kind, mode, owner, size, time and contents; of a folder that has names made since, no time. */
function describeTree(fs: KernelFs, root: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = `${root}/${name}`;
    const stats = fs.lstatSync(path);
    if (stats.isSymbolicLink()) {
      found.set(name, `link ${fs.readlinkSync(path)}`);
      continue;
    }
    const common = `${stats.mode.toString(8)} ${stats.uid} ${stats.gid}`;
    if (stats.isDirectory()) found.set(name, `folder ${common}`);
    else found.set(name, `file ${common} ${stats.size} ${stats.mtimeMs} ${fs.readFileSync(path, 'base64')}`);
  }
  return found;
}

/** As one assertion per tree: a message with 20,000 names helps nobody. */
function expectSame(got: Map<string, string>, expected: Map<string, string>): void {
  const names = new Set([...got.keys(), ...expected.keys()]);
  const different = [...names].filter((name) => got.get(name) !== expected.get(name));
  expect(different.slice(0, 10), `${different.length} names differ`).to.deep.equal([]);
}

function count(tree: Map<string, string>, kind: string): number {
  return [...tree.values()].filter((text) => text.startsWith(kind)).length;
}
