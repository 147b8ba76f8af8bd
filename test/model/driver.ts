// SPDX-License-Identifier: BSD-2-Clause
// driver.ts: the same calls on a real file system, through the synchronous calls of node:fs's shape.
import type * as nodeFs from 'node:fs';
import { bytesOf, type Bytes } from './bytes.js';
import type { Calls, Handle } from './calls.js';

/** What is asked of a file system: node:fs has it, and kernel.fs. */
export type FileSystem = Pick<
  typeof nodeFs,
  | 'accessSync'
  | 'chmodSync'
  | 'chownSync'
  | 'closeSync'
  | 'existsSync'
  | 'fchmodSync'
  | 'fdatasyncSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'futimesSync'
  | 'lchownSync'
  | 'linkSync'
  | 'lstatSync'
  | 'lutimesSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'readdirSync'
  | 'readlinkSync'
  | 'readvSync'
  | 'renameSync'
  | 'rmSync'
  | 'rmdirSync'
  | 'statSync'
  | 'symlinkSync'
  | 'truncateSync'
  | 'unlinkSync'
  | 'utimesSync'
  | 'writeFileSync'
  | 'writeSync'
  | 'writevSync'
>;

/** Calls on a file system; handles stand for its descriptors. */
export class Driver implements Calls {
  readonly #descriptors = new Map<Handle, number>();
  #next = 0;

  readonly fs: FileSystem;
  constructor(fs: FileSystem) {
    this.fs = fs;
  }

  mkdir = (path: string, mode: number): void => this.fs.mkdirSync(path, { mode, recursive: false });
  rmdir = (path: string): void => this.fs.rmdirSync(path);
  unlink = (path: string): void => this.fs.unlinkSync(path);
  rename = (from: string, to: string): void => this.fs.renameSync(from, to);
  link = (from: string, to: string): void => this.fs.linkSync(from, to);
  symlink = (target: string, path: string): void => this.fs.symlinkSync(target, path);
  readlink = (path: string): string => this.fs.readlinkSync(path);

  readdir(path: string): string[] {
    const entries = this.fs.readdirSync(path, { withFileTypes: true });
    return entries.map((entry) => `${entry.name} ${kindOf(entry)}`).sort();
  }

  stat = (path: string): nodeFs.Stats => this.fs.statSync(path);
  lstat = (path: string): nodeFs.Stats => this.fs.lstatSync(path);
  fstat = (handle: Handle): nodeFs.Stats => this.fs.fstatSync(this.#descriptor(handle));
  chmod = (path: string, mode: number): void => this.fs.chmodSync(path, mode);
  fchmod = (handle: Handle, mode: number): void => this.fs.fchmodSync(this.#descriptor(handle), mode);
  chown = (path: string, uid: number, gid: number): void => this.fs.chownSync(path, uid, gid);
  lchown = (path: string, uid: number, gid: number): void => this.fs.lchownSync(path, uid, gid);
  utimes = (path: string, accessed: number, modified: number): void =>
    this.fs.utimesSync(path, accessed, modified);
  lutimes = (path: string, accessed: number, modified: number): void =>
    this.fs.lutimesSync(path, accessed, modified);
  futimes = (handle: Handle, accessed: number, modified: number): void =>
    this.fs.futimesSync(this.#descriptor(handle), accessed, modified);
  access = (path: string, mode: number): void => this.fs.accessSync(path, mode);
  exists = (path: string): boolean => this.fs.existsSync(path);

  open(path: string, flags: string | number, mode: number): Handle {
    this.#descriptors.set(this.#next, this.fs.openSync(path, flags, mode));
    return this.#next++;
  }

  close(handle: Handle): void {
    const descriptor = this.#descriptor(handle);
    this.#descriptors.delete(handle);
    this.fs.closeSync(descriptor);
  }

  /** Closes what is open. */
  closeAll(): void {
    for (const handle of this.#descriptors.keys()) this.close(handle);
  }

  read(handle: Handle, length: number, position: number | null): Buffer {
    const buffer = Buffer.alloc(length);
    return buffer.subarray(0, this.fs.readSync(this.#descriptor(handle), buffer, 0, length, position));
  }

  write(handle: Handle, bytes: Bytes, position: number | null): number {
    return this.fs.writeSync(this.#descriptor(handle), bytesOf(bytes), 0, bytes.length, position);
  }

  readv(handle: Handle, lengths: number[], position: number | null): Buffer {
    const buffers = lengths.map((length) => Buffer.alloc(length));
    const count = this.fs.readvSync(this.#descriptor(handle), buffers, position ?? undefined);
    return Buffer.concat(buffers).subarray(0, count);
  }

  writev(handle: Handle, pieces: Bytes[], position: number | null): number {
    return this.fs.writevSync(this.#descriptor(handle), pieces.map(bytesOf), position ?? undefined);
  }

  truncate = (path: string, length: number): void => this.fs.truncateSync(path, length);
  ftruncate = (handle: Handle, length: number): void =>
    this.fs.ftruncateSync(this.#descriptor(handle), length);
  fsync = (handle: Handle): void => this.fs.fsyncSync(this.#descriptor(handle));
  fdatasync = (handle: Handle): void => this.fs.fdatasyncSync(this.#descriptor(handle));
  readFile = (path: string): Buffer => this.fs.readFileSync(path);
  writeFile = (path: string, bytes: Bytes, flag: string): void =>
    this.fs.writeFileSync(path, bytesOf(bytes), { flag });

  /** A handle that is closed stands for a descriptor that nobody has. */
  #descriptor(handle: Handle): number {
    return this.#descriptors.get(handle) ?? 999_999;
  }
}

function kindOf(entry: nodeFs.Dirent): string {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}
