// SPDX-License-Identifier: BSD-2-Clause
// finding.ts: what the checker can find, and how bad each of it is.

/**
 * Whether a power cut under soft updates may leave this behind. Soft updates order writes so that a cut costs nothing
 * but blocks and inodes that nobody uses, counts that are too high, and totals that are out of date.
 */
export type Severity = 'after-crash' | 'damage';

/** Every finding's code, with its severity and what it says. */
export const findingCodes = {
  FFS_IMAGE_TRUNCATED: ['damage', 'the image is shorter than its file system'],
  FFS_SUPERBLOCK_LOST: ['damage', 'the superblock is not readable; a copy was used'],
  FFS_SUPERBLOCK_FIELD: ['damage', 'a field of the superblock cannot be right'],
  FFS_SUPERBLOCK_COPY: ['damage', 'a copy of the superblock differs from the first one'],
  FFS_NOT_CLEAN: ['after-crash', 'the file system was not unmounted'],
  FFS_TOTALS_STALE: ['after-crash', "the superblock's totals are not the sum of the groups'"],
  FFS_GROUP_SUMMARY_STALE: ['after-crash', "the summary area's counts are not the group's own"],

  FFS_MODE_UNKNOWN: ['damage', 'the inode is of no known type'],
  FFS_INODE_PARTLY_ALLOCATED: ['damage', 'the inode is free, but has a size or blocks'],
  FFS_SIZE_IMPOSSIBLE: ['damage', 'the size is impossible for this type of file'],
  FFS_BLOCK_OUT_OF_RANGE: ['damage', 'a block lies outside of the file system'],
  FFS_BLOCK_IN_METADATA: ['damage', "a block lies where the file system's own structures are"],
  FFS_BLOCK_MISALIGNED: ['damage', 'a block or its fragments lie across a border of blocks'],
  FFS_BLOCK_DUPLICATE: ['damage', 'a block belongs to two files, or twice to one'],
  FFS_BLOCK_PAST_END: ['damage', 'there is a block past the end of the file'],
  FFS_INDIRECT_PAST_END: ['after-crash', 'an indirect block reaches past the end of the file'],
  FFS_BLOCK_COUNT_HIGH: ['after-crash', 'the inode counts more sectors than it has'],
  FFS_BLOCK_COUNT_LOW: ['damage', 'the inode counts fewer sectors than it has'],
  FFS_STRAY_POINTER: ['damage', 'a file that can have no blocks has some'],

  FFS_ROOT_LOST: ['damage', 'the root is not a directory'],
  FFS_DIRECTORY_HOLE: ['damage', 'a block of the directory is missing'],
  FFS_ENTRY_LENGTH: ['damage', "the directory entry's length is impossible"],
  FFS_ENTRY_NAME: ['damage', "the directory entry's name is impossible"],
  FFS_ENTRY_TYPE: ['damage', "the directory entry's type is not the inode's"],
  FFS_ENTRY_TYPE_STALE: [
    'after-crash',
    "the directory entry's type is that of the file which was to replace this one",
  ],
  FFS_ENTRY_RANGE: ['damage', 'the directory entry names an inode that does not exist'],
  FFS_ENTRY_UNALLOCATED: ['damage', 'the directory entry names a free inode'],
  FFS_NAME_TWICE: ['damage', 'the directory has this name twice'],
  FFS_DOT: ['damage', "'.' is missing or is not the directory itself"],
  FFS_DOTDOT: ['damage', "'..' is missing or is no directory"],
  FFS_DOTDOT_STALE: ['after-crash', "'..' is the directory where this one was before it was moved"],
  FFS_DIRECTORY_UNFINISHED: ['after-crash', 'the directory has its name, but not its first block yet'],
  FFS_DIRECTORY_LINKED_TWICE: ['after-crash', 'the directory has two names, as while it is being moved'],
  FFS_DIRECTORY_LOOP: ['damage', 'the directory lies inside of itself'],
  FFS_UNREFERENCED: ['after-crash', 'the inode is in use, but no directory has it'],
  FFS_LINK_COUNT_HIGH: ['after-crash', 'the link count is higher than the number of links'],
  FFS_LINK_COUNT_LOW: ['damage', 'the link count is lower than the number of links'],

  FFS_GROUP_UNREADABLE: ['damage', 'the cylinder group has no magic number, or another number than its own'],
  FFS_GROUP_FIELD: ['damage', 'a field of the cylinder group cannot be right'],
  FFS_BLOCK_LEAKED: ['after-crash', 'blocks are marked as used, but nobody has them'],
  FFS_BLOCK_USED_BUT_FREE: ['damage', 'blocks are in use, but marked as free'],
  FFS_INODE_LEAKED: ['after-crash', 'the inode is marked as used, but is free'],
  FFS_INODE_USED_BUT_FREE: ['damage', 'the inode is in use, but marked as free'],
  FFS_GROUP_COUNT: ['damage', 'a count of the cylinder group is not what its map says'],
  FFS_GROUP_DIRECTORIES_STALE: ['after-crash', "the group's number of directories is out of date"],
  FFS_FRAGMENT_SUMMARY: ['damage', "the group's summary of free fragments is not what its map says"],
  FFS_CLUSTER_MAP: ['damage', "the group's map of clusters is not what its map of blocks says"],
  FFS_CLUSTER_SUMMARY: ['damage', "the group's summary of clusters is not what its map says"],
  FFS_ROTATION_TABLE: ['damage', "the group's table of free blocks by cylinder is not what its map says"],
} as const satisfies Record<`FFS_${string}`, readonly [Severity, string]>;

/** One of the codes. */
export type FindingCode = keyof typeof findingCodes;

/** Where something was found; what applies is there. */
export interface FindingPlace {
  field?: string;
  group?: number;
  inode?: number;
  /** An address in fragments. */
  fragment?: number;
  /** How many fragments from there. */
  count?: number;
  /** A byte in the directory. */
  offset?: number;
  /** A name of the inode. */
  path?: string;
}

/** One thing that is not as it should be. */
export interface Finding {
  code: FindingCode;
  severity: Severity;
  what: string;
  where: FindingPlace;
  expected?: number | string;
  got?: number | string;
}

/** Says what was done about a finding. */
export type Tell = (finding: Finding, done: string) => void;

/** Collects findings; from a certain number on it only counts them. */
export class FindingList {
  readonly findings: Finding[] = [];
  readonly #limit: number;
  readonly #counts = { 'after-crash': 0, damage: 0 };

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(code: FindingCode, where: FindingPlace, expected?: number | string, got?: number | string): void {
    const [severity, what] = findingCodes[code];
    this.#counts[severity]++;
    if (this.findings.length >= this.#limit) return;
    this.findings.push({
      code,
      severity,
      what,
      where,
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got }),
    });
  }

  /** How many there were of a severity, kept or not. */
  count(severity: Severity): number {
    return this.#counts[severity];
  }
}

/** A finding as one line. */
export function describeFinding({ code, what, where, expected, got }: Finding): string {
  const place = Object.entries(where)
    .filter(([name]) => name !== 'path')
    .map(([name, value]) => `${name} ${String(value)}`);
  const path = where.path === undefined ? '' : ` ${where.path}`;
  const values = [
    expected === undefined ? '' : `expected ${expected}`,
    got === undefined ? '' : `got ${got}`,
  ].filter(Boolean);
  return `${code}${path} (${place.join(', ')}): ${what}${values.length === 0 ? '' : `; ${values.join(', ')}`}`;
}
