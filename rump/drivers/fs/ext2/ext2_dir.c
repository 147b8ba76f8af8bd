/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_dir.c: folders: their blocks one after the other, or by their index.
 */
#include "ext2.h"

static int
is_indexed(struct ext2_node *np)
{

	return ((np->n_inode.i_flags & EXT2_INDEX_FL) != 0 &&
	    ext2fs_has_feature_dir_index(np->n_em->em_fs->super));
}

static int
find_linear(struct ext2_node *np, const char *name, size_t namelen,
    struct ext2_place *place)
{
	blk64_t lblk, n = ext2_dir_blocks(np);
	struct buf *bp;
	int error = ENOENT;

	for (lblk = 0; lblk < n && error == ENOENT; lblk++) {
		if ((error = ext2_dirblock_read(np, lblk, &bp)) != 0)
			return (error);
		place->p_lblk = lblk;
		error = ext2_dirblock_find(np, bp->b_data, name, namelen,
		    place);
		brelse(bp);
	}
	return (error);
}

/* Where the entry of a name is; ENOENT. */
int
ext2_dir_find(struct ext2_node *np, const char *name, size_t namelen,
    struct ext2_place *place)
{
	int error;

	if (np->n_inode.i_flags & EXT4_INLINE_DATA_FL)
		return (ext2_inline_find(np, name, namelen, place));
	/* The index does not know "..". */
	if (!is_indexed(np) || (name[0] == '.' && (namelen == 1 ||
	    (namelen == 2 && name[1] == '.'))))
		return (find_linear(np, name, namelen, place));
	error = ext2_htree_find(np, name, namelen, place);
	/* A hash that we do not have: the names are there all the same. */
	return (error == EOPNOTSUPP ? find_linear(np, name, namelen, place) :
	    error);
}

/* The folder has grown. */
static void
resized(struct ext2_node *np)
{
	struct vattr *va = &np->n_fn->fn_attr;

	va->va_size = EXT2_I_SIZE(INODE(np));
	va->va_bytes = (u_quad_t)S_BLKSIZE *
	    ext2fs_get_stat_i_blocks(np->n_em->em_fs, INODE(np));
	np->n_fn->fn_dirty |= FSA_SIZE;
	np->n_dirty = 1;
	np->n_last.r_len = 0;
}

/* The library may have changed the inode on the disk. */
int
ext2_dir_reread(struct ext2_node *np)
{
	errcode_t retval;

	retval = ext2fs_read_inode_full(np->n_em->em_fs, np->n_ino, INODE(np),
	    sizeof(np->n_inode));
	resized(np);
	return (ext2_errno(retval));
}

/* A block behind the last one, without contents: its buffer, busy. */
int
ext2_dir_grow(struct ext2_node *np, struct buf **bpp)
{
	ext2_filsys fs = np->n_em->em_fs;
	struct ext2_run run = { ext2_dir_blocks(np), 0, 1, 0 }, last;
	blk64_t goal = 0;
	errcode_t retval;
	int error;

	if (run.r_lblk != 0 && ext2_map(np, run.r_lblk - 1, &last) == 0)
		goal = last.r_pblk + (run.r_lblk - last.r_lblk);
	else
		goal = ext2fs_find_inode_goal(fs, np->n_ino, INODE(np), 0);
	if ((retval = ext2fs_new_block2(fs, goal, NULL, &run.r_pblk)) != 0)
		return (ext2_errno(retval));
	ext2fs_block_alloc_stats2(fs, run.r_pblk, 1);
	if ((error = ext2_run_insert(np, &run)) != 0 ||
	    (error = ext2_errno(ext2fs_iblk_add_blocks(fs, INODE(np),
	    1))) != 0 || (error = ext2_errno(ext2fs_inode_size_set(fs,
	    INODE(np), (ext2_off64_t)((run.r_lblk + 1) *
	    fs->blocksize)))) != 0) {
		ext2fs_block_alloc_stats2(fs, run.r_pblk, -1);
		return (error);
	}
	if (np->n_fn != NULL)
		resized(np);
	*bpp = getblk(np->n_em->em_fm->fm_devvp, (daddr_t)(run.r_pblk *
	    (fs->blocksize >> DEV_BSHIFT)), (int)fs->blocksize, 0, 0);
	ext2_dirblock_init(fs, (*bpp)->b_data);
	return (0);
}

static int
add_linear(struct ext2_node *np, const char *name, size_t namelen,
    ext2_ino_t ino, int type)
{
	blk64_t n = ext2_dir_blocks(np);
	struct buf *bp;
	int error;

	for (; np->n_room < n; np->n_room++) {
		if ((error = ext2_dirblock_read(np, np->n_room, &bp)) != 0)
			return (error);
		error = ext2_dirblock_add(np, bp->b_data, name, namelen, ino,
		    type);
		if (error == 0)
			return (ext2_dirblock_write(np, bp));
		brelse(bp);
		if (error != ENOSPC)
			return (error);
	}
	if (n == 1 && ext2fs_has_feature_dir_index(np->n_em->em_fs->super) &&
	    ext2_htree_make(np) == 0)
		return (ext2_htree_add(np, name, namelen, ino, type));
	if ((error = ext2_dir_grow(np, &bp)) != 0)
		return (error);
	(void)ext2_dirblock_add(np, bp->b_data, name, namelen, ino, type);
	return (ext2_dirblock_write(np, bp));
}

/* Adds a name that is not there. */
int
ext2_dir_add(struct ext2_node *np, const char *name, size_t namelen,
    ext2_ino_t ino, int type)
{

	return (is_indexed(np) ?
	    ext2_htree_add(np, name, namelen, ino, type) :
	    add_linear(np, name, namelen, ino, type));
}

int
ext2_dir_remove(struct ext2_node *np, const struct ext2_place *place)
{
	struct buf *bp;
	int error;

	if ((error = ext2_dirblock_read(np, place->p_lblk, &bp)) != 0)
		return (error);
	error = ext2_dirblock_remove(np, bp->b_data, place->p_off);
	if (error != 0) {
		brelse(bp);
		return (error);
	}
	np->n_room = MIN(np->n_room, place->p_lblk);
	return (ext2_dirblock_write(np, bp));
}

/* The name leads to another file from now on. */
int
ext2_dir_change(struct ext2_node *np, const struct ext2_place *place,
    ext2_ino_t ino, int type)
{
	ext2_filsys fs = np->n_em->em_fs;
	struct ext2_dir_entry *de;
	struct buf *bp;
	u_int len;
	int error;

	if ((error = ext2_dirblock_read(np, place->p_lblk, &bp)) != 0)
		return (error);
	if ((de = ext2_dirblock_entry(fs, bp->b_data, place->p_off,
	    &len)) == NULL || de->inode != place->p_ino) {
		brelse(bp);
		return (ext2_damaged(np->n_em, "an entry of a folder",
		    np->n_ino));
	}
	de->inode = ino;
	if (ext2fs_has_feature_filetype(fs->super))
		ext2fs_dirent_set_file_type(de, type);
	return (ext2_dirblock_write(np, bp));
}

/* Gives a new folder its first block. */
int
ext2_dir_new(struct ext2_node *np, ext2_ino_t parent)
{
	struct buf *bp;
	int error;

	if ((error = ext2_dir_grow(np, &bp)) != 0)
		return (error);
	ext2_dirblock_dots(np->n_em->em_fs, bp->b_data, np->n_ino, parent);
	return (ext2_dirblock_write(np, bp));
}
