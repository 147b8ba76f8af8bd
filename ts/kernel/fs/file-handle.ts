// SPDX-License-Identifier: BSD-2-Clause
// file-handle.ts: an open file as an object, in the shape of node:fs/promises' FileHandle, for reading.
import { EventEmitter } from 'node:events';
import type { BigIntStats, ReadStream, Stats, StatOptions } from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkOptions } from './arguments.js';
import { closeOperation, readLater } from './file-operations.js';
import { readDescriptor } from './read-file.js';
import { fstatOperation } from './stat-operations.js';
import { createReadStream, type ReadStreamOptions } from './streams.js';

/** The size of the buffer that read makes when it is given none, in bytes. */
const defaultBufferBytes = 16_384;

/** What read gives. */
export interface ReadResult<T extends ArrayBufferView> {
  bytesRead: number;
  buffer: T;
}

/** Where and how much to read. */
export interface ReadOptions<T extends ArrayBufferView = Buffer> {
  buffer?: T;
  offset?: number | null;
  length?: number | null;
  position?: number | bigint | null;
}

/** An open file. Close it, or declare it with `await using`. */
export class KernelFileHandle extends EventEmitter implements AsyncDisposable {
  readonly #session: KernelSession;
  #fd: number;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(session: KernelSession, fd: number) {
    super();
    this.#session = session;
    this.#fd = fd;
  }

  /** The kernel's descriptor, or -1 once closed. */
  get fd(): number {
    return this.#fd;
  }

  read<T extends ArrayBufferView>(
    buffer: T,
    offset?: number | null,
    length?: number | null,
    position?: number | bigint | null,
  ): Promise<ReadResult<T>>;
  read<T extends ArrayBufferView>(buffer: T, options?: ReadOptions<T>): Promise<ReadResult<T>>;
  read<T extends ArrayBufferView = Buffer>(options?: ReadOptions<T>): Promise<ReadResult<T>>;
  /** Reads into a buffer: (buffer, offset, length, position), (buffer, options) or (options). */
  async read(...args: unknown[]): Promise<ReadResult<ArrayBufferView>> {
    const fd = this.#openDescriptor('read');
    const given = ArrayBuffer.isView(args[0]) ? args : withBuffer(args[0] ?? {});
    const bytesRead = await readLater(this.#session, fd, given);
    return { bytesRead, buffer: given[0] as ArrayBufferView };
  }

  readFile(options?: { encoding?: null; signal?: AbortSignal } | null): Promise<Buffer>;
  readFile(options: { encoding: BufferEncoding; signal?: AbortSignal } | BufferEncoding): Promise<string>;
  /** Reads from where the file stands to its end. */
  async readFile(options?: unknown): Promise<string | Buffer> {
    const fd = this.#openDescriptor('read');
    return readDescriptor(this.#session, fd, checkOptions(options)).later();
  }

  stat(options?: StatOptions & { bigint?: false }): Promise<Stats>;
  stat(options: StatOptions & { bigint: true }): Promise<BigIntStats>;
  /** Stats of the file. */
  async stat(options?: StatOptions): Promise<Stats | BigIntStats> {
    return fstatOperation(this.#session, this.#openDescriptor('fstat'), options).later();
  }

  /** A stream of the file; it closes the handle at its end unless autoClose is false. */
  createReadStream(options: Omit<ReadStreamOptions, 'fd' | 'flags' | 'mode'> = {}): ReadStream {
    const fd = this.#openDescriptor('read');
    return createReadStream(this.#session, '', { ...options, fd }, () => this.close());
  }

  /** Closes the file; a second call gives the promise of the first. */
  close(): Promise<void> {
    if (this.#fd === -1) return this.#closing ?? Promise.resolve();
    const fd = this.#fd;
    this.#fd = -1;
    this.#closing = closeOperation(this.#session, fd)
      .later()
      .finally(() => {
        this.#closing = undefined;
        this.emit('close');
      });
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #openDescriptor(syscall: string): number {
    if (this.#fd !== -1) return this.#fd;
    throw Object.assign(new Error('file closed'), { code: 'EBADF', syscall });
  }
}

function withBuffer(options: ReadOptions): unknown[] {
  const { buffer = Buffer.alloc(defaultBufferBytes), ...where } = options;
  return [buffer, where];
}
