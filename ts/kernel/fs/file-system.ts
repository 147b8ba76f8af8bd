// SPDX-License-Identifier: BSD-2-Clause
// file-system.ts: kernel.fs: the calls of node:fs, in their three forms, on a kernel's files.
import * as nodeFs from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkCallback, checkPath } from './arguments.js';
import { KernelDirectory, opendirOperation } from './directory.js';
import { KernelFileHandle } from './file-handle.js';
import { closeOperation, openOperation, readLater, readNow } from './file-operations.js';
import { nativeRealpathOperation, readlinkOperation, realpathOperation } from './name-operations.js';
import type { Operation } from './operation.js';
import { readFileOperation } from './read-file.js';
import { readdirOperation } from './readdir.js';
import { accessOperation, fstatOperation, statfsOperation, statLater, statNow } from './stat-operations.js';
import { createReadStream, settle } from './streams.js';

type NodeFs = typeof nodeFs;
type NodePromises = typeof nodeFs.promises;

type SyncName =
  | 'accessSync'
  | 'closeSync'
  | 'existsSync'
  | 'fstatSync'
  | 'lstatSync'
  | 'openSync'
  | 'readSync'
  | 'readdirSync'
  | 'readFileSync'
  | 'readlinkSync'
  | 'realpathSync'
  | 'statSync'
  | 'statfsSync';
type CallbackName =
  | 'access'
  | 'close'
  | 'exists'
  | 'fstat'
  | 'lstat'
  | 'open'
  | 'read'
  | 'readdir'
  | 'readFile'
  | 'readlink'
  | 'realpath'
  | 'stat'
  | 'statfs';
type PromiseName = 'access' | 'lstat' | 'readdir' | 'readFile' | 'readlink' | 'realpath' | 'stat' | 'statfs';

/** The promise forms. */
export interface KernelFsPromises extends Pick<NodePromises, PromiseName> {
  open(path: nodeFs.PathLike, flags?: string | number, mode?: nodeFs.Mode): Promise<KernelFileHandle>;
  opendir(path: nodeFs.PathLike, options?: nodeFs.OpenDirOptions): Promise<KernelDirectory>;
  readonly constants: NodePromises['constants'];
}

type OpendirCallback = (error: NodeJS.ErrnoException | null, directory: KernelDirectory) => void;

/** What a kernel's files can be asked: the reading half of node:fs, with its signatures. */
export interface KernelFs extends Pick<NodeFs, SyncName | CallbackName | 'constants' | 'createReadStream'> {
  opendir(path: nodeFs.PathLike, callback: OpendirCallback): void;
  opendir(path: nodeFs.PathLike, options: nodeFs.OpenDirOptions, callback: OpendirCallback): void;
  opendirSync(path: nodeFs.PathLike, options?: nodeFs.OpenDirOptions): KernelDirectory;
  readonly promises: KernelFsPromises;
}

/** Makes kernel.fs. */
export function makeFileSystem(session: KernelSession): KernelFs {
  const promises = makePromises(session);
  const calls = {
    ...makeSync(session),
    ...makeCallbacks(session),
    constants: nodeFs.constants,
    createReadStream: (path: unknown, options?: never) => createReadStream(session, path, options),
    promises,
  };
  // The three forms below have looser argument types than node:fs's overloads; what they do is the same.
  return calls as unknown as KernelFs;
}

type Args = unknown[];

function makeSync(session: KernelSession): Record<SyncName | 'opendirSync', unknown> {
  const realpathSync = (...[path, options]: Args) => realpathOperation(session, path, options).now();
  realpathSync.native = (...[path, options]: Args) => nativeRealpathOperation(session, path, options).now();
  return {
    accessSync: (...[path, mode]: Args) => {
      accessOperation(session, path, mode).now();
    },
    closeSync: (...[fd]: Args) => {
      closeOperation(session, fd).now();
    },
    existsSync: (...[path]: Args) => exists(session, path),
    fstatSync: (...[fd, options]: Args) => fstatOperation(session, fd, options).now(),
    lstatSync: (path: unknown, options?: unknown) => statNow(session, path, options, true),
    openSync: (...[path, flags, mode]: Args) => openOperation(session, path, flags, mode).now(),
    opendirSync: (...[path, options]: Args) => opendirOperation(session, path, options).now(),
    readSync: (...[fd, ...rest]: Args) => readNow(session, fd, rest),
    readdirSync: (...[path, options]: Args) => readdirOperation(session, path, options).now(),
    readFileSync: (...[path, options]: Args) => readFileOperation(session, path, options).now(),
    readlinkSync: (...[path, options]: Args) => readlinkOperation(session, path, options).now(),
    realpathSync,
    statSync: (path: unknown, options?: unknown) => statNow(session, path, options, false),
    statfsSync: (...[path, options]: Args) => statfsOperation(session, path, options).now(),
  };
}

/** Never throws for a path, whatever it is; a kernel that is gone is another matter. */
function exists(session: KernelSession, path: unknown): boolean {
  try {
    accessOperation(session, path, nodeFs.constants.F_OK).now();
    return true;
  } catch (error) {
    if (session.native.state().hasEnded || !session.native.state().isOpen) throw error;
    return false;
  }
}

function makePromises(session: KernelSession): KernelFsPromises {
  const promises = {
    access: async (...[path, mode]: Args) => accessOperation(session, path, mode).later(),
    lstat: async (...[path, options]: Args) => statLater(session, path, options, true),
    open: async (...[path, flags, mode]: Args) =>
      new KernelFileHandle(session, await openOperation(session, path, flags, mode).later()),
    opendir: async (...[path, options]: Args) => opendirOperation(session, path, options).later(),
    readdir: async (...[path, options]: Args) => readdirOperation(session, path, options).later(),
    readFile: async (...[source, options]: Args) =>
      source instanceof KernelFileHandle
        ? source.readFile(options as BufferEncoding)
        : readFileOperation(session, checkPath(source), options).later(),
    readlink: async (...[path, options]: Args) => readlinkOperation(session, path, options).later(),
    realpath: async (...[path, options]: Args) => nativeRealpathOperation(session, path, options).later(),
    stat: async (...[path, options]: Args) => statLater(session, path, options, false),
    statfs: async (...[path, options]: Args) => statfsOperation(session, path, options).later(),
    constants: nodeFs.promises.constants,
  };
  return promises as unknown as KernelFsPromises;
}

/** Turns an operation into the form with a callback as the last argument. Wrong arguments throw at once. */
function withCallback(prepare: (...args: Args) => { later(): Promise<unknown> }): (...args: Args) => void {
  return (...args) => {
    const callback = args.findLast((arg) => arg !== undefined);
    checkCallback(callback);
    const operation = prepare(...args.slice(0, args.lastIndexOf(callback)));
    settle(operation.later(), callback);
  };
}

function makeCallbacks(session: KernelSession): Record<CallbackName | 'opendir', unknown> {
  const realpath = withCallback((path, options) => realpathOperation(session, path, options));
  const native = withCallback((path, options) => nativeRealpathOperation(session, path, options));
  return {
    access: withCallback((path, mode) => accessOperation(session, path, mode)),
    close: withCallback((fd) => closeOperation(session, fd)),
    exists: (path: unknown, callback: unknown) => {
      checkCallback(callback);
      later(() => accessOperation(session, path, nodeFs.constants.F_OK).later()).then(
        () => process.nextTick(callback, true),
        () => process.nextTick(callback, false),
      );
    },
    fstat: withCallback((fd, options) => fstatOperation(session, fd, options)),
    lstat: withCallback((path, options) => statOperation(session, path, options, true)),
    open: withCallback((path, flags, mode) => openOperation(session, path, flags, mode)),
    opendir: withCallback((path, options) => opendirOperation(session, path, options)),
    read: readWithCallback(session),
    readdir: withCallback((path, options) => readdirOperation(session, path, options)),
    readFile: withCallback((path, options) => readFileOperation(session, path, options)),
    readlink: withCallback((path, options) => readlinkOperation(session, path, options)),
    realpath: Object.assign(realpath, { native }),
    stat: withCallback((path, options) => statOperation(session, path, options, false)),
    statfs: withCallback((path, options) => statfsOperation(session, path, options)),
  };
}

/** What a call throws at once becomes a rejection, too. */
async function later<T>(call: () => Promise<T>): Promise<T> {
  return call();
}

function statOperation(
  session: KernelSession,
  path: unknown,
  options: unknown,
  isLink: boolean,
): Pick<Operation<unknown>, 'later'> {
  checkPath(path);
  return { later: () => statLater(session, path, options, isLink) };
}

/** read's callback also gets the buffer, which may be left out. */
function readWithCallback(session: KernelSession): (...args: Args) => void {
  return (fd, ...args) => {
    const callback = args.at(-1);
    checkCallback(callback);
    const given = args.slice(0, -1);
    if (!ArrayBuffer.isView(given[0])) given.unshift(Buffer.alloc(16_384));
    const reading = readLater(session, fd, given);
    settle(reading, (error, count) => {
      callback(error, count, given[0]);
    });
  };
}
