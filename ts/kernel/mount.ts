// SPDX-License-Identifier: BSD-2-Clause
// mount.ts: mounts images of the host in a kernel. An image is shown to the kernel as a block device (etfs) with a
// private name; a mount that fails leaves neither device nor folders behind.
import { access, constants } from 'node:fs/promises';
import { resolve, posix } from 'node:path';
import { MountError } from '../errors.js';
import { endedError, type CallOutcome, type KernelCalls } from '../native/kernel-calls.js';
import { systemError } from './fs/system-error.js';
import { mountTypes, type Cd9660Mount, type FfsMount, type MountType } from './mount-types.js';
import type { KernelSession } from './session.js';

/** What to mount, and where. */
export type MountOptions = (Cd9660Mount | FfsMount) & {
  /** A file or block device of the host. */
  image: string;
  /** An absolute path in the kernel; folders that are missing are made. */
  at: string;
  /** True unless told otherwise. */
  readOnly?: boolean;
};

/** How to unmount. */
export interface UnmountOptions {
  /** Also while files are open; they give errors afterwards. */
  force?: boolean;
}

const symbols = {
  mkdir: 'rump___sysimpl_mkdir',
  mount: 'rump___sysimpl_mount50',
  rmdir: 'rump___sysimpl_rmdir',
  unmount: 'rump___sysimpl_unmount',
  register: 'rump_pub_etfs_register',
  remove: 'rump_pub_etfs_remove',
} as const;

const etfsBlockDevice = 1;
const mountReadOnly = 0x1;
const unmountForce = 0x80000;
const netbsdExists = 17;

/** The mounts of one kernel. */
export class MountTable {
  readonly #session: KernelSession;
  readonly #calls: KernelCalls;
  readonly #errnoToLinux: (netbsd: number) => number;
  /** In the order of mounting; two at one path lie on top of each other. */
  readonly #mounts: { at: string; device: string }[] = [];
  #mountCount = 0;

  constructor(session: KernelSession, calls: KernelCalls, errnoToLinux: (netbsd: number) => number) {
    this.#session = session;
    this.#calls = calls;
    this.#errnoToLinux = errnoToLinux;
  }

  async mount(options: MountOptions): Promise<void> {
    const type = checkMountOptions(options);
    const image = resolve(options.image);
    await checkImage(image);
    const at = posix.resolve('/', options.at);
    const device = `/dev/rumpkit-${this.#mountCount++}`;
    await this.#register(device, image);
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
    const path = posix.resolve('/', at);
    const outcome = await this.#call(symbols.unmount, path, force ? unmountForce : 0);
    if (outcome.error !== 0) throw this.#unmountError(path, outcome);
    const index = this.#mounts.findLastIndex(({ at: each }) => each === path);
    const [mount] = index === -1 ? [] : this.#mounts.splice(index, 1);
    if (mount !== undefined) await this.#call(symbols.remove, mount.device);
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

  /** The registration answers with the errno itself. */
  async #register(device: string, image: string): Promise<void> {
    const { result } = await this.#call(symbols.register, device, image, etfsBlockDevice);
    if (result === 0) return;
    throw new MountError('RUMP_MOUNT_NO_IMAGE', `the kernel cannot open the image ${image}`, {
      details: { image },
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

  async #mountDevice(options: MountOptions, type: MountType, device: string, at: string): Promise<void> {
    const data = type.encode(device, options);
    const flags = (options.readOnly ?? true) ? mountReadOnly : (type.flags?.(options) ?? 0);
    const { error } = await this.#call(
      symbols.mount,
      options.type,
      at,
      flags,
      data[0] ?? null,
      data[0]?.length ?? 0,
    );
    if (error === 0) return;
    const linux = this.#errnoToLinux(error);
    if (linux === unknownFileSystemErrno) throw unknownTypeError(options.type, type.component);
    throw this.#failure(
      `cannot mount ${options.image}: ${mountReasons.get(linux) ?? 'refused'}`,
      error,
      'mount',
      at,
      {
        remedy:
          mountRemedies.get(linux) ?? `Check that ${options.image} is a complete ${options.type} image.`,
        image: options.image,
      },
    );
  }

  async #undo(device: string, made: readonly string[]): Promise<void> {
    for (const path of made) await this.#calls.call(symbols.rmdir, path);
    await this.#calls.call(symbols.remove, device);
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
    return new MountError(isBusy ? 'RUMP_MOUNT_BUSY' : 'RUMP_MOUNT_FAILED', `cannot unmount ${path}`, {
      remedy: isBusy
        ? 'Close its files first, or unmount with { force: true }.'
        : 'Check that it is mounted.',
      details: { path },
      cause,
    });
  }
}

const unknownFileSystemErrno = 19;

/** What to do where the image is not to blame, by Linux number. */
const mountRemedies: ReadonlyMap<number, string> = new Map([
  [16, 'Unmount what is there, or mount it somewhere else.'],
  [20, 'Mount it at a folder.'],
  [30, 'Leave out readOnly: false.'],
]);

/** What an errno of mount means for an image, by Linux number. */
const mountReasons: ReadonlyMap<number, string> = new Map([
  [5, 'it cannot be read, or is cut short'],
  [16, 'something is mounted there already'],
  [20, 'the mount point is no folder'],
  [22, 'it holds no file system of this type, or a damaged one'],
  [30, 'it can only be mounted read-only'],
]);

function checkMountOptions(options: MountOptions): MountType {
  const { type, image, at } = (options as Partial<MountOptions> | undefined) ?? {};
  const known = mountTypes.get(String(type));
  if (known === undefined) throw unknownTypeError(String(type), `fs/${String(type)}`);
  if (typeof image !== 'string' || image === '' || image.includes('\0')) {
    throw new MountError('RUMP_MOUNT_USAGE', 'image must be the path of a file', { details: { image } });
  }
  if (typeof at !== 'string' || !at.startsWith('/') || at.includes('\0') || posix.resolve('/', at) === '/') {
    throw new MountError('RUMP_MOUNT_USAGE', "at must be an absolute path in the kernel other than '/'", {
      details: { at },
    });
  }
  return known;
}

function unknownTypeError(type: string, component: string): MountError {
  return new MountError('RUMP_MOUNT_UNKNOWN_TYPE', `the kernel has no file system of type '${type}'`, {
    remedy: `Add '${component}' to the components that boot() is given. Known types: ${[...mountTypes.keys()].join(', ')}.`,
    details: { type, component },
  });
}

async function checkImage(image: string): Promise<void> {
  try {
    await access(image, constants.R_OK);
  } catch (cause) {
    throw new MountError('RUMP_MOUNT_NO_IMAGE', `the image ${image} does not exist or cannot be read`, {
      details: { image },
      cause,
    });
  }
}
