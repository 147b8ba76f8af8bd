// SPDX-License-Identifier: BSD-2-Clause
// system-error.ts: errors of calls on files in Node's own shape. The only place where an errno gets its Node code.
import { getSystemErrorMap } from 'node:util';

interface SystemError extends Error {
  errno: number;
  code: string;
  syscall: string;
  path?: string;
  dest?: string;
}

const known = getSystemErrorMap();

/**
 * An error as node:fs throws it.
 *
 * @param errno - negative, as in libuv
 */
export function systemError(
  errno: number,
  syscall: string,
  path?: string | Uint8Array,
  destination?: string | Uint8Array,
): NodeJS.ErrnoException {
  const [code, reason] = known.get(errno) ?? [
    `Unknown system error ${errno}`,
    `Unknown system error ${errno}`,
  ];
  const where = path === undefined ? '' : ` '${pathText(path)}'`;
  const to = destination === undefined ? '' : ` -> '${pathText(destination)}'`;
  const error = new Error(`${code}: ${reason}, ${syscall}${where}${to}`) as SystemError;
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined) error.path = pathText(path);
  if (destination !== undefined) error.dest = pathText(destination);
  return error;
}

function pathText(path: string | Uint8Array): string {
  return typeof path === 'string' ? path : Buffer.from(path).toString();
}

/** What a SystemError of Node's is about. */
export interface ErrorContext {
  code: string;
  message: string;
  syscall: string;
  errno: number;
  path?: string | Uint8Array;
  dest?: string;
}

/** An error in the form of Node's SystemError, which node:fs has for rm and cp. */
export function contextError(code: string, prefix: string, context: ErrorContext): Error {
  const where = context.path === undefined ? '' : ` ${pathText(context.path)}`;
  const to = context.dest === undefined ? '' : ` => ${context.dest}`;
  const error = new Error(
    `${prefix}: ${context.syscall} returned ${context.code} (${context.message})${where}${to}`,
  ) as Error & Record<string, unknown>;
  Object.defineProperty(error, 'name', { value: 'SystemError', writable: true, configurable: true });
  error['code'] = code;
  error['info'] = context;
  error['errno'] = context.errno;
  error['syscall'] = context.syscall;
  if (context.path !== undefined) error['path'] = pathText(context.path);
  if (context.dest !== undefined) error['dest'] = context.dest;
  return error;
}
