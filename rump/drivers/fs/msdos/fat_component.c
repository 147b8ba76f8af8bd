/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fat_component.c: what the adapter asks of one file, and the type "msdos".
 */
#include "fat.h"
#include <rump/rumpdefs.h>
#include <rump-sys/component.h>
#include <sys/stat.h>

static int
fat_load(struct fsa_node *fn, const struct fsa_found *found)
{
	struct fatmount *m = MTOFAT(fn->fn_mount);
	struct fatnode *n;
	int error;

	n = (struct fatnode *)(uintptr_t)found->ff_where[0];
	if (n == NULL && found->ff_id == fn->fn_mount->fm_rootid)
		n = m->m_root;
	if (n == NULL)			/* numbers say no places */
		return (EOPNOTSUPP);
	fat_hold(n);
	if ((error = fat_loadattr(n, &fn->fn_attr)) != 0) {
		fat_release(n);
		return (error);
	}
	fn->fn_data = n;
	fn->fn_valid = n->n_valid;
	return (0);
}

static int
fat_store(struct fsa_node *fn)
{

	NTOFAT(fn)->n_valid = fn->fn_valid;
	return (fat_storeattr(NTOFAT(fn), &fn->fn_attr));
}

static void
fat_unload(struct fsa_node *fn)
{

	fat_release(NTOFAT(fn));
	fn->fn_data = NULL;
}

/* A folder's name is gone from the disk before a file gets its clusters. */
static int
fat_free(struct fsa_node *fn)
{
	struct fatnode *n = NTOFAT(fn);
	int error = 0;

	if (n->n_obj.attr & AM_DIR)
		error = fat_order(n->n_fm);
	return (error != 0 ? error : fat_cut(n, 0));
}

/* Owners are the mount's, and modes and times only what fits. */
static int
fat_setattr(struct fsa_node *fn, struct vattr *va)
{
	struct fatmount *m = MTOFAT(fn->fn_mount);

	if ((va->va_uid != (uid_t)VNOVAL && va->va_uid != m->m_uid) ||
	    (va->va_gid != (gid_t)VNOVAL && va->va_gid != m->m_gid))
		return (EPERM);
	if (va->va_flags != (u_long)VNOVAL && (va->va_flags & ~SF_ARCHIVED))
		return (EOPNOTSUPP);
	if (va->va_mode != (mode_t)VNOVAL) {
		fat_setmode(NTOFAT(fn), va->va_mode);
		va->va_mode = fat_mode(NTOFAT(fn));
	}
	if (va->va_atime.tv_sec != VNOVAL)
		fat_stored(m, &va->va_atime, 1);
	if (va->va_mtime.tv_sec != VNOVAL)
		fat_stored(m, &va->va_mtime, 0);
	return (0);
}

/*
 * With exFAT a file's entry says which clusters it has: it must not still say so on
 * the disk when another file that has them now is there for sure.
 */
static int
fat_truncate(struct fsa_node *fn, u_quad_t size)
{
	FATFS *fs = &MTOFAT(fn->fn_mount)->m_fs;
	u_quad_t bytes = CLUSTER_BYTES(fs);
	struct vattr va;
	int error;

	error = fat_cut(NTOFAT(fn), (DWORD)howmany(size, bytes));
	fn->fn_attr.va_bytes = roundup(size, bytes);
	fn->fn_dirty |= FSA_SIZE;
	if (error == 0 && ISEXFAT(fs)) {
		va = fn->fn_attr;
		va.va_size = size;
		NTOFAT(fn)->n_valid = fn->fn_valid;
		(void)fat_storeattr(NTOFAT(fn), &va);	/* fo_store will, too */
	}
	return (error);
}

/* Extends the chain up to cluster index + count - 1 at best. */
static int
extend_to(struct fsa_node *fn, DWORD index, DWORD count)
{
	struct fatnode *n = NTOFAT(fn);
	FATFS *fs = &n->n_fm->m_fs;
	int error;

	error = fat_extend(n, index - n->n_known + count);
	fn->fn_attr.va_bytes = (u_quad_t)n->n_known * CLUSTER_BYTES(fs);
	fn->fn_dirty |= FSA_SIZE;
	return (error == 0 && index >= n->n_known ? ENOSPC : error);
}

static int
fat_bmap(struct fsa_node *fn, daddr_t lblk, int want, int alloc, daddr_t *dblk,
    int *run)
{
	struct fatnode *n = NTOFAT(fn);
	FATFS *fs = &n->n_fm->m_fs;
	DWORD per = CLUSTER_BYTES(fs) / fn->fn_mount->fm_bsize;
	DWORD index = (DWORD)lblk / per, rest = (DWORD)lblk % per, clust, len;
	u_int64_t blocks;
	int error;

	error = fat_cluster(n, index, &clust, &len);
	if (error == ENOENT && alloc) {
		error = extend_to(fn, index, (DWORD)howmany((u_int)want + rest,
		    per));
		if (error == 0)
			error = fat_cluster(n, index, &clust, &len);
	} else if (error == 0 && len * (u_int64_t)per < (u_int)want + rest) {
		/* More of the chain may lie right behind. */
		(void)fat_cluster(n, index + (DWORD)howmany((u_int)want + rest,
		    per) - 1, &clust, &len);
		error = fat_cluster(n, index, &clust, &len);
	}
	if (error != 0)			/* shorter than the file is said to be */
		return (error == ENOENT ? EIO : error);
	*dblk = (daddr_t)btodb((u_int64_t)ff_clst2sect(fs, clust) * fs->ssize +
	    (u_int64_t)rest * fn->fn_mount->fm_bsize);
	blocks = (u_int64_t)len * per - rest;
	*run = (int)MIN(blocks, INT_MAX);
	return (0);
}

static int
isempty(struct fsa_node *dir)
{

	return (fat_isempty(NTOFAT(dir)));
}

static const struct fsa_ops fat_ops = {
	.fo_mount = fat_mount,
	.fo_unmount = fat_unmount,
	.fo_remount = fat_remount,
	.fo_statfs = fat_statfs,
	.fo_sync = fat_sync,
	.fo_load = fat_load,
	.fo_store = fat_store,
	.fo_unload = fat_unload,
	.fo_free = fat_free,
	.fo_setattr = fat_setattr,
	.fo_truncate = fat_truncate,
	.fo_bmap = fat_bmap,
	.fo_lookup = fat_lookup,
	.fo_create = fat_create,
	.fo_unlink = fat_unlink,
	.fo_rename = fat_rename,
	.fo_readdir = fat_readdir,
	.fo_isempty = isempty,
	.fo_isoutside = fat_isoutside,
};

static struct fsa_type fat_type = {
	.ft_vfc = { .vfc_name = "msdos" },
	.ft_ops = &fat_ops,
	.ft_argsize = sizeof(struct rump_msdosfs_args),
	.ft_tag = VT_MSDOSFS,
};

RUMP_COMPONENT(RUMP_COMPONENT_VFS)
{

	fsa_attach(&fat_type);
}
