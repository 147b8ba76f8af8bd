// SPDX-License-Identifier: BSD-2-Clause
// remove.ts: rm.
import type { FsCommand } from '../command.js';
import { statOf } from '../copy.js';
import { fsError, named } from '../fs-error.js';
import { insidePath, type Location } from '../location.js';
import type { FsSession } from '../session.js';
import { walkTree } from '../walk.js';

export const rm: FsCommand = {
  summary: 'Remove files',
  words: 'IMAGE:PATH...',
  count: [1, Infinity],
  options: {
    recursive: { type: 'boolean', short: 'r', description: 'Folders with all that is in them' },
    force: { type: 'boolean', short: 'f', description: 'Say nothing of what does not exist' },
  },
  writes: (words) => words,
  run: async (session, words, options) => {
    for (const word of words)
      await session.attempt(async () => {
        for (const place of await expandQuietly(session, word, options['force'] === true)) {
          if (place.volume !== undefined && insidePath(place) === '/')
            throw fsError('EINVAL', `the root of ${place.volume.name}`);
          const stats = await statOf(place, true);
          if (stats === undefined && options['force'] === true) continue;
          if (stats === undefined) throw fsError('ENOENT', place.shown);
          if (stats.isDirectory() && options['recursive'] !== true) throw fsError('EISDIR', place.shown);
          await removeTree(session, place);
        }
      });
  },
};

async function expandQuietly(session: FsSession, word: string, isForced: boolean): Promise<Location[]> {
  try {
    return await session.expand(word, false);
  } catch (error) {
    if (isForced) return [];
    throw error;
  }
}

/** Removes a place and all below it, the inner things first. */
export async function removeTree(session: FsSession, place: Location): Promise<void> {
  await walkTree(
    session,
    place,
    () => undefined,
    (each, stats) =>
      named(each.shown, () =>
        stats.isDirectory() ? each.fs.promises.rmdir(each.path) : each.fs.promises.unlink(each.path),
      ),
  );
}
