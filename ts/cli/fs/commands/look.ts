// SPDX-License-Identifier: BSD-2-Clause
// look.ts: cat, stat, find, du and df: what is in images and how much of it.
import { print, printBytes, printJson } from '../../output.js';
import { renderTable } from '../../render/table.js';
import { usage } from '../../options.js';
import type { FsCommand } from '../command.js';
import { modeText, sizeText, typeName } from '../describe.js';
import { fsError, named } from '../fs-error.js';
import { matchesPattern } from '../glob.js';
import { nameOf, type Location } from '../location.js';
import { parseReference } from '../reference.js';
import { walkTree } from '../walk.js';

const pieceBytes = 1 << 20;

export const cat: FsCommand = {
  summary: 'Print files',
  words: 'IMAGE:PATH...',
  count: [1, Infinity],
  options: {},
  run: async (session, words) => {
    for (const place of await session.expandAll(words))
      await session.attempt(async () => {
        const stats = await named(place.shown, () => place.fs.promises.stat(place.path));
        if (stats.isDirectory()) throw fsError('EISDIR', place.shown);
        await named(place.shown, () => printFile(place, () => session.throwIfStopped()));
      });
  },
};

async function printFile({ fs, path }: Location, check: () => void): Promise<void> {
  const file = await fs.promises.open(path, 'r');
  try {
    const piece = Buffer.alloc(pieceBytes);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes, null);
      if (bytesRead === 0) return;
      await printBytes(piece.subarray(0, bytesRead));
      check();
    }
  } finally {
    await file.close();
  }
}

export const stat: FsCommand = {
  summary: "Show a file's size, mode, owner, times and inode",
  words: 'IMAGE:PATH...',
  count: [1, Infinity],
  options: { follow: { type: 'boolean', short: 'L', description: 'What a link leads to, not the link' } },
  run: async (session, words, options) => {
    const found: Record<string, unknown>[] = [];
    for (const place of await session.expandAll(words, options['follow'] === true))
      await session.attempt(async () => {
        const stats = await named(place.shown, () => place.fs.promises.lstat(place.path));
        const {
          ino: inode,
          nlink: links,
          uid,
          gid,
          size,
          blocks,
          blksize,
          atime,
          mtime,
          ctime,
          birthtime,
        } = stats;
        const target = stats.isSymbolicLink() ? { target: await place.fs.promises.readlink(place.path) } : {};
        const mode = `0${(stats.mode & 0o7777).toString(8)} ${modeText(stats)}`;
        const times = { atime, mtime, ctime, birthtime };
        found.push({
          path: place.shown,
          type: typeName(stats),
          ...target,
          mode,
          inode,
          links,
          uid,
          gid,
          size,
          blocks,
          blksize,
          ...times,
        });
      });
    if (options['json'] === true) printJson(found);
    else for (const each of found) print(`${factLines(each)}\n`);
  },
};

function factLines(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(
      ([name, value]) => `${name.padEnd(9)} ${value instanceof Date ? value.toISOString() : String(value)}`,
    )
    .join('\n');
}

const typeLetters: Readonly<Record<string, string>> = {
  f: 'file',
  d: 'directory',
  l: 'link',
  p: 'fifo',
  s: 'socket',
};

export const find: FsCommand = {
  summary: 'Find files by name, type and depth',
  words: 'IMAGE:PATH...',
  count: [1, Infinity],
  options: {
    name: { type: 'string', description: 'Pattern that the name fits' },
    type: { type: 'string', description: 'f (file), d (folder), l (link), p or s' },
    maxdepth: { type: 'string', description: 'So many levels below at most' },
  },
  // As find has them, with one dash.
  prepare: (args) => args.map((word) => (/^-(name|type|maxdepth)$/.test(word) ? `-${word}` : word)),
  run: async (session, words, options) => {
    const { name, type, maxdepth } = options;
    const wanted = typeof type === 'string' ? typeLetters[type] : undefined;
    if (type !== undefined && wanted === undefined)
      throw usage(
        `fs find: there is no type ${String(type)}`,
        `Use one of ${Object.keys(typeLetters).join(', ')}.`,
      );
    const deepest = maxdepth === undefined ? Infinity : Number(maxdepth);
    if (!(deepest >= 0))
      throw usage(`fs find: "${String(maxdepth)}" is no number of levels`, 'For example: --maxdepth 2');
    const found: { path: string; type: string; size: number }[] = [];
    for (const place of await session.expandAll(words))
      await session.attempt(() =>
        walkTree(session, place, (each, stats, depth) => {
          if (depth > deepest || (wanted !== undefined && typeName(stats) !== wanted)) return;
          if (typeof name === 'string' && !fits(nameOf(each), name)) return;
          if (options['json'] === true)
            found.push({ path: each.shown, type: typeName(stats), size: stats.size });
          else print(each.shown);
        }),
      );
    if (options['json'] === true) printJson(found);
  },
};

/** Unlike a shell's, find's patterns also mean names that begin with a dot. */
function fits(name: string, pattern: string): boolean {
  return matchesPattern(
    name.startsWith('.') ? `x${name}` : name,
    name.startsWith('.') ? pattern.replace(/^/, 'x') : pattern,
  );
}

export const du: FsCommand = {
  summary: 'Show how much room folders take',
  words: 'IMAGE:PATH...',
  count: [1, Infinity],
  options: {
    all: { type: 'boolean', short: 'a', description: 'Files too' },
    summary: { type: 'boolean', short: 's', description: 'Only the total of each word' },
    human: { type: 'boolean', short: 'h', description: 'Sizes as 1.5K, 12M' },
  },
  run: async (session, words, options) => {
    const found: { path: string; bytes: number }[] = [];
    for (const place of await session.expandAll(words))
      await session.attempt(async () => {
        const counted = new Set<number>();
        const sums: number[] = [];
        await walkTree(
          session,
          place,
          (_each, stats, depth) => {
            const isCounted = stats.nlink > 1 && !stats.isDirectory() && counted.has(stats.ino);
            counted.add(stats.ino);
            sums[depth] = isCounted ? 0 : stats.blocks * 512;
          },
          (each, stats, depth) => {
            const bytes = sums[depth] ?? 0;
            if (depth > 0) sums[depth - 1] = (sums[depth - 1] ?? 0) + bytes;
            const isShown =
              depth === 0 ||
              (options['summary'] !== true && (stats.isDirectory() || options['all'] === true));
            if (isShown) found.push({ path: each.shown, bytes });
          },
        );
      });
    if (options['json'] === true) printJson(found);
    else
      for (const { path, bytes } of found)
        print(`${options['human'] === true ? sizeText(bytes, true) : Math.ceil(bytes / 1024)}\t${path}`);
  },
};

export const df: FsCommand = {
  summary: 'Show how much room images have',
  words: 'IMAGE:...',
  count: [1, Infinity],
  options: { human: { type: 'boolean', short: 'h', description: 'Sizes as 1.5K, 12M' } },
  run: async (session, words, options) => {
    const rows: {
      image: string;
      type: string;
      bytes: number;
      used: number;
      free: number;
      files: number;
      freeFiles: number;
    }[] = [];
    for (const word of words) {
      const isImage = session.home === undefined && parseReference(word) === undefined;
      const place = await session.locate(isImage ? `${word}:` : word);
      const { bsize, blocks, bfree, bavail, files, ffree } = await named(place.shown, () =>
        place.fs.promises.statfs(place.path),
      );
      rows.push({
        image: place.volume?.name ?? place.shown,
        type: place.volume?.detected.kind ?? 'host',
        bytes: blocks * bsize,
        used: (blocks - bfree) * bsize,
        free: bavail * bsize,
        files: files - ffree,
        freeFiles: ffree,
      });
    }
    if (options['json'] === true) printJson(rows);
    else {
      const size = (bytes: number): string | number =>
        options['human'] === true ? sizeText(bytes, true) : Math.round(bytes / 1024);
      const heading = ['image', 'type', 'size', 'used', 'free', 'files', 'free files'];
      print(
        renderTable(
          heading,
          rows.map((row) => [
            row.image,
            row.type,
            size(row.bytes),
            size(row.used),
            size(row.free),
            row.files,
            row.freeFiles,
          ]),
        ),
      );
    }
  },
};
