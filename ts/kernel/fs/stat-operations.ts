// SPDX-License-Identifier: BSD-2-Clause
// stat-operations.ts: calls that ask about a file or a file system.
import * as nodeFs from 'node:fs';
import type { KernelSession } from '../session.js';
import type { StatNumbers } from '../../native/addon-types.js';
import { checkAccessMode, checkDescriptor, checkPath, type CheckedPath } from './arguments.js';
import { CallOperation, type Operation } from './operation.js';
import { makeStatFs, makeStats } from './stats.js';

/** Stats of either kind. */
export type AnyStats = nodeFs.Stats | nodeFs.BigIntStats;

interface StatOptions {
  bigint?: boolean;
  throwIfNoEntry?: boolean;
}

const ENOENT = -2;
const ENOTDIR = -20;

/** stat and lstat at once. Without throwIfNoEntry a missing file is undefined, which only the sync forms ask for. */
export function statNow(
  session: KernelSession,
  path: unknown,
  options: unknown,
  isLink: boolean,
): AnyStats | undefined {
  const checked = checkPath(path);
  const { bigint, throwIfNoEntry = true } = (options ?? {}) as StatOptions;
  const { native } = session;
  const isBigint = Boolean(bigint);
  const answer = native.stat(checked, isLink, isBigint, false);
  if (answer === 0) return makeStats(isBigint ? native.bigints : native.numbers);
  if (!throwIfNoEntry && (answer === ENOENT || (answer === ENOTDIR && isNotDirectoryNoEntry())))
    return undefined;
  throw session.failure(answer, isLink ? 'lstat' : 'stat', checked);
}

/** stat and lstat. */
export function statOperation(
  session: KernelSession,
  path: unknown,
  options: unknown,
  isLink: boolean,
): Operation<AnyStats> {
  const checked = checkPath(path);
  const isBigint = Boolean((options as StatOptions | null | undefined)?.bigint);
  return new CallOperation<number | StatNumbers, AnyStats>(
    session,
    (mayBeLater) => session.native.stat(checked, isLink, isBigint, mayBeLater),
    (answer) => makeStats(takeNumbers(session, answer, isBigint, isLink ? 'lstat' : 'stat', checked)),
  );
}

/** lstat, with numbers. */
export function lstatOperation(session: KernelSession, path: unknown): Operation<nodeFs.Stats> {
  return statOperation(session, path, undefined, true) as Operation<nodeFs.Stats>;
}

/** Where the numbers of an answer are: those of a call that was made at once are in the kernel object's array. */
function takeNumbers(
  session: KernelSession,
  answer: number | StatNumbers,
  isBigint: boolean,
  syscall: string,
  path?: CheckedPath,
): StatNumbers {
  if (typeof answer !== 'number') return answer;
  session.check(answer, syscall, path);
  return isBigint ? session.native.bigints : session.native.numbers;
}

const modeField = 1;

/** The mode of a file; of the link itself, or of what it leads to. */
export function modeOperation(
  session: KernelSession,
  path: CheckedPath,
  call: 'stat' | 'lstat',
): Operation<number> {
  return new CallOperation<number | StatNumbers, number>(
    session,
    (mayBeLater) => session.native.stat(path, call === 'lstat', false, mayBeLater),
    (answer) => Number(takeNumbers(session, answer, false, call, path)[modeField]),
  );
}

let notDirectoryIsNoEntry: boolean | undefined;

/** Versions of Node differ in whether a file in place of a folder counts as "no entry". Ask this one. */
function isNotDirectoryNoEntry(): boolean {
  try {
    notDirectoryIsNoEntry ??=
      nodeFs.statSync(`${process.execPath}/x`, { throwIfNoEntry: false }) === undefined;
  } catch {
    notDirectoryIsNoEntry = false;
  }
  return notDirectoryIsNoEntry;
}

/** fstat. */
export function fstatOperation(session: KernelSession, fd: unknown, options: unknown): Operation<AnyStats> {
  const checked = checkDescriptor(fd);
  const isBigint = Boolean((options as StatOptions | null | undefined)?.bigint);
  return new CallOperation<number | StatNumbers, AnyStats>(
    session,
    (mayBeLater) => session.native.fstat(checked, isBigint, mayBeLater),
    (answer) => makeStats(takeNumbers(session, answer, isBigint, 'fstat')),
  );
}

/** access. */
export function accessOperation(session: KernelSession, path: unknown, mode: unknown): Operation<void> {
  const checked = checkPath(path);
  const bits = checkAccessMode(mode);
  return new CallOperation<number, void>(
    session,
    (mayBeLater) => session.native.access(checked, bits, mayBeLater),
    (answer) => void session.check(answer, 'access', checked),
  );
}

/** statfs. */
export function statfsOperation(
  session: KernelSession,
  path: unknown,
  options: unknown,
): Operation<nodeFs.StatsFs | nodeFs.BigIntStatsFs> {
  const checked = checkPath(path);
  const isBigint = Boolean((options as StatOptions | null | undefined)?.bigint);
  return new CallOperation<BigInt64Array | number, nodeFs.StatsFs | nodeFs.BigIntStatsFs>(
    session,
    (mayBeLater) => session.native.statfs(checked, mayBeLater),
    (answer) => {
      if (typeof answer === 'number') throw session.failure(answer, 'statfs', checked);
      return makeStatFs(answer, isBigint);
    },
  );
}
