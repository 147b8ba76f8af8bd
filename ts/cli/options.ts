// SPDX-License-Identifier: BSD-2-Clause
// options.ts: what several commands share in reading their command lines: repeated options, NAME=VALUE pairs, and
// refusing options that do not exist.
import type { ArgsDef } from 'citty';
import { suggestNames } from '../component/suggest-names.js';
import { RumpError } from '../errors.js';

/** All values of an option that may be given several times, as `--name VALUE` or `--name=VALUE`. */
export function repeatedOption(rawArgs: readonly string[], name: string): string[] {
  const ownArgs = beforeSeparator(rawArgs);
  return ownArgs.flatMap((word, index) => {
    if (word === `--${name}`) return [requireValue(ownArgs[index + 1], word)];
    return word.startsWith(`--${name}=`) ? [word.slice(name.length + 3)] : [];
  });
}

/** The words after `--`. */
export function wordsAfterSeparator(rawArgs: readonly string[]): string[] {
  const separator = rawArgs.indexOf('--');
  return separator < 0 ? [] : rawArgs.slice(separator + 1);
}

/** The words that are neither options nor their values. */
export function positionals(rawArgs: readonly string[], definitions: ArgsDef): string[] {
  const ownArgs = beforeSeparator(rawArgs);
  return ownArgs.filter(
    (word, index) => !word.startsWith('-') && !takesNextWord(ownArgs[index - 1], definitions),
  );
}

/** NAME=VALUE words as an object. */
export function parsePairs(words: readonly string[], option: string): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at <= 0)
        throw usage(`--${option} wants NAME=VALUE, not "${word}"`, `Write --${option} NAME=VALUE.`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

/** Throws RUMP_CLI_USAGE for an option that the command does not have. */
export function refuseUnknownOptions(rawArgs: readonly string[], definitions: ArgsDef): void {
  const known = [...Object.keys(definitions), 'help', 'version', 'verbose'];
  const ownArgs = beforeSeparator(rawArgs);
  for (const [index, word] of ownArgs.entries()) {
    if (takesNextWord(ownArgs[index - 1], definitions)) continue;
    if (takesNextWord(word, definitions)) requireValue(ownArgs[index + 1], word);
    if (/^-[^-]/.test(word) && !isAlias(word, definitions))
      throw usage(`there is no option ${word}`, 'See --help.');
    const name = /^--(?:no-)?([^=]+)/.exec(word)?.[1];
    if (name === undefined || known.includes(name)) continue;
    const [meant] = suggestNames(name, known);
    throw usage(
      `there is no option --${name}`,
      meant === undefined ? 'See --help.' : `Did you mean --${meant}?`,
    );
  }
}

/** The error of a wrong command line. */
export function usage(message: string, remedy: string): RumpError {
  return new RumpError('RUMP_CLI_USAGE', message, { remedy });
}

function beforeSeparator(rawArgs: readonly string[]): readonly string[] {
  const separator = rawArgs.indexOf('--');
  return separator < 0 ? rawArgs : rawArgs.slice(0, separator);
}

function takesNextWord(word: string | undefined, definitions: ArgsDef): boolean {
  const name = /^--([^=]+)$/.exec(word ?? '')?.[1];
  return isAlias(word, definitions) || (name !== undefined && definitions[name]?.type === 'string');
}

function isAlias(word: string | undefined, definitions: ArgsDef): boolean {
  return Object.values(definitions).some((each) => 'alias' in each && word === `-${String(each.alias)}`);
}

/** Throws RUMP_CLI_USAGE for words that a command has no use for. */
export function refuseExtraWords(words: readonly string[], remedy: string): void {
  const [extra] = words;
  if (extra !== undefined) throw usage(`there is no use for "${extra}" here`, remedy);
}

function requireValue(value: string | undefined, name: string): string {
  if (value !== undefined) return value;
  throw usage(`${name} wants a value`, `Write ${name} VALUE.`);
}
