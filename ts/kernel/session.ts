// SPDX-License-Identifier: BSD-2-Clause
// session.ts: one running kernel as the rest of ts/kernel sees it: the addon's object, what its answers mean, and
// what is still under way.
import { NativeError } from '../errors.js';
import type { Failure, NativeAddon, NativeKernel } from '../native/addon-types.js';
import { systemError } from './fs/system-error.js';
import { Turn } from './turn.js';

/** A booted kernel, shared by everything that calls into it. */
export class KernelSession {
  readonly native: NativeKernel;
  readonly turn = new Turn();
  /** The answer of every call once the kernel is gone. */
  readonly ended: number;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closers: (() => void | Promise<void>)[] = [];
  #isClosing = false;

  constructor(addon: NativeAddon, native: NativeKernel) {
    this.native = native;
    this.ended = addon.ended;
  }

  /** The error for a negative answer: Node's shape, or a NativeError if the kernel is gone. */
  failure(
    answer: Failure,
    syscall: string,
    path?: string | Uint8Array,
    destination?: string | Uint8Array,
  ): Error {
    if (answer === this.ended) return this.endedError();
    return systemError(answer, syscall, path, destination);
  }

  /** The answer, unless it says that the call failed. */
  check(
    answer: number,
    syscall: string,
    path?: string | Uint8Array,
    destination?: string | Uint8Array,
  ): number {
    if (answer < 0) throw this.failure(answer, syscall, path, destination);
    return answer;
  }

  /** Throws once the kernel is being shut down. */
  refuseIfClosing(): void {
    if (this.#isClosing) throw this.endedError();
  }

  /** Remembers a call on the pool, so that shutdown can wait for it. */
  track<T>(call: Promise<T>): Promise<T> {
    if (this.#isClosing) {
      call.catch(() => undefined);
      return Promise.reject(this.endedError());
    }
    this.#underWay.add(call);
    const forget = (): void => {
      this.#underWay.delete(call);
    };
    call.then(forget, forget);
    return call;
  }

  /** Why nothing can be called any more. */
  endedError(): NativeError {
    const state = this.native.state();
    if (state.hasEnded && state.exitValue === -1) {
      const console = this.native.consoleTail().trim();
      return new NativeError(
        'RUMP_KERNEL_DEAD',
        `the kernel panicked${console === '' ? '' : `: ${lastLine(console)}`}`,
        {
          remedy: 'Shut this kernel down and boot another one; the process itself is sound.',
          details: { console },
        },
      );
    }
    return new NativeError('RUMP_NATIVE_CLOSED', 'the kernel was shut down already');
  }

  /** Has something done before the kernel is shut down. */
  atShutdown(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  /** Refuses new calls and waits for those under way. */
  async drain(): Promise<void> {
    for (const close of this.#closers) await close();
    this.#isClosing = true;
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}
