// SPDX-License-Identifier: BSD-2-Clause
// readdir.ts: names in a folder, or in all folders below it.
import type { Dirent } from 'node:fs';
import * as nodePath from 'node:path';
import type { NativeNames } from '../../native/addon-types.js';
import type { KernelSession } from '../session.js';
import { checkOptions, checkPath, type CheckedPath, type EncodingOptions } from './arguments.js';
import { encodeName } from './encoding.js';
import type { Operation } from './operation.js';
import { makeDirent, typeOfMode } from './stats.js';

interface ReaddirOptions extends EncodingOptions {
  withFileTypes?: boolean | undefined;
  recursive?: boolean | undefined;
}

/** What readdir gives: names, or Dirents. */
export type Entries = (string | Buffer)[] | Dirent[];

/** How to make the calls that a listing needs: now or later. The generators below are the same for both. */
type ListCall =
  { call: 'scandir'; path: CheckedPath; isRaw: boolean } | { call: 'lstat' | 'stat'; path: CheckedPath };
type ListAnswer = NativeNames<string | Buffer> | number;
type Listing<T> = Generator<ListCall, T, ListAnswer>;

const folderType = 4;
const unknownType = 0;

/** readdir. */
export function readdirOperation(
  session: KernelSession,
  path: unknown,
  givenOptions: unknown,
): Operation<Entries> {
  const options = { ...checkOptions<ReaddirOptions>(givenOptions) };
  const checked = checkPath(path);
  if (options.recursive != null && typeof options.recursive !== 'boolean') refuseRecursive(options.recursive);
  const list = (): Listing<Entries> =>
    options.recursive ? listTree(checked, options) : listFolder(checked, options);
  return {
    now: () => runNow(session, list()),
    later: () => runLater(session, list()),
  };
}

function refuseRecursive(value: unknown): never {
  const kind = typeof value === 'string' ? `type string ('${value}')` : `type ${typeof value}`;
  throw Object.assign(
    new TypeError(`The "options.recursive" property must be of type boolean. Received ${kind}`),
    { code: 'ERR_INVALID_ARG_TYPE' },
  );
}

function* listFolder(path: CheckedPath, options: ReaddirOptions): Listing<Entries> {
  const { names, types } = yield* scan(path, options.encoding);
  if (!options.withFileTypes) return names;
  const entries: Dirent[] = [];
  for (const [index, name] of names.entries()) {
    const type = yield* typeOf(path, name, types[index] ?? unknownType);
    entries.push(makeDirent(name, type, path));
  }
  return entries;
}

/** Level by level, as node:fs does it. Names follow links to folders, Dirents do not: that, too, is node:fs. */
function* listTree(root: CheckedPath, options: ReaddirOptions): Listing<Entries> {
  const base = typeof root === 'string' ? root : Buffer.from(root).toString();
  const entries: (string | Buffer | Dirent)[] = [];
  const folders = [base];
  for (const folder of folders) {
    const { names, types } = yield* scan(folder, options.encoding);
    for (const [index, name] of names.entries()) {
      const path = nodePath.join(folder, name.toString());
      if (options.withFileTypes) {
        const type = yield* typeOf(folder, name, types[index] ?? unknownType);
        entries.push(makeDirent(name, type, folder));
        if (type === folderType) folders.push(path);
      } else {
        entries.push(nodePath.relative(base, path));
        const mode = (yield { call: 'stat', path }) as number;
        if (mode >= 0 && typeOfMode(mode) === folderType) folders.push(path);
      }
    }
  }
  return entries as Entries;
}

function* scan(
  path: CheckedPath,
  encoding: EncodingOptions['encoding'],
): Listing<NativeNames<string | Buffer>> {
  const isRaw = Boolean(encoding) && encoding !== 'utf8' && encoding !== 'utf-8';
  const answer = (yield { call: 'scandir', path, isRaw }) as NativeNames<string | Buffer>;
  if (isRaw) answer.names = answer.names.map((name) => encodeName(name as Buffer, encoding));
  return answer;
}

/** Not every file system says the type with the name. */
function* typeOf(folder: CheckedPath, name: string | Buffer, type: number): Listing<number> {
  if (type !== unknownType) return type;
  const path = Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)]);
  const mode = (yield { call: 'lstat', path }) as number;
  return mode < 0 ? unknownType : typeOfMode(mode);
}

const modeField = 1;

function runNow<T>(session: KernelSession, listing: Listing<T>): T {
  const { native } = session;
  let step = listing.next();
  while (!step.done) {
    const wanted = step.value;
    let answer: ListAnswer;
    if (wanted.call === 'scandir') {
      answer = native.readdir(wanted.path, wanted.isRaw, false);
      if (typeof answer === 'number') throw session.failure(answer, 'scandir', wanted.path);
    } else {
      answer = native.stat(wanted.path, wanted.call === 'lstat', false, false);
      if (answer === 0) answer = native.numbers[modeField] ?? 0;
    }
    step = listing.next(answer);
  }
  return step.value;
}

async function runLater<T>(session: KernelSession, listing: Listing<T>): Promise<T> {
  const { native } = session;
  let step = listing.next();
  while (!step.done) {
    const wanted = step.value;
    if (wanted.call === 'scandir') {
      const answer = await session.track(native.readdir(wanted.path, wanted.isRaw, true));
      if (typeof answer === 'number') throw session.failure(answer, 'scandir', wanted.path);
      step = listing.next(answer);
    } else {
      const answer = await session.track(native.stat(wanted.path, wanted.call === 'lstat', false, true));
      step = listing.next(typeof answer === 'number' ? answer : Number(answer[modeField]));
    }
  }
  return step.value;
}
