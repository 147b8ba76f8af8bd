// SPDX-License-Identifier: BSD-2-Clause
// random-calls.ts: random calls that go on whatever a failing disk answers.
import fc from 'fast-check';
import type { Kernel } from '../../../ts/kernel/index.js';
import { actualOutcome, expectedOutcome } from '../../model/compare.js';
import { Driver } from '../../model/driver.js';
import { Model } from '../../model/model/model.js';
import { operation } from '../../model/operations.js';
import { resolveCall } from '../../model/resolve.js';
import type { Rules } from '../../model/rules.js';

/** Random calls, whose errors may be any that a disk can give; how many gave EIO. */
export function makeRandomCalls(kernel: Kernel, seed: number, rules: Rules): number {
  const root = `/mnt/run-${seed}`;
  const model = new Model(root, rules);
  const driver = new Driver(kernel.fs);
  let failed = 0;
  try {
    kernel.fs.mkdirSync(root);
  } catch {
    return 1;
  }
  const [operations = []] = fc.sample(
    fc.array(operation, { minLength: 1000, maxLength: 1000, size: 'max' }),
    {
      seed,
      numRuns: 1,
    },
  );
  for (const one of operations) {
    const call = resolveCall(one, model);
    if (call === undefined || expectedOutcome(model, call) === undefined) continue;
    const outcome = actualOutcome(driver, call);
    if ('code' in outcome && outcome.code === 'EIO') failed++;
  }
  driver.closeAll();
  return failed;
}
