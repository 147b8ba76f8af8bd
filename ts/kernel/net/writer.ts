// SPDX-License-Identifier: BSD-2-Clause
// writer.ts: puts bytes into a socket; what there is no room for waits for the kernel to tell of some.
import type { Endpoint } from './endpoint.js';
import { errnos } from './net-errors.js';

type Done = (errno: number) => void;

/** The writing side of a socket. One write is under way at a time, as streams do it. */
export class Writer {
  bytesWritten = 0;
  #endpoint: Endpoint | undefined;
  #pieces: Uint8Array[] = [];
  #offset = 0;
  #done: Done | undefined;

  /** Bytes go here now. */
  attach(endpoint: Endpoint | undefined): void {
    this.#endpoint = endpoint;
    this.#end(errnos.canceled);
  }

  /** Writes; `done` may be called at once. 0: all is written. */
  write(bytes: Uint8Array, done: Done): void {
    const count = this.#endpoint?.write(bytes, 0) ?? errnos.notConnected;
    if (count === bytes.length) {
      this.bytesWritten += count;
      done(0);
      return;
    }
    this.#pieces = [bytes];
    this.#begin(count, done);
  }

  writeAll(pieces: readonly Uint8Array[], done: Done): void {
    this.#pieces = pieces.filter(({ length }) => length > 0);
    if (this.#pieces.length === 0) done(0);
    else this.#begin(this.#endpoint?.writeAll(this.#pieces) ?? errnos.notConnected, done);
  }

  #begin(count: number, done: Done): void {
    this.#offset = 0;
    this.#done = done;
    this.#advance(count);
  }

  /** There may be room. */
  onWritable(): void {
    const [first] = this.#pieces;
    if (this.#done === undefined || this.#endpoint === undefined || first === undefined) return;
    const isPart = this.#offset > 0 || this.#pieces.length === 1;
    this.#advance(isPart ? this.#endpoint.write(first, this.#offset) : this.#endpoint.writeAll(this.#pieces));
  }

  /** Waiting since the last look? */
  get isWaiting(): boolean {
    return this.#done !== undefined;
  }

  #advance(count: number): void {
    if (count < 0 && count !== errnos.again) {
      this.#end(count);
      return;
    }
    if (count > 0) this.#drop(count);
    if (this.#pieces.length === 0) {
      this.#end(0);
      return;
    }
    const answer = this.#endpoint?.awaitWritable() ?? 0;
    if (answer < 0) this.#end(answer);
  }

  #drop(count: number): void {
    this.bytesWritten += count;
    let left = count + this.#offset;
    for (let first = this.#pieces[0]; first !== undefined && left >= first.length; first = this.#pieces[0]) {
      left -= first.length;
      this.#pieces.shift();
    }
    this.#offset = left;
  }

  #end(errno: number): void {
    const done = this.#done;
    this.#done = undefined;
    this.#pieces = [];
    this.#offset = 0;
    done?.(errno);
  }
}
