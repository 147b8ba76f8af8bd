// SPDX-License-Identifier: BSD-2-Clause
// volumes.ts: the images of one command, mounted side by side in one kernel, and unmounted at its end.
import type * as nodeFs from 'node:fs';
import { resolve } from 'node:path';
import { requireFileSystem, type DetectedFileSystem } from '../../disk/detect.js';
import { findPartition, openPartition } from '../../disk/partition/read-partitions.js';
import type { Partition } from '../../disk/partition/partition.js';
import { openStorage, type Storage } from '../../disk/storage.js';
import { DiskError, MountError } from '../../errors.js';
import { boot, type Kernel } from '../../kernel/index.js';
import { formatImageName, type ImageName } from './reference.js';

/** A mounted file system. */
export interface Volume {
  name: string;
  image: string;
  detected: DetectedFileSystem;
  /** Where it is mounted in the kernel. */
  root: string;
  fs: typeof nodeFs;
}

/** What is known of an image before it is mounted. */
interface Opened {
  name: string;
  image: string;
  partition: Partition | undefined;
  detected: DetectedFileSystem;
}

/** Components by type of file system. */
const components: Readonly<Record<DetectedFileSystem['type'], string>> = {
  ffs: 'fs/ffs',
  msdos: 'fs/msdos',
  ext2fs: 'fs/ext2',
  cd9660: 'fs/cd9660',
};

/** Mounted images. Dispose it, or the images stay marked as in use. */
export class Volumes implements AsyncDisposable {
  readonly all: readonly Volume[];
  readonly #kernel: Kernel | undefined;
  #isClosed = false;

  private constructor(kernel: Kernel | undefined, all: readonly Volume[]) {
    this.#kernel = kernel;
    this.all = all;
  }

  /** Mounts each image once; those in writable can be written, the others only read. */
  static async open(names: readonly ImageName[], writable: ReadonlySet<string>): Promise<Volumes> {
    const opened = new Map<string, Opened>();
    for (const name of names) {
      const text = formatImageName(name);
      if (!opened.has(text)) opened.set(text, examine(name, writable.has(text)));
    }
    if (opened.size === 0) return new Volumes(undefined, []);
    const kernel = await boot({
      components: [...new Set([...opened.values()].map(({ detected }) => components[detected.type]))].sort(),
    });
    const all: Volume[] = [];
    try {
      for (const each of opened.values()) {
        const root = `/volume${all.length}`;
        await mountVolume(kernel, each, root, !writable.has(each.name));
        all.push({ name: each.name, image: each.image, detected: each.detected, root, fs: kernel.fs });
      }
    } catch (error) {
      await kernel.shutdown();
      throw error;
    }
    return new Volumes(kernel, all);
  }

  /** The volume of a name that was given to open(). */
  find(name: ImageName): Volume {
    const text = formatImageName(name);
    const volume = this.all.find((each) => each.name === text);
    if (volume === undefined) throw new Error(`${text} was not opened`);
    return volume;
  }

  /** Unmounts everything, so that all that was written is on the images, and they are clean. */
  async close(): Promise<void> {
    if (this.#isClosed || this.#kernel === undefined) return;
    this.#isClosed = true;
    try {
      for (const { root } of [...this.all].reverse()) await this.#kernel.unmount(root);
    } finally {
      await this.#kernel.shutdown();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Runs work on an image's storage, or on that of a partition. */
export function withStorage<T>(
  name: ImageName,
  mode: 'read' | 'write',
  work: (storage: Storage, partition: Partition | undefined) => T,
): T {
  using file = openStorage(name.image, mode);
  if (name.partition === undefined) return work(file, undefined);
  const partition = findPartition(file, name.partition);
  return work(openPartition(file, partition), partition);
}

function examine(name: ImageName, isWritten: boolean): Opened {
  const text = formatImageName(name);
  return withStorage(name, isWritten ? 'write' : 'read', (storage, partition) => {
    const detected = requireFileSystem(storage);
    if (detected.kind === 'UFS2' || detected.kind === 'FFS, big-endian')
      throw new DiskError('RUMP_DISK_UNSUPPORTED', `${text} holds ${detected.kind}`, {
        remedy: 'Only FFSv1 in little-endian byte order can be mounted.',
        details: { image: text, found: detected.kind },
      });
    if (isWritten && detected.type === 'cd9660')
      throw new DiskError('RUMP_FS_READ_ONLY', `${text} is an ISO 9660 image, which can only be read`, {
        remedy: 'Copy its contents to another image: rumpkit fs mkfs, then rumpkit fs cp -r.',
        details: { image: text },
      });
    return { name: text, image: resolve(name.image), partition, detected };
  });
}

async function mountVolume(
  kernel: Kernel,
  { name, image, partition, detected }: Opened,
  at: string,
  readOnly: boolean,
): Promise<void> {
  const part = partition === undefined ? {} : { offset: partition.start, size: partition.size };
  try {
    await kernel.mount({ type: detected.type, image, at, readOnly, ...part });
  } catch (error) {
    const isNotClean = detected.type === 'ffs' && !readOnly && causeCode(error) === 'EROFS';
    if (!isNotClean) throw error;
    throw new MountError('RUMP_MOUNT_FAILED', `${name} was not unmounted when it was last used`, {
      remedy: `Run rumpkit fs check --repair ${name}.`,
      details: { image: name },
      cause: error,
    });
  }
}

function causeCode(error: unknown): string | undefined {
  const cause = error instanceof MountError ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
}
