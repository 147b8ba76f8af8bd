/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_direct.c: reading past the buffer cache.
 *
 * A file that is larger than the cache, read from end to end, finds nothing in it
 * and pushes out all that others left there; its bytes are copied twice.  Runs of
 * its blocks that are not cached go straight to the reader's memory instead,
 * where the host says that it can put them there (RUMPUSER_DIRECT).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump/rumpuser.h>
#include <rump-sys/direct.h>
#include "vfs_buf.h"

#define	DIRECT_LEAST	(64 * 1024)
#define	DIRECT_MOST	(8 * 1024 * 1024)

/* How much the driver reads where the direct way is not open. */
#define	STEP		(64 * 1024)

static int
host_can(void)
{
	static int can = -1;		/* virtual CPU */
	char value[8];

	if (can < 0)
		can = rumpuser_getparam("RUMPUSER_DIRECT", value,
		    sizeof(value)) == 0 && value[0] == '1';
	return (can);
}

int
vn_wants_direct(const struct uio *uio, off_t filesize)
{

	return (filesize > 0 && (size_t)filesize > bufmem_limit &&
	    uio->uio_resid >= DIRECT_LEAST &&
	    uio->uio_segflg == UIO_USERSPACE && host_can());
}

/* How many blocks from lbn on, n at most, are not cached. */
static int
uncached(struct vnode *vp, daddr_t lbn, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (incore(vp, lbn + i) != NULL)
			break;
	return (i);
}

/* One transfer; an error is left to the driver to find again, and to tell. */
static int
transfer(struct vnode *devvp, daddr_t dblk, void *data, int bytes)
{
	struct buf *bp = buf_new();
	int error;

	bgetvp(devvp, bp);
	bp->b_lblkno = bp->b_blkno = dblk;
	bp->b_data = data;
	bp->b_bufsize = bp->b_bcount = bytes;
	bio_startread(bp, 0);
	error = biowait(bp);
	if (error == 0 && bp->b_resid != 0)
		error = EIO;
	bp->b_flags |= B_INVAL;
	brelse(bp);
	return (error);
}

/* Reads one run, if there is one where uio stands; says whether. */
static int
read_run(struct vnode *vp, struct uio *uio, off_t filesize, int bsize)
{
	struct iovec *iov = uio->uio_iov;
	daddr_t lbn = (daddr_t)(uio->uio_offset / bsize), dblk = -1;
	struct vnode *devvp;
	size_t bytes;
	int n;

	if (uio->uio_offset % bsize != 0 || uio->uio_offset >= filesize)
		return (0);
	bytes = MIN(iov->iov_len, MIN(uio->uio_resid, DIRECT_MOST));
	bytes = MIN(bytes, (size_t)(filesize - uio->uio_offset));
	n = uncached(vp, lbn, (int)bytes / bsize);
	if (n * bsize < DIRECT_LEAST)
		return (0);
	n = bmap_run(vp, lbn, bsize, n, &dblk, &devvp);
	bytes = (size_t)n * bsize;
	if (dblk == -1 || bytes < DIRECT_LEAST ||
	    transfer(devvp, dblk, iov->iov_base, (int)bytes) != 0)
		return (0);
	iov->iov_base = (char *)iov->iov_base + bytes;
	iov->iov_len -= bytes;
	uio->uio_resid -= bytes;
	uio->uio_offset += bytes;
	return (1);
}

int
vn_read_direct(struct vop_read_args *ap, off_t filesize, int bsize,
    int (*driver_read)(void *))
{
	struct uio *uio = ap->a_uio;
	size_t part, rest;
	int error;

	while (uio->uio_resid > 0) {
		if (uio->uio_iov->iov_len == 0) {
			uio->uio_iov++;
			uio->uio_iovcnt--;
			continue;
		}
		if (read_run(ap->a_vp, uio, filesize, bsize))
			continue;
		/* To the next place where a run may begin. */
		part = MIN(uio->uio_resid,
		    STEP - (size_t)uio->uio_offset % (size_t)bsize);
		rest = uio->uio_resid - part;
		uio->uio_resid = part;
		error = driver_read(ap);
		part = uio->uio_resid;
		uio->uio_resid += rest;
		if (error != 0 || part != 0)
			return (error);
	}
	return (0);
}
