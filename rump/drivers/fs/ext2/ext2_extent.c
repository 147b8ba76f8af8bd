/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_extent.c: runs of blocks in the map on the disk, by libext2fs.
 *
 * Of ext4 files the map is a tree of extents, of others a table with indirect
 * blocks, one number for each block.
 */
#include "ext2.h"

#define	EXTENT_MAX	0x8000		/* blocks of one extent */
#define	AHEAD		64		/* numbers looked at for one run */

/* What the disk says must be on the disk. */
static int
check_run(struct ext2_node *np, const struct ext2_run *run)
{
	ext2_filsys fs = np->n_em->em_fs;

	if (run->r_pblk != 0 &&
	    (run->r_pblk < fs->super->s_first_data_block ||
	    run->r_pblk >= ext2fs_blocks_count(fs->super) ||
	    run->r_len > ext2fs_blocks_count(fs->super) - run->r_pblk))
		return (ext2_damaged(np->n_em, "a block beyond the end",
		    np->n_ino));
	KASSERT(run->r_len != 0);
	return (0);
}

/* lblk is in a hole, which ends where the next extent begins. */
static errcode_t
find_hole(ext2_extent_handle_t handle, blk64_t lblk, struct ext2_run *run)
{
	struct ext2fs_extent ex;
	errcode_t retval;

	run->r_lblk = lblk;
	run->r_pblk = 0;
	run->r_len = (1ULL << 32) - lblk;
	run->r_uninit = 0;
	retval = ext2fs_extent_get(handle, EXT2_EXTENT_CURRENT, &ex);
	while (retval == 0 && ex.e_lblk <= lblk) {
		/* An extent that holds lblk after all: they are not in order. */
		if (ex.e_lblk + ex.e_len > lblk)
			return (EXT2_FILSYS_CORRUPTED);
		retval = ext2fs_extent_get(handle, EXT2_EXTENT_NEXT_LEAF, &ex);
	}
	if (retval == 0)
		run->r_len = ex.e_lblk - lblk;
	return (retval == EXT2_ET_NO_CURRENT_NODE ||
	    retval == EXT2_ET_EXTENT_NO_NEXT ? 0 : retval);
}

static errcode_t
find_extent(struct ext2_node *np, blk64_t lblk, struct ext2_run *run)
{
	ext2_extent_handle_t handle;
	struct ext2fs_extent ex;
	errcode_t retval;

	if ((retval = ext2fs_extent_open2(np->n_em->em_fs, np->n_ino, INODE(np),
	    &handle)) != 0)
		return (retval);
	retval = ext2fs_extent_goto(handle, lblk);
	if (retval == 0 && (retval = ext2fs_extent_get(handle,
	    EXT2_EXTENT_CURRENT, &ex)) == 0) {
		run->r_lblk = ex.e_lblk;
		run->r_pblk = ex.e_pblk;
		run->r_len = ex.e_len;
		run->r_uninit = (ex.e_flags & EXT2_EXTENT_FLAGS_UNINIT) != 0;
		if (ex.e_pblk == 0 || ex.e_len == 0)
			retval = EXT2_FILSYS_CORRUPTED;
	} else if (retval == EXT2_ET_EXTENT_NOT_FOUND) {
		retval = find_hole(handle, lblk, run);
	}
	ext2fs_extent_free(handle);
	return (retval);
}

/* From lblk on, as far as the numbers follow each other. */
static errcode_t
find_blocks(struct ext2_node *np, blk64_t lblk, struct ext2_run *run)
{
	ext2_filsys fs = np->n_em->em_fs;
	blk64_t first = 0, next;
	errcode_t retval;
	int i;

	if ((retval = ext2fs_bmap2(fs, np->n_ino, INODE(np), np->n_em->em_buf,
	    0, lblk, NULL, &first)) != 0)
		return (retval);
	for (i = 1; i < AHEAD; i++) {
		next = 0;
		if (ext2fs_bmap2(fs, np->n_ino, INODE(np), np->n_em->em_buf, 0,
		    lblk + i, NULL, &next) != 0 ||
		    next != (first == 0 ? 0 : first + i))
			break;
	}
	run->r_lblk = lblk;
	run->r_pblk = first;
	run->r_len = i;
	run->r_uninit = 0;
	return (0);
}

/* The run that holds block lblk, by the map on the disk. */
int
ext2_run_find(struct ext2_node *np, blk64_t lblk, struct ext2_run *run)
{
	errcode_t retval;

	retval = np->n_inode.i_flags & EXT4_EXTENTS_FL ?
	    find_extent(np, lblk, run) : find_blocks(np, lblk, run);
	if (retval == EXT2_ET_FILE_TOO_BIG)
		return (EFBIG);
	if (retval != 0)
		return (ext2_errno(retval) != EIO ? ext2_errno(retval) :
		    ext2_damaged(np->n_em, "the map of its blocks",
		    np->n_ino));
	return (check_run(np, run));
}

/* Makes the extent under the handle longer, if *ex goes on from it. */
static int
extend(ext2_extent_handle_t handle, struct ext2fs_extent *cur,
    const struct ext2fs_extent *ex, errcode_t *retval)
{

	if (cur->e_lblk + cur->e_len != ex->e_lblk ||
	    cur->e_pblk + cur->e_len != ex->e_pblk ||
	    (cur->e_flags & EXT2_EXTENT_FLAGS_UNINIT) ||
	    (ex->e_flags & EXT2_EXTENT_FLAGS_UNINIT) ||
	    cur->e_len + ex->e_len > EXTENT_MAX)
		return (0);
	cur->e_len += ex->e_len;
	*retval = ext2fs_extent_replace(handle, 0, cur);
	return (1);
}

static errcode_t
insert_extent(struct ext2_node *np, struct ext2fs_extent *ex)
{
	ext2_extent_handle_t handle;
	struct ext2fs_extent cur;
	errcode_t retval;
	int flags = 0;

	if ((retval = ext2fs_extent_open2(np->n_em->em_fs, np->n_ino, INODE(np),
	    &handle)) != 0)
		return (retval);
	retval = ext2fs_extent_goto(handle, ex->e_lblk);
	if (retval != EXT2_ET_EXTENT_NOT_FOUND) {
		if (retval == 0)
			retval = EXT2_FILSYS_CORRUPTED;
		goto out;
	}
	retval = ext2fs_extent_get(handle, EXT2_EXTENT_CURRENT, &cur);
	if (retval == 0) {
		if (cur.e_lblk < ex->e_lblk) {
			if (extend(handle, &cur, ex, &retval))
				goto out;
			flags = EXT2_EXTENT_INSERT_AFTER;
		}
	} else if (retval != EXT2_ET_NO_CURRENT_NODE) {
		goto out;
	}
	/* Between others it may split a block that stays half full. */
	if (ext2fs_extent_get(handle, EXT2_EXTENT_NEXT_LEAF, &cur) == 0)
		np->n_untidy = 1;
	if ((retval = ext2fs_extent_goto(handle, ex->e_lblk)) !=
	    EXT2_ET_EXTENT_NOT_FOUND)
		goto out;
	if ((retval = ext2fs_extent_insert(handle, flags, ex)) == 0)
		retval = ext2fs_extent_fix_parents(handle);
out:
	ext2fs_extent_free(handle);
	return (retval);
}

/* As many as its length needs. */
errcode_t
ext2_extents_insert(struct ext2_node *np, const struct ext2_run *run)
{
	struct ext2fs_extent ex;
	blk64_t done;
	errcode_t retval;

	for (done = 0; done < run->r_len; done += ex.e_len) {
		/* One that is not initialised can be one block less long. */
		ex.e_lblk = run->r_lblk + done;
		ex.e_pblk = run->r_pblk + done;
		ex.e_len = (__u32)MIN(run->r_len - done,
		    run->r_uninit ? EXTENT_MAX - 1 : EXTENT_MAX);
		ex.e_flags = EXT2_EXTENT_FLAGS_LEAF | (run->r_uninit ?
		    EXT2_EXTENT_FLAGS_UNINIT : 0);
		if ((retval = insert_extent(np, &ex)) != 0)
			return (retval);
	}
	return (0);
}

static errcode_t
insert_blocks(struct ext2_node *np, const struct ext2_run *run)
{
	blk64_t i, pblk;
	errcode_t retval;

	for (i = 0; i < run->r_len; i++) {
		pblk = run->r_pblk + i;
		if ((retval = ext2fs_bmap2(np->n_em->em_fs, np->n_ino,
		    INODE(np), np->n_em->em_buf, BMAP_SET | BMAP_ALLOC,
		    run->r_lblk + i, NULL, &pblk)) != 0)
			return (retval);
	}
	return (0);
}

/*
 * Enters a run, which is allocated and lies in a hole, or whose extents are to
 * become initialised.  On an error part of it may be entered.
 */
int
ext2_run_insert(struct ext2_node *np, const struct ext2_run *run)
{
	errcode_t retval;

	if (np->n_inode.i_flags & EXT4_EXTENTS_FL && !run->r_uninit)
		retval = ext2_extents_insert(np, run);
	else
		retval = insert_blocks(np, run);
	return (ext2_errno(retval));
}
