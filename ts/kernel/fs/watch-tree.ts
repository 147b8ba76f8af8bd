// SPDX-License-Identifier: BSD-2-Clause
// watch-tree.ts: watches one file or folder, or a folder with all folders below it; names are told in relation to it.
import { basename, join } from 'node:path/posix';
import { pathText, type CheckedPath } from './arguments.js';
import type { ChangeEvents, StopWatching } from './change-events.js';

/** Told of each change: what kind, and the name. */
export type WatchListener = (type: 'change' | 'rename', name: Buffer) => void;

/** Lists the folders in a folder; empty if there is no such folder any more. */
export type ListFolders = (folder: string) => string[];

/** Watches one file or folder. Its own changes have its own name, as libuv has it. */
export function watchOne(events: ChangeEvents, path: CheckedPath, listener: WatchListener): StopWatching {
  const own = Buffer.from(basename(pathText(path)));
  return events.watch(path, ({ type, name = own }) => {
    listener(type, name);
  });
}

/** Watches a folder and all below it, also those that come later. */
export function watchTree(
  events: ChangeEvents,
  path: CheckedPath,
  listFolders: ListFolders,
  listener: WatchListener,
): StopWatching {
  const root = pathText(path);
  const stops = new Map<string, StopWatching>();

  /** A folder that came just now may have come with others in it: those are told, too. */
  const addFolder = (inRoot: string, isNew: boolean): void => {
    stops.get(inRoot)?.();
    stops.set(
      inRoot,
      events.watch(inRoot === '' ? path : join(root, inRoot), ({ type, name, isNewFolder }) => {
        if (name === undefined) {
          if (inRoot === '') listener(type, Buffer.from(basename(root)));
          return;
        }
        const inTree = inRoot === '' ? name : Buffer.concat([Buffer.from(`${inRoot}/`), name]);
        listener(type, inTree);
        if (isNewFolder) tryAdd(inTree.toString());
      }),
    );
    for (const name of listFolders(join(root, inRoot))) {
      const below = join(inRoot, name);
      if (isNew) {
        listener('rename', Buffer.from(below));
        tryAdd(below);
      } else {
        addFolder(below, false);
      }
    }
  };
  /** It may be gone again. */
  const tryAdd = (inRoot: string): void => {
    try {
      addFolder(inRoot, true);
    } catch {
      stops.delete(inRoot);
    }
  };

  addFolder('', false);
  return () => {
    for (const stop of stops.values()) stop();
    stops.clear();
  };
}
