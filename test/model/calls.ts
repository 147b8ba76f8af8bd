// SPDX-License-Identifier: BSD-2-Clause
// calls.ts: the calls that are made on a model and on a file system alike, and how they are written down.
import type { Bytes } from './bytes.js';
import type { ModelNode, Time } from './model/tree.js';

/** An open file: the first one is 0, the next 1, and so on; none is used twice. */
export type Handle = number;

/** What the model says that stat should say. */
export interface ModelStats {
  node: ModelNode;
  kind: ModelNode['kind'];
  mode: number;
  nlink: number;
  size: number;
  uid: number;
  gid: number;
  atime: Time;
  mtime: Time;
  ctime: Time;
}

/** Calls in the shape of node:fs's; a stat of the model is ModelStats, one of a file system is Node's Stats. */
export interface Calls {
  mkdir(path: string, mode: number): void;
  rmdir(path: string): void;
  unlink(path: string): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  symlink(target: string, path: string): void;
  readlink(path: string): string;
  /** Names with a letter for their type, sorted. */
  readdir(path: string): string[];
  stat(path: string): unknown;
  lstat(path: string): unknown;
  fstat(handle: Handle): unknown;
  chmod(path: string, mode: number): void;
  fchmod(handle: Handle, mode: number): void;
  chown(path: string, uid: number, gid: number): void;
  lchown(path: string, uid: number, gid: number): void;
  /** Times in seconds. */
  utimes(path: string, accessed: number, modified: number): void;
  lutimes(path: string, accessed: number, modified: number): void;
  futimes(handle: Handle, accessed: number, modified: number): void;
  access(path: string, mode: number): void;
  open(path: string, flags: string | number, mode: number): Handle;
  close(handle: Handle): void;
  /** At the file's own position if there is none. */
  read(handle: Handle, length: number, position: number | null): Buffer;
  write(handle: Handle, bytes: Bytes, position: number | null): number;
  readv(handle: Handle, lengths: number[], position: number | null): Buffer;
  writev(handle: Handle, pieces: Bytes[], position: number | null): number;
  truncate(path: string, length: number): void;
  ftruncate(handle: Handle, length: number): void;
  fsync(handle: Handle): void;
  fdatasync(handle: Handle): void;
  readFile(path: string): Buffer;
  writeFile(path: string, bytes: Bytes, flag: string): void;
  exists(path: string): boolean;
}

/** One call, with arguments that can be printed. */
export interface Call {
  name: keyof Calls;
  args: readonly unknown[];
}

/** How a call ended. */
export type Outcome = { value: unknown } | { code: string; syscall: string | undefined };

/** A call as it would be written. */
export function printCall({ name, args }: Call): string {
  return `${name}(${args.map((arg) => shorten(JSON.stringify(arg))).join(', ')})`;
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 90)}...${text.slice(-90)} [${text.length} characters]`;
}
