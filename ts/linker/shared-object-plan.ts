// SPDX-License-Identifier: BSD-2-Clause
// shared-object-plan.ts: links a composition of components and a posix host into one shared object. Everything binds
// inside of it, and only the edges are visible, so that a process can hold several.
import { join } from 'node:path';
import { linkSetScript } from './link-sets.js';
import type { LinkPlan, LinkUnit } from './link-plan.js';

/** What a shared object is linked from. */
export interface SharedObjectInput {
  units: readonly LinkUnit[];
  linkSets: ReadonlySet<string>;
  /** Where the plan's files go; the result is kernel.so in it. */
  folder: string;
  sanitize?: boolean;
}

/** The names that a kernel shows to the process it lives in. */
const exportsScript = '{ global: rump_*; rumpuser_*; rumpglue_*; rumpcomp_*; local: *; };\n';

/** Plans the link of a shared object. */
export function planSharedObject({ units, linkSets, folder, sanitize = false }: SharedObjectInput): LinkPlan {
  const output = join(folder, 'kernel.so');
  const script = { path: join(folder, 'linksets.ld'), contents: linkSetScript(linkSets, '.data.rel.ro') };
  const exports = { path: join(folder, 'exports.map'), contents: exportsScript };
  const hasSets = script.contents !== '';
  const args = [
    '-shared',
    '-pthread',
    '-Wl,-Bsymbolic',
    '-Wl,--gc-sections',
    '-Wl,-z,now,-z,relro,-z,noexecstack',
    '-Wl,--build-id=none',
    `-Wl,--version-script=${exports.path}`,
    ...(hasSets ? [`-Wl,-T,${script.path}`] : []),
    ...(sanitize ? ['-fsanitize=address,undefined'] : ['-Wl,-z,defs']),
    '-Wl,--whole-archive',
    ...units.map(({ archive }) => archive),
    '-Wl,--no-whole-archive',
    '-o',
    output,
  ];
  return {
    units,
    files: hasSets ? [exports, script] : [exports],
    commands: [{ command: 'cc', args }],
    output,
  };
}
