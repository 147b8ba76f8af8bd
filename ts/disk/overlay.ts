// SPDX-License-Identifier: BSD-2-Clause
// overlay.ts: a storage whose changes are kept in memory until they are wanted.
import type { Storage } from './storage.js';

const pageBytes = 4096;

/** Reads what is below, with the changes over it. */
export class Overlay implements Storage {
  readonly #below: Storage;
  readonly #pages = new Map<number, Buffer>();

  constructor(below: Storage) {
    this.#below = below;
  }

  get name(): string {
    return this.#below.name;
  }

  get size(): number {
    return this.#below.size;
  }

  read(offset: number, target: Uint8Array): void {
    this.#below.read(offset, target);
    if (this.#pages.size === 0) return;
    const last = Math.floor((offset + target.length - 1) / pageBytes);
    for (let page = Math.floor(offset / pageBytes); page <= last; page++) {
      const bytes = this.#pages.get(page);
      if (bytes === undefined) continue;
      const start = page * pageBytes;
      const from = Math.max(offset, start);
      const to = Math.min(offset + target.length, start + pageBytes);
      target.set(bytes.subarray(from - start, to - start), from - offset);
    }
  }

  write(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const page = Math.floor((offset + done) / pageBytes);
      const inside = offset + done - page * pageBytes;
      const part = bytes.subarray(done, done + pageBytes - inside);
      this.#page(page).set(part, inside);
      done += part.length;
    }
  }

  /** Writes all changes to what is below. */
  commit(): void {
    for (const [page, bytes] of this.#pages) {
      const start = page * pageBytes;
      if (start < this.size)
        this.#below.write(start, bytes.subarray(0, Math.min(pageBytes, this.size - start)));
    }
    this.#pages.clear();
  }

  #page(page: number): Buffer {
    let bytes = this.#pages.get(page);
    if (bytes === undefined) {
      bytes = Buffer.alloc(pageBytes);
      this.#below.read(page * pageBytes, bytes);
      this.#pages.set(page, bytes);
    }
    return bytes;
  }
}
