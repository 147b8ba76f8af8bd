/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpblk_held.c: writes that the host refused, in memory until it takes them.
 *
 * A driver that hears of a failed write has to go back half-way, and soft updates
 * cannot: what hangs on a block is no longer what the block says.  So a refused
 * write is told as done and held here, and all later ones line up behind it.
 * They are tried again in that order, each on stable storage before the next:
 * what the disk has is at all times what it had at some moment, and a power cut
 * leaves what it may leave.  Who asks that all be safe (fsync, an unmount) hears
 * of the error, and so does who waits for a write on which nothing depends.
 *
 * Reads see the held writes.  When they are a part of what the buffer cache may
 * have, nothing is changed any more until the disk takes some, so that little more
 * than what is dirty then can follow.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include <rump/rumpuser.h>
#include "rumpblk.h"
#include "vfs_buf.h"
#include "vfs_private.h"

#define	HELD_MOST	MAX(bufmem_limit / 4, 1024 * 1024)

/* How often in a row a write is refused before who waits is told; the pause then. */
#define	SETTLE_TRIES	3
#define	RETRY_DELAY	1000000000	/* nanoseconds */

struct heldwrite {
	TAILQ_ENTRY(heldwrite) hw_list;
	off_t hw_off;
	size_t hw_len;
	char hw_data[];
};

size_t held_bytes;

static void held_rewrite(struct rblkdev *);

static void
held_retry(void *arg)
{

	held_rewrite(arg);
}

void
held_init(struct rblkdev *rb)
{

	TAILQ_INIT(&rb->rb_held);
	timeout_set(&rb->rb_retry, held_retry, rb);
}

static struct mount *
mount_of(struct buf *bp)
{
	struct vnode *vp = bp->b_vp;

	if (vp == NULL)
		return (NULL);
	return (vp->v_type == VBLK ? vp->v_specmountpoint : vp->v_mount);
}

/* Soft updates: hearing of a failed write, the driver does not survive. */
static int
mustnotfail(struct buf *bp)
{
	struct mount *mp = mount_of(bp);

	return (buf_hasdeps(bp) ||
	    (mp != NULL && (mp->mnt_flag & MNT_SOFTDEP)));
}

/* May a write that failed be told as done?  Not if somebody waits to hear it. */
int
held_canhold(struct buf *bp)
{

	return ((bp->b_flags & B_ASYNC) || mustnotfail(bp));
}

static void
held_account(struct rblkdev *rb, struct heldwrite *hw, int sign)
{

	rb->rb_heldbytes += sign * hw->hw_len;
	held_bytes += sign * hw->hw_len;
}

static void
held_free(struct rblkdev *rb, struct heldwrite *hw)
{

	TAILQ_REMOVE(&rb->rb_held, hw, hw_list);
	held_account(rb, hw, -1);
	free(hw, M_ETFS);
}

/* Takes a copy of what should be written; 0 if there is no room for it. */
int
held_add(struct rblkdev *rb, struct buf *bp, int error)
{
	size_t len = (size_t)bp->b_bcount;
	off_t off = (off_t)bp->b_blkno * DEV_BSIZE;
	struct heldwrite *hw = TAILQ_LAST(&rb->rb_held, heldlist);

	/* The same block again; but the first one may be on its way. */
	if (hw != NULL && hw != TAILQ_FIRST(&rb->rb_held) &&
	    hw->hw_off == off && hw->hw_len == len) {
		memcpy(hw->hw_data, bp->b_data, len);
		return (1);
	}
	if (rb->rb_heldbytes + len > HELD_MOST && !mustnotfail(bp))
		return (0);
	hw = malloc(sizeof(*hw) + len, M_ETFS, M_NOWAIT);
	if (hw == NULL)
		return (0);
	hw->hw_off = off;
	hw->hw_len = len;
	memcpy(hw->hw_data, bp->b_data, len);
	TAILQ_INSERT_TAIL(&rb->rb_held, hw, hw_list);
	held_account(rb, hw, 1);
	if (error != 0)
		rb->rb_helderror = error;
	if (!timeout_pending(&rb->rb_retry))
		timeout_add_nsec(&rb->rb_retry, RETRY_DELAY);
	return (1);
}

/* The host is done with the first one. */
static void
held_rewritten(void *arg, size_t done, int error)
{
	struct rblkdev *rb = arg;
	struct heldwrite *hw = TAILQ_FIRST(&rb->rb_held);

	if (error == 0 && done != hw->hw_len)
		error = EIO;
	rb->rb_rewriting = 0;
	if (error != 0) {
		rb->rb_refusals++;
		rb->rb_helderror = error;
		timeout_add_nsec(&rb->rb_retry, RETRY_DELAY);
	} else if (rb->rb_patching == 0) {
		held_free(rb, hw);
	}
	wakeup(&rb->rb_held);
	if (error == 0 && !rb->rb_starting)
		held_rewrite(rb);
}

/* Writes what is held, one after the other, until one is refused again. */
static void
held_rewrite(struct rblkdev *rb)
{
	u_int refusals = rb->rb_refusals;
	struct heldwrite *hw;

	/* The host may be done before the call is back. */
	while (!rb->rb_rewriting && !rb->rb_starting && rb->rb_patching == 0 &&
	    rb->rb_refusals == refusals &&
	    (hw = TAILQ_FIRST(&rb->rb_held)) != NULL) {
		rb->rb_rewriting = rb->rb_starting = 1;
		rumpuser_bio(rb->rb_fd, RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC,
		    hw->hw_data, hw->hw_len, rb->rb_begin + hw->hw_off,
		    held_rewritten, rb);
		rb->rb_starting = 0;
	}
}

/* Waits until no more than most is held; the error if the host goes on to refuse. */
static int
held_wait(struct rblkdev *rb, size_t most)
{
	u_int refusals;
	int tries = 0;

	while (rb->rb_heldbytes > most) {
		if (tries == SETTLE_TRIES)
			return (rb->rb_helderror);
		refusals = rb->rb_refusals;
		held_rewrite(rb);
		if (rb->rb_rewriting || rb->rb_patching != 0)
			(void)tsleep(&rb->rb_held, PRIBIO, "held", 0);
		tries = rb->rb_refusals == refusals ? 0 : tries + 1;
	}
	return (0);
}

int
held_settle(struct rblkdev *rb)
{

	return (held_wait(rb, 0));
}

/*
 * Somebody is about to write, or to change what will be written.  If much is held,
 * he waits for some of it to go, and hears why it does not.
 */
int
held_makeroom(struct rblkdev *rb)
{

	return (held_wait(rb, HELD_MOST / 2));
}

/* The device is closed: there is no later to hold anything for. */
void
held_drop(struct rblkdev *rb)
{
	struct heldwrite *hw;

	timeout_del(&rb->rb_retry);
	while ((hw = TAILQ_LAST(&rb->rb_held, heldlist)) != NULL) {
		if (hw == TAILQ_FIRST(&rb->rb_held) && rb->rb_rewriting) {
			(void)tsleep(&rb->rb_held, PRIBIO, "helddrop", 0);
			continue;
		}
		held_free(rb, hw);
	}
	timeout_del(&rb->rb_retry);
}

/* Puts what is held of a buffer's bytes into it; says if that was all of it. */
static int
held_patch(struct rblkdev *rb, struct buf *bp, int *overlapp)
{
	off_t begin = (off_t)bp->b_blkno * DEV_BSIZE, end = begin + bp->b_bcount;
	off_t from, to;
	struct heldwrite *hw;
	int isall = 0;

	TAILQ_FOREACH(hw, &rb->rb_held, hw_list) {
		from = MAX(begin, hw->hw_off);
		to = MIN(end, hw->hw_off + (off_t)hw->hw_len);
		if (from >= to)
			continue;
		memcpy(bp->b_data + (from - begin),
		    hw->hw_data + (from - hw->hw_off), (size_t)(to - from));
		isall |= from == begin && to == end;
		*overlapp = 1;
	}
	return (isall);
}

/*
 * A read is about to start.  Returns 1 if the buffer has it already; else, if
 * parts of it are held, these stay until held_readdone().
 */
int
held_read(struct rblkdev *rb, struct buf *bp)
{
	int overlap = 0;

	if (held_patch(rb, bp, &overlap))
		return (1);
	if (overlap) {
		bp->b_flags |= B_PATCH;
		rb->rb_patching++;
	}
	return (0);
}

/* A read with B_PATCH is over. */
void
held_readdone(struct rblkdev *rb, struct buf *bp)
{
	int overlap;

	bp->b_flags &= ~B_PATCH;
	(void)held_patch(rb, bp, &overlap);
	if (--rb->rb_patching == 0)
		held_rewrite(rb);
}
