// SPDX-License-Identifier: BSD-2-Clause
// check-state.ts: what the phases of the checker hand on to each other.
import type { Storage } from '../storage.js';
import { BlockMap } from './block-map.js';
import type { FindingList } from './finding.js';
import { Geometry } from './geometry.js';
import { BlockWalker } from './inode.js';
import { inodeWordCount } from './layout.js';
import type { Superblock } from './superblock.js';

/** What is known of the file system while it is checked; arrays are by inode number. */
export class CheckState {
  readonly storage: Storage;
  readonly superblock: Superblock;
  readonly geometry: Geometry;
  readonly findings: FindingList;
  readonly walker: BlockWalker;
  /** Fragments that inodes and the file system's own structures have. */
  readonly owned: BlockMap;
  /** The type bits of the mode, shifted right by twelve; 0 for a free inode. */
  readonly types: Uint8Array;
  readonly links: Int16Array;
  /** How many entries of directories that can be reached name the inode. */
  readonly references: Int32Array;
  /** The directory that has the inode; the first one found. */
  readonly parents: Uint32Array;
  /** Directories in order, with a copy of their inodes. */
  readonly directories = new Map<number, Int32Array>();
  /** Fragments that were claimed more than once. */
  readonly duplicates = new Set<number>();
  /** Directories in each group, as their inodes say. */
  readonly groupDirectories: Int32Array;

  constructor(storage: Storage, superblock: Superblock, findings: FindingList) {
    this.storage = storage;
    this.superblock = superblock;
    this.findings = findings;
    this.geometry = new Geometry(superblock);
    this.walker = new BlockWalker(superblock, (start, target) => this.readWords(start, target));
    this.owned = new BlockMap(this.geometry);
    const { inodeCount } = this.geometry;
    this.types = new Uint8Array(inodeCount);
    this.links = new Int16Array(inodeCount);
    this.references = new Int32Array(inodeCount);
    this.parents = new Uint32Array(inodeCount);
    this.groupDirectories = new Int32Array(superblock.ncg);
  }

  /** Reads words from a fragment on. */
  readWords(fragment: number, target: Int32Array): void {
    this.storage.read(
      this.geometry.bytesAt(fragment),
      new Uint8Array(target.buffer, target.byteOffset, target.byteLength),
    );
  }

  /** Reads all inodes of a group. */
  readInodes(group: number, target: Int32Array): void {
    this.storage.read(
      this.geometry.inodesOffset(group),
      new Uint8Array(target.buffer, target.byteOffset, target.byteLength),
    );
  }

  /** A buffer for the inodes of a group. */
  makeInodeBuffer(): Int32Array {
    return new Int32Array(this.superblock.ipg * inodeWordCount);
  }

  /** Why fragments cannot belong to a file; undefined if they can. */
  placeFault(
    start: number,
    count: number,
  ): 'FFS_BLOCK_OUT_OF_RANGE' | 'FFS_BLOCK_IN_METADATA' | 'FFS_BLOCK_MISALIGNED' | undefined {
    const { size, frag } = this.superblock;
    if (start <= 0 || start + count > size) return 'FFS_BLOCK_OUT_OF_RANGE';
    if ((start % frag) + count > frag) return 'FFS_BLOCK_MISALIGNED';
    const { from, to } = this.geometry.metadata(this.geometry.groupOf(start));
    return start < to && start + count > from ? 'FFS_BLOCK_IN_METADATA' : undefined;
  }
}
