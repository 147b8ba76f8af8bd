// SPDX-License-Identifier: BSD-2-Clause
// shell.ts: rumpkit fs shell: the commands of `rumpkit fs` in one image, with a folder to be in. Plain words are paths
// of the image, host:PATH are those of the host. A script on standard input ends at its first failure.
import { createInterface, type Interface } from 'node:readline';
import { RumpError } from '../../errors.js';
import { usage } from '../options.js';
import { print, printRemark } from '../output.js';
import { renderError } from '../render/error.js';
import { checkCount, commandHelp, parseWords, type OptionDefinitions, type OptionValues } from './command.js';
import { fsCommands } from './command-table.js';
import { statOf } from './copy.js';
import { fsError } from './fs-error.js';
import { insidePath } from './location.js';
import { formatImageName, parseImageName } from './reference.js';
import { FsSession } from './session.js';
import { splitWords } from './split-words.js';
import { Volumes, type Volume } from './volumes.js';

export const shellOptions: OptionDefinitions = {
  'read-only': { type: 'boolean', short: 'r', description: 'Open the image for reading only' },
};

/** What the first word can be, with the space that follows it. */
const commandNames = [...Object.keys(fsCommands), 'cd', 'pwd', 'help', 'exit'].map((name) => `${name} `);

/** Runs the command. */
export async function runShell([word = '']: readonly string[], options: OptionValues): Promise<void> {
  const name = parseImageName(word);
  const writable = options['read-only'] === true ? [] : [formatImageName(name)];
  await using volumes = await Volumes.open([name], new Set(writable));
  const shell = new Shell(volumes, volumes.find(name), options['verbose'] === true);
  await shell.run();
  await volumes.close();
  if (shell.status !== 0) process.exitCode = shell.status;
}

class Shell {
  status = 0;
  readonly #volumes: Volumes;
  readonly #home: Volume;
  readonly #isVerbose: boolean;
  readonly #isTerminal = process.stdin.isTTY;
  #folder = '/';
  #stop = new AbortController();
  #isBusy = false;

  constructor(volumes: Volumes, home: Volume, isVerbose: boolean) {
    this.#volumes = volumes;
    this.#home = home;
    this.#isVerbose = isVerbose;
  }

  async run(): Promise<void> {
    const lines = createInterface({
      input: process.stdin,
      ...(this.#isTerminal ? { output: process.stdout, prompt: this.#prompt() } : {}),
      completer: (line: string, answer: (error: null, result: [string[], string]) => void) => {
        void this.#complete(line).then((result) => answer(null, result));
      },
    });
    const interrupt = (): void => {
      this.#stop.abort();
      if (!this.#isTerminal) lines.close();
      else if (!this.#isBusy) this.#forgetLine(lines);
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    lines.on('SIGINT', interrupt);
    try {
      await this.#readLines(lines);
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      lines.close();
    }
    if (this.#stop.signal.aborted && !this.#isTerminal) this.status = 130;
  }

  async #readLines(lines: Interface): Promise<void> {
    if (this.#isTerminal) lines.prompt();
    for await (const line of lines) {
      this.#isBusy = true;
      const goesOn = await this.#runLine(line);
      this.#isBusy = false;
      if (!goesOn) return;
      lines.setPrompt(this.#prompt());
      if (this.#isTerminal) lines.prompt();
    }
  }

  /** What is typed so far is not meant, as in other shells. */
  #forgetLine(lines: Interface): void {
    lines.write(null, { ctrl: true, name: 'e' });
    lines.write(null, { ctrl: true, name: 'u' });
    process.stdout.write('^C\n');
    lines.prompt();
  }

  #prompt(): string {
    return `${this.#home.name}:${this.#folder}> `;
  }

  /** False at the end: exit, or a failure in a script. */
  async #runLine(line: string): Promise<boolean> {
    if (this.#isTerminal) this.#stop = new AbortController();
    try {
      const [name, ...args] = splitWords(line);
      if (name === undefined) return true;
      if (name === 'exit') return false;
      const status = await this.#runCommand(name, args);
      return this.#isTerminal || status === 0;
    } catch (error) {
      printRemark(renderError(error, this.#isVerbose));
      const isInterrupted = error instanceof RumpError && error.code === 'RUMP_FS_INTERRUPTED';
      this.status = this.#isTerminal ? this.status : isInterrupted ? 130 : 1;
      return this.#isTerminal;
    }
  }

  async #runCommand(name: string, args: string[]): Promise<number> {
    if (name === 'help') this.#help(args[0]);
    else if (name === 'pwd') print(this.#folder);
    else if (name === 'cd') await this.#changeFolder(args[0] ?? '/');
    else {
      const command = fsCommands[name];
      if (command === undefined) throw usage(`there is no command ${name}`, 'See help.');
      const { words, options } = parseWords(name, command.prepare?.(args) ?? args, command.options);
      // Without words, these mean the folder that one is in.
      const isAboutFolder = words.length === 0 && ['ls', 'tree', 'du', 'find', 'df'].includes(name);
      const meant = isAboutFolder ? ['.'] : words;
      checkCount(name, meant, command);
      const session = this.#session();
      await command.run(session, meant, options);
      if (session.status !== 0 && !this.#isTerminal) this.status = session.status;
      return session.status;
    }
    return 0;
  }

  #session(): FsSession {
    const session = new FsSession(this.#volumes, {
      signal: this.#stop.signal,
      isVerbose: this.#isVerbose,
      home: this.#home,
    });
    session.folder = this.#folder;
    return session;
  }

  async #changeFolder(word: string): Promise<void> {
    const place = await this.#session().locate(word);
    const stats = await statOf(place);
    if (stats === undefined) throw fsError('ENOENT', word);
    if (!stats.isDirectory()) throw fsError('ENOTDIR', word);
    this.#folder = insidePath(place);
  }

  #help(name: string | undefined): void {
    const command = name === undefined ? undefined : fsCommands[name];
    if (name !== undefined && command !== undefined) print(commandHelp(name, command));
    else {
      const rows = Object.entries(fsCommands).map(([each, { summary }]) => `  ${each.padEnd(8)} ${summary}`);
      print(
        [
          ...rows,
          '  cd, pwd  Change the folder, or show it',
          '  exit     End',
          'host:PATH is a path of the host.',
        ].join('\n'),
      );
    }
  }

  /** Names of commands for the first word, names in the image for the others. */
  async #complete(line: string): Promise<[string[], string]> {
    const last = /\S*$/.exec(line)?.[0] ?? '';
    if (line.trimStart() === last) return [commandNames.filter((name) => name.startsWith(last)), last];
    try {
      const slash = last.lastIndexOf('/');
      const folder = await this.#session().locate(slash < 0 ? '.' : last.slice(0, slash + 1));
      const entries = await folder.fs.promises.readdir(folder.path, { withFileTypes: true });
      const before = last.slice(0, slash + 1);
      const names = entries.map((entry) => `${before}${entry.name}${entry.isDirectory() ? '/' : ' '}`);
      return [names.filter((name) => name.startsWith(last)), last];
    } catch {
      return [[], last];
    }
  }
}
