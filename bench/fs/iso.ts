// SPDX-License-Identifier: BSD-2-Clause
// iso.ts: kernel.fs beside node:fs on the same tree: one file of 32 MiB read as a whole, and 10,000 stat calls. Both
// take turns in one run, so that a noisy machine is noisy for both; the median counts. The page cache is warm.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as nodeFs from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KernelFs } from '../../ts/kernel/index.js';
import { boot } from './package.js';

/** One comparison. */
export interface IsoResult {
  what: string;
  /** Medians, in milliseconds. */
  kernelMs: number;
  nodeMs: number;
  /** How many times as fast as node:fs kernel.fs is. */
  ratio: number;
}

const largeBytes = 32 * 1024 * 1024;
const statCalls = 10_000;
const statFiles = 100;
const rounds = 11;

/** Measures on an image of a tree made for it. */
export async function benchIso(sharedObject?: string): Promise<IsoResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rumpkit-bench-'));
  try {
    const tree = makeTree(folder);
    const image = join(folder, 'bench.iso');
    execFileSync('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-iso-level', '3', '-o', image, tree], {
      stdio: 'ignore',
    });
    await using kernel = await boot(
      sharedObject === undefined ? { components: ['fs/cd9660'] } : { sharedObject },
    );
    await kernel.mount({ type: 'cd9660', image, at: '/mnt' });
    const node = { fs: nodeFs, root: tree };
    const ours = { fs: kernel.fs, root: '/mnt' };
    return [
      compare('readFileSync of 32 MiB', ours, node, readLarge),
      compare('readSync of 32 MiB in pieces of 64 KiB', ours, node, readPieces),
      compare('10,000 statSync', ours, node, statMany),
      compare('10,000 statSync of one deep path', ours, node, statDeep),
      compare('readdirSync of 1,000 names', ours, node, list),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Subject {
  fs: KernelFs;
  root: string;
}

function makeTree(folder: string): string {
  const tree = join(folder, 'tree');
  mkdirSync(join(tree, 'files'), { recursive: true });
  mkdirSync(join(tree, 'names'));
  mkdirSync(join(tree, 'a/b/c/d/e'), { recursive: true });
  writeFileSync(join(tree, 'large.bin'), Buffer.alloc(largeBytes, 'rumpkit '));
  writeFileSync(join(tree, 'a/b/c/d/e/deep.txt'), 'deep\n');
  for (let index = 0; index < statFiles; index++)
    writeFileSync(join(tree, 'files', `file-${index}.txt`), `${index}\n`);
  for (let index = 0; index < 1000; index++) writeFileSync(join(tree, 'names', `name-${index}.txt`), '');
  return tree;
}

function readLarge({ fs, root }: Subject): void {
  if (fs.readFileSync(join(root, 'large.bin')).length !== largeBytes)
    throw new Error('the file is not whole');
}

function readPieces({ fs, root }: Subject): void {
  const piece = Buffer.allocUnsafe(64 * 1024);
  const fd = fs.openSync(join(root, 'large.bin'), 'r');
  let total = 0;
  for (let count = -1; count !== 0; total += count) count = fs.readSync(fd, piece);
  fs.closeSync(fd);
  if (total !== largeBytes) throw new Error('the file is not whole');
}

function statMany({ fs, root }: Subject): void {
  const paths = Array.from({ length: statFiles }, (_, index) => `${root}/files/file-${index}.txt`);
  for (let index = 0; index < statCalls; index++) fs.statSync(paths[index % statFiles] ?? '');
}

function statDeep({ fs, root }: Subject): void {
  const path = `${root}/a/b/c/d/e/deep.txt`;
  for (let index = 0; index < statCalls; index++) fs.statSync(path);
}

function list({ fs, root }: Subject): void {
  if (fs.readdirSync(`${root}/names`).length !== 1000) throw new Error('names are missing');
}

function compare(what: string, ours: Subject, node: Subject, work: (subject: Subject) => void): IsoResult {
  const times = { ours: [] as number[], node: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.ours.push(timeOf(() => work(ours)));
    times.node.push(timeOf(() => work(node)));
  }
  const [kernelMs, nodeMs] = [median(times.ours), median(times.node)];
  return { what, kernelMs, nodeMs, ratio: nodeMs / kernelMs };
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The results as lines of text. */
export function formatIsoResults(results: readonly IsoResult[]): string {
  const width = Math.max(...results.map(({ what }) => what.length));
  return results
    .map(({ what, kernelMs, nodeMs, ratio }) =>
      [
        what.padEnd(width),
        `kernel.fs ${kernelMs.toFixed(2).padStart(8)} ms`,
        `node:fs ${nodeMs.toFixed(2).padStart(8)} ms`,
        `${ratio.toFixed(2)} x as fast`,
      ].join('   '),
    )
    .join('\n');
}
