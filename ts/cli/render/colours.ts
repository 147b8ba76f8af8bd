// SPDX-License-Identifier: BSD-2-Clause
// colours.ts: the only file that knows how colours are made.
import picocolors from 'picocolors';

const { bold, dim, green, red, yellow } = picocolors;

/** What text means, rather than how it looks. */
export const paint = { heading: bold, aside: dim, good: green, bad: red, warning: yellow } as const;
