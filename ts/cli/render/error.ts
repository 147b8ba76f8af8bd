// SPDX-License-Identifier: BSD-2-Clause
// error.ts: how an error is shown, and which exit code it makes.
import { RumpError } from '../../errors.js';
import { paint } from './colours.js';

/** Message, remedy, and with verbose the stack and the causes. */
export function renderError(error: unknown, verbose: boolean): string {
  if (isSystemError(error)) return `${paint.bad('error')} ${verbose ? (error.stack ?? '') : error.message}\n`;
  if (!(error instanceof RumpError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${paint.bad('rumpkit: unexpected error')}\n${text}\n`;
  }
  const lines = [`${paint.bad('error')} ${error.message} ${paint.aside(`[${error.code}]`)}`];
  if (error.remedy !== undefined) lines.push(`${paint.good('remedy')} ${error.remedy}`);
  if (verbose) lines.push(...verboseLines(error));
  return `${lines.join('\n')}\n`;
}

/** Exit codes: 2 usage, 124 time limit, 130 interrupted, 1 everything else. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof RumpError)) return 1;
  const special: Partial<Record<RumpError['code'], number>> = {
    RUMP_CLI_USAGE: 2,
    RUMP_RUN_TIMED_OUT: 124,
    RUMP_RUN_INTERRUPTED: 130,
    RUMP_FS_INTERRUPTED: 130,
  };
  return special[error.code] ?? 1;
}

/** What the operating system refused speaks for itself. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'errno' in error;
}

function verboseLines(error: RumpError): string[] {
  const output = typeof error.details['output'] === 'string' ? [error.details['output']] : [];
  const stacks: string[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause)
    stacks.push(each.stack ?? each.message);
  return [...output, ...stacks];
}
