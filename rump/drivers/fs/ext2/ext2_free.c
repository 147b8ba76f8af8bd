/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_free.c: files that end, and files without a name that are still open.
 *
 * The latter ("orphans") are chained on the disk, from the superblock through the
 * inodes' times of deletion, so that after a crash e2fsck knows whom to free.
 * The chain is written anew when the mount is synced and it has changed.
 */
#include "ext2.h"

static errcode_t
free_blocks(ext2_filsys fs, ext2_ino_t ino, struct ext2_inode_large *in)
{
	struct ext2_inode *inode = (struct ext2_inode *)in;
	errcode_t retval = 0;

	if (ext2fs_inode_has_valid_blocks2(fs, inode))
		retval = ext2_punch(fs, ino, inode, 0);
	if (retval == 0 && ext2fs_file_acl_block(fs, inode) != 0)
		retval = ext2fs_free_ext_attr(fs, ino, in);
	return (retval);
}

/* Frees an inode and all it has. */
int
ext2_inode_end(struct ext2_mount *em, ext2_ino_t ino,
    struct ext2_inode_large *in)
{
	errcode_t retval;

	retval = free_blocks(em->em_fs, ino, in);
	if (retval != 0 && ext2_errno(retval) == EIO)
		return (ext2_damaged(em, "the map of its blocks", ino));
	if (retval != 0)
		return (ext2_errno(retval));
	in->i_links_count = 0;
	in->i_size = in->i_size_high = 0;
	in->i_dtime = (__u32)time(NULL);
	ext2fs_inode_alloc_stats2(em->em_fs, ino, -1,
	    LINUX_S_ISDIR(in->i_mode));
	return (ext2_errno(ext2fs_write_inode_full(em->em_fs, ino,
	    (struct ext2_inode *)in, sizeof(*in))));
}

void
ext2_orphan_add(struct ext2_node *np)
{

	if (np->n_isorphan)
		return;
	TAILQ_INSERT_TAIL(&np->n_em->em_orphans, np, n_orphan);
	np->n_isorphan = 1;
	np->n_em->em_neworphans = 1;
}

void
ext2_orphan_remove(struct ext2_node *np)
{

	TAILQ_REMOVE(&np->n_em->em_orphans, np, n_orphan);
	np->n_isorphan = 0;
	np->n_em->em_neworphans = 1;
}

/* Writes the chain, if it is not as on the disk. */
int
ext2_orphans_write(struct ext2_mount *em)
{
	struct ext2_node *np, *next;
	int error;

	if (!em->em_neworphans)
		return (0);
	np = TAILQ_FIRST(&em->em_orphans);
	em->em_fs->super->s_last_orphan = np == NULL ? 0 : np->n_ino;
	for (; np != NULL; np = next) {
		next = TAILQ_NEXT(np, n_orphan);
		np->n_inode.i_dtime = next == NULL ? 0 : next->n_ino;
		if ((error = ext2_inode_write(np)) != 0)
			return (error);
	}
	ext2fs_mark_super_dirty(em->em_fs);
	em->em_neworphans = 0;
	return (0);
}

int
ext2_free_file(struct fsa_node *fn)
{
	struct ext2_node *np = NODE(fn);
	struct ext2_mount *em = np->n_em;
	int error;

	if (em->em_failed)
		return (EROFS);
	if ((error = ext2_map_settle(np)) != 0)
		return (error);
	ext2_map_release(np);
	np->n_last.r_len = 0;
	if (np->n_isorphan)
		ext2_orphan_remove(np);
	np->n_dirty = 0;
	fn->fn_attr.va_size = fn->fn_attr.va_bytes = 0;
	return (ext2_inode_end(em, np->n_ino, &np->n_inode));
}
