// SPDX-License-Identifier: BSD-2-Clause
// descriptors.ts: the model's open files: they stay what they are, whatever becomes of the names.
import { bytesOf, type Bytes } from '../bytes.js';
import type { Handle } from '../calls.js';
import { creationMode, parseFlags, type OpenFlags } from './flags.js';
import { checkNew, doubtTime, enter, nodeAt, ownerIn } from './names.js';
import { Failure, makeFile, markChanged, touch, type FileNode, type ModelNode } from './tree.js';
import type { Place, Walker } from './walk.js';

interface Descriptor {
  node: ModelNode;
  flags: OpenFlags;
  position: number;
}

/** Open files by handle. */
export class Descriptors {
  readonly #open = new Map<Handle, Descriptor>();
  #next = 0;

  readonly walker: Walker;
  constructor(walker: Walker) {
    this.walker = walker;
  }

  /** Those that are open. */
  handles(): Handle[] {
    return [...this.#open.keys()];
  }

  node(handle: Handle, syscall: string): ModelNode {
    return this.#descriptor(handle, syscall).node;
  }

  open(path: string, flags: string | number, mode: number): Handle {
    this.#open.set(this.#next, this.#describe(path, flags, mode));
    return this.#next++;
  }

  /** Opens for the time of some work. */
  use<T>(path: string, flags: string | number, work: (handle: Handle) => T): T {
    const handle = -1;
    this.#open.set(handle, this.#describe(path, flags, 0o666));
    try {
      return work(handle);
    } finally {
      this.#open.delete(handle);
    }
  }

  #describe(path: string, given: string | number, mode: number): Descriptor {
    const flags = parseFlags(given);
    const node = flags.creates ? this.#create(path, flags, mode) : this.#find(path, flags);
    if (flags.folderOnly && node.kind !== 'folder') throw new Failure('ENOTDIR', 'open');
    if (node.kind === 'folder' && flags.canWrite) throw new Failure('EISDIR', 'open');
    if (flags.truncates && node.kind === 'file') resize(node, 0);
    return { node, flags, position: 0 };
  }

  close(handle: Handle): void {
    this.#descriptor(handle, 'close');
    this.#open.delete(handle);
  }

  read(handle: Handle, length: number, position: number | null): Buffer {
    const descriptor = this.#descriptor(handle, 'read');
    const { node, flags } = descriptor;
    if (!flags.canRead) throw new Failure('EBADF', 'read');
    if (node.kind !== 'file') throw new Failure('EISDIR', 'read');
    const bytes = node.contents.read(position ?? descriptor.position, length);
    if (position === null) descriptor.position += bytes.length;
    node.accessed = undefined;
    return bytes;
  }

  write(handle: Handle, bytes: Bytes, position: number | null): number {
    const descriptor = this.#descriptor(handle, 'write');
    const { node, flags } = descriptor;
    if (!flags.canWrite || node.kind !== 'file') throw new Failure('EBADF', 'write');
    const at = flags.appends ? node.contents.size : (position ?? descriptor.position);
    if (bytes.length === 0) return 0;
    if (at + bytes.length > this.walker.rules.fileMax) throw new Failure('EFBIG', 'write');
    node.contents.write(at, bytesOf(bytes));
    touch(node);
    if (position === null) descriptor.position = at + bytes.length;
    return bytes.length;
  }

  ftruncate(handle: Handle, length: number): void {
    const { node, flags } = this.#descriptor(handle, 'ftruncate');
    if (!flags.canWrite || node.kind !== 'file') throw new Failure('EINVAL', 'ftruncate');
    if (length > this.walker.rules.fileMax) throw new Failure('EFBIG', 'ftruncate');
    resize(node, length);
  }

  #descriptor(handle: Handle, syscall: string): Descriptor {
    const descriptor = this.#open.get(handle);
    if (descriptor === undefined) throw new Failure('EBADF', syscall);
    return descriptor;
  }

  #find(path: string, flags: OpenFlags): ModelNode {
    const node = this.walker.find(path, !flags.noFollow, 'open');
    if (node.kind === 'link') throw new Failure(flags.folderOnly ? 'ENOTDIR' : 'ELOOP', 'open');
    return node;
  }

  #create(path: string, flags: OpenFlags, mode: number): ModelNode {
    const place =
      flags.exclusive || flags.noFollow
        ? this.walker.locate(path, 'open')
        : this.walker.locateTarget(path, 'open');
    if (place.hasSlash) this.#refuseSlash(place, flags);
    if (place.node === undefined) return this.#make(place, mode);
    if (flags.exclusive) throw new Failure('EEXIST', 'open');
    if (place.node.kind === 'folder') throw new Failure('EISDIR', 'open');
    if (place.node.kind === 'link') throw new Failure('ELOOP', 'open');
    return place.node;
  }

  /** With a slash at its end it is no name of a file: the BSDs say why in the order in which they look. */
  #refuseSlash(place: Place, { exclusive }: OpenFlags): never {
    const { rules } = this.walker;
    doubtTime(place, rules);
    if (!rules.isBsd) throw new Failure('EISDIR', 'open');
    if (nodeAt(place, rules, 'open') === undefined) throw new Failure('ENOENT', 'open');
    throw new Failure(exclusive ? 'EEXIST' : 'EISDIR', 'open');
  }

  #make(place: Place, mode: number): FileNode {
    const { rules } = this.walker;
    checkNew(place, rules, 'open');
    const file = makeFile(creationMode('file', mode, rules), ownerIn(place.folder, rules));
    enter(place, file);
    return file;
  }
}

/** Cutting a file to the size that it has may leave its times as they are, or not. */
function resize(node: FileNode, length: number): void {
  if (node.contents.size === length) {
    node.modified = undefined;
    markChanged(node);
    node.changed = undefined;
    return;
  }
  node.contents.truncate(length);
  touch(node);
}
