// SPDX-License-Identifier: BSD-2-Clause
// attribute-operations.ts: calls that change what is known of a file, by path and by descriptor: mode, owner, times,
// length; and those that see to it that it is on the disk.
import type { KernelSession } from '../session.js';
import { checkDescriptor, checkMode, checkPath } from './arguments.js';
import { checkLength, checkOwner, checkTime } from './attribute-arguments.js';
import { closeOperation, openOperation } from './file-operations.js';
import { CallOperation, step, StepsOperation, type Operation } from './operation.js';

/** chmod. */
export function chmodOperation(session: KernelSession, path: unknown, mode: unknown): Operation<void> {
  const checked = checkPath(path);
  const bits = checkMode(mode);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.chmod(checked, bits, mayBeLater),
    (answer) => void session.check(answer, 'chmod', checked),
  );
}

/** fchmod. */
export function fchmodOperation(session: KernelSession, fd: unknown, mode: unknown): Operation<void> {
  const bits = checkMode(mode);
  const checked = checkDescriptor(fd);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.fchmod(checked, bits, mayBeLater),
    (answer) => void session.check(answer, 'fchmod'),
  );
}

/** chown and lchown. */
export function chownOperation(
  session: KernelSession,
  path: unknown,
  uid: unknown,
  gid: unknown,
  call: 'chown' | 'lchown',
): Operation<void> {
  const checked = checkPath(path);
  const [user, group] = checkOwner(uid, gid);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native[call](checked, user, group, mayBeLater),
    (answer) => void session.check(answer, call, checked),
  );
}

/** fchown. */
export function fchownOperation(
  session: KernelSession,
  fd: unknown,
  uid: unknown,
  gid: unknown,
): Operation<void> {
  const [user, group] = checkOwner(uid, gid);
  const checked = checkDescriptor(fd);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.fchown(checked, user, group, mayBeLater),
    (answer) => void session.check(answer, 'fchown'),
  );
}

/** utimes and lutimes. */
export function utimesOperation(
  session: KernelSession,
  path: unknown,
  atime: unknown,
  mtime: unknown,
  call: 'utimes' | 'lutimes',
): Operation<void> {
  const checked = checkPath(path);
  const [access, modification] = [checkTime(atime, 'time'), checkTime(mtime, 'time')];
  const syscall = call === 'utimes' ? 'utime' : 'lutime';
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.utimes(checked, access, modification, call === 'lutimes', mayBeLater),
    (answer) => void session.check(answer, syscall, checked),
  );
}

/** futimes. */
export function futimesOperation(
  session: KernelSession,
  fd: unknown,
  atime: unknown,
  mtime: unknown,
): Operation<void> {
  const [access, modification] = [checkTime(atime, 'atime'), checkTime(mtime, 'mtime')];
  const checked = checkDescriptor(fd);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.utimes(checked, access, modification, false, mayBeLater),
    (answer) => void session.check(answer, 'futime'),
  );
}

/** ftruncate. */
export function ftruncateOperation(session: KernelSession, fd: unknown, length: unknown): Operation<void> {
  const bytes = checkLength(length);
  const checked = checkDescriptor(fd);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.ftruncate(checked, bytes, mayBeLater),
    (answer) => void session.check(answer, 'ftruncate'),
  );
}

/** truncate, which node:fs makes of open, ftruncate and close: its errors say so. */
export function truncateOperation(session: KernelSession, path: unknown, length: unknown): Operation<void> {
  if (typeof path === 'number') return ftruncateOperation(session, path, length);
  const open = openOperation(session, path, 'r+', undefined);
  const bytes = checkLength(length);
  return new StepsOperation(function* () {
    const fd = yield* step(open);
    try {
      yield* step(ftruncateOperation(session, fd, bytes));
    } finally {
      yield* step(closeOperation(session, fd));
    }
  });
}

/** fsync and fdatasync. */
export function syncOperation(
  session: KernelSession,
  fd: unknown,
  call: 'fsync' | 'fdatasync',
): Operation<void> {
  const checked = checkDescriptor(fd);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native[call](checked, mayBeLater),
    (answer) => void session.check(answer, call),
  );
}
