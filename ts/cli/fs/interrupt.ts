// SPDX-License-Identifier: BSD-2-Clause
// interrupt.ts: Ctrl-C ends the write that is under way, not the process: images are unmounted first.

/** Runs work; SIGINT and SIGTERM abort its signal. A second one changes nothing: unmounting has to end. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work(stop.signal);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
