// SPDX-License-Identifier: BSD-2-Clause
// manifest-schema.ts: the shape of a component.json. rump/component.schema.json is generated from it.
import * as v from 'valibot';
import { sourceSchema } from '../sources/source-spec.js';

const name = v.pipe(
  v.string(),
  v.regex(
    /^[a-z0-9]+(?:[-_][a-z0-9]+)*(?:\/[a-z0-9]+(?:[-_][a-z0-9]+)*)?$/,
    'expected a name such as "fs/cd9660"',
  ),
  v.description('Name of a component: lower case, at most one slash.'),
);
const relativePath = v.pipe(
  v.string(),
  v.regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$)).+$/, 'expected a relative path without ".."'),
);
const ownPath = v.pipe(
  v.string(),
  v.regex(/^(?!\/).+$/, 'expected a path relative to the folder of component.json'),
);
/** A component.json. */
export const manifestSchema = v.strictObject({
  $schema: v.optional(v.string()),
  name,
  faction: v.pipe(
    v.picklist(['kern', 'vfs', 'net', 'dev', 'host']),
    v.description('The part of the kernel that it belongs to; "host" is the glue around it.'),
  ),
  summary: v.pipe(v.string(), v.minLength(1), v.description('One line for tables.')),
  requires: v.pipe(v.array(name), v.description('Components that must be in the same kernel.')),
  base: v.optional(
    v.pipe(v.string(), v.description('Set by the components of a kernel base: which base they are part of.')),
  ),
  source: v.optional(v.pipe(sourceSchema, v.description('Where sources that are not ours come from.'))),
  files: v.pipe(v.array(ownPath), v.description('Own C and assembler files, relative to this folder.')),
  sourceFiles: v.optional(
    v.pipe(v.array(relativePath), v.description('Files in the unpacked tarball, its top folder stripped.')),
  ),
  includes: v.optional(v.pipe(v.array(ownPath), v.description('Include folders, relative to this folder.'))),
  sourceIncludes: v.optional(
    v.pipe(v.array(relativePath), v.description('Include folders in the unpacked tarball.')),
  ),
  defines: v.optional(v.pipe(v.array(v.string()), v.description('NAME or NAME=VALUE.'))),
  flags: v.optional(v.pipe(v.array(v.string()), v.description('Further compiler flags for all files.'))),
  sourceFlags: v.optional(
    v.pipe(v.array(v.string()), v.description('Further compiler flags for sourceFiles only.')),
  ),
  hosts: v.optional(
    v.pipe(
      v.array(v.picklist(['posix', 'baremetal'])),
      v.minLength(1),
      v.description('Hosts that it can be built for; default: both.'),
    ),
  ),
  licence: v.strictObject({
    spdx: v.pipe(v.string(), v.minLength(1), v.description('SPDX licence expression.')),
    notices: v.optional(
      v.pipe(v.array(v.string()), v.description('Files, in the tarball or here, that carry the notices.')),
    ),
  }),
  attach: v.optional(
    v.pipe(
      v.array(v.strictObject({ stage: v.string(), function: v.string() })),
      v.description('What runs when the kernel starts, by stage.'),
    ),
  ),
});

/** The contents of a component.json. */
export type Manifest = v.InferOutput<typeof manifestSchema>;

/** The machine, in the wide sense, that a kernel stands on. */
export type Host = 'posix' | 'baremetal';
