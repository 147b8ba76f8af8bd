// SPDX-License-Identifier: BSD-2-Clause
// change-events.ts: the change events of one kernel, handed to whoever watches. One queue of the kernel serves all; it
// is there while somebody watches. Masks and records are those of rump/include/rump/fsevents.h.
import type { KernelSession } from '../session.js';
import type { CheckedPath } from './arguments.js';

const masks = {
  modify: 0x2,
  attributes: 0x4,
  movedFrom: 0x40,
  movedTo: 0x80,
  create: 0x100,
  delete: 0x200,
  deleteSelf: 0x400,
  moveSelf: 0x800,
} as const;

/** What libuv asks inotify for. */
const watched = Object.values(masks).reduce((all, each) => all | each, 0);
const isFolder = 0x4000_0000;
/** Everything else is told as 'rename'. */
const changes = masks.modify | masks.attributes;

/** A change, in the terms of node:fs. */
export interface ChangeEvent {
  type: 'change' | 'rename';
  /** The name in the watched folder; undefined: the watched file itself. */
  name: Buffer | undefined;
  /** A folder came to be, or came here. */
  isNewFolder: boolean;
}

type Listener = (event: ChangeEvent) => void;

/** Stops watching. */
export type StopWatching = () => void;

/** All watches of one kernel. */
export class ChangeEvents {
  readonly #session: KernelSession;
  readonly #listeners = new Map<number, Set<Listener>>();
  readonly #closers = new Set<() => void>();
  #queue: number | undefined;
  #reading: Promise<void> | undefined;

  constructor(session: KernelSession) {
    this.#session = session;
    session.atShutdown(() => this.#close());
  }

  /** Has `close` called before the kernel is shut down. */
  atShutdown(close: () => void): StopWatching {
    this.#closers.add(close);
    return () => this.#closers.delete(close);
  }

  /** Watches a file or a folder. */
  watch(path: CheckedPath, listener: Listener): StopWatching {
    const { native } = this.#session;
    this.#session.refuseIfClosing();
    const queue = (this.#queue ??= this.#session.check(native.eventsOpen(), 'watch', path));
    const watch = native.eventsAdd(queue, path, watched);
    if (watch < 0) {
      this.#closeIfIdle();
      throw this.#session.failure(watch, 'watch', path);
    }
    // The same file has the same watch.
    const own: Listener = (event) => {
      listener(event);
    };
    const listeners = this.#listeners.get(watch) ?? new Set();
    this.#listeners.set(watch, listeners.add(own));
    this.#reading ??= this.#read(queue);
    return () => {
      listeners.delete(own);
      if (listeners.size > 0 || this.#listeners.get(watch) !== listeners) return;
      this.#listeners.delete(watch);
      if (this.#queue === queue) native.eventsRemove(queue, watch);
      this.#closeIfIdle();
    };
  }

  async #close(): Promise<void> {
    for (const close of this.#closers) close();
    this.#listeners.clear();
    const reading = this.#reading;
    this.#closeIfIdle();
    await reading;
  }

  /** Closing the queue ends the reading. */
  #closeIfIdle(): void {
    if (this.#listeners.size > 0 || this.#queue === undefined) return;
    this.#session.native.closeFile(this.#queue, false);
    this.#queue = undefined;
    this.#reading = undefined;
  }

  async #read(queue: number): Promise<void> {
    for (;;) {
      const records = await this.#session.native.eventsRead(queue, true);
      if (typeof records === 'number') return;
      this.#take(records);
      // Whoever writes all the time must not keep everything else waiting.
      await this.#session.turn.next();
    }
  }

  #take(records: Buffer): void {
    const header = 16;
    for (let at = 0; at + header <= records.length;) {
      const watch = records.readInt32LE(at);
      const mask = records.readUInt32LE(at + 4);
      const length = records.readUInt32LE(at + 12);
      const padded = records.subarray(at + header, at + header + length);
      at += header + length;
      const end = padded.indexOf(0);
      const event: ChangeEvent = {
        type: (mask & changes) === 0 ? 'rename' : 'change',
        name: length === 0 ? undefined : Buffer.from(end === -1 ? padded : padded.subarray(0, end)),
        isNewFolder: (mask & isFolder) !== 0 && (mask & (masks.create | masks.movedTo)) !== 0,
      };
      for (const listener of [...(this.#listeners.get(watch) ?? [])]) listener(event);
    }
  }
}
