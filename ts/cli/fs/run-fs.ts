// SPDX-License-Identifier: BSD-2-Clause
// run-fs.ts: rumpkit fs: finds the command, mounts the images that its words name, runs it, and unmounts them.
import { suggestNames } from '../../component/suggest-names.js';
import { usage } from '../options.js';
import { print } from '../output.js';
import {
  checkCount,
  commandHelp,
  parseWords,
  type FsCommand,
  type OptionDefinitions,
  type OptionValues,
} from './command.js';
import { fsCommands } from './command-table.js';
import { checkOptions, runCheck, runPartitions } from './commands/check.js';
import { mkfsOptions, runMkfs } from './commands/mkfs.js';
import { interruptible } from './interrupt.js';
import { formatImageName, parseImageName, parseReference, type ImageName } from './reference.js';
import { FsSession } from './session.js';
import { runShell, shellOptions } from './shell.js';
import { Volumes } from './volumes.js';

/** A command that opens its image by itself. */
interface ImageCommand {
  summary: string;
  words: string;
  options: OptionDefinitions;
  run: (words: readonly string[], options: OptionValues) => Promise<void> | void;
}

const imageCommands: Readonly<Record<string, ImageCommand>> = {
  mkfs: { summary: 'Make a file system', words: 'IMAGE[@PARTITION]', options: mkfsOptions, run: runMkfs },
  check: {
    summary: 'Check a file system: ends with 0 if nothing is found, with 4 otherwise',
    words: 'IMAGE[@PARTITION]',
    options: checkOptions,
    run: runCheck,
  },
  partitions: { summary: 'List the partitions of an image', words: 'IMAGE', options: {}, run: runPartitions },
  shell: {
    summary: 'Work in an image, by hand or by a script on standard input',
    words: 'IMAGE[@PARTITION]',
    options: shellOptions,
    run: runShell,
  },
};

/** Runs `rumpkit fs WORDS`. */
export async function runFs([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    print(overview());
    return;
  }
  const command = fsCommands[name];
  if (command !== undefined) await runOnFiles(name, command, args);
  else await runOnImage(name, args);
}

async function runOnImage(name: string, args: readonly string[]): Promise<void> {
  const command = imageCommands[name];
  if (command === undefined) {
    const [meant] = suggestNames(name, [...Object.keys(fsCommands), ...Object.keys(imageCommands)]);
    throw usage(
      `there is no command fs ${name}`,
      meant === undefined ? 'See rumpkit fs --help.' : `Did you mean ${meant}?`,
    );
  }
  const { words, options } = parseWords(name, args, command.options);
  if (options['help'] === true) {
    print(commandHelp(name, command));
    return;
  }
  checkCount(name, words, { count: [1, 1], words: command.words });
  await command.run(words, options);
}

async function runOnFiles(name: string, command: FsCommand, args: readonly string[]): Promise<void> {
  const { words, options } = parseWords(name, command.prepare?.(args) ?? args, command.options);
  if (options['help'] === true) {
    print(commandHelp(name, command));
    return;
  }
  checkCount(name, words, command);
  const places = command.places?.(words, options) ?? words;
  const images = places.flatMap((word) => parsePlace(name, word) ?? []);
  if (images.length === 0)
    throw usage(
      `fs ${name}: none of its words names an image`,
      `rumpkit fs ${name} ${command.words}, as in disk.img:/folder`,
    );
  const written = (command.writes?.(places) ?? [])
    .flatMap((word) => parsePlace(name, word) ?? [])
    .map(formatImageName);
  await interruptible(async (signal) => {
    await using volumes = await Volumes.open(images, new Set(written));
    const session = new FsSession(volumes, { signal, isVerbose: options['verbose'] === true });
    await command.run(session, words, options);
    await volumes.close();
    if (session.status !== 0) process.exitCode = session.status;
  });
}

/** df takes images as they are; the others take paths in them. */
function parsePlace(name: string, word: string): ImageName | undefined {
  return parseReference(word) ?? (name === 'df' ? parseImageName(word) : undefined);
}

function overview(): string {
  const rows = Object.entries({ ...fsCommands, ...imageCommands }).map(
    ([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`,
  );
  return [
    'Files in disk images, without root and without mounting them on the host',
    '',
    'rumpkit fs COMMAND [OPTIONS] WORDS',
    '',
    'IMAGE:PATH is a path in an image, IMAGE@2:PATH in a partition of it; all others are paths of the host.',
    'Types: FFS (version 1), FAT and exFAT, ext2/3/4, ISO 9660 (which can only be read).',
    '',
    ...rows,
    '',
    'rumpkit fs COMMAND --help tells more.',
    '',
  ].join('\n');
}
