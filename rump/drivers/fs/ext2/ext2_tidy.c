/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_tidy.c: extent trees that have lost their shape.
 *
 * The library splits a full block of a tree in halves, and never joins them, nor
 * takes a level away that is not needed any more.  All of that is correct, but
 * takes room, and e2fsck offers to mend it.  So when a file that was cut, or
 * written to out of order, leaves memory, its tree is made anew.
 */
#include "ext2.h"

struct tree {
	struct ext2_run *t_runs;
	size_t t_nruns, t_room;
	blk64_t *t_blocks;		/* of the tree itself */
	size_t t_nblocks, t_blockroom;
};

static errcode_t
room_for_one(void *array, size_t n, size_t *room, size_t size)
{
	size_t more = MAX(*room * 2, 16);
	errcode_t retval;

	if (n < *room)
		return (0);
	retval = ext2fs_resize_mem(*room * size, more * size, array);
	if (retval == 0)
		*room = more;
	return (retval);
}

static errcode_t
collect_run(struct tree *t, const struct ext2fs_extent *ex)
{
	struct ext2_run *last = t->t_nruns == 0 ? NULL :
	    &t->t_runs[t->t_nruns - 1];
	int uninit = (ex->e_flags & EXT2_EXTENT_FLAGS_UNINIT) != 0;
	errcode_t retval;

	if (last != NULL && last->r_lblk + last->r_len == ex->e_lblk &&
	    last->r_pblk + last->r_len == ex->e_pblk &&
	    last->r_uninit == uninit) {
		last->r_len += ex->e_len;
		return (0);
	}
	if ((retval = room_for_one(&t->t_runs, t->t_nruns, &t->t_room,
	    sizeof(*t->t_runs))) != 0)
		return (retval);
	t->t_runs[t->t_nruns++] = (struct ext2_run){ ex->e_lblk, ex->e_pblk,
	    ex->e_len, uninit };
	return (0);
}

static errcode_t
collect(struct ext2_node *np, struct tree *t)
{
	ext2_extent_handle_t handle;
	struct ext2fs_extent ex;
	errcode_t retval;

	if ((retval = ext2fs_extent_open2(np->n_em->em_fs, np->n_ino, INODE(np),
	    &handle)) != 0)
		return (retval);
	for (retval = ext2fs_extent_get(handle, EXT2_EXTENT_ROOT, &ex);
	    retval == 0;
	    retval = ext2fs_extent_get(handle, EXT2_EXTENT_NEXT, &ex)) {
		if (ex.e_flags & EXT2_EXTENT_FLAGS_LEAF)
			retval = collect_run(t, &ex);
		else if ((ex.e_flags & EXT2_EXTENT_FLAGS_SECOND_VISIT) == 0 &&
		    (retval = room_for_one(&t->t_blocks, t->t_nblocks,
		    &t->t_blockroom, sizeof(*t->t_blocks))) == 0)
			t->t_blocks[t->t_nblocks++] = ex.e_pblk;
		if (retval != 0)
			break;
	}
	ext2fs_extent_free(handle);
	return (retval == EXT2_ET_EXTENT_NO_NEXT ? 0 : retval);
}

/* The old tree's blocks are free, and the new one needs no more than they. */
static errcode_t
rebuild(struct ext2_node *np, const struct tree *t)
{
	ext2_filsys fs = np->n_em->em_fs;
	errcode_t retval;
	size_t i;

	for (i = 0; i < t->t_nblocks; i++)
		ext2fs_block_alloc_stats2(fs, t->t_blocks[i], -1);
	retval = ext2fs_iblk_sub_blocks(fs, INODE(np), t->t_nblocks);
	memset(np->n_inode.i_block, 0, sizeof(np->n_inode.i_block));
	for (i = 0; i < t->t_nruns && retval == 0; i++)
		retval = ext2_extents_insert(np, &t->t_runs[i]);
	np->n_last.r_len = 0;
	return (retval);
}

/* Gives the file the smallest tree there is, if it may have another. */
int
ext2_tidy(struct ext2_node *np)
{
	struct tree t;
	errcode_t retval;

	np->n_untidy = 0;
	if ((np->n_inode.i_flags & EXT4_EXTENTS_FL) == 0 ||
	    np->n_em->em_failed)
		return (0);
	memset(&t, 0, sizeof(t));
	if ((retval = collect(np, &t)) == 0 && t.t_nblocks != 0) {
		retval = rebuild(np, &t);
		np->n_dirty = 1;
	}
	ext2fs_free_mem(&t.t_runs);
	ext2fs_free_mem(&t.t_blocks);
	return (ext2_errno(retval));
}
