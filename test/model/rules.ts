// SPDX-License-Identifier: BSD-2-Clause
// rules.ts: in what file systems differ: what each can do at all, and where POSIX leaves a choice.

/** What a file system can do, and how it answers where there is a choice. */
export interface Rules {
  /** The user and group that calls are made as, and the mask of modes. */
  uid: number;
  gid: number;
  umask: number;
  /** Has symbolic links, with this mode; files may have more than one name. */
  symbolicLinks: boolean;
  hardLinks: boolean;
  linkMode: number;
  /** Keeps modes; or only whether a file may be written, and otherwise these permissions. */
  modes: 'all' | 'writable';
  permissions: number;
  /** Keeps owners; or refuses others than there are; or they are not ours to change. */
  owners: 'all' | 'fixed' | 'none';
  /** What it takes for one name, and what for none. */
  fold: (name: string) => string;
  isBadName: (name: string) => boolean;
  /** A new file belongs to the group of its folder, not of who made it. */
  inheritsGroup: boolean;
  /** A folder's link count is two, and one for each folder in it. */
  folderLinks: boolean;
  /** What times are rounded down to, those of an access too, in milliseconds; how late they may be noted. */
  timeStep: number;
  accessStep: number;
  timeSlack: number;
  /** The first and the last time that there can be. */
  timeRange: readonly [first: number, last: number];
  /** The time of a change is that of a change of the contents. */
  changeIsModification: boolean;
  /** A file's number stays the same while it exists; or while it exists and is mounted. */
  fileNumbers: 'kept' | 'while-mounted';
  /** The longest path, with its end; the most links in one. */
  pathMax: number;
  linksMax: number;
  /** The most bytes that a file can have; the most that one gets here; whether what was never written takes no room. */
  fileMax: number;
  largestFile: number;
  holes: boolean;
  /** Nothing more is written when so much is kept. */
  totalBytes: number;
  /** To look for a free name in a folder, to move the folder, or another below it, sets its times. */
  touchesFolders: boolean;
  /** To give a file the owner that it has is no change of it. */
  sameOwnerIsNoChange: boolean;
  /** A file that loses a name is only told later that it has changed, when the name is gone from the disk. */
  losesNamesLater: boolean;
  /**
   * The order in which a path is looked at is that of the BSDs, where two reasons to fail give two codes: a name's
   * length before what it is looked up in; a slash at the end before what is done there, and links before it followed;
   * rename's first name before its second; link's file before its new name. "." and ".." are EINVAL to rename.
   */
  isBsd: boolean;
}

/** Linux, and what kernel.fs has from Node. */
export const linuxRules: Rules = {
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  umask: 0o022,
  symbolicLinks: true,
  hardLinks: true,
  linkMode: 0o777,
  modes: 'all',
  permissions: 0o777,
  owners: process.getuid?.() === 0 ? 'all' : 'none',
  fold: (name) => name,
  isBadName: () => false,
  inheritsGroup: false,
  folderLinks: true,
  timeStep: 0.001,
  accessStep: 0.001,
  timeSlack: 20,
  timeRange: [-Infinity, Infinity],
  changeIsModification: false,
  fileNumbers: 'kept',
  pathMax: 4096,
  linksMax: 40,
  fileMax: Infinity,
  largestFile: 8 * 1024 ** 3,
  holes: true,
  totalBytes: 48 * 1024 ** 2,
  touchesFolders: false,
  sameOwnerIsNoChange: false,
  losesNamesLater: false,
  isBsd: false,
};
