// SPDX-License-Identifier: BSD-2-Clause
// turn.ts: fairness towards the rest of the program. A call that is done at once resolves its promise in this same
// turn of the event loop; a program that awaits such calls in a row would keep timers and sockets waiting for ever.

/** After so many calls in a turn the event loop goes round once: about a millisecond's work. */
const callsPerTurn = 500;

/** Counts the calls of one turn of the event loop. */
export class Turn {
  #calls = 0;

  /** Counts one call; true if the caller has to wait for next() before it goes on. */
  isOver(): boolean {
    if (this.#calls++ === 0) setImmediate(() => (this.#calls = 0));
    return this.#calls > callsPerTurn;
  }

  /** The next turn of the event loop. */
  next(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}
