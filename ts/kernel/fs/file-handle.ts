// SPDX-License-Identifier: BSD-2-Clause
// file-handle.ts: an open file as an object, in the shape of node:fs/promises' FileHandle. What is under way keeps the
// file open: it is closed when close() was called and the last call is done.
import { EventEmitter } from 'node:events';
import type { ReadStream, WriteStream } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { ReadableStream } from 'node:stream/web';
import type { KernelSession } from '../session.js';
import { closeIfAbandoned, forgetOpened } from './abandoned.js';
import { checkOptions } from './arguments.js';
import {
  fchmodOperation,
  fchownOperation,
  ftruncateOperation,
  futimesOperation,
  syncOperation,
} from './attribute-operations.js';
import { closeOperation, vectorOperation } from './file-operations.js';
import { openWebStream } from './handle-streams.js';
import { onceThere, promiseOf, StepsOperation, type Operation } from './operation.js';
import { readDescriptor } from './read-file.js';
import { fstatOperation, type AnyStats } from './stat-operations.js';
import { checkRead, checkWrite, filePosition, steadyBytes, takeBack } from './transfer-arguments.js';
import type { StreamHandle, Streams } from './streams.js';
import { writeToHandle } from './write-iterable.js';

/** The size of the buffer that read makes when it is given none, in bytes. */
const defaultBufferBytes = 16_384;

interface RangeOptions {
  buffer?: ArrayBufferView;
  offset?: unknown;
  length?: unknown;
  position?: unknown;
}

/** An open file. Close it, or declare it with `await using`. Its public type is node:fs/promises' FileHandle. */
export class KernelFileHandle extends EventEmitter implements AsyncDisposable, StreamHandle {
  readonly #session: KernelSession;
  readonly #streams: Streams;
  #fd: number;
  /** The calls and streams under way, and one for being open. */
  #uses = 1;
  #closing: Promise<void> | undefined;
  #finish: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  #isLocked = false;

  /** @internal */
  constructor(session: KernelSession, fd: number, streams: Streams) {
    super();
    this.#session = session;
    this.#fd = fd;
    this.#streams = streams;
    closeIfAbandoned(this, session, fd);
  }

  /** The kernel's descriptor, or -1 once closed. */
  get fd(): number {
    return this.#fd;
  }

  /** Reads into a buffer: (buffer, offset, length, position), (buffer, options) or (options). */
  read(...args: unknown[]): Promise<{ bytesRead: number; buffer: ArrayBufferView }> {
    try {
      const fd = this.#openFd('read');
      const [first] = args;
      const isGiven = ArrayBuffer.isView(first);
      if (!isGiven && typeof (first ?? {}) !== 'object') checkRead([nothing.bytes, first]);
      const options: RangeOptions = isGiven ? {} : (first ?? {});
      const { buffer = isGiven ? first : Buffer.alloc(defaultBufferBytes) } = options;
      const where = isGiven ? rangeOf(buffer, args) : withPosition(options);
      const { bytes, offset, length, position } = checkRead([buffer, where]);
      const steady = steadyBytes(bytes);
      const { native } = this.#session;
      const count = length === 0 ? 0 : native.read(fd, steady, offset, length, position, true);
      return this.#transferred(count, 'read', (bytesRead) => {
        takeBack(bytes, steady, offset, bytesRead);
        return bareResult('bytesRead', bytesRead, buffer);
      });
    } catch (error) {
      return rejected(error);
    }
  }

  readv(buffers: unknown, position?: unknown): Promise<{ bytesRead: number; buffers: unknown }> {
    return this.#using('readv', (fd) => {
      const count = vectorOperation(this.#session, fd, buffers, position, false).soon();
      return onceThere(count, (bytesRead) => ({ __proto__: null, bytesRead, buffers }));
    });
  }

  /** Writes a buffer: (buffer, offset, length, position), (buffer, options); or text: (string, position, encoding). */
  write(...args: unknown[]): Promise<{ bytesWritten: number; buffer: unknown }> {
    try {
      const fd = this.#openFd('write');
      const [buffer] = args;
      const isNothing = ArrayBuffer.isView(buffer) && buffer.byteLength === 0;
      const { bytes, offset, length, position } = isNothing ? nothing : checkWrite(args);
      const { native } = this.#session;
      const count = isNothing ? 0 : native.write(fd, steadyBytes(bytes), offset, length, position, true);
      return this.#transferred(count, 'write', (bytesWritten) =>
        bareResult('bytesWritten', bytesWritten, buffer),
      );
    } catch (error) {
      return rejected(error);
    }
  }

  writev(buffers: unknown, position?: unknown): Promise<{ bytesWritten: number; buffers: unknown }> {
    return this.#using('writev', (fd) => {
      const count = vectorOperation(this.#session, fd, buffers, position, true).soon();
      return onceThere(count, (bytesWritten) => ({ __proto__: null, bytesWritten, buffers }));
    });
  }

  /** Reads from where the file stands to its end. */
  readFile(options?: unknown): Promise<string | Buffer> {
    return this.#using('readFile', (fd) => {
      const checked = checkOptions(options);
      return new StepsOperation(() => readDescriptor(this.#session, fd, checked)).later();
    });
  }

  /** Writes from where the file stands: text, bytes, or what can be iterated over to give them. */
  writeFile(data: unknown, options?: unknown): Promise<void> {
    return this.#using('writeFile', (fd) => writeToHandle(this.#session, fd, data, options));
  }

  appendFile(data: unknown, options?: unknown): Promise<void> {
    return this.writeFile(data, options);
  }

  stat(options?: unknown): Promise<AnyStats> {
    return this.#operate('fstat', (fd) => fstatOperation(this.#session, fd, options));
  }

  truncate(length?: unknown): Promise<void> {
    return this.#operate('ftruncate', (fd) => ftruncateOperation(this.#session, fd, length));
  }

  chmod(mode: unknown): Promise<void> {
    return this.#operate('fchmod', (fd) => fchmodOperation(this.#session, fd, mode));
  }

  chown(uid: unknown, gid: unknown): Promise<void> {
    return this.#operate('fchown', (fd) => fchownOperation(this.#session, fd, uid, gid));
  }

  utimes(atime: unknown, mtime: unknown): Promise<void> {
    return this.#operate('futimes', (fd) => futimesOperation(this.#session, fd, atime, mtime));
  }

  sync(): Promise<void> {
    return this.#operate('fsync', (fd) => syncOperation(this.#session, fd, 'fsync'));
  }

  datasync(): Promise<void> {
    return this.#operate('fdatasync', (fd) => syncOperation(this.#session, fd, 'fdatasync'));
  }

  /** A stream of the file; it closes the handle at its end unless autoClose is false. */
  createReadStream(options?: object): ReadStream {
    const { ReadStream: Stream } = this.#streams as unknown as Record<
      string,
      new (...all: unknown[]) => unknown
    >;
    return new (Stream as new (...all: unknown[]) => ReadStream)(undefined, { ...options, fd: this });
  }

  createWriteStream(options?: object): WriteStream {
    const { WriteStream: Stream } = this.#streams as unknown as Record<
      string,
      new (...all: unknown[]) => unknown
    >;
    return new (Stream as new (...all: unknown[]) => WriteStream)(undefined, { ...options, fd: this });
  }

  readLines(options?: object): Interface {
    return createInterface({ input: this.createReadStream(options), crlfDelay: Number.POSITIVE_INFINITY });
  }

  /** The file's bytes as a web stream; only one may be made of a handle. */
  readableWebStream(options?: { type?: unknown }): ReadableStream {
    if (this.#fd === -1) throw stateError('The FileHandle is closed');
    if (this.#closing !== undefined) throw stateError('The FileHandle is closing');
    if (this.#isLocked) throw stateError('The FileHandle is locked');
    this.#isLocked = true;
    return openWebStream(this, options);
  }

  hold(): void {
    this.#uses++;
  }

  release(): void {
    if (--this.#uses > 0) return;
    const fd = this.#fd;
    this.#fd = -1;
    forgetOpened(this);
    const { resolve, reject } = this.#finish ?? {};
    closeOperation(this.#session, fd)
      .later()
      .then(
        () => resolve?.(),
        (error: unknown) => reject?.(error),
      );
  }

  /** Closes the file; a second call gives the promise of the first. */
  close = (): Promise<void> => {
    if (this.#fd === -1) return this.#closing ?? Promise.resolve();
    if (this.#closing !== undefined) return this.#closing;
    this.#closing = new Promise<void>((resolve, reject) => {
      this.#finish = { resolve, reject };
    }).finally(() => {
      this.#closing = undefined;
    });
    this.release();
    this.emit('close');
    return this.#closing;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #operate<T>(call: string, prepare: (fd: number) => Operation<T>): Promise<T> {
    return this.#using(call, (fd) => prepare(fd).soon());
  }

  /** The descriptor, for a call. */
  #openFd(call: string): number {
    if (this.#fd === -1) throw Object.assign(new Error('file closed'), { code: 'EBADF', syscall: call });
    this.#session.refuseIfClosing();
    return this.#fd;
  }

  /** The result of a transfer that is over, or that keeps the file open until it is. */
  #transferred<T>(answer: number | Promise<number>, call: string, take: (count: number) => T): Promise<T> {
    const session = this.#session;
    if (answer instanceof Promise) {
      this.hold();
      return this.#releaseAfter(session.track(answer).then((count) => take(session.check(count, call))));
    }
    const result = take(session.check(answer, call));
    return session.turn.isOver() ? session.turn.next().then(() => result) : Promise.resolve(result);
  }

  /** Runs a call that keeps the file open. */
  #using<T>(call: string, work: (fd: number) => T | Promise<T>): Promise<T> {
    return promiseOf(() => {
      if (this.#fd === -1) throw Object.assign(new Error('file closed'), { code: 'EBADF', syscall: call });
      this.hold();
      let isUnderWay = false;
      try {
        const result = work(this.#fd);
        isUnderWay = result instanceof Promise;
        return result instanceof Promise ? this.#releaseAfter(result) : result;
      } finally {
        if (!isUnderWay) this.release();
      }
    });
  }

  async #releaseAfter<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } finally {
      this.release();
    }
  }
}

const nothing = { bytes: new Uint8Array(0), offset: 0, length: 0, position: -1 };

/** Results have no prototype in node:fs, either. Filling such an object is faster than a literal of one. */
function bareResult<N extends string, B>(
  name: N,
  count: number,
  buffer: B,
): Record<N, number> & { buffer: B } {
  const result = Object.create(null) as Record<string, unknown>;
  result[name] = count;
  result['buffer'] = buffer;
  return result as Record<N, number> & { buffer: B };
}

function rejected(error: unknown): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it is what was thrown
  return Promise.reject(error);
}

function stateError(message: string): Error {
  return Object.assign(new Error(`Invalid state: ${message}`), { code: 'ERR_INVALID_STATE' });
}

/** The range that read's arguments after the buffer say. */
function rangeOf(buffer: ArrayBufferView, args: readonly unknown[]): RangeOptions {
  const second = args[1];
  if (typeof second === 'object' && second !== null) return withPosition(second);
  const offset = second ?? 0;
  const length = args[2] ?? buffer.byteLength - Number(offset);
  return withPosition({ offset, length, position: args[3] });
}

/** Here what is no whole number is the file's own position. */
function withPosition({ offset, length, position }: RangeOptions): RangeOptions {
  return { offset, length, position: filePosition(position) };
}
