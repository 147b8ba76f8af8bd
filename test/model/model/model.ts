// SPDX-License-Identifier: BSD-2-Clause
// model.ts: a file system that is nothing but a tree of nodes, with the rules of POSIX as Linux has them, to compare
// real ones with. It is written to be read, not to be fast.
import type { Bytes } from '../bytes.js';
import type { Calls, Handle, ModelStats } from '../calls.js';
import type { Rules } from '../rules.js';
import { Descriptors } from './descriptors.js';
import * as names from './names.js';
import { creationMode, keptMode } from './flags.js';
import { Failure, folderLinks, makeFolder, markChanged, type FolderNode, type ModelNode } from './tree.js';
import { Walker } from './walk.js';

const largestReadFile = 2 * 1024 ** 3;

/** The model of what is below one folder. */
export class Model implements Calls {
  readonly root: FolderNode;
  readonly descriptors: Descriptors;
  readonly #walker: Walker;

  readonly rootPath: string;
  readonly rules: Rules;
  constructor(rootPath: string, rules: Rules) {
    this.rootPath = rootPath;
    this.rules = rules;
    const { uid, gid, fold } = rules;
    this.root = makeFolder(creationMode('folder', 0o777, rules), { uid, gid }, fold, undefined);
    this.#walker = new Walker(this.root, rootPath, rules);
    this.descriptors = new Descriptors(this.#walker);
  }

  mkdir = (path: string, mode: number): void => names.mkdir(this.#walker, path, mode);
  rmdir = (path: string): void => names.rmdir(this.#walker, path);
  unlink = (path: string): void => names.unlink(this.#walker, path);
  rename = (from: string, to: string): void => names.rename(this.#walker, from, to);
  link = (from: string, to: string): void => names.link(this.#walker, from, to);
  symlink = (target: string, path: string): void => names.symlink(this.#walker, target, path);

  readlink(path: string): string {
    const node = this.#walker.find(path, false, 'readlink');
    if (node.kind !== 'link') throw new Failure('EINVAL', 'readlink');
    node.accessed = undefined;
    return node.target;
  }

  readdir(path: string): string[] {
    const node = this.#walker.find(path, true, 'scandir');
    if (node.kind !== 'folder') throw new Failure('ENOTDIR', 'scandir');
    node.accessed = undefined;
    return [...node.children].map(([name, child]) => `${name} ${child.kind}`).sort();
  }

  stat = (path: string): ModelStats => this.#stats(this.#walker.find(path, true, 'stat'));
  lstat = (path: string): ModelStats => this.#stats(this.#walker.find(path, false, 'lstat'));
  fstat = (handle: Handle): ModelStats => this.#stats(this.descriptors.node(handle, 'fstat'));

  #stats(node: ModelNode): ModelStats {
    const sizes = {
      file: () => (node.kind === 'file' ? node.contents.size : 0),
      link: () => (node.kind === 'link' ? Buffer.byteLength(node.target) : 0),
      folder: () => 0,
    };
    const { kind, mode, uid, gid } = node;
    const nlink = node.kind === 'folder' ? folderLinks(node) : node.links;
    const times = { atime: node.accessed, mtime: node.modified, ctime: node.changed };
    return { node, kind, mode, uid, gid, nlink, size: sizes[kind](), ...times };
  }

  chmod = (path: string, mode: number): void => this.#setMode(this.#walker.find(path, true, 'chmod'), mode);
  fchmod = (handle: Handle, mode: number): void =>
    this.#setMode(this.descriptors.node(handle, 'fchmod'), mode);

  #setMode(node: ModelNode, mode: number): void {
    node.mode = keptMode(node.kind, mode, this.rules);
    markChanged(node);
  }

  chown = (path: string, uid: number, gid: number): void =>
    this.#setOwner(this.#walker.find(path, true, 'chown'), uid, gid, 'chown');
  lchown = (path: string, uid: number, gid: number): void =>
    this.#setOwner(this.#walker.find(path, false, 'lchown'), uid, gid, 'lchown');

  #setOwner(node: ModelNode, uid: number, gid: number, syscall: string): void {
    const isOther = node.uid !== uid || node.gid !== gid;
    if (this.rules.owners === 'fixed' && isOther) throw new Failure('EPERM', syscall);
    if (!isOther && this.rules.sameOwnerIsNoChange) return;
    node.uid = uid;
    node.gid = gid;
    markChanged(node);
  }

  utimes = (path: string, accessed: number, modified: number): void =>
    this.#setTimes(this.#walker.find(path, true, 'utime'), accessed, modified);
  lutimes = (path: string, accessed: number, modified: number): void =>
    this.#setTimes(this.#walker.find(path, false, 'lutime'), accessed, modified);
  futimes = (handle: Handle, accessed: number, modified: number): void =>
    this.#setTimes(this.descriptors.node(handle, 'futime'), accessed, modified);

  #setTimes(node: ModelNode, accessed: number, modified: number): void {
    node.accessed = { exactly: accessed * 1000 };
    node.modified = { exactly: modified * 1000 };
    markChanged(node);
  }

  access(path: string, mode: number): void {
    const node = this.#walker.find(path, true, 'access');
    const isRefused = (mode & 1) !== 0 && node.kind !== 'folder' && (node.mode & 0o111) === 0;
    if (isRefused) throw new Failure('EACCES', 'access');
  }

  exists(path: string): boolean {
    try {
      this.access(path, 0);
      return true;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  }

  open = (path: string, flags: string | number, mode: number): Handle =>
    this.descriptors.open(path, flags, mode);
  close = (handle: Handle): void => this.descriptors.close(handle);
  /** Node asks nobody for no bytes. */
  read = (handle: Handle, length: number, position: number | null): Buffer =>
    length === 0 ? Buffer.alloc(0) : this.descriptors.read(handle, length, position);
  write = (handle: Handle, bytes: Bytes, position: number | null): number =>
    this.descriptors.write(handle, bytes, position);

  readv(handle: Handle, lengths: number[], position: number | null): Buffer {
    const length = lengths.reduce((sum, one) => sum + one, 0);
    return this.descriptors.read(handle, length, position);
  }

  writev(handle: Handle, pieces: Bytes[], position: number | null): number {
    let written = 0;
    for (const piece of pieces)
      written += this.write(handle, piece, position === null ? null : position + written);
    return written;
  }

  ftruncate = (handle: Handle, length: number): void => this.descriptors.ftruncate(handle, length);

  truncate = (path: string, length: number): void =>
    this.descriptors.use(path, 'r+', (handle) => this.ftruncate(handle, length));

  fsync = (handle: Handle): void => void this.descriptors.node(handle, 'fsync');
  fdatasync = (handle: Handle): void => void this.descriptors.node(handle, 'fdatasync');

  readFile = (path: string): Buffer =>
    this.descriptors.use(path, 'r', (handle) => {
      const node = this.descriptors.node(handle, 'fstat');
      const size = node.kind === 'file' ? node.contents.size : 0;
      if (size >= largestReadFile) throw new Failure('ERR_FS_FILE_TOO_LARGE', undefined);
      return this.read(handle, Math.max(1, size), 0);
    });

  writeFile = (path: string, bytes: Bytes, flag: string): void =>
    this.descriptors.use(path, flag, (handle) => {
      if (bytes.length > 0) this.write(handle, bytes, null);
    });
}
