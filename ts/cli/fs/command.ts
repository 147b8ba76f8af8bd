// SPDX-License-Identifier: BSD-2-Clause
// command.ts: what a command of `rumpkit fs` is, and how its command line is read: options as POSIX has them, so that
// -rf is -r -f.
import { parseArgs } from 'node:util';
import { suggestNames } from '../../component/suggest-names.js';
import { usage } from '../options.js';
import type { FsSession } from './session.js';

/** One option; short ones have one letter. */
export interface OptionDefinition {
  type: 'boolean' | 'string';
  short?: string;
  description: string;
}

export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

/** The values that were given. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** A command on files of images. */
export interface FsCommand {
  summary: string;
  /** The words after the name. */
  words: string;
  options: OptionDefinitions;
  /** How many words it takes. */
  count: readonly [least: number, most: number];
  /** Which of its words name places; all unless told otherwise. */
  places?: (words: readonly string[], options: OptionValues) => readonly string[];
  /** Which of these are in images that it writes; none unless told otherwise. */
  writes?: (words: readonly string[]) => readonly string[];
  /** Changes the command line before it is read, for options that are not as POSIX has them. */
  prepare?: (args: readonly string[]) => string[];
  run: (session: FsSession, words: string[], options: OptionValues) => Promise<void>;
}

/** Options that every command has. */
export const commonOptions: OptionDefinitions = {
  json: { type: 'boolean', description: 'Print JSON' },
  verbose: { type: 'boolean', description: 'Print stacks with errors' },
  help: { type: 'boolean', description: 'Show help' },
};

/** Reads a command line; throws RUMP_CLI_USAGE. */
export function parseWords(
  name: string,
  args: readonly string[],
  definitions: OptionDefinitions,
): { words: string[]; options: OptionValues } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...commonOptions, ...definitions },
      allowPositionals: true,
      strict: true,
    });
    return { words: positionals, options: values };
  } catch (error) {
    throw optionError(name, error, { ...commonOptions, ...definitions });
  }
}

/** Throws RUMP_CLI_USAGE if there are too few words or too many. */
export function checkCount(
  name: string,
  words: readonly string[],
  { count: [least, most], words: text }: Pick<FsCommand, 'count' | 'words'>,
): void {
  if (words.length >= least && words.length <= most) return;
  const wrong = words.length < least ? 'something is missing' : `there is no use for "${words[most] ?? ''}"`;
  throw usage(`fs ${name}: ${wrong}`, `rumpkit fs ${name} ${text}`);
}

/** The help text of a command. */
export function commandHelp(name: string, command: Pick<FsCommand, 'summary' | 'words' | 'options'>): string {
  const rows = Object.entries({ ...command.options, ...commonOptions }).map(
    ([long, { type, short, description }]) => {
      const value = type === 'string' ? ` ${long.toUpperCase()}` : '';
      const names =
        long.length === 1 ? `-${long}` : `${short === undefined ? '' : `-${short}, `}--${long}${value}`;
      return `  ${names.padEnd(24)} ${description}`;
    },
  );
  return [command.summary, '', `rumpkit fs ${name} [OPTIONS] ${command.words}`, '', ...rows, ''].join('\n');
}

function optionError(name: string, error: unknown, definitions: OptionDefinitions): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('ERR_PARSE_ARGS')) return error;
  const message = (error as Error).message;
  const option = /'(--?[^'\s]+)/.exec(message)?.[1] ?? '';
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return usage(`fs ${name}: ${message.split('. ')[0] ?? message}`, `See rumpkit fs ${name} --help.`);
  const [meant] = option.startsWith('--') ? suggestNames(option.slice(2), Object.keys(definitions)) : [];
  return usage(
    `fs ${name} has no option ${option}`,
    meant === undefined ? `See rumpkit fs ${name} --help.` : `Did you mean --${meant}?`,
  );
}
