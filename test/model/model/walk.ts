// SPDX-License-Identifier: BSD-2-Clause
// walk.ts: from a path to a node of the model, as path_resolution(7) tells it.
import type { Rules } from '../rules.js';
import { Escape, Failure, type FolderNode, type ModelNode } from './tree.js';

/** Where a name is, or would be. */
export interface Place {
  folder: FolderNode;
  name: string;
  /** What is there; looking may fail. */
  readonly node: ModelNode | undefined;
  /** The path ends with a slash. */
  hasSlash: boolean;
}

interface Links {
  followed: number;
}

/** Finds paths below a root. */
export class Walker {
  readonly root: FolderNode;
  readonly rootPath: string;
  readonly rules: Rules;
  constructor(root: FolderNode, rootPath: string, rules: Rules) {
    this.root = root;
    this.rootPath = rootPath;
    this.rules = rules;
  }

  /** The node that a path leads to; a symbolic link at its end is followed if told, or if a slash comes after it. */
  find(path: string, shouldFollow: boolean, syscall: string): ModelNode {
    this.#checkPath(path, syscall);
    return this.#find(this.#absolute(path), path, shouldFollow, syscall, { followed: 0 });
  }

  /** The place of a path's last name, which is not followed but for the rules of the BSDs. */
  locate(path: string, syscall: string): Place {
    this.#checkPath(path, syscall);
    if (this.rules.isBsd && path.endsWith('/')) return this.locateTarget(path, syscall);
    return this.#locate(this.#absolute(path), path, syscall, { followed: 0 });
  }

  /**
   * The place that a path leads to if links at its end are followed, whether there is something or not. With a slash
   * after it a link stands for what it leads to, but on Linux not where something is made.
   */
  locateTarget(path: string, syscall: string): Place {
    this.#checkPath(path, syscall);
    const links = { followed: 0 };
    let place = this.#locate(this.#absolute(path), path, syscall, links);
    let hasSlash = place.hasSlash;
    while ((this.rules.isBsd || !hasSlash) && place.node?.kind === 'link') {
      const { target } = place.node;
      this.#count(links, place.node, syscall);
      const start: Start = target.startsWith('/')
        ? this.#absolute(target)
        : { folder: place.folder, rest: target };
      if (target === this.rootPath && hasSlash) throw new Escape();
      if (target === this.rootPath) return { folder: this.root, name: '.', hasSlash: false, node: this.root };
      place = this.#locate(start, target, syscall, links);
      hasSlash ||= place.hasSlash;
    }
    return Object.defineProperty(place, 'hasSlash', { value: hasSlash });
  }

  /** A path whose end is inside of another may end with a slash on the BSDs: it is one of those before the next name. */
  #find(
    start: Start,
    path: string,
    shouldFollow: boolean,
    syscall: string,
    links: Links,
    isInner = false,
  ): ModelNode {
    const names = start.rest.split('/').filter((name) => name !== '');
    const hasSlash = path.endsWith('/') && !(isInner && this.rules.isBsd);
    let node: ModelNode = start.folder;
    for (const [index, name] of names.entries()) {
      const folder: FolderNode = this.#enter(node, name, syscall);
      const next: ModelNode | undefined = this.#step(folder, name, syscall);
      if (next === undefined) throw new Failure('ENOENT', syscall);
      const isLast = index === names.length - 1;
      node = next;
      if (next.kind === 'link' && (!isLast || shouldFollow || hasSlash)) {
        this.#count(links, next, syscall);
        const target: Start = next.target.startsWith('/')
          ? this.#absolute(next.target)
          : { folder, rest: next.target };
        node = this.#find(target, next.target, true, syscall, links, isInner || !isLast);
      }
    }
    if (hasSlash) asFolder(node, syscall);
    return node;
  }

  #locate(start: Start, path: string, syscall: string, links: Links): Place {
    const names = start.rest.split('/').filter((name) => name !== '');
    const name = names.pop();
    if (name === undefined) throw new Escape();
    const above = { folder: start.folder, rest: names.join('/') };
    const folder = this.#enter(this.#find(above, above.rest, true, syscall, links, true), name, syscall);
    const look = (): ModelNode | undefined => this.#step(folder, name, syscall);
    return {
      folder,
      name,
      hasSlash: path.endsWith('/'),
      get node() {
        return look();
      },
    };
  }

  /** To look a name up; on the BSDs, how long it is comes before what it is looked up in. */
  #enter(node: ModelNode, name: string, syscall: string): FolderNode {
    if (this.rules.isBsd && isTooLong(name)) throw new Failure('ENAMETOOLONG', syscall);
    return asFolder(node, syscall);
  }

  #step(folder: FolderNode, name: string, syscall: string): ModelNode | undefined {
    if (name === '.') return folder;
    if (name === '..') {
      if (folder.parent === undefined) throw new Escape();
      return folder.parent;
    }
    if (isTooLong(name)) throw new Failure('ENAMETOOLONG', syscall);
    return folder.children.get(name);
  }

  #count(links: Links, link: ModelNode, syscall: string): void {
    if (++links.followed > this.rules.linksMax) throw new Failure('ELOOP', syscall);
    link.accessed = undefined;
  }

  #absolute(path: string): Start {
    if (!path.startsWith(this.rootPath)) throw new Escape();
    const rest = path.slice(this.rootPath.length);
    if (rest !== '' && !rest.startsWith('/')) throw new Escape();
    return { folder: this.root, rest };
  }

  #checkPath(path: string, syscall: string): void {
    if (path === '') throw new Failure('ENOENT', syscall);
    if (Buffer.byteLength(path) >= this.rules.pathMax) throw new Failure('ENAMETOOLONG', syscall);
  }
}

interface Start {
  folder: FolderNode;
  rest: string;
}

function isTooLong(name: string): boolean {
  return Buffer.byteLength(name) > 255;
}

function asFolder(node: ModelNode, syscall: string): FolderNode {
  if (node.kind !== 'folder') throw new Failure('ENOTDIR', syscall);
  return node;
}
