// SPDX-License-Identifier: BSD-2-Clause
// reader.ts: takes bytes out of a socket as long as somebody wants them. The kernel tells of new bytes once, so what
// was left is remembered.
import type { Endpoint } from './endpoint.js';
import { errnos } from './net-errors.js';
import { throwLater } from './net-events.js';

/** Who gets the bytes. */
export interface ByteSink {
  /** So many bytes were read. */
  onCount(count: number): void;
  /** False: no more for now. */
  onBytes(bytes: Buffer): boolean;
  onEnd(): void;
  onReadError(errno: number): void;
}

/** `onread` of a socket's options: bytes go into memory of the caller's. */
export interface OnRead {
  buffer: Uint8Array | (() => Uint8Array);
  callback: (count: number, buffer: Uint8Array) => boolean | undefined;
}

const pieceBytes = 65_536;
/** After so many bytes others have their turn. */
const bytesPerStep = 16 * pieceBytes;
/** Small pieces are read here, and copied out: most are far smaller than what there might be. */
const scratch = Buffer.allocUnsafeSlow(pieceBytes);

/** The reading side of a socket. */
export class Reader {
  readonly #sink: ByteSink;
  readonly #onRead: OnRead | undefined;
  #endpoint: Endpoint | undefined;
  #isWanted = false;
  #hasMore = false;
  #isReading = false;
  #wasFull = false;

  constructor(sink: ByteSink, onRead: OnRead | undefined) {
    this.#sink = sink;
    this.#onRead = onRead;
  }

  /** Bytes come from here now; there may be some already. */
  attach(endpoint: Endpoint | undefined, mayHaveBytes: boolean): void {
    this.#endpoint = endpoint;
    this.#hasMore = mayHaveBytes;
  }

  /** Whether bytes go into the caller's memory, and not into the stream. */
  get isInto(): boolean {
    return this.#onRead !== undefined;
  }

  /** Somebody wants bytes. */
  start(): void {
    this.#isWanted = true;
    if (this.#hasMore && this.#endpoint !== undefined) this.#read();
  }

  stop(): void {
    this.#isWanted = false;
  }

  /** There may be bytes. */
  onReadable(): void {
    this.#hasMore = true;
    if (this.#isWanted) this.#read();
  }

  #read(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      let left = bytesPerStep;
      while (this.#isWanted && this.#hasMore && this.#endpoint?.isOpen === true && left > 0)
        left -= this.#readPiece(this.#endpoint);
      if (left <= 0) setImmediate(() => this.#readOn());
    } finally {
      this.#isReading = false;
    }
  }

  #readOn(): void {
    try {
      if (this.#isWanted && this.#hasMore) this.#read();
    } catch (error) {
      throwLater(error);
    }
  }

  /** Reads once; the number of bytes. */
  #readPiece(endpoint: Endpoint): number {
    const own = this.#onRead?.buffer;
    const given = typeof own === 'function' ? own() : own;
    const into = given ?? (this.#wasFull ? Buffer.allocUnsafeSlow(pieceBytes) : scratch);
    const count = endpoint.read(into);
    if (count <= 0) {
      this.#hasMore = false;
      if (count === 0) this.#sink.onEnd();
      else if (count !== errnos.again) this.#sink.onReadError(count);
      return 0;
    }
    this.#sink.onCount(count);
    if (given !== undefined) {
      if (this.#onRead?.callback(count, given) === false) this.#isWanted = false;
      return count;
    }
    this.#wasFull = count === pieceBytes;
    // Whoever takes the bytes may ask for more meanwhile.
    this.#isWanted = false;
    if (this.#sink.onBytes(pieceOf(into as Buffer, count))) this.#isWanted = true;
    return count;
  }
}

function pieceOf(bytes: Buffer, count: number): Buffer {
  if (bytes !== scratch && count > pieceBytes / 2) return bytes.subarray(0, count);
  const piece = Buffer.allocUnsafe(count);
  bytes.copy(piece, 0, 0, count);
  return piece;
}
