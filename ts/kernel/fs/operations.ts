// SPDX-License-Identifier: BSD-2-Clause
// operations.ts: all operations by the name that node:fs has for them. The sync, callback and promise forms are made
// of this table (forms.ts).
import type { KernelSession } from '../session.js';
import {
  chmodOperation,
  chownOperation,
  fchmodOperation,
  fchownOperation,
  ftruncateOperation,
  futimesOperation,
  syncOperation,
  truncateOperation,
  utimesOperation,
} from './attribute-operations.js';
import {
  copyFileOperation,
  linkOperation,
  mkdirOperation,
  mkdtempOperation,
  renameOperation,
  symlinkOperation,
  unlinkOperation,
} from './change-operations.js';
import { cpOperation } from './cp.js';
import { opendirOperation } from './directory.js';
import { closeOperation, openOperation } from './file-operations.js';
import { nativeRealpathOperation, readlinkOperation, realpathOperation } from './name-operations.js';
import type { Operation } from './operation.js';
import { readFileOperation } from './read-file.js';
import { readdirOperation } from './readdir.js';
import { rmdirOperation, rmOperation } from './remove-operations.js';
import { accessOperation, fstatOperation, statfsOperation, statOperation } from './stat-operations.js';
import { appendFileOperation, writeFileOperation } from './write-file.js';

/** Makes an operation of a call's arguments, or throws if one is wrong. */
export type Prepare = (...args: unknown[]) => Operation<unknown>;

/** The operations of one kernel. */
export function makeOperations(session: KernelSession) {
  return {
    access: (path, mode) => accessOperation(session, path, mode),
    appendFile: (path, data, options) => appendFileOperation(session, path, data, options),
    chmod: (path, mode) => chmodOperation(session, path, mode),
    chown: (path, uid, gid) => chownOperation(session, path, uid, gid, 'chown'),
    close: (fd) => closeOperation(session, fd),
    copyFile: (from, to, mode) => copyFileOperation(session, from, to, mode),
    cp: (from, to, options) => cpOperation(session, from, to, options),
    fchmod: (fd, mode) => fchmodOperation(session, fd, mode),
    fchown: (fd, uid, gid) => fchownOperation(session, fd, uid, gid),
    fdatasync: (fd) => syncOperation(session, fd, 'fdatasync'),
    fstat: (fd, options) => fstatOperation(session, fd, options),
    fsync: (fd) => syncOperation(session, fd, 'fsync'),
    ftruncate: (fd, length) => ftruncateOperation(session, fd, length),
    futimes: (fd, atime, mtime) => futimesOperation(session, fd, atime, mtime),
    lchown: (path, uid, gid) => chownOperation(session, path, uid, gid, 'lchown'),
    link: (from, to) => linkOperation(session, from, to),
    lstat: (path, options) => statOperation(session, path, options, true),
    lutimes: (path, atime, mtime) => utimesOperation(session, path, atime, mtime, 'lutimes'),
    mkdir: (path, options) => mkdirOperation(session, path, options),
    mkdtemp: (prefix, options) => mkdtempOperation(session, prefix, options),
    nativeRealpath: (path, options) => nativeRealpathOperation(session, path, options),
    open: (path, flags, mode) => openOperation(session, path, flags, mode),
    opendir: (path, options) => opendirOperation(session, path, options),
    readdir: (path, options) => readdirOperation(session, path, options),
    readFile: (path, options) => readFileOperation(session, path, options),
    readlink: (path, options) => readlinkOperation(session, path, options),
    realpath: (path, options) => realpathOperation(session, path, options),
    rename: (from, to) => renameOperation(session, from, to),
    rm: (path, options) => rmOperation(session, path, options),
    rmdir: (path, options) => rmdirOperation(session, path, options),
    stat: (path, options) => statOperation(session, path, options, false),
    statfs: (path, options) => statfsOperation(session, path, options),
    symlink: (target, path, type) => symlinkOperation(session, target, path, type),
    truncate: (path, length) => truncateOperation(session, path, length),
    unlink: (path) => unlinkOperation(session, path),
    utimes: (path, atime, mtime) => utimesOperation(session, path, atime, mtime, 'utimes'),
    writeFile: (path, data, options) => writeFileOperation(session, path, data, options),
  } satisfies Record<string, Prepare>;
}

/** What makeOperations gives. */
export type Operations = ReturnType<typeof makeOperations>;
