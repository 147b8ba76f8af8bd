/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_chain.c: the clusters of a file or folder.
 *
 * A chain is followed once, as far as somebody wants to know, and remembered as
 * runs; so a place in a large file is found without following it from the start.
 * On a damaged disk chains leave the volume (EIO), or bite their tail: each step is
 * compared with a mark that moves on at powers of two (R. Brent, 1980).
 */
#include "fat.h"
#include <sys/malloc.h>

static DWORD
first_cluster(struct fatnode *n)
{
	FATFS *fs = &n->n_fm->m_fs;

	if (n->n_obj.sclust == 0 && n->n_dir == NULL && fs->fs_type >= FS_FAT32)
		return (fs->dirbase);
	return (n->n_obj.sclust);
}

static DWORD
last_cluster(struct fatnode *n)
{
	struct fatrun *r = &n->n_runs[n->n_nruns - 1];

	return (r->r_clust + r->r_len - 1);
}

static void
append(struct fatnode *n, DWORD clust)
{
	struct fatrun *r = n->n_nruns == 0 ? NULL : &n->n_runs[n->n_nruns - 1];

	if (r == NULL || r->r_clust + r->r_len != clust) {
		if (n->n_nruns == n->n_roomruns) {
			n->n_roomruns = MAX(2, n->n_roomruns * 2);
			n->n_runs = realloc(n->n_runs,
			    n->n_roomruns * sizeof(*r), M_VNODE, M_WAITOK);
		}
		r = &n->n_runs[n->n_nruns++];
		*r = (struct fatrun){ n->n_known, clust, 0 };
	}
	r->r_len++;
	n->n_known++;
}

/* One cluster further; n_complete if there is none. */
static int
follow(struct fatnode *n)
{
	FATFS *fs = &n->n_fm->m_fs;
	DWORD next;

	if (n->n_known == 0) {
		if ((next = first_cluster(n)) == 0) {
			n->n_complete = 1;
			return (0);
		}
		n->n_mark = 0;
		n->n_markat = 1;
	} else {
		next = ff_get_fat(&n->n_obj, last_cluster(n));
		if (next == 0xffffffff)
			return (EIO);
		if (next >= fs->n_fatent) {
			n->n_complete = 1;
			return (0);
		}
	}
	if (next < 2 || next >= fs->n_fatent || next == n->n_mark)
		return (EIO);
	append(n, next);
	if (n->n_known == n->n_markat) {
		n->n_mark = next;
		n->n_markat *= 2;
	}
	return (0);
}

static struct fatrun *
run_of(struct fatnode *n, DWORD index)
{
	int low = 0, high = n->n_nruns, mid;

	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (n->n_runs[mid].r_index <= index)
			low = mid;
		else
			high = mid;
	}
	return (&n->n_runs[low]);
}

/*
 * Cluster number index of the chain, and how many from it on are known to lie side
 * by side.  ENOENT if the chain ends before.
 */
int
fat_cluster(struct fatnode *n, DWORD index, DWORD *clust, DWORD *len)
{
	struct fatrun *r;
	int error;

	while (index >= n->n_known) {
		if (n->n_complete)
			return (ENOENT);
		if ((error = follow(n)) != 0)
			return (error);
	}
	r = run_of(n, index);
	*clust = r->r_clust + (index - r->r_index);
	*len = r->r_len - (index - r->r_index);
	return (0);
}

void
fat_forgetchain(struct fatnode *n)
{

	free(n->n_runs, M_VNODE);
	n->n_runs = NULL;
	n->n_nruns = n->n_roomruns = 0;
	n->n_known = 0;
	n->n_complete = 0;
}

/* The size of the object as the library wants to see it (exFAT, get_fat). */
static void
set_objsize(struct fatnode *n)
{

	n->n_obj.objsize = (FSIZE_t)n->n_known *
	    CLUSTER_BYTES(&n->n_fm->m_fs);
}

/*
 * Allocates count clusters behind the end of the chain, or as many as there are: at
 * least one, else ENOSPC.  The chain must have been followed to its end.
 */
int
fat_extend(struct fatnode *n, DWORD count)
{
	FATFS *fs = &n->n_fm->m_fs;
	DWORD clust, done;
	int error = 0;

	KASSERT(n->n_complete);
	for (done = 0; done < count; done++) {
		clust = ff_create_chain(&n->n_obj,
		    n->n_known == 0 ? 0 : last_cluster(n));
		if (clust == 0)
			error = ENOSPC;
		else if (clust < 2 || clust >= fs->n_fatent)
			error = EIO;
		if (error != 0)
			break;
		if (n->n_known == 0)
			n->n_obj.sclust = clust;
		append(n, clust);
		set_objsize(n);
	}
	if (done == 0)
		return (error);
	return (fat_errno(ff_settle_chain(&n->n_obj, last_cluster(n))));
}

/* FAT: a cluster that is a chain of its own goes behind the end of n's. */
int
fat_append(struct fatnode *n, DWORD clust)
{
	int error;

	KASSERT(n->n_complete && n->n_known != 0);
	error = fat_errno(ff_put_fat(&n->n_fm->m_fs, last_cluster(n), clust));
	if (error == 0)
		append(n, clust);
	return (error);
}

/* Folders' blocks are in the device's buffers and the library's window. */
static int
forget_buffers(struct fatnode *n, DWORD from)
{
	FATFS *fs = &n->n_fm->m_fs;
	DWORD i, clust, len;

	if (ff_sync_window(fs) != FR_OK)
		return (EIO);
	fs->winsect = 0xffffffff;
	for (i = from; fat_cluster(n, i, &clust, &len) == 0; i++)
		fsa_forget(n->n_fm->m_fsa,
		    (daddr_t)btodb((off_t)ff_clst2sect(fs, clust) * fs->ssize),
		    CLUSTER_BYTES(fs));
	return (0);
}

/*
 * exFAT leaves the links of freed clusters in the FAT.  After a power cut an entry may
 * be newer than the FAT: what it leads to there must not be what is another file's by
 * now.  So there are none, as in the other formats; if that fails, nothing is lost.
 */
static void
clear_links(struct fatnode *n, DWORD keep)
{
	struct fatrun *r;
	DWORD i;

	for (r = n->n_runs; r < n->n_runs + n->n_nruns; r++)
		for (i = 0; i < r->r_len; i++)
			if (r->r_index + i >= keep)
				(void)ff_put_fat(&n->n_fm->m_fs,
				    r->r_clust + i, 0);
}

/* Frees the chain but for its first keep clusters. */
int
fat_cut(struct fatnode *n, DWORD keep)
{
	FATFS *fs = &n->n_fm->m_fs;
	DWORD clust, before = 0, len;
	int error, haslinks = ISEXFAT(fs) && n->n_obj.stat == 0;

	if (n->n_index != NULL || (n->n_obj.attr & AM_DIR)) {
		if ((error = forget_buffers(n, keep)) != 0)
			return (error);
	}
	if (keep != 0 && (error = fat_cluster(n, keep - 1, &before, &len)) != 0)
		return (error == ENOENT ? 0 : error);
	if ((error = fat_cluster(n, keep, &clust, &len)) != 0)
		return (error == ENOENT ? 0 : error);
	n->n_fm->m_freed = n->n_fm->m_syncs;
	if (haslinks)			/* know all of it */
		(void)fat_cluster(n, fs->n_fatent, &(DWORD){ 0 }, &len);
	error = fat_errno(ff_remove_chain(&n->n_obj, clust, before));
	if (haslinks && error == 0) {
		clear_links(n, keep);
		/* The rest may lie side by side now: it keeps its links. */
		n->n_obj.stat = 0;
	}
	while (n->n_nruns > 0 && n->n_runs[n->n_nruns - 1].r_index >= keep)
		n->n_nruns--;
	if (n->n_nruns > 0)
		n->n_runs[n->n_nruns - 1].r_len =
		    keep - n->n_runs[n->n_nruns - 1].r_index;
	n->n_known = keep;
	n->n_complete = 1;
	n->n_mark = 0;
	n->n_markat = MAX(1, keep) * 2;
	if (keep == 0) {
		n->n_obj.sclust = 0;
		/* The next file may have the place: it was just written to. */
		if (clust > 2)
			fs->last_clst = clust - 1;
	}
	set_objsize(n);
	return (error);
}
