// SPDX-License-Identifier: BSD-2-Clause
// run-command.ts: runs one command of a plan to its end and gives its output.
import { execa, ExecaError } from 'execa';
import { RumpError } from '../errors.js';
import type { CommandPlan } from './command-plan.js';

/** How a command is run; what it does is in its plan. */
export interface RunCommandOptions {
  /** Kills the command after so many milliseconds. */
  timeoutMs?: number;
  /** Kills the command when aborted. */
  signal?: AbortSignal;
  /** Called for every line of output (both streams) as it comes. */
  onLine?: (line: string) => void;
}

/** What a command that succeeded printed. */
export interface CommandOutput {
  stdout: string;
  stderr: string;
}

const defaultTimeoutMs = 10 * 60_000;

/** Runs a command; throws RUMP_EXEC_NOT_FOUND, RUMP_EXEC_FAILED or RUMP_EXEC_TIMED_OUT. */
export async function runCommand(plan: CommandPlan, options: RunCommandOptions = {}): Promise<CommandOutput> {
  const subprocess = execa(plan.command, [...plan.args], {
    stdin: 'ignore',
    timeout: options.timeoutMs ?? defaultTimeoutMs,
    forceKillAfterDelay: 2000,
    ...(plan.cwd === undefined ? {} : { cwd: plan.cwd }),
    ...(plan.env === undefined ? {} : { env: plan.env }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  const lines = options.onLine === undefined ? undefined : forwardLines(subprocess, options.onLine);
  try {
    const result = await subprocess;
    await lines;
    return { stdout: result.stdout, stderr: result.stderr };
  } catch (error) {
    throw commandError(plan, error);
  }
}

async function forwardLines(
  subprocess: { iterable: (options: { from: 'all' | 'stdout' | 'stderr' }) => AsyncIterable<unknown> },
  onLine: (line: string) => void,
): Promise<void> {
  const forward = async (from: 'stdout' | 'stderr'): Promise<void> => {
    try {
      for await (const line of subprocess.iterable({ from })) onLine(String(line));
    } catch {
      // The command's failure is reported once, by whoever awaits the command itself.
    }
  };
  await Promise.all([forward('stdout'), forward('stderr')]);
}

function commandError(plan: CommandPlan, error: unknown): RumpError {
  if (!(error instanceof ExecaError)) throw error;
  const details = {
    command: plan.command,
    args: plan.args,
    exitCode: error.exitCode,
    signal: error.signal,
    stdout: error.stdout,
    stderr: error.stderr,
  };
  if (error.code === 'ENOENT') {
    return new RumpError('RUMP_EXEC_NOT_FOUND', `${plan.command} is not installed`, {
      details,
      cause: error,
    });
  }
  if (error.timedOut) {
    return new RumpError('RUMP_EXEC_TIMED_OUT', `${plan.command} did not end in time`, {
      details,
      cause: error,
    });
  }
  const how = error.signal === undefined ? `exit code ${error.exitCode ?? '?'}` : `signal ${error.signal}`;
  const tail = lastLines(`${String(error.stdout)}\n${String(error.stderr)}`, 12);
  return new RumpError('RUMP_EXEC_FAILED', `${plan.command} failed with ${how}\n${tail}`, {
    details,
    cause: error,
  });
}

function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
