// SPDX-License-Identifier: BSD-2-Clause
// write-iterable.ts: the promise forms of writeFile, which also write what an iterable gives, piece by piece.
import type { KernelSession } from '../session.js';
import { abortedError, isAborted } from './abort.js';
import { checkFlags, checkMode, checkPath } from './arguments.js';
import { syncOperation } from './attribute-operations.js';
import { closeOperation, openOperation } from './file-operations.js';
import { StepsOperation } from './operation.js';
import { checkContents, viewBytes } from './transfer-arguments.js';
import { checkWriteOptions, writeDescriptor, type WriteFileOptions } from './write-file.js';

type Pieces = Iterable<string | ArrayBufferView> | AsyncIterable<string | ArrayBufferView>;

/** True for what can be iterated over and is neither text nor bytes. */
export function isPieces(data: unknown): data is Pieces {
  return (
    typeof data === 'object' &&
    data !== null &&
    !ArrayBuffer.isView(data) &&
    (Symbol.iterator in data || Symbol.asyncIterator in data)
  );
}

/** Writes to an open file. */
export async function writeToHandle(
  session: KernelSession,
  fd: number,
  data: unknown,
  givenOptions: unknown,
): Promise<void> {
  const options = checkWriteOptions(givenOptions);
  if (isPieces(data)) {
    await writePieces(session, fd, data, options);
    return;
  }
  const bytes = checkContents(data, options.encoding);
  await new StepsOperation(() => writeDescriptor(session, fd, bytes, { signal: options.signal })).later();
}

/** Writes a whole file. */
export async function writePiecesToPath(
  session: KernelSession,
  path: unknown,
  pieces: Pieces,
  givenOptions: unknown,
): Promise<void> {
  const options = checkWriteOptions(givenOptions);
  const checked = checkPath(path);
  const flags = checkFlags(options.flag || 'w');
  const mode = checkMode(options.mode, 0o666);
  if (isAborted(options.signal)) throw abortedError(options.signal);
  const fd = await openOperation(session, checked, flags, mode).later();
  try {
    await writePieces(session, fd, pieces, options);
    if (options.flush) await syncOperation(session, fd, 'fsync').later();
  } finally {
    await closeOperation(session, fd).later();
  }
}

async function writePieces(
  session: KernelSession,
  fd: number,
  pieces: Pieces,
  { signal, encoding }: WriteFileOptions,
): Promise<void> {
  if (isAborted(signal)) throw abortedError(signal);
  for await (const piece of pieces) {
    if (isAborted(signal)) throw abortedError(signal);
    const bytes = ArrayBuffer.isView(piece) ? viewBytes(piece) : checkContents(piece, encoding);
    await new StepsOperation(() => writeDescriptor(session, fd, bytes, { signal })).later();
  }
}
