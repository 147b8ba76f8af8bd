/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_io.c: reading files, and bringing them to the disk.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/pool.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include "fsa_private.h"

/* Bytes at a time for libraries that move them themselves. */
#define	BOUNCE	(64 * 1024)

/* What was allocated but never written. */
static int
read_zeroes(struct uio *uio, u_quad_t left)
{
	static const char zeroes[PAGE_SIZE];
	size_t n;
	int error = 0;

	left = MIN(left, uio->uio_resid);
	while (error == 0 && left > 0) {
		n = (size_t)MIN(left, sizeof(zeroes));
		error = uiomove((void *)(uintptr_t)zeroes, (int)n, uio);
		left -= n;
	}
	return (error);
}

static int
read_blocks(struct vnode *vp, struct uio *uio)
{
	struct fsa_node *fn = VTOF(vp);
	u_int bsize = fn->fn_mount->fm_bsize, on;
	u_quad_t left;
	struct buf *bp;
	daddr_t lblk;
	size_t n;
	int error = 0;

	while (error == 0 && uio->uio_resid > 0 &&
	    (u_quad_t)uio->uio_offset < fn->fn_attr.va_size) {
		left = fn->fn_attr.va_size - (u_quad_t)uio->uio_offset;
		if ((u_quad_t)uio->uio_offset >= fn->fn_valid)
			return (read_zeroes(uio, left));
		left = MIN(left, fn->fn_valid - (u_quad_t)uio->uio_offset);
		on = (u_int)uio->uio_offset & (bsize - 1);
		n = MIN(bsize - on, uio->uio_resid);
		n = (size_t)MIN(n, left);
		lblk = (daddr_t)(uio->uio_offset / bsize);
		error = cluster_read(vp, &fn->fn_cluster, fn->fn_attr.va_size,
		    lblk, bsize, NOCRED, &bp);
		fn->fn_cluster.ci_lastr = lblk;	/* what it knows a sequence by */
		if (error == 0 && bp->b_resid != 0)
			error = EIO;
		if (error == 0)
			error = uiomove(bp->b_data + on, (int)n, uio);
		brelse(bp);
	}
	return (error);
}

static int
read_bounce(struct vnode *vp, struct uio *uio)
{
	struct fsa_node *fn = VTOF(vp);
	struct fsa_mount *fm = fn->fn_mount;
	size_t n, done;
	char *buf;
	int error = 0;

	buf = malloc(BOUNCE, M_TEMP, M_WAITOK);
	while (error == 0 && uio->uio_resid > 0 &&
	    (u_quad_t)uio->uio_offset < fn->fn_attr.va_size) {
		n = MIN(BOUNCE, uio->uio_resid);
		n = (size_t)MIN(n, fn->fn_attr.va_size -
		    (u_quad_t)uio->uio_offset);
		done = 0;
		fsa_lock(fm);
		error = fm->fm_ops->fo_read(fn, uio->uio_offset, buf, n, &done);
		fsa_unlock(fm);
		if (error == 0 && done == 0)
			error = EIO;
		if (done != 0 && uiomove(buf, (int)done, uio) != 0)
			error = EFAULT;
	}
	free(buf, M_TEMP);
	return (error);
}

int
fsa_read(void *v)
{
	struct vop_read_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fsa_node *fn = VTOF(vp);
	int error;

	if (vp->v_type == VDIR)
		return (EISDIR);
	if (vp->v_type != VREG)
		return (EINVAL);
	if (ap->a_uio->uio_offset < 0)
		return (EINVAL);
	if (ap->a_uio->uio_resid == 0)
		return (0);
	error = fn->fn_nomap ? read_bounce(vp, ap->a_uio) :
	    read_blocks(vp, ap->a_uio);
	if ((fn->fn_mount->fm_flags & FSA_NOATIME) == 0 &&
	    (vp->v_mount->mnt_flag & (MNT_NOATIME | MNT_RDONLY)) == 0) {
		getnanotime(&fn->fn_attr.va_atime);
		fn->fn_dirty |= FSA_TIMES;
	}
	return (error);
}

int
fsa_readlink(void *v)
{
	struct vop_readlink_args *ap = v;
	struct fsa_node *fn = VTOF(ap->a_vp);
	struct fsa_mount *fm = fn->fn_mount;
	size_t len = MAXPATHLEN;
	char *buf;
	int error;

	if (ap->a_vp->v_type != VLNK || fm->fm_ops->fo_readlink == NULL)
		return (EINVAL);
	buf = pool_get(&namei_pool, PR_WAITOK);
	fsa_lock(fm);
	error = fm->fm_ops->fo_readlink(fn, buf, &len);
	fsa_unlock(fm);
	if (error == 0)
		error = uiomove(buf, (int)MIN(len, MAXPATHLEN), ap->a_uio);
	pool_put(&namei_pool, buf);
	return (error);
}

/* A file's blocks to the disk, and its attributes to the device's buffers. */
int
fsa_fsync_node(struct vnode *vp, int waitfor, struct proc *p)
{
	struct fsa_node *fn = VTOF(vp);
	struct fsa_mount *fm = fn->fn_mount;
	int error, dirty;

	error = fsa_flushbufs(vp, waitfor == MNT_WAIT, p);
	if (fn->fn_dirty != 0 && !fm->fm_rdonly) {
		fsa_lock(fm);
		if ((dirty = fn->fn_dirty) != 0 && fn->fn_attr.va_nlink != 0) {
			dirty = fm->fm_ops->fo_store(fn);
			if (dirty == 0)
				fn->fn_dirty = 0;
			if (error == 0)
				error = dirty;
		}
		fsa_unlock(fm);
	}
	return (error);
}

/* What the library keeps, and the device's buffers, to the disk. */
int
fsa_fsync_device(struct fsa_mount *fm, int waitfor, struct proc *p)
{
	int error = 0, derror;

	if (fm->fm_ops->fo_sync != NULL && !fm->fm_rdonly) {
		fsa_lock(fm);
		error = fm->fm_ops->fo_sync(fm);
		fsa_unlock(fm);
	}
	(void)vn_lock(fm->fm_devvp, LK_EXCLUSIVE | LK_RETRY, p);
	derror = VOP_FSYNC(fm->fm_devvp, NOCRED, waitfor, p);
	VOP_UNLOCK(fm->fm_devvp, 0, p);
	return (error != 0 ? error : derror);
}

int
fsa_fsync(void *v)
{
	struct vop_fsync_args *ap = v;
	struct fsa_node *fn = VTOF(ap->a_vp);
	struct fsa_mount *fm;
	int error;

	if (fn == NULL)
		return (0);
	fm = fn->fn_mount;
	error = fsa_fsync_node(ap->a_vp, ap->a_waitfor, ap->a_p);
	/*
	 * A vnode that loses its file (vclean) brings only itself to safety; the
	 * rest of the file system is there still.
	 */
	if (error == 0 && ap->a_waitfor == MNT_WAIT && !fm->fm_rdonly &&
	    (ap->a_vp->v_flag & VXLOCK) == 0)
		error = fsa_fsync_device(fm, MNT_WAIT, ap->a_p);
	return (error);
}
