// SPDX-License-Identifier: BSD-2-Clause
// exit-record.ts: the last words of a guest, by which it tells how it ended.

/** How a guest says that it ended. */
export type ExitRecord = { kind: 'exit'; status: number } | { kind: 'fault'; reason: string };

/** Finds the last record in what the guest wrote to its debug console (or, without one, to its serial line). */
export function parseExitRecord(text: string): ExitRecord | undefined {
  const records = [...text.matchAll(/^rumpkit-(?:exit (\d{1,3})|fault (.*?))\r?$/gm)];
  const last = records.at(-1);
  if (last === undefined) return undefined;
  if (last[1] !== undefined) return { kind: 'exit', status: Number(last[1]) & 0xff };
  return { kind: 'fault', reason: last[2] ?? '' };
}
