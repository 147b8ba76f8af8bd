// SPDX-License-Identifier: BSD-2-Clause
// markdown.ts: the commands, files and outputs that stand in a page.

/** A fenced block. */
export interface CodeBlock {
  /** As named behind the fence; '' for output. */
  language: string;
  body: string;
}

/** The fenced blocks of a page, in order. */
export function codeBlocks(text: string): CodeBlock[] {
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', body = '']) => ({
    language,
    body,
  }));
}
