// SPDX-License-Identifier: BSD-2-Clause
// location.ts: a path on the host or in an image, behind the same calls. Links in an image lead to places in that
// image, wherever it is mounted.
import * as hostFs from 'node:fs';
import { basename, posix, resolve } from 'node:path';
import { fsError } from './fs-error.js';
import type { Volume } from './volumes.js';

/** A file or folder, which may not exist yet. */
export interface Location {
  fs: typeof hostFs;
  /** For the calls of fs. */
  path: string;
  /** As people write it. */
  shown: string;
  /** The image it is in; undefined on the host. */
  volume?: Volume;
}

/** A path of the host. */
export function hostLocation(word: string): Location {
  return { fs: hostFs, path: resolve(word), shown: word };
}

/** A path in an image. Links on the way are followed; the last one only if told so. */
export async function volumeLocation(
  volume: Volume,
  path: string,
  followLast: boolean,
  shown?: string,
): Promise<Location> {
  const inside = await resolveLinks(volume, path, followLast);
  return { fs: volume.fs, path: `${volume.root}${inside}`, shown: shown ?? `${volume.name}:${path}`, volume };
}

/** A name in a folder. */
export function childOf(folder: Location, name: string): Location {
  const shown = folder.shown.endsWith('/') ? `${folder.shown}${name}` : `${folder.shown}/${name}`;
  return { ...folder, path: posix.join(folder.path, name), shown };
}

/** The last name of a location. */
export function nameOf({ path, volume }: Location): string {
  return volume !== undefined && path === volume.root ? '' : basename(path);
}

/** The path inside of the image. */
export function insidePath({ path, volume }: Location): string {
  return volume === undefined ? path : path.slice(volume.root.length) || '/';
}

const mostLinks = 32;

async function resolveLinks(volume: Volume, path: string, followLast: boolean): Promise<string> {
  const rest = path.split('/').filter(Boolean);
  let done: string[] = [];
  let links = 0;
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    if (part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const here = `/${[...done, part].join('/')}`;
    const isLast = rest.length === 0;
    const target = isLast && !followLast ? undefined : await readLink(volume, here);
    if (target === undefined) {
      done.push(part);
      continue;
    }
    if (++links > mostLinks) throw fsError('ELOOP', `${volume.name}:${path}`);
    if (target.startsWith('/')) done = [];
    rest.unshift(...target.split('/').filter(Boolean));
  }
  return done.length === 0 ? '' : `/${done.join('/')}`;
}

/** The target, if a path is a link; what does not exist is found out by whoever uses it. */
async function readLink({ fs, root }: Volume, path: string): Promise<string | undefined> {
  try {
    if (!(await fs.promises.lstat(root + path)).isSymbolicLink()) return undefined;
    return await fs.promises.readlink(root + path);
  } catch {
    return undefined;
  }
}
