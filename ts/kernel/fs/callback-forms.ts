// SPDX-License-Identifier: BSD-2-Clause
// callback-forms.ts: the calls of node:fs that take a callback as their last argument. Wrong arguments throw at once.
import * as nodeFs from 'node:fs';
import { promisify } from 'node:util';
import type { KernelSession } from '../session.js';
import { checkCallback } from './arguments.js';
import { readOperation, vectorOperation, writeOperation } from './file-operations.js';
import type { Operation } from './operation.js';
import type { Operations, Prepare } from './operations.js';
import { settle } from './streams.js';

type Args = unknown[];
type CallbackCall = (...args: Args) => void;

/** The calls by their names. */
export function makeCallbackForms(
  session: KernelSession,
  operations: Operations,
): Record<string, CallbackCall> {
  const { nativeRealpath, realpath, ...others } = operations;
  const forms: Record<string, CallbackCall> = {};
  for (const [name, prepare] of Object.entries(others) as [string, Prepare][]) {
    forms[name] = withCallback(prepare);
  }
  return {
    ...forms,
    ...makeTransfers(session),
    realpath: Object.assign(withCallback(realpath as Prepare), {
      native: withCallback(nativeRealpath as Prepare),
    }),
    exists: makeExists(operations),
  };
}

/** Turns an operation into the form with a callback as the last argument. */
export function withCallback(prepare: Prepare): CallbackCall {
  return (...args) => {
    const callback = args.findLast((arg) => arg !== undefined);
    checkCallback(callback);
    const operation = prepare(...args.slice(0, args.lastIndexOf(callback)));
    settle(operation.later(), callback);
  };
}

/** exists tells its answer only, and is promisified accordingly. */
function makeExists(operations: Operations): CallbackCall {
  const ask = async (path: unknown): Promise<boolean> => {
    try {
      await operations.access(path, nodeFs.constants.F_OK).later();
      return true;
    } catch {
      return false;
    }
  };
  const exists = (path: unknown, callback: unknown): void => {
    checkCallback(callback);
    void ask(path).then((answer) => {
      process.nextTick(callback, answer);
    });
  };
  return Object.assign(exists, { [promisify.custom]: ask });
}

/** The callbacks of these also get the buffer. Promisified, they give an object of both. */
function makeTransfers(session: KernelSession): Record<string, CallbackCall> {
  return {
    read: withBuffer('bytesRead', 'buffer', (fd, args) => {
      if (!ArrayBuffer.isView(args[0]))
        args.unshift((args[0] as { buffer?: unknown } | null | undefined)?.buffer ?? Buffer.alloc(16_384));
      return readOperation(session, fd, args);
    }),
    write: withBuffer('bytesWritten', 'buffer', (fd, args) => writeOperation(session, fd, args)),
    readv: withBuffer('bytesRead', 'buffers', (fd, [buffers, position]) =>
      vectorOperation(session, fd, buffers, position, false),
    ),
    writev: withBuffer('bytesWritten', 'buffer', (fd, [buffers, position]) =>
      vectorOperation(session, fd, buffers, position, true),
    ),
  };
}

function withBuffer(
  countName: string,
  bufferName: string,
  prepare: (fd: unknown, args: Args) => Operation<number>,
): CallbackCall {
  const call = (fd: unknown, ...args: Args): void => {
    const callback = args.findLast((arg) => arg !== undefined);
    checkCallback(callback);
    const given = args.slice(0, args.lastIndexOf(callback));
    settle(prepare(fd, given).later(), (error, count) => {
      callback(error, error ? 0 : count, given[0]);
    });
  };
  const promised = async (fd: unknown, ...args: Args): Promise<object> => {
    const count = await prepare(fd, args).later();
    return { [countName]: count, [bufferName]: args[0] };
  };
  return Object.assign(call, { [promisify.custom]: promised });
}
