// SPDX-License-Identifier: BSD-2-Clause
// msdos-damaged.test.ts: 5,000 FAT and exFAT volumes with random bytes changed, mounted, walked and written to: errors,
// no crash, no hang. A failure is reported with its seed; RUMPKIT_FAT_SEED=N repeats one.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { findComposition } from '../../ts/native/composition.js';
import { compileKernelTest } from '../helpers/compile-kernel-test.js';
import { makeFatVolume, type FatFormat } from '../helpers/fat.js';

const onlySeed = process.env['RUMPKIT_FAT_SEED'];
const mebibyte = 1024 * 1024;

/** Small, so that many fit into a minute; FAT32 cannot be smaller. */
const volumes: readonly { format: FatFormat; size: number; options?: string[]; count: number }[] = [
  { format: 'fat12', size: 2 * mebibyte, count: 1500 },
  { format: 'fat16', size: 5 * mebibyte, options: ['-s', '1'], count: 1500 },
  { format: 'fat32', size: 34 * mebibyte, options: ['-s', '1'], count: 500 },
  { format: 'exfat', size: 5 * mebibyte, count: 1500 },
];

describe('damaged FAT volumes', function () {
  this.timeout(30 * 60_000);
  let program: string;

  before(async () => {
    program = compileKernelTest('h_fat_damaged.c', await findComposition(['fs/msdos', 'dev']));
  });

  for (const { format, count, ...rest } of volumes) {
    it(`${count} of ${format} give errors and nothing worse`, async () => {
      const image = makeFatVolume(format, rest);
      const [first, seeds] = onlySeed === undefined ? [0, count] : [Number(onlySeed), 1];
      const { output, status, signal } = await run(program, [image, String(first), String(seeds)]);
      const seed = output.match(/^# seed \d+$/gm)?.at(-1) ?? 'before the first seed';
      expect(signal, `${seed} of ${format}: ${output.slice(-2000)}`).to.equal(null);
      if (onlySeed === undefined) expect(status, output.slice(-2000)).to.equal(0);
    });
  }
});

async function run(
  program: string,
  words: readonly string[],
): Promise<{ output: string; status: number | null; signal: NodeJS.Signals | null }> {
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, RUMP_MEMLIMIT: '64m' },
  });
  let output = '';
  const take = (text: Buffer): void => void (output += text.toString());
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      resolve({ output, status, signal });
    });
  });
}
