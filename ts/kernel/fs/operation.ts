// SPDX-License-Identifier: BSD-2-Clause
// operation.ts: a call on files whose arguments are checked: it can be done now, or without holding the program up.
import type { Answer } from '../../native/addon-types.js';
import type { KernelSession } from '../session.js';

/** One call, in its forms. Making one throws if an argument is wrong. */
export interface Operation<T> {
  /** Waits for it, and the program with it. */
  now(): T;
  /** Begins it: where it has not to wait for anything its result is there, or it throws; else a promise. */
  soon(): T | Promise<T>;
  /** The same with a promise in any case. */
  later(): Promise<T>;
}

/** A promise of what the work gives or throws. */
export function promiseOf<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is what was thrown
    return Promise.reject(error);
  }
}

/** Makes something of a result: at once if it is there. */
export function onceThere<R, T>(result: R | Promise<R>, take: (result: R) => T): T | Promise<T> {
  return result instanceof Promise ? result.then(take) : take(result);
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

  soon(): T | Promise<T> {
    const { session } = this;
    session.refuseIfClosing();
    const answer = this.start(true);
    if (answer instanceof Promise) return session.track(answer).then(this.take);
    const result = this.take(answer);
    return session.turn.isOver() ? session.turn.next().then(() => result) : result;
  }

  later(): Promise<T> {
    return promiseOf(() => this.soon());
  }
}

/** One of the calls that an operation is made of. */
export type Step<T> = Pick<Operation<T>, 'now' | 'soon'>;

/** What an operation made of others wants done next. */
export type Steps<T> = Generator<Step<unknown>, T>;

/** One step of an operation that is made of others. */
export function* step<T>(operation: Step<T>): Steps<T> {
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

  soon(): Promise<T> {
    return this.later();
  }

  async later(): Promise<T> {
    const steps = this.begin();
    let state = steps.next();
    while (!state.done) {
      let result: unknown;
      try {
        // Even if it is there: an abort may come in between.
        result = await state.value.soon();
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
function attempt<T>(steps: Steps<T>, operation: Step<unknown>): IteratorResult<Step<unknown>, T> {
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
  return { now: () => result, soon: () => result, later: () => Promise.resolve(result) };
}
