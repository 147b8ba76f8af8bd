// SPDX-License-Identifier: BSD-2-Clause
// mount.ts: mounts images of the host in a kernel. An image is shown to the kernel as a block device (etfs) with a
// private name; a mount that fails leaves neither device nor folders behind.
import { resolve } from 'node:path';
import { MountError } from '../errors.js';
import { endedError, type CallOutcome, type KernelCalls } from '../native/kernel-calls.js';
import { systemError } from './fs/system-error.js';
import {
  checkImage,
  checkMountOptions,
  mountPath,
  unknownTypeError,
  type MountOptions,
  type UnmountOptions,
} from './mount-options.js';
import type { MountType } from './mount-types.js';
import type { KernelSession } from './session.js';

const symbols = {
  mkdir: 'rump___sysimpl_mkdir',
  mount: 'rump___sysimpl_mount50',
  rmdir: 'rump___sysimpl_rmdir',
  unmount: 'rump___sysimpl_unmount',
  register: 'rump_pub_etfs_register_withsize',
  remove: 'rump_pub_etfs_remove',
  sync: 'rump___sysimpl_sync',
} as const;

const etfsBlockDevice = 1;
const toTheEnd = -1;
const mountReadOnly = 0x1;
const mountSync = 0x2;
const mountNoAtime = 0x04000000;
const unmountForce = 0x80000;
const netbsdExists = 17;

/** The mounts of one kernel. */
export class MountTable {
  readonly #session: KernelSession;
  readonly #calls: KernelCalls;
  readonly #errnoToLinux: (netbsd: number) => number;
  /** In the order of mounting; two at one path lie on top of each other. */
  readonly #mounts: { at: string; device: string | undefined }[] = [];
  #mountCount = 0;

  constructor(session: KernelSession, calls: KernelCalls, errnoToLinux: (netbsd: number) => number) {
    this.#session = session;
    this.#calls = calls;
    this.#errnoToLinux = errnoToLinux;
  }

  async mount(options: MountOptions): Promise<void> {
    const type = checkMountOptions(options);
    const at = mountPath(options.at);
    const device = await this.#register(options);
    const made: string[] = [];
    try {
      await this.#makeFolders(at, made);
      await this.#mountDevice(options, type, device, at);
    } catch (error) {
      await this.#undo(device, made);
      throw error;
    }
    this.#mounts.push({ at, device });
  }

  async unmount(at: string, { force = false }: UnmountOptions = {}): Promise<void> {
    const path = mountPath(at);
    const outcome = await this.#call(symbols.unmount, path, force ? unmountForce : 0);
    if (outcome.error !== 0) throw this.#unmountError(path, outcome);
    const index = this.#mounts.findLastIndex(({ at: each }) => each === path);
    const [mount] = index === -1 ? [] : this.#mounts.splice(index, 1);
    if (mount?.device !== undefined) await this.#call(symbols.remove, mount.device);
  }

  /** Writes what has not been written yet, on all mounts. */
  async sync(): Promise<void> {
    await this.#call(symbols.sync);
  }

  /** Unmounts everything, last first, whether it is in use or not. Failures are left to the end of the kernel. */
  async unmountAll(): Promise<void> {
    for (const { at } of this.#mounts.splice(0).reverse()) {
      const { error } = await this.#calls.call(symbols.unmount, at, unmountForce);
      if (error === endedError) return;
    }
  }

  async #call(...words: Parameters<KernelCalls['call']>): Promise<CallOutcome> {
    const outcome = await this.#session.track(this.#calls.call(...words));
    if (outcome.error === endedError) throw this.#session.endedError();
    return outcome;
  }

  /** Shows the image to the kernel; the name of the device. The registration answers with the errno itself. */
  async #register(options: MountOptions): Promise<string | undefined> {
    if (options.type === 'tmpfs') return undefined;
    const image = resolve(options.image);
    await checkImage(image, options.readOnly ?? true);
    const device = `/dev/rumpkit-${this.#mountCount++}`;
    const { offset = 0, size = toTheEnd } = options;
    const { result } = await this.#call(symbols.register, device, image, etfsBlockDevice, offset, size);
    if (result === 0) return device;
    const where = offset === 0 && size === toTheEnd ? '' : ' at this offset and of this size';
    throw new MountError('RUMP_MOUNT_NO_IMAGE', `the kernel cannot open the image ${image}${where}`, {
      details: { image, offset, size },
      cause: systemError(-this.#errnoToLinux(result), 'open', image),
    });
  }

  async #makeFolders(at: string, made: string[]): Promise<void> {
    let path = '';
    for (const part of at.split('/').filter(Boolean)) {
      path += `/${part}`;
      const { error } = await this.#call(symbols.mkdir, path, 0o755);
      if (error === 0) made.unshift(path);
      else if (error !== netbsdExists)
        throw this.#failure(`cannot make the mount point ${path}`, error, 'mkdir', path);
    }
  }

  async #mountDevice(
    options: MountOptions,
    type: MountType,
    device: string | undefined,
    at: string,
  ): Promise<void> {
    const data = type.encode(device ?? '', options);
    const { error } = await this.#call(
      symbols.mount,
      options.type,
      at,
      mountFlags(options, type),
      data[0] ?? null,
      data[0]?.length ?? 0,
    );
    if (error === 0) return;
    const linux = this.#errnoToLinux(error);
    if (linux === unknownFileSystemErrno) throw unknownTypeError(options.type, type.component);
    const what = 'image' in options ? options.image : options.type;
    const otherwise =
      'image' in options
        ? `Check that ${what} is a complete ${options.type} image.`
        : 'Mount it with other limits.';
    throw this.#failure(`cannot mount ${what}: ${mountReasons.get(linux) ?? 'refused'}`, error, 'mount', at, {
      remedy: mountRemedies.get(linux) ?? otherwise,
      ...('image' in options ? { image: what } : {}),
    });
  }

  async #undo(device: string | undefined, made: readonly string[]): Promise<void> {
    for (const path of made) await this.#calls.call(symbols.rmdir, path);
    if (device !== undefined) await this.#calls.call(symbols.remove, device);
  }

  #failure(
    message: string,
    error: number,
    syscall: string,
    path: string,
    extra: { remedy?: string; image?: string } = {},
  ): MountError {
    const { remedy, ...details } = extra;
    const cause =
      extra.image === undefined
        ? systemError(-this.#errnoToLinux(error), syscall, path)
        : systemError(-this.#errnoToLinux(error), syscall, extra.image, path);
    return new MountError('RUMP_MOUNT_FAILED', `${message} (${cause.code ?? 'unknown error'})`, {
      ...(remedy === undefined ? {} : { remedy }),
      details: { ...details, path },
      cause,
    });
  }

  #unmountError(path: string, { error }: CallOutcome): MountError {
    const cause = systemError(-this.#errnoToLinux(error), 'unmount', path);
    const isBusy = cause.code === 'EBUSY';
    const { reason, remedy } = unmountReasons.get(cause.code ?? '') ?? otherUnmountReason;
    return new MountError(
      isBusy ? 'RUMP_MOUNT_BUSY' : 'RUMP_MOUNT_FAILED',
      `cannot unmount ${path}: ${reason} (${cause.code ?? 'unknown error'})`,
      { remedy, details: { path }, cause },
    );
  }
}

const otherUnmountReason = { reason: 'refused', remedy: 'Check what is mounted there.' };

/** What an error of unmount means. */
const unmountReasons: ReadonlyMap<string, { reason: string; remedy: string }> = new Map([
  ['EBUSY', { reason: 'it is in use', remedy: 'Close its files first, or unmount with { force: true }.' }],
  ['EINVAL', { reason: 'nothing is mounted there', remedy: 'Give the path that it was mounted at.' }],
  ['ENOENT', { reason: 'there is no such path', remedy: 'Give the path that it was mounted at.' }],
  ...['EIO', 'ENOSPC'].map(
    (code) =>
      [
        code,
        {
          reason: 'the image does not take what is still to be written; it stays mounted',
          remedy: 'See to the disk that the image is on, and unmount again.',
        },
      ] as const,
  ),
]);

const unknownFileSystemErrno = 19;

/** What to do where the image is not to blame, by Linux number. */
const mountRemedies: ReadonlyMap<number, string> = new Map([
  [16, 'Unmount what is there, or mount it somewhere else.'],
  [20, 'Mount it at a folder.'],
  [30, 'Repair it if it was not unmounted (rumpkit fs check --repair IMAGE), or leave out readOnly: false.'],
]);

/** What an errno of mount means for an image, by Linux number. */
const mountReasons: ReadonlyMap<number, string> = new Map([
  [5, 'it cannot be read, or is cut short'],
  [16, 'something is mounted there already'],
  [20, 'the mount point is no folder'],
  [22, 'it holds no file system of this type, or a damaged one'],
  [30, 'it can only be mounted read-only, or was not unmounted properly'],
]);

function mountFlags(options: MountOptions, type: MountType): number {
  const { readOnly = type.hasImage, noatime = false, sync = false } = options;
  const own = readOnly ? mountReadOnly : (type.flags?.(options) ?? 0);
  // A sum, as the largest flag is no positive number to the bit operators.
  return own + (noatime ? mountNoAtime : 0) + (sync ? mountSync : 0);
}
