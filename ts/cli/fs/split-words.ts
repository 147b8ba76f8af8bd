// SPDX-License-Identifier: BSD-2-Clause
// split-words.ts: a line of the shell as words: blanks separate, quotes and backslashes keep, # begins a remark.
import { usage } from '../options.js';

/** The words of a line. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] ?? '';
    if (quote !== '') {
      if (letter === quote) quote = '';
      else if (letter === '\\' && quote === '"' && /["\\]/.test(line[at + 1] ?? ''))
        word = `${word ?? ''}${line[++at] ?? ''}`;
      else word = `${word ?? ''}${letter}`;
    } else if (letter === "'" || letter === '"') {
      quote = letter;
      word ??= '';
    } else if (letter === '\\') word = `${word ?? ''}${line[++at] ?? ''}`;
    else if (letter === '#' && word === undefined) break;
    else if (/\s/.test(letter)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = `${word ?? ''}${letter}`;
  }
  if (quote !== '') throw usage(`a ${quote} is not closed`, 'Close it on the same line.');
  if (word !== undefined) words.push(word);
  return words;
}
