// SPDX-License-Identifier: BSD-2-Clause
// compile-workload.ts: the program that works on an image and records what is written to it, for one kernel.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../ts/paths.js';
import { makeScratchFolder } from '../helpers/scratch.js';

/** The path of the program. */
export function compileWorkload(kernel: string): string {
  const output = join(makeScratchFolder('crash'), 'workload');
  execFileSync('cc', [
    ...['-std=c11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-pthread'],
    ...['-idirafter', join(packageRoot, 'rump', 'include')],
    ...['h_workload.c', 'h_recorder.c'].map((name) => join(import.meta.dirname, name)),
    ...[kernel, `-Wl,-rpath,${dirname(kernel)}`, '-ldl', '-o', output],
  ]);
  return output;
}
