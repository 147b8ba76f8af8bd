// SPDX-License-Identifier: BSD-2-Clause
import { expect } from 'chai';
import { checkFfs, describeFinding, memoryStorage, repairFfs } from '../../../ts/disk/index.js';
import { sizeOf } from '../../../ts/disk/ffs/inode.js';
import { RumpError } from '../../../ts/errors.js';
import { plantedDamages } from '../../helpers/ffs-damage.js';
import { FfsImage, makeFfs, makeSampleTree, sampleFiles } from '../../helpers/ffs-image.js';
import { seededRandom } from '../../helpers/random.js';

/** The contents of a file of up to twelve blocks and one indirect block. */
function contentsOf(image: FfsImage, path: string): Buffer {
  const inode = image.inode(path);
  const size = sizeOf(
    new Int32Array(image.bytes.buffer, image.bytes.byteOffset + image.geometry.inodeOffset(inode), 32),
    0,
  );
  const { bsize } = image.superblock;
  const parts: Buffer[] = [];
  for (let index = 0; index * bsize < size; index++) {
    const start =
      index < 12
        ? image.field(inode, 'direct', index)
        : image.bytes.readInt32LE(image.geometry.bytesAt(image.field(inode, 'indirect')) + 4 * (index - 12));
    parts.push(image.bytes.subarray(image.geometry.bytesAt(start), image.geometry.bytesAt(start) + bsize));
  }
  return Buffer.concat(parts).subarray(0, size);
}

describe('the FFS repair', function () {
  this.timeout(120_000);
  let image: string;
  before(() => {
    image = makeFfs(makeSampleTree());
  });

  for (const { name, plant, loses = [], moves = (path: string) => path } of plantedDamages) {
    it(`mends that ${name}, and keeps what is sound`, () => {
      const broken = new FfsImage(image);
      plant(broken);
      const { before, actions, after, isWritten } = repairFfs(memoryStorage(broken.bytes));
      expect(before.isClean).to.equal(false);
      expect(after.findings.map(describeFinding)).to.deep.equal([]);
      expect(isWritten).to.equal(true);
      expect(checkFfs(broken.bytes).isClean).to.equal(true);
      expect(actions.length).to.be.greaterThan(0);
      for (const { found, done } of actions) expect(found !== '' && done !== '').to.equal(true);
      const mended = new FfsImage(broken.bytes);
      for (const [path, contents] of Object.entries(sampleFiles)) {
        if (loses.includes(path)) continue;
        const found = contentsOf(mended, moves(path, new FfsImage(image)));
        expect(found.equals(contents), path).to.equal(true);
      }
    });
  }

  it('changes nothing in a dry run, and nothing in an image that is sound', () => {
    const broken = new FfsImage(image);
    broken.clearInode(broken.inode('hollow'));
    const before = Buffer.from(broken.bytes);
    const { actions, isWritten } = repairFfs(memoryStorage(broken.bytes), { dryRun: true });
    expect(actions).to.not.deep.equal([]);
    expect(isWritten).to.equal(false);
    expect(broken.bytes.equals(before)).to.equal(true);
    expect(repairFfs(memoryStorage(new FfsImage(image).bytes))).to.deep.include({
      actions: [],
      isWritten: false,
    });
  });

  it('gets through images with flipped bytes, and does not claim what is not so', () => {
    const sound = new FfsImage(image);
    const metadata = sound.superblock.dblkno * 1024 + 16 * 1024;
    let clean = 0;
    for (let seed = 1000; seed < 1150; seed++) {
      const next = seededRandom(seed);
      const bytes = Buffer.from(sound.bytes);
      for (let count = 1 + (next() % 8); count > 0; count--)
        bytes[8192 + (next() % (metadata - 8192))] = next() & 0xff;
      try {
        const { after } = repairFfs(memoryStorage(bytes));
        expect(checkFfs(bytes).isClean, `seed ${seed}`).to.equal(after.isClean);
        if (after.isClean) clean++;
      } catch (error) {
        expect(error, `seed ${seed}`).to.be.instanceOf(RumpError);
      }
    }
    expect(clean).to.be.greaterThan(140);
  });
});
