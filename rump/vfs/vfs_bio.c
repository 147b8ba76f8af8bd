/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_bio.c: the buffer cache: blocks of vnodes in memory.
 *
 * A buffer is found by its vnode and logical block.  One lwp at a time has it
 * (B_BUSY); others wait.  Not busy it is on a free list, least recently used
 * first, and still holds its block.  Its memory is a piece of a cluster
 * (vfs_bufmem.c), which neighbours share.
 *
 * Soft updates hang what a write depends on, or what depends on it, on buffers
 * (b_dep).  They are told before a write starts, by who hands it to the device
 * (spec_strategy), and here when it is over; they may have taken back parts of
 * the data for the write, and then mark the buffer dirty again.
 *
 * Rules that drivers of the lineage count on: bread() hands back a busy buffer
 * even when it fails; biodone() is called once per transfer; a buffer marked
 * B_INVAL is forgotten when it is released.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/resourcevar.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include <rump-sys/syncer.h>
#include "vfs_buf.h"

/* One chain for each of the smallest usual blocks, when the cache is full. */
#define	BUFHASH_BYTES	2048
static LIST_HEAD(bufhead, buf) *bufhash;
static u_long bufhash_mask;
struct bufqueue bufqueue[2];	/* not busy: clean and dirty ones */
struct pool buf_pool;

struct bio_ops bioops;

/* b_vnlist */
#define	VNLIST_NONE	0
#define	VNLIST_CLEAN	1
#define	VNLIST_DIRTY	2

static struct bufhead *
bufhash_of(struct vnode *vp, daddr_t blkno)
{
	uintptr_t n = (uintptr_t)vp;

	return (&bufhash[((n >> 7) + (uint32_t)blkno) & bufhash_mask]);
}

void
bufinit(void)
{

	TAILQ_INIT(&bufqueue[BQ_CLEAN]);
	TAILQ_INIT(&bufqueue[BQ_DIRTY]);
	pool_init(&buf_pool, sizeof(struct buf), 0, 0, 0, "buf", NULL);
	bufclean_init();
	bufhash = hashinit((int)(bufmem_limit / BUFHASH_BYTES) + 1, M_TEMP,
	    M_WAITOK, &bufhash_mask);
}

/* Links a buffer to a vnode, which stays held meanwhile. */
void
bgetvp(struct vnode *vp, struct buf *bp)
{

	KASSERT(bp->b_vp == NULL);
	vhold(vp);
	bp->b_vp = vp;
	bp->b_dev = vp->v_type == VBLK || vp->v_type == VCHR ? vp->v_rdev :
	    NODEV;
	bp->b_vnlist = VNLIST_CLEAN;
	LIST_INSERT_HEAD(&vp->v_cleanblkhd, bp, b_vnbufs);
}

void
brelvp(struct buf *bp)
{

	if (bp->b_vp == NULL)
		return;
	if (bp->b_vnlist != VNLIST_NONE) {
		LIST_REMOVE(bp, b_vnbufs);
		bp->b_vnlist = VNLIST_NONE;
		if (LIST_EMPTY(&bp->b_vp->v_dirtyblkhd))
			vn_syncer_remove_from_worklist(bp->b_vp);
	}
	holdrele(bp->b_vp);
	bp->b_vp = NULL;
}

/* How long a vnode's data may stay in memory only, in seconds. */
static int
sync_delay(struct vnode *vp)
{

	if (vp->v_type == VDIR)
		return (15);
	if (vp->v_type == VBLK && vp->v_specmountpoint != NULL)
		return (10);
	return (30);
}

/* Moves a buffer to the list of its vnode that its state calls for. */
void
reassignbuf(struct buf *bp)
{
	struct vnode *vp = bp->b_vp;
	int want = bp->b_flags & B_DELWRI ? VNLIST_DIRTY : VNLIST_CLEAN;

	if (vp == NULL || bp->b_vnlist == want)
		return;
	LIST_REMOVE(bp, b_vnbufs);
	bp->b_vnlist = want;
	if (want == VNLIST_DIRTY) {
		LIST_INSERT_HEAD(&vp->v_dirtyblkhd, bp, b_vnbufs);
		if ((vp->v_bioflag & VBIOONSYNCLIST) == 0)
			vn_syncer_add_to_worklist(vp, sync_delay(vp));
		return;
	}
	LIST_INSERT_HEAD(&vp->v_cleanblkhd, bp, b_vnbufs);
	if (LIST_EMPTY(&vp->v_dirtyblkhd))
		vn_syncer_remove_from_worklist(vp);
}

void
vwakeup(struct vnode *vp)
{

	if (--vp->v_numoutput == 0 && (vp->v_bioflag & VBIOWAIT)) {
		vp->v_bioflag &= ~VBIOWAIT;
		wakeup(&vp->v_numoutput);
	}
}

int
vwaitforio(struct vnode *vp, int slpflag, const char *wmesg, int timo)
{
	int error = 0;

	while (error == 0 && vp->v_numoutput != 0) {
		vp->v_bioflag |= VBIOWAIT;
		error = tsleep(&vp->v_numoutput, slpflag | (PRIBIO + 1), wmesg,
		    timo);
	}
	return (error);
}

void
bremfree(struct buf *bp)
{

	TAILQ_REMOVE(&bufqueue[bp->b_queue], bp, b_freelist);
}

/* Takes a buffer that nobody has. */
void
buf_take(struct buf *bp)
{

	bremfree(bp);
	bp->b_flags |= B_BUSY;
	bp->b_proc = curproc;
}

/* Ends a buffer that is neither busy nor on a free list. */
void
buf_free(struct buf *bp)
{

	KASSERT((bp->b_flags & B_DELWRI) == 0);
	if (LIST_FIRST(&bp->b_dep) != NULL && bioops.io_deallocate != NULL)
		bioops.io_deallocate(bp);
	if (bp->b_hash.le_prev != NULL)
		LIST_REMOVE(bp, b_hash);
	brelvp(bp);
	buf_freemem(bp);
	pool_put(&buf_pool, bp);
}

/* A busy buffer that belongs to nothing and has no memory. */
struct buf *
buf_new(void)
{
	struct buf *bp;

	bp = pool_get(&buf_pool, PR_WAITOK | PR_ZERO);
	bp->b_flags = B_BUSY;
	bp->b_proc = curproc;
	bp->b_dev = NODEV;
	LIST_INIT(&bp->b_dep);
	return (bp);
}

static struct buf *
buf_find(struct vnode *vp, daddr_t blkno)
{
	struct buf *bp;

	LIST_FOREACH(bp, bufhash_of(vp, blkno), b_hash)
		if (bp->b_lblkno == blkno && bp->b_vp == vp &&
		    (bp->b_flags & B_INVAL) == 0)
			return (bp);
	return (NULL);
}

struct buf *
incore(struct vnode *vp, daddr_t blkno)
{

	return (buf_find(vp, blkno));
}

/* Names a buffer, which is busy, by vnode and block. */
void
buf_enter(struct buf *bp, struct vnode *vp, daddr_t blkno)
{

	bp->b_lblkno = bp->b_blkno = blkno;
	bgetvp(vp, bp);
	LIST_INSERT_HEAD(bufhash_of(vp, blkno), bp, b_hash);
}

/*
 * The buffer of a block, busy; its contents are valid if it has B_DONE or
 * B_DELWRI.  NULL only if slptimeo or slpflag ended a wait.
 */
struct buf *
getblk(struct vnode *vp, daddr_t blkno, int size, int slpflag, int slptimeo)
{
	struct buf *bp, *prev = NULL;

	KASSERT(size > 0 && size <= MAXBSIZE);
again:
	if ((bp = buf_find(vp, blkno)) != NULL) {
		if (bp->b_flags & B_BUSY) {
			/* A panic can be looked into; a wait for itself not. */
			if (bp->b_proc == curproc && (bp->b_flags & B_DONE))
				panic("getblk: block %d is the caller's own",
				    blkno);
			bp->b_flags |= B_WANTED;
			if (tsleep(bp, slpflag | (PRIBIO + 1), "getblk",
			    slptimeo) != 0)
				return (NULL);
			goto again;
		}
		buf_take(bp);
		bp->b_flags |= B_CACHE;
		if (bp->b_bcount != size)
			allocbuf(bp, size);
		return (bp);
	}
	buf_makeroom(size);
	bp = buf_new();
	/* Either may have slept, and another lwp entered the block. */
	if (buf_find(vp, blkno) != NULL) {
		buf_free(bp);
		goto again;
	}
	buf_enter(bp, vp, blkno);
	if (vp->v_type == VREG && blkno > 0)
		prev = buf_find(vp, blkno - 1);
	if (prev != NULL)
		buf_allocbehind(bp, prev, size);
	else
		(void)allocbuf(bp, size);
	return (bp);
}

/* A busy buffer of no block. */
struct buf *
geteblk(int size)
{
	struct buf *bp;

	bp = buf_new();
	bp->b_flags |= B_INVAL;
	allocbuf(bp, size);
	return (bp);
}

/*
 * What could not be written stays dirty, and is tried again: memory is the truth
 * until the disk has it.  What its writer waits for and is not on the disk yet
 * is forgotten, as he is told; metadata on the device is not even then, because
 * others are in the same block.  A file's data stay only while there is room.
 */
static void
keep_failed(struct buf *bp)
{
	struct vnode *vp = bp->b_vp;

	if (LIST_FIRST(&bp->b_dep) == NULL) {
		if (vp == NULL ||
		    (vp->v_type != VBLK && (bp->b_flags & B_KEEP) == 0))
			return;
		if (vp->v_type == VREG && bp->b_lblkno >= 0 &&
		    bufdirty > bufmem_limit / 2) {
			vp->v_bioflag |= VBIOLOST;
			return;
		}
	}
	bp->b_flags &= ~B_ERROR;
	buf_dirty(bp);
}

void
brelse(struct buf *bp)
{

	if (bp == NULL)
		return;
	KASSERT(bp->b_flags & B_BUSY);
	if (bp->b_flags & B_WANTED)
		wakeup(bp);
	if ((bp->b_flags & (B_ERROR | B_READ | B_INVAL)) == B_ERROR)
		keep_failed(bp);
	/* A block that could not be read, or that nobody wants, is forgotten. */
	if ((bp->b_flags & (B_ERROR | B_DELWRI)) == B_ERROR ||
	    (bp->b_flags & B_NOCACHE) || bp->b_bufsize <= 0)
		bp->b_flags |= B_INVAL;
	if (bp->b_flags & B_INVAL) {
		if (bp->b_flags & B_DELWRI)
			buf_undirty(bp);
		buf_free(bp);
		return;
	}
	bp->b_queue = bp->b_flags & B_DELWRI ? BQ_DIRTY : BQ_CLEAN;
	if ((bp->b_flags & (B_AGE | B_DELWRI)) == B_AGE)
		TAILQ_INSERT_HEAD(&bufqueue[BQ_CLEAN], bp, b_freelist);
	else
		TAILQ_INSERT_TAIL(&bufqueue[bp->b_queue], bp, b_freelist);
	/* One that is dirty ages when it has been written. */
	if ((bp->b_flags & B_DELWRI) == 0)
		bp->b_flags &= ~B_AGE;
	bp->b_flags &= ~(B_ASYNC | B_BUSY | B_CACHE | B_KEEP | B_WANTED);
	bp->b_proc = NULL;
}

int
biowait(struct buf *bp)
{

	while ((bp->b_flags & B_DONE) == 0)
		(void)tsleep(bp, PRIBIO + 1, "biowait", 0);
	if (bp->b_flags & B_ERROR)
		return (bp->b_error != 0 ? bp->b_error : EIO);
	return (0);
}

/* A transfer is over: called by the device's driver, inside the kernel. */
void
biodone(struct buf *bp)
{

	if (bp->b_flags & B_DONE)
		panic("biodone: called twice for block %d", bp->b_blkno);
	bp->b_flags |= B_DONE;
	if (bp->b_flags & B_WRITEINPROG) {
		bp->b_flags &= ~B_WRITEINPROG;
		bufwriting -= bp->b_bufsize;
		wakeup(&bufwriting);
	}
	if ((bp->b_flags & B_READ) == 0) {
		if (LIST_FIRST(&bp->b_dep) != NULL &&
		    bioops.io_complete != NULL) {
			bioops.io_complete(bp);
			syncer_wake();
		}
		if (bp->b_vp != NULL) {
			if ((bp->b_flags & (B_ASYNC | B_ERROR)) ==
			    (B_ASYNC | B_ERROR))
				bp->b_vp->v_ioerror = bp->b_error;
			vwakeup(bp->b_vp);
		}
	}
	if (bp->b_flags & B_CALL) {
		bp->b_flags &= ~B_CALL;
		bp->b_iodone(bp);
	} else if (bp->b_flags & B_ASYNC) {
		brelse(bp);
	} else {
		bp->b_flags &= ~B_WANTED;
		wakeup(bp);
	}
}

/* Starts reading a block into a buffer that does not have it yet. */
void
bio_startread(struct buf *bp, int flags)
{

	bp->b_flags |= B_READ | flags;
	bp->b_flags &= ~(B_DONE | B_ERROR | B_CHECKED);
	bp->b_error = 0;
	bp->b_resid = 0;
	curproc->p_stats->p_ru.ru_inblock++;
	VOP_STRATEGY(bp);
}

int
bread(struct vnode *vp, daddr_t blkno, int size, struct ucred *cred,
    struct buf **bpp)
{
	struct buf *bp;

	(void)cred;
	bp = *bpp = getblk(vp, blkno, size, 0, 0);
	if (bp->b_flags & (B_DONE | B_DELWRI))
		return (0);
	bio_startread(bp, 0);
	return (biowait(bp));
}

int
breadn(struct vnode *vp, daddr_t blkno, int size, daddr_t *rablks, int *rasizes,
    int nra, struct ucred *cred, struct buf **bpp)
{
	int n;

	/*
	 * Most blocks of a file that is read in sequence came with one before
	 * them.  One in eight is enough to look ahead.
	 */
	if (blkno % 8 != 0 && incore(vp, blkno) != NULL)
		return (bread(vp, blkno, size, cred, bpp));
	/* A run of whole blocks behind this one is read with it. */
	for (n = 0; n < nra && rablks[n] == blkno + 1 + n &&
	    rasizes[n] == size; n++)
		continue;
	if (n == 0)
		return (bread(vp, blkno, size, cred, bpp));
	return (cluster_readn(vp, blkno, size, n + 1, bpp));
}

/* Does the device have to keep what was written before this is told as done? */
int
buf_hasdeps(struct buf *bp)
{
	struct buf *part;

	if (LIST_FIRST(&bp->b_dep) != NULL)
		return (1);
	for (part = bp->b_chain; part != NULL; part = part->b_chain)
		if (LIST_FIRST(&part->b_dep) != NULL)
			return (1);
	return (0);
}

/* Makes a busy buffer one that is being written. */
void
buf_startwrite(struct buf *bp)
{

	if (bp->b_flags & (B_ASYNC | B_DELWRI))
		bp->b_flags |= B_KEEP;
	buf_undirty(bp);
	bp->b_flags &= ~(B_READ | B_DONE | B_ERROR);
	bp->b_error = 0;
	bp->b_vp->v_numoutput++;
	if (bp->b_flags & B_ASYNC) {
		bp->b_flags |= B_WRITEINPROG;
		bufwriting += bp->b_bufsize;
	}
	curproc->p_stats->p_ru.ru_oublock++;
}

/* Are synchronous writes of this file system put off, as its mount says? */
static int
is_lazy(struct vnode *vp)
{
	struct mount *mp;

	mp = vp->v_type == VBLK ? vp->v_specmountpoint : vp->v_mount;
	return (mp != NULL && (mp->mnt_flag & MNT_ASYNC) &&
	    (curproc->p_flag & P_FLUSHES) == 0);
}

/* Starts writing a busy buffer; waits for it unless it is B_ASYNC. */
int
bwrite(struct buf *bp)
{
	int async = bp->b_flags & B_ASYNC, error;

	if (bp->b_flags & B_INVAL) {
		brelse(bp);
		return (0);
	}
	if (!async && is_lazy(bp->b_vp)) {
		bdwrite(bp);
		return (0);
	}
	if (async && cluster_writeout(bp))
		return (0);
	buf_startwrite(bp);
	VOP_STRATEGY(bp);
	if (async)
		return (0);
	error = biowait(bp);
	brelse(bp);
	return (error);
}

void
bawrite(struct buf *bp)
{

	bp->b_flags |= B_ASYNC;
	(void)VOP_BWRITE(bp);
}

void
bdwrite(struct buf *bp)
{

	buf_dirty(bp);
	bp->b_flags |= B_DONE;
	brelse(bp);
	buf_throttle();
}

void
buf_dirty(struct buf *bp)
{

	if ((bp->b_flags & B_DELWRI) == 0) {
		bp->b_flags |= B_DELWRI;
		bufdirty += bp->b_bufsize;
		reassignbuf(bp);
	}
}

void
buf_undirty(struct buf *bp)
{

	if (bp->b_flags & B_DELWRI) {
		bp->b_flags &= ~(B_DELWRI | B_DEFERRED);
		bufdirty -= bp->b_bufsize;
		reassignbuf(bp);
	}
}
