/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_names.c: looking up, making, removing and moving names.
 */
#include "fat.h"
#include <sys/malloc.h>
#include <sys/stat.h>

/* The name in the library's form, on the heap: it is large for a stack. */
static int
get_name(struct fatmount *m, const char *name, size_t len, struct fatname **np)
{
	struct fatname *n;
	int error;

	n = malloc(sizeof(*n), M_TEMP, M_WAITOK);
	if ((error = fat_name(m, name, len, n)) != 0)
		free(n, M_TEMP);
	else
		*np = n;
	return (error);
}

static void
set_found(struct fsa_found *found, struct fatnode *n)
{

	found->ff_id = n->n_id;
	found->ff_where[0] = (u_int64_t)(uintptr_t)n;
}

int
fat_lookup(struct fsa_node *dir, const char *name, size_t len,
    struct fsa_found *found)
{
	struct fatnode *d = NTOFAT(dir), *n;
	struct fatname *fname;
	DWORD first, last;
	int error;

	if (len == 2 && name[0] == '.' && name[1] == '.') {
		set_found(found, d->n_dir != NULL ? d->n_dir : d);
		return (0);
	}
	error = get_name(d->n_fm, name, len, &fname);
	if (error != 0)			/* what cannot be is not there */
		return (error == EINVAL ? ENOENT : error);
	error = fat_find(d, fname, &first, &last);
	free(fname, M_TEMP);
	if (error == 0)
		error = fat_getnode(d, first, last, &n);
	if (error == 0)
		set_found(found, n);
	return (error);
}

/* The contents of a new folder, which has no name yet: with FAT, "." and "..". */
static int
make_folder(struct fatnode *n, struct fatnode *parent, const struct vattr *va)
{
	FATFS *fs = &n->n_fm->m_fs;
	DWORD stamp;
	BYTE cent;
	int blank, error;

	n->n_complete = 1;
	if ((error = fat_extend(n, 1)) != 0)
		return (error);
	blank = fat_isblank(n->n_fm, n->n_obj.sclust);
	if ((error = fat_clear(n->n_fm, n->n_obj.sclust)) != 0)
		return (error);
	if (ISEXFAT(fs))
		return (fat_flushold(n->n_fm, blank));
	stamp = fat_fromtime(n->n_fm, &va->va_mtime, &cent);
	memset(fs->win, ' ', 11);
	fs->win[0] = '.';
	fs->win[DE_ATTR] = AM_DIR;
	put32(fs->win + DE_CREATED, stamp);
	put16(fs->win + DE_ACCESSED, (WORD)(stamp >> 16));
	put32(fs->win + DE_MODIFIED, stamp);
	ff_st_clust(fs, fs->win, n->n_obj.sclust);
	memcpy(fs->win + ENTRY, fs->win, ENTRY);
	fs->win[ENTRY + 1] = '.';
	ff_st_clust(fs, fs->win + ENTRY, parent->n_obj.sclust);
	fs->wflag = 1;
	return (fat_flushold(n->n_fm, blank));
}

/* A new entry for *name in d, filled with what *va says. */
static int
make_entry(struct fatnode *d, struct fatname *name, const struct vattr *va,
    struct fatnode **np)
{
	struct fatnode made = {
		.n_fm = d->n_fm,
		.n_valid = FSA_ALLVALID,
		.n_obj = { .fs = &d->n_fm->m_fs,
		    .attr = va->va_type == VDIR ? AM_DIR : AM_ARC },
	};
	struct vattr attr = *va;
	DWORD first, last;
	FF_DIR at;
	int error = 0;

	attr.va_size = 0;
	fat_setmode(&made, va->va_mode);
	if (va->va_type == VDIR)
		error = make_folder(&made, d, va);
	if (error == 0)
		error = fat_register(d, name, &first, &last);
	if (error != 0) {
		if (made.n_obj.sclust != 0)
			(void)fat_cut(&made, 0);
		fat_forgetchain(&made);
		return (error);
	}
	if ((error = fat_open(d, first, last, &at)) == 0) {
		made.n_dir = d;
		made.n_first = first;
		made.n_last = last;
		made.n_loc = fat_loc(d->n_fm, &at);
		error = fat_storeattr(&made, &attr);
	}
	fat_forgetchain(&made);
	if (error == 0)
		error = fat_getnode(d, first, last, np);
	if (error == 0)
		(*np)->n_made = d->n_fm->m_syncs;
	return (error);
}

int
fat_create(struct fsa_node *dir, const char *name, size_t len,
    const struct vattr *va, const char *target, struct fsa_found *found)
{
	struct fatnode *d = NTOFAT(dir), *n;
	struct fatname *fname;
	DWORD first, last;
	int error;

	(void)target;
	if (va->va_type != VREG && va->va_type != VDIR)
		return (EOPNOTSUPP);
	if ((error = get_name(d->n_fm, name, len, &fname)) != 0)
		return (error);
	error = fat_find(d, fname, &first, &last);
	if (error == ENOENT)
		error = make_entry(d, fname, va, &n);
	else if (error == 0)
		error = EEXIST;
	free(fname, M_TEMP);
	if (error == 0)
		set_found(found, n);
	return (error);
}

/* Is the name still n's, in d? */
static int
check_name(struct fatnode *d, const char *name, size_t len, struct fatnode *n)
{
	struct fatname *fname;
	DWORD first, last;
	int error;

	if (n->n_loc == 0 || n->n_dir != d)
		return (ENOENT);
	if ((error = get_name(d->n_fm, name, len, &fname)) != 0)
		return (error == EINVAL ? ENOENT : error);
	error = fat_find(d, fname, &first, &last);
	free(fname, M_TEMP);
	if (error == 0 && (first != n->n_first || last != n->n_last))
		error = ENOENT;
	return (error);
}

int
fat_unlink(struct fsa_node *dir, const char *name, size_t len,
    struct fsa_node *fn)
{
	struct fatnode *d = NTOFAT(dir), *n = NTOFAT(fn);
	int error;

	if ((error = check_name(d, name, len, n)) != 0 ||
	    (error = fat_erase(d, n->n_first, n->n_last)) != 0)
		return (error);
	fat_setplace(n, 0, d, 0, 0);
	fn->fn_attr.va_nlink = 0;
	return (0);
}

int
fat_isoutside(struct fsa_node *dir, struct fsa_node *fn)
{
	struct fatnode *up;

	for (up = NTOFAT(dir); up != NULL; up = up->n_dir)
		if (up == NTOFAT(fn))
			return (EINVAL);
	return (0);
}

/* A moved folder's ".." leads to its new parent. */
static int
set_parent(struct fatnode *n, struct fatnode *parent)
{
	FATFS *fs = &n->n_fm->m_fs;
	FF_DIR d;
	int error;

	if (ISEXFAT(fs) || (n->n_obj.attr & AM_DIR) == 0 ||
	    parent == n->n_dir)
		return (0);
	if ((error = fat_seek(n, ENTRY, &d)) != 0 ||
	    (error = fat_errno(ff_move_window(fs, d.sect))) != 0)
		return (error);
	if (d.dir[0] == '.' && d.dir[1] == '.') {
		ff_st_clust(fs, d.dir, parent->n_obj.sclust);
		fs->wflag = 1;
	}
	return (0);
}

/*
 * What is on the disk for sure must not lose its name in a power cut, so the new one
 * goes there before the old one is erased.  A disk that refuses it has what comes
 * later wait behind it, and the next fsync is told; here it is too late to go back.
 */
static void
secure(struct fatnode *n)
{

	if (n->n_made != n->n_fm->m_syncs)
		(void)fat_flush(n->n_fm);
}

/* n's entry gets the place of another name, which is there: its old one goes. */
static int
move_entry(struct fatnode *n, struct fatnode *tdir, DWORD first, DWORD last)
{
	struct fatnode *fdir = n->n_dir;
	DWORD ofirst = n->n_first, olast = n->n_last;
	u_int64_t loc;
	FF_DIR at;
	int error;

	if ((error = fat_copyentry(n, tdir, first, last)) != 0 ||
	    (error = set_parent(n, tdir)) != 0)
		return (error);
	secure(n);
	if ((error = fat_open(tdir, first, last, &at)) != 0)
		return (error);
	loc = fat_loc(n->n_fm, &at);
	if ((error = fat_erase(fdir, ofirst, olast)) != 0)
		return (error);
	fat_setplace(n, loc, tdir, first, last);
	return (0);
}

/* The target's name is n's own, in another spelling, or free: a new entry. */
static int
rename_new(struct fatnode *n, struct fatnode *tdir, struct fatname *name)
{
	DWORD first, last;
	int error;

	error = fat_find(tdir, name, &first, &last);
	if (error == 0 && (n->n_dir != tdir || first != n->n_first))
		return (EEXIST);
	if (error != 0 && error != ENOENT)
		return (error);
	if ((error = fat_register(tdir, name, &first, &last)) != 0)
		return (error);
	if ((error = move_entry(n, tdir, first, last)) != 0)
		(void)fat_erase(tdir, first, last);
	return (error);
}

int
fat_rename(struct fsa_node *fdir, const char *fname, size_t flen,
    struct fsa_node *fn, struct fsa_node *tdir, const char *tname, size_t tlen,
    struct fsa_node *victim)
{
	struct fatnode *n = NTOFAT(fn), *td = NTOFAT(tdir), *v;
	struct fatname *name;
	DWORD first, last;
	u_int64_t loc;
	int error;

	if ((error = check_name(NTOFAT(fdir), fname, flen, n)) != 0)
		return (error);
	/* What was not stored yet is not in the entry that is copied. */
	n->n_valid = fn->fn_valid;
	if ((error = fat_storeattr(n, &fn->fn_attr)) != 0)
		return (error);
	if (victim == NULL) {
		if ((error = get_name(n->n_fm, tname, tlen, &name)) != 0)
			return (error);
		error = rename_new(n, td, name);
		free(name, M_TEMP);
		return (error);
	}
	v = NTOFAT(victim);
	if ((error = check_name(td, tname, tlen, v)) != 0)
		return (error);
	loc = v->n_loc;
	first = v->n_first;
	last = v->n_last;
	/* It must not look as if both had the place. */
	fat_setplace(v, 0, td, 0, 0);
	if ((error = move_entry(n, td, first, last)) == 0)
		victim->fn_attr.va_nlink = 0;
	else
		fat_setplace(v, loc, td, first, last);
	return (error);
}

/* "." and ".." have the first two places, entries those behind. */
#define	OFF_ENTRIES	2

static int
put_dots(struct fatnode *d, off_t *off, fsa_fill_t fill, void *arg)
{
	struct fatnode *up = d->n_dir != NULL ? d->n_dir : d;

	if (*off == 0) {
		if (fill(arg, d->n_id, VDIR, ".", 1, 1) != 0)
			return (-1);
		*off = 1;
	}
	if (*off == 1) {
		if (fill(arg, up->n_id, VDIR, "..", 2, OFF_ENTRIES) != 0)
			return (-1);
		*off = OFF_ENTRIES;
	}
	return (0);
}

int
fat_readdir(struct fsa_node *dir, off_t *off, fsa_fill_t fill, void *arg)
{
	struct fatnode *d = NTOFAT(dir);
	FATFS *fs = &d->n_fm->m_fs;
	FF_DIR at, main;
	FILINFO *info;
	DWORD first, last, ofs;
	int error = 0;

	if (*off < 0 || *off > INT_MAX / ENTRY)
		return (EINVAL);
	if (put_dots(d, off, fill, arg) != 0)
		return (0);
	info = malloc(sizeof(*info), M_TEMP, M_WAITOK);
	for (;;) {
		ofs = (DWORD)(*off - OFF_ENTRIES) * ENTRY;
		if ((error = fat_seek(d, ofs, &at)) != 0)
			break;
		main = at;
		if ((error = fat_readentry(&at, &first, &last)) != 0) {
			/* A damaged set of exFAT's: on with what is behind. */
			if (error != EIO || !ISEXFAT(fs) ||
			    fs->winsect == 0xffffffff)
				break;
			*off += 1;
			continue;
		}
		ff_get_fileinfo(&at, info);
		if (!ISEXFAT(fs) || fat_seek(d, first, &main) != 0)
			main = at;
		if (strcmp(info->fname, "?") != 0 && fill(arg,
		    fat_idat(d->n_fm, fat_loc(d->n_fm, &main)),
		    info->fattrib & AM_DIR ? VDIR : VREG, info->fname,
		    strlen(info->fname),
		    (off_t)(last / ENTRY) + 1 + OFF_ENTRIES) != 0)
			break;
		*off = (off_t)(last / ENTRY) + 1 + OFF_ENTRIES;
	}
	free(info, M_TEMP);
	return (error == ENOENT ? 0 : error);
}
