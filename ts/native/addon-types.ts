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

/** The addon's kernel object. The last argument of a file call: do it on a pool thread and answer with a promise. */
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

  access(path: string | Uint8Array, mode: number, isAsync: false): number;
  access(path: string | Uint8Array, mode: number, isAsync: true): Promise<number>;
  closeFile(fd: number, isAsync: false): number;
  closeFile(fd: number, isAsync: true): Promise<number>;
  fstat(fd: number, isBigint: boolean, isAsync: false): number;
  fstat(fd: number, isBigint: boolean, isAsync: true): Promise<StatNumbers | Failure>;
  open(path: string | Uint8Array, flags: number, mode: number, isAsync: false): number;
  open(path: string | Uint8Array, flags: number, mode: number, isAsync: true): Promise<number>;
  read(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    at: number | bigint,
    isAsync: false,
  ): number;
  read(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    at: number | bigint,
    isAsync: true,
  ): Promise<number>;
  readdir(path: string | Uint8Array, isRaw: boolean, isAsync: false): NativeNames<string | Buffer> | Failure;
  readdir(
    path: string | Uint8Array,
    isRaw: boolean,
    isAsync: true,
  ): Promise<NativeNames<string | Buffer> | Failure>;
  readFile(path: string | Uint8Array, flags: number, isAsync: false): ReadFileAnswer;
  readFile(path: string | Uint8Array, flags: number, isAsync: true): Promise<ReadFileAnswer>;
  readlink(path: string | Uint8Array, isAsync: false): Buffer | Failure;
  readlink(path: string | Uint8Array, isAsync: true): Promise<Buffer | Failure>;
  realpath(path: string | Uint8Array, isAsync: false): Buffer | Failure;
  realpath(path: string | Uint8Array, isAsync: true): Promise<Buffer | Failure>;
  stat(path: string | Uint8Array, isLink: boolean, isBigint: boolean, isAsync: false): number;
  stat(
    path: string | Uint8Array,
    isLink: boolean,
    isBigint: boolean,
    isAsync: true,
  ): Promise<StatNumbers | Failure>;
  statfs(path: string | Uint8Array, isAsync: false): BigInt64Array | Failure;
  statfs(path: string | Uint8Array, isAsync: true): Promise<BigInt64Array | Failure>;
}

/** The 18 numbers of a stat, in the order of glue/node/stat.cc. */
export type StatNumbers = Float64Array | BigInt64Array;

/** The bytes; or the size of a file that is too large; or the failure and which call it was (open, fstat, read). */
export type ReadFileAnswer = Buffer | bigint | readonly [Failure, 0 | 1 | 2];

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
