// SPDX-License-Identifier: BSD-2-Clause
// promise-forms.ts: the calls of node:fs/promises. Wrong arguments reject.
import * as nodeFs from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkPath } from './arguments.js';
import type { ChangeEvents } from './change-events.js';
import { KernelFileHandle } from './file-handle.js';
import { openOperation } from './file-operations.js';
import { onceThere, promiseOf } from './operation.js';
import type { Operations, Prepare } from './operations.js';
import type { Streams } from './streams.js';
import { watchLater } from './watch.js';
import { isPieces, writePiecesToPath } from './write-iterable.js';

type Args = unknown[];
type PromiseCall = (...args: Args) => Promise<unknown>;

const names = [
  'access',
  'chmod',
  'chown',
  'copyFile',
  'cp',
  'lchown',
  'link',
  'lstat',
  'lutimes',
  'mkdir',
  'mkdtemp',
  'opendir',
  'readdir',
  'readlink',
  'rename',
  'rm',
  'rmdir',
  'stat',
  'statfs',
  'symlink',
  'unlink',
  'utimes',
] as const satisfies readonly (keyof Operations)[];

/** The calls by their names. */
export function makePromiseForms(
  session: KernelSession,
  operations: Operations,
  streams: Streams,
  events: ChangeEvents,
): Record<string, unknown> {
  const forms: Record<string, PromiseCall> = {};
  for (const name of names) forms[name] = asPromise(operations[name]);
  return {
    ...forms,
    ...makeFileCalls(session, operations),
    open: (...[path, flags, mode]: Args) =>
      promiseOf(() =>
        onceThere(
          openOperation(session, path, flags, mode).soon(),
          (fd) => new KernelFileHandle(session, fd, streams),
        ),
      ),
    realpath: asPromise(operations.nativeRealpath),
    truncate: asPromise((path, length) => operations.truncate(checkPath(path), length)),
    watch: (path: unknown, options?: unknown) => watchLater(session, events, path, options),
    // Only systems that can open a link have it; there it takes part in an open. Node's own says so.
    lchmod: (path: unknown, mode: unknown) =>
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- it is there, so it is here
      nodeFs.promises.lchmod(path as nodeFs.PathLike, mode as nodeFs.Mode),
    constants: nodeFs.promises.constants,
  };
}

function asPromise(prepare: Prepare): PromiseCall {
  return (...args) => promiseOf(() => prepare(...args).soon());
}

/** Whole files, which may also be file handles here, and iterables of their contents. */
function makeFileCalls(session: KernelSession, operations: Operations): Record<string, PromiseCall> {
  const write =
    (prepare: Prepare, flag: string): PromiseCall =>
    (target, data, options) => {
      if (target instanceof KernelFileHandle) return target.writeFile(data, options);
      if (!isPieces(data)) return promiseOf(() => prepare(checkPath(target), data, options).soon());
      const given =
        typeof options === 'string' ? { encoding: options } : { ...(options as object | undefined) };
      return writePiecesToPath(session, target, data, { flag, ...given });
    };
  return {
    appendFile: write(operations.appendFile, 'a'),
    readFile: (source, options) =>
      source instanceof KernelFileHandle
        ? source.readFile(options)
        : promiseOf(() => operations.readFile(checkPath(source), options).soon()),
    writeFile: write(operations.writeFile, 'w'),
  };
}
