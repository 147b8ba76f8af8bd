// SPDX-License-Identifier: BSD-2-Clause
// stat-operations.ts: calls that ask about a file or a file system.
import * as nodeFs from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkAccessMode, checkDescriptor, checkPath } from './arguments.js';
import type { Operation } from './operation.js';
import { makeStatFs, makeStats } from './stats.js';

/** Stats of either kind. */
export type AnyStats = nodeFs.Stats | nodeFs.BigIntStats;

interface StatOptions {
  bigint?: boolean;
  throwIfNoEntry?: boolean;
}

const ENOENT = -2;
const ENOTDIR = -20;

/** stat and lstat. Without throwIfNoEntry a missing file is undefined, which only the sync forms ask for. */
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

/** The same on the pool. */
export async function statLater(
  session: KernelSession,
  path: unknown,
  options: unknown,
  isLink: boolean,
): Promise<AnyStats> {
  const checked = checkPath(path);
  const isBigint = Boolean((options as StatOptions | null | undefined)?.bigint);
  const answer = await session.track(session.native.stat(checked, isLink, isBigint, true));
  if (typeof answer === 'number') throw session.failure(answer, isLink ? 'lstat' : 'stat', checked);
  return makeStats(answer);
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
  const { native } = session;
  return {
    now: () => {
      session.check(native.fstat(checked, isBigint, false), 'fstat');
      return makeStats(isBigint ? native.bigints : native.numbers);
    },
    later: async () => {
      const answer = await session.track(native.fstat(checked, isBigint, true));
      if (typeof answer === 'number') throw session.failure(answer, 'fstat');
      return makeStats(answer);
    },
  };
}

/** access. */
export function accessOperation(session: KernelSession, path: unknown, mode: unknown): Operation<void> {
  const checked = checkPath(path);
  const bits = checkAccessMode(mode);
  return {
    now: () => {
      session.check(session.native.access(checked, bits, false), 'access', checked);
    },
    later: async () => {
      session.check(await session.track(session.native.access(checked, bits, true)), 'access', checked);
    },
  };
}

/** statfs. */
export function statfsOperation(
  session: KernelSession,
  path: unknown,
  options: unknown,
): Operation<nodeFs.StatsFs | nodeFs.BigIntStatsFs> {
  const checked = checkPath(path);
  const isBigint = Boolean((options as StatOptions | null | undefined)?.bigint);
  const take = (answer: BigInt64Array | number): nodeFs.StatsFs | nodeFs.BigIntStatsFs => {
    if (typeof answer === 'number') throw session.failure(answer, 'statfs', checked);
    return makeStatFs(answer, isBigint);
  };
  return {
    now: () => take(session.native.statfs(checked, false)),
    later: async () => take(await session.track(session.native.statfs(checked, true))),
  };
}
