/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_cluster.c: reading several blocks at once.
 *
 * Blocks that lie side by side on the device are read in one transfer into one
 * piece of memory (a cluster), which their buffers then share.  The transfer is
 * a buffer of its own, without a block; the blocks' buffers hang on b_chain and
 * are busy until it is done.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include "vfs_buf.h"

/* The transfer of a cluster is over: each block is done, for whoever waits. */
static void
cluster_done(struct buf *parent)
{
	struct buf *bp, *next;
	size_t good = parent->b_bcount - parent->b_resid;

	for (bp = parent->b_chain; bp != NULL; bp = next) {
		next = bp->b_chain;
		bp->b_chain = NULL;
		if ((parent->b_flags & B_ERROR) || good < (size_t)bp->b_bcount) {
			/* Alone, the block may be readable: forget it here. */
			bp->b_flags |= B_ERROR;
			bp->b_error = parent->b_error;
			good = 0;
		} else {
			good -= bp->b_bcount;
		}
		biodone(bp);
	}
	parent->b_flags |= B_INVAL;
	brelse(parent);
}

/* The transfer of n blocks, the first of which is first. */
struct buf *
buf_cluster(struct vnode *devvp, struct buf *first, int n)
{
	struct buf *parent = buf_new();

	bgetvp(devvp, parent);
	bufcluster_share(first->b_cluster, parent);
	parent->b_data = first->b_data;
	parent->b_bufsize = parent->b_bcount = n * first->b_bcount;
	parent->b_lblkno = parent->b_blkno = first->b_blkno;
	parent->b_chain = first;
	parent->b_iodone = cluster_done;
	parent->b_flags |= B_CALL;
	return (parent);
}

/* Enters n blocks from blkno on, busy, into one new cluster. */
static struct buf *
cluster_enter(struct vnode *vp, daddr_t blkno, int size, int n)
{
	struct bufcluster *bc;
	struct buf *first = NULL, **link = &first, *bp;
	int i;

	bc = bufcluster_alloc((size_t)n * size);
	for (i = 0; i < n; i++) {
		bp = buf_new();
		buf_enter(bp, vp, blkno + i);
		bufcluster_attach(bc, bp, (size_t)i * size, size);
		bp->b_flags |= B_READ;
		if (i > 0)
			bp->b_flags |= B_ASYNC;
		*link = bp;
		link = &bp->b_chain;
	}
	return (first);
}

/*
 * How many blocks from blkno on, n at most, are side by side.  A file system
 * tells of a few at a time.
 */
int
bmap_run(struct vnode *vp, daddr_t blkno, int size, int n, daddr_t *dblk,
    struct vnode **devvp)
{
	daddr_t next;
	int have, run;

	if (VOP_BMAP(vp, blkno, devvp, dblk, &run) != 0 || *dblk == -1 ||
	    *devvp == vp)
		return (1);
	for (have = run + 1; have < n; have += run + 1)
		if (run == 0 ||
		    VOP_BMAP(vp, blkno + have, NULL, &next, &run) != 0 ||
		    next != *dblk + have * (int)btodb(size))
			break;
	return (MIN(n, have));
}

/* The same, of those that are not cached. */
static int
cluster_run(struct vnode *vp, daddr_t blkno, int size, int n, daddr_t *dblk,
    struct vnode **devvp)
{
	int i;

	n = MIN(n, (int)buf_transfer / size);
	if (n < 2)
		return (1);
	n = bmap_run(vp, blkno, size, n, dblk, devvp);
	for (i = 1; i < n; i++)
		if (incore(vp, blkno + i) != NULL)
			break;
	return (i);
}

/* Starts reading blocks blkno .. blkno + n - 1; first waits, the rest do not. */
static struct buf *
cluster_start(struct vnode *vp, struct vnode *devvp, daddr_t blkno,
    daddr_t dblk, int size, int n, int async)
{
	struct buf *first, *bp, *parent;

	first = cluster_enter(vp, blkno, size, n);
	if (async)
		first->b_flags |= B_ASYNC;
	for (bp = first; bp != NULL; bp = bp->b_chain)
		bp->b_blkno = dblk + (bp->b_lblkno - blkno) * (int)btodb(size);
	parent = buf_cluster(devvp, first, n);
	bio_startread(parent, 0);
	return (first);
}

/*
 * Half of what one transfer reads is left to be used, or less: starts the next.
 * Looks for its first block only where the last transfer must have ended.
 */
static void
cluster_ahead(struct vnode *vp, daddr_t blkno, int size)
{
	int most = (int)buf_transfer / size, i, n;
	struct vnode *devvp;
	daddr_t dblk;

	if (most < 4 || incore(vp, blkno + most / 2) != NULL)
		return;
	for (i = 1; i < most / 2; i++)
		if (incore(vp, blkno + i) == NULL)
			break;
	blkno += i;
	n = cluster_run(vp, blkno, size, most, &dblk, &devvp);
	if (n < 2)
		return;		/* it will be read when it is wanted */
	buf_makeroom((size_t)n * size);
	n = cluster_run(vp, blkno, size, n, &dblk, &devvp);
	if (n >= 2 && incore(vp, blkno) == NULL)
		(void)cluster_start(vp, devvp, blkno, dblk, size, n, 1);
}

/*
 * Reads a block, and with it up to nblocks - 1 behind it.  When the block is
 * there already, what comes behind is read ahead.
 */
int
cluster_readn(struct vnode *vp, daddr_t blkno, int size, int nblocks,
    struct buf **bpp)
{
	struct vnode *devvp;
	struct buf *bp;
	daddr_t dblk;
	int n;

	if ((bp = incore(vp, blkno)) == NULL) {
		buf_makeroom((size_t)nblocks * size);
		n = cluster_run(vp, blkno, size, nblocks, &dblk, &devvp);
		if (n >= 2 && incore(vp, blkno) == NULL) {
			bp = cluster_start(vp, devvp, blkno, dblk, size, n, 0);
			(void)biowait(bp);
			if ((bp->b_flags & B_ERROR) == 0) {
				*bpp = bp;
				return (0);
			}
			/* One block of many is bad: is it this one? */
			bp->b_flags &= ~B_ERROR;
			bio_startread(bp, 0);
			*bpp = bp;
			return (biowait(bp));
		}
	}
	if (bp != NULL && nblocks >= (int)buf_transfer / size / 2)
		cluster_ahead(vp, blkno, size);
	return (bread(vp, blkno, size, NOCRED, bpp));
}

/*
 * For drivers that leave read-ahead to us: doubles it while a file is read block
 * after block, up to (int)buf_transfer bytes.
 */
int
cluster_read(struct vnode *vp, struct cluster_info *ci, u_quad_t filesize,
    daddr_t blkno, long size, struct ucred *cred, struct buf **bpp)
{
	int64_t left;
	int n;

	if (blkno == 0 || ci->ci_lastr + 1 == blkno)
		ci->ci_ralen = MIN(MAX(1, ci->ci_ralen * 2),
		    (int)((int)buf_transfer / size));
	else
		ci->ci_ralen = 0;
	left = (int64_t)(filesize / (u_quad_t)size) - blkno;
	n = (int)MIN(ci->ci_ralen + 1, left);
	if (n < 2)
		return (bread(vp, blkno, (int)size, cred, bpp));
	return (cluster_readn(vp, blkno, (int)size, n, bpp));
}
