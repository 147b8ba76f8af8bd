// SPDX-License-Identifier: BSD-2-Clause
// directory.ts: an open folder in the shape of node:fs's Dir. Its names are read when it is opened.
import * as nodeFs from 'node:fs';
import type { Dirent } from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkCallback, checkOptions, checkPath, pathText, throwAsNode } from './arguments.js';
import { step, StepsOperation, type Operation } from './operation.js';
import { checkRecursive, readdirOperation } from './readdir.js';
import { settle } from './streams.js';

/** An open folder: read it entry by entry, or iterate over it. */
export class KernelDirectory implements AsyncDisposable, AsyncIterable<Dirent> {
  readonly path: string;
  readonly #entries: Dirent[];
  #next = 0;
  #isClosed = false;

  /** @internal */
  constructor(path: string, entries: Dirent[]) {
    this.path = path;
    this.#entries = entries;
  }

  /** The next entry, or null at the end. */
  readSync(): Dirent | null {
    this.#checkOpen();
    return this.#entries[this.#next++] ?? null;
  }

  read(): Promise<Dirent | null>;
  read(callback: (error: NodeJS.ErrnoException | null, entry: Dirent | null) => void): void;
  read(callback?: unknown): Promise<Dirent | null> | undefined {
    // As in node:fs, where only read throws it at a caller that has a callback.
    if (callback !== undefined) this.#checkOpen();
    return withCallback(callback, () => this.readSync());
  }

  closeSync(): void {
    this.#checkOpen();
    this.#isClosed = true;
  }

  close(): Promise<void>;
  close(callback: (error?: NodeJS.ErrnoException | null) => void): void;
  close(callback?: unknown): Promise<void> | undefined {
    return withCallback(callback, () => {
      this.closeSync();
    });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Dirent, undefined> {
    try {
      for (let entry = await this.read(); entry !== null; entry = await this.read()) yield entry;
    } finally {
      await this.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isClosed) await this.close();
  }

  #checkOpen(): void {
    if (!this.#isClosed) return;
    throw Object.assign(new Error('Directory handle was closed'), { code: 'ERR_DIR_CLOSED' });
  }
}

/** The form with a callback, or the one with a promise. */
function withCallback<T>(callback: unknown, work: () => T): Promise<T> | undefined {
  if (callback !== undefined) {
    checkCallback(callback);
    settle(withCallback(undefined, work) ?? Promise.resolve(), callback);
    return undefined;
  }
  return new Promise((resolve) => {
    resolve(work());
  });
}

interface OpendirOptions {
  encoding?: BufferEncoding;
  recursive?: boolean;
  bufferSize?: unknown;
}

const DirClass = nodeFs.Dir as unknown as new (handle: object, path: string, options: object) => unknown;

/** How many names node:fs reads at once; here it is only checked, as there once the folder was found. */
function checkBufferSize(options: OpendirOptions): void {
  const { bufferSize: size = 'bufferSize' in options ? null : 1 } = options;
  if (typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= 0xffff_ffff) return;
  throwAsNode(() => new DirClass({}, '', options));
}

/** opendir. */
export function opendirOperation(
  session: KernelSession,
  path: unknown,
  givenOptions: unknown,
): Operation<KernelDirectory> {
  const checked = checkPath(path);
  const options = checkOptions<OpendirOptions>(givenOptions);
  const { encoding, recursive } = options;
  checkRecursive(recursive);
  const list = readdirOperation(session, checked, { encoding, recursive, withFileTypes: true });
  return new StepsOperation(function* () {
    let entries: Dirent[];
    try {
      entries = (yield* step(list)) as Dirent[];
    } catch (error) {
      throw renamed(error);
    }
    checkBufferSize(options);
    return new KernelDirectory(pathText(checked), entries);
  });
}

/** The failure of the first read is the failure of the opening here. */
function renamed(error: unknown): unknown {
  if (error instanceof Error && 'syscall' in error && error.syscall === 'scandir') {
    error.syscall = 'opendir';
    error.message = error.message.replace(', scandir ', ', opendir ');
  }
  return error;
}
