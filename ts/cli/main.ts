#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
// main.ts: the command rumpkit.
import { defineCommand, renderUsage, runCommand, type CommandDef } from 'citty';
import { RumpError } from '../errors.js';
import { packageVersion } from '../paths.js';
import { suggestNames } from '../component/suggest-names.js';
import { usage } from './options.js';
import { print, printHelp, printRemark } from './output.js';
import { exitCodeOf, renderError } from './render/error.js';

type AnyCommand = CommandDef<Record<string, never>>;

const commands: Record<string, () => Promise<unknown>> = {
  doctor: async () => (await import('./commands/doctor.js')).default,
  components: async () => (await import('./commands/components.js')).default,
  build: async () => (await import('./commands/build.js')).default,
  bake: async () => (await import('./commands/bake.js')).default,
  run: async () => (await import('./commands/run.js')).default,
  inspect: async () => (await import('./commands/inspect.js')).default,
  fs: async () => (await import('./commands/fs.js')).default,
};

const overview = defineCommand({
  meta: { name: 'rumpkit', version: packageVersion, description: 'A kernel you assemble from parts' },
  subCommands: commands as Record<string, () => Promise<AnyCommand>>,
});

async function main(words: string[]): Promise<void> {
  const [name, ...rest] = words;
  if (name === '--version') print(packageVersion);
  else if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    printHelp(await renderUsage(overview));
  else if (name === 'fs') await (await import('./fs/run-fs.js')).runFs(rest);
  else await runNamed(await loadCommand(name), rest);
}

async function loadCommand(name: string): Promise<AnyCommand> {
  const load = commands[name];
  if (load !== undefined) return (await load()) as AnyCommand;
  const [meant] = suggestNames(name, Object.keys(commands));
  throw usage(
    `there is no command ${name}`,
    meant === undefined ? 'See rumpkit --help.' : `Did you mean ${meant}?`,
  );
}

async function runNamed(command: AnyCommand, words: string[]): Promise<void> {
  const separator = words.indexOf('--');
  const own = separator < 0 ? words : words.slice(0, separator);
  if (own.includes('--help') || own.includes('-h'))
    printHelp(await renderUsage(command, overview as unknown as AnyCommand));
  else await runCommand(command, { rawArgs: words });
}

const words = process.argv.slice(2);
try {
  await main(words);
} catch (error) {
  const shown =
    error instanceof Error && error.name === 'CLIError' ? usage(error.message, 'See --help.') : error;
  printRemark(renderError(shown, words.includes('--verbose')));
  process.exitCode = exitCodeOf(shown instanceof RumpError ? shown : error);
}
