/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_inline.c: files and folders whose data is in the inode (inline_data).
 *
 * They are only read: a file system that has them is mounted read-only.
 */
#include "ext2.h"

/* The data, in memory for the caller to free. */
int
ext2_inline_data(struct ext2_node *np, char **data, size_t *len)
{
	ext2_filsys fs = np->n_em->em_fs;
	errcode_t retval;

	if ((retval = ext2fs_get_memzero(fs->blocksize, data)) != 0)
		return (ext2_errno(retval));
	*len = 0;
	retval = ext2fs_inline_data_get(fs, np->n_ino, INODE(np), *data, len);
	if (retval == 0 && *len <= fs->blocksize)
		return (0);
	ext2fs_free_mem(data);
	return (ext2_damaged(np->n_em, "its data", np->n_ino));
}

/* What lies behind the data, up to the file's size, is zero. */
int
ext2_inline_read(struct fsa_node *fn, off_t off, void *to, size_t len,
    size_t *done)
{
	char *data;
	size_t size, n = 0;
	int error;

	*done = 0;
	if ((error = ext2_inline_data(NODE(fn), &data, &size)) != 0)
		return (error);
	if ((size_t)off < size)
		n = MIN(len, size - (size_t)off);
	memcpy(to, data + (n == 0 ? 0 : off), n);
	memset((char *)to + n, 0, len - n);
	*done = len;
	ext2fs_free_mem(&data);
	return (0);
}

struct search {
	const char *name;
	size_t namelen;
	struct ext2_place *place;
};

static int
match(struct ext2_dir_entry *de, int offset, int blocksize, char *buf, void *arg)
{
	struct search *s = arg;

	(void)offset;
	(void)blocksize;
	(void)buf;
	if ((size_t)ext2fs_dirent_name_len(de) != s->namelen ||
	    memcmp(de->name, s->name, s->namelen) != 0)
		return (0);
	s->place->p_ino = de->inode;
	s->place->p_type = ext2fs_dirent_file_type(de);
	return (DIRENT_ABORT);
}

int
ext2_inline_find(struct ext2_node *np, const char *name, size_t namelen,
    struct ext2_place *place)
{
	struct search s = { name, namelen, place };
	errcode_t retval;

	place->p_lblk = place->p_off = place->p_ino = 0;
	retval = ext2fs_dir_iterate(np->n_em->em_fs, np->n_ino, 0, NULL, match,
	    &s);
	if (retval != 0)
		return (ext2_damaged(np->n_em, "its data", np->n_ino));
	return (place->p_ino == 0 ? ENOENT : 0);
}

struct walk {
	off_t at;			/* entries before this one */
	off_t from;
	ext2_take_t take;
	void *arg;
	int error;
};

static int
step(struct ext2_dir_entry *de, int offset, int blocksize, char *buf, void *arg)
{
	struct walk *w = arg;

	(void)offset;
	(void)blocksize;
	(void)buf;
	if (w->at >= w->from)
		w->error = w->take(w->arg, de, w->at, 1);
	w->at++;
	return (w->error != 0 ? DIRENT_ABORT : 0);
}

/* Hands the entries to take; their places are numbers. */
int
ext2_inline_walk(struct ext2_node *np, off_t from, ext2_take_t take, void *arg)
{
	struct walk w = { 0, from, take, arg, 0 };

	if (ext2fs_dir_iterate(np->n_em->em_fs, np->n_ino, 0, NULL, step,
	    &w) != 0)
		return (ext2_damaged(np->n_em, "its data", np->n_ino));
	return (w.error);
}
