// SPDX-License-Identifier: BSD-2-Clause
// measure.ts: subjects do each row in turns, several rounds; the median counts.
import { doLater, doNow, type Files, type Work } from './files.js';
import { workloads, type Amounts, type Place, type Workload } from './workloads.js';

/** Something that is measured. */
export interface Subject {
  name: string;
  root: string;
  /** Synchronous calls, where it has them. */
  sync?: Files;
  promises: Files;
  /** How many files at most, for who needs minutes for ten thousand in a folder. */
  files?: number;
  end: () => Promise<void>;
}

/** How the calls are made. */
export type Form = 'sync' | 'promises';

/** One row's figures: by subject, in the unit; undefined where the subject cannot do it. */
export interface Row {
  what: string;
  kind: Workload['kind'];
  unit: Workload['unit'];
  form: Form;
  rates: (number | undefined)[];
}

const rounds = 5;
/** Who needs longer than this for a row does it once: it is no close race. */
const longMs = 2000;

/** All rows, in each of these forms; told one by one, as it takes minutes. */
export async function measure(
  subjects: readonly Subject[],
  forms: Partial<Record<Form, Amounts>>,
  tell: (row: Row) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [form, amounts] of Object.entries(forms) as [Form, Amounts][]) {
    for (const workload of workloads) {
      const { what, kind, unit } = workload;
      const row = { what, kind, unit, form, rates: await ratesOf(workload, subjects, form, amounts) };
      tell(row);
      rows.push(row);
    }
  }
  return rows;
}

async function ratesOf(
  workload: Workload,
  subjects: readonly Subject[],
  form: Form,
  amounts: Amounts,
): Promise<(number | undefined)[]> {
  // milliseconds for one of the unit
  const times = subjects.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, subject] of subjects.entries()) {
      const files = subject[form];
      if (files === undefined || (workload.needs && files[workload.needs] === undefined)) continue;
      if (round > 0 && times[index]![0]! * workload.amount(amounts) > longMs) continue;
      const own = { ...amounts, files: Math.min(amounts.files, subject.files ?? Infinity) };
      const place = {
        files,
        amounts: own,
        large: `${subject.root}/large.bin`,
        folder: newFolder(subject.root),
      };
      const elapsed = await timeOf(workload, place, form === 'sync' ? doNow : doLater);
      times[index]!.push(elapsed / workload.amount(own));
    }
  }
  return times.map((some) => (some.length === 0 ? undefined : 1000 / median(some)));
}

let folders = 0;

function newFolder(root: string): string {
  return `${root}/many-${folders++}`;
}

async function timeOf(
  workload: Workload,
  place: Place,
  work: (steps: Work) => void | Promise<void>,
): Promise<number> {
  if (workload.before) await work(workload.before(place));
  const start = performance.now();
  await work(workload.run(place));
  const elapsed = performance.now() - start;
  if (workload.after) await work(workload.after(place));
  return elapsed;
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
