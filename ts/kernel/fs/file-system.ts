// SPDX-License-Identifier: BSD-2-Clause
// file-system.ts: kernel.fs: node:fs, on a kernel's files.
import * as nodeFs from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkPath } from './arguments.js';
import { checkTime } from './attribute-arguments.js';
import { makeCallbackForms } from './callback-forms.js';
import { ChangeEvents } from './change-events.js';
import { KernelDirectory } from './directory.js';
import { KernelFileHandle } from './file-handle.js';
import { makeOperations } from './operations.js';
import { makePromiseForms } from './promise-forms.js';
import { makeStreams } from './streams.js';
import { makeSyncForms } from './sync-forms.js';
import { makeFileWatching } from './watch-file.js';
import { watch } from './watch.js';

type NodeFs = typeof nodeFs;
type Construct = new (...args: unknown[]) => unknown;

/** What a kernel's files can be asked: node:fs, with its signatures. */
export type KernelFs = NodeFs;

/** Its promise forms. */
export type KernelFsPromises = NodeFs['promises'];

/** Makes kernel.fs. */
export function makeFileSystem(session: KernelSession): KernelFs {
  const operations = makeOperations(session);
  const streams = makeStreams(session, (fd) => (fd instanceof KernelFileHandle ? fd : undefined));
  const { ReadStream, WriteStream } = streams;
  const events = new ChangeEvents(session);
  const { F_OK, R_OK, W_OK, X_OK } = nodeFs.constants;
  const calls = {
    ...makeSyncForms(session, operations),
    ...makeCallbackForms(session, operations),
    ...streams,
    FileReadStream: ReadStream,
    FileWriteStream: WriteStream,
    Dir: KernelDirectory,
    Dirent: nodeFs.Dirent,
    Stats: nodeFs.Stats,
    F_OK,
    R_OK,
    W_OK,
    X_OK,
    constants: nodeFs.constants,
    createReadStream: (path: unknown, options?: unknown) => new (ReadStream as Construct)(path, options),
    createWriteStream: (path: unknown, options?: unknown) => new (WriteStream as Construct)(path, options),
    openAsBlob: async (path: unknown, options?: nodeFs.OpenAsBlobOptions) =>
      new Blob([await operations.readFile(checkPath(path), null).later()], options),
    watch: (...[path, options, listener]: unknown[]) => watch(session, events, path, options, listener),
    ...makeFileWatching(session),
    _toUnixTimestamp: checkTime,
    promises: makePromiseForms(session, operations, streams, events),
  };
  // Arguments are checked when a call is made; the types of its forms are wider than node:fs's overloads.
  return calls as unknown as KernelFs;
}
