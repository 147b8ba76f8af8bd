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
export function readOperation(
  session: KernelSession,
  fd: unknown,
  args: readonly unknown[],
): Operation<number> {
  const checked = checkDescriptor(fd);
  const { bytes, offset, length, position } = checkRead(args);
  const { native } = session;
  return {
    now: () => {
      if (length === 0) return 0;
      return session.check(native.read(checked, bytes, offset, length, position, false), 'read');
    },
    later: async () => {
      if (length === 0) return 0;
      return session.check(
        await session.track(native.read(checked, bytes, offset, length, position, true)),
        'read',
      );
    },
  };
}
