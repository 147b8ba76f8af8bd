// SPDX-License-Identifier: BSD-2-Clause
// mount-options.ts: what kernel.mount() is told, and the checks of it.
import { access, constants } from 'node:fs/promises';
import { posix } from 'node:path';
import { MountError } from '../errors.js';
import {
  mountTypes,
  type Cd9660Mount,
  type Ext2fsMount,
  type FfsMount,
  type MountType,
  type MsdosMount,
  type TmpfsMount,
} from './mount-types.js';

/** Options of every mount. */
export interface CommonMount {
  /** An absolute path in the kernel; folders that are missing are made. At '/' it becomes the root. */
  at: string;
  /** Images are mounted to be read only, memory is not, unless told otherwise. */
  readOnly?: boolean;
  /** Do not keep when files were read last. */
  noatime?: boolean;
  /** Write everything at once. */
  sync?: boolean;
}

/** Options of mounts that have an image. */
export interface ImageMount extends CommonMount {
  /** A file or block device of the host. */
  image: string;
  /** Where in the image the file system begins, in bytes: the start of a partition. */
  offset?: number;
  /** How many bytes of the image belong to it; up to the end unless told otherwise. */
  size?: number;
}

/** What to mount, and where. */
export type MountOptions =
  ((Cd9660Mount | FfsMount | MsdosMount | Ext2fsMount) & ImageMount) | (TmpfsMount & CommonMount);

/** How to unmount. */
export interface UnmountOptions {
  /** Also while files are open; they give errors afterwards. */
  force?: boolean;
}

/** The unit of a disk's places. */
const sectorBytes = 512;

type Given = Readonly<Record<string, unknown>>;

function usageError(message: string, details: Record<string, unknown>): MountError {
  return new MountError('RUMP_MOUNT_USAGE', message, { details });
}

/** Checks everything that can be said without looking at the image. */
export function checkMountOptions(options: unknown): MountType {
  const given = (typeof options === 'object' && options !== null ? options : {}) as Given;
  const type = String(given['type']);
  const known = mountTypes.get(type);
  if (known === undefined) throw unknownTypeError(type, `fs/${type}`);
  const { at, image } = given;
  if (known.hasImage) {
    if (typeof image !== 'string' || image === '' || image.includes('\0'))
      throw usageError('image must be the path of a file', { image });
    checkPlace(given, 'offset');
    checkPlace(given, 'size');
  } else if (image !== undefined) {
    throw usageError(`a mount of type '${type}' has no image`, { image });
  }
  if (typeof at !== 'string' || !at.startsWith('/') || at.includes('\0'))
    throw usageError('at must be an absolute path in the kernel', { at });
  for (const [name, most] of Object.entries(known.numbers)) checkNumber(given, name, most);
  return known;
}

function checkPlace(given: Given, name: 'offset' | 'size'): void {
  const value = given[name];
  if (name === 'size' && value === 0) throw usageError('size must not be 0', { size: value });
  if (name === 'offset' || typeof value === 'number') checkNumber(given, name, Number.MAX_SAFE_INTEGER);
  if (typeof value === 'number' && value % sectorBytes !== 0)
    throw usageError(`${name} must be a multiple of ${sectorBytes} bytes, not ${value}`, { [name]: value });
}

function checkNumber(given: Given, name: string, most: number): void {
  const value = given[name];
  if (value === undefined) return;
  const least = name === 'utcOffset' ? -most : 0;
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw usageError(`${name} must be a whole number from ${least} to ${most}`, { [name]: value });
}

/** The kernel's path of a mount. */
export function mountPath(at: string): string {
  return posix.resolve('/', at);
}

/** The error for a type that no driver in the kernel has. */
export function unknownTypeError(type: string, component: string): MountError {
  return new MountError('RUMP_MOUNT_UNKNOWN_TYPE', `the kernel has no file system of type '${type}'`, {
    remedy: `Add '${component}' to the components that boot() is given. Known types: ${[...mountTypes.keys()].join(', ')}.`,
    details: { type, component },
  });
}

/** Throws if the image cannot be read, or not be written where that is asked for. */
export async function checkImage(image: string, isReadOnly: boolean): Promise<void> {
  try {
    await access(image, isReadOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code !== 'ENOENT';
    const problem = isThere && !isReadOnly ? 'cannot be written to' : 'does not exist or cannot be read';
    throw new MountError('RUMP_MOUNT_NO_IMAGE', `the image ${image} ${problem}`, {
      details: { image },
      cause,
    });
  }
}
