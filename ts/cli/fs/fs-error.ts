// SPDX-License-Identifier: BSD-2-Clause
// fs-error.ts: what a file system refused, told with the name that the user knows.
import { DiskError, RumpError, type RumpErrorCode } from '../../errors.js';

/** Codes of Node that have one of ours, with a reason and a remedy. */
const known: Readonly<Record<string, readonly [RumpErrorCode, string, string?]>> = {
  ENOENT: ['RUMP_FS_NO_SUCH_PATH', 'does not exist'],
  ENOTDIR: ['RUMP_FS_WRONG_KIND', 'is no folder, or lies in something that is none'],
  EISDIR: ['RUMP_FS_WRONG_KIND', 'is a folder', 'Use -r for folders.'],
  ENOTEMPTY: ['RUMP_FS_WRONG_KIND', 'is a folder that is not empty', 'Use rm -r.'],
  EEXIST: ['RUMP_FS_EXISTS', 'exists already'],
  ENOSPC: [
    'RUMP_FS_FULL',
    'does not fit: the file system is full',
    'Remove something, or make a larger image.',
  ],
  EDQUOT: ['RUMP_FS_FULL', 'does not fit: the quota is used up'],
  EROFS: ['RUMP_FS_READ_ONLY', 'lies in a file system that can only be read'],
  EACCES: ['RUMP_FS_DENIED', 'may not be used'],
  EPERM: ['RUMP_FS_DENIED', 'may not be changed, or its file system cannot do that'],
  EOPNOTSUPP: ['RUMP_FS_DENIED', 'lies in a file system that cannot do that'],
  ELOOP: ['RUMP_FS_WRONG_KIND', 'leads through too many links'],
  ENAMETOOLONG: ['RUMP_FS_WRONG_KIND', 'has a name that is too long'],
  EXDEV: ['RUMP_FS_WRONG_KIND', 'lies in another file system'],
  EINVAL: ['RUMP_FS_WRONG_KIND', 'cannot be used like that'],
  EIO: [
    'RUMP_DISK_IO',
    'cannot be read or written: the image is damaged or cut short',
    'Run rumpkit fs check.',
  ],
};

/** The error for a code of Node. */
export function fsError(code: string, shown: string, cause?: unknown): RumpError {
  const [ours, reason, remedy] = known[code] ?? ['RUMP_FS_FAILED', 'cannot be used'];
  return new DiskError(ours, `${shown} ${reason} (${code})`, {
    ...(remedy === undefined ? {} : { remedy }),
    details: { path: shown, errno: code },
    cause,
  });
}

/** Runs a call on a file; what it throws is told with the file's name. */
export async function named<T>(shown: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFsError(error, shown);
  }
}

/** An error of a file system call as one of ours; others stay as they are. */
export function toFsError(error: unknown, shown: string): unknown {
  if (error instanceof RumpError || !(error instanceof Error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === undefined || syscall === undefined ? error : fsError(code, shown, error);
}

/** Whether nothing more can succeed after this. */
export function isFatal(error: unknown): boolean {
  if (!(error instanceof RumpError)) return true;
  return [
    'RUMP_FS_FULL',
    'RUMP_FS_READ_ONLY',
    'RUMP_DISK_IO',
    'RUMP_FS_INTERRUPTED',
    'RUMP_KERNEL_DEAD',
  ].includes(error.code);
}
