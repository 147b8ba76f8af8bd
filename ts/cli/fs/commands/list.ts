// SPDX-License-Identifier: BSD-2-Clause
// list.ts: ls and tree.
import type { Stats } from 'node:fs';
import { print, printJson } from '../../output.js';
import { renderTable } from '../../render/table.js';
import type { FsCommand, OptionValues } from '../command.js';
import { modeText, sizeText, timeText, typeName } from '../describe.js';
import { named } from '../fs-error.js';
import { childOf, nameOf, type Location } from '../location.js';
import type { FsSession } from '../session.js';
import { walkTree } from '../walk.js';

interface Row {
  name: string;
  place: Location;
  stats: Stats;
  target?: string;
}

export const ls: FsCommand = {
  summary: 'List files',
  words: 'IMAGE:PATH...',
  count: [1, Infinity],
  options: {
    all: { type: 'boolean', short: 'a', description: 'Also names that begin with a dot' },
    long: { type: 'boolean', short: 'l', description: 'Modes, links, owners, sizes and times' },
    human: { type: 'boolean', short: 'h', description: 'Sizes as 1.5K, 12M' },
    directory: { type: 'boolean', short: 'd', description: 'Folders themselves, not what is in them' },
    recursive: { type: 'boolean', short: 'R', description: 'Folders in folders too' },
  },
  run: async (session, words, options) => {
    const places = await session.expandAll(words, options['long'] !== true);
    const folders: Location[] = [];
    const rows: Row[] = [];
    for (const place of places)
      await session.attempt(async () => {
        const row = await readRow(place, place.shown);
        if (row.stats.isDirectory() && options['directory'] !== true) folders.push(place);
        else rows.push(row);
      });
    const groups: { title: string; rows: Row[] }[] = rows.length > 0 ? [{ title: '', rows }] : [];
    for (const folder of folders) await session.attempt(() => readFolder(session, folder, options, groups));
    if (options['json'] === true) printJson(groups.flatMap((group) => group.rows.map(toJson)));
    else groups.forEach((group, index) => printGroup(group, groups.length > 1, index, options));
  },
};

async function readRow(place: Location, name: string): Promise<Row> {
  const { promises } = place.fs;
  const stats = await named(place.shown, () => promises.lstat(place.path));
  if (!stats.isSymbolicLink()) return { name, place, stats };
  return { name, place, stats, target: await named(place.shown, () => promises.readlink(place.path)) };
}

async function readFolder(
  session: FsSession,
  folder: Location,
  options: OptionValues,
  groups: { title: string; rows: Row[] }[],
): Promise<void> {
  const names = await named(folder.shown, () => folder.fs.promises.readdir(folder.path));
  const rows: Row[] = [];
  groups.push({ title: folder.shown, rows });
  for (const name of names.sort())
    if (options['all'] === true || !name.startsWith('.'))
      await session.attempt(async () => void rows.push(await readRow(childOf(folder, name), name)));
  if (options['recursive'] !== true) return;
  for (const { place, stats } of [...rows])
    if (stats.isDirectory()) await session.attempt(() => readFolder(session, place, options, groups));
}

function printGroup(
  { title, rows }: { title: string; rows: Row[] },
  hasTitles: boolean,
  index: number,
  options: OptionValues,
): void {
  if (hasTitles && title !== '') print(`${index > 0 ? '\n' : ''}${title}:`);
  if (rows.length === 0) return;
  if (options['long'] !== true) {
    print(rows.map(({ name }) => name).join('\n'));
    return;
  }
  const isHuman = options['human'] === true;
  const lines = rows.map(({ name, stats, target }) => [
    modeText(stats),
    stats.nlink,
    stats.uid,
    stats.gid,
    isHuman ? sizeText(stats.size, true).padStart(5) : stats.size,
    timeText(stats.mtime),
    target === undefined ? name : `${name} -> ${target}`,
  ]);
  const [, ...body] = renderTable(['', '', '', '', '', '', ''], lines).split('\n');
  print(body.join('\n'));
}

/** What a script would want to know of a file. */
export function toJson({ name, place, stats, target }: Row): Record<string, unknown> {
  return {
    name,
    path: place.shown,
    type: typeName(stats),
    mode: `0${(stats.mode & 0o7777).toString(8)}`,
    links: stats.nlink,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    inode: stats.ino,
    mtime: stats.mtime,
    ...(target === undefined ? {} : { target }),
  };
}

export const tree: FsCommand = {
  summary: 'Show a folder and all below it as a tree',
  words: 'IMAGE:PATH',
  count: [1, 1],
  options: {},
  run: async (session, [word = ''], options) => {
    const rows: (Row & { depth: number })[] = [];
    await walkTree(session, await session.locate(word), async (place, _stats, depth) => {
      rows.push({ ...(await readRow(place, depth === 0 ? place.shown : nameOf(place))), depth });
    });
    if (options['json'] === true) printJson(rows.map((row) => ({ ...toJson(row), depth: row.depth })));
    else
      print(
        rows
          .map(
            (row, index) =>
              `${branches(rows, index)}${row.name}${row.target === undefined ? '' : ` -> ${row.target}`}`,
          )
          .join('\n'),
      );
  },
};

/** Lines from a folder to what is in it. */
function branches(rows: readonly { depth: number }[], index: number): string {
  const depth = rows[index]?.depth ?? 0;
  if (depth === 0) return '';
  const goesOn = (level: number): boolean => {
    for (const { depth: next } of rows.slice(index + 1)) {
      if (next < level) return false;
      if (next === level) return true;
    }
    return false;
  };
  const above = Array.from({ length: depth - 1 }, (_, level) => (goesOn(level + 1) ? '│   ' : '    '));
  return `${above.join('')}${goesOn(depth) ? '├── ' : '└── '}`;
}
