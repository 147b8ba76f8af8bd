// SPDX-License-Identifier: BSD-2-Clause
// start-process.ts: runs a program whose console matters more than its exit code, such as a hypervisor.
import { execa } from 'execa';
import { RumpError } from '../errors.js';
import type { CommandPlan } from './command-plan.js';

/** How the process is connected and when it is stopped. */
export interface StartProcessOptions {
  /** inherit: the terminal of this process. capture: collected and passed to onOutput. */
  console: 'inherit' | 'capture';
  onOutput?: (chunk: string) => void;
  /** What the process reads, with a captured console. */
  input?: string;
  timeoutMs?: number;
  /** Stops the process as soon as its standard error matches. */
  stopOnError?: RegExp;
  /** Stops the process: SIGTERM, and SIGKILL if that does not help. */
  signal?: AbortSignal;
}

/** How the process ended. A failure is not thrown: whoever started it knows what it means. */
export interface EndedProcess {
  exitCode: number | undefined;
  signal: string | undefined;
  timedOut: boolean;
  stopped: boolean;
  stdout: string;
  stderr: string;
}

const killDelayMs = 2000;
const outputLimit = 64 * 1024 * 1024;

/** Runs the process to its end. Throws RUMP_EXEC_NOT_FOUND only. */
export async function startProcess(plan: CommandPlan, options: StartProcessOptions): Promise<EndedProcess> {
  const inherits = options.console === 'inherit';
  const subprocess = execa(plan.command, [...plan.args], {
    reject: false,
    stdin: inherits ? 'inherit' : options.input === undefined ? 'ignore' : 'pipe',
    stdout: inherits ? 'inherit' : 'pipe',
    stderr: 'pipe',
    stripFinalNewline: false,
    maxBuffer: outputLimit,
    forceKillAfterDelay: killDelayMs,
    ...(inherits || options.input === undefined ? {} : { input: options.input }),
    ...(plan.cwd === undefined ? {} : { cwd: plan.cwd }),
    ...(plan.env === undefined ? {} : { env: plan.env }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  subprocess.stdout?.setEncoding('utf8').on('data', (chunk: string) => options.onOutput?.(chunk));
  let complaints = '';
  subprocess.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
    if (options.stopOnError?.test(complaints) === true) subprocess.kill('SIGKILL');
  });
  const result = await subprocess;
  if ((result as { code?: string }).code === 'ENOENT') throw notFound(plan.command, result);
  return {
    exitCode: result.exitCode,
    signal: result.signal,
    timedOut: result.timedOut,
    stopped: result.isCanceled,
    stdout: typeof result.stdout === 'string' ? result.stdout : '',
    stderr: typeof result.stderr === 'string' ? result.stderr : '',
  };
}

function notFound(command: string, cause: unknown): RumpError {
  return new RumpError('RUMP_EXEC_NOT_FOUND', `${command} is not installed`, { details: { command }, cause });
}
