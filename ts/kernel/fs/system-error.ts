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
  destination?: string,
): NodeJS.ErrnoException {
  const [code, reason] = known.get(errno) ?? [
    `Unknown system error ${errno}`,
    `Unknown system error ${errno}`,
  ];
  const where = path === undefined ? '' : ` '${pathText(path)}'`;
  const to = destination === undefined ? '' : ` -> '${destination}'`;
  const error = new Error(`${code}: ${reason}, ${syscall}${where}${to}`) as SystemError;
  error.errno = errno;
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined) error.path = pathText(path);
  if (destination !== undefined) error.dest = destination;
  return error;
}

function pathText(path: string | Uint8Array): string {
  return typeof path === 'string' ? path : Buffer.from(path).toString();
}
