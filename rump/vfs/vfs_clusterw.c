/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_clusterw.c: writing several blocks at once.
 *
 * A file that grows has its blocks side by side in memory (vfs_bufmem.c) and, if
 * the file system could do it, on the device: such a run goes out in one transfer,
 * without being copied together.  The transfer is a buffer of its own, without a
 * block; the blocks' buffers hang on b_chain, busy, until it is done.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include "vfs_buf.h"

/* The dirty buffer of this block, if it lies at dblk and at data, and is free. */
static struct buf *
neighbour(struct buf *of, daddr_t blkno, daddr_t dblk, caddr_t data)
{
	struct buf *bp;

	if (blkno < 0 || (bp = incore(of->b_vp, blkno)) == NULL)
		return (NULL);
	if ((bp->b_flags & (B_BUSY | B_DELWRI | B_LOCKED)) != B_DELWRI ||
	    bp->b_cluster != of->b_cluster || bp->b_data != data ||
	    bp->b_bcount != of->b_bcount || bp->b_blkno != dblk)
		return (NULL);
	return (bp);
}

/* Takes the neighbours of a busy buffer; tells how many there are with it. */
static int
gather(struct buf *bp, struct buf **firstp)
{
	int size = (int)bp->b_bcount, step = btodb(size), n = 1;
	int most = (int)buf_transfer / size;
	struct buf *first = bp, *last = bp, *one;

	while (n < most && (one = neighbour(bp, first->b_lblkno - 1,
	    first->b_blkno - step, first->b_data - size)) != NULL) {
		buf_take(one);
		one->b_chain = first;
		first = one;
		n++;
	}
	while (n < most && (one = neighbour(bp, last->b_lblkno + 1,
	    last->b_blkno + step, last->b_data + size)) != NULL) {
		buf_take(one);
		last->b_chain = one;
		last = one;
		n++;
	}
	*firstp = first;
	return (n);
}

/* Writes a busy buffer (B_ASYNC) with those beside it; 0 if it has none. */
int
cluster_writeout(struct buf *bp)
{
	struct vnode *vp = bp->b_vp, *devvp;
	struct buf *parent, *first, *part;
	int n;

	if (vp->v_type != VREG || (bp->b_flags & B_DELWRI) == 0 ||
	    bp->b_lblkno < 0 || bp->b_blkno == bp->b_lblkno ||
	    bp->b_blkno == -1 || bp->b_bcount % DEV_BSIZE != 0 ||
	    VOP_BMAP(vp, 0, &devvp, NULL, NULL) != 0 || devvp == vp)
		return (0);
	if ((n = gather(bp, &first)) == 1)
		return (0);
	for (part = first; part != NULL; part = part->b_chain) {
		part->b_flags |= B_ASYNC;
		buf_startwrite(part);
		if (LIST_FIRST(&part->b_dep) != NULL &&
		    bioops.io_start != NULL)
			bioops.io_start(part);
	}
	parent = buf_cluster(devvp, first, n);
	parent->b_flags |= B_ASYNC;
	devvp->v_numoutput++;
	VOP_STRATEGY(parent);
	return (1);
}

/*
 * Writes a file's block later, or now if it fills the memory that a growing file
 * gets at a time: so the device has something to do while the file grows.  What
 * the cache cannot keep anyway is the first to leave it: its memory is used again
 * while the processor still has it at hand.
 */
void
cluster_write(struct buf *bp, struct cluster_info *ci, u_quad_t filesize)
{

	if (filesize > bufmem_limit)
		bp->b_flags |= B_AGE;
	ci->ci_lastw = bp->b_lblkno;
	if (bufcluster_isfull(bp)) {
		buf_dirty(bp);
		bawrite(bp);
	} else {
		bdwrite(bp);
	}
}
