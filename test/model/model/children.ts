// SPDX-License-Identifier: BSD-2-Clause
// children.ts: the names in a folder of the model: all that a file system takes for one name is one.
import type { ModelNode } from './tree.js';

/** Gives the same text for all spellings of a name. */
export type Fold = (name: string) => string;

/** Nodes by name, which are found by any spelling and have the one that they were given first. */
export class Children {
  readonly #byKey = new Map<string, [name: string, node: ModelNode]>();

  readonly fold: Fold;
  constructor(fold: Fold) {
    this.fold = fold;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get(name: string): ModelNode | undefined {
    return this.#byKey.get(this.fold(name))?.[1];
  }

  /** How a name that is there is spelled. */
  spelling(name: string): string | undefined {
    return this.#byKey.get(this.fold(name))?.[0];
  }

  set(name: string, node: ModelNode): void {
    this.#byKey.set(this.fold(name), [name, node]);
  }

  delete(name: string): void {
    this.#byKey.delete(this.fold(name));
  }

  values(): ModelNode[] {
    return [...this].map(([, node]) => node);
  }

  [Symbol.iterator](): Iterator<[name: string, node: ModelNode]> {
    return this.#byKey.values();
  }
}
