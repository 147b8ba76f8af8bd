// SPDX-License-Identifier: BSD-2-Clause
// read-file.ts: whole files, by path or by descriptor.
import * as nodeFs from 'node:fs';
import type { ReadFileAnswer } from '../../native/addon-types.js';
import type { KernelSession } from '../session.js';
import { checkDescriptor, checkFlags, checkOptions, checkPath, type EncodingOptions } from './arguments.js';
import { encodeContents } from './encoding.js';
import { closeOperation, openOperation } from './file-operations.js';
import type { Operation } from './operation.js';
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
  if (typeof source === 'number') return readDescriptor(session, checkDescriptor(source), options);
  const path = checkPath(source);
  const flags = checkFlags(options.flag ?? 'r');
  const take = (answer: ReadFileAnswer): string | Buffer => {
    if (Array.isArray(answer)) {
      const [errno, call] = answer as [number, 0 | 1 | 2];
      throw call === 0
        ? session.failure(errno, 'open', path)
        : session.failure(errno, call === 1 ? 'fstat' : 'read');
    }
    if (typeof answer === 'bigint') throw tooLargeError(answer);
    return encodeContents(answer as Buffer, options.encoding);
  };
  return {
    now: () => take(session.native.readFile(path, flags, false)),
    later: async () => {
      if (options.signal) return readWithSignal(session, path, flags, options);
      return take(await session.track(session.native.readFile(path, flags, true)));
    },
  };
}

async function readWithSignal(
  session: KernelSession,
  path: string | Uint8Array,
  flags: number,
  options: ReadFileOptions,
): Promise<string | Buffer> {
  await checkAborted(options.signal);
  const fd = await openOperation(session, path, flags, 0o666).later();
  try {
    return await readDescriptor(session, fd, options).later();
  } finally {
    await closeOperation(session, fd).later();
  }
}

/** From where the descriptor stands to the end. It is looked at first, so that a wrong one fails as in node:fs. */
export function readDescriptor(
  session: KernelSession,
  fd: number,
  options: ReadFileOptions,
): Operation<string | Buffer> {
  const { native } = session;
  const stats = fstatOperation(session, fd, undefined);
  return {
    now: () => {
      stats.now();
      const pieces: Buffer[] = [];
      for (;;) {
        const piece = Buffer.allocUnsafeSlow(pieceBytes);
        const count = session.check(native.read(fd, piece, 0, pieceBytes, -1, false), 'read');
        if (count === 0) return encodeContents(Buffer.concat(pieces), options.encoding);
        pieces.push(piece.subarray(0, count));
      }
    },
    later: async () => {
      await stats.later();
      const pieces: Buffer[] = [];
      for (;;) {
        await checkAborted(options.signal);
        const piece = Buffer.allocUnsafeSlow(pieceBytes);
        const count = session.check(
          await session.track(native.read(fd, piece, 0, pieceBytes, -1, true)),
          'read',
        );
        if (count === 0) return encodeContents(Buffer.concat(pieces), options.encoding);
        pieces.push(piece.subarray(0, count));
      }
    },
  };
}

/** Node's own AbortError: it checks the signal before anything else. */
async function checkAborted(signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) await nodeFs.promises.readFile('', { signal });
}

function tooLargeError(size: bigint): RangeError {
  return Object.assign(new RangeError(`File size (${size}) is greater than 2 GiB`), {
    code: 'ERR_FS_FILE_TOO_LARGE',
  });
}
