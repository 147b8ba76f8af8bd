// SPDX-License-Identifier: BSD-2-Clause
// check.ts: rumpkit fs check and rumpkit fs partitions: what can be said of an image without mounting it.
import { detectFileSystem, requireFileSystem } from '../../../disk/detect.js';
import { checkFfs, type CheckResult } from '../../../disk/ffs/check.js';
import { repairFfs } from '../../../disk/ffs/repair.js';
import { describeFinding } from '../../../disk/ffs/finding.js';
import { checkForeign, type ForeignType } from '../../../disk/foreign.js';
import { openPartition, readPartitions } from '../../../disk/partition/read-partitions.js';
import { openStorage } from '../../../disk/storage.js';
import { DiskError } from '../../../errors.js';
import { usage } from '../../options.js';
import { print, printJson, printRemark } from '../../output.js';
import { paint } from '../../render/colours.js';
import { renderTable } from '../../render/table.js';
import type { OptionDefinitions, OptionValues } from '../command.js';
import { sizeText } from '../describe.js';
import { formatImageName, parseImageName, type ImageName } from '../reference.js';
import { withStorage } from '../volumes.js';

export const checkOptions: OptionDefinitions = {
  repair: { type: 'boolean', description: 'ffs: repair what is found, and tell what was done' },
  'dry-run': { type: 'boolean', description: 'With --repair: only tell what would be done' },
};

/** As fsck has it: everything that was found is repaired; something that was found is still there. */
const statusRepaired = 1;
const statusLeft = 4;

/** Runs rumpkit fs check. */
export async function runCheck([word = '']: readonly string[], options: OptionValues): Promise<void> {
  const name = parseImageName(word);
  const { detected, partition } = withStorage(name, 'read', (storage, found) => ({
    detected: requireFileSystem(storage),
    partition: found,
  }));
  if (detected.type === 'cd9660')
    throw new DiskError('RUMP_DISK_UNSUPPORTED', `there is nothing to check an ISO 9660 image with`, {
      remedy: 'Read all of it: rumpkit fs find IMAGE:/',
    });
  if (options['dry-run'] === true && options['repair'] !== true)
    throw usage('fs check changes nothing without --repair', 'Leave out --dry-run.');
  if (options['repair'] === true && detected.type !== 'ffs')
    throw usage(`fs check cannot repair ${detected.kind}`, 'Use e2fsck -p or fsck.fat -a.');
  if (options['repair'] === true) repairOurs(name, options);
  else if (detected.type === 'ffs') checkOurs(name, options);
  else {
    const type: ForeignType = detected.kind === 'exFAT' ? 'exfat' : detected.type;
    const result = await checkForeign(type, name.image, partition);
    if (options['json'] === true) printJson({ image: formatImageName(name), ...result });
    else print(result.output);
    if (!result.isClean) process.exitCode = statusLeft;
  }
}

function checkOurs(name: ImageName, options: OptionValues): void {
  const result = withStorage(name, 'read', (storage) => checkFfs(storage));
  if (options['json'] === true) printJson({ image: formatImageName(name), ...result });
  else print(describe(formatImageName(name), result));
  if (!result.isClean) process.exitCode = statusLeft;
}

function repairOurs(name: ImageName, options: OptionValues): void {
  const dryRun = options['dry-run'] === true;
  const image = formatImageName(name);
  const result = withStorage(name, dryRun ? 'read' : 'write', (storage) => repairFfs(storage, { dryRun }));
  const { actions, after, before } = result;
  if (options['json'] === true) printJson({ image, ...result });
  else {
    for (const { found, done } of actions)
      print(`${found}\n  ${paint.good(dryRun ? 'would do' : 'done')}: ${done}`);
    print(describe(image, after));
  }
  if (!after.isClean || (dryRun && !before.isClean)) process.exitCode = statusLeft;
  else if (actions.length > 0) process.exitCode = statusRepaired;
}

function describe(image: string, { findings, damage, afterCrash, contents }: CheckResult): string {
  const lines = findings.map((finding) => {
    const mark = finding.severity === 'damage' ? paint.bad('damage     ') : paint.warning('after crash');
    return `${mark} ${describeFinding(finding)}`;
  });
  const more = damage + afterCrash - findings.length;
  if (more > 0) lines.push(`and ${more} more`);
  const summary =
    contents === undefined
      ? ''
      : `, ${contents.files} files, ${contents.directories} of them folders; ${sizeText(contents.freeBytes, true)} of ${sizeText(contents.bytes, true)} free`;
  const verdict =
    damage + afterCrash === 0
      ? paint.good('clean')
      : damage === 0
        ? paint.warning(`sound; ${afterCrash} things are left from a crash`)
        : paint.bad(`damaged: ${damage} findings, and ${afterCrash} things left from a crash`);
  return [...lines, `${image}: ${verdict}${summary}`].join('\n');
}

/** Runs rumpkit fs partitions. */
export function runPartitions([word = '']: readonly string[], options: OptionValues): void {
  using storage = openStorage(word);
  const { partitions, remarks } = readPartitions(storage);
  const rows = partitions.map((partition) => ({
    ...partition,
    holds: detectFileSystem(openPartition(storage, partition))?.kind ?? '',
  }));
  for (const remark of remarks) printRemark(`${paint.warning('remark')} ${remark}`);
  if (options['json'] === true) printJson(rows);
  else if (rows.length === 0) print(`${word} has no partition table`);
  else
    print(
      renderTable(
        ['partition', 'table', 'type', 'start', 'bytes', 'holds', 'label'],
        rows.map(({ name, table, type, start, size, holds, label }) => [
          `@${name}`,
          table,
          type,
          start,
          size,
          holds,
          label ?? '',
        ]),
      ),
    );
}
