// SPDX-License-Identifier: BSD-2-Clause
// crash.test.ts: power cuts. A workload on FFS with soft updates is recorded write by write (h_recorder.c); then the
// disk is put together as it may be found after a cut at many places: with all that was written, and with any part of
// what was not flushed lost or torn. Each such image is checked and read: nothing but what soft updates allow is found,
// nothing fsynced is lost, no file is half renamed.
//
// RUMPKIT_CRASH_SEED=N repeats one workload. Threads of the kernel make two recordings of one workload differ, so that
// a failure keeps its log: RUMPKIT_CRASH_LOG=FILE replays that, RUMPKIT_CRASH_CUT=N only that cut of it.
import { expect } from 'chai';
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findComposition } from '../../ts/native/composition.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { compileWorkload } from './compile-workload.js';
import type { ReplayResult } from './h_replay.js';

const onlySeed = process.env['RUMPKIT_CRASH_SEED'];
const givenLog = process.env['RUMPKIT_CRASH_LOG'];
const seeds = onlySeed === undefined ? [1, 2, 3] : [Number(onlySeed)];
const cutsPerSeed = 720;
const operations = 500;
const softUpdates = '80000000';

describe('power cuts', function () {
  this.timeout(30 * 60_000);
  let kernel: string;
  let workload: string;
  let base: string;

  before(async () => {
    kernel = await findComposition(['fs/ffs']);
    workload = compileWorkload(kernel);
    base = makeEmptyImage();
  });

  it('lose nothing fsynced and damage nothing, with soft updates', async () => {
    const results: ReplayResult[] = [];
    const queue = [...seeds];
    const work = async (): Promise<void> => {
      for (let seed = queue.shift(); seed !== undefined; seed = queue.shift())
        results.push(await recordAndReplay(seed));
    };
    await Promise.all([work(), work()]);
    const problems = results.flatMap((result) => result.problems);
    expect(problems, problems.join('\n')).to.deep.equal([]);
    const sum = (pick: (result: ReplayResult) => number): number =>
      results.reduce((total, result) => total + pick(result), 0);
    if (onlySeed !== undefined) return;
    expect(sum((result) => result.cuts)).to.be.at.least(2000);
    expect(sum((result) => result.subsets)).to.be.at.least(500);
    expect(sum((result) => result.fsyncs)).to.be.at.least(100);
    expect(sum((result) => result.repaired)).to.be.at.least(50);
  });

  async function recordAndReplay(seed: number): Promise<ReplayResult> {
    const folder = makeScratchFolder('crash');
    const log = givenLog ?? join(folder, 'log');
    if (givenLog === undefined) await record(seed, folder, log);
    const script = join(import.meta.dirname, 'h_replay.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', script, kernel, base, log, String(seed), String(cutsPerSeed)],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const result = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as ReplayResult;
    if (result.problems.length > 0 && givenLog === undefined) {
      const kept = join(tmpdir(), `rumpkit-crash-${seed}.log`);
      copyFileSync(log, kept);
      result.problems.push(
        `replay with RUMPKIT_CRASH_LOG=${kept} RUMPKIT_CRASH_SEED=${seed} npm run test:crash`,
      );
    }
    return result;
  }

  async function record(seed: number, folder: string, log: string): Promise<void> {
    const image = join(folder, 'disk.img');
    copyFileSync(base, image);
    // few buffers, so that the cache writes whenever it likes
    await promisify(execFile)(workload, [image, log, String(seed), String(operations), 'ffs', softUpdates], {
      env: { ...process.env, RUMP_MEMLIMIT: seed % 2 === 0 ? '4m' : '64m' },
    });
  }
});

/** An image with one small file, by makefs(8). */
function makeEmptyImage(): string {
  const folder = makeScratchFolder('crash');
  mkdirSync(join(folder, 'tree'));
  writeFileSync(join(folder, 'tree', 'README'), 'made by makefs\n');
  const image = join(folder, 'base.img');
  execFileSync(
    'makefs',
    ['-t', 'ffs', '-B', 'le', '-o', 'version=1,density=4096', '-s', '16m', image, join(folder, 'tree')],
    { stdio: 'ignore' },
  );
  return image;
}
