// SPDX-License-Identifier: BSD-2-Clause
// cp.ts: copies of files and of trees inside of one kernel, with the rules of node:fs.
import type { BigIntStats } from 'node:fs';
import { dirname, isAbsolute, join, resolve as resolveFrom } from 'node:path/posix';
import { throwAsNode, checkPath, pathText } from './arguments.js';
import { chmodOperation, utimesOperation } from './attribute-operations.js';
import { copyFileOperation, mkdirOperation, symlinkOperation, unlinkOperation } from './change-operations.js';
import * as errors from './cp-errors.js';
import { checkCopyOptions, type CopyOptions } from './cp-options.js';
import { readlinkOperation } from './name-operations.js';
import { step, StepsOperation, type Operation, type Steps } from './operation.js';
import { readdirOperation } from './readdir.js';
import { statOperation } from './stat-operations.js';
import type { KernelSession } from '../session.js';

/** cp. */
export function cpOperation(
  session: KernelSession,
  from: unknown,
  to: unknown,
  givenOptions: unknown,
): Operation<void> {
  const options = checkCopyOptions(givenOptions);
  const source = pathText(checkPath(from, 'src'));
  const target = pathText(checkPath(to, 'dest'));
  const make = (isNow: boolean): StepsOperation<void> => {
    const copy = new Copy(session, options, isNow);
    return new StepsOperation(() => copy.begin(source, target));
  };
  const later = (): Promise<void> => make(false).later();
  return { now: () => make(true).now(), soon: later, later };
}

/** What is known of a source and a target before anything is done; `undefined` for what the filter leaves out. */
interface Pair {
  source: BigIntStats;
  target: BigIntStats | undefined;
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** The working folder of a kernel is its root. */
function resolve(...parts: string[]): string {
  return resolveFrom('/', ...parts);
}

/** True if the path `to` is `from` or lies below it, by their texts. */
function isInside(from: string, to: string): boolean {
  const [above, below] = [resolve(from), resolve(to)];
  return above === '/' || below === above || below.startsWith(`${above}/`);
}

/** One call of cp. */
class Copy {
  readonly #session: KernelSession;
  readonly #options: CopyOptions;
  readonly #isNow: boolean;

  constructor(session: KernelSession, options: CopyOptions, isNow: boolean) {
    this.#session = session;
    this.#options = options;
    this.#isNow = isNow;
  }

  *begin(from: string, to: string): Steps<void> {
    const pair = yield* this.#look(from, to);
    if (pair === undefined) return;
    yield* this.#refuseAround(from, pair.source, to);
    const folder = dirname(to);
    if ((yield* this.#find(folder, false)) === undefined)
      yield* step(mkdirOperation(this.#session, folder, { recursive: true }));
    yield* this.#copy(from, to, pair);
  }

  *#stat(path: string, isLink: boolean): Steps<BigIntStats> {
    return (yield* step(statOperation(this.#session, path, { bigint: true }, isLink))) as BigIntStats;
  }

  *#find(path: string, isLink: boolean): Steps<BigIntStats | undefined> {
    try {
      return yield* this.#stat(path, isLink);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Asks the filter, then looks at both and refuses what cannot be. */
  *#look(from: string, to: string): Steps<Pair | undefined> {
    if (!(yield* this.#isWanted(from, to))) return undefined;
    const isLink = !this.#options.dereference;
    const source = yield* this.#stat(from, isLink);
    const target = yield* this.#find(to, isLink);
    if (target !== undefined) {
      if (isSame(source, target)) throw errors.isSameError(to);
      if (source.isDirectory() && !target.isDirectory()) throw errors.overFileError(from, to);
      if (!source.isDirectory() && target.isDirectory()) throw errors.overFolderError(from, to);
    }
    if (source.isDirectory() && isInside(from, to)) throw errors.isInsideError(from, to);
    return { source, target };
  }

  *#isWanted(from: string, to: string): Steps<boolean> {
    const { filter } = this.#options;
    if (filter === undefined) return true;
    const answer = filter(from, to);
    if (this.#isNow && answer instanceof Promise) refusePromise(answer);
    if (this.#isNow || !isThenable(answer)) return Boolean(answer);
    return Boolean(yield* step<unknown>({ now: () => answer, soon: () => answer }));
  }

  /** Whether the target lies in the source by some other path: all folders above it are looked at. */
  *#refuseAround(from: string, source: BigIntStats, to: string): Steps<void> {
    const stop = resolve(dirname(from));
    for (let folder = resolve(dirname(to)); folder !== stop && folder !== '/'; folder = dirname(folder)) {
      const stats = yield* this.#find(folder, false);
      if (stats === undefined) return;
      if (isSame(source, stats)) throw errors.isInsideError(from, to);
    }
  }

  *#copy(from: string, to: string, { source, target }: Pair): Steps<void> {
    const isThere = target !== undefined;
    if (source.isDirectory()) {
      if (!this.#options.recursive) throw errors.folderError(from, this.#isNow);
      yield* this.#copyFolder(from, to, Number(source.mode), isThere);
    } else if (source.isFile() || source.isCharacterDevice() || source.isBlockDevice()) {
      yield* this.#copyFile(from, to, Number(source.mode), isThere);
    } else if (source.isSymbolicLink()) {
      yield* this.#copyLink(from, to, isThere);
    } else {
      throw errors.kindError(source.isSocket() ? 'socket' : source.isFIFO() ? 'fifo' : 'unknown', to);
    }
  }

  *#copyFolder(from: string, to: string, mode: number, isThere: boolean): Steps<void> {
    if (!isThere) yield* step(mkdirOperation(this.#session, to, undefined));
    const names = (yield* step(readdirOperation(this.#session, from, undefined))) as string[];
    for (const name of names) {
      const [source, target] = [join(from, name), join(to, name)];
      const pair = yield* this.#look(source, target);
      if (pair !== undefined) yield* this.#copy(source, target, pair);
    }
    if (!isThere) yield* step(chmodOperation(this.#session, to, mode));
  }

  *#copyFile(from: string, to: string, mode: number, isThere: boolean): Steps<void> {
    const { force, errorOnExist, preserveTimestamps } = this.#options;
    if (isThere && !force) {
      if (errorOnExist) throw errors.existsError(to);
      return;
    }
    if (isThere) yield* step(unlinkOperation(this.#session, to));
    yield* step(copyFileOperation(this.#session, from, to, this.#options.mode));
    if (preserveTimestamps) {
      const { atimeNs, mtimeNs } = yield* this.#stat(from, false);
      const times = [atimeNs, mtimeNs].map((time) => new Date(Number(time / 1_000_000n)));
      yield* step(utimesOperation(this.#session, to, times[0], times[1], 'utimes'));
    }
    yield* step(chmodOperation(this.#session, to, mode));
  }

  *#copyLink(from: string, to: string, isThere: boolean): Steps<void> {
    let leadsTo = yield* this.#readLink(from);
    if (!this.#options.verbatimSymlinks) leadsTo = resolve(dirname(from), leadsTo);
    if (isThere) yield* this.#clearLink(from, leadsTo, to);
    yield* step(symlinkOperation(this.#session, leadsTo, to, undefined));
  }

  *#readLink(path: string): Steps<string> {
    return (yield* step(readlinkOperation(this.#session, path, undefined))) as string;
  }

  /** Takes away a link that is in the way; what is no link stays, and fails later. */
  *#clearLink(from: string, leadsTo: string, to: string): Steps<void> {
    let old: string;
    try {
      old = yield* this.#readLink(to);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EINVAL') return;
      throw error;
    }
    if (!isAbsolute(old)) old = resolve(dirname(to), old);
    if (isInside(leadsTo, old)) throw errors.isInsideError(leadsTo, old, to);
    const stats = yield* this.#stat(this.#isNow ? to : from, false);
    if (stats.isDirectory() && isInside(old, leadsTo)) throw errors.aroundLinkError(leadsTo, old, to);
    yield* step(unlinkOperation(this.#session, to));
  }
}

function isThenable(answer: unknown): answer is Promise<unknown> {
  return (
    typeof answer === 'object' && answer !== null && 'then' in answer && typeof answer.then === 'function'
  );
}

/** A filter that answers later is for the later forms only. */
function refusePromise(answer: Promise<unknown>): never {
  answer.catch(() => undefined);
  return throwAsNode(() => {
    const kind = `an instance of ${answer.constructor.name}`;
    throw Object.assign(
      new TypeError(`Expected boolean to be returned from the "filter" function but got ${kind}.`),
      { code: 'ERR_INVALID_RETURN_VALUE' },
    );
  });
}
