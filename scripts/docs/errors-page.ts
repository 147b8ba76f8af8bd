// SPDX-License-Identifier: BSD-2-Clause
// errors-page.ts: docs/errors.md.
import { errorCodes } from '../../ts/errors.js';
import { markdownTable } from './markdown.js';

const introduction = `# Errors

<!-- Made by \`npm run docs\` from ts/error-codes.ts. -->

Everything that rumpkit itself throws is a \`RumpError\` (\`import { RumpError } from 'rumpkit'\`) with a \`code\` from
this table, a \`message\` (what failed, on what, expected and got), a \`remedy\` where there is one, \`details\` as plain
data, and the \`cause\` underneath. The command line prints message and remedy and ends with status 1, with 2 for a wrong
command line, 124 for a time limit, 130 for an interruption; \`--verbose\` adds stacks and whole outputs.

Calls on files of a kernel (\`kernel.fs\`) throw errors of Node's own shape instead: \`code\`, \`errno\`, \`syscall\`,
\`path\`.
`;

/** The page. */
export function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([code, summary]) => [`\`${code}\``, summary]);
  return `${introduction}\n${markdownTable(['code', 'meaning'], rows)}`;
}
