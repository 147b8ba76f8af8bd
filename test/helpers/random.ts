// SPDX-License-Identifier: BSD-2-Clause
// random.ts: numbers that look random and are the same for the same seed (xorshift).

/** A generator of integers from 0 to 2^32-1. */
export function seededRandom(seed: number): () => number {
  let state = (Math.imul(seed + 1, 0x9e37_79b1) ^ 0x5bf0_3635) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

/** So many bytes. */
export function seededBytes(seed: number, length: number): Buffer {
  const next = seededRandom(seed);
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let index = 0; index < words.length; index++) words[index] = next();
  return Buffer.from(words.buffer, 0, length);
}
