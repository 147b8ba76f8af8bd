// SPDX-License-Identifier: BSD-2-Clause
// kernel.ts: the kernel that is tested: built once per run, so that an edit of its sources meanwhile changes nothing.
import { boot, type Kernel } from '../../ts/kernel/index.js';
import { findComposition } from '../../ts/native/composition.js';

let built: Promise<string> | undefined;

/** The shared object with fs/cd9660. RUMPKIT_TEST_KERNEL names another one, for instance one with sanitizers. */
export function testKernel(): Promise<string> {
  const given = process.env['RUMPKIT_TEST_KERNEL'];
  built ??= given === undefined ? findComposition(['fs/cd9660']) : Promise.resolve(given);
  return built;
}

/** Boots it. */
export async function bootForTests(): Promise<Kernel> {
  return boot({ sharedObject: await testKernel() });
}
