// SPDX-License-Identifier: BSD-2-Clause
// layout.ts: where things lie on an FFSv1 disk, as fs(5) and inode(5) of the BSDs describe it. Byte offsets, for the
// layout that the driver is compiled with: little-endian, with room for 64-bit pointers in the superblock.

export const sectorBytes = 512;
export const superblockOffset = 8192;
export const superblockBytes = 8192;

export const ffsMagic = 0x011954;
export const ufs2Magic = 0x19540119;
export const groupMagic = 0x090255;
/** Where the second version of the format has its superblock. */
export const ufs2SuperblockOffset = 65536;

/** The 32-bit fields of the superblock, in the order of the disk. */
export const superblockFields = {
  sblkno: 8,
  cblkno: 12,
  iblkno: 16,
  dblkno: 20,
  cgoffset: 24,
  cgmask: 28,
  time: 32,
  size: 36,
  dsize: 40,
  ncg: 44,
  bsize: 48,
  fsize: 52,
  frag: 56,
  minfree: 60,
  rotdelay: 64,
  rps: 68,
  bmask: 72,
  fmask: 76,
  bshift: 80,
  fshift: 84,
  maxcontig: 88,
  maxbpg: 92,
  fragshift: 96,
  fsbtodb: 100,
  sbsize: 104,
  csmask: 108,
  csshift: 112,
  nindir: 116,
  inopb: 120,
  nspf: 124,
  optim: 128,
  npsect: 132,
  interleave: 136,
  trackskew: 140,
  id0: 144,
  id1: 148,
  csaddr: 152,
  cssize: 156,
  cgsize: 160,
  ntrak: 164,
  nsect: 168,
  spc: 172,
  ncyl: 176,
  cpg: 180,
  ipg: 184,
  fpg: 188,
  totalDirectories: 192,
  totalFreeBlocks: 196,
  totalFreeInodes: 200,
  totalFreeFragments: 204,
  cgrotor: 724,
  cpc: 856,
  avgfilesize: 1196,
  avgfpdir: 1200,
  fscktime: 1312,
  contigsumsize: 1316,
  maxsymlinklen: 1320,
  inodefmt: 1324,
  state: 1352,
  postblformat: 1356,
  nrpos: 1360,
  postbloff: 1364,
  rotbloff: 1368,
  magic: 1372,
} as const;

/** Fields of the superblock that are no 32-bit integers. */
export const superblockBytesAt = { fmod: 208, clean: 209, ronly: 210, flags: 211, mountedAt: 212 } as const;
export const superblockLongsAt = { maxfilesize: 1328, qbmask: 1336, qfmask: 1344 } as const;
/** What fs_state adds to the clean flag so that it can be believed. */
export const stateOkay = 0x7c269d38;
export const superblockTableStart = 1376;

/** The 32-bit fields of a cylinder group, as indices of 32-bit words. */
export const groupWords = {
  magic: 1,
  time: 2,
  cgx: 3,
  /** Two 16-bit numbers: cylinders, inodes. */
  ncylNiblk: 4,
  ndblk: 5,
  directories: 6,
  freeBlocks: 7,
  freeInodes: 8,
  freeFragments: 9,
  rotor: 10,
  frotor: 11,
  irotor: 12,
  fragmentSums: 13,
  btotoff: 21,
  boff: 22,
  iusedoff: 23,
  freeoff: 24,
  nextfreeoff: 25,
  clustersumoff: 26,
  clusteroff: 27,
  nclusterblks: 28,
} as const;
export const groupHeaderBytes = 168;

/** The fields of an inode, as indices of 32-bit words; the inode has 32 of them. */
export const inodeWords = {
  /** Two 16-bit numbers: mode, link count. */
  modeLinks: 0,
  sizeLow: 2,
  sizeHigh: 3,
  atime: 4,
  mtime: 6,
  ctime: 8,
  direct: 10,
  indirect: 22,
  flags: 25,
  blocks: 26,
  generation: 27,
  uid: 28,
  gid: 29,
} as const;
export const inodeBytes = 128;
export const inodeWordCount = 32;
export const directCount = 12;
export const indirectCount = 3;
export const rootInode = 2;
/** Link targets shorter than this lie in the inode. */
export const maxShortLink = 60;

export const directoryChunk = 512;
export const directoryEntryHeader = 8;
export const summaryBytes = 16;

export const modeType = 0o170000;
/** Values of the type bits of a mode, and of a directory entry's type shifted left by twelve. */
export const fileTypes = {
  fifo: 0o010000,
  character: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  regular: 0o100000,
  link: 0o120000,
  socket: 0o140000,
} as const;
