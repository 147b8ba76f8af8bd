// SPDX-License-Identifier: BSD-2-Clause
// file-operations.ts: open, close, read, write, and both with several buffers.
import type { KernelSession } from '../session.js';
import { checkDescriptor, checkFlags, checkMode, checkPath } from './arguments.js';
import { CallOperation, finished, type Operation } from './operation.js';
import {
  checkRead,
  checkVector,
  checkWrite,
  filePosition,
  steadyBytes,
  takeBack,
} from './transfer-arguments.js';

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
  return new CallOperation<number, number>(
    session,
    (mayBeLater) => session.native.open(checked, bits, permissions, mayBeLater),
    (answer) => session.check(answer, 'open', checked),
  );
}

/** close. */
export function closeOperation(session: KernelSession, fd: unknown): Operation<void> {
  const checked = checkDescriptor(fd);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.closeFile(checked, mayBeLater),
    (answer) => void session.check(answer, 'close'),
  );
}

/** read: the number of bytes. */
export function readOperation(
  session: KernelSession,
  fd: unknown,
  args: readonly unknown[],
): Operation<number> {
  const checked = checkDescriptor(fd);
  const { bytes, offset, length, position } = checkRead(args);
  if (length === 0) return finished(0);
  const steady = steadyBytes(bytes);
  return new CallOperation<number, number>(
    session,
    (mayBeLater) => session.native.read(checked, steady, offset, length, position, mayBeLater),
    (answer) => {
      takeBack(bytes, steady, offset, answer);
      return session.check(answer, 'read');
    },
  );
}

/** write: the number of bytes. */
export function writeOperation(
  session: KernelSession,
  fd: unknown,
  args: readonly unknown[],
): Operation<number> {
  const checked = checkDescriptor(fd);
  const { bytes, offset, length, position } = checkWrite(args);
  const steady = steadyBytes(bytes);
  return new CallOperation<number, number>(
    session,
    (mayBeLater) => session.native.write(checked, steady, offset, length, position, mayBeLater),
    (answer) => session.check(answer, 'write'),
  );
}

/** readv and writev: the number of bytes. */
export function vectorOperation(
  session: KernelSession,
  fd: unknown,
  buffers: unknown,
  position: unknown,
  isWrite: boolean,
): Operation<number> {
  const checked = checkDescriptor(fd);
  const pieces = checkVector(buffers);
  const at = filePosition(position);
  if (isWrite && pieces.length === 0) return finished(0);
  const steady = pieces.map(steadyBytes);
  return new CallOperation<number, number>(
    session,
    (mayBeLater) => session.native.vector(checked, steady, at, isWrite, mayBeLater),
    (answer) => {
      if (!isWrite) takeBackVector(pieces, steady, answer);
      return session.check(answer, isWrite ? 'write' : 'read');
    },
  );
}

function takeBackVector(pieces: readonly Uint8Array[], steady: readonly Uint8Array[], count: number): void {
  let left = count;
  pieces.forEach((piece, index) => {
    const from = steady[index] ?? piece;
    takeBack(piece, from, 0, Math.min(left, from.byteLength));
    left -= from.byteLength;
  });
}
