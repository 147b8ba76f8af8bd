// SPDX-License-Identifier: BSD-2-Clause
// block-map.ts: which fragments are in use, one bit each, laid out group by group as the groups' own maps are, so that
// the two can be compared byte by byte.
import type { Geometry } from './geometry.js';

/** A set of fragments. */
export class BlockMap {
  readonly bytes: Uint8Array;
  /** How many bytes a group takes. */
  readonly stride: number;
  readonly #fpg: number;

  constructor(geometry: Geometry) {
    const { fpg, ncg } = geometry.superblock;
    this.#fpg = fpg;
    this.stride = Math.ceil(fpg / 8);
    this.bytes = new Uint8Array(this.stride * ncg);
    for (let group = 0; group < ncg; group++) this.#markTail(group, geometry.groupFragments(group));
  }

  /** Adds fragments of one group; gives how many of them were there already. */
  mark(start: number, count: number): number {
    const group = Math.floor(start / this.#fpg);
    let bit = group * this.stride * 8 + (start - group * this.#fpg);
    if (count === 8 && (bit & 7) === 0) return this.#markByte(bit >>> 3);
    let before = 0;
    for (const end = bit + count; bit < end; bit++) {
      const mask = 1 << (bit & 7);
      const byte = this.bytes[bit >>> 3] ?? 0;
      if ((byte & mask) !== 0) before++;
      this.bytes[bit >>> 3] = byte | mask;
    }
    return before;
  }

  has(fragment: number): boolean {
    const group = Math.floor(fragment / this.#fpg);
    const bit = group * this.stride * 8 + (fragment - group * this.#fpg);
    return ((this.bytes[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }

  #markByte(index: number): number {
    const byte = this.bytes[index] ?? 0;
    this.bytes[index] = 0xff;
    return byte === 0 ? 0 : (bitCounts[byte] ?? 0);
  }

  /** Fragments that the group does not have count as used. */
  #markTail(group: number, fragments: number): void {
    const from = group * this.stride;
    const whole = fragments >>> 3;
    if ((fragments & 7) !== 0) this.bytes[from + whole] = (0xff << (fragments & 7)) & 0xff;
    this.bytes.fill(0xff, from + Math.ceil(fragments / 8), from + this.stride);
  }
}

/** How many bits of a byte are set. */
export const bitCounts = Uint8Array.from({ length: 256 }, (_, byte) => {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
});
