// SPDX-License-Identifier: BSD-2-Clause
// storage.ts: the bytes of a disk image, by position: a file, a piece of memory, or a part of either. Synchronous,
// because the checker reads thousands of small structures one after the other.
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { DiskError } from '../errors.js';

/** Bytes by position. */
export interface Storage {
  /** What it is called in messages. */
  readonly name: string;
  /** How many bytes there are. */
  readonly size: number;
  /** Fills target from offset on; what lies past the end reads as zeros. */
  read(offset: number, target: Uint8Array): void;
  /** Writes bytes at offset. */
  write(offset: number, bytes: Uint8Array): void;
}

/** A storage that has to be closed. */
export interface FileStorage extends Storage, Disposable {
  /** Makes the file so long; new bytes are zeros that take no room. */
  truncate(size: number): void;
  close(): void;
}

/** Opens a file or block device of the host. */
export function openStorage(path: string, mode: 'read' | 'write' | 'create' = 'read'): FileStorage {
  const descriptor = openFile(path, { read: 'r', write: 'r+', create: 'w+' }[mode]);
  let size = sizeOf(descriptor, path);
  const close = (): void => closeSync(descriptor);
  return {
    name: path,
    get size() {
      return size;
    },
    read: (offset, target) => readFully(descriptor, path, offset, target),
    write: (offset, bytes) => writeFully(descriptor, path, offset, bytes),
    truncate: (length) => {
      attempt(path, `cannot make ${path} ${length} bytes long`, () => ftruncateSync(descriptor, length));
      size = length;
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** Bytes in memory as a storage. */
export function memoryStorage(bytes: Uint8Array, name = 'the image'): Storage {
  return {
    name,
    size: bytes.length,
    read: (offset, target) => {
      const part = bytes.subarray(Math.min(offset, bytes.length), offset + target.length);
      target.set(part);
      target.fill(0, part.length);
    },
    write: (offset, part) => bytes.set(part, offset),
  };
}

/** A part of a storage, for instance a partition. */
export function storagePart(storage: Storage, offset: number, size: number, name = storage.name): Storage {
  return {
    name,
    size,
    read: (at, target) => {
      const inside = target.subarray(0, Math.max(Math.min(target.length, size - at), 0));
      storage.read(offset + at, inside);
      target.fill(0, inside.length);
    },
    write: (at, bytes) => {
      if (at < 0 || at + bytes.length > size)
        throw new DiskError('RUMP_DISK_IO', `a write at ${at} would leave ${name}, which has ${size} bytes`);
      storage.write(offset + at, bytes);
    },
  };
}

function openFile(path: string, flags: string): number {
  try {
    return openSync(path, flags);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new DiskError('RUMP_DISK_UNREADABLE', `the disk image ${path} cannot be opened (${code})`, {
      remedy: openRemedies[code] ?? 'Check the path and the permissions of the file.',
      details: { path },
      cause,
    });
  }
}

const openRemedies: Readonly<Record<string, string>> = {
  ENOENT: 'Check the path; rumpkit fs mkfs makes a new image.',
  EROFS: 'Copy the image to where it can be written.',
};

function sizeOf(descriptor: number, path: string): number {
  const stats = fstatSync(descriptor);
  if (stats.isFile()) return stats.size;
  if (stats.isBlockDevice()) return seekEnd(descriptor);
  closeSync(descriptor);
  throw new DiskError('RUMP_DISK_UNREADABLE', `${path} is neither a file nor a block device`, {
    remedy: 'Name a disk image.',
    details: { path },
  });
}

/** A block device tells no size to stat: it is where reading stops. */
function seekEnd(descriptor: number): number {
  const probe = Buffer.alloc(1);
  const hasByte = (at: number): boolean => readSync(descriptor, probe, 0, 1, at) === 1;
  let high = 512;
  while (high < Number.MAX_SAFE_INTEGER / 2 && hasByte(high)) high *= 2;
  let low = 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (hasByte(middle)) low = middle;
    else high = middle;
  }
  return hasByte(0) ? high : 0;
}

function readFully(descriptor: number, path: string, offset: number, target: Uint8Array): void {
  let done = 0;
  while (done < target.length) {
    const count = attempt(path, `reading ${path} at ${offset + done} failed`, () =>
      readSync(descriptor, target, done, target.length - done, offset + done),
    );
    if (count === 0) break;
    done += count;
  }
  target.fill(0, done);
}

function writeFully(descriptor: number, path: string, offset: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length)
    done += attempt(path, `writing ${path} at ${offset + done} failed`, () =>
      writeSync(descriptor, bytes, done, bytes.length - done, offset + done),
    );
}

function attempt<T>(path: string, message: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new DiskError('RUMP_DISK_IO', `${message} (${code})`, {
      ...(code === 'ENOSPC' ? { remedy: "Make room on the host's disk." } : {}),
      details: { path },
      cause,
    });
  }
}
