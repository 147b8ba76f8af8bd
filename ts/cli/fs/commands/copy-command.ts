// SPDX-License-Identifier: BSD-2-Clause
// copy-command.ts: cp and mv.
import { printRemark } from '../../output.js';
import { withProgress } from '../../render/progress.js';
import { Copier, placeInFolder, statOf, type CopyOptions, type CopyProgress } from '../copy.js';
import type { FsCommand } from '../command.js';
import { sizeText } from '../describe.js';
import { fsError, named } from '../fs-error.js';
import { insidePath, type Location } from '../location.js';
import type { FsSession } from '../session.js';
import { removeTree } from './remove.js';

export const cp: FsCommand = {
  summary: 'Copy files into images, out of them, and from image to image',
  words: 'FROM... TO (IMAGE:PATH or a path of the host)',
  count: [2, Infinity],
  options: {
    recursive: { type: 'boolean', short: 'r', description: 'Folders with all that is in them' },
    archive: {
      type: 'boolean',
      short: 'a',
      description: 'The same, with links (of both kinds) as links, modes, times and owners',
    },
    preserve: { type: 'boolean', short: 'p', description: 'Keep modes, times and owners' },
    force: { type: 'boolean', short: 'f', description: 'Replace what cannot be opened' },
  },
  writes: (words) => words.slice(-1),
  run: async (session, words, options) => {
    const isArchive = options['archive'] === true;
    const copyOptions: CopyOptions = {
      recursive: isArchive || options['recursive'] === true,
      force: options['force'] === true,
      preserve: isArchive || options['preserve'] === true,
      keepLinks: isArchive,
    };
    const { from, to } = await readWords(session, words, !isArchive);
    await copyAll(session, from, to, copyOptions);
  },
};

export const mv: FsCommand = {
  summary: 'Move or rename files',
  words: 'FROM... TO',
  count: [2, Infinity],
  options: {
    force: { type: 'boolean', short: 'f', description: 'Accepted; what is there is replaced anyway' },
  },
  writes: (words) => words,
  run: async (session, words) => {
    const { from, to } = await readWords(session, words, false);
    for (const each of from)
      await session.attempt(async () => {
        const target = await placeInFolder(each, to);
        if (each.volume !== undefined && insidePath(each) === '/')
          throw fsError('EINVAL', `the root of ${each.volume.name}`);
        if (each.fs === target.fs && each.volume === target.volume)
          await named(each.shown, () => each.fs.promises.rename(each.path, target.path));
        else await moveAcross(session, each, target);
      });
  },
};

/** What could not be copied whole stays where it was. */
async function moveAcross(session: FsSession, from: Location, to: Location): Promise<void> {
  const before = session.status;
  session.status = 0;
  await copyAll(
    session,
    [from],
    to,
    { recursive: true, force: true, preserve: true, keepLinks: true },
    false,
  );
  if (session.status === 0) await removeTree(session, from);
  session.status = Math.max(session.status, before);
}

async function readWords(
  session: FsSession,
  words: readonly string[],
  followLast: boolean,
): Promise<{ from: Location[]; to: Location }> {
  const last = words.at(-1) ?? '';
  const to = await session.locate(last);
  const from = await session.expandAll(words.slice(0, -1), followLast);
  const target = await statOf(to);
  if (
    (from.length > 1 || /[^:]\/$/.test(last)) &&
    target?.isDirectory() !== true &&
    !(from.length === 1 && target === undefined)
  )
    throw fsError(target === undefined ? 'ENOENT' : 'ENOTDIR', to.shown);
  return { from, to };
}

async function copyAll(
  session: FsSession,
  from: readonly Location[],
  to: Location,
  options: CopyOptions,
  intoFolder = true,
): Promise<void> {
  let last: CopyProgress = { bytes: 0, files: 0, name: '' };
  const start = performance.now();
  const rate = (): string => {
    const seconds = Math.max((performance.now() - start) / 1000, 0.001);
    return `${last.files} files, ${sizeText(last.bytes, true)}B, ${sizeText(Math.round(last.bytes / seconds), true)}B/s`;
  };
  await withProgress(`Copying to ${to.shown}`, async ({ onStep }) => {
    const show = throttled(() => onStep(`${rate()}: ${last.name}`));
    const copier = new Copier(session, options, (progress) => {
      last = progress;
      show();
    });
    for (const each of from)
      await session.attempt(async () => copier.copy(each, intoFolder ? await placeInFolder(each, to) : to));
  });
  if (session.isVerbose) printRemark(rate());
}

/** On a terminal a few times a second, elsewhere a line now and then. */
function throttled(show: () => void): () => void {
  const pauseMs = process.stderr.isTTY ? 200 : 10_000;
  let next = performance.now() + pauseMs;
  return () => {
    if (performance.now() < next) return;
    next = performance.now() + pauseMs;
    show();
  };
}
