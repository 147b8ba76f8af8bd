// SPDX-License-Identifier: BSD-2-Clause
// arguments.ts: checks of arguments. What is wrong is decided here; the error is node:fs's own, in the words of the
// Node that runs: it is asked to take the same wrong argument, and refuses. It is only asked with arguments that it
// must refuse, or with a descriptor that no process has, so it never touches a file.
import * as nodeFs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NativePath } from '../../native/addon-types.js';

/** A path as the addon takes it. */
export type CheckedPath = NativePath;

/** A descriptor that is valid in form and open in no process. */
export const noDescriptor = 0x7fff_ffff;
const largestDescriptor = 0x7fff_ffff;

/** Throws what the call throws. A call that succeeds is a mistake in the check above it. */
export function throwAsNode(call: () => unknown): never {
  call();
  throw new TypeError('An argument is invalid');
}

/** The names that node:fs's messages have for paths, each with a call that refuses a wrong one. */
const pathRefusals = {
  path: (path: nodeFs.PathLike) => {
    nodeFs.accessSync(path);
  },
  oldPath: (path: nodeFs.PathLike) => nodeFs.readlinkSync(path),
  newPath: (path: nodeFs.PathLike) => {
    nodeFs.renameSync('', path);
  },
  existingPath: (path: nodeFs.PathLike) => {
    nodeFs.linkSync(path, '');
  },
  target: (path: nodeFs.PathLike) => {
    nodeFs.symlinkSync(path, '');
  },
  src: (path: nodeFs.PathLike) => {
    nodeFs.copyFileSync(path, '');
  },
  dest: (path: nodeFs.PathLike) => {
    nodeFs.copyFileSync('', path);
  },
  prefix: (path: nodeFs.PathLike) => nodeFs.mkdtempSync(path as string),
} as const;

/** Checks a path: a string, a Buffer or a file URL, without a NUL. */
export function checkPath(path: unknown, name: keyof typeof pathRefusals = 'path'): CheckedPath {
  if (typeof path === 'string' ? !path.includes('\0') : path instanceof Uint8Array && !path.includes(0)) {
    return path as CheckedPath;
  }
  if (
    path instanceof URL &&
    path.protocol === 'file:' &&
    !/%00|%2f/i.test(path.pathname) &&
    path.host === ''
  ) {
    return fileURLToPath(path);
  }
  return throwAsNode(() => pathRefusals[name](path as nodeFs.PathLike));
}

/** A path as text, for what is done with its text. */
export function pathText(path: CheckedPath): string {
  return typeof path === 'string' ? path : Buffer.from(path).toString();
}

/** Checks a descriptor: an integer from 0 to 2^31-1. */
export function checkDescriptor(fd: unknown): number {
  if (typeof fd === 'number' && Number.isInteger(fd) && fd >= 0 && fd <= largestDescriptor)
    return fd === 0 ? 0 : fd;
  return throwAsNode(() => {
    nodeFs.fstatSync(fd as number);
  });
}

/** Options that may be given as the name of an encoding. */
export interface EncodingOptions {
  encoding?: BufferEncoding | 'buffer' | null | undefined;
}

const noOptions: Readonly<Record<string, never>> = Object.freeze({});

/** Checks options as node:fs's calls share them: nothing, an encoding, or an object. */
export function checkOptions<T extends EncodingOptions>(options: unknown, defaults: T = noOptions as T): T {
  if (options === null || options === undefined || typeof options === 'function') return defaults;
  const object = typeof options === 'string' ? { ...defaults, encoding: options } : options;
  const encoding = (object as T).encoding;
  const isGood =
    typeof object === 'object' && isEncoding(encoding) && isSignal((object as { signal?: unknown }).signal);
  if (isGood) return object as T;
  return throwAsNode(() =>
    nodeFs.readFileSync(noDescriptor, options as EncodingOptions as { encoding: 'utf8' }),
  );
}

function isEncoding(encoding: unknown): boolean {
  return !encoding || encoding === 'buffer' || (typeof encoding === 'string' && Buffer.isEncoding(encoding));
}

function isSignal(signal: unknown): boolean {
  return signal === undefined || (typeof signal === 'object' && signal !== null && 'aborted' in signal);
}

const flagNames: Readonly<Record<string, number>> = makeFlagNames(nodeFs.constants);

function makeFlagNames(bits: typeof nodeFs.constants): Record<string, number> {
  const create = bits.O_CREAT;
  const write = bits.O_TRUNC | create | bits.O_WRONLY;
  const rewrite = bits.O_TRUNC | create | bits.O_RDWR;
  const append = bits.O_APPEND | create | bits.O_WRONLY;
  const reappend = bits.O_APPEND | create | bits.O_RDWR;
  const names: [string, number][] = [
    ['r', bits.O_RDONLY],
    ['rs sr', bits.O_RDONLY | bits.O_SYNC],
    ['r+', bits.O_RDWR],
    ['rs+ sr+', bits.O_RDWR | bits.O_SYNC],
    ['w', write],
    ['wx xw', write | bits.O_EXCL],
    ['w+', rewrite],
    ['wx+ xw+', rewrite | bits.O_EXCL],
    ['a', append],
    ['ax xa', append | bits.O_EXCL],
    ['as sa', append | bits.O_SYNC],
    ['a+', reappend],
    ['ax+ xa+', reappend | bits.O_EXCL],
    ['as+ sa+', reappend | bits.O_SYNC],
  ];
  return Object.fromEntries(names.flatMap(([words, value]) => words.split(' ').map((word) => [word, value])));
}

/** Flags of open as a number: Linux values, which fs.constants has. */
export function checkFlags(flags: unknown): number {
  if (flags === undefined || flags === null) return nodeFs.constants.O_RDONLY;
  if (typeof flags === 'number' && Number.isInteger(flags) && flags >= -0x8000_0000 && flags <= 0x7fff_ffff)
    return flags;
  const named = typeof flags === 'string' && Object.hasOwn(flagNames, flags) ? flagNames[flags] : undefined;
  if (named !== undefined) return named;
  return throwAsNode(() => nodeFs.openSync('', flags as string));
}

/** The mode of a file: a number, or octal digits. What is left out is refused if there is nothing to take instead. */
export function checkMode(mode: unknown, otherwise?: number): number {
  if ((mode === undefined || mode === null) && otherwise !== undefined) return otherwise;
  if (typeof mode === 'string' && /^[0-7]+$/.test(mode)) return Number.parseInt(mode, 8) >>> 0;
  if (typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 0xffff_ffff) return mode;
  return throwAsNode(() => {
    nodeFs.chmodSync('', mode as number);
  });
}

/** The mode of access: a number of its bits. */
export function checkAccessMode(mode: unknown): number {
  if (mode === undefined || mode === null) return nodeFs.constants.F_OK;
  if (typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 7) return mode;
  return throwAsNode(() => {
    nodeFs.accessSync('', mode as number);
  });
}

/** A callback, which must be a function. */
export function checkCallback(callback: unknown): asserts callback is (...results: unknown[]) => void {
  if (typeof callback === 'function') return;
  throwAsNode(() => {
    nodeFs.close(noDescriptor, callback as () => void);
  });
}
