// SPDX-License-Identifier: BSD-2-Clause
// copy.ts: copies files, folders and links between the host and images, and from image to image.
import type { Stats } from 'node:fs';
import { fsError, named } from './fs-error.js';
import { childOf, nameOf, type Location } from './location.js';
import type { FsSession } from './session.js';

/** How to copy. */
export interface CopyOptions {
  recursive: boolean;
  /** Replace what is there even if it cannot be opened, and say nothing of what is missing. */
  force: boolean;
  /** Keep modes, times and owners. */
  preserve: boolean;
  /** Copy links as links, also those named on the command line; names of one file become names of one copy. */
  keepLinks: boolean;
}

/** What was done so far. */
export interface CopyProgress {
  bytes: number;
  files: number;
  name: string;
}

const pieceBytes = 1 << 20;
const modeBits = 0o7777;

/** Copies one thing and what is below it. */
export class Copier {
  readonly #session: FsSession;
  readonly #options: CopyOptions;
  readonly #onProgress: (progress: CopyProgress) => void;
  readonly #progress: CopyProgress = { bytes: 0, files: 0, name: '' };
  readonly #piece = Buffer.alloc(pieceBytes);
  /** Copies of files with several names, by file system and file. */
  readonly #copies = new Map<Location['fs'], Map<string, Location>>();

  constructor(session: FsSession, options: CopyOptions, onProgress: (progress: CopyProgress) => void) {
    this.#session = session;
    this.#options = options;
    this.#onProgress = onProgress;
  }

  /** Copies from to exactly that place. */
  async copy(from: Location, to: Location, isNamed = true): Promise<void> {
    this.#session.throwIfStopped();
    const keepsLink = this.#options.keepLinks || (this.#options.recursive && !isNamed);
    const stats = await named(from.shown, () => from.fs.promises[keepsLink ? 'lstat' : 'stat'](from.path));
    this.#progress.name = to.shown;
    if (stats.isDirectory()) await this.#copyFolder(from, to, stats);
    else if (await this.#linkCopy(from, to, stats)) this.#count();
    else if (stats.isSymbolicLink()) await this.#copyLink(from, to, stats);
    else if (stats.isFile()) await this.#copyFile(from, to, stats);
    else throw fsError('EINVAL', `${from.shown}, which is neither a file, a folder nor a link,`);
    this.#remember(from, to, stats);
  }

  /** Gives a copy that was made before this name as well; false if there is none, or no such links. */
  async #linkCopy(from: Location, to: Location, stats: Stats): Promise<boolean> {
    const copy = this.#copies.get(from.fs)?.get(fileKey(stats));
    if (copy === undefined) return false;
    const existing = await statOf(to, true);
    if (existing?.isDirectory() === true) return false;
    if (existing !== undefined) await named(to.shown, () => to.fs.promises.unlink(to.path));
    return named(to.shown, () => isDone(() => to.fs.promises.link(copy.path, to.path)));
  }

  #remember(from: Location, to: Location, stats: Stats): void {
    if (!this.#options.keepLinks || stats.isDirectory() || stats.nlink < 2) return;
    const copies = this.#copies.get(from.fs) ?? new Map<string, Location>();
    this.#copies.set(from.fs, copies.set(fileKey(stats), to));
  }

  async #copyFolder(from: Location, to: Location, stats: Stats): Promise<void> {
    if (!this.#options.recursive) throw fsError('EISDIR', from.shown);
    if (from.fs === to.fs && `${to.path}/`.startsWith(`${from.path}/`))
      throw fsError('EINVAL', `${to.shown}, which is inside of ${from.shown},`);
    await this.#makeFolder(to, stats);
    const names = await named(from.shown, () => from.fs.promises.readdir(from.path));
    for (const name of names.sort())
      await this.#session.attempt(() => this.copy(childOf(from, name), childOf(to, name), false));
    await this.#keep(to, stats);
  }

  async #makeFolder(to: Location, stats: Stats): Promise<void> {
    const existing = await statOf(to);
    if (existing?.isDirectory() === true) return;
    if (existing !== undefined) throw fsError('ENOTDIR', to.shown);
    await named(to.shown, () => to.fs.promises.mkdir(to.path, { mode: (stats.mode & 0o777) | 0o700 }));
  }

  async #copyLink(from: Location, to: Location, stats: Stats): Promise<void> {
    const target = await named(from.shown, () => from.fs.promises.readlink(from.path));
    await named(to.shown, async () => {
      if ((await statOf(to, true)) !== undefined) await to.fs.promises.unlink(to.path);
      await to.fs.promises.symlink(target, to.path);
    });
    if (this.#options.preserve)
      await named(to.shown, async () => {
        await to.fs.promises.lutimes(to.path, stats.atime, stats.mtime);
      });
    this.#count();
  }

  async #copyFile(from: Location, to: Location, stats: Stats): Promise<void> {
    const source = await named(from.shown, () => from.fs.promises.open(from.path, 'r'));
    try {
      const target = await this.#openTarget(from, to, stats);
      let isWhole = false;
      try {
        await this.#copyBytes(source, target, from, to);
        isWhole = true;
      } finally {
        await target.close();
        if (!isWhole) await this.#removePartial(to);
      }
    } finally {
      await source.close();
    }
    await this.#keep(to, stats);
    this.#count();
  }

  async #openTarget(from: Location, to: Location, stats: Stats): Promise<Handle> {
    const existing = await statOf(to);
    if (existing !== undefined && from.fs === to.fs && from.volume === to.volume && isSame(existing, stats))
      throw fsError('EINVAL', `${to.shown}, which is the same file as ${from.shown},`);
    const open = (): Promise<Handle> => to.fs.promises.open(to.path, 'w', stats.mode & 0o777);
    try {
      return await open();
    } catch (error) {
      if (!this.#options.force || existing?.isFile() !== true)
        return named(to.shown, () => Promise.reject(error as Error));
      return named(to.shown, async () => {
        await to.fs.promises.unlink(to.path);
        return open();
      });
    }
  }

  async #copyBytes(source: Handle, target: Handle, from: Location, to: Location): Promise<void> {
    for (;;) {
      const { bytesRead } = await named(from.shown, () => source.read(this.#piece, 0, pieceBytes, null));
      if (bytesRead === 0) return;
      for (let done = 0; done < bytesRead;) {
        const { bytesWritten } = await named(to.shown, () =>
          target.write(this.#piece, done, bytesRead - done, null),
        );
        done += bytesWritten;
      }
      this.#progress.bytes += bytesRead;
      this.#onProgress(this.#progress);
      this.#session.throwIfStopped(` while ${to.shown} was written; the part that was there is removed`);
    }
  }

  /** A file that is there is whole. A device stays, and so does a link to what was written into. */
  async #removePartial(to: Location): Promise<void> {
    const { promises } = to.fs;
    try {
      if ((await promises.lstat(to.path)).isFile()) await promises.unlink(to.path);
      else if ((await promises.stat(to.path)).isFile())
        this.#session.complain(new Error(`${to.shown} is a link to a file that is incomplete now`));
    } catch (error) {
      this.#session.complain(
        new Error(`${to.shown} is incomplete, and could not be removed`, { cause: error }),
      );
    }
  }

  async #keep(to: Location, stats: Stats): Promise<void> {
    if (!this.#options.preserve) return;
    const { promises } = to.fs;
    await named(to.shown, async () => {
      await isDone(() => promises.chown(to.path, stats.uid, stats.gid));
      await isDone(() => promises.chmod(to.path, stats.mode & modeBits));
      await promises.utimes(to.path, stats.atime, stats.mtime);
    });
  }

  #count(): void {
    this.#progress.files++;
    this.#onProgress(this.#progress);
  }
}

type Handle = import('node:fs').promises.FileHandle;

/** Where something ends up: in a folder under its own name, or at that very place. */
export async function placeInFolder(from: Location, to: Location): Promise<Location> {
  const stats = await statOf(to);
  if (stats?.isDirectory() !== true) return to;
  const name = nameOf(from);
  // The contents of a whole image go into the folder itself.
  return name === '' ? to : childOf(to, name);
}

/** What is there; undefined if there is nothing. */
export async function statOf({ fs, path, shown }: Location, isLink = false): Promise<Stats | undefined> {
  try {
    return await fs.promises[isLink ? 'lstat' : 'stat'](path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return named(shown, () => Promise.reject(error as Error));
  }
}

function isSame(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

function fileKey({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

/** FAT has no owners, no modes and no links. */
async function isDone(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EINVAL' && code !== 'ENOSYS') throw error;
    return false;
  }
}
