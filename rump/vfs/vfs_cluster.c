/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_cluster.c: the memory of buffers, and reading several blocks at once.
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

/*
 * Drivers parse what is on the disk and may look a little past the end of a
 * damaged record.  The slack behind a cluster's data makes that harmless; it is
 * zero, so that it says nothing.
 */
#define	SLACK	1024

struct bufcluster {
	int bc_refs;			/* buffers in it; virtual CPU */
	size_t bc_size;
	char bc_data[] __aligned(16);
};

size_t bufmem;

static struct bufcluster *
cluster_alloc(size_t size)
{
	struct bufcluster *bc;

	bc = malloc(sizeof(*bc) + size + SLACK, M_BUF, M_WAITOK);
	memset(bc->bc_data + size, 0, SLACK);
	bc->bc_refs = 0;
	bc->bc_size = size;
	bufmem += size;
	return (bc);
}

static void
cluster_attach(struct bufcluster *bc, struct buf *bp, size_t off, int size)
{

	bc->bc_refs++;
	bp->b_cluster = bc;
	bp->b_data = bc->bc_data + off;
	bp->b_bufsize = bp->b_bcount = size;
}

void
buf_freemem(struct buf *bp)
{
	struct bufcluster *bc = bp->b_cluster;

	bp->b_cluster = NULL;
	bp->b_data = NULL;
	bp->b_bufsize = bp->b_bcount = 0;
	if (bc != NULL && --bc->bc_refs == 0) {
		bufmem -= bc->bc_size;
		free(bc, M_BUF);
	}
}

/*
 * Gives a busy buffer size bytes.  What it had stays as far as it fits; valid
 * contents that grow are no longer the whole block, and are read again.
 */
int
allocbuf(struct buf *bp, int size)
{
	struct bufcluster *bc;
	struct buf old;

	if (size > bp->b_bcount && (bp->b_flags & B_DELWRI) == 0)
		bp->b_flags &= ~B_DONE;
	if (size <= bp->b_bufsize) {
		if (size > bp->b_bcount)
			memset(bp->b_data + bp->b_bcount, 0,
			    size - bp->b_bcount);
		bp->b_bcount = size;
		return (0);
	}
	old = *bp;
	bc = cluster_alloc(size);
	cluster_attach(bc, bp, 0, size);
	if (old.b_cluster != NULL) {
		memcpy(bp->b_data, old.b_data, old.b_bcount);
		memset(bp->b_data + old.b_bcount, 0, size - old.b_bcount);
		buf_freemem(&old);
	}
	return (0);
}

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

/* Enters n blocks from blkno on, busy, into one new cluster. */
static struct buf *
cluster_enter(struct vnode *vp, daddr_t blkno, int size, int n)
{
	struct bufcluster *bc;
	struct buf *first = NULL, **link = &first, *bp;
	int i;

	bc = cluster_alloc((size_t)n * size);
	for (i = 0; i < n; i++) {
		bp = buf_new();
		buf_enter(bp, vp, blkno + i);
		cluster_attach(bc, bp, (size_t)i * size, size);
		bp->b_flags |= B_READ;
		if (i > 0)
			bp->b_flags |= B_ASYNC;
		*link = bp;
		link = &bp->b_chain;
	}
	return (first);
}

/* How many blocks from blkno on, n at most, are side by side and not cached. */
static int
cluster_run(struct vnode *vp, daddr_t blkno, int size, int n, daddr_t *dblk,
    struct vnode **devvp)
{
	int run = 0, i;

	n = MIN(n, MAXPHYS / size);
	if (n < 2 || VOP_BMAP(vp, blkno, devvp, dblk, &run) != 0 ||
	    *dblk == -1 || *devvp == vp)
		return (1);
	n = MIN(n, run + 1);
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
	parent = buf_new();
	bgetvp(devvp, parent);
	cluster_attach(first->b_cluster, parent, 0, size);
	parent->b_bufsize = parent->b_bcount = (long)n * size;
	parent->b_lblkno = parent->b_blkno = dblk;
	parent->b_chain = first;
	parent->b_iodone = cluster_done;
	bio_startread(parent, B_CALL);
	return (first);
}

/*
 * Half of what one transfer reads is left to be used, or less: starts the next.
 * Looks for its first block only where the last transfer must have ended.
 */
static void
cluster_ahead(struct vnode *vp, daddr_t blkno, int size)
{
	int most = MAXPHYS / size, i, n;
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
	if (bp != NULL && nblocks >= MAXPHYS / size / 2)
		cluster_ahead(vp, blkno, size);
	return (bread(vp, blkno, size, NOCRED, bpp));
}

/*
 * For drivers that leave read-ahead to us: doubles it while a file is read block
 * after block, up to MAXPHYS bytes.
 */
int
cluster_read(struct vnode *vp, struct cluster_info *ci, u_quad_t filesize,
    daddr_t blkno, long size, struct ucred *cred, struct buf **bpp)
{
	int64_t left;
	int n;

	if (blkno == 0 || ci->ci_lastr + 1 == blkno)
		ci->ci_ralen = MIN(MAX(1, ci->ci_ralen * 2),
		    (int)(MAXPHYS / size));
	else
		ci->ci_ralen = 0;
	left = (int64_t)(filesize / (u_quad_t)size) - blkno;
	n = (int)MIN(ci->ci_ralen + 1, left);
	if (n < 2)
		return (bread(vp, blkno, (int)size, cred, bpp));
	return (cluster_readn(vp, blkno, (int)size, n, bpp));
}

/* Writes a file's block later: neighbours then go out in order of age. */
void
cluster_write(struct buf *bp, struct cluster_info *ci, u_quad_t filesize)
{

	(void)filesize;
	ci->ci_lastw = bp->b_lblkno;
	bdwrite(bp);
}
