// SPDX-License-Identifier: BSD-2-Clause
// sync-forms.ts: the calls of node:fs that return when they are done.
import * as nodeFs from 'node:fs';
import type { KernelSession } from '../session.js';
import { checkDescriptor, checkPath } from './arguments.js';
import { vectorOperation } from './file-operations.js';
import type { Operations, Prepare } from './operations.js';
import { statNow } from './stat-operations.js';
import { checkRead, checkWrite } from './transfer-arguments.js';

type Args = unknown[];
type SyncCall = (...args: Args) => unknown;

/** Calls that have their own forms below. */
const special: ReadonlySet<string> = new Set(['stat', 'lstat', 'realpath', 'nativeRealpath']);

/** The calls by their names, with "Sync". */
export function makeSyncForms(session: KernelSession, operations: Operations): Record<string, SyncCall> {
  const forms: Record<string, SyncCall> = {};
  for (const [name, prepare] of Object.entries(operations) as [string, Prepare][]) {
    if (!special.has(name)) forms[`${name}Sync`] = (...args) => prepare(...args).now();
  }
  return { ...forms, ...makeTransfers(session), ...makeQuestions(session, operations) };
}

/** The calls on descriptors that are made most often are made without an operation. */
function makeTransfers(session: KernelSession): Record<string, SyncCall> {
  const { native } = session;
  return {
    readSync: (fd: unknown, ...args: Args) => {
      const checked = checkDescriptor(fd);
      const { bytes, offset, length, position } = checkRead(args);
      if (length === 0) return 0;
      return session.check(native.read(checked, bytes, offset, length, position, false), 'read');
    },
    writeSync: (fd: unknown, ...args: Args) => {
      const checked = checkDescriptor(fd);
      const { bytes, offset, length, position } = checkWrite(args);
      return session.check(native.write(checked, bytes, offset, length, position, false), 'write');
    },
    readvSync: (fd, buffers, position) => vectorOperation(session, fd, buffers, position, false).now(),
    writevSync: (fd, buffers, position) => vectorOperation(session, fd, buffers, position, true).now(),
  };
}

function makeQuestions(session: KernelSession, operations: Operations): Record<string, SyncCall> {
  const realpathSync: SyncCall & { native?: SyncCall } = (path, options) =>
    operations.realpath(path, options).now();
  realpathSync.native = (path, options) => operations.nativeRealpath(path, options).now();
  return {
    existsSync: (path) => exists(session, path),
    lstatSync: (path, options) => statNow(session, path, options, true),
    realpathSync,
    statSync: (path, options) => statNow(session, path, options, false),
  };
}

/** Never throws for a path, whatever it is; a kernel that is gone is another matter. */
function exists(session: KernelSession, path: unknown): boolean {
  let checked: string | Uint8Array;
  try {
    checked = checkPath(path);
  } catch {
    return false;
  }
  if (session.native.access(checked, nodeFs.constants.F_OK, false) === 0) return true;
  const { hasEnded, isOpen } = session.native.state();
  if (hasEnded || !isOpen) throw session.endedError();
  return false;
}
