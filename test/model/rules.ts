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
  /** Keeps modes and owners. */
  modes: boolean;
  owners: boolean;
  /** A new file belongs to the group of its folder, not of who made it. */
  inheritsGroup: boolean;
  /** A folder's link count is two, and one for each folder in it. */
  folderLinks: boolean;
  /** What times are rounded down to, in milliseconds; how late they may be noted. */
  timeStep: number;
  timeSlack: number;
  /** Whether access and change times are kept. */
  accessTimes: boolean;
  changeTimes: boolean;
  /** A file's number stays the same while it exists. */
  fileNumbers: boolean;
  /** The longest path, with its end; the most links in one. */
  pathMax: number;
  linksMax: number;
  /** The end of the last byte that a file can have; whether what was never written takes no room. */
  largestFile: number;
  holes: boolean;
  /** Nothing more is written when so much is kept. */
  totalBytes: number;
  /** Where the BSDs answer otherwise than Linux. */
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
  modes: true,
  owners: process.getuid?.() === 0,
  inheritsGroup: false,
  folderLinks: true,
  timeStep: 0.001,
  timeSlack: 5_000,
  accessTimes: true,
  changeTimes: true,
  fileNumbers: true,
  pathMax: 4096,
  linksMax: 40,
  largestFile: 8 * 1024 ** 3,
  holes: true,
  totalBytes: 48 * 1024 ** 2,
  isBsd: false,
};
