// SPDX-License-Identifier: BSD-2-Clause
// compile-kernel-test.ts: from a C test in test/kernel to a program that runs against a kernel's shared object.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../ts/paths.js';
import { makeScratchFolder } from './scratch.js';

/** The path of the program. */
export function compileKernelTest(program: string, kernel: string, flags: readonly string[] = []): string {
  const output = join(makeScratchFolder('ktest'), program.replace(/\.c$/, ''));
  execFileSync('cc', [
    ...['-std=c11', '-D_GNU_SOURCE', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-pthread', ...flags],
    ...['-idirafter', join(packageRoot, 'rump', 'include')],
    ...[join(packageRoot, 'test', 'kernel', program), kernel, `-Wl,-rpath,${dirname(kernel)}`],
    ...['-o', output],
  ]);
  return output;
}
