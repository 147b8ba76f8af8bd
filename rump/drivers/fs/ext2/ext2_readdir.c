/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_readdir.c: all entries of a folder, in the order of the disk.
 *
 * A place is a byte of the folder.  An entry that is made while somebody reads may
 * move others to the end (a leaf of the index is split): they are told twice then,
 * but none is left out.
 */
#include "ext2.h"

static const enum vtype types[EXT2_FT_MAX] = {
	VNON, VREG, VDIR, VCHR, VBLK, VFIFO, VSOCK, VLNK
};

struct reader {
	fsa_fill_t r_fill;
	void *r_arg;
	off_t r_next;
};

static int
read_one(void *arg, struct ext2_dir_entry *de, off_t at, u_int len)
{
	struct reader *r = arg;
	int type = ext2fs_dirent_file_type(de);

	r->r_next = at;
	if (r->r_fill(r->r_arg, de->inode, types[type < EXT2_FT_MAX ? type : 0],
	    de->name, (size_t)ext2fs_dirent_name_len(de), at + len) != 0)
		return (EJUSTRETURN);
	r->r_next = at + len;
	return (0);
}

static int
walk(struct ext2_node *np, off_t from, ext2_take_t take, void *arg)
{
	u_int bsize = np->n_em->em_fs->blocksize;
	blk64_t lblk;
	int error = 0;

	if (np->n_inode.i_flags & EXT4_INLINE_DATA_FL)
		return (ext2_inline_walk(np, from, take, arg));
	for (lblk = (blk64_t)from / bsize; lblk < ext2_dir_blocks(np) &&
	    error == 0; lblk++)
		error = ext2_dirblock_walk(np, lblk, lblk == (blk64_t)from /
		    bsize ? (u_int)(from % bsize) : 0, take, arg);
	return (error);
}

int
ext2_readdir(struct fsa_node *fn, off_t *off, fsa_fill_t fill, void *arg)
{
	struct reader r = { fill, arg, *off };
	int error;

	error = walk(NODE(fn), *off, read_one, &r);
	*off = r.r_next;
	return (error == EJUSTRETURN ? 0 : error);
}

static int
is_dot(void *arg, struct ext2_dir_entry *de, off_t at, u_int len)
{
	int n = ext2fs_dirent_name_len(de);

	(void)arg;
	(void)at;
	(void)len;
	return (n <= 2 && de->name[0] == '.' && de->name[n - 1] == '.' ? 0 :
	    ENOTEMPTY);
}

int
ext2_isempty(struct fsa_node *fn)
{

	return (walk(NODE(fn), 0, is_dot, NULL));
}
