// SPDX-License-Identifier: BSD-2-Clause
// tree.ts: what a file system of the model consists of.
import { Children, type Fold } from './children.js';
import { Contents } from './contents.js';

/**
 * A time in milliseconds that a call has set, or the earliest that it can be because something happened then, or
 * undefined where nobody can know.
 */
export type Time = { exactly: number } | { since: number } | undefined;

interface Common {
  mode: number;
  uid: number;
  gid: number;
  /** Names that lead to it; of a folder, whether it is still there. */
  links: number;
  accessed: Time;
  modified: Time;
  changed: Time;
}

export interface FileNode extends Common {
  kind: 'file';
  contents: Contents;
}

export interface FolderNode extends Common {
  kind: 'folder';
  children: Children;
  parent: FolderNode | undefined;
}

export interface LinkNode extends Common {
  kind: 'link';
  target: string;
}

export type ModelNode = FileNode | FolderNode | LinkNode;

/** A call that fails, as Node tells it. */
export class Failure extends Error {
  readonly code: string;
  readonly syscall: string | undefined;
  constructor(code: string, syscall: string | undefined) {
    super(`${code}, ${syscall ?? 'no call'}`);
    this.code = code;
    this.syscall = syscall;
  }
}

/** The call would leave the part of the file system that the model knows: it is not made. */
export class Escape extends Error {}

const atOnce = (): Omit<Common, 'mode' | 'uid' | 'gid' | 'links'> => {
  const since = Date.now();
  return { accessed: undefined, modified: { since }, changed: { since } };
};

/** Who a new node belongs to. */
export interface Owner {
  uid: number;
  gid: number;
}

export function makeFile(mode: number, owner: Owner): FileNode {
  return { kind: 'file', mode, ...owner, links: 1, ...atOnce(), contents: new Contents() };
}

export function makeFolder(
  mode: number,
  owner: Owner,
  fold: Fold,
  parent: FolderNode | undefined,
): FolderNode {
  return { kind: 'folder', mode, ...owner, links: 1, ...atOnce(), children: new Children(fold), parent };
}

export function makeLink(target: string, mode: number, owner: Owner): LinkNode {
  return { kind: 'link', mode, ...owner, links: 1, ...atOnce(), target };
}

/** Its contents, or the names in it, have become others. */
export function touch(node: ModelNode): void {
  const since = Date.now();
  node.modified = { since };
  node.changed = { since };
}

/** Something else about it has become another. */
export function markChanged(node: ModelNode): void {
  node.changed = { since: Date.now() };
}

/** The names of a folder's folders count. */
export function folderLinks(folder: FolderNode): number {
  if (folder.links === 0) return 0;
  let count = 2;
  for (const child of folder.children.values()) if (child.kind === 'folder') count++;
  return count;
}
