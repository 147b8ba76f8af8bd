// SPDX-License-Identifier: BSD-2-Clause
// doctor.ts: rumpkit doctor: what is missing on this machine, and the remedy.
import { defineCommand } from 'citty';
import { checkMachine, type Check } from '../doctor-checks.js';
import { refuseUnknownOptions } from '../options.js';
import { print, printJson } from '../output.js';
import { paint } from '../render/colours.js';
import { renderTable } from '../render/table.js';
import { outputArgs } from '../shared-args.js';

const args = { ...outputArgs } as const;

export default defineCommand({
  meta: { name: 'doctor', description: 'Check what is installed, and say what is missing' },
  args,
  run({ rawArgs, args: options }) {
    refuseUnknownOptions(rawArgs, args);
    const checks = checkMachine();
    if (options.json === true) printJson(checks);
    else print(report(checks));
    if (checks.some(({ state }) => state === 'missing')) process.exitCode = 1;
  },
});

function report(checks: readonly Check[]): string {
  const marks = { ok: paint.good('ok'), missing: paint.bad('missing'), optional: paint.warning('optional') };
  const rows = checks.map(({ name, purpose, state, found }) => [marks[state], name, found, purpose]);
  const packages = [
    ...new Set(checks.flatMap((check) => (check.state === 'missing' ? (check.packages ?? []) : []))),
  ];
  const remedies = checks.flatMap((check) =>
    check.state === 'missing' && check.remedy !== undefined ? [check.remedy] : [],
  );
  return [
    renderTable(['', 'what', 'found', 'for'], rows),
    ...(packages.length > 0 ? [`remedy: apt-get install ${packages.join(' ')}`] : []),
    ...remedies.map((remedy) => `remedy: ${remedy}`),
  ].join('\n');
}
