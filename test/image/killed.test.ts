// SPDX-License-Identifier: BSD-2-Clause
// killed.test.ts: a program that keeps data on FFS is killed with its machine (SIGKILL of QEMU) again and again: each
// start finds all that was made sure of, and the disk has nothing but what soft updates allow.
import { expect } from 'chai';
import { checkFfs, describeFinding } from '../../ts/disk/index.js';
import { bakeImage } from '../../ts/image/bake.js';
import { makeFfs } from '../helpers/ffs.js';
import { seededRandom } from '../helpers/random.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { Promises, runDatabase } from './database-run.js';
import { scratchPath } from './guests.js';
import { compile } from './program-guests.js';

const kills = 20;
const seed = Number(process.env['RUMPKIT_SEED'] ?? 20261124);

describe('programs: killed with the machine', function () {
  this.timeout(900_000);

  it(`loses nothing that was synced in ${kills} kills (seed ${seed}), and the disk stays in order`, async () => {
    const { path: image } = await bakeImage({
      components: ['fs/ffs'],
      program: compile('database', 'musl-gcc'),
      mounts: [{ type: 'ffs', device: 'vda', path: '/' }],
      output: scratchPath('database.image'),
    });
    const disk = makeFfs(makeScratchFolder('empty'), { size: '16m' });
    const random = seededRandom(seed);
    const promises = new Promises();
    let killed = 0;
    for (let boot = 1; killed < kills; boot++) {
      expect(boot, 'boots').to.be.at.most(3 * kills);
      const run = await runDatabase(image, disk, ['database', '/db', '40'], 1 + (random() % 60));
      if (run.killed) killed++;
      expectKept(promises, run.lines, `boot ${boot} of seed ${seed}`);
      expectNoDamage(disk, `boot ${boot} of seed ${seed}`);
    }
    const { lines } = await runDatabase(image, disk, ['database', '/db', '0'], Infinity);
    expectKept(promises, lines, `the last boot of seed ${seed}`);
    expect(lines.at(-1)).to.equal('done');
    expect(lines.filter((line) => line.includes('was not unmounted'))).to.have.length(1);
    expectNoDamage(disk, `the end of seed ${seed}`);
  });
});

function expectKept(promises: Promises, lines: readonly string[], when: string): void {
  for (const line of lines) {
    const complaint = promises.note(line);
    if (complaint !== undefined) expect.fail(`${when}: ${complaint}\n${lines.join('\n')}`);
  }
}

function expectNoDamage(disk: string, when: string): void {
  const { findings } = checkFfs(disk);
  const damage = findings.filter(({ severity }) => severity === 'damage');
  expect(damage.map(describeFinding), when).to.deep.equal([]);
}
