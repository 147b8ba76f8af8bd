/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_names.c: names that come, go and move, and the counts of links.
 */
#include "ext2.h"

/* A file's type in an entry of a folder. */
static int
entry_type(struct ext2_node *np)
{
	static const int types[] = { EXT2_FT_UNKNOWN, EXT2_FT_REG_FILE,
	    EXT2_FT_DIR, EXT2_FT_BLKDEV, EXT2_FT_CHRDEV, EXT2_FT_SYMLINK,
	    EXT2_FT_SOCK, EXT2_FT_FIFO };
	u_int type = IFTOVT(np->n_inode.i_mode);

	return (type < __arraycount(types) ? types[type] : EXT2_FT_UNKNOWN);
}

static void
links_set(struct ext2_node *np, u_int n)
{

	np->n_inode.i_links_count = (__u16)n;
	np->n_dirty = 1;
	if (np->n_fn != NULL) {
		np->n_fn->fn_attr.va_nlink = n;
		np->n_fn->fn_dirty |= FSA_NLINK;
	}
}

/*
 * With dir_nlink a folder with more folders than can be counted has one link for
 * good.
 */
static int
links_check(struct ext2_node *np)
{
	u_int n = np->n_inode.i_links_count;

	return (n >= EXT2_LINK_MAX && (!ISDIR(np) ||
	    !ext2fs_has_feature_dir_nlink(np->n_em->em_fs->super)) ? EMLINK :
	    0);
}

static void
links_more(struct ext2_node *np)
{
	u_int n = np->n_inode.i_links_count;

	if (!ISDIR(np) || n > 1)
		links_set(np, n >= EXT2_LINK_MAX ? 1 : n + 1);
}

static void
links_less(struct ext2_node *np)
{
	u_int n = np->n_inode.i_links_count;

	if (n > (ISDIR(np) ? 2U : 0U))
		links_set(np, n - 1);
}

/* The node has lost a name (a folder: its name). */
static void
lost_name(struct ext2_node *dir, struct ext2_node *np)
{

	if (ISDIR(np)) {
		links_less(dir);
		links_set(np, 0);
	} else {
		links_less(np);
	}
	if (np->n_inode.i_links_count == 0)
		ext2_orphan_add(np);
}

int
ext2_lookup(struct fsa_node *dir, const char *name, size_t namelen,
    struct fsa_found *found)
{
	struct ext2_place place;
	int error;

	if ((error = ext2_dir_find(NODE(dir), name, namelen, &place)) == 0)
		found->ff_id = place.p_ino;
	return (error);
}

/* May anything be changed, and is the name free? */
static int
check_new(struct ext2_node *dir, const char *name, size_t namelen)
{
	struct ext2_place place;
	int error;

	if (dir->n_em->em_failed)
		return (EROFS);
	if (dir->n_inode.i_links_count == 0)
		return (ENOENT);
	error = ext2_dir_find(dir, name, namelen, &place);
	if (error != ENOENT)
		return (error == 0 ? EEXIST : error);
	return (ext2_map_yield(dir->n_em));
}

/* What a new inode of its type needs, and then its name. */
static int
furnish(struct ext2_node *dir, const char *name, size_t namelen,
    struct ext2_node *np, const char *target)
{
	int error = 0;

	if (ISDIR(np)) {
		np->n_inode.i_links_count = 2;
		error = ext2_dir_new(np, dir->n_ino);
	} else if (target != NULL) {
		error = ext2_link_target(np, target);
	}
	if (error == 0 && (ISDIR(np) || target != NULL))
		error = ext2_inode_write(np);
	if (error == 0)
		error = ext2_dir_add(dir, name, namelen, np->n_ino,
		    entry_type(np));
	return (error);
}

int
ext2_create(struct fsa_node *dir, const char *name, size_t namelen,
    const struct vattr *va, const char *target, struct fsa_found *found)
{
	struct ext2_node *dp = NODE(dir), node;
	int error;

	if ((error = check_new(dp, name, namelen)) != 0)
		return (error);
	if (va->va_type == VDIR && (error = links_check(dp)) != 0)
		return (error);
	memset(&node, 0, sizeof(node));
	node.n_em = dp->n_em;
	if ((error = ext2_inode_new(dp, va, &node.n_ino, &node.n_inode)) != 0)
		return (error);
	if ((error = furnish(dp, name, namelen, &node, target)) != 0) {
		(void)ext2_inode_end(dp->n_em, node.n_ino, &node.n_inode);
		return (error);
	}
	if (va->va_type == VDIR)
		links_more(dp);
	found->ff_id = node.n_ino;
	return (0);
}

int
ext2_link(struct fsa_node *dir, const char *name, size_t namelen,
    struct fsa_node *fn)
{
	struct ext2_node *np = NODE(fn);
	int error;

	if ((error = check_new(NODE(dir), name, namelen)) != 0 ||
	    (error = links_check(np)) != 0)
		return (error);
	error = ext2_dir_add(NODE(dir), name, namelen, np->n_ino,
	    entry_type(np));
	if (error == 0)
		links_more(np);
	return (error);
}

/* Takes a name away that leads to the node. */
static int
remove_name(struct ext2_node *dir, const char *name, size_t namelen,
    struct ext2_node *np)
{
	struct ext2_place place;
	int error;

	if ((error = ext2_dir_find(dir, name, namelen, &place)) != 0)
		return (error);
	return (place.p_ino != np->n_ino ? ENOENT :
	    ext2_dir_remove(dir, &place));
}

int
ext2_unlink(struct fsa_node *dir, const char *name, size_t namelen,
    struct fsa_node *fn)
{
	int error;

	if (NODE(dir)->n_em->em_failed)
		return (EROFS);
	error = remove_name(NODE(dir), name, namelen, NODE(fn));
	if (error == 0)
		lost_name(NODE(dir), NODE(fn));
	return (error);
}

/* The new name of a node: the victim's, or one more. */
static int
enter_name(struct ext2_node *dir, const char *name, size_t namelen,
    struct ext2_node *np, struct ext2_node *victim)
{
	struct ext2_place place;
	int error;

	error = ext2_dir_find(dir, name, namelen, &place);
	if (victim == NULL)
		return (error == 0 ? EEXIST : error != ENOENT ? error :
		    ext2_dir_add(dir, name, namelen, np->n_ino,
		    entry_type(np)));
	if (error == 0 && place.p_ino != victim->n_ino)
		error = ENOENT;
	if (error == 0)
		error = ext2_dir_change(dir, &place, np->n_ino,
		    entry_type(np));
	return (error);
}

/* A folder has another parent. */
static int
move_dotdot(struct ext2_node *np, struct ext2_node *from, struct ext2_node *to)
{
	struct ext2_place place;
	int error;

	if ((error = ext2_dir_find(np, "..", 2, &place)) != 0 ||
	    (error = ext2_dir_change(np, &place, to->n_ino, EXT2_FT_DIR)) != 0)
		return (error);
	links_less(from);
	links_more(to);
	return (0);
}

int
ext2_rename(struct fsa_node *fdir, const char *fname, size_t flen,
    struct fsa_node *fn, struct fsa_node *tdir, const char *tname, size_t tlen,
    struct fsa_node *victim)
{
	struct ext2_node *from = NODE(fdir), *to = NODE(tdir), *np = NODE(fn);
	struct ext2_node *vp = victim == NULL ? NULL : NODE(victim);
	int moves = from != to && ISDIR(np), error;

	if (np->n_em->em_failed)
		return (EROFS);
	if (to->n_inode.i_links_count == 0)
		return (ENOENT);
	if (moves && vp == NULL && (error = links_check(to)) != 0)
		return (error);
	if ((error = ext2_map_yield(np->n_em)) != 0 ||
	    (error = enter_name(to, tname, tlen, np, vp)) != 0)
		return (error);
	/* For a moment it has two names, rather than none. */
	error = remove_name(from, fname, flen, np);
	if (vp != NULL)
		lost_name(to, vp);
	if (error == 0 && moves)
		error = move_dotdot(np, from, to);
	return (error);
}

/* Is dir neither the node nor below it? */
int
ext2_isoutside(struct fsa_node *dir, struct fsa_node *fn)
{
	struct ext2_mount *em = NODE(dir)->n_em;
	ext2_ino_t ino = NODE(dir)->n_ino, up;
	u_int steps = 0;

	while (ino != EXT2_ROOT_INO) {
		if (ino == NODE(fn)->n_ino)
			return (EINVAL);
		/* Folders in a ring have no end. */
		if (++steps > 65536 || ext2fs_lookup(em->em_fs, ino, "..", 2,
		    NULL, &up) != 0)
			return (ext2_damaged(em, "its parent", ino));
		ino = up;
	}
	return (NODE(fn)->n_ino == EXT2_ROOT_INO ? EINVAL : 0);
}
