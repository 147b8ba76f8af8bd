// SPDX-License-Identifier: BSD-2-Clause
// unionfs.test.ts: kernel.fs as one of the file systems of unionfs: above memfs, and below it.
import { expect } from 'chai';
import { createFsFromVolume, Volume } from 'memfs';
import { Union, type IFS } from 'unionfs';
import { bootOnFfs, type FfsKernel } from './ffs-kernel.js';

describe('kernel.fs in a unionfs', () => {
  let ffs: FfsKernel;

  before(async () => {
    ffs = await bootOnFfs(16 * 1024 ** 2, 256);
    ffs.kernel.fs.writeFileSync('/mnt/ours.txt', 'ours');
    ffs.kernel.fs.writeFileSync('/mnt/both.txt', 'from the kernel');
  });

  after(() => ffs.end());

  for (const isAbove of [true, false]) {
    it(`is read ${isAbove ? 'before' : 'after'} another one`, async () => {
      const memory = createFsFromVolume(
        Volume.fromJSON({ '/mnt/theirs.txt': 'theirs', '/mnt/both.txt': 'from memory' }),
      );
      const layers = isAbove ? [memory, ffs.kernel.fs] : [ffs.kernel.fs, memory];
      const union = new Union();
      // the last one that is used is asked first
      for (const layer of layers) union.use(layer as unknown as IFS);
      expect(union.readFileSync('/mnt/ours.txt', 'utf8')).to.equal('ours');
      expect(union.readFileSync('/mnt/theirs.txt', 'utf8')).to.equal('theirs');
      expect(union.readFileSync('/mnt/both.txt', 'utf8')).to.equal(
        isAbove ? 'from the kernel' : 'from memory',
      );
      expect(await union.promises.readFile('/mnt/ours.txt', 'utf8')).to.equal('ours');
      expect(union.readdirSync('/mnt')).to.have.members(['both.txt', 'ours.txt', 'theirs.txt']);
      expect(union.existsSync('/mnt/missing.txt')).to.equal(false);
    });
  }

  it('takes what is written', () => {
    const memory = createFsFromVolume(new Volume());
    const union = new Union();
    union.use(memory as unknown as IFS).use(ffs.kernel.fs);
    union.writeFileSync('/mnt/written.txt', 'through the union');
    expect(ffs.kernel.fs.readFileSync('/mnt/written.txt', 'utf8')).to.equal('through the union');
  });
});
