// SPDX-License-Identifier: BSD-2-Clause
// file-operations.ts: open, close, read.
import type { KernelSession } from '../session.js';
import { checkDescriptor, checkFlags, checkMode, checkPath, checkRead } from './arguments.js';
import type { Operation } from './operation.js';

/** open: a descriptor of the kernel. */
export function openOperation(
  session: KernelSession,
  path: unknown,
  flags: unknown,
  mode: unknown,
): Operation<number> {
  const checked = checkPath(path);
  const bits = checkFlags(flags);
  const permissions = checkMode(mode, 0o666);
  const { native } = session;
  return {
    now: () => session.check(native.open(checked, bits, permissions, false), 'open', checked),
    later: async () =>
      session.check(await session.track(native.open(checked, bits, permissions, true)), 'open', checked),
  };
}

/** close. */
export function closeOperation(session: KernelSession, fd: unknown): Operation<void> {
  const checked = checkDescriptor(fd);
  return {
    now: () => {
      session.check(session.native.closeFile(checked, false), 'close');
    },
    later: async () => {
      session.check(await session.track(session.native.closeFile(checked, true)), 'close');
    },
  };
}

/** read: the number of bytes. */
export function readNow(session: KernelSession, fd: unknown, args: readonly unknown[]): number {
  const checked = checkDescriptor(fd);
  const { bytes, offset, length, position } = checkRead(args);
  if (length === 0) return 0;
  return session.check(session.native.read(checked, bytes, offset, length, position, false), 'read');
}

/** The same on the pool. Wrong arguments throw at once. */
export function readLater(session: KernelSession, fd: unknown, args: readonly unknown[]): Promise<number> {
  const checked = checkDescriptor(fd);
  const { bytes, offset, length, position } = checkRead(args);
  if (length === 0) return Promise.resolve(0);
  const reading = session.track(session.native.read(checked, bytes, offset, length, position, true));
  return reading.then((count) => session.check(count, 'read'));
}
