/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_link.c: targets of symbolic links.
 *
 * A short target is where the inode has its block numbers, a longer one in a block,
 * which belongs to the library's buffers, as nobody maps it.
 */
#include "ext2.h"

static int
readlink_block(struct ext2_node *np, char *to, size_t len)
{
	struct ext2_run run;
	struct buf *bp;
	int error;

	if ((error = ext2_map(np, 0, &run)) != 0)
		return (error);
	if (run.r_pblk == 0)
		return (ext2_damaged(np->n_em, "a link without target",
		    np->n_ino));
	error = bread(np->n_em->em_fm->fm_devvp, (daddr_t)(run.r_pblk *
	    (np->n_em->em_fs->blocksize >> DEV_BSHIFT)),
	    (int)np->n_em->em_fs->blocksize, NOCRED, &bp);
	if (error == 0)
		memcpy(to, bp->b_data, len);
	brelse(bp);
	return (error);
}

int
ext2_readlink(struct fsa_node *fn, char *to, size_t *len)
{
	struct ext2_node *np = NODE(fn);
	char *data;
	size_t size;
	int error;

	*len = MIN(*len, fn->fn_attr.va_size);
	if (ext2fs_is_fast_symlink(INODE(np))) {
		*len = MIN(*len, sizeof(np->n_inode.i_block));
		memcpy(to, np->n_inode.i_block, *len);
		return (0);
	}
	if ((np->n_inode.i_flags & EXT4_INLINE_DATA_FL) == 0)
		return (readlink_block(np, to, *len));
	if ((error = ext2_inline_data(np, &data, &size)) != 0)
		return (error);
	*len = MIN(*len, size);
	memcpy(to, data, *len);
	ext2fs_free_mem(&data);
	return (0);
}

/* Gives a new link its target; the inode is written by the caller. */
int
ext2_link_target(struct ext2_node *np, const char *target)
{
	ext2_filsys fs = np->n_em->em_fs;
	size_t len = strlen(target);
	struct ext2_run run = { 0, 0, 1, 0 };
	errcode_t retval;
	char *block;

	if (len >= fs->blocksize)
		return (ENAMETOOLONG);
	np->n_inode.i_size = (__u32)len;
	if (len < sizeof(np->n_inode.i_block)) {
		memcpy(np->n_inode.i_block, target, len);
		return (0);
	}
	if ((retval = ext2fs_get_memzero(fs->blocksize, &block)) != 0)
		return (ext2_errno(retval));
	memcpy(block, target, len);
	if ((retval = ext2fs_new_block2(fs, ext2fs_find_inode_goal(fs,
	    np->n_ino, INODE(np), 0), NULL, &run.r_pblk)) == 0 &&
	    (retval = io_channel_write_blk64(fs->io, run.r_pblk, 1,
	    block)) == 0) {
		ext2fs_block_alloc_stats2(fs, run.r_pblk, 1);
		if (ext2fs_has_feature_extents(fs->super))
			np->n_inode.i_flags |= EXT4_EXTENTS_FL;
		retval = ext2_run_insert(np, &run);
		if (retval == 0)
			retval = ext2fs_iblk_add_blocks(fs, INODE(np), 1);
		else
			ext2fs_block_alloc_stats2(fs, run.r_pblk, -1);
	}
	ext2fs_free_mem(&block);
	return (ext2_errno(retval));
}
