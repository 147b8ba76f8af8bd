// SPDX-License-Identifier: BSD-2-Clause
// abort.ts: calls that are given up because their AbortSignal says so.

/** True once the signal was aborted. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** The error of an aborted call, in the shape of Node's AbortError. */
export function abortedError(signal: AbortSignal | undefined): Error {
  const error = new Error('The operation was aborted', { cause: signal?.reason as unknown });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}
