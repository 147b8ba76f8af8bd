/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_entry.c: attributes: from an object's entry and into it.
 */
#include "fat.h"
#include <sys/stat.h>

mode_t
fat_mode(struct fatnode *n)
{

	if (n->n_obj.attr & AM_DIR)
		return (ACCESSPERMS & n->n_fm->m_dirmask);
	return ((n->n_obj.attr & AM_RDO ? ACCESSPERMS & ~0222 : ACCESSPERMS) &
	    n->n_fm->m_mask);
}

static void
load_times(struct fatmount *m, FF_DIR *dp, struct vattr *va)
{
	BYTE *x = m->m_fs.dirbuf;
	DWORD day;

	if (ISEXFAT(&m->m_fs)) {
		fat_totime(m, le32(x + XE_MODIFIED), x[XE_MODIFIED_CENT],
		    &va->va_mtime);
		fat_totime(m, le32(x + XE_ACCESSED), 0, &va->va_atime);
	} else {
		fat_totime(m, le32(dp->dir + DE_MODIFIED), 0, &va->va_mtime);
		day = (DWORD)le16(dp->dir + DE_ACCESSED) << 16;
		va->va_atime = va->va_mtime;
		if (day != 0)
			fat_totime(m, day, 0, &va->va_atime);
	}
	va->va_ctime = va->va_mtime;
}

static int
load_size(struct fatnode *n, FF_DIR *dp, struct vattr *va)
{
	FATFS *fs = &n->n_fm->m_fs;
	u_quad_t valid;

	if (n->n_obj.attr & AM_DIR) {
		va->va_size = fat_dirroom(n);
	} else if (ISEXFAT(fs)) {
		va->va_size = le64(fs->dirbuf + XE_SIZE);
		/* Behind this nothing was ever written. */
		valid = le64(fs->dirbuf + XE_VALIDSIZE);
		if (valid > va->va_size)
			return (EIO);
		n->n_valid = valid < va->va_size ? valid : FSA_ALLVALID;
	} else {
		va->va_size = le32(dp->dir + DE_SIZE);
	}
	va->va_bytes = roundup(va->va_size, (u_quad_t)CLUSTER_BYTES(fs));
	return (0);
}

/* The attributes of a node as the disk has them. */
int
fat_loadattr(struct fatnode *n, struct vattr *va)
{
	struct fatmount *m = n->n_fm;
	FF_DIR d;
	int error;

	memset(&d, 0, sizeof(d));
	if (n->n_dir != NULL &&
	    (error = fat_open(n->n_dir, n->n_first, n->n_last, &d)) != 0)
		return (error);
	va->va_type = n->n_obj.attr & AM_DIR ? VDIR : VREG;
	va->va_mode = fat_mode(n);
	va->va_nlink = 1;
	va->va_uid = m->m_uid;
	va->va_gid = m->m_gid;
	va->va_rdev = 0;
	va->va_gen = 1;
	va->va_flags = n->n_obj.attr & (AM_ARC | AM_DIR) ? 0 : SF_ARCHIVED;
	if (n->n_dir == NULL) {		/* the root has no entry */
		va->va_mtime = (struct timespec){ 315532800, 0 };
		va->va_atime = va->va_ctime = va->va_mtime;
	} else {
		load_times(m, &d, va);
	}
	return (load_size(n, &d, va));
}

/* Sets attr from flags. */
static void
set_attr(struct fatnode *n, const struct vattr *va)
{

	if (n->n_obj.attr & AM_DIR)
		return;
	n->n_obj.attr = (BYTE)(n->n_obj.attr & ~AM_ARC);
	if ((va->va_flags & SF_ARCHIVED) == 0)
		n->n_obj.attr |= AM_ARC;
}

/* Of a mode the format has one bit, whether its owner may write. */
void
fat_setmode(struct fatnode *n, mode_t mode)
{

	if (n->n_obj.attr & AM_DIR)
		return;
	n->n_obj.attr = (BYTE)(n->n_obj.attr & ~AM_RDO);
	if ((mode & S_IWUSR) == 0)
		n->n_obj.attr |= AM_RDO;
}

static int
store_set(struct fatnode *n, const struct vattr *va, FF_DIR *dp)
{
	struct fatmount *m = n->n_fm;
	BYTE *x = m->m_fs.dirbuf, cent;
	QWORD size;

	x[XE_ATTR] = n->n_obj.attr;
	put32(x + XE_MODIFIED, fat_fromtime(m, &va->va_mtime, &cent));
	x[XE_MODIFIED_CENT] = cent;
	put32(x + XE_ACCESSED, fat_fromtime(m, &va->va_atime, &cent));
	if (le32(x + XE_CREATED) == 0) {
		put32(x + XE_CREATED, le32(x + XE_MODIFIED));
		x[XE_CREATED_CENT] = x[XE_MODIFIED_CENT];
	}
	memset(x + XE_ZONES, m->m_gmtoff == 0 ? XE_ZONE_UTC : 0, 3);
	size = n->n_obj.attr & AM_DIR ? n->n_obj.objsize : va->va_size;
	put64(x + XE_SIZE, size);
	put64(x + XE_VALIDSIZE, MIN(size, n->n_valid));
	put32(x + XE_CLUSTER, n->n_obj.sclust);
	x[XE_FLAGS] = (BYTE)(1 | (n->n_obj.sclust != 0 ?
	    n->n_obj.stat & 2 : 0));
	dp->blk_ofs = n->n_first;
	return (fat_errno(ff_store_xdir(dp)));
}

static void
store_entry(struct fatnode *n, const struct vattr *va, BYTE *de)
{
	struct fatmount *m = n->n_fm;
	BYTE cent;

	de[DE_ATTR] = n->n_obj.attr;
	put32(de + DE_MODIFIED, fat_fromtime(m, &va->va_mtime, &cent));
	if (le32(de + DE_CREATED) == 0) {
		put32(de + DE_CREATED, le32(de + DE_MODIFIED));
		de[DE_CREATED_CENT] = cent;
	}
	put16(de + DE_ACCESSED,
	    (WORD)(fat_fromtime(m, &va->va_atime, &cent) >> 16));
	put32(de + DE_SIZE, n->n_obj.attr & AM_DIR ? 0 : (DWORD)va->va_size);
	ff_st_clust(&m->m_fs, de, n->n_obj.sclust);
	m->m_fs.wflag = 1;
}

/* Attributes, size and place of the contents to the entry. */
int
fat_storeattr(struct fatnode *n, const struct vattr *va)
{
	FF_DIR d;
	int error;

	if (n->n_loc == 0)		/* the root, or it has no name */
		return (0);
	if ((error = fat_open(n->n_dir, n->n_first, n->n_last, &d)) != 0)
		return (error);
	set_attr(n, va);
	if (ISEXFAT(&n->n_fm->m_fs))
		return (store_set(n, va, &d));
	store_entry(n, va, d.dir);
	return (0);
}

/* A folder grew: exFAT keeps its size, and it may have had no cluster. */
int
fat_storedirsize(struct fatnode *n)
{
	FATFS *fs = &n->n_fm->m_fs;
	FF_DIR d;
	int error;

	if (!ISEXFAT(fs) || n->n_loc == 0)
		return (0);
	if ((error = fat_open(n->n_dir, n->n_first, n->n_last, &d)) != 0)
		return (error);
	put64(fs->dirbuf + XE_SIZE, n->n_obj.objsize);
	put64(fs->dirbuf + XE_VALIDSIZE, n->n_obj.objsize);
	put32(fs->dirbuf + XE_CLUSTER, n->n_obj.sclust);
	fs->dirbuf[XE_FLAGS] = (BYTE)(1 | (n->n_obj.stat & 2));
	d.blk_ofs = n->n_first;
	return (fat_errno(ff_store_xdir(&d)));
}

/* All of a node's entry but its name, over the one of another name. */
int
fat_copyentry(struct fatnode *n, struct fatnode *dir, DWORD first, DWORD last)
{
	FATFS *fs = &n->n_fm->m_fs;
	BYTE saved[2 * ENTRY], *x = fs->dirbuf;
	FF_DIR d;
	int error;

	if ((error = fat_open(n->n_dir, n->n_first, n->n_last, &d)) != 0)
		return (error);
	memcpy(saved, ISEXFAT(fs) ? x : d.dir, ISEXFAT(fs) ? 2 * ENTRY : ENTRY);
	if ((error = fat_open(dir, first, last, &d)) != 0)
		return (error);
	if (!ISEXFAT(fs)) {
		d.dir[DE_ATTR] = saved[DE_ATTR];
		memcpy(d.dir + DE_CREATED_CENT, saved + DE_CREATED_CENT,
		    ENTRY - DE_CREATED_CENT);
		fs->wflag = 1;
		return (0);
	}
	/* Not how many entries, nor the name's length and hash. */
	memcpy(x + XE_ATTR, saved + XE_ATTR, ENTRY - XE_ATTR);
	x[XE_FLAGS] = saved[XE_FLAGS];
	memcpy(x + XE_VALIDSIZE, saved + XE_VALIDSIZE,
	    2 * ENTRY - XE_VALIDSIZE);
	d.blk_ofs = first;
	return (fat_errno(ff_store_xdir(&d)));
}
