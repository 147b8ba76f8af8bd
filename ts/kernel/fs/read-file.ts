// SPDX-License-Identifier: BSD-2-Clause
// read-file.ts: whole files, by path or by descriptor.
import type { ReadFileAnswer } from '../../native/addon-types.js';
import type { KernelSession } from '../session.js';
import { abortedError, isAborted } from './abort.js';
import {
  checkDescriptor,
  checkFlags,
  checkOptions,
  checkPath,
  type CheckedPath,
  type EncodingOptions,
} from './arguments.js';
import { encodeContents } from './encoding.js';
import { closeOperation, openOperation, readOperation } from './file-operations.js';
import { CallOperation, step, StepsOperation, type Operation, type Steps } from './operation.js';
import { fstatOperation } from './stat-operations.js';

/** Between two such pieces an abort is noticed. */
const pieceBytes = 512 * 1024;

interface ReadFileOptions extends EncodingOptions {
  flag?: string | number | undefined;
  signal?: AbortSignal | undefined;
}

/** readFile of a path or a descriptor. */
export function readFileOperation(
  session: KernelSession,
  source: unknown,
  givenOptions: unknown,
): Operation<string | Buffer> {
  const options = checkOptions<ReadFileOptions>(givenOptions);
  if (typeof source === 'number') {
    const fd = checkDescriptor(source);
    return new StepsOperation(() => readDescriptor(session, fd, options));
  }
  const path = checkPath(source);
  const flags = checkFlags(options.flag ?? 'r');
  if (options.signal) return new StepsOperation(() => readInPieces(session, path, flags, options));
  return new CallOperation<ReadFileAnswer, string | Buffer>(
    session,
    (mayBeLater) => session.native.readFile(path, flags, mayBeLater),
    (answer) => {
      if (Array.isArray(answer)) {
        const [errno, call] = answer as [number, 0 | 1 | 2];
        throw call === 0
          ? session.failure(errno, 'open', path)
          : session.failure(errno, call === 1 ? 'fstat' : 'read');
      }
      if (typeof answer === 'bigint') throw tooLargeError(answer);
      return encodeContents(answer as Buffer, options.encoding);
    },
  );
}

function* readInPieces(
  session: KernelSession,
  path: CheckedPath,
  flags: number,
  options: ReadFileOptions,
): Steps<string | Buffer> {
  if (isAborted(options.signal)) throw abortedError(options.signal);
  const fd = yield* step(openOperation(session, path, flags, 0o666));
  try {
    return yield* readDescriptor(session, fd, options);
  } finally {
    yield* step(closeOperation(session, fd));
  }
}

/** From where the descriptor stands to the end. It is looked at first, so that a wrong one fails as in node:fs. */
export function* readDescriptor(
  session: KernelSession,
  fd: number,
  { signal, encoding }: ReadFileOptions,
): Steps<string | Buffer> {
  yield* step(fstatOperation(session, fd, undefined));
  const pieces: Buffer[] = [];
  for (;;) {
    if (isAborted(signal)) throw abortedError(signal);
    const piece = Buffer.allocUnsafeSlow(pieceBytes);
    const count = yield* step(readOperation(session, fd, [piece]));
    if (count === 0) return encodeContents(Buffer.concat(pieces), encoding);
    pieces.push(piece.subarray(0, count));
  }
}

function tooLargeError(size: bigint): RangeError {
  return Object.assign(new RangeError(`File size (${size}) is greater than 2 GiB`), {
    code: 'ERR_FS_FILE_TOO_LARGE',
  });
}
