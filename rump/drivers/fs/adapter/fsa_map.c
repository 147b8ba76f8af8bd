/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_map.c: where blocks of files are on the device, and their buffers.
 *
 * Answers of fo_bmap are remembered per node, in ascending order.  That makes them
 * cheap, and it lets a buffer be written without asking the library: the buffer
 * cache may do so at any time, also while the library itself waits for a buffer.
 * A buffer that was written to has its place in b_blkno.
 *
 * The extents change under the mount's lock; looking at them never sleeps.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include "fsa_private.h"

/* More pieces than this are not worth their memory: all are forgotten. */
#define	EXTENTS_MAX	65536

struct extent {
	daddr_t e_lblk;
	daddr_t e_dblk;			/* DEV_BSIZE */
	int e_len;			/* blocks */
};

struct fsa_extents {
	int x_n;
	int x_room;
	int x_hit;			/* the last one looked at */
	struct extent x_e[];
};

/* The last extent that starts at or before lblk, or -1. */
static int
extent_before(struct fsa_extents *x, daddr_t lblk)
{
	int low = 0, high, mid;

	if (x == NULL || x->x_n == 0 || x->x_e[0].e_lblk > lblk)
		return (-1);
	mid = x->x_hit;
	if (mid < x->x_n && x->x_e[mid].e_lblk <= lblk &&
	    (mid + 1 == x->x_n || x->x_e[mid + 1].e_lblk > lblk))
		return (mid);
	high = x->x_n;
	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (x->x_e[mid].e_lblk <= lblk)
			low = mid;
		else
			high = mid;
	}
	x->x_hit = low;
	return (low);
}

static int
extent_find(struct fsa_node *fn, daddr_t lblk, daddr_t *dblk, int *run)
{
	struct extent *e;
	int i, off;

	if ((i = extent_before(fn->fn_extents, lblk)) < 0)
		return (0);
	e = &fn->fn_extents->x_e[i];
	if ((off = lblk - e->e_lblk) >= e->e_len)
		return (0);
	*dblk = e->e_dblk + off * (daddr_t)btodb(fn->fn_mount->fm_bsize);
	*run = e->e_len - off;
	return (1);
}

static struct fsa_extents *
extents_room(struct fsa_node *fn)
{
	struct fsa_extents *x = fn->fn_extents, *bigger;
	int room;

	if (x != NULL && x->x_n < x->x_room)
		return (x);
	if (x != NULL && x->x_n >= EXTENTS_MAX) {
		x->x_n = 0;
		return (x);
	}
	room = x == NULL ? 4 : x->x_room * 2;
	bigger = malloc(sizeof(*x) + room * sizeof(x->x_e[0]), M_VNODE,
	    M_WAITOK);
	bigger->x_n = bigger->x_hit = 0;
	bigger->x_room = room;
	if (x != NULL) {
		bigger->x_n = x->x_n;
		memcpy(bigger->x_e, x->x_e, x->x_n * sizeof(x->x_e[0]));
	}
	fn->fn_extents = bigger;
	free(x, M_VNODE);
	return (bigger);
}

/* Remembers an answer about blocks that were not known. */
static void
extent_add(struct fsa_node *fn, daddr_t lblk, daddr_t dblk, int len)
{
	struct fsa_extents *x = extents_room(fn);
	daddr_t spb = (daddr_t)btodb(fn->fn_mount->fm_bsize);
	int i = extent_before(x, lblk);
	struct extent *e = &x->x_e[MAX(i, 0)];

	if (i + 1 < x->x_n)
		len = MIN(len, x->x_e[i + 1].e_lblk - lblk);
	if (i >= 0 && e->e_lblk + e->e_len == lblk &&
	    e->e_dblk + e->e_len * spb == dblk) {
		e->e_len += len;
		return;
	}
	i++;
	memmove(&x->x_e[i + 1], &x->x_e[i],
	    (x->x_n - i) * sizeof(x->x_e[0]));
	x->x_e[i] = (struct extent){ lblk, dblk, len };
	x->x_n++;
	x->x_hit = i;
}

/* Forgets blocks from on; caller must hold the mount's lock. */
void
fsa_unmap(struct fsa_node *fn, daddr_t from)
{
	struct fsa_extents *x = fn->fn_extents;
	struct extent *e;

	if (x == NULL)
		return;
	while (x->x_n > 0 && x->x_e[x->x_n - 1].e_lblk >= from)
		x->x_n--;
	if (x->x_n > 0) {
		e = &x->x_e[x->x_n - 1];
		e->e_len = MIN(e->e_len, from - e->e_lblk);
	}
	x->x_hit = 0;
	if (x->x_n == 0) {
		fn->fn_extents = NULL;
		free(x, M_VNODE);
	}
}

/* fo_bmap, or what is known of its answers. */
int
fsa_map(struct fsa_node *fn, daddr_t lblk, int want, int alloc, daddr_t *dblk,
    int *run)
{
	struct fsa_mount *fm = fn->fn_mount;
	int error;

	if (extent_find(fn, lblk, dblk, run))
		return (0);
	/* Inside the library it cannot be asked. */
	if (lockstatus(&fm->fm_lock) == LK_EXCLUSIVE)
		return (EDEADLK);
	fsa_lock(fm);
	error = fm->fm_ops->fo_bmap(fn, lblk, want, alloc, dblk, run);
	if (error == 0 && *dblk != -1)
		extent_add(fn, lblk, *dblk, *run);
	fsa_unlock(fm);
	return (error);
}

int
fsa_bmap(void *v)
{
	struct vop_bmap_args *ap = v;
	struct fsa_node *fn = VTOF(ap->a_vp);
	int error, run;
	daddr_t dblk;

	if (ap->a_vpp != NULL)
		*ap->a_vpp = fn->fn_mount->fm_devvp;
	if (ap->a_bnp == NULL)
		return (0);
	error = fsa_map(fn, ap->a_bn, (int)(MAXPHYS / fn->fn_mount->fm_bsize),
	    0, &dblk, &run);
	if (error != 0)
		return (error);
	*ap->a_bnp = dblk;
	if (ap->a_runp != NULL)
		*ap->a_runp = dblk == -1 ? 0 : run - 1;
	return (0);
}

static void
strategy_end(struct buf *bp, int error)
{

	if (error != 0) {
		bp->b_error = error;
		bp->b_flags |= B_ERROR;
		bp->b_resid = bp->b_bcount;
	} else {
		clrbuf(bp);		/* a hole reads as zeroes */
	}
	biodone(bp);
}

int
fsa_strategy(void *v)
{
	struct vop_strategy_args *ap = v;
	struct buf *bp = ap->a_bp;
	struct fsa_node *fn = VTOF(bp->b_vp);
	struct vnode *devvp;
	int error = 0, run;

	if (fn == NULL) {
		strategy_end(bp, EIO);
		return (EIO);
	}
	if (bp->b_blkno == bp->b_lblkno)
		error = fsa_map(fn, bp->b_lblkno, 1, 0, &bp->b_blkno, &run);
	if (error == 0 && bp->b_blkno == -1 && (bp->b_flags & B_READ) == 0)
		error = EIO;
	if (error != 0 || bp->b_blkno == -1) {
		if (error != 0)
			bp->b_blkno = bp->b_lblkno;
		strategy_end(bp, error);
		return (error);
	}
	devvp = fn->fn_mount->fm_devvp;
	bp->b_dev = devvp->v_rdev;
	return (VOCALL(devvp->v_op, VOFFSET(vop_strategy), ap));
}

/* Takes a buffer that nobody is busy with. */
static void
buf_take(struct buf *bp, struct proc *p)
{

	bremfree(bp);
	bp->b_flags |= B_BUSY;
	bp->b_proc = p;
}

/* Drops the buffers of one list behind from; 0 if it slept: look again. */
static int
dropbufs_list(struct buflists *list, daddr_t from)
{
	struct buf *bp, *next;

	for (bp = LIST_FIRST(list); bp != NULL; bp = next) {
		next = LIST_NEXT(bp, b_vnbufs);
		if (bp->b_lblkno < from)
			continue;
		if (bp->b_flags & B_BUSY) {
			bp->b_flags |= B_WANTED;
			(void)tsleep(bp, PRIBIO + 1, "fsadrop", 0);
			return (0);
		}
		buf_take(bp, curproc);
		bp->b_flags |= B_INVAL;
		brelse(bp);
	}
	return (1);
}

/* Forgets a file's blocks from on.  Caller has the vnode locked. */
void
fsa_dropbufs(struct vnode *vp, daddr_t from)
{

	while (!dropbufs_list(&vp->v_cleanblkhd, from) ||
	    !dropbufs_list(&vp->v_dirtyblkhd, from))
		continue;
}

/* Starts writing what of a file is dirty; waits for it if wait. */
int
fsa_flushbufs(struct vnode *vp, int wait, struct proc *p)
{
	struct buf *bp;
	int error;

	/* What failed before is dirty still, and tried now; unless it is lost. */
	if (wait && (vp->v_bioflag & VBIOLOST) == 0)
		vp->v_ioerror = 0;
again:
	LIST_FOREACH(bp, &vp->v_dirtyblkhd, b_vnbufs) {
		if (bp->b_flags & B_BUSY)
			continue;
		buf_take(bp, p);
		bawrite(bp);
		goto again;
	}
	if (!wait)
		return (0);
	if ((error = vwaitforio(vp, 0, "fsaflush", 0)) != 0)
		return (error);
	/* One that was busy is written by whoever has it, or is dirty still. */
	LIST_FOREACH(bp, &vp->v_dirtyblkhd, b_vnbufs) {
		if (vp->v_ioerror != 0)
			break;
		if (bp->b_flags & B_BUSY) {
			bp->b_flags |= B_WANTED;
			(void)tsleep(bp, PRIBIO + 1, "fsaflush", 0);
		}
		goto again;
	}
	error = vp->v_ioerror;
	vp->v_ioerror = 0;
	vp->v_bioflag &= ~VBIOLOST;
	return (error);
}

void
fsa_forget(struct fsa_mount *fm, daddr_t blkno, size_t bytes)
{
	daddr_t end = blkno + (daddr_t)howmany(bytes, DEV_BSIZE);
	struct buf *bp;

	for (; blkno < end; blkno++) {
		while ((bp = incore(fm->fm_devvp, blkno)) != NULL) {
			if (bp->b_flags & B_BUSY) {
				bp->b_flags |= B_WANTED;
				(void)tsleep(bp, PRIBIO + 1, "fsaforg", 0);
				continue;
			}
			buf_take(bp, curproc);
			bp->b_flags |= B_INVAL;
			brelse(bp);
		}
	}
}
