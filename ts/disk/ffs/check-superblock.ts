// SPDX-License-Identifier: BSD-2-Clause
// check-superblock.ts: the superblock's numbers against each other and against the image, and its copies against it.
import type { Storage } from '../storage.js';
import type { FindingList } from './finding.js';
import type { Geometry } from './geometry.js';
import {
  groupHeaderBytes,
  inodeBytes,
  maxShortLink,
  sectorBytes,
  superblockBytes,
  superblockFields,
  superblockTableStart,
} from './layout.js';
import type { Superblock, SuperblockField } from './superblock.js';

/** Checks the numbers; false if the rest of the file system cannot be found by them. */
export function checkSuperblock(superblock: Superblock, findings: FindingList): boolean {
  const wrong = (field: string, expected: number | string, got: number | string): false => {
    findings.add('FFS_SUPERBLOCK_FIELD', { field }, expected, got);
    return false;
  };
  const equal = (pairs: Partial<Record<SuperblockField, number>>): boolean =>
    Object.entries(pairs)
      .map(([field, expected]) => {
        const got = superblock[field as SuperblockField];
        return got === expected || wrong(field, expected, got);
      })
      .every(Boolean);
  const within = (ranges: Partial<Record<SuperblockField, readonly [number, number]>>): boolean =>
    Object.entries(ranges)
      .map(([field, [least, most]]) => {
        const got = superblock[field as SuperblockField];
        return (got >= least && got <= most) || wrong(field, `${least} to ${most}`, got);
      })
      .every(Boolean);
  if (!checkSizes(superblock, wrong) || !checkGeometry(superblock, wrong, equal, within)) return false;
  checkDerived(superblock, equal, within);
  const { maxfilesize, qbmask, qfmask, bsize, fsize } = superblock;
  if (maxfilesize <= 0n || maxfilesize > largestFile(superblock))
    wrong('maxfilesize', largestFile(superblock).toString(), maxfilesize.toString());
  if (qbmask !== BigInt(bsize - 1)) wrong('qbmask', bsize - 1, qbmask.toString());
  if (qfmask !== BigInt(fsize - 1)) wrong('qfmask', fsize - 1, qfmask.toString());
  return true;
}

type Wrong = (field: string, expected: number | string, got: number | string) => false;
type Equal = (pairs: Partial<Record<SuperblockField, number>>) => boolean;
type Within = (ranges: Partial<Record<SuperblockField, readonly [number, number]>>) => boolean;

function checkSizes({ bsize, fsize, frag }: Superblock, wrong: Wrong): boolean {
  if (!isPowerOfTwo(bsize) || bsize < 4096 || bsize > 65536)
    return wrong('bsize', 'a power of two from 4096 to 65536', bsize);
  if (!isPowerOfTwo(fsize) || fsize < sectorBytes || fsize > bsize || bsize / fsize > 8)
    return wrong('fsize', `a power of two from ${Math.max(bsize / 8, sectorBytes)} to ${bsize}`, fsize);
  return frag === bsize / fsize || wrong('frag', bsize / fsize, frag);
}

/** What finding anything on the disk depends on. */
function checkGeometry(superblock: Superblock, wrong: Wrong, equal: Equal, within: Within): boolean {
  const { bsize, fsize, frag, size, fpg, ipg, cpg, spc, sblkno, cblkno, iblkno, dblkno, ncg } = superblock;
  const inodesPerBlock = bsize / inodeBytes;
  return [
    within({ size: [frag * 4, 2 ** 31 - 1], fpg: [frag, 2 ** 31 - 1], ipg: [inodesPerBlock, 2 ** 31 - 1] }) &&
      within({ ncg: [1, 2 ** 31 - 1], cpg: [1, 2 ** 31 - 1], spc: [1, 2 ** 31 - 1] }) &&
      equal({ ncg: Math.ceil(size / fpg), fpg: Math.floor((cpg * spc) / (fsize / sectorBytes)) }) &&
      equal({ inopb: inodesPerBlock, nindir: bsize / 4, nspf: fsize / sectorBytes }) &&
      within({
        sblkno: [Math.ceil(superblockBytes / fsize), fpg],
        cblkno: [sblkno + Math.ceil(superblockBytes / fsize), fpg],
        iblkno: [cblkno + Math.ceil(superblock.cgsize / fsize), fpg],
        cgsize: [512, bsize],
      }) &&
      equal({ dblkno: iblkno + Math.ceil(ipg / inodesPerBlock) * frag }) &&
      within({ dblkno: [1, fpg], cgoffset: [0, fpg - dblkno] }) &&
      equal({
        csaddr: superblock.cgoffset * (0 & ~superblock.cgmask) + dblkno,
        cssize: Math.ceil((ncg * 16) / fsize) * fsize,
      }) &&
      within({ csaddr: [dblkno, Math.min(fpg, size) - Math.ceil((ncg * 16) / fsize)] }) &&
      checkLastGroup(superblock, within) &&
      checkGroupRoom(superblock, wrong, within),
  ].every(Boolean);
}

/** A group's block has room for its maps and tables: all that is counted in memory is bounded by that. */
function checkGroupRoom(superblock: Superblock, wrong: Wrong, within: Within): boolean {
  const { cgsize } = superblock;
  if (cgsize % 4 !== 0) return wrong('cgsize', 'a multiple of 4', cgsize);
  if (!within({ contigsumsize: [0, 16], nrpos: [1, 2 ** 15] })) return false;
  const { nextfreeoff } = groupOffsets(superblock);
  return nextfreeoff <= cgsize || wrong('cgsize', `${nextfreeoff} or more`, cgsize);
}

/** Where the maps and tables of a group are if they follow each other, in bytes of its block. */
export function groupOffsets(
  superblock: Superblock,
): Record<'boff' | 'iusedoff' | 'freeoff' | 'clustersumoff' | 'clusteroff' | 'nextfreeoff', number> {
  const { cpg, nrpos, ipg, fpg, frag, size, contigsumsize } = superblock;
  const boff = groupHeaderBytes + 4 * cpg;
  const iusedoff = boff + 2 * cpg * nrpos;
  const freeoff = iusedoff + Math.ceil(ipg / 8);
  const end = freeoff + Math.ceil(fpg / 8);
  if (contigsumsize <= 0)
    return { boff, iusedoff, freeoff, clustersumoff: 0, clusteroff: 0, nextfreeoff: end };
  // The summary's first number is not used, so it may lie on the end of the map.
  const clustersumoff = Math.ceil((end - 4) / 4) * 4;
  const clusteroff = clustersumoff + 4 * (contigsumsize + 1);
  const nextfreeoff = clusteroff + Math.ceil(Math.floor(Math.min(fpg, size) / frag) / 8);
  return { boff, iusedoff, freeoff, clustersumoff, clusteroff, nextfreeoff };
}

/** The rotation of groups moves a group's structures; they must stay in the group, the last one's too. */
function checkLastGroup({ size, fpg, ncg, cgoffset, cgmask, dblkno }: Superblock, within: Within): boolean {
  const shift = cgoffset * ~cgmask;
  const last = ncg - 1;
  const end = fpg * last + cgoffset * (last & ~cgmask) + dblkno;
  return shift + dblkno <= fpg && end <= size ? true : within({ cgmask: [1, 0] });
}

function checkDerived(superblock: Superblock, equal: Equal, within: Within): void {
  const { bsize, fsize, frag, size, ncg, cpg, nsect, sblkno, dblkno, cssize } = superblock;
  equal({
    bmask: -bsize,
    fmask: -fsize,
    bshift: Math.log2(bsize),
    fshift: Math.log2(fsize),
    fragshift: Math.log2(frag),
    fsbtodb: Math.log2(fsize / sectorBytes),
    inodefmt: 2,
    maxsymlinklen: maxShortLink,
    postblformat: 1,
    dsize: size - sblkno - ncg * (dblkno - sblkno) - Math.ceil(cssize / fsize),
  });
  within({
    sbsize: [superblockTableStart, superblockBytes],
    minfree: [0, 99],
    optim: [0, 1],
    maxcontig: [1, 2 ** 31 - 1],
    maxbpg: [1, 2 ** 31 - 1],
    ncyl: [(ncg - 1) * cpg + 1, ncg * cpg],
    nsect: [1, 2 ** 31 - 1],
    npsect: [nsect, 2 ** 31 - 1],
    interleave: [1, 2 ** 31 - 1],
    trackskew: [0, 2 ** 31 - 1],
    cgrotor: [0, ncg - 1],
  });
  if (superblock.cpc > 0)
    within({
      postbloff: [superblockFields.magic, superblock.sbsize],
      rotbloff: [superblockFields.magic, superblock.sbsize],
    });
}

/** What direct and indirect blocks can reach. */
export function largestFile({ bsize }: Pick<Superblock, 'bsize'>): bigint {
  const nindir = BigInt(bsize / 4);
  return BigInt(bsize) * (12n + nindir + nindir ** 2n + nindir ** 3n) - 1n;
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}

/** Fields that never change once the file system was made. */
const lastingFields: readonly SuperblockField[] = [
  ...([
    'magic',
    'sblkno',
    'cblkno',
    'iblkno',
    'dblkno',
    'cgoffset',
    'cgmask',
    'size',
    'dsize',
    'ncg',
  ] as const),
  ...(['bsize', 'fsize', 'frag', 'bmask', 'fmask', 'bshift', 'fshift', 'fragshift', 'fsbtodb'] as const),
  ...(['nindir', 'inopb', 'nspf', 'csaddr', 'cssize', 'cgsize', 'spc', 'ncyl', 'cpg', 'ipg', 'fpg'] as const),
  ...(['contigsumsize', 'maxsymlinklen', 'inodefmt', 'postblformat', 'nrpos'] as const),
];

/** Compares the copy in each group with the first superblock. */
export function checkCopies(storage: Storage, geometry: Geometry, findings: FindingList): void {
  const { superblock } = geometry;
  const copy = Buffer.alloc(superblockTableStart);
  for (let group = 0; group < superblock.ncg; group++) {
    storage.read(geometry.superblockCopyOffset(group), copy);
    for (const field of lastingFields) {
      const got = copy.readInt32LE(superblockFields[field]);
      if (got === superblock[field]) continue;
      findings.add('FFS_SUPERBLOCK_COPY', { group, field }, superblock[field], got);
      break;
    }
  }
}
