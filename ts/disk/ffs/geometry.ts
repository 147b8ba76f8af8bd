// SPDX-License-Identifier: BSD-2-Clause
// geometry.ts: from numbers of groups, inodes and fragments to places on the disk. Sound only for a superblock that
// was checked.
import { inodeBytes } from './layout.js';
import type { Superblock } from './superblock.js';

/** The arithmetic of one file system. Addresses are in fragments unless bytes are mentioned. */
export class Geometry {
  readonly superblock: Superblock;
  readonly inodeCount: number;
  /** How long the summary area is. */
  readonly summaryFragments: number;

  constructor(superblock: Superblock) {
    this.superblock = superblock;
    this.inodeCount = superblock.ncg * superblock.ipg;
    this.summaryFragments = Math.ceil(superblock.cssize / superblock.fsize);
  }

  groupBase(group: number): number {
    return this.superblock.fpg * group;
  }

  /** Where the group's own structures begin. */
  groupStart(group: number): number {
    const { cgoffset, cgmask } = this.superblock;
    return this.groupBase(group) + cgoffset * (group & ~cgmask);
  }

  /** How many fragments the group has. */
  groupFragments(group: number): number {
    const { size, fpg } = this.superblock;
    return Math.min(fpg, size - this.groupBase(group));
  }

  groupOf(fragment: number): number {
    return Math.floor(fragment / this.superblock.fpg);
  }

  bytesAt(fragment: number): number {
    return fragment * this.superblock.fsize;
  }

  groupHeaderOffset(group: number): number {
    return this.bytesAt(this.groupStart(group) + this.superblock.cblkno);
  }

  superblockCopyOffset(group: number): number {
    return this.bytesAt(this.groupStart(group) + this.superblock.sblkno);
  }

  /** Where the group's inodes begin, in bytes. */
  inodesOffset(group: number): number {
    return this.bytesAt(this.groupStart(group) + this.superblock.iblkno);
  }

  inodeOffset(inode: number): number {
    const { ipg } = this.superblock;
    return this.inodesOffset(Math.floor(inode / ipg)) + (inode % ipg) * inodeBytes;
  }

  /** The fragments [from, to) of a group that hold its structures. */
  metadata(group: number): { from: number; to: number } {
    const { sblkno, dblkno } = this.superblock;
    const start = this.groupStart(group);
    if (group === 0) return { from: 0, to: start + dblkno + this.summaryFragments };
    return { from: start + sblkno, to: start + dblkno };
  }
}
