// SPDX-License-Identifier: BSD-2-Clause
// operation.ts: a call on files whose arguments are checked: it can be done now, or without holding the program up.
import type { Answer } from '../../native/addon-types.js';
import type { KernelSession } from '../session.js';

/** One call, in both its forms. Making one throws if an argument is wrong. */
export interface Operation<T> {
  now(): T;
  later(): Promise<T>;
}

/** An operation that is one call of the addon's. */
export class CallOperation<A, T> implements Operation<T> {
  private readonly session: KernelSession;
  private readonly start: (mayBeLater: boolean) => Answer<A>;
  private readonly take: (answer: A) => T;

  /**
   * @param start - makes the call, with the addon's last argument
   * @param take - makes the result of the call's answer, or throws
   */
  constructor(session: KernelSession, start: (mayBeLater: boolean) => Answer<A>, take: (answer: A) => T) {
    this.session = session;
    this.start = start;
    this.take = take;
  }

  now(): T {
    return this.take(this.start(false) as A);
  }

  async later(): Promise<T> {
    const { session } = this;
    session.refuseIfClosing();
    const answer = this.start(true);
    if (answer instanceof Promise) return this.take(await session.track(answer));
    const result = this.take(answer);
    if (session.turn.isOver()) await session.turn.next();
    return result;
  }
}

/** What an operation made of others wants done next. */
export type Steps<T> = Generator<Operation<unknown>, T>;

/** One step of an operation that is made of others. */
export function* step<T>(operation: Operation<T>): Steps<T> {
  return (yield operation) as T;
}

/** An operation that is made of others, one after the other. */
export class StepsOperation<T> implements Operation<T> {
  private readonly begin: () => Steps<T>;

  constructor(begin: () => Steps<T>) {
    this.begin = begin;
  }

  now(): T {
    const steps = this.begin();
    let state = steps.next();
    while (!state.done) state = attempt(steps, state.value);
    return state.value;
  }

  async later(): Promise<T> {
    const steps = this.begin();
    let state = steps.next();
    while (!state.done) {
      let result: unknown;
      try {
        result = await state.value.later();
      } catch (error) {
        state = steps.throw(error);
        continue;
      }
      state = steps.next(result);
    }
    return state.value;
  }
}

/** A step that fails throws inside of the steps, which may catch it. */
function attempt<T>(steps: Steps<T>, operation: Operation<unknown>): IteratorResult<Operation<unknown>, T> {
  let result: unknown;
  try {
    result = operation.now();
  } catch (error) {
    return steps.throw(error);
  }
  return steps.next(result);
}

/** An operation that has its result already. */
export function finished<T>(result: T): Operation<T> {
  return { now: () => result, later: () => Promise.resolve(result) };
}
