// SPDX-License-Identifier: BSD-2-Clause
// random-writes.ts: random calls beside the model while the disk refuses some of what is written. No call may end
// otherwise than on a disk that takes all, but for EIO to who asks that something be safe; and when the disk takes all
// again, everything is there.
import fc from 'fast-check';
import { boot, type MountOptions } from '../../../ts/kernel/index.js';
import { printCall, type Call, type Outcome } from '../../model/calls.js';
import { actualOutcome, difference, expectedOutcome, type FileNumbers } from '../../model/compare.js';
import { Driver } from '../../model/driver.js';
import { Model } from '../../model/model/model.js';
import { operation } from '../../model/operations.js';
import { resolveCall } from '../../model/resolve.js';
import type { Rules } from '../../model/rules.js';
import { differentTree } from '../../model/whole-tree.js';
import type { Faults, FaultRates } from './fault-kernel.js';

/** What is written to. */
export interface RandomWrites {
  sharedObject: string;
  faults: Faults;
  mount: MountOptions;
  rules: Rules;
}

export interface RandomWritesOutcome {
  /** Transfers that failed. */
  injected: number;
  /** Calls that gave EIO. */
  failed: number;
}

/** How many calls one seed stands for, at most. */
export const callsPerSeed = 1000;

/** Makes the calls of a seed; throws where a call, or what is kept in the end, is not as it should be. */
export async function writeAtRandom(subject: RandomWrites, seed: number): Promise<RandomWritesOutcome> {
  const { sharedObject, faults, mount } = subject;
  faults.set({});
  const kernel = await boot({ sharedObject });
  try {
    await kernel.mount(mount);
    const run = new Run(subject, new Driver(kernel.fs), `${mount.at}/run-${seed}`);
    faults.set(ratesOf(seed), seed);
    run.makeCalls(seed);
    await kernel.sync();
    const { injected } = faults;
    faults.set({});
    run.compare();
    await kernel.unmount(mount.at);
    await kernel.mount(mount);
    run.forgetNumbers();
    run.compare();
    await kernel.unmount(mount.at);
    return { injected, failed: run.failed };
  } finally {
    faults.set({});
    await kernel.shutdown();
  }
}

/** From one fault in a hundred transfers to nearly all of them. */
function ratesOf(seed: number): FaultRates {
  const writes = [10, 50, 100, 300, 600, 1000][seed % 6] ?? 100;
  return { writes, syncs: seed % 4 === 0 ? 0 : writes / 2 };
}

class Run {
  failed = 0;
  readonly #model: Model;
  readonly #log: string[] = [];
  readonly #numbers: FileNumbers = new Map();
  readonly #driver: Driver;
  readonly #rules: Rules;

  constructor({ rules }: RandomWrites, driver: Driver, root: string) {
    this.#driver = driver;
    this.#rules = rules;
    this.#model = new Model(root, rules);
    driver.mkdir(root, 0o777);
  }

  makeCalls(seed: number): void {
    const many = fc.array(operation, { minLength: callsPerSeed, maxLength: callsPerSeed, size: 'max' });
    for (const one of fc.sample(many, { seed, numRuns: 1 })[0]!) {
      const call = resolveCall(one, this.#model);
      const expected = call === undefined ? undefined : expectedOutcome(this.#model, call);
      if (call !== undefined && expected !== undefined) this.#make(call, expected);
    }
    for (const handle of this.#model.descriptors.handles()) this.#model.close(handle);
    this.#driver.closeAll();
  }

  /** Some file systems count files anew in each mount. */
  forgetNumbers(): void {
    if (this.#rules.fileNumbers === 'while-mounted') this.#numbers.clear();
  }

  compare(): void {
    this.#expectNothing(differentTree(this.#model, this.#driver, this.#numbers));
  }

  #make(call: Call, expected: Outcome): void {
    this.#log.push(printCall(call));
    const actual = actualOutcome(this.#driver, call);
    if ('code' in actual && actual.code === 'EIO' && promisesSafety(call)) {
      this.failed++;
      return;
    }
    // which reason comes first when there are two is the model test's subject
    if ('code' in actual && 'code' in expected) return;
    this.#expectNothing(difference(expected, actual, this.#rules, this.#numbers));
  }

  #expectNothing(different: string | undefined): void {
    if (different !== undefined)
      throw new Error([different, 'after', ...this.#log.slice(-30).map((call) => `  ${call}`)].join('\n'));
  }
}

/** Only who asks that something be on the disk may hear that it is not. */
function promisesSafety({ name }: Call): boolean {
  return name === 'fsync' || name === 'fdatasync';
}
