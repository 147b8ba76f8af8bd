// SPDX-License-Identifier: BSD-2-Clause
// power-cut.test.ts: the disk of a guest loses its power: what was not flushed is there or not, piece by piece. Every such
// disk is in order but for what soft updates allow, and has all that the program had been told was safe.
import { expect } from 'chai';
import { copyFileSync, readFileSync } from 'node:fs';
import { checkFfs, describeFinding } from '../../ts/disk/index.js';
import { bakeImage } from '../../ts/image/bake.js';
import { makeFfs } from '../helpers/ffs.js';
import { seededRandom } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { scratchPath } from './guests.js';
import { cutDisks, whatIsLost } from './power-cut.js';
import { compile } from './program-guests.js';
import { runLogged } from './write-log.js';

const seed = Number(process.env['RUMPKIT_SEED'] ?? 20261124);
const wanted = 200;

describe('programs: power cuts', function () {
  this.timeout(600_000);

  it(`about ${wanted} cuts of a run leave disks in order, with all that was synced (seed ${seed})`, async () => {
    const { path: image } = await bakeImage({
      components: ['fs/ffs'],
      program: compile('database', 'musl-gcc'),
      mounts: [{ type: 'ffs', device: 'vda', path: '/' }],
      output: scratchPath('database-cut.image'),
    });
    const before = makeFfs(makeScratchFolder('empty'), { size: '8m' });
    const disk = scratchPath('cut.disk');
    copyFileSync(before, disk);
    const { record, requests } = await runLogged(image, disk, { args: ['database', '/db', '40'] });
    expect(record).to.deep.equal({ kind: 'exit', status: 0 });
    expect(requests.filter(({ kind }) => kind === 'flush')).to.have.length.of.at.least(40);

    let cuts = 0;
    let checked = 0;
    for (const { at, bytes, finished } of cutDisks(
      readFileSync(before),
      requests,
      wanted,
      seededRandom(seed),
    )) {
      const when = `cut ${at} of ${requests.length}, seed ${seed}`;
      const damage = checkFfs(bytes).findings.filter(({ severity }) => severity === 'damage');
      expect(damage.map(describeFinding), when).to.deep.equal([]);
      expect(whatIsLost(bytes, finished), when).to.equal(undefined);
      cuts++;
      if (finished > 0) checked++;
    }
    expect(cuts).to.be.at.least(wanted / 2);
    expect(checked).to.be.at.least(wanted / 4);
  });
});
