// SPDX-License-Identifier: BSD-2-Clause
// compare.ts: makes one call and writes its outcome down in a form that can be compared between file systems.
//
// Left out, because an image cannot agree with the host's file system on them: of Stats dev, ino, rdev, blksize,
// blocks, nlink of folders, size of folders and links, and the times other than mtime. Lists are sorted: their order
// is the file system's own. A kernel's working directory is its root.
import { Dirent, Stats, type BigIntStats } from 'node:fs';
import * as nodeFs from 'node:fs';
import type { Call } from './calls.js';
import type { Subject } from './subjects.js';

/** In which form a call is made. */
export type Form = 'sync' | 'promise' | 'callback';

type Function = (...args: unknown[]) => unknown;

/** Makes the call; undefined if there is no such form of it. */
export async function outcomeOf({ fs, root }: Subject, form: Form, { name, args }: Call): Promise<unknown> {
  const given = args.map((arg) => placed(arg, root));
  const function_ = functionOf(fs, form, name);
  if (function_ === undefined) return undefined;
  try {
    const value = form === 'callback' ? await withCallback(function_, given) : await function_(...given);
    return { value: describeValue(await released(fs, name, value), root) };
  } catch (error) {
    return { error: describeFailure(error, root) };
  }
}

/** True if node:fs has the call in this form and so has kernel.fs. */
export function functionOf(fs: Subject['fs'], form: Form, name: string): Function | undefined {
  const holder = (form === 'promise' ? fs.promises : fs) as unknown as Record<string, unknown>;
  const found = holder[form === 'sync' ? `${name}Sync` : name];
  return typeof found === 'function' ? (found as Function) : undefined;
}

function withCallback(function_: Function, args: unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    function_(...args, (error: Error | null, value: unknown) => {
      if (error) reject(error);
      else resolve(value);
    });
  });
}

/** What was opened is closed again; that it was opened is the outcome. */
async function released(fs: Subject['fs'], name: string, value: unknown): Promise<unknown> {
  if (name === 'open' && typeof value === 'number') fs.closeSync(value);
  else if (name === 'open' || name === 'opendir') await (value as { close(): Promise<void> }).close();
  return name === 'open' || name === 'opendir' ? 'opened' : value;
}

function placed(arg: unknown, root: string): unknown {
  if (typeof arg === 'string') return arg.replace(/^@/, root);
  if (Buffer.isBuffer(arg) && arg[0] === 0x40) return Buffer.from(arg.toString().replace(/^@/, root));
  return arg;
}

const rootMark = '<root>';

function describeValue(value: unknown, root: string): unknown {
  if (value instanceof Stats || isBigIntStats(value)) return describeStats(value);
  if (value instanceof Dirent) return describeDirent(value as Dirent, root);
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(describeValue(item, root))).sort();
  if (Buffer.isBuffer(value)) return `buffer ${describeBytes(value, root)}`;
  if (typeof value === 'string') return describeText(value, root);
  if (ArrayBuffer.isView(value)) return value;
  if (typeof value === 'object' && value !== null) return describeFields(value, root);
  return value;
}

function describeFields(value: object, root: string): Record<string, unknown> {
  const names = Object.keys(value).sort() as (keyof typeof value)[];
  return Object.fromEntries(names.map((name) => [name, describeValue(value[name], root)]));
}

function describeText(text: string, root: string): string {
  const hexRoot = Buffer.from(root).toString('hex');
  const relative = text.replaceAll(root, rootMark).replaceAll(hexRoot, rootMark);
  return relative === process.cwd() ? '/' : relative.replaceAll(`${process.cwd()}/`, '/');
}

function describeBytes(bytes: Buffer, root: string): string {
  return describeText(bytes.toString('latin1'), root);
}

const bigIntStatsPrototype = Object.getPrototypeOf(nodeFs.statSync('/', { bigint: true })) as object;

function isBigIntStats(value: unknown): value is BigIntStats {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === bigIntStatsPrototype;
}

const volatileFields = /^(dev|ino|rdev|blksize|blocks|atime|ctime|birthtime)(Ms|Ns)?$/;

function describeStats(stats: Stats | BigIntStats): unknown {
  const isPlainFile = stats.isFile();
  const fields = Object.entries(stats).filter(
    ([name]) => !volatileFields.test(name) && (isPlainFile || (name !== 'nlink' && name !== 'size')),
  );
  return {
    names: Object.keys(stats),
    fields: Object.fromEntries(fields.map(([name, value]) => [name, String(value)])),
  };
}

function describeDirent(entry: Dirent, root: string): unknown {
  return {
    name: describeValue(entry.name, root),
    parentPath: describeText(entry.parentPath, root),
    is: [entry.isFile(), entry.isDirectory(), entry.isSymbolicLink()],
  };
}

/** An error with all that it says. */
export function describeFailure(error: unknown, root: string): unknown {
  if (!(error instanceof Error)) return error;
  return { name: error.name, message: describeText(error.message, root), ...describeFields(error, root) };
}
