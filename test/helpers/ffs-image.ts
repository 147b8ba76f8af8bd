// SPDX-License-Identifier: BSD-2-Clause
// ffs-image.ts: FFS images made by makefs, and a hand that reaches into them to break things.
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Geometry } from '../../ts/disk/ffs/geometry.js';
import { groupWords, inodeWords, superblockFields, superblockOffset } from '../../ts/disk/ffs/layout.js';
import { decodeSuperblock, type Superblock } from '../../ts/disk/ffs/superblock.js';
import { seededBytes } from './random.js';
import { makeScratchFolder } from './scratch.js';

/** The files of the sample tree, with what is in them. */
export const sampleFiles: Readonly<Record<string, Buffer>> = {
  'short.txt': Buffer.from('short\n'),
  'docs/fragments.bin': seededBytes(1, 2500),
  'docs/blocks.bin': seededBytes(2, 70_000),
  'docs/deep/indirect.bin': seededBytes(3, 300_000),
  'docs/deep/empty': Buffer.alloc(0),
  'other/linked': seededBytes(4, 9000),
};

/** A folder with files of every shape: empty, fragments, whole blocks, indirect blocks, links of all kinds. */
export function makeSampleTree(): string {
  const tree = makeScratchFolder('sample');
  for (const folder of ['docs/deep', 'other', 'hollow']) mkdirSync(join(tree, folder), { recursive: true });
  for (const [name, contents] of Object.entries(sampleFiles)) writeFileSync(join(tree, name), contents);
  linkSync(join(tree, 'other/linked'), join(tree, 'docs/again'));
  symlinkSync('docs/blocks.bin', join(tree, 'link'));
  symlinkSync('x'.repeat(100), join(tree, 'long-link'));
  return tree;
}

/** An image of a folder, made by makefs; options as in `bsize=4096,fsize=512`. */
export function makeFfs(tree: string, size = '4m', options = ''): string {
  const image = join(makeScratchFolder('ffs'), 'ffs.img');
  const words = ['-t', 'ffs', '-B', 'le', '-o', ['version=1', options].filter(Boolean).join(','), '-s', size];
  execFileSync('makefs', [...words, image, tree], { stdio: ['ignore', 'ignore', 'pipe'] });
  return image;
}

type InodeField = keyof typeof inodeWords;

/** An image in memory with names for its parts. It trusts the image, which must be sound before it is broken. */
export class FfsImage {
  readonly bytes: Buffer;
  readonly superblock: Superblock;
  readonly geometry: Geometry;

  constructor(image: string | Buffer) {
    this.bytes = typeof image === 'string' ? readFileSync(image) : Buffer.from(image);
    this.superblock = decodeSuperblock(this.bytes.subarray(superblockOffset, superblockOffset + 8192));
    this.geometry = new Geometry(this.superblock);
  }

  setSuperblock(field: keyof typeof superblockFields, value: number, offset = superblockOffset): void {
    this.bytes.writeInt32LE(value, offset + superblockFields[field]);
  }

  /** The inode that a path names. */
  inode(path: string): number {
    let inode = 2;
    for (const name of path.split('/').filter(Boolean))
      inode = this.bytes.readUInt32LE(this.entry(inode, name));
    return inode;
  }

  field(inode: number, field: InodeField, index = 0): number {
    return this.bytes.readInt32LE(this.#fieldAt(inode, field, index));
  }

  setField(inode: number, field: InodeField, value: number, index = 0): void {
    this.bytes.writeInt32LE(value, this.#fieldAt(inode, field, index));
  }

  setMode(inode: number, mode: number): void {
    this.bytes.writeUInt16LE(mode, this.geometry.inodeOffset(inode));
  }

  addLinks(inode: number, count: number): void {
    const at = this.geometry.inodeOffset(inode) + 2;
    this.bytes.writeInt16LE(this.bytes.readInt16LE(at) + count, at);
  }

  clearInode(inode: number): void {
    const at = this.geometry.inodeOffset(inode);
    this.bytes.fill(0, at, at + 128);
  }

  /** Where the first block of a file is, in bytes. */
  firstBlock(inode: number): number {
    return this.geometry.bytesAt(this.field(inode, 'direct'));
  }

  /** Where a directory's entry is, in bytes; of a directory with one block. */
  entry(directory: number, name: string): number {
    const start = this.firstBlock(directory);
    const end = start + this.field(directory, 'sizeLow');
    for (let at = start; at < end; at += this.bytes.readUInt16LE(at + 4)) {
      const length = this.bytes[at + 7]!;
      if (this.bytes.readUInt32LE(at) !== 0 && this.bytes.toString('utf8', at + 8, at + 8 + length) === name)
        return at;
    }
    throw new Error(`there is no ${name} in inode ${directory}`);
  }

  /** Gives the last entry's spare room to a new one. */
  addEntry(directory: number, name: string, inode: number, type: number): void {
    const start = this.firstBlock(directory);
    let at = start;
    while (at + this.bytes.readUInt16LE(at + 4) < start + 512) at += this.bytes.readUInt16LE(at + 4);
    const used = 8 + ((this.bytes[at + 7]! + 4) & ~3);
    const rest = this.bytes.readUInt16LE(at + 4) - used;
    this.bytes.writeUInt16LE(used, at + 4);
    const next = at + used;
    this.bytes.writeUInt32LE(inode, next);
    this.bytes.writeUInt16LE(rest, next + 4);
    this.bytes[next + 6] = type;
    this.bytes[next + 7] = name.length;
    this.bytes.write(`${name}\0`, next + 8);
  }

  groupWord(group: number, word: keyof typeof groupWords, index = 0): number {
    return this.bytes.readInt32LE(this.#groupAt(group, word, index));
  }

  setGroupWord(group: number, word: keyof typeof groupWords, value: number, index = 0): void {
    this.bytes.writeInt32LE(value, this.#groupAt(group, word, index));
  }

  /** Turns the bit of a fragment in its group's map of free fragments. */
  flipFragment(fragment: number): void {
    const group = this.geometry.groupOf(fragment);
    this.#flipBit(group, 'freeoff', fragment - this.geometry.groupBase(group));
  }

  /** Turns the bit of an inode in its group's map of used inodes. */
  flipInode(inode: number): void {
    const { ipg } = this.superblock;
    this.#flipBit(Math.floor(inode / ipg), 'iusedoff', inode % ipg);
  }

  flipCluster(block: number): void {
    this.#flipBit(0, 'clusteroff', block);
  }

  #flipBit(group: number, map: keyof typeof groupWords, bit: number): void {
    const at = this.geometry.groupHeaderOffset(group) + this.groupWord(group, map) + (bit >>> 3);
    this.bytes[at]! ^= 1 << (bit & 7);
  }

  #groupAt(group: number, word: keyof typeof groupWords, index: number): number {
    return this.geometry.groupHeaderOffset(group) + 4 * (groupWords[word] + index);
  }

  #fieldAt(inode: number, field: InodeField, index: number): number {
    return this.geometry.inodeOffset(inode) + 4 * (inodeWords[field] + index);
  }
}
