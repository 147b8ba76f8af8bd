// SPDX-License-Identifier: BSD-2-Clause
// command-plan.ts: a command as plain data, so that a plan can be printed and tested without running it.

/** One program to start: what, with which words, where. */
export interface CommandPlan {
  command: string;
  args: readonly string[];
  cwd?: string;
  /** Added to the environment of this process. */
  env?: Readonly<Record<string, string>>;
}

/** The plan as one line for a POSIX shell. */
export function formatCommand(plan: CommandPlan): string {
  const assignments = Object.entries(plan.env ?? {}).map(([name, value]) => `${name}=${quoteWord(value)}`);
  const words = [...assignments, ...[plan.command, ...plan.args].map(quoteWord)].join(' ');
  return plan.cwd === undefined ? words : `cd ${quoteWord(plan.cwd)} && ${words}`;
}

function quoteWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
