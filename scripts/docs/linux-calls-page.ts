// SPDX-License-Identifier: BSD-2-Clause
// linux-calls-page.ts: docs/linux-system-calls.md, from the table that the system-call layer itself is made of.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from './markdown.js';

const table = join(import.meta.dirname, '../../glue/linux/calls.h');

const introduction = `# Linux system calls

<!-- Made by \`npm run docs\` from glue/linux/calls.h. -->

What \`glue/linux\` answers when an unmodified static Linux/x86-64 program runs in an image. A call that is not in the
first table returns ENOSYS and is named once on the console: \`rumpkit: system call NAME (N) is not implemented\`.
\`rseq\` returns ENOSYS too, without a line: every C library asks for it at its start and does without.

Limits that programs may meet:

- One program, which may have threads: \`clone\` makes threads only, and there is no \`execve\`.
- Signals end the program or are ignored, as their default actions say; handlers are kept but not called.
- A file is mapped by reading it: private mappings, and shared ones that are only read.
- Descriptors 0, 1 and 2 are the console, a terminal unless the image is configured with \`tty=0\`.
- \`/proc\` is \`/proc/self/exe\` for \`readlink\`, and nothing else.
`;

/** The page. */
export function linuxCallsPage(): string {
  const source = readFileSync(table, 'utf8');
  const done = [...source.matchAll(/\bSYS\((\d+), (\w+), \w+, "\w*"\)/g)].map(({ 1: number, 2: name }) => [
    number ?? '',
    `\`${name ?? ''}\``,
  ]);
  const missing = [...source.matchAll(/\bNOT\(\d+, (\w+)\)/g)].map(({ 1: name }) => `\`${name ?? ''}\``);
  return [
    introduction,
    `\n## Implemented (${done.length})\n\n`,
    markdownTable(['number', 'call'], done),
    `\n## Not implemented (${missing.length})\n\n${missing.join(', ')}\n`,
  ].join('');
}
