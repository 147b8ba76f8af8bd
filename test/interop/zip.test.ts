// SPDX-License-Identifier: BSD-2-Clause
// zip.test.ts: yazl and yauzl, which take streams and readers, on kernel.fs on FFS; Python reads what the one wrote
// and writes what the other reads.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import { ZipFile } from 'yazl';
import type { KernelFs } from '../../ts/kernel/index.js';
import { seededBytes } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { bootOnFfs, type FfsKernel } from './ffs-kernel.js';

const contents: Readonly<Record<string, Buffer>> = {
  'empty.txt': Buffer.alloc(0),
  'hello.txt': Buffer.from('hello, world\n'),
  'deep/er/grüße.txt': Buffer.from('grüße\n'.repeat(1000)),
  'deep/random.bin': seededBytes(5, 1_000_000),
};

/** Python that prints what an archive has. */
const readAll = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
print(json.dumps({name: archive.read(name).hex() for name in archive.namelist()}))
`;

describe('zip libraries on kernel.fs', function () {
  this.timeout(60_000);
  let ffs: FfsKernel;
  let fs: KernelFs;

  before(async () => {
    ffs = await bootOnFfs(64 * 1024 ** 2, 1024);
    fs = ffs.kernel.fs;
    for (const [name, bytes] of Object.entries(contents)) write(fs, `/mnt/tree/${name}`, bytes);
  });

  after(() => ffs.end());

  it('yazl packs from streams into a stream', async () => {
    const zip = new ZipFile();
    for (const name of Object.keys(contents))
      zip.addReadStream(fs.createReadStream(`/mnt/tree/${name}`), name, { mode: 0o100640 });
    zip.end();
    await pipeline(zip.outputStream, fs.createWriteStream('/mnt/packed.zip'));
    const copy = join(makeScratchFolder('zip'), 'packed.zip');
    nodeFs.writeFileSync(copy, fs.readFileSync('/mnt/packed.zip'));
    const output = execFileSync('python3', ['-c', readAll, copy], { maxBuffer: 2 ** 24, encoding: 'utf8' });
    expect(JSON.parse(output)).to.deep.equal(hexOf(contents));
  });

  it('yauzl unpacks what Python packed', async () => {
    const archive = join(makeScratchFolder('zip'), 'made.zip');
    const tree = makeScratchFolder('zip-tree');
    for (const [name, bytes] of Object.entries(contents)) write(nodeFs, join(tree, name), bytes);
    execFileSync('python3', ['-m', 'zipfile', '-c', archive, ...nodeFs.readdirSync(tree)], { cwd: tree });
    fs.writeFileSync('/mnt/made.zip', nodeFs.readFileSync(archive));
    await unpack(fs, '/mnt/made.zip', '/mnt/copy');
    const got = Object.keys(contents).map((name) => [name, fs.readFileSync(`/mnt/copy/${name}`)] as const);
    expect(hexOf(Object.fromEntries(got))).to.deep.equal(hexOf(contents));
  });
});

function write(fs: KernelFs, path: string, bytes: Buffer): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, bytes);
}

function hexOf(files: Readonly<Record<string, Buffer>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString('hex')]));
}

/** What yauzl reads an archive with: pieces of a file as streams. */
class FileReader extends yauzl.RandomAccessReader {
  readonly #fs: KernelFs;
  readonly #path: string;

  constructor(fs: KernelFs, path: string) {
    super();
    this.#fs = fs;
    this.#path = path;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.#fs.createReadStream(this.#path, { start, end: end - 1 });
  }
}

async function unpack(fs: KernelFs, archive: string, target: string): Promise<void> {
  const reader = new FileReader(fs, archive);
  const zip = await yauzl.fromRandomAccessReaderPromise(reader, fs.statSync(archive).size);
  for await (const entry of zip.eachEntry()) {
    const path = join(target, entry.fileName);
    const isFolder = entry.fileName.endsWith('/');
    await fs.promises.mkdir(isFolder ? path : dirname(path), { recursive: true });
    if (isFolder) continue;
    await pipeline(await zip.openReadStreamPromise(entry), fs.createWriteStream(path));
  }
}
