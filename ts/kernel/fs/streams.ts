// SPDX-License-Identifier: BSD-2-Clause
// streams.ts: read streams. They are node:fs's own class, which takes other functions to open, read and close with.
import * as nodeFs from 'node:fs';
import type { KernelSession } from '../session.js';
import { closeOperation, openOperation, readLater } from './file-operations.js';

/** Options of createReadStream. */
export type ReadStreamOptions = Exclude<NonNullable<Parameters<typeof nodeFs.createReadStream>[1]>, string>;

/** A stream of a kernel's file. `close` replaces the closing of the descriptor. */
export function createReadStream(
  session: KernelSession,
  path: unknown,
  options: ReadStreamOptions | BufferEncoding | undefined,
  close?: () => Promise<void>,
): nodeFs.ReadStream {
  const given = typeof options === 'string' ? { encoding: options } : options;
  return nodeFs.createReadStream(
    path as nodeFs.PathLike,
    {
      ...given,
      fs: streamCalls(session, close),
    } as ReadStreamOptions,
  );
}

type Callback = (error: unknown, result?: unknown, buffer?: unknown) => void;

function streamCalls(session: KernelSession, close: (() => Promise<void>) | undefined): object {
  return {
    open: (path: unknown, flags: unknown, mode: unknown, callback: Callback) => {
      settle(openOperation(session, path, flags, mode).later(), callback);
    },
    read: (
      fd: number,
      buffer: Buffer,
      offset: number,
      length: number,
      position: unknown,
      callback: Callback,
    ) => {
      const reading = readLater(session, fd, [buffer, offset, length, position]);
      settle(reading, (error, count) => {
        callback(error, count, buffer);
      });
    },
    close: (fd: number, callback: Callback) => {
      settle(close === undefined ? closeOperation(session, fd).later() : close(), callback);
    },
  };
}

/** Gives a promise's outcome to a callback, outside of the promise's own error handling. */
export function settle(promise: Promise<unknown>, callback: Callback): void {
  promise.then(
    (value) => {
      process.nextTick(callback, null, value);
    },
    (error: unknown) => {
      process.nextTick(callback, error);
    },
  );
}
