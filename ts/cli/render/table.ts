// SPDX-License-Identifier: BSD-2-Clause
// table.ts: columns of text.
import { stripVTControlCharacters } from 'node:util';
import { paint } from './colours.js';

/** A table with a heading; cells that are numbers stand to the right. */
export function renderTable(
  heading: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const widths = heading.map((title, column) =>
    Math.max(width(title), ...rows.map((row) => width(String(row[column] ?? '')))),
  );
  const line = (cells: readonly (string | number)[]): string =>
    widths
      .map((columnWidth, column) => pad(cells[column] ?? '', columnWidth))
      .join('  ')
      .trimEnd();
  return [paint.heading(line(heading)), ...rows.map(line), ''].join('\n');
}

function pad(cell: string | number, columnWidth: number): string {
  const text = String(cell);
  const space = ' '.repeat(Math.max(columnWidth - width(text), 0));
  return typeof cell === 'number' ? space + text : text + space;
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}
