// SPDX-License-Identifier: BSD-2-Clause
// write-file.ts: whole files written, by path or by descriptor.
import * as nodeFs from 'node:fs';
import type { WriteFileAnswer } from '../../native/addon-types.js';
import type { KernelSession } from '../session.js';
import { abortedError, isAborted } from './abort.js';
import {
  checkDescriptor,
  checkFlags,
  checkMode,
  checkOptions,
  checkPath,
  noDescriptor,
  throwAsNode,
  type EncodingOptions,
} from './arguments.js';
import { syncOperation } from './attribute-operations.js';
import { closeOperation, openOperation, writeOperation } from './file-operations.js';
import { CallOperation, step, StepsOperation, type Operation, type Steps } from './operation.js';
import { checkContents, steadyBytes } from './transfer-arguments.js';

/** Options of writeFile and appendFile. */
export interface WriteFileOptions extends EncodingOptions {
  mode?: unknown;
  flag?: unknown;
  flush?: unknown;
  signal?: AbortSignal | undefined;
}

/** Between two such pieces an abort is noticed. */
const pieceBytes = 512 * 1024;

const syscalls = ['open', 'write', 'fsync', 'close'] as const;

/** Checks options of writeFile. */
export function checkWriteOptions(givenOptions: unknown): WriteFileOptions {
  const options = checkOptions<WriteFileOptions>(givenOptions);
  const { flush } = options;
  if (flush === undefined || flush === null || typeof flush === 'boolean') return options;
  return throwAsNode(() => {
    nodeFs.writeFileSync(noDescriptor, '', { flush } as nodeFs.WriteFileOptions);
  });
}

/** appendFile. */
export function appendFileOperation(
  session: KernelSession,
  target: unknown,
  data: unknown,
  options: unknown,
): Operation<void> {
  const { flag, ...rest } = checkWriteOptions(options);
  return writeFileOperation(session, target, data, { ...rest, flag: flag || 'a' });
}

/** writeFile to a path or a descriptor. */
export function writeFileOperation(
  session: KernelSession,
  target: unknown,
  data: unknown,
  givenOptions: unknown,
): Operation<void> {
  const options = checkWriteOptions(givenOptions);
  const bytes = steadyBytes(checkContents(data, options.encoding));
  if (typeof target === 'number' && Number.isInteger(target) && target >= 0) {
    const fd = checkDescriptor(target);
    return new StepsOperation(() => writeDescriptor(session, fd, bytes, options));
  }
  const path = checkPath(target);
  const flags = checkFlags(options.flag || 'w');
  const mode = checkMode(options.mode, 0o666);
  if (options.signal !== undefined) {
    return new StepsOperation(() => writeInPieces(session, path, flags, mode, bytes, options));
  }
  return new CallOperation<WriteFileAnswer, void>(
    session,
    (mayBeLater) => session.native.writeFile(path, bytes, flags, mode, Boolean(options.flush), mayBeLater),
    (answer) => {
      if (answer === 0) return;
      const [errno, call] = answer;
      throw session.failure(errno, syscalls[call], call === 0 ? path : undefined);
    },
  );
}

function* writeInPieces(
  session: KernelSession,
  path: string | Uint8Array,
  flags: number,
  mode: number,
  bytes: Uint8Array,
  options: WriteFileOptions,
): Steps<void> {
  if (isAborted(options.signal)) throw abortedError(options.signal);
  const fd = yield* step(openOperation(session, path, flags, mode));
  try {
    yield* writeDescriptor(session, fd, bytes, options);
  } finally {
    yield* step(closeOperation(session, fd));
  }
}

/** Writes all of it from where the descriptor stands. */
export function* writeDescriptor(
  session: KernelSession,
  fd: number,
  bytes: Uint8Array,
  { signal, flush }: WriteFileOptions,
): Steps<void> {
  for (let done = 0; done < bytes.byteLength;) {
    if (isAborted(signal)) throw abortedError(signal);
    const length =
      signal === undefined ? bytes.byteLength - done : Math.min(bytes.byteLength - done, pieceBytes);
    done += yield* step(writeOperation(session, fd, [bytes, done, length]));
  }
  if (flush) yield* step(syncOperation(session, fd, 'fsync'));
}
