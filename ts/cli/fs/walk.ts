// SPDX-License-Identifier: BSD-2-Clause
// walk.ts: everything below a place, folders before what is in them. Links are not followed.
import type { Stats } from 'node:fs';
import { named } from './fs-error.js';
import { childOf, type Location } from './location.js';
import type { FsSession } from './session.js';

/** Calls visit for the place and all below it, by name, and leave after what is below a folder. */
export async function walkTree(
  session: FsSession,
  place: Location,
  visit: (place: Location, stats: Stats, depth: number) => Promise<void> | void,
  leave: (place: Location, stats: Stats, depth: number) => Promise<void> | void = () => undefined,
  depth = 0,
): Promise<void> {
  session.throwIfStopped();
  const stats = await named(place.shown, () => place.fs.promises.lstat(place.path));
  await visit(place, stats, depth);
  if (stats.isDirectory()) {
    const names = await named(place.shown, () => place.fs.promises.readdir(place.path));
    for (const name of names.sort())
      await session.attempt(() => walkTree(session, childOf(place, name), visit, leave, depth + 1));
  }
  await leave(place, stats, depth);
}
