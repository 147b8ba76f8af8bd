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
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

function lastPartDistance(wanted: string, name: string): number {
  return editDistance(wanted, name.split('/').at(-1) ?? name) + 0.5;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
export function editDistance(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= from.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= to.length; column++) {
      const replaced = cell(row - 1, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? cell(row - 2, column - 2) + 1 : Infinity;
      rows[row]?.push(Math.min(replaced, swapped, cell(row - 1, column) + 1, cell(row, column - 1) + 1));
    }
  }
  return cell(from.length, to.length);
}
