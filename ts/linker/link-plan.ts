// SPDX-License-Identifier: BSD-2-Clause
// link-plan.ts: the shape of a link, as plain data: files to write, commands to run, what comes out.
import type { CommandPlan } from '../exec/command-plan.js';

/** A component's archive in a link. */
export interface LinkUnit {
  component: string;
  archive: string;
}

/** A text file that a link needs, written before its commands run. */
export interface GeneratedFile {
  path: string;
  contents: string;
}

/** One link. */
export interface LinkPlan {
  units: readonly LinkUnit[];
  files: readonly GeneratedFile[];
  commands: readonly CommandPlan[];
  output: string;
}
