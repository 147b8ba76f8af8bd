// SPDX-License-Identifier: BSD-2-Clause
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { SuperblockField } from '../../../ts/disk/ffs/superblock.js';
import { checkFfs, describeFinding, formatFfs, memoryStorage, planFfs } from '../../../ts/disk/index.js';
import { expectError } from '../../helpers/expect-error.js';
import { FfsImage, makeFfs } from '../../helpers/ffs-image.js';
import { seededBytes } from '../../helpers/random.js';
import { useTemporaryFolder } from '../../helpers/temporary-folder.js';

const mib = 2 ** 20;

describe('the FFS formatter', function () {
  this.timeout(120_000);
  const temporary = useTemporaryFolder();

  it('makes file systems in which the checker finds nothing, small and large', () => {
    const kinds = [
      [512 * 1024, {}],
      [mib, { lostAndFound: true }],
      [mib + 777, { blockSize: 4096, fragmentSize: 4096 }],
      [16 * mib, { inodes: 40_000 }],
      [64 * mib, { blockSize: 16384, fragmentSize: 16384, lostAndFound: true }],
      [
        64 * mib,
        { blockSize: 4096, fragmentSize: 1024, density: 1024, optimization: 'space', minimumFree: 0 },
      ],
      [200 * mib, { blockSize: 65536 }],
      [100 * mib + 40 * 1024, { blockSize: 4096 }],
      [5 * 1024 * mib, { density: 65536 }],
    ] as const;
    for (const [size, options] of kinds) {
      const image = join(temporary(), 'image');
      const plan = formatFfs(image, { size, ...options });
      const { findings, contents } = checkFfs(image);
      expect(findings.map(describeFinding), `${size} ${JSON.stringify(options)}`).to.deep.equal([]);
      expect(contents).to.include({ groups: plan.groups, directories: 'lostAndFound' in options ? 2 : 1 });
      expect(contents!.freeBytes).to.be.greaterThan(size * 0.65);
      expect(statSync(image).size).to.equal(size);
    }
  });

  it('writes structures only, so that the image takes little room on the host', () => {
    const image = join(temporary(), 'image');
    formatFfs(image, { size: 1024 * mib });
    expect(statSync(image).blocks * 512).to.be.lessThan(2 * mib);
  });

  it('lays a disk out as makefs does', () => {
    const tree = join(temporary(), 'tree');
    mkdirSync(tree);
    const image = join(temporary(), 'image');
    for (const [blockSize, fragmentSize] of [
      [4096, 512],
      [8192, 1024],
      [16384, 4096],
    ] as const) {
      formatFfs(image, { size: 8 * mib, blockSize, fragmentSize });
      const ours = new FfsImage(image).superblock;
      const theirs = new FfsImage(makeFfs(tree, '8m', `bsize=${blockSize},fsize=${fragmentSize}`)).superblock;
      const fields: SuperblockField[] = [
        ...([
          'sblkno',
          'cblkno',
          'iblkno',
          'bsize',
          'fsize',
          'frag',
          'bmask',
          'fmask',
          'bshift',
          'fshift',
        ] as const),
        ...([
          'fragshift',
          'fsbtodb',
          'nindir',
          'inopb',
          'nspf',
          'cgoffset',
          'cgmask',
          'maxsymlinklen',
        ] as const),
        ...([
          'inodefmt',
          'postblformat',
          'nrpos',
          'cpg',
          'interleave',
          'trackskew',
          'rotdelay',
          'magic',
        ] as const),
      ];
      for (const field of fields) expect(ours[field], field).to.equal(theirs[field]);
      expect(ours.maxfilesize).to.equal(theirs.maxfilesize);
    }
  });

  it('makes the same bytes for the same time and identity', () => {
    const bytes = ['one', 'two'].map((name) => {
      formatFfs(join(temporary(), name), { size: mib, time: 1_700_000_000, identity: 7 });
      return readFileSync(join(temporary(), name));
    });
    expect(bytes[0]!.equals(bytes[1]!)).to.equal(true);
  });

  it('leaves nothing of what was in the storage before', () => {
    const bytes = seededBytes(9, 4 * mib);
    formatFfs(memoryStorage(bytes), { lostAndFound: true });
    expect(checkFfs(bytes).findings.map(describeFinding)).to.deep.equal([]);
  });

  it('replaces a file that is there', () => {
    const image = join(temporary(), 'image');
    writeFileSync(image, seededBytes(3, 3 * mib));
    formatFfs(image, { size: 2 * mib });
    expect(checkFfs(image).isClean).to.equal(true);
    expect(statSync(image).size).to.equal(2 * mib);
  });

  it('keeps groups within what their header can count', () => {
    for (const [size, options] of [
      [900_000 * mib, {}],
      [20_000 * mib, { blockSize: 65536, density: 1024 }],
    ] as const) {
      const plan = planFfs(size, options);
      expect(plan.inodesPerGroup).to.be.at.most(32767);
      expect(plan.maps.end).to.be.at.most(plan.blockSize);
      expect(plan.groupSize * (plan.groups - 1)).to.be.lessThan(plan.size);
    }
  });

  it('says what cannot be made, and why', async () => {
    const small = await expectError('RUMP_DISK_TOO_SMALL', () => planFfs(32 * 1024));
    expect(small.message).to.include('32768 bytes');
    const large = await expectError('RUMP_DISK_TOO_LARGE', () => planFfs(2 ** 40));
    expect(large.message).to.include('daddr_t');
    for (const [name, options] of [
      ['blockSize', { blockSize: 5000 }],
      ['blockSize', { blockSize: 131072 }],
      ['fragmentSize', { blockSize: 8192, fragmentSize: 512 }],
      ['density', { density: 3 }],
      ['inodes', { inodes: 1 }],
      ['minimumFree', { minimumFree: 100 }],
    ] as const)
      expect(
        (await expectError('RUMP_DISK_USAGE', () => planFfs(16 * mib, options))).details['name'],
      ).to.equal(name);
    await expectError('RUMP_DISK_UNREADABLE', () =>
      formatFfs(join(temporary(), 'no/such/folder'), { size: mib }),
    );
  });
});
