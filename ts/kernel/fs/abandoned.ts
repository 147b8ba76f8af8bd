// SPDX-License-Identifier: BSD-2-Clause
// abandoned.ts: what was opened and forgotten. As Node does for its file handles: the descriptor is closed when the
// object is collected, and a warning says so.
import type { KernelSession } from '../session.js';
import { closeOperation } from './file-operations.js';

interface Opened {
  readonly session: KernelSession;
  readonly fd: number;
}

const abandoned = new FinalizationRegistry<Opened>(({ session, fd }) => {
  if (session.isClosing) return;
  process.emitWarning(`Closing file descriptor ${fd} on garbage collection`);
  // An error has nobody left to hear it.
  closeOperation(session, fd)
    .later()
    .catch(() => undefined);
});

/** Has a descriptor closed once its owner is collected, unless forgetOpened() was called first. */
export function closeIfAbandoned(owner: WeakKey, session: KernelSession, fd: number): void {
  abandoned.register(owner, { session, fd }, owner);
}

/** The owner closed its descriptor itself. */
export function forgetOpened(owner: WeakKey): void {
  abandoned.unregister(owner);
}
