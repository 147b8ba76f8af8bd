// SPDX-License-Identifier: BSD-2-Clause
// make.ts: mkdir, ln, touch and chmod.
import { usage } from '../../options.js';
import { statOf } from '../copy.js';
import type { FsCommand } from '../command.js';
import { fsError, named } from '../fs-error.js';
import { childOf, type Location } from '../location.js';
import { walkTree } from '../walk.js';

export const mkdir: FsCommand = {
  summary: 'Make folders',
  words: 'IMAGE:PATH...',
  count: [1, Infinity],
  options: {
    parents: {
      type: 'boolean',
      short: 'p',
      description: 'Folders on the way too; say nothing of those that exist',
    },
    mode: { type: 'string', short: 'm', description: 'Mode, in octal' },
  },
  writes: (words) => words,
  run: async (session, words, options) => {
    const mode = options['mode'] === undefined ? 0o755 : parseMode(String(options['mode']));
    for (const word of words)
      await session.attempt(async () => {
        const place = await session.locate(word);
        const recursive = options['parents'] === true;
        await named(place.shown, () => place.fs.promises.mkdir(place.path, { recursive, mode }));
      });
  },
};

export const ln: FsCommand = {
  summary: 'Make links',
  words: '[-s] TARGET IMAGE:PATH',
  count: [2, 2],
  options: {
    symbolic: { type: 'boolean', short: 's', description: 'A symbolic link, whose target is the text' },
    force: { type: 'boolean', short: 'f', description: 'Replace what is there' },
  },
  places: (words, { symbolic }) => (symbolic === true ? words.slice(1) : words),
  writes: (words) => words,
  run: async (session, [target = '', link = ''], options) => {
    const isSymbolic = options['symbolic'] === true;
    const original = isSymbolic ? undefined : await session.locate(target, false);
    const place = await placeOfLink(await session.locate(link, false), target);
    if (options['force'] === true && (await statOf(place, true)) !== undefined)
      await named(place.shown, () => place.fs.promises.unlink(place.path));
    if (original === undefined) {
      await named(place.shown, () => place.fs.promises.symlink(target, place.path));
      return;
    }
    if (original.volume !== place.volume) throw fsError('EXDEV', original.shown);
    if ((await statOf(original, true)) === undefined) throw fsError('ENOENT', original.shown);
    await named(place.shown, () => place.fs.promises.link(original.path, place.path));
  },
};

/** In a folder a link has the name of its target. */
async function placeOfLink(link: Location, target: string): Promise<Location> {
  if ((await statOf(link))?.isDirectory() !== true) return link;
  return childOf(link, target.split(/[/:]/).filter(Boolean).at(-1) ?? '');
}

export const touch: FsCommand = {
  summary: 'Make empty files, or set the times of those that exist to now',
  words: 'IMAGE:PATH...',
  count: [1, Infinity],
  options: {},
  writes: (words) => words,
  run: async (session, words) => {
    for (const place of await session.expandAll(words))
      await session.attempt(() =>
        named(place.shown, async () => {
          if ((await statOf(place)) !== undefined)
            await place.fs.promises.utimes(place.path, new Date(), new Date());
          else await (await place.fs.promises.open(place.path, 'a')).close();
        }),
      );
  },
};

export const chmod: FsCommand = {
  summary: 'Change modes',
  words: 'MODE IMAGE:PATH...',
  count: [2, Infinity],
  options: { recursive: { type: 'boolean', short: 'R', description: 'All that is below too' } },
  places: (words) => words.slice(1),
  writes: (words) => words,
  run: async (session, [mode = '', ...words], options) => {
    const bits = parseMode(mode);
    const change = (place: Location): Promise<void> =>
      named(place.shown, () => place.fs.promises.chmod(place.path, bits));
    for (const place of await session.expandAll(words))
      await session.attempt(() =>
        options['recursive'] !== true
          ? change(place)
          : walkTree(session, place, (each, stats) => (stats.isSymbolicLink() ? undefined : change(each))),
      );
  },
};

function parseMode(text: string): number {
  if (!/^[0-7]{1,4}$/.test(text)) throw usage(`"${text}" is no mode in octal`, 'For example: 644');
  return parseInt(text, 8);
}
