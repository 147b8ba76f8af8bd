// SPDX-License-Identifier: BSD-2-Clause
// attribute-arguments.ts: checks of owners, times, lengths and flags of files. Errors are node:fs's own, see
// arguments.ts.
import * as nodeFs from 'node:fs';
import { noDescriptor, throwAsNode } from './arguments.js';

const largestOwner = 0xffff_ffff;

function isOwner(id: unknown): id is number {
  return typeof id === 'number' && Number.isInteger(id) && id >= -1 && id <= largestOwner;
}

/** Checks a user and a group: integers; -1 leaves it as it is. */
export function checkOwner(uid: unknown, gid: unknown): [uid: number, gid: number] {
  if (isOwner(uid) && isOwner(gid)) return [uid, gid];
  return throwAsNode(() => {
    nodeFs.chownSync('', uid as number, gid as number);
  });
}

/** Checks a time and makes it seconds: a Date, a number, or text that is one. */
export function checkTime(time: unknown, name: 'time' | 'atime' | 'mtime'): number {
  if (typeof time === 'string' && !Number.isNaN(Number(time)) && time.trim() !== '') return Number(time);
  if (typeof time === 'number' && Number.isFinite(time)) return time < 0 ? Date.now() / 1000 : time;
  if (time instanceof Date) return time.getTime() / 1000;
  return throwAsNode(() => {
    if (name === 'time') nodeFs.utimesSync('', time as number, 0);
    else if (name === 'atime') nodeFs.futimesSync(noDescriptor, time as number, 0);
    else nodeFs.futimesSync(noDescriptor, 0, time as number);
  });
}

/** Checks the length of a file: an integer; below 0 it is 0. */
export function checkLength(length: unknown): number {
  if (length === undefined) return 0;
  if (typeof length === 'number' && Number.isSafeInteger(length)) return Math.max(0, length);
  return throwAsNode(() => {
    nodeFs.ftruncateSync(noDescriptor, length as number);
  });
}

const copyFlags =
  nodeFs.constants.COPYFILE_EXCL |
  nodeFs.constants.COPYFILE_FICLONE |
  nodeFs.constants.COPYFILE_FICLONE_FORCE;

/** True for flags of copyFile, or none. */
export function isCopyMode(mode: unknown): mode is number | undefined | null {
  if (mode === undefined || mode === null) return true;
  return typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= copyFlags;
}

/** Checks the flags of copyFile. */
export function checkCopyMode(mode: unknown): number {
  if (isCopyMode(mode)) return mode ?? 0;
  return throwAsNode(() => {
    nodeFs.copyFileSync('', '', mode as number);
  });
}

/** Checks the kind of a link, which only other systems know. */
export function checkLinkType(type: unknown): void {
  if (typeof type !== 'string' || type === 'dir' || type === 'file' || type === 'junction') return;
  throwAsNode(() => {
    nodeFs.symlinkSync('', '', type as 'dir');
  });
}
