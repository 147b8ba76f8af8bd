// SPDX-License-Identifier: BSD-2-Clause
// files.ts: the few calls that are measured, in one shape for synchronous calls and promises. A workload yields what a call gives; it goes on with the answer, which it gets at once or when the promise is kept.
import type * as nodeFs from 'node:fs';

/** An open file, as whoever opened it calls it. */
export type Handle = unknown;

/** The measured calls; each gives its answer, or a promise of it. */
export interface Files {
  open(path: string, flags: string): unknown;
  close(handle: Handle): unknown;
  /** At the file's own position unless there is one. */
  read(handle: Handle, bytes: Buffer, position: number | null): unknown;
  write(handle: Handle, bytes: Buffer, position: number | null): unknown;
  stat(path: string): unknown;
  readdir(path: string): unknown;
  mkdir(path: string): unknown;
  /** Where a library has it. */
  fsync?(handle: Handle): unknown;
  unlink?(path: string): unknown;
}

type NodeFs = typeof nodeFs;

/** What synchronous calls are measured on. */
export type SyncFs = Pick<
  NodeFs,
  | 'openSync'
  | 'closeSync'
  | 'readSync'
  | 'writeSync'
  | 'fsyncSync'
  | 'statSync'
  | 'readdirSync'
  | 'unlinkSync'
  | 'mkdirSync'
>;

/** What promises are measured on. */
export interface PromisesFs {
  promises: Pick<NodeFs['promises'], 'open' | 'stat' | 'readdir' | 'unlink' | 'mkdir'>;
}

/** Synchronous calls. */
export function syncFiles(fs: SyncFs): Files {
  return {
    open: (path, flags) => fs.openSync(path, flags),
    close: (handle) => fs.closeSync(handle as number),
    read: (handle, bytes, position) => fs.readSync(handle as number, bytes, 0, bytes.length, position),
    write: (handle, bytes, position) => fs.writeSync(handle as number, bytes, 0, bytes.length, position),
    fsync: (handle) => fs.fsyncSync(handle as number),
    stat: (path) => fs.statSync(path),
    readdir: (path) => fs.readdirSync(path),
    unlink: (path) => fs.unlinkSync(path),
    mkdir: (path) => fs.mkdirSync(path),
  };
}

type FileHandle = nodeFs.promises.FileHandle;

/** Promises and file handles. */
export function promiseFiles({ promises }: PromisesFs): Files {
  return {
    open: (path, flags) => promises.open(path, flags),
    close: (handle) => (handle as FileHandle).close(),
    read: (handle, bytes, position) => (handle as FileHandle).read(bytes, 0, bytes.length, position),
    write: (handle, bytes, position) => (handle as FileHandle).write(bytes, 0, bytes.length, position),
    fsync: (handle) => (handle as FileHandle).sync(),
    stat: (path) => promises.stat(path),
    readdir: (path) => promises.readdir(path),
    unlink: (path) => promises.unlink(path),
    mkdir: (path) => promises.mkdir(path),
  };
}

/** A piece of work: it yields each call's answer, or promise, and is given the answer. */
export type Work = Generator<unknown, void, unknown>;

/** Does the work with answers that come at once. */
export function doNow(work: Work): void {
  for (let step = work.next(); step.done !== true;) step = work.next(step.value);
}

/** Does it with promises. */
export async function doLater(work: Work): Promise<void> {
  for (let step = work.next(); step.done !== true;) step = work.next(await step.value);
}
