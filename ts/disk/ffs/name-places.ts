// SPDX-License-Identifier: BSD-2-Clause
// name-places.ts: gives findings about inodes a path. Done last, and only for what was found.
import type { CheckState } from './check-state.js';
import { DirectoryReader } from './check-names.js';
import { rootInode } from './layout.js';

const mostNames = 200;
const deepest = 64;

/** Adds where.path to findings whose inode a directory has. */
export function namePlaces(state: CheckState): void {
  const reader = new DirectoryReader(state);
  const known = new Map<number, string | undefined>([[rootInode, '/']]);
  for (const { where } of state.findings.findings.slice(0, mostNames)) {
    if (where.inode === undefined || where.inode >= state.parents.length) continue;
    const path = pathOf(state, reader, where.inode, known, deepest);
    if (path !== undefined) where.path = path;
  }
}

function pathOf(
  state: CheckState,
  reader: DirectoryReader,
  inode: number,
  known: Map<number, string | undefined>,
  depth: number,
): string | undefined {
  if (known.has(inode)) return known.get(inode);
  const parent = state.parents[inode] ?? 0;
  const above = parent === 0 || depth === 0 ? undefined : pathOf(state, reader, parent, known, depth - 1);
  let name: string | undefined;
  if (above !== undefined)
    reader.read(
      parent,
      (entry, _offset, block) => {
        const text = block.toString('utf8', entry.nameStart, entry.nameStart + entry.nameLength);
        if (entry.inode === inode && text !== '.' && text !== '..') name ??= text;
      },
      () => undefined,
    );
  const path = name === undefined ? undefined : above === '/' ? `/${name}` : `${above ?? ''}/${name}`;
  known.set(inode, path);
  return path;
}
