// SPDX-License-Identifier: BSD-2-Clause
// group.ts: a cylinder group's block: its header, maps and tables, and what the counts would be by its block map.
import { bitCounts } from './block-map.js';
import { groupWords } from './layout.js';
import type { Superblock } from './superblock.js';

/** One group's block in memory; to be filled again for the next group. */
export class GroupBuffer {
  readonly bytes: Buffer;
  readonly words: Int32Array;
  readonly #superblock: Superblock;

  constructor(superblock: Superblock) {
    const room = new ArrayBuffer(superblock.cgsize);
    this.#superblock = superblock;
    this.bytes = Buffer.from(room);
    this.words = new Int32Array(room);
  }

  /** One bit for each inode in use. */
  get inodeMap(): Uint8Array {
    return this.#part(groupWords.iusedoff, Math.ceil(this.#superblock.ipg / 8));
  }

  /** One bit for each free fragment. */
  get freeMap(): Uint8Array {
    return this.#part(groupWords.freeoff, Math.ceil(this.#superblock.fpg / 8));
  }

  /** One bit for each free block. */
  get clusterMap(): Uint8Array {
    return this.#part(groupWords.clusteroff, Math.ceil((this.words[groupWords.nclusterblks] ?? 0) / 8));
  }

  cylinderTotal(cylinder: number): number {
    return this.bytes.readInt32LE((this.words[groupWords.btotoff] ?? 0) + 4 * cylinder);
  }

  /** 16 bits; more free blocks than that wrap around. */
  positionCount(position: number): number {
    return this.bytes.readUInt16LE((this.words[groupWords.boff] ?? 0) + 2 * position);
  }

  /** How many runs of so many free blocks there are. */
  clusterSum(size: number): number {
    return this.words[(this.words[groupWords.clustersumoff] ?? 0) / 4 + size] ?? 0;
  }

  #part(offsetWord: number, length: number): Uint8Array {
    const offset = this.words[offsetWord] ?? 0;
    return this.bytes.subarray(offset, offset + length);
  }
}

/** What a block map says. */
export interface GroupMeasure {
  freeBlocks: number;
  /** Free fragments in blocks that are partly used. */
  freeFragments: number;
  /** By length: runs of free fragments in blocks that are partly used. */
  fragmentSums: Int32Array;
  cylinderTotals: Int32Array;
  /** By cylinder and rotational position. */
  positions: Uint16Array;
  /** By length, the last one for all that are longer: runs of free blocks. */
  clusterSums: Int32Array;
  /** Blocks whose bit in the cluster map is wrong. */
  wrongClusters: number;
}

/** Counts what is free by the group's block map. */
export function measureGroup(superblock: Superblock, group: GroupBuffer, fragments: number): GroupMeasure {
  const { frag, cpg, nrpos, contigsumsize } = superblock;
  const measure: GroupMeasure = {
    freeBlocks: 0,
    freeFragments: 0,
    fragmentSums: new Int32Array(frag),
    cylinderTotals: new Int32Array(cpg),
    positions: new Uint16Array(cpg * nrpos),
    clusterSums: new Int32Array(contigsumsize + 1),
    wrongClusters: 0,
  };
  const hasTable = cpg > 1 || nrpos > 1;
  const { freeMap, clusterMap } = group;
  const whole = (1 << frag) - 1;
  const wholeBlocks = Math.floor(fragments / frag);
  let run = 0;
  for (let block = 0; block < Math.ceil(fragments / frag); block++) {
    const first = block * frag;
    const bits = ((freeMap[first >>> 3] ?? 0) >> (first & 7)) & whole;
    const isFree = bits === whole && block < wholeBlocks;
    if (isFree) {
      measure.freeBlocks++;
      if (hasTable) countPosition(superblock, measure, first);
    } else if (bits !== 0) countFragments(measure, frag, bits);
    if (contigsumsize === 0 || block >= wholeBlocks) continue;
    if ((((clusterMap[block >>> 3] ?? 0) >> (block & 7)) & 1) !== (isFree ? 1 : 0)) measure.wrongClusters++;
    if (isFree) run++;
    else run = endRun(measure, run, contigsumsize);
  }
  if (contigsumsize > 0) endRun(measure, run, contigsumsize);
  if (!hasTable) measure.cylinderTotals[0] = measure.positions[0] = measure.freeBlocks;
  return measure;
}

function endRun({ clusterSums }: GroupMeasure, run: number, contigsumsize: number): 0 {
  const size = Math.min(run, contigsumsize);
  if (size > 0) clusterSums[size] = (clusterSums[size] ?? 0) + 1;
  return 0;
}

function countFragments(measure: GroupMeasure, frag: number, bits: number): void {
  measure.freeFragments += bitCounts[bits] ?? 0;
  let run = 0;
  for (let bit = 0; bit <= frag; bit++) {
    if (bit < frag && ((bits >> bit) & 1) === 1) {
      run++;
      continue;
    }
    if (run > 0 && run < frag) measure.fragmentSums[run] = (measure.fragmentSums[run] ?? 0) + 1;
    run = 0;
  }
}

/** Where a block lies on a disk that turns: its cylinder, and its position among nrpos on the track. */
function countPosition(superblock: Superblock, measure: GroupMeasure, fragment: number): void {
  const { nspf, spc, nsect, trackskew, interleave, nrpos, npsect } = superblock;
  const sector = fragment * nspf;
  const cylinder = Math.floor(sector / spc);
  const inside = sector % spc;
  const turned = (Math.floor(inside / nsect) * trackskew + (inside % nsect) * interleave) % nsect;
  const position = cylinder * nrpos + Math.floor((turned * nrpos) / npsect);
  measure.cylinderTotals[cylinder] = (measure.cylinderTotals[cylinder] ?? 0) + 1;
  measure.positions[position] = (measure.positions[position] ?? 0) + 1;
}
