/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_punch.c: frees blocks of a file.
 *
 * The library does it, but for one block: an extent that ends with the very last
 * block of the disk it takes for one that reaches beyond, when it has taken it out
 * of the map already.  So that block is freed before.
 */
#include "ext2.h"

static errcode_t
free_last(ext2_filsys fs, struct ext2_inode *inode,
    ext2_extent_handle_t handle, const struct ext2fs_extent *ex)
{
	errcode_t retval;

	if ((retval = ext2fs_extent_set_bmap(handle, ex->e_lblk + ex->e_len - 1,
	    0, 0)) != 0)
		return (retval);
	ext2fs_block_alloc_stats2(fs, ex->e_pblk + ex->e_len - 1, -1);
	return (ext2fs_iblk_sub_blocks(fs, inode, 1));
}

/* If the file has the disk's last block, at from or behind, it is freed. */
static errcode_t
look_for_last(ext2_filsys fs, ext2_ino_t ino, struct ext2_inode *inode,
    blk64_t from)
{
	blk64_t count = ext2fs_blocks_count(fs->super);
	ext2_extent_handle_t handle;
	struct ext2fs_extent ex;
	errcode_t retval;

	if (!ext2fs_test_block_bitmap2(fs->block_map, count - 1))
		return (0);
	if ((retval = ext2fs_extent_open2(fs, ino, inode, &handle)) != 0)
		return (retval);
	for (retval = ext2fs_extent_get(handle, EXT2_EXTENT_ROOT, &ex);
	    retval == 0; retval = ext2fs_extent_get(handle,
	    EXT2_EXTENT_NEXT_LEAF, &ex)) {
		if ((ex.e_flags & EXT2_EXTENT_FLAGS_LEAF) == 0 ||
		    ex.e_pblk + ex.e_len != count ||
		    ex.e_lblk + ex.e_len <= from)
			continue;
		retval = free_last(fs, inode, handle, &ex);
		break;
	}
	ext2fs_extent_free(handle);
	return (retval == EXT2_ET_EXTENT_NO_NEXT ? 0 : retval);
}

/* Frees the file's blocks from on; writes the inode. */
errcode_t
ext2_punch(ext2_filsys fs, ext2_ino_t ino, struct ext2_inode *inode,
    blk64_t from)
{
	errcode_t retval;

	if ((inode->i_flags & EXT4_EXTENTS_FL) &&
	    (retval = look_for_last(fs, ino, inode, from)) != 0)
		return (retval);
	return (ext2fs_punch(fs, ino, inode, NULL, from, ~0ULL));
}
