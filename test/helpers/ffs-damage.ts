// SPDX-License-Identifier: BSD-2-Clause
// ffs-damage.ts: every kind of damage that the checker knows, planted into an image of the sample tree.
import type { FindingCode } from '../../ts/disk/ffs/finding.js';
import type { FfsImage } from './ffs-image.js';

/** One planted kind. */
export interface PlantedDamage {
  name: string;
  plant: (image: FfsImage) => void;
  /** All codes that it leads to. */
  codes: FindingCode[];
  /** Sample files whose contents it takes. */
  loses?: string[];
  /** Where sample files are after the repair, if not where they were. */
  moves?: (path: string, sound: FfsImage) => string;
}

const directory = 4;
const regular = 8;

/** short.txt, once no directory had it. */
const lostShort = (path: string, sound: FfsImage): string =>
  path === 'short.txt' ? `lost+found/#${sound.inode(path)}` : path;

/** Maps that follow from a change of the owner of blocks are in the lists too. */
export const plantedDamages: readonly PlantedDamage[] = [
  {
    name: 'the superblock is overwritten',
    plant: (image) => image.bytes.fill(0, 8192, 8192 + 2048),
    codes: ['FFS_SUPERBLOCK_LOST'],
  },
  {
    name: 'a derived field of the superblock is wrong',
    plant: (image) => image.setSuperblock('fshift', 3),
    codes: ['FFS_SUPERBLOCK_COPY', 'FFS_SUPERBLOCK_FIELD'],
  },
  {
    name: 'the number of groups is wrong',
    plant: (image) => image.setSuperblock('ncg', 7),
    codes: ['FFS_SUPERBLOCK_FIELD'],
  },
  {
    name: 'a copy of the superblock is overwritten',
    plant: (image) =>
      image.bytes.fill(
        0,
        image.geometry.superblockCopyOffset(0),
        image.geometry.superblockCopyOffset(0) + 1400,
      ),
    codes: ['FFS_SUPERBLOCK_COPY'],
  },
  {
    name: 'the file system was not unmounted',
    plant: (image) => (image.bytes[8192 + 209] = 0),
    codes: ['FFS_NOT_CLEAN'],
  },
  {
    name: 'the totals are out of date',
    plant: (image) => image.setSuperblock('totalFreeBlocks', image.superblock.totalFreeBlocks + 5),
    codes: ['FFS_TOTALS_STALE'],
  },
  {
    name: 'the summary area is out of date',
    plant: (image) => image.bytes.writeInt32LE(1, image.geometry.bytesAt(image.superblock.csaddr) + 8),
    codes: ['FFS_GROUP_SUMMARY_STALE'],
  },
  {
    name: 'a cylinder group is overwritten',
    plant: (image) => image.setGroupWord(0, 'magic', 0),
    codes: ['FFS_GROUP_UNREADABLE'],
  },
  {
    name: "a cylinder group's offset leaves the group",
    plant: (image) => image.setGroupWord(0, 'freeoff', 60_000),
    codes: ['FFS_GROUP_FIELD'],
  },
  {
    name: "a cylinder group's count is wrong",
    plant: (image) => image.setGroupWord(0, 'freeBlocks', image.groupWord(0, 'freeBlocks') - 1),
    codes: ['FFS_GROUP_COUNT', 'FFS_GROUP_SUMMARY_STALE', 'FFS_TOTALS_STALE'],
  },
  {
    name: "a group's number of directories is out of date",
    plant: (image) => image.setGroupWord(0, 'directories', 77),
    codes: ['FFS_GROUP_DIRECTORIES_STALE', 'FFS_GROUP_SUMMARY_STALE', 'FFS_TOTALS_STALE'],
  },
  {
    name: 'the summary of fragments is wrong',
    plant: (image) => image.setGroupWord(0, 'fragmentSums', 9, 2),
    codes: ['FFS_FRAGMENT_SUMMARY'],
  },
  {
    name: 'the map of clusters is wrong',
    plant: (image) => image.flipCluster(400),
    codes: ['FFS_CLUSTER_MAP'],
  },
  {
    name: 'the summary of clusters is wrong',
    plant: (image) =>
      image.bytes.writeInt32LE(
        99,
        image.geometry.groupHeaderOffset(0) + image.groupWord(0, 'clustersumoff') + 4,
      ),
    codes: ['FFS_CLUSTER_SUMMARY'],
  },
  {
    name: 'a block is lost to everybody',
    plant: (image) => image.flipFragment(image.superblock.size - 1),
    codes: ['FFS_BLOCK_LEAKED', 'FFS_CLUSTER_MAP', 'FFS_FRAGMENT_SUMMARY', 'FFS_GROUP_COUNT'],
  },
  {
    name: "a file's fragment is marked as free",
    plant: (image) => image.flipFragment(image.field(image.inode('docs/fragments.bin'), 'direct')),
    codes: ['FFS_BLOCK_USED_BUT_FREE', 'FFS_FRAGMENT_SUMMARY', 'FFS_GROUP_COUNT'],
  },
  {
    name: 'a free inode is marked as used',
    plant: (image) => image.flipInode(image.superblock.ipg - 1),
    codes: ['FFS_GROUP_COUNT', 'FFS_INODE_LEAKED'],
  },
  {
    name: 'an inode in use is marked as free',
    plant: (image) => image.flipInode(image.inode('short.txt')),
    codes: ['FFS_GROUP_COUNT', 'FFS_INODE_USED_BUT_FREE'],
  },
  {
    name: 'two files have one block',
    plant: (image) =>
      image.setField(
        image.inode('docs/blocks.bin'),
        'direct',
        image.field(image.inode('docs/deep/indirect.bin'), 'direct'),
      ),
    codes: ['FFS_BLOCK_DUPLICATE', 'FFS_BLOCK_LEAKED'],
    loses: ['docs/blocks.bin', 'docs/deep/indirect.bin'],
  },
  {
    name: 'a block lies outside of the disk',
    plant: (image) => image.setField(image.inode('docs/blocks.bin'), 'direct', 0x7fff_fff8, 2),
    codes: ['FFS_BLOCK_COUNT_HIGH', 'FFS_BLOCK_LEAKED', 'FFS_BLOCK_OUT_OF_RANGE'],
    loses: ['docs/blocks.bin'],
  },
  {
    name: 'a block is one of the inodes',
    plant: (image) => image.setField(image.inode('docs/blocks.bin'), 'direct', image.superblock.iblkno, 2),
    codes: ['FFS_BLOCK_COUNT_HIGH', 'FFS_BLOCK_IN_METADATA', 'FFS_BLOCK_LEAKED'],
    loses: ['docs/blocks.bin'],
  },
  {
    name: 'a whole block begins at a fragment',
    plant: (image) => {
      const inode = image.inode('docs/blocks.bin');
      image.setField(inode, 'direct', image.field(inode, 'direct', 2) + 1, 2);
    },
    codes: ['FFS_BLOCK_COUNT_HIGH', 'FFS_BLOCK_LEAKED', 'FFS_BLOCK_MISALIGNED'],
    loses: ['docs/blocks.bin'],
  },
  {
    name: 'an indirect block points outside of the disk',
    plant: (image) => {
      const indirect = image.field(image.inode('docs/deep/indirect.bin'), 'indirect');
      image.bytes.writeInt32LE(-8, image.geometry.bytesAt(indirect) + 4);
    },
    codes: ['FFS_BLOCK_COUNT_HIGH', 'FFS_BLOCK_LEAKED', 'FFS_BLOCK_OUT_OF_RANGE'],
    loses: ['docs/deep/indirect.bin'],
  },
  {
    name: 'an indirect block points past the end of the file',
    plant: (image) => {
      const indirect = image.field(image.inode('docs/deep/indirect.bin'), 'indirect');
      const block = image.superblock.size - image.superblock.frag;
      image.bytes.writeInt32LE(block, image.geometry.bytesAt(indirect) + 4 * 500);
    },
    codes: ['FFS_BLOCK_USED_BUT_FREE', 'FFS_INDIRECT_PAST_END'],
  },
  {
    name: 'a file is shorter than its blocks',
    plant: (image) => image.setField(image.inode('docs/blocks.bin'), 'sizeLow', 8192),
    codes: ['FFS_BLOCK_COUNT_HIGH', 'FFS_BLOCK_LEAKED', 'FFS_BLOCK_PAST_END'],
    loses: ['docs/blocks.bin'],
  },
  {
    name: 'a size is beyond what a file can have',
    plant: (image) => image.setField(image.inode('short.txt'), 'sizeHigh', 0x1000_0000),
    codes: ['FFS_BLOCK_COUNT_HIGH', 'FFS_BLOCK_LEAKED', 'FFS_SIZE_IMPOSSIBLE'],
    loses: ['short.txt'],
  },
  {
    name: 'an inode counts more sectors than it has',
    plant: (image) => image.setField(image.inode('short.txt'), 'blocks', 200),
    codes: ['FFS_BLOCK_COUNT_HIGH'],
  },
  {
    name: 'an inode counts fewer sectors than it has',
    plant: (image) => image.setField(image.inode('docs/blocks.bin'), 'blocks', 2),
    codes: ['FFS_BLOCK_COUNT_LOW'],
  },
  {
    name: 'an inode is of no known type',
    plant: (image) => image.setMode(image.inode('short.txt'), 0o070644),
    codes: ['FFS_BLOCK_LEAKED', 'FFS_ENTRY_UNALLOCATED', 'FFS_INODE_LEAKED', 'FFS_MODE_UNKNOWN'],
    loses: ['short.txt'],
  },
  {
    name: 'a free inode has a size',
    plant: (image) => image.setField(image.superblock.ipg - 1, 'sizeLow', 100),
    codes: ['FFS_INODE_PARTLY_ALLOCATED'],
  },
  {
    name: 'a device has blocks',
    plant: (image) => image.setMode(image.inode('docs/blocks.bin'), 0o020644),
    codes: ['FFS_BLOCK_COUNT_HIGH', 'FFS_BLOCK_LEAKED', 'FFS_ENTRY_TYPE_STALE', 'FFS_STRAY_POINTER'],
    loses: ['docs/blocks.bin'],
  },
  {
    name: 'an inode of a directory is cleared',
    plant: (image) => image.clearInode(image.inode('hollow')),
    codes: [
      'FFS_BLOCK_LEAKED',
      'FFS_ENTRY_UNALLOCATED',
      'FFS_GROUP_DIRECTORIES_STALE',
      'FFS_INODE_LEAKED',
      'FFS_LINK_COUNT_HIGH',
    ],
  },
  {
    name: 'the root is a file',
    plant: (image) => image.setMode(2, 0o100755),
    codes: ['FFS_GROUP_DIRECTORIES_STALE', 'FFS_ROOT_LOST', 'FFS_UNREFERENCED'],
  },
  {
    name: 'a block of a directory is missing',
    plant: (image) => image.setField(image.inode('hollow'), 'direct', 0),
    codes: [
      'FFS_BLOCK_COUNT_HIGH',
      'FFS_BLOCK_LEAKED',
      'FFS_DIRECTORY_HOLE',
      'FFS_DOT',
      'FFS_DOTDOT',
      'FFS_LINK_COUNT_HIGH',
    ],
  },
  {
    name: 'a link count is too high',
    plant: (image) => image.addLinks(image.inode('short.txt'), 1),
    codes: ['FFS_LINK_COUNT_HIGH'],
  },
  {
    name: 'a link count is too low',
    plant: (image) => image.addLinks(image.inode('other/linked'), -1),
    codes: ['FFS_LINK_COUNT_LOW'],
  },
  {
    name: 'no directory has a file',
    plant: (image) => image.bytes.writeUInt32LE(0, image.entry(2, 'short.txt')),
    codes: ['FFS_UNREFERENCED'],
    moves: lostShort,
  },
  {
    name: 'an entry names a free inode',
    plant: (image) => image.addEntry(2, 'ghost', image.superblock.ipg - 1, regular),
    codes: ['FFS_ENTRY_UNALLOCATED'],
  },
  {
    name: 'an entry names an inode that does not exist',
    plant: (image) => image.addEntry(2, 'ghost', 1_000_000, regular),
    codes: ['FFS_ENTRY_RANGE'],
  },
  {
    name: "an entry's length is wrong",
    plant: (image) => image.bytes.writeUInt16LE(3, image.entry(image.inode('hollow'), '..') + 4),
    codes: ['FFS_DOTDOT', 'FFS_ENTRY_LENGTH', 'FFS_LINK_COUNT_HIGH'],
  },
  {
    name: 'a name has a slash',
    plant: (image) => (image.bytes[image.entry(2, 'short.txt') + 10] = 0x2f),
    codes: ['FFS_ENTRY_NAME', 'FFS_UNREFERENCED'],
    moves: lostShort,
  },
  {
    name: 'a name is there twice',
    plant: (image) => image.addEntry(image.inode('docs'), 'again', image.inode('other/linked'), regular),
    codes: ['FFS_LINK_COUNT_LOW', 'FFS_NAME_TWICE'],
  },
  {
    name: "a directory's entry says that it is a file",
    plant: (image) => (image.bytes[image.entry(2, 'docs') + 6] = regular),
    codes: ['FFS_ENTRY_TYPE'],
  },
  {
    name: "'.' is another directory",
    plant: (image) => image.bytes.writeUInt32LE(2, image.entry(image.inode('hollow'), '.')),
    codes: ['FFS_DOT', 'FFS_LINK_COUNT_HIGH', 'FFS_LINK_COUNT_LOW'],
  },
  {
    name: "'..' is a file",
    plant: (image) =>
      image.bytes.writeUInt32LE(image.inode('short.txt'), image.entry(image.inode('hollow'), '..')),
    codes: ['FFS_DOTDOT', 'FFS_LINK_COUNT_HIGH', 'FFS_LINK_COUNT_LOW'],
  },
  {
    name: "'..' is another directory",
    plant: (image) =>
      image.bytes.writeUInt32LE(image.inode('docs'), image.entry(image.inode('hollow'), '..')),
    codes: ['FFS_DOTDOT_STALE', 'FFS_LINK_COUNT_HIGH', 'FFS_LINK_COUNT_LOW'],
  },
  {
    name: 'a new directory has no block yet',
    plant: (image) => {
      const hollow = image.inode('hollow');
      image.setField(hollow, 'sizeLow', 0);
      image.setField(hollow, 'direct', 0);
    },
    codes: ['FFS_BLOCK_COUNT_HIGH', 'FFS_BLOCK_LEAKED', 'FFS_DIRECTORY_UNFINISHED', 'FFS_LINK_COUNT_HIGH'],
  },
  {
    name: 'a directory has two names',
    plant: (image) => {
      image.addEntry(image.inode('other'), 'moved', image.inode('hollow'), directory);
      image.addLinks(image.inode('hollow'), 1);
    },
    codes: ['FFS_DIRECTORY_LINKED_TWICE'],
  },
  {
    name: 'a directory lies inside of itself',
    plant: (image) => {
      image.addEntry(image.inode('docs/deep'), 'up', image.inode('docs'), directory);
      image.addLinks(image.inode('docs'), 1);
    },
    codes: ['FFS_DIRECTORY_LOOP'],
  },
  {
    name: 'two directories have only each other',
    plant: (image) => {
      const docs = image.inode('docs');
      image.addEntry(image.inode('docs/deep'), 'up', docs, directory);
      image.bytes.writeUInt32LE(0, image.entry(2, 'docs'));
    },
    codes: ['FFS_DIRECTORY_LOOP', 'FFS_LINK_COUNT_HIGH', 'FFS_UNREFERENCED'],
    moves: (path, sound) => path.replace(/^docs/, `lost+found/#${sound.inode('docs')}`),
  },
];
