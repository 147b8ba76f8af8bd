// SPDX-License-Identifier: BSD-2-Clause
// watch.ts: watch of node:fs and of node:fs/promises, on the kernel's change events.
import { EventEmitter } from 'node:events';
import type { FSWatcher } from 'node:fs';
import type { KernelSession } from '../session.js';
import { abortedError, isAborted } from './abort.js';
import { checkOptions, checkPath, type CheckedPath, type EncodingOptions } from './arguments.js';
import type { ChangeEvents, StopWatching } from './change-events.js';
import { encodeName } from './encoding.js';
import { checkRecursive, folderType } from './readdir.js';
import { watchOne, watchTree, type WatchListener } from './watch-tree.js';

interface WatchOptions extends EncodingOptions {
  persistent?: boolean | undefined;
  recursive?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** Longer than anything runs: only keeps the process from ending. */
const longTime = 0x7fff_ffff;

/** Starts watching; an error says what was to be watched. */
function start(
  session: KernelSession,
  events: ChangeEvents,
  path: CheckedPath,
  isRecursive: boolean,
  listener: WatchListener,
): StopWatching {
  const listFolders = (folder: string): string[] => {
    const answer = session.native.readdir(folder, false, false);
    if (typeof answer === 'number') return [];
    return (answer.names as string[]).filter((_, index) => answer.types[index] === folderType);
  };
  try {
    return isRecursive ? watchTree(events, path, listFolders, listener) : watchOne(events, path, listener);
  } catch (error) {
    throw Object.assign(error as Error, { filename: path });
  }
}

/** A watcher as node:fs has it. */
class KernelWatcher extends EventEmitter implements FSWatcher {
  readonly #stop: StopWatching;
  readonly #forget: StopWatching;
  readonly #alive: NodeJS.Timeout;
  #isClosed = false;

  constructor(session: KernelSession, events: ChangeEvents, path: CheckedPath, options: WatchOptions) {
    super();
    this.#stop = start(session, events, path, options.recursive ?? false, (type, name) => {
      if (this.#isClosed) return;
      try {
        this.emit('change', type, encodeName(name, options.encoding));
      } catch (error) {
        // The program's affair, and none of the other watchers', which are told by the same loop.
        process.nextTick(() => {
          throw error;
        });
      }
    });
    this.#forget = events.atShutdown(() => {
      this.close();
    });
    this.#alive = setInterval(() => undefined, longTime);
    if (options.persistent === false) this.#alive.unref();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#alive);
    this.#forget();
    this.#stop();
    process.nextTick(() => this.emit('close'));
  }

  ref(): this {
    if (!this.#isClosed) this.#alive.ref();
    return this;
  }

  unref(): this {
    this.#alive.unref();
    return this;
  }
}

/** watch of node:fs. */
export function watch(
  session: KernelSession,
  events: ChangeEvents,
  path: unknown,
  givenOptions?: unknown,
  givenListener?: unknown,
): FSWatcher {
  const listener = typeof givenOptions === 'function' ? givenOptions : givenListener;
  const options = checkOptions<WatchOptions>(givenOptions);
  const watcher = new KernelWatcher(session, events, checkPath(path), options);
  if (typeof listener === 'function') watcher.on('change', listener as (...args: unknown[]) => void);
  const { signal } = options;
  const close = (): void => {
    watcher.close();
  };
  if (isAborted(signal)) process.nextTick(close);
  signal?.addEventListener('abort', close);
  watcher.once('close', () => signal?.removeEventListener('abort', close));
  return watcher;
}

/** One event of the promise form. */
export interface WatchEvent {
  eventType: 'change' | 'rename';
  filename: string | Buffer;
}

/** watch of node:fs/promises: events as they come; it ends when it is returned from, or with an AbortError. */
export async function* watchLater(
  session: KernelSession,
  events: ChangeEvents,
  path: unknown,
  givenOptions?: unknown,
): AsyncGenerator<WatchEvent, undefined> {
  const options = checkOptions<WatchOptions>(givenOptions);
  checkRecursive(options.recursive);
  const checked = checkPath(path);
  const { signal, encoding } = options;
  if (isAborted(signal)) throw abortedError(signal);
  const waiting: WatchEvent[] = [];
  let wake = (): void => undefined;
  const watcher = new KernelWatcher(session, events, checked, { ...options, encoding: 'buffer' });
  const close = (): void => {
    watcher.close();
  };
  const state = { isClosed: false };
  watcher.on('change', (eventType: WatchEvent['eventType'], filename: Buffer) => {
    waiting.push({ eventType, filename: encodeName(filename, encoding) });
    wake();
  });
  watcher.once('close', () => {
    state.isClosed = true;
    wake();
  });
  signal?.addEventListener('abort', close);
  try {
    for (;;) {
      for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) yield event;
      if (isAborted(signal)) throw abortedError(signal);
      if (state.isClosed) return undefined;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
}
