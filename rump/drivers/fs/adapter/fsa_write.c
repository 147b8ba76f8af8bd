/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_write.c: writing files, and changing their length.
 *
 * What is in a block behind the end of its file is nobody's: it is never shown, and
 * it becomes zeroes when the file grows over it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include "fsa_private.h"

/* Bytes at a time for libraries that move them themselves. */
#define	BOUNCE	(64 * 1024)

static void
set_size(struct vnode *vp, u_quad_t size)
{
	struct fsa_node *fn = VTOF(vp);

	fn->fn_attr.va_size = size;
	fn->fn_dirty |= FSA_SIZE;
	uvm_vnp_setsize(vp, (off_t)size);
}

/*
 * Where block lblk is, allocated if it must be; behind the end of the file with
 * want - 1 more at best.  *isnew: what the disk has there is not the file's.  Within
 * the file a block counts as its own as soon as it is allocated, so that one is
 * allocated only when it is written.
 */
static int
map_for_write(struct fsa_node *fn, daddr_t lblk, int want, daddr_t *dblk,
    int *isnew)
{
	struct fsa_mount *fm = fn->fn_mount;
	daddr_t end = BLOCKS(fm, fn->fn_attr.va_size);
	int error, run;

	*isnew = lblk >= end;
	if (!*isnew && (fm->fm_flags & FSA_NOHOLES) == 0) {
		error = fsa_map(fn, lblk, want, 0, dblk, &run);
		if (error != 0 || *dblk != -1)
			return (error);
		*isnew = 1;
		want = 1;
	}
	error = fsa_map(fn, lblk, want, 1, dblk, &run);
	if (error == 0 && *dblk == -1)
		error = EIO;
	return (error);
}

/*
 * The busy buffer of block lblk, for writing n bytes of it.  The rest of it is the
 * file's, or zero.
 */
static int
get_for_write(struct vnode *vp, daddr_t lblk, size_t n, int want, int *isnew,
    struct buf **bpp)
{
	struct fsa_node *fn = VTOF(vp);
	u_int bsize = fn->fn_mount->fm_bsize;
	struct buf *bp;
	daddr_t dblk;
	int error;

	if ((error = map_for_write(fn, lblk, want, &dblk, isnew)) != 0)
		return (error);
	if (!*isnew && n < bsize) {
		error = bread(vp, lblk, (int)bsize, NOCRED, &bp);
		if (error != 0) {
			brelse(bp);
			return (error);
		}
	} else {
		bp = getblk(vp, lblk, (int)bsize, 0, 0);
		if (n < bsize && (bp->b_flags & B_DELWRI) == 0)
			clrbuf(bp);
	}
	bp->b_blkno = dblk;
	*bpp = bp;
	return (0);
}

/* A buffer that was written to goes to the disk sooner or later. */
static int
put_written(struct vnode *vp, struct buf *bp, int isfull, int ioflag)
{
	struct fsa_node *fn = VTOF(vp);

	/* Its place would look like no place: it goes now (fsa_map.c). */
	if ((ioflag & IO_SYNC) || bp->b_blkno == bp->b_lblkno)
		return (bwrite(bp));
	if (isfull)
		cluster_write(bp, &fn->fn_cluster, fn->fn_attr.va_size);
	else
		bdwrite(bp);
	return (0);
}

/* Writes zeroes over bytes from to to of a file, which grows. */
static int
write_zeroes(struct vnode *vp, u_quad_t from, u_quad_t to)
{
	struct fsa_node *fn = VTOF(vp);
	u_int bsize = fn->fn_mount->fm_bsize, on;
	struct buf *bp;
	size_t n;
	int error = 0, isnew, want;

	while (error == 0 && from < to) {
		on = (u_int)(from & (bsize - 1));
		n = (size_t)MIN(bsize - on, to - from);
		want = (int)MIN(howmany(to - from + on, (u_quad_t)bsize), INT_MAX);
		error = get_for_write(vp, (daddr_t)(from / bsize), n, want,
		    &isnew, &bp);
		if (error != 0)
			break;
		memset(bp->b_data + on, 0, n);
		from += n;
		set_size(vp, MAX(from, fn->fn_attr.va_size));
		error = put_written(vp, bp, on + n == bsize, 0);
	}
	return (error);
}

/* What was allocated but never written is written now, as zeroes. */
static int
make_valid(struct vnode *vp)
{
	struct fsa_node *fn = VTOF(vp);
	int error = 0;

	if (fn->fn_valid < fn->fn_attr.va_size)
		error = write_zeroes(vp, fn->fn_valid, fn->fn_attr.va_size);
	if (error == 0)
		fn->fn_valid = FSA_ALLVALID;
	return (error);
}

/* Cuts a file; what is behind size is gone. */
static int
shrink(struct vnode *vp, u_quad_t size)
{
	struct fsa_node *fn = VTOF(vp);
	struct fsa_mount *fm = fn->fn_mount;
	daddr_t from = BLOCKS(fm, size);
	int error;

	fsa_dropbufs(vp, from);
	fsa_lock(fm);
	fsa_unmap(fn, from);
	error = fm->fm_ops->fo_truncate(fn, size);
	fsa_unlock(fm);
	if (error == 0)
		set_size(vp, size);
	if (error == 0 && size <= fn->fn_valid)
		fn->fn_valid = FSA_ALLVALID;
	return (error);
}

/* Writing zeroes until the volume is full, only to free it all again, is slow. */
static int
room_check(struct fsa_mount *fm, u_quad_t bytes)
{
	struct statfs sb;
	int error;

	fsa_lock(fm);
	error = fm->fm_ops->fo_statfs(fm, &sb);
	fsa_unlock(fm);
	if (error == 0 && bytes / (u_quad_t)sb.f_bsize > sb.f_bfree)
		error = ENOSPC;
	return (error);
}

static int
grow(struct vnode *vp, u_quad_t size)
{
	struct fsa_node *fn = VTOF(vp);
	struct fsa_mount *fm = fn->fn_mount;
	u_quad_t old = fn->fn_attr.va_size, to = size;
	int error;

	if (size > fm->fm_maxsize)
		return (EFBIG);
	if ((error = make_valid(vp)) != 0)
		return (error);
	if ((fm->fm_flags & FSA_NOHOLES) == 0)
		to = MIN(size, roundup(old, (u_quad_t)fm->fm_bsize));
	if (fn->fn_nomap)
		to = old;		/* fo_read gives zeroes */
	if (to - old > fm->fm_bsize && (error = room_check(fm, to - old)) != 0)
		return (error);
	error = write_zeroes(vp, old, to);
	if (error != 0) {
		(void)shrink(vp, old);
		return (error);
	}
	set_size(vp, size);
	return (0);
}

/* Gives a file its length.  Caller has the vnode locked. */
int
fsa_truncate(struct vnode *vp, u_quad_t size)
{
	u_quad_t old = VTOF(vp)->fn_attr.va_size;

	if (size == old)
		return (0);
	return (size < old ? shrink(vp, size) : grow(vp, size));
}

static int
write_blocks(struct vnode *vp, struct uio *uio, int ioflag)
{
	struct fsa_node *fn = VTOF(vp);
	u_int bsize = fn->fn_mount->fm_bsize, moved, on;
	struct buf *bp;
	size_t n;
	int error = 0, fresh, isnew, werror;

	while (error == 0 && uio->uio_resid > 0) {
		on = (u_int)uio->uio_offset & (bsize - 1);
		n = MIN(bsize - on, uio->uio_resid);
		error = get_for_write(vp, (daddr_t)(uio->uio_offset / bsize),
		    n, (int)MIN(howmany(uio->uio_resid + on, bsize), INT_MAX),
		    &isnew, &bp);
		if (error != 0)
			break;
		fresh = n == bsize && (bp->b_flags & (B_DONE | B_DELWRI)) == 0;
		error = uiomove(bp->b_data + on, (int)n, uio);
		if (error != 0 && fresh && !isnew) {
			/* Half of it is nobody's: it was not read. */
			bp->b_flags |= B_INVAL;
			brelse(bp);
			break;
		}
		if (error != 0 && fresh) {
			moved = (u_int)uio->uio_offset & (bsize - 1);
			memset(bp->b_data + moved, 0, bsize - moved);
		}
		if ((u_quad_t)uio->uio_offset > fn->fn_attr.va_size)
			set_size(vp, (u_quad_t)uio->uio_offset);
		werror = put_written(vp, bp, on + n == bsize, ioflag);
		if (error == 0)
			error = werror;
	}
	return (error);
}

static int
write_bounce(struct vnode *vp, struct uio *uio)
{
	struct fsa_node *fn = VTOF(vp);
	struct fsa_mount *fm = fn->fn_mount;
	size_t n, done;
	off_t at;
	char *buf;
	int error = 0;

	buf = malloc(BOUNCE, M_TEMP, M_WAITOK);
	while (error == 0 && uio->uio_resid > 0) {
		at = uio->uio_offset;
		n = MIN(BOUNCE, uio->uio_resid);
		if ((error = uiomove(buf, (int)n, uio)) != 0)
			break;
		done = 0;
		fsa_lock(fm);
		error = fm->fm_ops->fo_write(fn, at, buf, n, &done);
		fsa_unlock(fm);
		if (error == 0 && done < n)
			error = EIO;
		if ((u_quad_t)at + done > fn->fn_attr.va_size)
			set_size(vp, (u_quad_t)at + done);
	}
	free(buf, M_TEMP);
	return (error);
}

static int
write_data(struct vnode *vp, struct uio *uio, int ioflag)
{
	struct fsa_node *fn = VTOF(vp);
	int error;

	if ((error = make_valid(vp)) != 0)
		return (error);
	if ((u_quad_t)uio->uio_offset > fn->fn_attr.va_size &&
	    (error = grow(vp, (u_quad_t)uio->uio_offset)) != 0)
		return (error);
	return (fn->fn_nomap ? write_bounce(vp, uio) :
	    write_blocks(vp, uio, ioflag));
}

int
fsa_write(void *v)
{
	struct vop_write_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct uio *uio = ap->a_uio;
	struct fsa_node *fn = VTOF(vp);
	u_quad_t old = fn->fn_attr.va_size;
	size_t resid = uio->uio_resid;
	off_t start;
	int error;

	if (vp->v_type != VREG)
		return (vp->v_type == VDIR ? EISDIR : EINVAL);
	if (resid == 0)			/* the file's place stays too */
		return (0);
	if (ap->a_ioflag & IO_APPEND)
		uio->uio_offset = (off_t)old;
	if ((fn->fn_attr.va_flags & APPEND) && uio->uio_offset != (off_t)old)
		return (EPERM);
	if ((start = uio->uio_offset) < 0)
		return (EINVAL);
	if ((u_quad_t)start > fn->fn_mount->fm_maxsize ||
	    resid > fn->fn_mount->fm_maxsize - (u_quad_t)start)
		return (EFBIG);
	error = write_data(vp, uio, ap->a_ioflag);
	if (error != 0) {
		/* Blocks may have been allocated that nothing was written to. */
		(void)shrink(vp, ap->a_ioflag & IO_UNIT ? old :
		    fn->fn_attr.va_size);
		if (ap->a_ioflag & IO_UNIT) {
			uio->uio_offset = start;
			uio->uio_resid = resid;
		}
	}
	if (uio->uio_resid == resid)
		return (error);
	if (ap->a_cred != NOCRED && ap->a_cred->cr_uid != 0)
		fn->fn_attr.va_mode &= ~(S_ISUID | S_ISGID);
	fsa_touch(fn, 1);
	VN_KNOTE(vp, NOTE_WRITE |
	    (fn->fn_attr.va_size > old ? NOTE_EXTEND : 0));
	if (error == 0 && (ap->a_ioflag & IO_SYNC))
		error = VOP_FSYNC(vp, ap->a_cred, MNT_WAIT, curproc);
	return (error);
}
