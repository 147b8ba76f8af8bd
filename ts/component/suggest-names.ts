// SPDX-License-Identifier: BSD-2-Clause
// suggest-names.ts: which of the known names may have been meant.

/** Known names that are a few typing errors away, or the same last part, best first. */
export function suggestNames(wanted: string, known: readonly string[], limit = 3): string[] {
  const lastPart = wanted.split('/').at(-1) ?? wanted;
  return known
    .map((name) => ({
      name,
      distance: Math.min(editDistance(wanted, name), lastPartDistance(lastPart, name)),
    }))
    .filter(({ distance }) => distance <= Math.ceil(wanted.length / 3))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

function lastPartDistance(wanted: string, name: string): number {
  return editDistance(wanted, name.split('/').at(-1) ?? name) + 0.5;
}

/** Levenshtein's distance: insertions, deletions and replacements from one word to the other. */
export function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
