// SPDX-License-Identifier: BSD-2-Clause
// known-differences.ts: where kernel.fs is not what node:fs is, each with its reason. Nothing else may differ.
import type { Call } from './calls.js';
import type { Form } from './compare.js';

interface KnownDifference {
  reason: string;
  matches: (form: Form, call: Call) => boolean;
}

const isCall = (call: Call, name: string, ...args: readonly unknown[]): boolean =>
  call.name === name && args.every((arg, index) => call.args[index] === arg);

const knownDifferences: readonly KnownDifference[] = [
  {
    reason: 'a BSD looks for the target of rename before it asks whether a file may have that name: ENOENT',
    matches: (_, call) => isCall(call, 'rename', '@/other', '@/x/'),
  },
  {
    reason:
      'a BSD follows a link whose path ends in a slash: the folder is EISDIR, where Linux says ENOTDIR of the link',
    matches: (_, call) => isCall(call, 'unlink', '@/soft-folder/'),
  },
  {
    reason: 'a BSD makes no files with the sticky bit',
    matches: (_, call) => isCall(call, 'open', '@/mode3'),
  },
  {
    reason:
      'the later forms of node:fs name the path that was tried last, the sync form the template: we always do',
    matches: (form, call) => form !== 'sync' && isCall(call, 'mkdtemp', '@/missing/x-'),
  },
];

/** True for a call that is known to differ. */
export function isKnownDifference(form: Form, call: Call): boolean {
  return knownDifferences.some((known) => known.matches(form, call));
}
