// SPDX-License-Identifier: BSD-2-Clause
// glob.ts: patterns in paths of images, as a shell expands them on the host: * ? [abc] in every part of the path. Names
// that begin with a dot are meant only by patterns that do.
import type { Location } from './location.js';
import { childOf } from './location.js';

/** Whether a path has a pattern in it. */
export function hasPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** Whether a name fits a pattern. */
export function matchesPattern(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  return toExpression(pattern).test(name);
}

/** All that fits below a folder, sorted; empty if nothing does. */
export async function expandPattern(root: Location, pattern: string): Promise<Location[]> {
  let found: Location[] = [root];
  const parts = pattern.split('/').filter(Boolean);
  for (const [index, part] of parts.entries()) {
    const next: Location[] = [];
    for (const folder of found) next.push(...(await expandPart(folder, part, index === parts.length - 1)));
    found = next;
  }
  return found;
}

async function expandPart(folder: Location, part: string, isLast: boolean): Promise<Location[]> {
  if (!hasPattern(part)) {
    const child = childOf(folder, part);
    return (await exists(child)) ? [child] : [];
  }
  try {
    const entries = await folder.fs.promises.readdir(folder.path, { withFileTypes: true });
    return entries
      .filter((entry) => (isLast || !entry.isFile()) && matchesPattern(entry.name, part))
      .map((entry) => entry.name)
      .sort()
      .map((name) => childOf(folder, name));
  } catch {
    return [];
  }
}

async function exists({ fs, path }: Location): Promise<boolean> {
  try {
    await fs.promises.lstat(path);
    return true;
  } catch {
    return false;
  }
}

function toExpression(pattern: string): RegExp {
  const text = pattern.replaceAll(/\[!?\]?[^\]]*\]|[\s\S]/g, (token) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    if (token.length > 1) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return token.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${text}$`, 'su');
}
