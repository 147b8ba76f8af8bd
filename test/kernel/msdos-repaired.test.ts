// SPDX-License-Identifier: BSD-2-Clause
// msdos-repaired.test.ts: exFAT after power cuts. What fsck.exfat leaves where two folders had the same clusters, as in
// the midst of a rename: one of them has none. And what a cut must not tear lies in one sector.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { findComposition } from '../../ts/native/composition.js';
import { expectCleanVolume, makeFatVolume } from '../helpers/fat.js';
import { seededBytes } from '../helpers/random.js';

const entryBytes = 32;
/** Of an entry set: its first two entries' fields, and the bytes that its checksum leaves out. */
const at = { count: 1, checksum: 2, nameLength: 35, cluster: 52, size: 56, name: 66 } as const;

describe('exFAT volumes and power cuts', function () {
  this.timeout(60_000);
  let kernel: Kernel;

  before(async () => {
    kernel = await boot({ sharedObject: await findComposition(['fs/msdos', 'dev']) });
  });

  after(async () => {
    await kernel.shutdown();
  });

  it('fsck.exfat leaves folders without a cluster, which can be read and filled', async () => {
    const image = makeFatVolume('exfat');
    await withVolume(image, () => {
      for (const name of ['first', 'second']) kernel.fs.mkdirSync(`/fat/${name}`);
      kernel.fs.writeFileSync('/fat/first/kept', 'kept');
    });
    shareCluster(image, 'first', 'second');
    expect(spawnSync('fsck.exfat', ['-y', image]).status).to.equal(1);
    const second = findSet(readFileSync(image), 'second');
    expect(second.readUInt32LE(at.cluster), 'cluster').to.equal(0);
    expect(second.readBigUInt64LE(at.size), 'size').to.equal(0n);

    const bytes = seededBytes(5, 50_000);
    await withVolume(image, () => {
      expect(kernel.fs.readdirSync('/fat/second')).to.deep.equal([]);
      expect(() => kernel.fs.statSync('/fat/second/none')).to.throw('ENOENT');
      for (let index = 0; index < 100; index++) kernel.fs.writeFileSync(`/fat/second/file ${index}`, bytes);
      kernel.fs.mkdirSync('/fat/second/folder');
    });
    expectCleanVolume('exfat', image);
    await withVolume(image, () => {
      expect(kernel.fs.readdirSync('/fat/second')).to.have.length(101);
      expect(kernel.fs.readFileSync('/fat/second/file 99').equals(bytes)).to.equal(true);
      expect(kernel.fs.readFileSync('/fat/first/kept', 'utf8')).to.equal('kept');
      kernel.fs.rmSync('/fat/second', { recursive: true });
    });
    expectCleanVolume('exfat', image);
  });

  it('the checksum of an entry and what changes with it are in one sector', async () => {
    const image = makeFatVolume('exfat');
    await withVolume(image, () => {
      for (const folder of ['/fat', '/fat/folder']) {
        if (folder !== '/fat') kernel.fs.mkdirSync(folder);
        for (let index = 0; index < 300; index++)
          kernel.fs.writeFileSync(`${folder}/${'x'.repeat(index % 40)}${index}`, '');
        for (let index = 0; index < 300; index += 3)
          kernel.fs.renameSync(`${folder}/${'x'.repeat(index % 40)}${index}`, `${folder}/again-${index}`);
      }
    });
    expectCleanVolume('exfat', image);
    const places = [...setPlaces(readFileSync(image))];
    expect(places).to.have.length(601);
    expect(places.filter((place) => place % 512 === 512 - entryBytes)).to.deep.equal([]);
  });

  async function withVolume(image: string, work: () => void): Promise<void> {
    await kernel.mount({ type: 'msdos', image, at: '/fat', readOnly: false });
    try {
      work();
    } finally {
      await kernel.unmount('/fat');
    }
  }
});

/** Gives one folder the cluster of another, as if both were names of it. */
function shareCluster(image: string, from: string, to: string): void {
  const bytes = readFileSync(image);
  const set = findSet(bytes, to);
  findSet(bytes, from).copy(set, at.cluster, at.cluster, at.cluster + 4);
  set.writeUInt16LE(checksum(set), at.checksum);
  writeFileSync(image, bytes);
}

/** Where in an image entries of files and folders are. */
function* setPlaces(image: Buffer): Generator<number> {
  for (let place = 0; place < image.length; place += entryBytes)
    if (image[place] === 0x85 && image[place + entryBytes] === 0xc0) yield place;
}

/** The entries of a name that is short enough for one entry. */
function findSet(image: Buffer, name: string): Buffer {
  for (const place of setPlaces(image)) {
    const set = image.subarray(place, place + 3 * entryBytes);
    if (set[at.count] !== 2) continue;
    const length = (set[at.nameLength] ?? 0) * 2;
    if (set.toString('utf16le', at.name, at.name + length) === name) return set;
  }
  throw new Error(`no entries of ${name}`);
}

/** Of a whole set but for the field that has it. */
function checksum(set: Buffer): number {
  let sum = 0;
  for (const [place, byte] of set.entries())
    if (place !== at.checksum && place !== at.checksum + 1)
      sum = (((sum & 1) << 15) + (sum >>> 1) + byte) & 0xffff;
  return sum;
}
