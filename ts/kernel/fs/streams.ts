// SPDX-License-Identifier: BSD-2-Clause
// streams.ts: read and write streams. They are node:fs's own classes, which take other functions to open, read, write
// and close with.
import * as nodeFs from 'node:fs';
import type { KernelSession } from '../session.js';
import { syncOperation } from './attribute-operations.js';
import {
  closeOperation,
  openOperation,
  readOperation,
  vectorOperation,
  writeOperation,
} from './file-operations.js';

type Callback = (error: unknown, result?: unknown, buffer?: unknown) => void;
type StreamOptions = Record<string, unknown>;
type StreamClass = new (path: unknown, options?: unknown) => nodeFs.ReadStream & nodeFs.WriteStream;

/** A file handle as streams use it. */
export interface StreamHandle {
  readonly fd: number;
  /** While a stream uses the handle, it stays open. */
  hold(): void;
  release(): void;
  close(): Promise<void>;
  once(event: 'close', listener: () => void): unknown;
}

/** Finds the handle in a stream's options. */
export type FindHandle = (fd: unknown) => StreamHandle | undefined;

/** The stream classes of one kernel. */
export interface Streams {
  ReadStream: typeof nodeFs.ReadStream;
  WriteStream: typeof nodeFs.WriteStream;
}

/** Makes them. They can be called without `new`, as node:fs's can. */
export function makeStreams(session: KernelSession, findHandle: FindHandle): Streams {
  return {
    ReadStream: deriveClass(session, nodeFs.ReadStream as unknown as StreamClass, findHandle),
    WriteStream: deriveClass(session, nodeFs.WriteStream as unknown as StreamClass, findHandle),
  } as unknown as Streams;
}

function deriveClass(session: KernelSession, Base: StreamClass, findHandle: FindHandle): StreamClass {
  function KernelStream(this: unknown, path: unknown, given?: unknown): unknown {
    if (!(this instanceof Derived)) return new Derived(path, given);
    const options = (typeof given === 'string' ? { encoding: given } : { ...(given as StreamOptions) }) as {
      fd?: unknown;
      fs?: unknown;
    };
    const handle = findHandle(options.fd);
    if (handle !== undefined) options.fd = handle.fd;
    options.fs ??= streamCalls(session, handle);
    Reflect.apply(Base as unknown as () => void, this, [path, options]);
    if (handle !== undefined) followHandle(this, handle);
    return this;
  }
  const Derived = KernelStream as unknown as StreamClass;
  Object.setPrototypeOf(Derived.prototype, Base.prototype as object);
  Object.setPrototypeOf(Derived, Base);
  Object.defineProperty(Derived, 'name', { value: Base.name });
  return Derived;
}

/** The handle stays open while the stream does, and closing the handle closes the stream. */
function followHandle(stream: nodeFs.ReadStream & nodeFs.WriteStream, handle: StreamHandle): void {
  handle.hold();
  handle.once('close', () => {
    stream.close();
  });
}

function streamCalls(session: KernelSession, handle: StreamHandle | undefined): object {
  return {
    open: (path: unknown, flags: unknown, mode: unknown, callback: Callback) => {
      settle(openOperation(session, path, flags, mode).later(), callback);
    },
    read: (fd: number, buffer: Buffer, ...rest: [...unknown[], Callback]) => {
      const callback = rest.pop() as Callback;
      settle(readOperation(session, fd, [buffer, ...rest]).later(), (error, count) => {
        callback(error, count, buffer);
      });
    },
    write: (fd: number, buffer: Buffer, ...rest: [...unknown[], Callback]) => {
      const callback = rest.pop() as Callback;
      settle(writeOperation(session, fd, [buffer, ...rest]).later(), (error, count) => {
        callback(error, count, buffer);
      });
    },
    writev: (fd: number, buffers: Buffer[], position: unknown, callback: Callback) => {
      settle(vectorOperation(session, fd, buffers, position, true).later(), (error, count) => {
        callback(error, count, buffers);
      });
    },
    fsync: (fd: number, callback: Callback) => {
      settle(syncOperation(session, fd, 'fsync').later(), callback);
    },
    close: (fd: number, callback: Callback) => {
      handle?.release();
      settle(handle === undefined ? closeOperation(session, fd).later() : handle.close(), callback);
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
