// SPDX-License-Identifier: BSD-2-Clause
// bsd-answers.ts: calls that fail for two reasons at once, of which Linux tells one and the BSDs another. That they
// fail, and change nothing, is the same.
import type { Call } from './calls.js';

type Answers = Record<string, readonly string[]>;

/** By call, and by what Linux says, what the BSDs may say. */
const answers: readonly [calls: RegExp, Answers][] = [
  // how long a name is comes before what it is looked up in
  [/./, { ENOTDIR: ['ENAMETOOLONG'] }],
  // a folder has no second name, wherever that would be
  [
    /^link$/,
    { EEXIST: ['EPERM'], ELOOP: ['EPERM'], ENAMETOOLONG: ['EPERM'], ENOENT: ['EPERM'], ENOTDIR: ['EPERM'] },
  ],
  // a slash at the end asks for a folder, before anything else is looked at
  [/^(link|mkdir|symlink)$/, { EEXIST: ['ENOTDIR'] }],
  [/^(open|writeFile)$/, { EISDIR: ['EEXIST', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR'] }],
  [/^rmdir$/, { EINVAL: ['ENOTEMPTY'], ENOTDIR: ['ENOENT', 'ENOTEMPTY'] }],
  [/^unlink$/, { ENOTDIR: ['EISDIR', 'ENOENT'] }],
  // both names are looked up before they are compared
  [
    /^rename$/,
    {
      EBUSY: ['EINVAL', 'EISDIR', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR', 'ENOTEMPTY'],
      EINVAL: ['ENOTDIR'],
      ELOOP: ['ENAMETOOLONG', 'ENOENT'],
      ENAMETOOLONG: ['ENOENT', 'ENOTDIR'],
      ENOENT: ['ENAMETOOLONG', 'ENOTDIR', 'ELOOP'],
      ENOTDIR: ['EISDIR', 'ENOENT'],
      ENOTEMPTY: ['EISDIR', 'ENOTDIR'],
    },
  ],
];

/** Whether one code stands for the other. */
export function isBsdAnswer({ name }: Call, linux: string, bsd: string): boolean {
  return answers.some(([calls, codes]) => calls.test(name) && codes[linux]?.includes(bsd) === true);
}
