// SPDX-License-Identifier: BSD-2-Clause
// change-operations.ts: calls that make, move and remove names.
import * as nodeFs from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkMode, checkOptions, checkPath, pathText, throwAsNode } from './arguments.js';
import { checkCopyMode, checkLinkType } from './attribute-arguments.js';
import { encodeName } from './encoding.js';
import { CallOperation, type Operation } from './operation.js';

/** rename. */
export function renameOperation(session: KernelSession, from: unknown, to: unknown): Operation<void> {
  const old = checkPath(from, 'oldPath');
  const now = checkPath(to, 'newPath');
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.rename(old, now, mayBeLater),
    (answer) => void session.check(answer, 'rename', old, now),
  );
}

/** link. */
export function linkOperation(session: KernelSession, from: unknown, to: unknown): Operation<void> {
  const old = checkPath(from, 'existingPath');
  const now = checkPath(to, 'newPath');
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.link(old, now, mayBeLater),
    (answer) => void session.check(answer, 'link', old, now),
  );
}

/** symlink. */
export function symlinkOperation(
  session: KernelSession,
  target: unknown,
  path: unknown,
  type: unknown,
): Operation<void> {
  const to = checkPath(target, 'target');
  const checked = checkPath(path);
  checkLinkType(type);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.symlink(to, checked, mayBeLater),
    (answer) => void session.check(answer, 'symlink', to, checked),
  );
}

/** unlink. */
export function unlinkOperation(session: KernelSession, path: unknown): Operation<void> {
  const checked = checkPath(path);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.unlink(checked, mayBeLater),
    (answer) => void session.check(answer, 'unlink', checked),
  );
}

/** copyFile. */
export function copyFileOperation(
  session: KernelSession,
  from: unknown,
  to: unknown,
  mode: unknown,
): Operation<void> {
  const source = checkPath(from, 'src');
  const target = checkPath(to, 'dest');
  const flags = checkCopyMode(mode);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.copyFile(source, target, flags, mayBeLater),
    (answer) => void session.check(answer, 'copyfile', source, target),
  );
}

interface MkdirOptions {
  recursive?: unknown;
  mode?: unknown;
}

/** mkdir: with `recursive`, the first folder that was made. */
export function mkdirOperation(
  session: KernelSession,
  path: unknown,
  options: unknown,
): Operation<string | undefined> {
  const given: MkdirOptions =
    typeof options === 'number' || typeof options === 'string' ? { mode: options } : (options ?? {});
  const checked = checkPath(path);
  const { recursive = false } = given;
  if (typeof recursive !== 'boolean')
    throwAsNode(() => nodeFs.mkdirSync('', { recursive: recursive as true }));
  const mode = checkMode(given.mode, 0o777);
  if (!recursive) {
    return new CallOperation<number, undefined>(
      session,
      (mayBeLater) => session.native.mkdir(checked, mode, mayBeLater),
      (answer) => void session.check(answer, 'mkdir', checked),
    );
  }
  return new CallOperation<Buffer | number, string | undefined>(
    session,
    (mayBeLater) => session.native.makeFolders(checked, mode, mayBeLater),
    (answer) => {
      if (typeof answer !== 'number') return answer.toString();
      session.check(answer, 'mkdir', checked);
      return undefined;
    },
  );
}

/** mkdtemp: the folder's path. */
export function mkdtempOperation(
  session: KernelSession,
  prefix: unknown,
  givenOptions: unknown,
): Operation<string | Buffer> {
  const { encoding } = checkOptions(givenOptions);
  const checked = checkPath(prefix, 'prefix');
  return new CallOperation<Buffer | number, string | Buffer>(
    session,
    (mayBeLater) => session.native.makeTemporaryFolder(checked, mayBeLater),
    (answer) => {
      if (typeof answer === 'number') throw session.failure(answer, 'mkdtemp', `${pathText(checked)}XXXXXX`);
      return encodeName(answer, encoding);
    },
  );
}
