/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_map.c: blocks for files that grow.
 *
 * To tell the library of each block would cost more than to write it.  So a file
 * that grows has blocks set aside behind its last one (n_spare; marked in the
 * bitmap), and those that it took from there are at first only in n_tail: one run,
 * which goes into the map on the disk (ext2_map_settle) when another begins, when
 * the file is stored, or when room gets scarce.
 *
 * Settling may need blocks for the map itself.  It must not fail, since the file's
 * data has been taken; so it is only put off while there are plenty
 * (ext2_map_plenty), and else done at once, when the caller can still be told.
 */
#include "ext2.h"
#include <ext2fs/ext2fsP.h>

#define	TAIL_MAX	1024		/* blocks in n_tail */
#define	SPARE_MAX	1024		/* blocks set aside */
#define	TRIES		16		/* runs looked at for a long one */

static blk64_t
run_end(const struct ext2_run *run)
{

	return (run->r_lblk + run->r_len);
}

static int
run_holds(const struct ext2_run *run, blk64_t lblk)
{

	return (lblk >= run->r_lblk && lblk - run->r_lblk < run->r_len);
}

/* The run that holds block lblk: a hole ends before n_tail. */
int
ext2_map(struct ext2_node *np, blk64_t lblk, struct ext2_run *run)
{
	int error;

	if (run_holds(&np->n_tail, lblk)) {
		*run = np->n_tail;
		return (0);
	}
	if (!run_holds(&np->n_last, lblk) &&
	    (error = ext2_run_find(np, lblk, &np->n_last)) != 0) {
		np->n_last.r_len = 0;
		return (error);
	}
	*run = np->n_last;
	if (np->n_tail.r_len != 0 && run->r_pblk == 0 &&
	    lblk < np->n_tail.r_lblk && run_end(run) > np->n_tail.r_lblk)
		run->r_len = np->n_tail.r_lblk - run->r_lblk;
	return (0);
}

static void
growing(struct ext2_node *np)
{
	int is = np->n_tail.r_len != 0 || np->n_nspare != 0;

	if (is && !np->n_isgrowing)
		LIST_INSERT_HEAD(&np->n_em->em_growing, np, n_growing);
	else if (!is && np->n_isgrowing)
		LIST_REMOVE(np, n_growing);
	np->n_em->em_ngrowing += is - np->n_isgrowing;
	np->n_isgrowing = is;
}

/* Gives back what was set aside. */
void
ext2_map_release(struct ext2_node *np)
{

	if (np->n_nspare != 0)
		ext2fs_block_alloc_stats_range(np->n_em->em_fs, np->n_spare,
		    (blk_t)np->n_nspare, -1);
	np->n_nspare = 0;
	growing(np);
}

/* Brings n_tail into the map. */
int
ext2_map_settle(struct ext2_node *np)
{
	struct ext2_run run = np->n_tail;
	int error;

	if (run.r_len == 0)
		return (0);
	np->n_tail.r_len = 0;
	np->n_last = run;
	growing(np);
	if ((error = ext2_run_insert(np, &run)) != 0) {
		np->n_last.r_len = 0;
		return (error);
	}
	np->n_dirty = 1;
	return (ext2_errno(ext2fs_iblk_add_blocks(np->n_em->em_fs, INODE(np),
	    run.r_len)));
}

/* All files of a mount: nothing is set aside, and the maps are complete. */
int
ext2_map_sync(struct ext2_mount *em)
{
	struct ext2_node *np;
	int error, first = 0;

	while ((np = LIST_FIRST(&em->em_growing)) != NULL) {
		if ((error = ext2_map_settle(np)) != 0 && first == 0)
			first = error;
		ext2_map_release(np);
	}
	return (first);
}

/* Free blocks beyond those that the maps of all files that grow may need. */
static blk64_t
surplus(struct ext2_mount *em)
{
	blk64_t free = ext2fs_free_blocks_count(em->em_fs->super);
	blk64_t need = 256 + 16 * (blk64_t)em->em_ngrowing;

	return (free > need ? free - need : 0);
}

static int
plenty(struct ext2_mount *em)
{

	return (surplus(em) != 0);
}

/*
 * Before blocks are taken for other things than files: then those that grow must
 * not count on them.
 */
int
ext2_map_yield(struct ext2_mount *em)
{

	return (LIST_EMPTY(&em->em_growing) || plenty(em) ? 0 :
	    ext2_map_sync(em));
}

/* One run of free blocks at goal or behind, want blocks at most. */
static errcode_t
free_run(ext2_filsys fs, blk64_t goal, blk64_t want, blk64_t *pblk,
    blk64_t *len)
{
	blk64_t last = ext2fs_blocks_count(fs->super) - 1, end = 0;
	errcode_t retval;

	if (goal > last)
		return (EXT2_ET_BLOCK_ALLOC_FAIL);
	retval = ext2fs_find_first_zero_block_bitmap2(fs->block_map, goal, last,
	    pblk);
	if (retval != 0)
		return (retval == ENOENT ? EXT2_ET_BLOCK_ALLOC_FAIL : retval);
	last = MIN(last, *pblk + want - 1);
	retval = ext2fs_find_first_set_block_bitmap2(fs->block_map, *pblk, last,
	    &end);
	*len = retval == ENOENT ? last + 1 - *pblk : end - *pblk;
	return (retval == ENOENT ? 0 : retval);
}

/*
 * The best of the first few runs of free blocks from goal on, which may be all
 * there is; then from the start of the disk.
 */
static errcode_t
find_free(ext2_filsys fs, blk64_t goal, blk64_t want, blk64_t *pblk,
    blk64_t *len)
{
	blk64_t at, n;
	int i;

	if (goal < fs->super->s_first_data_block ||
	    goal >= ext2fs_blocks_count(fs->super))
		goal = fs->super->s_first_data_block;
	for (i = 0, *len = 0, at = goal; i < TRIES && *len < want; i++) {
		if (free_run(fs, at, want, &at, &n) != 0)
			break;
		/* What lies right behind is better than any other. */
		if (n > *len) {
			*pblk = at;
			*len = n;
		}
		if (at == goal)
			break;
		at += n;
	}
	if (*len != 0)
		return (0);
	return (free_run(fs, fs->super->s_first_data_block, want, pblk, len));
}

/* Where a block of the file would best lie. */
static blk64_t
goal_of(struct ext2_node *np, blk64_t lblk)
{
	struct ext2_run run;

	if (np->n_tail.r_len != 0)
		return (np->n_tail.r_pblk + np->n_tail.r_len);
	if (lblk != 0 && ext2_map(np, lblk - 1, &run) == 0 && run.r_pblk != 0)
		return (run.r_pblk + (lblk - run.r_lblk));
	return (ext2fs_find_inode_goal(np->n_em->em_fs, np->n_ino, INODE(np),
	    lblk));
}

/* Sets blocks aside: as many as wanted, more for a file that is long already. */
static int
set_aside(struct ext2_node *np, blk64_t lblk, blk64_t want)
{
	ext2_filsys fs = np->n_em->em_fs;
	blk64_t goal = goal_of(np, lblk);
	dgrp_t group;
	errcode_t retval;

	if (lblk != 0)
		want = MAX(want, MIN(lblk, SPARE_MAX));
	want = MIN(MIN(want, SPARE_MAX), MAX(surplus(np->n_em), 1));
	retval = find_free(fs, goal, want, &np->n_spare, &np->n_nspare);
	if (retval == EXT2_ET_BLOCK_ALLOC_FAIL) {
		np->n_nspare = 0;
		/* Others may have some that they do not need. */
		(void)ext2_map_sync(np->n_em);
		retval = find_free(fs, goal, want, &np->n_spare,
		    &np->n_nspare);
	}
	if (retval != 0) {
		np->n_nspare = 0;
		return (ext2_errno(retval));
	}
	for (group = ext2fs_group_of_blk2(fs, np->n_spare); group <=
	    ext2fs_group_of_blk2(fs, np->n_spare + np->n_nspare - 1); group++)
		ext2fs_clear_block_uninit(fs, group);
	ext2fs_block_alloc_stats_range(fs, np->n_spare, (blk_t)np->n_nspare, 1);
	growing(np);
	return (0);
}

/* Hands blocks for a hole at lblk to the file: *run, want of them at most. */
static int
grow(struct ext2_node *np, blk64_t lblk, blk64_t want, struct ext2_run *run)
{
	struct ext2_run *tail = &np->n_tail;
	int error;

	if (ext2fs_file_block_offset_too_big(np->n_em->em_fs, INODE(np),
	    lblk + want - 1))
		return (EFBIG);
	if (tail->r_len != 0 && (lblk != run_end(tail) ||
	    tail->r_len >= TAIL_MAX || (np->n_nspare != 0 &&
	    np->n_spare != tail->r_pblk + tail->r_len)) &&
	    (error = ext2_map_settle(np)) != 0)
		return (error);
	if (np->n_nspare == 0 && (error = set_aside(np, lblk, want)) != 0)
		return (error);
	/* The new ones may lie elsewhere; and setting aside may have settled. */
	if (tail->r_len != 0 && np->n_spare != tail->r_pblk + tail->r_len &&
	    (error = ext2_map_settle(np)) != 0)
		return (error);
	if (tail->r_len == 0) {
		tail->r_lblk = lblk;
		tail->r_pblk = np->n_spare;
		tail->r_uninit = 0;
	}
	run->r_lblk = lblk;
	run->r_pblk = np->n_spare;
	run->r_len = MIN(want, np->n_nspare);
	np->n_spare += run->r_len;
	np->n_nspare -= run->r_len;
	tail->r_len += run->r_len;
	np->n_last.r_len = 0;
	growing(np);
	return (0);
}

/* The newest blocks could not be entered: nobody has seen them yet. */
static void
shrink(struct ext2_node *np, const struct ext2_run *run)
{
	struct ext2_run now;
	blk64_t i;

	for (i = 0; i < run->r_len; i++)
		if (ext2_run_find(np, run->r_lblk + i, &now) == 0 &&
		    now.r_pblk == 0)
			ext2fs_block_alloc_stats2(np->n_em->em_fs,
			    run->r_pblk + i, -1);
	np->n_last.r_len = 0;
}

static int
alloc(struct ext2_node *np, blk64_t lblk, blk64_t want, struct ext2_run *run)
{
	int error;

	if (!plenty(np->n_em)) {
		if ((error = ext2_map_sync(np->n_em)) != 0)
			return (error);
		want = 1;
	}
	if ((error = grow(np, lblk, want, run)) != 0 || plenty(np->n_em))
		return (error);
	if ((error = ext2_map_settle(np)) != 0)
		shrink(np, run);
	ext2_map_release(np);
	return (error);
}

/* Blocks that are allocated, but read as zeroes, are going to be written. */
static int
initialise(struct ext2_node *np, blk64_t lblk, blk64_t want,
    struct ext2_run *run)
{
	int error;

	run->r_pblk += lblk - run->r_lblk;
	run->r_len = MIN(want, run_end(run) - lblk);
	run->r_lblk = lblk;
	error = ext2_run_insert(np, run);
	run->r_uninit = 0;
	np->n_last.r_len = 0;
	np->n_untidy = 1;
	np->n_dirty = 1;
	return (error);
}

int
ext2_bmap(struct fsa_node *fn, daddr_t lblk, int want, int allocate,
    daddr_t *dblk, int *runp)
{
	struct ext2_node *np = NODE(fn);
	struct ext2_run run;
	int error;

	if ((error = ext2_map(np, (blk64_t)lblk, &run)) != 0)
		return (error);
	if (allocate && (run.r_pblk == 0 || run.r_uninit)) {
		if (np->n_em->em_failed)
			return (EROFS);
		error = run.r_pblk == 0 ? alloc(np, (blk64_t)lblk,
		    MIN((blk64_t)want, run_end(&run) - (blk64_t)lblk), &run) :
		    initialise(np, (blk64_t)lblk, (blk64_t)want, &run);
		if (error != 0)
			return (error);
		fn->fn_attr.va_bytes = (u_quad_t)S_BLKSIZE *
		    ext2fs_get_stat_i_blocks(np->n_em->em_fs, INODE(np)) +
		    np->n_tail.r_len * np->n_em->em_fs->blocksize;
	}
	*dblk = run.r_pblk == 0 || run.r_uninit ? -1 : (daddr_t)((run.r_pblk +
	    ((blk64_t)lblk - run.r_lblk)) *
	    (np->n_em->em_fs->blocksize >> DEV_BSHIFT));
	*runp = (int)MIN(run_end(&run) - (blk64_t)lblk, INT_MAX);
	return (0);
}

/* Frees the blocks behind size. */
int
ext2_truncate(struct fsa_node *fn, u_quad_t size)
{
	struct ext2_node *np = NODE(fn);
	ext2_filsys fs = np->n_em->em_fs;
	errcode_t retval;
	int error;

	if (np->n_em->em_failed)
		return (EROFS);
	if ((error = ext2_map_settle(np)) != 0)
		return (error);
	ext2_map_release(np);
	np->n_last.r_len = 0;
	np->n_untidy = 1;
	retval = ext2_punch(fs, np->n_ino, INODE(np),
	    howmany(size, fs->blocksize));
	fn->fn_attr.va_bytes = (u_quad_t)S_BLKSIZE *
	    ext2fs_get_stat_i_blocks(fs, INODE(np));
	np->n_dirty = 1;
	if (retval != 0 && ext2_errno(retval) == EIO)
		return (ext2_damaged(np->n_em, "the map of its blocks",
		    np->n_ino));
	return (ext2_errno(retval));
}
