// SPDX-License-Identifier: BSD-2-Clause
// builder-process.ts: the builder side is another process: the command line with --json. So a program that only runs
// kernels never loads a compiler driver into itself.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NativeError } from '../errors.js';
import { runCommand } from '../exec/run-command.js';
import { packageRoot } from '../paths.js';
import { readBuilderError } from './builder-error.js';

/** Runs a command of the builder; its answer is one JSON object. What it says meanwhile goes to standard error. */
export async function runBuilder(words: readonly string[], what: string): Promise<Record<string, unknown>> {
  const { command, args } = builderCommand();
  process.stderr.write(`rumpkit: building ${what}\n`);
  const plan = { command, args: [...args, ...words, '--json'], cwd: packageRoot, env: { NO_COLOR: '1' } };
  try {
    const output = await runCommand(plan, { timeoutMs: 30 * 60_000, onLine: makeReporter() });
    return parseAnswer(output.stdout, what);
  } catch (error) {
    throw readBuilderError(error);
  }
}

/** The compiled command line; in a checkout that was not compiled, the source through tsx. */
function builderCommand(): { command: string; args: string[] } {
  const compiled = join(packageRoot, 'dist', 'cli', 'main.js');
  const source = join(packageRoot, 'ts', 'cli', 'main.ts');
  const runsFromSource = import.meta.filename.endsWith('.ts');
  if (existsSync(compiled) && !runsFromSource) return { command: process.execPath, args: [compiled] };
  return { command: process.execPath, args: ['--import', 'tsx', source] };
}

/** Passes lines on until the answer begins, or the error that is thrown here. */
function makeReporter(): (line: string) => void {
  let isAnswer = false;
  return (line) => {
    isAnswer ||= line.startsWith('{') || line.startsWith('error ');
    if (!isAnswer && line.trim() !== '') process.stderr.write(`rumpkit: ${line.trim()}\n`);
  };
}

function parseAnswer(stdout: string, what: string): Record<string, unknown> {
  const text = stdout.slice(stdout.indexOf('{'));
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new NativeError('RUMP_NATIVE_BUILD_FAILED', `the builder gave no answer about ${what}`, {
      details: { stdout },
      cause: error,
    });
  }
}
