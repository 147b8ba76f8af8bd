// SPDX-License-Identifier: BSD-2-Clause
// damage.ts: images with random bytes changed, the same for the same seed.
import { seededRandom } from './random.js';
import { sectorBytes } from './iso-edit.js';

/** Descriptors, path tables and folders lie in front: from the first descriptor on, so many sectors. */
const structureStart = 16 * sectorBytes;
const structureEnd = 96 * sectorBytes;

/** Makes damaged copies of an image. */
export function makeDamager(pristine: Buffer): (seed: number) => Buffer {
  const structure = [...pristine.subarray(0, structureEnd).entries()]
    .filter(([at, byte]) => at >= structureStart && byte !== 0)
    .map(([at]) => at);

  /** Most of the damage goes where the structure is, and there where it is not zero: the rest is not used. */
  return (seed) => {
    const next = seededRandom(seed);
    const bytes = Buffer.from(pristine);
    const changes = 1 + (next() % 48);
    for (let index = 0; index < changes; index++) {
      const isAnywhere = next() % 8 === 0;
      const at = isAnywhere ? next() % bytes.length : (structure[next() % structure.length] ?? 0);
      bytes[at] = next() & 0xff;
    }
    return bytes;
  };
}
