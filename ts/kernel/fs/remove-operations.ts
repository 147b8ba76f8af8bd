// SPDX-License-Identifier: BSD-2-Clause
// remove-operations.ts: rmdir and rm.
import * as nodeFs from 'node:fs';
import type { RemoveTreeAnswer } from '../../native/addon-types.js';
import type { KernelSession } from '../session.js';
import { checkPath, throwAsNode, type CheckedPath } from './arguments.js';
import { CallOperation, step, StepsOperation, type Operation, type Step } from './operation.js';
import { lstatOperation } from './stat-operations.js';
import { contextError } from './system-error.js';

interface RemoveOptions {
  recursive?: boolean;
  force?: boolean;
  maxRetries?: number;
  retryDelay?: number;
}

const steps = ['lstat', 'unlink', 'scandir', 'rmdir'] as const;

function isUnsigned(value: unknown, max: number): boolean {
  return (
    value === undefined || (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max)
  );
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

/** Checks options of rm and rmdir: an object, if anything. */
function checkRemoveOptions(options: unknown): RemoveOptions {
  if (options === undefined) return {};
  const given = options as RemoveOptions;
  const isGood =
    typeof options === 'object' &&
    options !== null &&
    !Array.isArray(options) &&
    isFlag(given.recursive) &&
    isFlag(given.force) &&
    isUnsigned(given.retryDelay, 0x7fff_ffff) &&
    isUnsigned(given.maxRetries, 0xffff_ffff);
  if (isGood) return given;
  return throwAsNode(() => {
    nodeFs.rmSync('', options as nodeFs.RmOptions);
  });
}

/** rmdir. Its option `recursive` is deprecated, and is rm's. */
export function rmdirOperation(session: KernelSession, path: unknown, options: unknown): Operation<void> {
  const checked = checkPath(path);
  const { recursive = false, ...rest } = checkRemoveOptions(options);
  const remove = new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.rmdir(checked, mayBeLater),
    (answer) => void session.check(answer, 'rmdir', checked),
  );
  if (!recursive) return remove;
  return new StepsOperation(function* () {
    const stats = yield* step(lstatOperation(session, checked));
    yield* step(stats.isDirectory() ? removeTreeOperation(session, checked, rest) : remove);
  });
}

/** rm. */
export function rmOperation(session: KernelSession, path: unknown, givenOptions: unknown): Operation<void> {
  const checked = checkPath(path);
  const { recursive = false, force = false, ...rest } = checkRemoveOptions(givenOptions);
  return new StepsOperation(function* () {
    try {
      const stats = yield* step(lstatOperation(session, checked));
      if (!recursive && stats.isDirectory()) throw isFolderError(checked);
    } catch (error) {
      if (force && (error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    yield* step(removeTreeOperation(session, checked, rest));
  });
}

const retryCodes = new Set(['EBUSY', 'EMFILE', 'ENFILE', 'ENOTEMPTY', 'EPERM']);

/** Tries again where somebody else may be in the way, waiting longer each time. */
function removeTreeOperation(
  session: KernelSession,
  path: CheckedPath,
  { maxRetries = 0, retryDelay = 100 }: RemoveOptions,
): Operation<void> {
  const remove = new CallOperation<RemoveTreeAnswer, void>(
    session,
    (mayBeLater) => session.native.removeTree(path, mayBeLater),
    (answer) => {
      if (answer === 0) return;
      const [errno, call, where] = answer;
      throw session.failure(errno, steps[call], where.length === path.length ? path : where);
    },
  );
  return new StepsOperation(function* () {
    for (let tries = 0; ; tries++) {
      try {
        yield* step(remove);
        return;
      } catch (error) {
        const isBusy = retryCodes.has((error as NodeJS.ErrnoException).code ?? '');
        if (tries >= maxRetries || !isBusy) throw error;
      }
      yield* step(pause((tries + 1) * retryDelay));
    }
  });
}

function pause(milliseconds: number): Step<void> {
  return {
    now: () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds),
    soon: () => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

function isFolderError(path: CheckedPath): Error {
  return contextError('ERR_FS_EISDIR', 'Path is a directory', {
    code: 'EISDIR',
    message: 'is a directory',
    path,
    syscall: 'rm',
    errno: 21,
  });
}
