// SPDX-License-Identifier: BSD-2-Clause
// compare.ts: makes a call on model and file system, and tells what differs.
import type { Stats } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Call, Calls, ModelStats, Outcome } from './calls.js';
import { Escape, Failure, type ModelNode, type Time } from './model/tree.js';
import type { Rules } from './rules.js';

/** The numbers that a file system has given to nodes of the model. */
export type FileNumbers = Map<ModelNode, number>;

type AnyCall = (...args: readonly unknown[]) => unknown;

function make(calls: Calls, { name, args }: Call): unknown {
  return (calls[name] as AnyCall)(...args);
}

/** How the call ends on the model; undefined if it must not be made. */
export function expectedOutcome(model: Calls, call: Call): Outcome | undefined {
  try {
    return { value: make(model, call) };
  } catch (error) {
    if (error instanceof Escape) return undefined;
    if (error instanceof Failure) return { code: error.code, syscall: error.syscall };
    throw error;
  }
}

/** How it ends on a file system. */
export function actualOutcome(driver: Calls, call: Call): Outcome {
  try {
    return { value: make(driver, call) };
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || /^RUMP_|^ERR_(?!FS_)/.test(code)) throw error;
    return { code, syscall };
  }
}

/** What differs, or undefined. */
export function difference(
  expected: Outcome,
  actual: Outcome,
  rules: Rules,
  numbers: FileNumbers,
): string | undefined {
  if (!('value' in expected) || !('value' in actual))
    return isDeepStrictEqual(expected, actual) ? undefined : unlike(expected, actual);
  if (isModelStats(expected.value))
    return differentStats(expected.value, actual.value as Stats, rules, numbers);
  if (Buffer.isBuffer(expected.value)) return differentBytes(expected.value, actual.value as Buffer);
  return isDeepStrictEqual(expected.value, actual.value) ? undefined : unlike(expected, actual);
}

function unlike(expected: unknown, actual: unknown): string {
  return `expected ${JSON.stringify(expected)}\n     got ${JSON.stringify(actual)}`;
}

function isModelStats(value: unknown): value is ModelStats {
  return typeof value === 'object' && value !== null && 'node' in value;
}

/** Where bytes begin to differ. */
export function differentBytes(expected: Buffer, actual: Buffer): string | undefined {
  if (expected.equals(actual)) return undefined;
  const at = expected.findIndex((byte, index) => byte !== actual[index]);
  const where = at === -1 ? expected.length : at;
  const part = (bytes: Buffer): string =>
    `${bytes.length} bytes, there ${bytes.toString('hex', where, where + 16)}`;
  return `at ${where}: expected ${part(expected)}, got ${part(actual)}`;
}

/** What is wrong about a stat's answer. */
export function differentStats(
  expected: ModelStats,
  actual: Stats,
  rules: Rules,
  numbers: FileNumbers,
): string | undefined {
  const { kind } = expected;
  const wanted = {
    kind,
    mode: expected.mode,
    nlink: kind === 'folder' && !rules.folderLinks ? actual.nlink : expected.nlink,
    size: kind === 'folder' ? actual.size : expected.size,
    uid: expected.uid,
    gid: expected.gid,
  };
  const got = {
    kind: actual.isFile() ? 'file' : actual.isDirectory() ? 'folder' : 'link',
    mode: actual.mode & 0o7777,
    nlink: actual.nlink,
    size: actual.size,
    uid: actual.uid,
    gid: actual.gid,
  };
  if (!isDeepStrictEqual(wanted, got)) return unlike(wanted, got);
  return differentTimes(expected, actual, rules) ?? differentNumber(expected.node, actual.ino, numbers);
}

function differentTimes(expected: ModelStats, actual: Stats, rules: Rules): string | undefined {
  const { atime, mtime, ctime } = expected;
  const { timeStep, accessStep, changeIsModification } = rules;
  const checks: [string, Time, number, number][] = [
    ['mtime', mtime, actual.mtimeMs, timeStep],
    changeIsModification
      ? ['ctime', { exactly: actual.mtimeMs }, actual.ctimeMs, timeStep]
      : ['ctime', ctime, actual.ctimeMs, timeStep],
  ];
  if (!(rules.touchesFolders && expected.kind === 'folder'))
    checks.push(['atime', atime, actual.atimeMs, accessStep]);
  for (const [name, time, got, step] of checks) {
    if (!isTime(time, got, step, rules))
      return `${name}: expected ${JSON.stringify(time)}, now ${Date.now()}, got ${got}`;
  }
  return undefined;
}

function isTime(expected: Time, actual: number, step: number, rules: Rules): boolean {
  if (expected === undefined) return true;
  const { timeSlack, timeRange } = rules;
  if ('exactly' in expected) {
    const held = Math.min(Math.max(expected.exactly, timeRange[0]), timeRange[1]);
    return Math.abs(Math.floor(held / step) * step - actual) < 0.01;
  }
  return actual >= expected.since - step - timeSlack && actual <= Date.now() + timeSlack;
}

/** A file keeps its number, and no two have the same. */
function differentNumber(node: ModelNode, number: number, numbers: FileNumbers): string | undefined {
  const known = numbers.get(node);
  numbers.set(node, number);
  return known === undefined || known === number
    ? undefined
    : `the file's number was ${known} and is ${number}`;
}
