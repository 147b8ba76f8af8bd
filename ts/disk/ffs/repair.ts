// SPDX-License-Identifier: BSD-2-Clause
// repair.ts: repairs an FFSv1 file system: round after round, the first kind of finding that something can be done
// about is dealt with and everything is checked again, so that each step builds on what is certain by then. Changes
// are kept in memory until nothing is left to find; every one of them is told.
import { Overlay } from '../overlay.js';
import type { Storage } from '../storage.js';
import { inspectFfs, type CheckResult } from './check.js';
import type { CheckState } from './check-state.js';
import { describeFinding, type Finding, type FindingCode, type Tell } from './finding.js';
import { rebuildGroups } from './repair-groups.js';
import { countBlocks, repairInodes } from './repair-inodes.js';
import { correctLinks, reconnect, repairNames } from './repair-names.js';
import { markClean, repairCopies, repairSuperblock } from './repair-superblock.js';

/** What was done about a finding. */
export interface RepairAction {
  code: FindingCode;
  /** What was found, in words. */
  found: string;
  /** What was done. */
  done: string;
}

/** What a repair did. */
export interface RepairResult {
  before: CheckResult;
  actions: RepairAction[];
  /** What is found afterwards. */
  after: CheckResult;
  /** Whether the image was changed. */
  isWritten: boolean;
}

type Step = (state: CheckState, findings: readonly Finding[], tell: Tell) => void;

/** In this order: what comes later is sound only once what comes before is. */
const steps: readonly Step[] = [
  repairInodes,
  countBlocks,
  repairNames,
  reconnect,
  correctLinks,
  rebuildGroups,
  repairCopies,
  markClean,
];

const mostRounds = 100;

/**
 * Repairs a file system. Frees what nobody uses, rebuilds maps and totals, corrects link counts, puts what no directory
 * has into lost+found, and clears damage where nothing else helps. With dryRun it only tells what it would do.
 */
export function repairFfs(storage: Storage, { dryRun = false }: { dryRun?: boolean } = {}): RepairResult {
  const overlay = new Overlay(storage);
  const actions: RepairAction[] = [];
  const tell: Tell = (finding, done) =>
    actions.push({ code: finding.code, found: describeFinding(finding), done });
  let { result, state } = inspectFfs(overlay, { limit: Infinity });
  const before = result;
  for (let round = 0; round < mostRounds && !result.isClean; round++) {
    const count = actions.length;
    repairSuperblock(overlay, result.findings, tell);
    if (actions.length === count && state !== undefined)
      for (const step of steps) {
        step(state, result.findings, tell);
        if (actions.length > count) break;
      }
    if (actions.length === count) break;
    ({ result, state } = inspectFfs(overlay, { limit: Infinity }));
  }
  const isWritten = !dryRun && actions.length > 0;
  if (isWritten) overlay.commit();
  return { before, actions, after: result, isWritten };
}
