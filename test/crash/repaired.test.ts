// SPDX-License-Identifier: BSD-2-Clause
// repaired.test.ts: power cuts on file systems that order no writes, FAT, exFAT and ext2, with a repair by the format's own
// program after each: nothing that was fsynced and not touched since is lost, and no image is too much for the kernel.
//
// RUMPKIT_CRASH_SEED=N repeats one workload, RUMPKIT_CRASH_CUTS=N makes more cuts of each. A failure keeps its log:
// RUMPKIT_CRASH_LOG=FILE replays that, RUMPKIT_CRASH_CUT=N only that cut of it.
import { expect } from 'chai';
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findComposition } from '../../ts/native/composition.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { compileWorkload } from './compile-workload.js';
import type { RepairedResult } from './h_replay_repaired.js';

const onlySeed = process.env['RUMPKIT_CRASH_SEED'];
const givenLog = process.env['RUMPKIT_CRASH_LOG'];
const cuts = Number(process.env['RUMPKIT_CRASH_CUTS'] ?? 25);
const seeds = onlySeed === undefined ? [1, 2] : [Number(onlySeed)];
const operations = 400;

interface Kind {
  name: string;
  component: string;
  make: readonly [command: string, ...words: string[]];
  /** As h_replay_repaired.ts has it: whose program repairs it. */
  format: 'ext2fs' | 'msdos' | 'exfat';
  megabytes: number;
}

const ext2 = { component: 'fs/ext2', format: 'ext2fs', megabytes: 12 } as const;
const fat = { component: 'fs/msdos', format: 'msdos', megabytes: 12 } as const;
const kinds: readonly Kind[] = [
  { ...ext2, name: 'ext2', make: ['mke2fs', '-q', '-F', '-t', 'ext2', '-b', '1024'] },
  { ...ext2, name: 'ext4', make: ['mke2fs', '-q', '-F', '-t', 'ext4', '-b', '1024'] },
  { ...fat, name: 'FAT16', make: ['mkfs.fat', '-F', '16', '-s', '2'] },
  // cannot be smaller
  { ...fat, name: 'FAT32', make: ['mkfs.fat', '-F', '32', '-s', '1'], megabytes: 34 },
  { ...fat, name: 'exFAT', make: ['mkfs.exfat', '-c', '1024'], format: 'exfat' },
];

describe('power cuts without an order of writes', function () {
  this.timeout(30 * 60_000);

  for (const { name, component, make, format, megabytes } of kinds) {
    it(`lose nothing of ${name} that was synced, once it is repaired`, async () => {
      const folder = makeScratchFolder('crash');
      const kernel = await findComposition([component]);
      const workload = compileWorkload(kernel);
      const base = join(folder, 'base.img');
      writeFileSync(base, '');
      truncateSync(base, megabytes * 1024 ** 2);
      execFileSync(make[0], [...make.slice(1), base], { stdio: 'pipe' });
      const results: RepairedResult[] = [];
      for (const seed of seeds) {
        const log = givenLog ?? join(folder, `log-${seed}`);
        if (givenLog === undefined) await record(workload, base, log, seed, format);
        results.push(await replay([format, kernel, base, log, String(seed), String(cuts)], name, log, seed));
      }
      const problems = results.flatMap((result) => result.problems);
      expect(problems, problems.join('\n')).to.deep.equal([]);
      if (givenLog !== undefined) return;
      const sum = (pick: (result: RepairedResult) => number): number =>
        results.reduce((total, result) => total + pick(result), 0);
      expect(sum((result) => result.cuts)).to.be.at.least(seeds.length * cuts * 0.9);
      expect(sum((result) => result.subsets)).to.be.at.least(seeds.length * cuts * 0.2);
      expect(sum((result) => result.repaired)).to.be.at.least(seeds.length * cuts * 0.3);
      expect(sum((result) => result.promises)).to.be.at.least(seeds.length * cuts);
    });
  }
});

async function record(
  workload: string,
  base: string,
  log: string,
  seed: number,
  format: Kind['format'],
): Promise<void> {
  const image = `${log}.img`;
  const type = format === 'exfat' ? 'msdos' : format;
  copyFileSync(base, image);
  // few buffers, so that the cache writes whenever it likes
  await promisify(execFile)(workload, [image, log, String(seed), String(operations), type, '0'], {
    env: { ...process.env, RUMP_MEMLIMIT: seed % 2 === 0 ? '4m' : '64m' },
  });
}

async function replay(words: string[], name: string, log: string, seed: number): Promise<RepairedResult> {
  const script = join(import.meta.dirname, 'h_replay_repaired.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, ...words], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const result = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as RepairedResult;
  if (result.problems.length > 0 && givenLog === undefined) {
    const kept = join(tmpdir(), `rumpkit-crash-${name}-${seed}.log`);
    copyFileSync(log, kept);
    result.problems.push(
      `replay with RUMPKIT_CRASH_LOG=${kept} RUMPKIT_CRASH_SEED=${seed} npx mocha test/crash/repaired.test.ts -g ${name}`,
    );
  }
  return result;
}
