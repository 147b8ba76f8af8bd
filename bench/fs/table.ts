// SPDX-License-Identifier: BSD-2-Clause
// table.ts: a comparison as lines of text: rates, how many times as fast as each peer we are, and whether that is
// what we aim at.
import type { Group } from './groups.js';
import type { Row } from './measure.js';

/** What came out for a group. */
export interface GroupResult {
  name: string;
  subjects: string[];
  rows: (Row & Verdict)[];
}

/** A row as it is judged. */
export interface Verdict {
  /** Our rate by each peer's; undefined where the peer cannot. */
  ratios: (number | undefined)[];
  aim: number | undefined;
  /** Whether the smallest ratio is what is aimed at; undefined where there is no peer, or no aim. */
  isReached: boolean | undefined;
  /** Of a row of promises: how many times as long as synchronous calls. */
  bySync: number | undefined;
}

/** Compares our rates with the peers'. */
export function judge(group: Group, subjects: string[], rows: readonly Row[]): GroupResult {
  return { name: group.name, subjects, rows: rows.map((row) => ({ ...row, ...judgeRow(group, row, rows) })) };
}

function judgeRow(group: Group, row: Row, rows: readonly Row[]): Verdict {
  const [ours = Number.NaN, ...peers] = row.rates;
  const ratios = peers.map((peer) => peer && ours / peer);
  const known = ratios.filter((ratio) => ratio !== undefined);
  const aim = group.aim(row);
  const sync = rows.find(({ what, form }) => what === row.what && form === 'sync');
  return {
    ratios,
    aim,
    isReached: aim === undefined || known.length === 0 ? undefined : Math.min(...known) >= aim,
    bySync: row.form === 'promises' && sync?.rates[0] !== undefined ? sync.rates[0] / ours : undefined,
  };
}

/** The lines. */
export function formatGroup({ name, subjects, rows }: GroupResult): string {
  const width = Math.max(...rows.map(({ what, form }) => what.length + form.length + 2));
  const columns = subjects.map((subject) => Math.max(subject.length, 18));
  const head = [
    name.padEnd(width),
    ...subjects.map((subject, index) => subject.padStart(columns[index]!)),
    'ahead',
  ];
  return [head.join('  '), ...rows.map((row) => formatRow(row, width, columns))].join('\n');
}

function formatRow(row: Row & Verdict, width: number, columns: readonly number[]): string {
  const cells = row.rates.map((rate, index) => {
    const ratio = index === 0 ? undefined : row.ratios[index - 1];
    const text = rate === undefined ? '-' : `${formatRate(rate)} ${row.unit.padEnd(4)}`;
    return (ratio === undefined ? text : `${text} ${ratio.toFixed(2)} x`).padStart(columns[index]!);
  });
  const later = row.bySync === undefined ? '' : `, promises ${row.bySync.toFixed(2)} x sync's time`;
  return [`${row.what}, ${row.form}`.padEnd(width), ...cells, `${formatVerdict(row)}${later}`].join('  ');
}

function formatVerdict({ isReached, aim, ratios }: Verdict): string {
  const known = ratios.filter((ratio) => ratio !== undefined);
  const isAhead = known.length > 0 && Math.min(...known) >= 1;
  if (isAhead) return 'yes';
  if (isReached === true) return `no, within ${(1 / (aim ?? 1)).toFixed(1)} x`;
  return known.length === 0 ? 'no peer' : 'no';
}

function formatRate(rate: number): string {
  return rate >= 100 ? rate.toFixed(0) : rate.toPrecision(3);
}
