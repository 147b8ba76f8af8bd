// SPDX-License-Identifier: BSD-2-Clause
// name-operations.ts: readlink and realpath.
import * as nodePath from 'node:path';
import { constants } from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkOptions, checkPath } from './arguments.js';
import { encodeName } from './encoding.js';
import { CallOperation, step, StepsOperation, type Operation, type Steps } from './operation.js';
import { modeOperation } from './stat-operations.js';

/** readlink. */
export function readlinkOperation(
  session: KernelSession,
  path: unknown,
  givenOptions: unknown,
): Operation<string | Buffer> {
  const { encoding } = checkOptions(givenOptions);
  const checked = checkPath(path, 'oldPath');
  return new CallOperation<Buffer | number, string | Buffer>(
    session,
    (mayBeLater) => session.native.readlink(checked, mayBeLater),
    (answer) => {
      if (typeof answer === 'number') throw session.failure(answer, 'readlink', checked);
      return encodeName(answer, encoding);
    },
  );
}

/** realpath as the system does it: realpath.native and the promise form. */
export function nativeRealpathOperation(
  session: KernelSession,
  path: unknown,
  givenOptions: unknown,
): Operation<string | Buffer> {
  const { encoding } = checkOptions(givenOptions);
  const checked = checkPath(path);
  return new CallOperation<Buffer | number, string | Buffer>(
    session,
    (mayBeLater) => session.native.realpath(checked, mayBeLater),
    (answer) => {
      if (typeof answer === 'number') throw session.failure(answer, 'realpath', checked);
      return encodeName(answer, encoding);
    },
  );
}

/** The number of links that a walk follows before it gives up. */
const linksMax = 1000;

/** realpath as Node's JavaScript does it: the path is made absolute by its text first, then each part is looked at. */
function* walkRealpath(session: KernelSession, path: string): Steps<string> {
  let rest = nodePath.posix.resolve('/', path).split('/').filter(Boolean);
  let real = '';
  for (let links = 0; rest.length > 0;) {
    const here = `${real}/${rest.shift() ?? ''}`;
    const mode = yield* step(modeOperation(session, here, 'lstat'));
    if ((mode & constants.S_IFMT) !== constants.S_IFLNK) {
      real = here;
      continue;
    }
    if (++links <= linksMax) yield* step(modeOperation(session, here, 'stat'));
    const target = (yield* step(readlinkOperation(session, here, undefined))) as string;
    const absolute = nodePath.posix.resolve(real || '/', target);
    rest = [...absolute.split('/').filter(Boolean), ...rest];
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
  return new StepsOperation(function* () {
    const real = yield* walkRealpath(session, checked);
    return !encoding || encoding === 'utf8' ? real : encodeName(Buffer.from(real), encoding);
  });
}
