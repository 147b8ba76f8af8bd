// SPDX-License-Identifier: BSD-2-Clause
// readdir.ts: names in a folder, or in all folders below it.
import type { Dirent } from 'node:fs';
import * as nodePath from 'node:path';
import type { NativeNames } from '../../native/addon-types.js';
import type { KernelSession } from '../session.js';
import { checkOptions, checkPath, pathText, type CheckedPath, type EncodingOptions } from './arguments.js';
import { encodeName } from './encoding.js';
import { CallOperation, step, StepsOperation, type Operation, type Steps } from './operation.js';
import { modeOperation } from './stat-operations.js';
import { makeDirent, typeOfMode } from './stats.js';

interface ReaddirOptions extends EncodingOptions {
  withFileTypes?: boolean | undefined;
  recursive?: boolean | undefined;
}

/** What readdir gives: names, or Dirents. */
export type Entries = (string | Buffer)[] | Dirent[];

type Names = NativeNames<string | Buffer>;

/** The d_type values of folders and of what is not known. */
export const folderType = 4;
const unknownType = 0;

/** readdir. */
export function readdirOperation(
  session: KernelSession,
  path: unknown,
  givenOptions: unknown,
): Operation<Entries> {
  const options = checkOptions<ReaddirOptions>(givenOptions);
  const checked = checkPath(path);
  checkRecursive(options.recursive);
  if (options.recursive) return new StepsOperation(() => listTree(session, checked, options));
  if (options.withFileTypes) return new StepsOperation(() => listEntries(session, checked, options));
  return scanOperation(session, checked, options.encoding, ({ names }) => names);
}

/** Whether a listing goes into folders: true, false, or nothing. */
export function checkRecursive(value: unknown): void {
  if (value === null || value === undefined || typeof value === 'boolean') return;
  const kind = typeof value === 'string' ? `type string ('${value}')` : `type ${typeof value}`;
  throw Object.assign(
    new TypeError(`The "options.recursive" property must be of type boolean. Received ${kind}`),
    { code: 'ERR_INVALID_ARG_TYPE' },
  );
}

/** One folder's names, and their types where the file system says them. */
function scanOperation<T>(
  session: KernelSession,
  path: CheckedPath,
  encoding: EncodingOptions['encoding'],
  take: (names: Names) => T,
): Operation<T> {
  const isRaw = Boolean(encoding) && encoding !== 'utf8' && encoding !== 'utf-8';
  return new CallOperation<Names | number, T>(
    session,
    (mayBeLater) => session.native.readdir(path, isRaw, mayBeLater),
    (answer) => {
      if (typeof answer === 'number') throw session.failure(answer, 'scandir', path);
      if (isRaw) answer.names = answer.names.map((name) => encodeName(name as Buffer, encoding));
      return take(answer);
    },
  );
}

/** The Dirents of one folder. */
function* listEntries(
  session: KernelSession,
  path: CheckedPath,
  { encoding }: EncodingOptions,
): Steps<Dirent[]> {
  const { names, types } = yield* step(scanOperation(session, path, encoding, (answer) => answer));
  const entries: Dirent[] = [];
  for (const [index, name] of names.entries()) {
    const known = types[index] ?? unknownType;
    const type = known === unknownType ? yield* findType(session, path, name) : known;
    entries.push(makeDirent(name, type, path));
  }
  return entries;
}

/** Level by level, as node:fs does it. Names follow links to folders, Dirents do not: that, too, is node:fs. */
function* listTree(session: KernelSession, root: CheckedPath, options: ReaddirOptions): Steps<Entries> {
  const base = pathText(root);
  const found: (string | Dirent)[] = [];
  const folders = [base];
  for (const folder of folders) {
    if (options.withFileTypes) {
      for (const entry of yield* listEntries(session, folder, options)) {
        found.push(entry);
        if (entry.isDirectory()) folders.push(nodePath.join(folder, entry.name));
      }
      continue;
    }
    const names = yield* step(scanOperation(session, folder, options.encoding, (answer) => answer.names));
    for (const name of names) {
      const path = nodePath.join(folder, name.toString());
      found.push(nodePath.relative(base, path));
      if ((yield* findType(session, folder, name, 'stat')) === folderType) folders.push(path);
    }
  }
  return found as Entries;
}

/** Not every file system says the type with the name. */
function* findType(
  session: KernelSession,
  folder: CheckedPath,
  name: string | Buffer,
  call: 'stat' | 'lstat' = 'lstat',
): Steps<number> {
  const path = Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)]);
  try {
    return typeOfMode(yield* step(modeOperation(session, path, call)));
  } catch {
    return unknownType;
  }
}
