// SPDX-License-Identifier: BSD-2-Clause
// addon-types.ts: what the addon (glue/node) offers, as types. Answers are explained in glue/node/kernel.h.
import type { NativeError } from '../errors.js';

/** A number of a call that failed is a negative Linux errno, or `ended` of the addon. */
export type Failure = number;

/** Names in a folder and their d_type values. */
export interface NativeNames<Name> {
  names: Name[];
  types: Uint8Array;
}

/** How a kernel is. */
export interface NativeState {
  isOpen: boolean;
  hasEnded: boolean;
  /** The value that the kernel ended with; -1 for a panic. */
  exitValue: number;
  /** Calls under way on the pool. */
  pending: number;
}

/** What a kernel holds of its process. */
export interface KernelUsage {
  /** Memory that the kernel has allocated, in bytes. */
  bytes: number;
  /** Files and devices of the host that are open. */
  files: number;
  /** Threads that the kernel made. */
  threads: number;
}

/** A path as the addon takes it. */
export type NativePath = string | Uint8Array;

/** What a call gives: at once where it was done at once, else a promise of it. */
export type Answer<T> = T | Promise<T>;

/** A call. Its last argument: it may be done later, on a thread of the addon's; then the answer may be a promise. */
export interface NativeCall<Args extends unknown[], Now, Later = Now> {
  (...args: [...Args, mayBeLater: false]): Now;
  (...args: [...Args, mayBeLater: boolean]): Answer<Now | Later>;
}

/** A call on paths and integers that gives 0. */
export type SimpleCall<Args extends unknown[]> = NativeCall<Args, number>;

type Transfer = [fd: number, bytes: Uint8Array, offset: number, length: number, at: number | bigint];

/** The addon's kernel object. */
export interface NativeKernel {
  /** Where stat with isBigint false puts its numbers. */
  readonly numbers: Float64Array;
  /** Where stat with isBigint true puts its numbers. */
  readonly bigints: BigInt64Array;
  boot(): Promise<number>;
  attach(): void;
  close(): Promise<number>;
  path(): string;
  state(): NativeState;
  consoleTail(): string;
  usage(): KernelUsage;

  access: SimpleCall<[path: NativePath, mode: number]>;
  chmod: SimpleCall<[path: NativePath, mode: number]>;
  chown: SimpleCall<[path: NativePath, uid: number, gid: number]>;
  closeFile: SimpleCall<[fd: number]>;
  fchmod: SimpleCall<[fd: number, mode: number]>;
  fchown: SimpleCall<[fd: number, uid: number, gid: number]>;
  fdatasync: SimpleCall<[fd: number]>;
  fsync: SimpleCall<[fd: number]>;
  ftruncate: SimpleCall<[fd: number, length: number]>;
  lchown: SimpleCall<[path: NativePath, uid: number, gid: number]>;
  link: SimpleCall<[from: NativePath, to: NativePath]>;
  mkdir: SimpleCall<[path: NativePath, mode: number]>;
  rename: SimpleCall<[from: NativePath, to: NativePath]>;
  rmdir: SimpleCall<[path: NativePath]>;
  symlink: SimpleCall<[target: NativePath, path: NativePath]>;
  unlink: SimpleCall<[path: NativePath]>;

  /** Descriptor of a queue of change events (fsevents.h). */
  eventsOpen(): number;
  /** Number of a watch. */
  eventsAdd(queue: number, path: NativePath, mask: number): number;
  eventsRemove(queue: number, watch: number): number;
  /** Records, once there are some; meanwhile the process may end. */
  eventsRead(queue: number, mayBeLater: true): Answer<Buffer | Failure>;

  /** Opens the queue of socket events: the mark becomes 1 in a call of this thread, or the callback is called. */
  netOpen(mark: Int32Array, onEvents: () => void): number;
  netClose(): void;
  /** Whether sockets keep the process running. */
  netHold(isHeld: boolean): void;
  /** Takes events, each as two numbers: which socket, and 1 if it can be written to. */
  netTake(into: Int32Array): number;
  /** A socket that never waits; family 4, 6, or 1 for paths. */
  socketOpen(family: number, type: number): number;
  socketClose(fd: number): number;
  /** Descriptor of the next connection, whose reading is watched under the number. */
  socketAccept(fd: number, number: number): number;
  socketWatch(fd: number, number: number, isWrite: boolean, isOnce: boolean): number;
  socketBind(fd: number, family: number, address: string, port: number): number;
  socketConnect(fd: number, family: number, address: string, port: number): number;
  socketListen(fd: number, backlog: number): number;
  socketName(fd: number, isPeer: boolean): SocketName | Failure;
  socketShutdown(fd: number, how: number): number;
  socketSet(fd: number, level: number, name: number, value: number): number;
  socketGet(fd: number, level: number, name: number): number;
  socketError(fd: number): number;
  /** Who sent each message; null: as the one before. */
  socketReceive(fd: number, into: Uint8Array, lengths: Int32Array): readonly (SocketName | null)[] | Failure;
  /** Family 0: to the peer. */
  socketSend(
    fd: number,
    pieces: readonly Uint8Array[],
    family: number,
    address: string,
    port: number,
  ): number;
  /** NetBSD's structures, one for each address (SIOCGIFCONF). */
  socketInterfaces(fd: number): Buffer | Failure;
  socketIoctl(fd: number, command: number, bytes: Uint8Array): number;
  socketMember(fd: number, family: number, group: string, address: string, isJoin: boolean): number;
  socketMulticast(fd: number, family: number, address: string): number;
  socketRead(fd: number, bytes: Uint8Array): number;
  socketWrite(fd: number, bytes: Uint8Array, offset: number): number;
  socketWriteAll(fd: number, pieces: readonly Uint8Array[]): number;

  copyFile: SimpleCall<[from: NativePath, to: NativePath, mode: number]>;
  fstat: NativeCall<[fd: number, isBigint: boolean], number, StatNumbers>;
  makeFolders: NativeCall<[path: NativePath, mode: number], Buffer | Failure>;
  makeTemporaryFolder: NativeCall<[prefix: NativePath], Buffer | Failure>;
  open: NativeCall<[path: NativePath, flags: number, mode: number], number>;
  read: NativeCall<Transfer, number>;
  readdir: NativeCall<[path: NativePath, isRaw: boolean], NativeNames<string | Buffer> | Failure>;
  readFile: NativeCall<[path: NativePath, flags: number], ReadFileAnswer>;
  readlink: NativeCall<[path: NativePath], Buffer | Failure>;
  realpath: NativeCall<[path: NativePath], Buffer | Failure>;
  removeTree: NativeCall<[path: NativePath], RemoveTreeAnswer>;
  stat: NativeCall<[path: NativePath, isLink: boolean, isBigint: boolean], number, StatNumbers>;
  statfs: NativeCall<[path: NativePath], BigInt64Array | Failure>;
  utimes: SimpleCall<[file: NativePath | number, atime: number, mtime: number, isLink: boolean]>;
  vector: NativeCall<[fd: number, pieces: Uint8Array[], at: number | bigint, isWrite: boolean], number>;
  write: NativeCall<Transfer, number>;
  writeFile: NativeCall<
    [path: NativePath, bytes: Uint8Array, flags: number, mode: number, isFlushed: boolean],
    WriteFileAnswer
  >;
}

/** An address of a socket. */
export type SocketName = readonly [address: string, port: number, family: 1 | 4 | 6];

/** The 18 numbers of a stat, in the order of glue/node/stat.cc. */
export type StatNumbers = Float64Array | BigInt64Array;

/** The bytes; or the size of a file that is too large; or the failure and which call it was (open, fstat, read). */
export type ReadFileAnswer = Buffer | bigint | readonly [Failure, 0 | 1 | 2];

/** 0; or the failure and which call it was (open, write, fsync, close). */
export type WriteFileAnswer = 0 | readonly [Failure, 0 | 1 | 2 | 3];

/** 0; or the failure, which call it was (lstat, unlink, scandir, rmdir) and on what. */
export type RemoveTreeAnswer = 0 | readonly [Failure, 0 | 1 | 2 | 3, Buffer];

/** What the addon's `initialise` gives. */
export interface NativeAddon {
  readonly Kernel: new (sharedObject: string, isVerbose: boolean) => NativeKernel;
  /** The answer of every call into a kernel that is gone. */
  readonly ended: number;
  /** A positive NetBSD errno as a positive Linux one. */
  errnoToLinux(netbsd: number): number;
  /** The environment ends: calls that have not begun on the pool are left out. */
  leave(): void;
}

/** The module that `require` gives. */
export interface NativeModule {
  initialise(errorClass: typeof NativeError): NativeAddon;
}
