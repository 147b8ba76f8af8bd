// SPDX-License-Identifier: BSD-2-Clause
// net-errors.ts: errors of sockets in the words and with the properties of node:net's.
import { getSystemErrorMap } from 'node:util';
import type { KernelSession } from '../session.js';

const known = getSystemErrorMap();

/** Negative errnos that are looked at. */
export const errnos = {
  badDescriptor: -9,
  again: -11,
  invalid: -22,
  noProtocolOption: -92,
  inUse: -98,
  shutDown: -108,
  inProgress: -115,
  canceled: -125,
  notConnected: -107,
} as const;

/** Where a call on a socket went. */
export interface Place {
  address?: string | undefined;
  port?: number | undefined;
}

/** An error of reading, writing, connecting: `connect ECONNREFUSED 127.0.0.1:80`. */
export function socketError(
  session: KernelSession,
  errno: number,
  syscall: string,
  place?: Place,
  local?: string,
): Error {
  const [code] = known.get(errno) ?? [];
  if (code === undefined) return session.failure(errno, syscall);
  const details = local === undefined ? '' : ` - Local (${local})`;
  return describe(`${syscall} ${code}${placeText(' ', place)}${details}`, errno, code, syscall, place);
}

/** An error of listening: `listen EADDRINUSE: address already in use 127.0.0.1:80`. */
export function listenError(session: KernelSession, errno: number, place: Place): Error {
  const [code, reason] = known.get(errno) ?? [];
  if (code === undefined || reason === undefined) return session.failure(errno, 'listen');
  return describe(`listen ${code}: ${reason}${placeText(' ', place)}`, errno, code, 'listen', place);
}

function placeText(before: string, place: Place | undefined): string {
  if (place?.address === undefined) return '';
  return `${before}${place.address}${place.port !== undefined && place.port > 0 ? `:${place.port}` : ''}`;
}

function describe(message: string, errno: number, code: string, syscall: string, place?: Place): Error {
  const error = Object.assign(new Error(message), { errno, code, syscall });
  if (place?.address === undefined) return error;
  return Object.assign(error, {
    address: place.address,
    ...(place.port !== undefined && place.port > 0 ? { port: place.port } : {}),
  });
}

const messages = {
  ERR_SERVER_ALREADY_LISTEN: 'Listen method has been called more than once without closing.',
  ERR_SERVER_NOT_RUNNING: 'Server is not running.',
  ERR_SOCKET_CLOSED: 'Socket is closed',
  ERR_SOCKET_CLOSED_BEFORE_CONNECTION: 'Socket closed before the connection was established',
  ERR_SOCKET_CONNECTION_TIMEOUT: 'Socket connection timeout',
  ERR_STREAM_DESTROYED: 'Cannot call write after a stream was destroyed',
  EPIPE: 'This socket has been ended by the other party',
} as const;

/** An error that is not a system call's. */
export function codedError(code: keyof typeof messages): NodeJS.ErrnoException {
  return Object.assign(new Error(messages[code]), { code });
}

/** When several addresses were tried. */
export function attemptsError(errors: readonly Error[]): Error {
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  return Object.assign(new AggregateError(errors), { code: (first as NodeJS.ErrnoException).code });
}
