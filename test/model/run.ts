// SPDX-License-Identifier: BSD-2-Clause
// run.ts: a run of operations on a file system, beside the model.
import { printCall } from './calls.js';
import { actualOutcome, difference, expectedOutcome, type FileNumbers } from './compare.js';
import { Driver } from './driver.js';
import { Model } from './model/model.js';
import type { Operation } from './operations.js';
import { resolveCall } from './resolve.js';
import type { Subject } from './subjects.js';
import { differentTree } from './whole-tree.js';

/** The file system does not do what the model does. */
export class Difference extends Error {
  readonly log: readonly string[];
  constructor(what: string, log: string[]) {
    super(what);
    this.log = log;
  }
}

let runs = 0;

/** Makes the calls one by one in a new folder; gives how many there were. Throws a Difference. */
export async function runOperations(subject: Subject, operations: readonly Operation[]): Promise<number> {
  const run = new Run(subject, `${subject.base}/run-${runs++}`);
  try {
    for (const operation of operations) {
      if (operation.name === 'remount') await run.remount();
      else run.make(operation);
    }
    run.compareTree();
    await run.remount();
  } finally {
    run.driver.closeAll();
  }
  subject.fs.rmSync(run.model.rootPath, { recursive: true });
  return run.log.length;
}

class Run {
  readonly model: Model;
  readonly driver: Driver;
  readonly log: string[] = [];
  readonly #numbers: FileNumbers = new Map();

  readonly subject: Subject;
  constructor(subject: Subject, root: string) {
    this.subject = subject;
    this.model = new Model(root, subject.rules);
    this.driver = new Driver(subject.fs);
    subject.fs.mkdirSync(root);
  }

  make(operation: Operation): void {
    const call = resolveCall(operation, this.model);
    if (call === undefined) return;
    const expected = expectedOutcome(this.model, call);
    if (expected === undefined) return;
    this.log.push(printCall(call));
    this.#check(() => {
      const actual = actualOutcome(this.driver, call);
      return difference(expected, actual, this.subject.rules, this.#numbers);
    });
  }

  compareTree(): void {
    this.#check(() => differentTree(this.model, this.driver, this.#numbers));
  }

  async remount(): Promise<void> {
    if (this.subject.remount === undefined) return;
    for (const handle of this.model.descriptors.handles()) this.model.close(handle);
    this.driver.closeAll();
    this.log.push('unmount, mount');
    try {
      await this.subject.remount();
      if (this.subject.rules.fileNumbers === 'while-mounted') this.#numbers.clear();
    } catch (error) {
      throw new Difference(String(error), this.log);
    }
    this.compareTree();
  }

  #check(work: () => string | undefined): void {
    let different: string | undefined;
    try {
      different = work();
    } catch (error) {
      different = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    if (different !== undefined) throw new Difference(different, this.log);
  }
}
