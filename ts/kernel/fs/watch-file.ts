// SPDX-License-Identifier: BSD-2-Clause
// watch-file.ts: watchFile and unwatchFile: what stat says, asked again and again, as node:fs does it.
import { EventEmitter } from 'node:events';
import * as nodeFs from 'node:fs';
import { resolve } from 'node:path/posix';
import type { KernelSession } from '../session.js';
import { checkPath, pathText, throwAsNode } from './arguments.js';
import { statOperation, type AnyStats } from './stat-operations.js';
import { makeStats } from './stats.js';

const defaultIntervalMs = 5007;
const fieldsOfStats = 18;

interface WatchFileOptions {
  bigint?: boolean;
  persistent?: boolean;
  interval?: number;
}

type Listener = (...args: unknown[]) => void;

const compared = ['ino', 'dev', 'mode', 'size', 'ctimeNs', 'mtimeNs', 'birthtimeNs'] as const;

/** Polls one file. */
class KernelStatWatcher extends EventEmitter {
  readonly #session: KernelSession;
  readonly #path: string;
  readonly #isBigint: boolean;
  readonly #timer: NodeJS.Timeout;
  #seen: nodeFs.BigIntStats | undefined;
  #isFirst = true;
  #isAsking = false;

  constructor(session: KernelSession, path: string, options: WatchFileOptions) {
    super();
    this.#session = session;
    this.#path = path;
    this.#isBigint = Boolean(options.bigint);
    this.#timer = setInterval(() => void this.#poll(), Math.max(1, options.interval ?? defaultIntervalMs));
    if (options.persistent === false) this.#timer.unref();
    void this.#poll();
  }

  ref(): this {
    this.#timer.ref();
    return this;
  }

  unref(): this {
    this.#timer.unref();
    return this;
  }

  stop(): void {
    clearInterval(this.#timer);
    process.nextTick(() => this.emit('stop'));
  }

  /** A file that is not there has nothing but zeros; of one that never was it is told once. */
  async #poll(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const now = await this.#ask();
    this.#isAsking = false;
    const [before, isFirst] = [this.#seen, this.#isFirst];
    this.#seen = now;
    this.#isFirst = false;
    const isSame =
      before === undefined || now === undefined
        ? before === now && !(isFirst && now === undefined)
        : compared.every((field) => before[field] === now[field]);
    if (isSame || (isFirst && now !== undefined)) return;
    this.emit('change', this.#shown(now), this.#shown(before));
  }

  async #ask(): Promise<nodeFs.BigIntStats | undefined> {
    try {
      const stats = await statOperation(this.#session, this.#path, { bigint: true }, false).later();
      return stats as nodeFs.BigIntStats;
    } catch {
      return undefined;
    }
  }

  #shown(stats: nodeFs.BigIntStats | undefined): AnyStats {
    if (stats === undefined)
      return makeStats(this.#isBigint ? new BigInt64Array(fieldsOfStats) : new Float64Array(fieldsOfStats));
    return this.#isBigint ? stats : makeStats(toNumbers(stats));
  }
}

function toNumbers(stats: nodeFs.BigIntStats): Float64Array {
  const { dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks } = stats;
  const times = [stats.atimeNs, stats.mtimeNs, stats.ctimeNs, stats.birthtimeNs];
  const second = 1_000_000_000n;
  return Float64Array.from(
    [
      ...[dev, mode, nlink, uid, gid, rdev, blksize, ino, size, blocks],
      ...times.flatMap((time) => [time / second, time % second]),
    ],
    Number,
  );
}

/** The two calls of one kernel. */
export interface FileWatching {
  watchFile: (path: unknown, options: unknown, listener?: unknown) => nodeFs.StatWatcher;
  unwatchFile: (path: unknown, listener?: unknown) => void;
}

/** Makes them: a file is polled once, however many listeners it has. */
export function makeFileWatching(session: KernelSession): FileWatching {
  const watchers = new Map<string, KernelStatWatcher>();
  const key = (path: unknown): string => resolve('/', pathText(checkPath(path)));
  session.atShutdown(() => {
    for (const watcher of watchers.values()) watcher.stop();
    watchers.clear();
  });
  return {
    watchFile: (path, given, last) => {
      const name = key(path);
      const hasOptions = typeof given === 'object' && given !== null;
      const listener = hasOptions ? last : given;
      if (typeof listener !== 'function') refuseListener(listener);
      session.refuseIfClosing();
      const watcher = watchers.get(name) ?? new KernelStatWatcher(session, name, hasOptions ? given : {});
      watchers.set(name, watcher);
      return watcher.on('change', listener as Listener);
    },
    unwatchFile: (path, listener) => {
      const name = key(path);
      const watcher = watchers.get(name);
      if (watcher === undefined) return;
      if (typeof listener === 'function') watcher.removeListener('change', listener as Listener);
      else watcher.removeAllListeners('change');
      if (watcher.listenerCount('change') > 0) return;
      watcher.stop();
      watchers.delete(name);
    },
  };
}

function refuseListener(listener: unknown): never {
  return throwAsNode(() => nodeFs.watchFile('', {}, listener as () => void));
}
