// SPDX-License-Identifier: BSD-2-Clause
// net-events.ts: the events of all sockets of one kernel. They come from one queue of the kernel. Events that a call of
// this thread has caused (on the loopback all are) are taken as soon as the program has let go, as a step of the same
// turn of the event loop: no thread is waited for. All others come through the event loop.
import type { KernelSession } from '../session.js';
import { lookupName, type Lookup } from './lookup.js';

/** Whoever has a socket. */
export interface SocketWatcher {
  onReadable(): void;
  onWritable(): void;
  /** The kernel ends. */
  onKernelEnd(error?: Error): void;
}

/** Numbers of an event: which socket, which filter. */
const eventNumbers = 2;
const eventsAtOnce = 256;
/** After so many steps in a turn the event loop goes round once, so that everything else has its turn. */
const stepsPerTurn = 50;

/** The sockets of one kernel. */
export class NetEvents {
  readonly session: KernelSession;
  /** How sockets find the addresses of names. */
  lookup: Lookup = lookupName;
  readonly #mark = new Int32Array(1);
  readonly #events = new Int32Array(eventsAtOnce * eventNumbers);
  readonly #watchers = new Map<number, SocketWatcher>();
  #last = 0;
  #held = 0;
  #steps = 0;
  #isOpen = false;
  #isClosed = false;
  #isScheduled = false;

  constructor(session: KernelSession) {
    this.session = session;
    session.atShutdown(() => {
      this.#close();
    });
  }

  /** Takes a watcher in, under a number for the kernel; or a failure. */
  add(watcher: SocketWatcher): number {
    if (this.#isClosed) return this.session.ended;
    if (!this.#isOpen) {
      const answer = this.session.native.netOpen(this.#mark, () => {
        this.#step();
      });
      if (answer < 0) return answer;
      this.#isOpen = true;
      if (this.#held > 0) this.session.native.netHold(true);
    }
    this.#watchers.set(++this.#last, watcher);
    return this.#last;
  }

  replace(number: number, watcher: SocketWatcher): void {
    this.#watchers.set(number, watcher);
  }

  remove(number: number): void {
    this.#watchers.delete(number);
  }

  /** The process goes on while somebody holds it. */
  hold(): void {
    if (this.#held++ === 0 && this.#isOpen) this.session.native.netHold(true);
  }

  release(): void {
    if (--this.#held === 0 && this.#isOpen) this.session.native.netHold(false);
  }

  /** To be called after every call on a socket, with its answer. */
  after<T>(answer: T): T {
    if (this.#mark[0] !== 0) this.#schedule();
    return answer;
  }

  #schedule(): void {
    this.#mark[0] = 0;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    if (this.#steps++ === 0) setImmediate(() => (this.#steps = 0));
    // After all that the program has to do in this step: what it awaits, and what it has put off.
    if (this.#steps <= stepsPerTurn) {
      queueMicrotask(() => {
        process.nextTick(this.#step);
      });
    } else {
      setImmediate(this.#step);
    }
  }

  readonly #step = (): void => {
    this.#isScheduled = false;
    if (!this.#isOpen) return;
    const events = this.#events;
    const count = this.session.native.netTake(events);
    if (count < 0) {
      this.#close(this.session.endedError());
      return;
    }
    for (let at = 0; at < count * eventNumbers; at += eventNumbers) {
      const watcher = this.#watchers.get(events[at] ?? 0);
      if (watcher !== undefined) deliver(watcher, events[at + 1] !== 0);
    }
    if (count === eventsAtOnce || this.#mark[0] !== 0) this.#schedule();
  };

  #close(error?: Error): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers.values()) watcher.onKernelEnd(error);
    this.#watchers.clear();
    if (this.#isOpen) this.session.native.netClose();
    this.#isOpen = false;
  }
}

/** An error of one listener must not keep the events of others. */
function deliver(watcher: SocketWatcher, isWritable: boolean): void {
  try {
    if (isWritable) watcher.onWritable();
    else watcher.onReadable();
  } catch (error) {
    throwLater(error);
  }
}

/** Throws where nobody can catch it. */
export function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
