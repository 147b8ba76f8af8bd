// SPDX-License-Identifier: BSD-2-Clause
// net.ts: how fast kernel.net is on a kernel's loopback, beside node:net on the host's. The two take turns.
import * as nodeNet from 'node:net';
import { boot } from './fs/package.js';
import { netWorkloads } from './net/workloads.js';

/** Rates of one workload: the medians, ours and the other's, and ours by the other's. */
export interface NetResult {
  name: string;
  unit: string;
  kernel: number;
  node: number;
  ratio: number;
}

const rounds = Number(process.env['RUMPKIT_BENCH_ROUNDS'] ?? 5);
const secondsPerRound = 1;

/** Measures; the first turn of each is not counted. */
export async function benchNet(): Promise<NetResult[]> {
  await using kernel = await boot({ components: ['net/inet'] });
  const results: NetResult[] = [];
  for (const { name, unit, run } of netWorkloads) {
    const rates = { kernel: [] as number[], node: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      const seconds = round === 0 ? secondsPerRound / 2 : secondsPerRound;
      const ours = await run(kernel.net, seconds);
      const nodes = await run(nodeNet, seconds);
      if (round === 0) continue;
      rates.kernel.push(ours);
      rates.node.push(nodes);
    }
    const [ours, nodes] = [median(rates.kernel), median(rates.node)];
    process.stderr.write(`${name}: ${ours.toFixed(0)}, ${nodes.toFixed(0)} ${unit}\n`);
    results.push({ name, unit, kernel: ours, node: nodes, ratio: ours / nodes });
  }
  return results;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The results as lines of text. */
export function formatNetResults(
  results: readonly NetResult[],
  subjects: readonly [ours: string, other: string] = ['kernel.net', 'node:net'],
): string {
  const rows = results.map(({ name, unit, kernel, node, ratio }) => [
    name,
    `${kernel.toFixed(0)} ${unit}`,
    `${node.toFixed(0)} ${unit}`,
    ratio.toFixed(2),
  ]);
  const all = [['', ...subjects, 'ratio'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
    )
    .join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const results = await benchNet();
  process.stdout.write(
    `${process.argv.includes('--json') ? JSON.stringify(results) : formatNetResults(results)}\n`,
  );
}
