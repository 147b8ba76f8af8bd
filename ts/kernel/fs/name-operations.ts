// SPDX-License-Identifier: BSD-2-Clause
// name-operations.ts: readlink and realpath.
import * as nodePath from 'node:path';
import { constants } from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkOptions, checkPath } from './arguments.js';
import { encodeName } from './encoding.js';
import type { Operation } from './operation.js';

/** readlink. */
export function readlinkOperation(
  session: KernelSession,
  path: unknown,
  givenOptions: unknown,
): Operation<string | Buffer> {
  const { encoding } = checkOptions(givenOptions);
  const checked = checkPath(path, 'oldPath');
  const take = (answer: Buffer | number): string | Buffer => {
    if (typeof answer === 'number') throw session.failure(answer, 'readlink', checked);
    return encodeName(answer, encoding);
  };
  return {
    now: () => take(session.native.readlink(checked, false)),
    later: async () => take(await session.track(session.native.readlink(checked, true))),
  };
}

/** realpath as the system does it: realpath.native and the promise form. */
export function nativeRealpathOperation(
  session: KernelSession,
  path: unknown,
  givenOptions: unknown,
): Operation<string | Buffer> {
  const { encoding } = checkOptions(givenOptions);
  const checked = checkPath(path);
  const take = (answer: Buffer | number): string | Buffer => {
    if (typeof answer === 'number') throw session.failure(answer, 'realpath', checked);
    return encodeName(answer, encoding);
  };
  return {
    now: () => take(session.native.realpath(checked, false)),
    later: async () => take(await session.track(session.native.realpath(checked, true))),
  };
}

/** One call that the walk below wants to be made. */
interface WalkStep {
  call: 'lstat' | 'stat' | 'readlink';
  path: string;
}

/** The number of links that a walk follows before it gives up. */
const linksMax = 1000;

/**
 * realpath as Node's JavaScript does it: the path is made absolute by its text first, then each part is looked at.
 * The walk says which call it needs next and gets the answer back: a mode, or the target of a link.
 */
function* walkRealpath(path: string): Generator<WalkStep, string, number | string> {
  let rest = nodePath.posix.resolve('/', path).split('/').filter(Boolean);
  let real = '';
  for (let links = 0; rest.length > 0;) {
    const here = `${real}/${rest.shift() ?? ''}`;
    const mode = (yield { call: 'lstat', path: here }) as number;
    if ((mode & constants.S_IFMT) !== constants.S_IFLNK) {
      real = here;
      continue;
    }
    if (++links <= linksMax) yield { call: 'stat', path: here };
    const target = (yield { call: 'readlink', path: here }) as string;
    rest = [
      ...nodePath.posix
        .resolve(real || '/', target)
        .split('/')
        .filter(Boolean),
      ...rest,
    ];
    real = '';
  }
  return real || '/';
}

/** realpath in the sync and callback forms. */
export function realpathOperation(
  session: KernelSession,
  path: unknown,
  givenOptions: unknown,
): Operation<string | Buffer> {
  const { encoding } = checkOptions(givenOptions);
  // This form of node:fs makes text of whatever it is given.
  const checked = checkPath(path instanceof URL ? path : String(path)) as string;
  const finish = (real: string): string | Buffer =>
    !encoding || encoding === 'utf8' ? real : encodeName(Buffer.from(real), encoding);
  return {
    now: () => {
      const walk = walkRealpath(checked);
      let step = walk.next();
      while (!step.done) step = walk.next(walkNow(session, step.value));
      return finish(step.value);
    },
    later: async () => {
      const walk = walkRealpath(checked);
      let step = walk.next();
      while (!step.done) step = walk.next(await walkLater(session, step.value));
      return finish(step.value);
    },
  };
}

const modeField = 1;

function walkNow(session: KernelSession, { call, path }: WalkStep): number | string {
  const { native } = session;
  if (call !== 'readlink') {
    session.check(native.stat(path, call === 'lstat', false, false), call, path);
    return native.numbers[modeField] ?? 0;
  }
  const answer = native.readlink(path, false);
  if (typeof answer === 'number') throw session.failure(answer, call, path);
  return answer.toString();
}

async function walkLater(session: KernelSession, { call, path }: WalkStep): Promise<number | string> {
  const { native } = session;
  if (call !== 'readlink') {
    const answer = await session.track(native.stat(path, call === 'lstat', false, true));
    if (typeof answer === 'number') throw session.failure(answer, call, path);
    return Number(answer[modeField]);
  }
  const answer = await session.track(native.readlink(path, true));
  if (typeof answer === 'number') throw session.failure(answer, call, path);
  return answer.toString();
}
