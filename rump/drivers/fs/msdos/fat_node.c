/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_node.c: what is known of files: by the place of their entry, and by number.
 *
 * FAT has no inode numbers.  A file's number is the place of its entry on the
 * device, as long as nobody who was renamed away from there still has it; else one
 * that says nothing.
 */
#include "fat.h"
#include <sys/malloc.h>

#define	ID_ROOT		1
#define	ID_FIRST	2		/* of places */
#define	ID_NOPLACE	0x80000000U

#define	LOCHASH(m, loc)	(&(m)->m_lochash[(loc) & (FAT_HASH - 1)])
#define	IDHASH(m, id)	(&(m)->m_idhash[(id) & (FAT_HASH - 1)])

static struct fatnode *
find_id(struct fatmount *m, ino_t id)
{
	struct fatnode *n;

	LIST_FOREACH(n, IDHASH(m, id), n_idhash)
		if (n->n_id == id)
			return (n);
	return (NULL);
}

static struct fatnode *
find_loc(struct fatmount *m, u_int64_t loc)
{
	struct fatnode *n;

	LIST_FOREACH(n, LOCHASH(m, loc), n_lochash)
		if (n->n_loc == loc)
			return (n);
	return (NULL);
}

static ino_t
id_of_loc(u_int64_t loc)
{

	return ((ino_t)(loc % (ID_NOPLACE - ID_FIRST)) + ID_FIRST);
}

/* The number of whoever has its entry at loc (for readdir). */
ino_t
fat_idat(struct fatmount *m, u_int64_t loc)
{
	struct fatnode *n = find_loc(m, loc);

	return (n != NULL ? n->n_id : id_of_loc(loc));
}

static ino_t
new_id(struct fatmount *m, u_int64_t loc)
{
	ino_t id = id_of_loc(loc);

	while (find_id(m, id) != NULL)
		id = ID_NOPLACE | ++m->m_lastid;
	return (id);
}

static struct fatnode *
node_alloc(struct fatmount *m, ino_t id)
{
	struct fatnode *n;

	n = malloc(sizeof(*n), M_VNODE, M_WAITOK | M_ZERO);
	n->n_fm = m;
	n->n_id = id;
	n->n_obj.fs = &m->m_fs;
	n->n_valid = FSA_ALLVALID;
	LIST_INSERT_HEAD(IDHASH(m, id), n, n_idhash);
	return (n);
}

struct fatnode *
fat_newroot(struct fatmount *m)
{
	struct fatnode *n = node_alloc(m, ID_ROOT);

	n->n_obj.attr = AM_DIR;
	return (n);
}

void
fat_hold(struct fatnode *n)
{

	n->n_refs++;
}

static void
node_free(struct fatnode *n)
{

	if (n->n_loc != 0)
		LIST_REMOVE(n, n_lochash);
	LIST_REMOVE(n, n_idhash);
	fat_forgetchain(n);
	fat_freeindex(n);
	free(n, M_VNODE);
}

void
fat_release(struct fatnode *n)
{
	struct fatnode *dir;

	/* The parents of a folder may have been kept by it alone. */
	while (n != NULL && --n->n_refs <= 0) {
		dir = n->n_dir;
		node_free(n);
		n = dir;
	}
}

/* A node's name is at another place; loc 0: nowhere. */
void
fat_setplace(struct fatnode *n, u_int64_t loc, struct fatnode *dir, DWORD first,
    DWORD last)
{

	if (n->n_loc != 0)
		LIST_REMOVE(n, n_lochash);
	if ((n->n_loc = loc) != 0)
		LIST_INSERT_HEAD(LOCHASH(n->n_fm, loc), n, n_lochash);
	if (dir != n->n_dir) {
		fat_hold(dir);
		if (n->n_dir != NULL)
			fat_release(n->n_dir);
		n->n_dir = dir;
	}
	n->n_first = first;
	n->n_last = last;
}

/* Reads where a file's contents are; dp is at its entry (fat_open). */
static int
load_object(struct fatnode *n, FF_DIR *dp)
{
	FATFS *fs = &n->n_fm->m_fs;
	DWORD bytes = CLUSTER_BYTES(fs);

	if (ISEXFAT(fs)) {
		n->n_obj.attr = fs->dirbuf[XE_ATTR] & FAT_AM_MASK;
		n->n_obj.sclust = le32(fs->dirbuf + XE_CLUSTER);
		n->n_obj.objsize = le64(fs->dirbuf + XE_SIZE);
		n->n_obj.stat = fs->dirbuf[XE_FLAGS] & 2;
		if (n->n_obj.objsize > (FSIZE_t)fs->n_fatent * bytes)
			return (EIO);
		n->n_obj.objsize = roundup(n->n_obj.objsize, (FSIZE_t)bytes);
		if (n->n_obj.sclust == 0)
			n->n_obj.stat = 0;
	} else {
		n->n_obj.attr = dp->dir[DE_ATTR] & FAT_AM_MASK;
		n->n_obj.sclust = ff_ld_clust(fs, dp->dir);
	}
	/* fsck.exfat leaves folders that have nothing, not even a cluster. */
	if ((n->n_obj.attr & AM_DIR) && (n->n_obj.sclust < 2 ||
	    n->n_obj.sclust >= fs->n_fatent) &&
	    !(ISEXFAT(fs) && n->n_obj.sclust == 0 && n->n_obj.objsize == 0))
		return (EIO);
	return (0);
}

/* A folder must not be one of those that it is in: paths would have no end. */
static int
check_ancestors(struct fatnode *n)
{
	FATFS *fs = &n->n_fm->m_fs;
	struct fatnode *up;

	if ((n->n_obj.attr & AM_DIR) == 0 || n->n_obj.sclust == 0)
		return (0);
	for (up = n->n_dir; up != NULL; up = up->n_dir)
		if (up->n_obj.sclust == n->n_obj.sclust || (up->n_dir == NULL &&
		    fs->fs_type >= FS_FAT32 && fs->dirbase == n->n_obj.sclust))
			return (EIO);
	return (0);
}

/* The node whose entries are first to last in dir.  It is not held for the caller. */
int
fat_getnode(struct fatnode *dir, DWORD first, DWORD last, struct fatnode **np)
{
	struct fatmount *m = dir->n_fm;
	struct fatnode *n;
	u_int64_t loc;
	FF_DIR d;
	int error;

	if ((error = fat_open(dir, first, last, &d)) != 0)
		return (error);
	loc = fat_loc(m, &d);
	if ((n = find_loc(m, loc)) == NULL) {
		n = node_alloc(m, new_id(m, loc));
			n->n_dir = dir;
		if ((error = load_object(n, &d)) == 0)
			error = check_ancestors(n);
		n->n_dir = NULL;
		if (error != 0) {
			node_free(n);
			return (error);
		}
		fat_setplace(n, loc, dir, first, last);
	}
	*np = n;
	return (0);
}
