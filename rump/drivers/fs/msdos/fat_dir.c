/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_dir.c: places in folders: going to one, reading, writing and erasing entries.
 */
#include "fat.h"

#define	DIR_MAX		0x200000U	/* bytes; exFAT: */
#define	XDIR_MAX	0x10000000U

/* The root of FAT12 and FAT16 has a place and size of its own. */
static int
isfixed(struct fatnode *dir)
{

	return (dir->n_dir == NULL && dir->n_fm->m_fs.fs_type < FS_FAT32);
}

/* Bytes that the folder has now. */
DWORD
fat_dirroom(struct fatnode *dir)
{
	FATFS *fs = &dir->n_fm->m_fs;
	DWORD max = ISEXFAT(fs) ? XDIR_MAX : DIR_MAX, clust, len;

	if (isfixed(dir))
		return ((DWORD)fs->n_rootdir * ENTRY);
	(void)fat_cluster(dir, max / CLUSTER_BYTES(fs), &clust, &len);
	return (MIN((u_int64_t)dir->n_known * CLUSTER_BYTES(fs), max));
}

/* Goes to byte ofs; ENOENT behind the end. */
int
fat_seek(struct fatnode *dir, DWORD ofs, FF_DIR *dp)
{
	FATFS *fs = &dir->n_fm->m_fs;
	DWORD bytes = CLUSTER_BYTES(fs), len;
	int error;

	memset(dp, 0, sizeof(*dp));
	dp->obj = dir->n_obj;
	dp->obj.attr = 0;
	dp->blk_ofs = FAT_NOBLOCK;
	dp->dptr = ofs;
	if (isfixed(dir)) {
		if (ofs / ENTRY >= fs->n_rootdir)
			return (ENOENT);
		dp->sect = fs->dirbase + ofs / fs->ssize;
	} else {
		if (ofs >= (ISEXFAT(fs) ? XDIR_MAX : DIR_MAX))
			return (ENOENT);
		error = fat_cluster(dir, ofs / bytes, &dp->clust, &len);
		if (error != 0)
			return (error);
		dp->sect = ff_clst2sect(fs, dp->clust) +
		    ofs % bytes / fs->ssize;
	}
	dp->dir = fs->win + ofs % fs->ssize;
	return (0);
}

/* Goes to a place and reads the sector. */
static int
seek_read(struct fatnode *dir, DWORD ofs, FF_DIR *dp)
{
	int error;

	if ((error = fat_seek(dir, ofs, dp)) != 0)
		return (error == ENOENT ? EIO : error);
	return (fat_errno(ff_move_window(&dir->n_fm->m_fs, dp->sect)));
}

/* Goes to an object's main entry and reads it (exFAT: the whole set). */
int
fat_open(struct fatnode *dir, DWORD first, DWORD last, FF_DIR *dp)
{
	FF_DIR set;
	int error;

	if (!ISEXFAT(&dir->n_fm->m_fs))
		return (seek_read(dir, last, dp));
	if ((error = seek_read(dir, first, dp)) != 0)
		return (error);
	dp->blk_ofs = first;
	set = *dp;
	return (fat_errno(ff_load_xdir(&set)));
}

/* The number of the entry that dp is at, of the whole device. */
u_int64_t
fat_loc(struct fatmount *m, const FF_DIR *dp)
{
	FATFS *fs = &m->m_fs;

	return ((u_int64_t)(dp->sect - fs->volbase) * (fs->ssize / ENTRY) +
	    dp->dptr % fs->ssize / ENTRY);
}

/*
 * Reads the next object from dp on, its name into the library's buffers.  dp is at
 * its last entry then; ENOENT if there is none.
 */
int
fat_readentry(FF_DIR *dp, DWORD *first, DWORD *last)
{
	FRESULT res;

	if ((res = ff_dir_read(dp)) != FR_OK)
		return (fat_errno(res));
	*last = dp->dptr;
	*first = dp->blk_ofs == FAT_NOBLOCK ? dp->dptr : dp->blk_ofs;
	return (0);
}

/*
 * Makes a new cluster one of empty entries.  What was in it is not read: the chain
 * has it by now, and must not have what a disk that fails to read would leave.
 */
int
fat_clear(struct fatmount *m, DWORD clust)
{
	FRESULT res;

	if ((res = ff_sync_window(&m->m_fs)) == FR_OK) {
		m->m_clearing = 1;
		res = ff_dir_clear(&m->m_fs, clust);
		m->m_clearing = 0;
	}
	return (fat_errno(res));
}

/*
 * A chain of its own first: the disk must not lead to it before it is empty.  Also for
 * the root of exFAT, of which nothing but the chain says how long it is.
 */
static int
grow_chain(struct fatnode *dir)
{
	FATFS *fs = &dir->n_fm->m_fs;
	struct fatnode end = {
		.n_fm = dir->n_fm,
		.n_obj = { .fs = fs, .attr = AM_DIR },
		.n_complete = 1,
	};
	int blank, error;

	if ((error = fat_extend(&end, 1)) != 0)
		return (error);
	blank = fat_isblank(dir->n_fm, end.n_obj.sclust);
	error = fat_clear(dir->n_fm, end.n_obj.sclust);
	if (error == 0 && ISEXFAT(fs))
		error = fat_errno(ff_put_fat(fs, end.n_obj.sclust, 0xffffffff));
	if (error == 0)
		error = fat_flushold(dir->n_fm, blank);
	if (error == 0)
		error = fat_append(dir, end.n_obj.sclust);
	if (error != 0)
		(void)fat_cut(&end, 0);
	fat_forgetchain(&end);
	return (error);
}

/*
 * The entry says how long it is, and whether its clusters lie side by side or are a
 * chain: that must be on the disk then, or all behind the first is lost.
 */
static int
grow_exfat(struct fatnode *dir, DWORD old)
{
	struct fatmount *m = dir->n_fm;
	FATFS *fs = &m->m_fs;
	BYTE stat = dir->n_obj.stat;
	DWORD clust, len;
	int blank, error;

	if ((error = fat_extend(dir, 1)) != 0 ||
	    (error = fat_cluster(dir, old / CLUSTER_BYTES(fs), &clust,
	    &len)) != 0)
		return (error);
	blank = fat_isblank(m, clust);
	if ((error = fat_clear(m, clust)) == 0)
		error = dir->n_obj.stat == stat ? fat_flushold(m, blank) :
		    fat_order(m);
	if (error == 0)
		error = fat_storedirsize(dir);
	return (error);
}

/* One more cluster of empty entries. */
int
fat_growdir(struct fatnode *dir)
{
	FATFS *fs = &dir->n_fm->m_fs;
	DWORD old, max = ISEXFAT(fs) ? XDIR_MAX : DIR_MAX;

	old = fat_dirroom(dir);
	if (isfixed(dir) || old + CLUSTER_BYTES(fs) > max)
		return (ENOSPC);
	if (!dir->n_complete)
		return (EIO);
	return (ISEXFAT(fs) && dir->n_dir != NULL ? grow_exfat(dir, old) :
	    grow_chain(dir));
}

/* A short name for a long one that nobody in dir has yet. */
static int
pick_short(struct fatnode *dir, struct fatname *name)
{
	BYTE sfn[12];
	UINT seq;
	int error;

	memcpy(sfn, name->fn_short, sizeof(sfn));
	for (seq = 1; seq < 1000; seq++) {
		ff_gen_numname(name->fn_short, sfn, name->fn_long, seq);
		if ((error = fat_shortfree(dir, name->fn_short)) == 0)
			return (0);
		if (error != EEXIST)
			return (error);
	}
	return (ENOSPC);
}

/*
 * Behind the last entry there is a free one that says so, or the folder's end: also
 * where something else was left there.
 */
static int
put_end(struct fatnode *dir, DWORD ofs)
{
	FATFS *fs = &dir->n_fm->m_fs;
	FF_DIR d;
	int error;

	if ((error = fat_seek(dir, ofs, &d)) != 0)
		return (error == ENOENT ? 0 : error);
	if ((error = fat_errno(ff_move_window(fs, d.sect))) != 0)
		return (error);
	if (d.dir[0] != 0) {
		d.dir[0] = 0;
		fs->wflag = 1;
	}
	return (0);
}

static int
put_long(struct fatnode *dir, struct fatname *name, DWORD ofs, u_int count)
{
	FATFS *fs = &dir->n_fm->m_fs;
	BYTE sum = ff_sum_sfn(name->fn_short);
	FF_DIR d;
	int error;

	for (; count > 0; count--, ofs += ENTRY) {
		if ((error = seek_read(dir, ofs, &d)) != 0)
			return (error);
		ff_put_lfn(name->fn_long, d.dir, (BYTE)count, sum);
		fs->wflag = 1;
	}
	return (0);
}

/* The main entry of a new name, empty but for it; the window stays there. */
static int
put_short(struct fatnode *dir, struct fatname *name, DWORD ofs)
{
	FATFS *fs = &dir->n_fm->m_fs;
	FF_DIR d;
	int error;

	if ((error = seek_read(dir, ofs, &d)) != 0)
		return (error);
	memset(d.dir, 0, ENTRY);
	memcpy(d.dir, name->fn_short, 11);
	d.dir[DE_CASE] = name->fn_short[NS_AT] & FAT_NS_CASE;
	fs->wflag = 1;
	return (0);
}

static int
put_set(struct fatnode *dir, struct fatname *name, DWORD ofs)
{
	FATFS *fs = &dir->n_fm->m_fs;
	FF_DIR d;
	int error;

	/* An entry that fat_slot passed over must not say that here is the end. */
	if (ofs != 0) {
		if ((error = seek_read(dir, ofs - ENTRY, &d)) != 0)
			return (error);
		if (d.dir[0] == 0) {
			d.dir[0] = (BYTE)(XE_FILE & ~XE_INUSE);
			fs->wflag = 1;
		}
	}
	if ((error = fat_seek(dir, ofs, &d)) != 0)
		return (error);
	d.blk_ofs = ofs;
	ff_create_xdir(fs->dirbuf, name->fn_long);
	fs->dirbuf[XE_FLAGS] = 1;
	return (fat_errno(ff_store_xdir(&d)));
}

/*
 * Enters a name that is free; the rest of its entry is empty and to be filled
 * (fat_entry.c) under the same hold of the lock.
 */
int
fat_register(struct fatnode *dir, struct fatname *name, DWORD *first,
    DWORD *last)
{
	FATFS *fs = &dir->n_fm->m_fs;
	u_int chars, count;
	DWORD slot;
	int error, isend;

	for (chars = 0; name->fn_long[chars] != 0; chars++)
		continue;
	if (ISEXFAT(fs)) {
		count = (chars + 14) / 15 + 2;
	} else {
		if ((name->fn_short[NS_AT] & FAT_NS_LOSS) &&
		    (error = pick_short(dir, name)) != 0)
			return (error);
		count = name->fn_short[NS_AT] & FAT_NS_LFN ?
		    (chars + 12) / 13 + 1 : 1;
	}
	if ((error = fat_slot(dir, count, &slot, &isend)) != 0)
		return (error);
	*first = slot * ENTRY;
	*last = (slot + count - 1) * ENTRY;
	if (ISEXFAT(fs)) {
		error = put_set(dir, name, *first);
	} else {
		error = put_long(dir, name, *first, count - 1);
		if (error == 0)
			error = put_short(dir, name, *last);
	}
	if (error == 0)
		error = fat_indexnames(dir, *first, *last, 1);
	if (error == 0 && isend)
		error = put_end(dir, *last + ENTRY);
	return (error);
}

/* Takes an object's entries away. */
int
fat_erase(struct fatnode *dir, DWORD first, DWORD last)
{
	FATFS *fs = &dir->n_fm->m_fs;
	FF_DIR d;
	DWORD ofs;
	int error;

	if ((error = fat_indexnames(dir, first, last, 0)) != 0)
		return (error);
	for (ofs = first; ofs <= last; ofs += ENTRY) {
		if ((error = seek_read(dir, ofs, &d)) != 0)
			return (error);
		if (ISEXFAT(fs))
			d.dir[0] &= (BYTE)~XE_INUSE;
		else
			d.dir[0] = DE_FREE;
		fs->wflag = 1;
	}
	return (0);
}
