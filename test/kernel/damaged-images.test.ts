// SPDX-License-Identifier: BSD-2-Clause
// damaged-images.test.ts: 2,000 images with random bytes changed: whatever is in them, the process lives, nothing
// hangs, and every failure has a code. Runs in child processes, so that a crash has a seed to its name.
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { testKernel } from '../helpers/kernel.js';
import { makeIso } from '../helpers/iso.js';
import { makeSmallTree } from '../helpers/trees.js';

/** RUMPKIT_DAMAGED_SEED=N repeats the one image of a failure. */
const onlySeed = process.env['RUMPKIT_DAMAGED_SEED'];
const imageCount = 2000;
const batchSize = 250;
/** An image that takes longer than this hangs. */
const imageTimeoutMs = 20_000;

describe('damaged images', function () {
  this.timeout(20 * 60_000);

  it(`survives ${imageCount} of them`, async () => {
    const tree = makeSmallTree();
    const images = [makeIso(tree, 'rock-ridge'), makeIso(tree, 'rock-ridge-and-joliet')];
    const starts = onlySeed === undefined ? range(0, imageCount, batchSize) : [Number(onlySeed)];
    const size = onlySeed === undefined ? batchSize : 1;
    const outcomes = new Map<string, number>();
    const failures: string[] = [];
    const workers = images.map(async (image, which) => {
      for (const start of starts) {
        if (onlySeed === undefined && (start / batchSize) % images.length !== which) continue;
        failures.push(...(await runBatch(image, start, size, outcomes)));
      }
    });
    await Promise.all(workers);
    expect(failures, failures.join('\n')).to.deep.equal([]);
    const survived = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
    expect(survived).to.equal(onlySeed === undefined ? imageCount : images.length);
    expect(outcomes.get('RUMP_KERNEL_DEAD') ?? 0, 'kernel panics').to.equal(0);
  });
});

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);
}

/** Runs seeds one after the other; after a crash or a hang it goes on behind the seed that was to blame. */
async function runBatch(
  image: string,
  first: number,
  count: number,
  outcomes: Map<string, number>,
): Promise<string[]> {
  const failures: string[] = [];
  for (let next = first; next < first + count;) {
    const { lastSeed, reason } = await runChild(image, next, first + count - next, outcomes);
    if (reason === undefined) break;
    failures.push(`seed ${lastSeed} of ${image}: ${reason}`);
    next = lastSeed + 1;
  }
  return failures;
}

async function runChild(
  image: string,
  first: number,
  count: number,
  outcomes: Map<string, number>,
): Promise<{ lastSeed: number; reason?: string }> {
  const script = join(import.meta.dirname, 'h_damaged.ts');
  const words = [script, await testKernel(), image, String(first), String(count)];
  const child = spawn(process.execPath, ['--import', 'tsx', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<{ status: number | null; signal: string | null }>((resolve) => {
    child.once('close', (status, signal) => {
      resolve({ status, signal });
    });
  });
  let lastSeed = first;
  let errors = '';
  const watch = { isHanging: false };
  child.stderr.on('data', (text: Buffer) => (errors = `${errors}${text.toString()}`.slice(-2000)));
  const hang = setTimeout(() => {
    watch.isHanging = true;
    child.kill('SIGKILL');
  }, imageTimeoutMs + 20_000);
  for await (const line of createInterface({ input: child.stdout })) {
    hang.refresh();
    const [what, seed, ...outcome] = line.split(' ');
    lastSeed = Number(seed);
    if (what === 'done') outcomes.set(outcome.at(-1) ?? '', (outcomes.get(outcome.at(-1) ?? '') ?? 0) + 1);
  }
  const { status, signal } = await ended;
  clearTimeout(hang);
  if (status === 0) return { lastSeed };
  return {
    lastSeed,
    reason: watch.isHanging ? 'hangs' : `ends with ${signal ?? `status ${status ?? '?'}`}: ${errors}`,
  };
}
