// SPDX-License-Identifier: BSD-2-Clause
// shared-args.ts: options that several commands have.

/** --json and --verbose. */
export const outputArgs = {
  json: { type: 'boolean', description: 'Print JSON' },
  verbose: { type: 'boolean', description: 'Print stacks and whole outputs of tools with errors' },
} as const;

/** Where components and their sources come from. */
export const componentArgs = {
  source: {
    type: 'string',
    valueHint: 'PACKAGE=PATH',
    description: 'Local tarball or folder instead of a source package',
  },
  'component-folder': { type: 'string', valueHint: 'FOLDER', description: 'Folder with further components' },
  'dry-run': { type: 'boolean', description: 'Print the plan and stop' },
} as const;
