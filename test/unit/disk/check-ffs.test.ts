// SPDX-License-Identifier: BSD-2-Clause
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { superblockFields, superblockOffset } from '../../../ts/disk/ffs/layout.js';
import {
  checkFfs,
  describeFinding,
  findingCodes,
  formatFfs,
  memoryStorage,
  repairFfs,
  type CheckResult,
} from '../../../ts/disk/index.js';
import { RumpError } from '../../../ts/errors.js';
import { expectError } from '../../helpers/expect-error.js';
import { plantedDamages } from '../../helpers/ffs-damage.js';
import { FfsImage, makeFfs, makeSampleTree } from '../../helpers/ffs-image.js';
import { seededRandom } from '../../helpers/random.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

const codesOf = ({ findings }: CheckResult): string[] =>
  [...new Set(findings.map(({ code }) => code))].sort();

describe('the FFS checker', function () {
  this.timeout(120_000);
  let tree: string;
  let image: string;

  before(() => {
    tree = makeSampleTree();
    image = makeFfs(tree);
  });

  it('finds nothing in images that makefs makes, whatever their blocks and groups', () => {
    const kinds = [
      ['4m', ''],
      ['1500k', 'bsize=4096,fsize=512'],
      ['64m', 'bsize=4096,fsize=512,density=4096'],
      ['8m', 'bsize=8192,fsize=8192'],
      ['16m', 'bsize=16384,fsize=2048,density=1024'],
      ['16m', 'bsize=65536,fsize=8192'],
      ['16m', 'bsize=32768,fsize=16384,optimization=space,minfree=0'],
    ] as const;
    for (const [size, options] of kinds) {
      const result = checkFfs(makeFfs(tree, size, options));
      expect(result.findings.map(describeFinding), `${size} ${options}`).to.deep.equal([]);
      expect(result).to.include({ isClean: true, damage: 0, afterCrash: 0 });
    }
  });

  it('says what the file system holds', () => {
    expect(checkFfs(image).contents).to.include({
      bytes: 4 * 2 ** 20,
      blockBytes: 8192,
      fragmentBytes: 1024,
      groups: 1,
      directories: 5,
      files: 13,
    });
  });

  for (const { name, plant, codes } of plantedDamages) {
    it(`finds out that ${name}`, () => {
      const broken = new FfsImage(image);
      plant(broken);
      const result = checkFfs(broken.bytes);
      expect(codesOf(result), result.findings.map(describeFinding).join('\n')).to.deep.equal(codes);
      expect(result.isClean).to.equal(false);
    });
  }

  it('tells what a power cut may leave from damage', () => {
    for (const { name, plant, codes } of plantedDamages) {
      const broken = new FfsImage(image);
      plant(broken);
      const { damage, afterCrash, findings } = checkFfs(broken.bytes);
      const isDamage = codes.some((code) => findingCodes[code][0] === 'damage');
      expect(damage > 0, name).to.equal(isDamage);
      expect(damage + afterCrash, name).to.equal(findings.length);
    }
  });

  it('has a planted example of every finding', () => {
    const planted = new Set(plantedDamages.flatMap(({ codes }) => codes));
    const missing = Object.keys(findingCodes).filter(
      (code) => !planted.has(code as keyof typeof findingCodes),
    );
    // A file that was cut short, and a disk that turns, are below.
    expect(missing).to.deep.equal(['FFS_IMAGE_TRUNCATED', 'FFS_ROTATION_TABLE']);
  });

  it('finds out that the image is cut short', () => {
    const short = join(makeFolderOf(image), 'short.img');
    writeFileSync(short, readFileSync(image));
    truncateSync(short, 3 * 2 ** 20);
    expect(codesOf(checkFfs(short))).to.deep.equal(['FFS_IMAGE_TRUNCATED']);
  });

  it('checks the table of positions of a disk that turns', () => {
    const turning = makeTurning(image);
    const { findings } = checkFfs(turning.bytes);
    expect(findings.map(({ code, where }) => `${code} ${where.field ?? ''}`)).to.deep.equal([
      'FFS_ROTATION_TABLE cylinder 0',
      'FFS_ROTATION_TABLE position 0',
      'FFS_ROTATION_TABLE position 1',
    ]);
    const [total, ...positions] = findings.map(({ expected }) => Number(expected));
    expect(total).to.equal(turning.groupWord(0, 'freeBlocks'));
    expect(positions[0]! + positions[1]!).to.equal(total);
    const header = turning.geometry.groupHeaderOffset(0);
    turning.bytes.writeInt32LE(total!, header + turning.groupWord(0, 'btotoff'));
    positions.forEach((count, index) =>
      turning.bytes.writeInt16LE(count, header + turning.groupWord(0, 'boff') + 2 * index),
    );
    expect(checkFfs(turning.bytes).isClean).to.equal(true);
  });

  it('names what it found, with the path', () => {
    const broken = new FfsImage(image);
    broken.addLinks(broken.inode('docs/deep/empty'), 3);
    const [finding] = checkFfs(broken.bytes).findings;
    expect(finding).to.deep.include({ severity: 'after-crash', expected: 1, got: 4 });
    expect(finding?.where).to.deep.equal({
      inode: broken.inode('docs/deep/empty'),
      path: '/docs/deep/empty',
    });
    expect(describeFinding(finding!)).to.match(
      /^FFS_LINK_COUNT_HIGH \/docs\/deep\/empty .*expected 1, got 4$/,
    );
  });

  it('keeps so many findings as it is told, and counts all', () => {
    const broken = new FfsImage(image);
    for (let inode = 40; inode < 60; inode++) broken.flipInode(inode);
    const { findings, afterCrash } = checkFfs(broken.bytes, { limit: 5 });
    expect(findings).to.have.length(5);
    expect(afterCrash).to.equal(20);
  });

  it('gets through images with flipped bytes', () => {
    const sound = readFileSync(image);
    const metadata = new FfsImage(image).superblock.dblkno * 1024 + 16 * 1024;
    let found = 0;
    for (let seed = 0; seed < 200; seed++) {
      const next = seededRandom(seed);
      const bytes = Buffer.from(sound);
      for (let count = 1 + (next() % 8); count > 0; count--)
        bytes[8192 + (next() % (metadata - 8192))] = next() & 0xff;
      try {
        if (!checkFfs(bytes).isClean) found++;
      } catch (error) {
        expect(error, `seed ${seed}`).to.be.instanceOf(RumpError);
      }
    }
    expect(found).to.be.greaterThan(50);
  });

  it('gets through superblocks with impossible numbers, all copies alike, and so does the repair', () => {
    const sound = new FfsImage(image);
    const { superblock, geometry } = sound;
    const copies = [superblockOffset];
    for (let group = 0; group < superblock.ncg; group++) copies.push(geometry.superblockCopyOffset(group));
    let found = 0;
    for (const field of Object.keys(superblockFields) as (keyof typeof superblockFields)[]) {
      const value = superblock[field];
      for (const wrong of new Set([
        -(2 ** 31),
        -1,
        0,
        2 ** 31 - 1,
        value ^ 1,
        value ^ 2,
        value ^ (1 << 31),
      ])) {
        const broken = new FfsImage(sound.bytes);
        for (const copy of copies) broken.setSuperblock(field, wrong, copy);
        try {
          if (!checkFfs(broken.bytes).isClean) found++;
          repairFfs(memoryStorage(broken.bytes), { dryRun: true });
        } catch (error) {
          expect(error, `${field} ${wrong}`).to.be.instanceOf(RumpError);
        }
      }
    }
    expect(found).to.be.greaterThan(200);
  });

  it('does not look for what cannot be in an image that is much too short', () => {
    const bytes = Buffer.alloc(2 ** 20);
    const kept = memoryStorage(bytes);
    formatFfs(
      {
        name: 'a disk of 64 GB',
        size: 2 ** 36,
        read: (offset, target) => kept.read(Math.min(offset, bytes.length), target),
        write: (offset, part) => {
          if (offset + part.length <= bytes.length) kept.write(offset, part);
        },
      },
      {},
    );
    expect(codesOf(checkFfs(bytes))).to.deep.equal(['FFS_IMAGE_TRUNCATED']);
    expect(repairFfs(kept)).to.deep.include({ actions: [], isWritten: false });
  });

  it('leaves the image as it was', () => {
    const before = readFileSync(image);
    checkFfs(image);
    expect(readFileSync(image).equals(before)).to.equal(true);
  });

  const temporary = useTemporaryFolder();

  it('says that a file is no FFS image, or of a kind that it does not handle', async () => {
    const empty = join(temporary(), 'empty');
    writeFileSync(empty, Buffer.alloc(200_000));
    await expectError('RUMP_DISK_WRONG_TYPE', () => checkFfs(empty));
    await expectError('RUMP_DISK_UNREADABLE', () => checkFfs(join(temporary(), 'missing')));
    await expectError('RUMP_DISK_UNREADABLE', () => checkFfs(temporary()));
    for (const [words, found] of [
      [['-B', 'be', '-o', 'version=1'], 'big-endian'],
      [['-B', 'le', '-o', 'version=2'], 'UFS2'],
      [['-B', 'be', '-o', 'version=2'], 'UFS2'],
    ] as const) {
      const other = join(temporary(), 'other.img');
      execFileSync('makefs', ['-t', 'ffs', '-s', '4m', ...words, other, tree], { stdio: 'ignore' });
      expect((await expectError('RUMP_DISK_UNSUPPORTED', () => checkFfs(other))).message).to.include(found);
    }
  });
});

/** An image with two positions on each track; the second one takes room before the maps, which move up. */
function makeTurning(image: string): FfsImage {
  const turning = new FfsImage(image);
  const copy = turning.geometry.superblockCopyOffset(0);
  for (const offset of [8192, copy]) turning.setSuperblock('nrpos', 2, offset);
  turning.setSuperblock('cpc', 1);
  turning.setSuperblock('postbloff', 1376);
  turning.setSuperblock('rotbloff', 1400);
  const header = turning.geometry.groupHeaderOffset(0);
  const maps = header + turning.groupWord(0, 'iusedoff');
  const end = header + turning.groupWord(0, 'nextfreeoff');
  turning.bytes.copyWithin(maps + 4, maps, end);
  for (const word of ['iusedoff', 'freeoff', 'clustersumoff', 'clusteroff', 'nextfreeoff'] as const)
    turning.setGroupWord(0, word, turning.groupWord(0, word) + 4);
  turning.bytes.fill(0, maps, maps + 2);
  return turning;
}

function makeFolderOf(path: string): string {
  return join(path, '..');
}
