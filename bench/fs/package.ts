// SPDX-License-Identifier: BSD-2-Clause
// package.ts: the package as its users have it, compiled. Compiled on the fly, sources have helpers around every
// function, which cost more than a call of the kernel's.
import { join } from 'node:path';
import { packageRoot } from '../../ts/paths.js';

export const { boot } = (await import(
  join(packageRoot, 'dist/kernel/index.js')
)) as typeof import('../../ts/kernel/index.js');
