// SPDX-License-Identifier: BSD-2-Clause
// fs.ts: how fast kernel.fs is: reading an ISO image beside node:fs on the same tree, and reading and writing beside
// node:fs, memfs, @zenfs/core and the npm libraries for ext2 and FAT. Those who are compared take turns in one run.
import { groups, type Group } from './fs/groups.js';
import { benchIso, formatIsoResults, type IsoResult } from './fs/iso.js';
import { measure } from './fs/measure.js';
import { formatGroup, judge, type GroupResult } from './fs/table.js';

/** All that was measured. */
export interface FsResults {
  iso: IsoResult[];
  groups: GroupResult[];
}

/** Measures; only the groups whose name has one of these words in it, if there are any. */
export async function benchFs(words: readonly string[] = []): Promise<FsResults> {
  const isWanted = (name: string): boolean =>
    words.length === 0 || words.some((word) => name.toLowerCase().includes(word));
  const results: FsResults = { iso: [], groups: [] };
  if (isWanted('iso')) results.iso = await benchIso(process.env['RUMPKIT_TEST_KERNEL']);
  for (const group of groups) if (isWanted(group.name)) results.groups.push(await benchGroup(group));
  return results;
}

async function benchGroup(group: Group): Promise<GroupResult> {
  const subjects = await group.subjects();
  try {
    const rows = await measure(subjects, group.forms, ({ what, form, unit, rates }) => {
      const shown = rates.map((rate) => rate?.toFixed(0) ?? '-').join(', ');
      process.stderr.write(`${group.name}: ${what}, ${form}: ${shown} ${unit}\n`);
    });
    return judge(
      group,
      subjects.map(({ name }) => name),
      rows,
    );
  } finally {
    for (const subject of subjects) await subject.end();
  }
}

/** The results as lines of text. */
export function formatFsResults({ iso, groups: done }: FsResults): string {
  const tables = done.map(formatGroup);
  if (iso.length > 0)
    tables.unshift(`ISO 9660, kernel.fs beside node:fs on the same tree\n${formatIsoResults(iso)}`);
  return tables.join('\n\n');
}

if (process.argv[1] === import.meta.filename) {
  const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  const results = await benchFs(words);
  process.stdout.write(
    `${process.argv.includes('--json') ? JSON.stringify(results) : formatFsResults(results)}\n`,
  );
}
