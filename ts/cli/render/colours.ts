// SPDX-License-Identifier: BSD-2-Clause
// colours.ts: the only file that knows how colours are made.
import picocolors from 'picocolors';

// A pipe gets plain text, also where the environment says CI: who reads it may be a program.
const { bold, dim, green, red, yellow } = picocolors.createColors(
  picocolors.isColorSupported && (process.stdout.isTTY || 'FORCE_COLOR' in process.env),
);

/** What text means, rather than how it looks. */
export const paint = { heading: bold, aside: dim, good: green, bad: red, warning: yellow } as const;
