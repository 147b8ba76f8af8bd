// SPDX-License-Identifier: BSD-2-Clause
// bytes.ts: what is written to files: described by a length and a number, so that a call can be printed.
import { seededBytes } from '../helpers/random.js';

/** So many bytes, different ones for each seed. */
export interface Bytes {
  length: number;
  seed: number;
}

/** The most that one write has. */
export const longestWrite = 300_000;

const seeds = 4096;
const supply = seededBytes(77, longestWrite + seeds);

/** The bytes themselves; they are shared: nobody changes them. */
export function bytesOf({ length, seed }: Bytes): Buffer {
  const start = seed % seeds;
  return supply.subarray(start, start + length);
}
