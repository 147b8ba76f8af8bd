// SPDX-License-Identifier: BSD-2-Clause
// cp-errors.ts: what cp refuses to do, in the words of node:fs.
import { constants } from 'node:os';
import { contextError } from './system-error.js';

type ErrorName = 'EEXIST' | 'EINVAL' | 'EISDIR' | 'ENOTDIR';

function copyError(code: string, prefix: string, name: ErrorName, message: string, path: string): Error {
  return contextError(code, prefix, {
    message,
    path,
    syscall: 'cp',
    errno: constants.errno[name],
    code: name,
  });
}

/** Source and target are one file. */
export const isSameError = (to: string): Error =>
  copyError('ERR_FS_CP_EINVAL', 'Invalid src or dest', 'EINVAL', 'src and dest cannot be the same', to);

/** The target lies in what is copied. */
export const isInsideError = (from: string, to: string, path = to): Error =>
  copyError(
    'ERR_FS_CP_EINVAL',
    'Invalid src or dest',
    'EINVAL',
    `cannot copy ${from} to a subdirectory of self ${to}`,
    path,
  );

/** A folder would go where a file is. */
export const overFileError = (from: string, to: string): Error =>
  copyError(
    'ERR_FS_CP_DIR_TO_NON_DIR',
    'Cannot overwrite non-directory with directory',
    'EISDIR',
    `cannot overwrite non-directory ${to} with directory ${from}`,
    to,
  );

/** A file would go where a folder is. */
export const overFolderError = (from: string, to: string): Error =>
  copyError(
    'ERR_FS_CP_NON_DIR_TO_DIR',
    'Cannot overwrite directory with non-directory',
    'ENOTDIR',
    `cannot overwrite directory ${to} with non-directory ${from}`,
    to,
  );

/** A folder, without `recursive`. The forms of node:fs have different numbers for it. */
export function folderError(from: string, isNow: boolean): Error {
  const error = copyError(
    'ERR_FS_EISDIR',
    'Path is a directory',
    'EISDIR',
    `${from} is a directory (not copied)`,
    from,
  ) as Error & { errno: number; info: { errno: number } };
  if (isNow) error.errno = error.info.errno = constants.errno.EINVAL;
  return error;
}

/** The target is there and is to stay. */
export const existsError = (to: string): Error =>
  copyError('ERR_FS_CP_EEXIST', 'Target already exists', 'EEXIST', `${to} already exists`, to);

/** The link that is there leads to something around what the new one leads to. */
export const aroundLinkError = (from: string, to: string, path: string): Error =>
  copyError(
    'ERR_FS_CP_SYMLINK_TO_SUBDIRECTORY',
    'Cannot overwrite symlink in subdirectory of self',
    'EINVAL',
    `cannot overwrite ${to} with ${from}`,
    path,
  );

const kinds = {
  socket: ['ERR_FS_CP_SOCKET', 'Cannot copy a socket file', 'a socket file'],
  fifo: ['ERR_FS_CP_FIFO_PIPE', 'Cannot copy a FIFO pipe', 'a FIFO pipe'],
  unknown: ['ERR_FS_CP_UNKNOWN', 'Cannot copy an unknown file type', 'an unknown file type'],
} as const;

/** Something that has no contents to copy. */
export function kindError(kind: keyof typeof kinds, to: string): Error {
  const [code, prefix, what] = kinds[kind];
  return copyError(code, prefix, 'EINVAL', `cannot copy ${what}: ${to}`, to);
}
