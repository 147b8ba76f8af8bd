// SPDX-License-Identifier: BSD-2-Clause
// whole-tree.ts: compares everything below the root: names, stats, contents and link targets.
import type { ModelStats } from './calls.js';
import { differentBytes, differentStats, type FileNumbers } from './compare.js';
import type { Driver } from './driver.js';
import type { Contents } from './model/contents.js';
import type { Model } from './model/model.js';
import type { FolderNode, ModelNode } from './model/tree.js';

/** What differs first, or undefined. Other nodes of the model must not have the same number. */
export function differentTree(model: Model, driver: Driver, numbers: FileNumbers): string | undefined {
  const different = differentNode(model, driver, numbers, model.root, model.rootPath);
  return different ?? sharedNumber(model.root, numbers);
}

function differentNode(
  model: Model,
  driver: Driver,
  numbers: FileNumbers,
  node: ModelNode,
  path: string,
): string | undefined {
  const isRoot = node === model.root;
  const stats: ModelStats = { ...model.lstat(path), ...(isRoot && { mtime: undefined, ctime: undefined }) };
  const different =
    differentStats(stats, driver.lstat(path), model.rules, numbers) ?? differentContents(driver, node, path);
  if (different !== undefined) return `${path}: ${different}`;
  node.accessed = undefined;
  if (node.kind !== 'folder') return undefined;
  for (const [name, child] of node.children) {
    const below = differentNode(model, driver, numbers, child, `${path}/${name}`);
    if (below !== undefined) return below;
  }
  return undefined;
}

function differentContents(driver: Driver, node: ModelNode, path: string): string | undefined {
  if (node.kind === 'file') return differentFile(driver, node.contents, path);
  const expected = node.kind === 'link' ? node.target : namesOf(node);
  const actual = node.kind === 'link' ? driver.readlink(path) : driver.readdir(path).join('\n');
  return expected === actual ? undefined : `expected ${expected}\n     got ${actual}`;
}

function namesOf(node: FolderNode): string {
  return [...node.children]
    .map(([name, child]) => `${name} ${child.kind}`)
    .sort()
    .join('\n');
}

/** Only the pieces that the model has: the rest may be gigabytes of zeros. */
function differentFile(driver: Driver, contents: Contents, path: string): string | undefined {
  const fd = driver.fs.openSync(path, 'r');
  try {
    for (const [start, length] of contents.extents()) {
      const buffer = Buffer.alloc(length);
      const count = driver.fs.readSync(fd, buffer, 0, length, start);
      const different = differentBytes(contents.read(start, length), buffer.subarray(0, count));
      if (different !== undefined) return `piece at ${start}, ${different}`;
    }
    return undefined;
  } finally {
    driver.fs.closeSync(fd);
  }
}

function sharedNumber(root: ModelNode, numbers: FileNumbers): string | undefined {
  const owners = new Map<number, ModelNode>();
  const visit = (node: ModelNode): string | undefined => {
    const number = numbers.get(node);
    if (number !== undefined && (owners.get(number) ?? node) !== node)
      return `two files have the number ${number}`;
    if (number !== undefined) owners.set(number, node);
    if (node.kind !== 'folder') return undefined;
    for (const child of node.children.values()) {
      const shared = visit(child);
      if (shared !== undefined) return shared;
    }
    return undefined;
  };
  return visit(root);
}
