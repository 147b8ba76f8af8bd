// SPDX-License-Identifier: BSD-2-Clause
// operation.ts: a call on files whose arguments are checked: it can be done now, or later on the pool.

/** One call, in both its forms. Making one throws if an argument is wrong. */
export interface Operation<T> {
  now(): T;
  later(): Promise<T>;
}
