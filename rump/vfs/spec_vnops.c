/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spec_vnops.c: device nodes: from a vnode's operation to the driver's entry in
 * the device switch.
 *
 * Several nodes may name one device; they are chained by device number, so that
 * their uses can be counted and a mount on one is seen through all.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/conf.h>
#include <sys/fcntl.h>
#include <sys/ioctl.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/poll.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include "vfs_private.h"

#define	SPECHSZ	32
static struct vnode *speclisth[SPECHSZ];
#define	SPECHASH(dev)	(&speclisth[((dev) ^ ((dev) >> 8)) & (SPECHSZ - 1)])

/*
 * How often a flush looks for what soft updates made dirty again, and how often
 * it tries writes that fail.
 */
#define	FLUSH_ROUNDS	8
#define	FLUSH_FAILURES	2

dev_t rootdev = NODEV;
dev_t swapdev = NODEV;
struct vnode *rootvp;
struct vnode *swapdev_vp;

/*
 * Makes vp, whose type is VBLK or VCHR, a node of dev.  Nodes share nothing but
 * the chain, so that the vnode never has to be exchanged: returns NULL.
 */
struct vnode *
checkalias(struct vnode *vp, dev_t dev, struct mount *mp)
{
	struct specinfo *si;
	struct vnode **head = SPECHASH(dev), *other;

	(void)mp;
	si = malloc(sizeof(*si), M_VNODE, M_WAITOK | M_ZERO);
	si->si_rdev = dev;
	si->si_hashchain = head;
	si->si_specnext = *head;
	vp->v_specinfo = si;
	for (other = *head; other != NULL; other = other->v_specnext) {
		if (other->v_rdev == dev && other->v_type == vp->v_type) {
			other->v_flag |= VALIASED;
			vp->v_flag |= VALIASED;
			si->si_mountpoint = other->v_specmountpoint;
		}
	}
	*head = vp;
	return (NULL);
}

/* Ends a device node (vgonel). */
void
spec_free(struct vnode *vp)
{
	struct vnode **vpp;

	if ((vp->v_type != VBLK && vp->v_type != VCHR) ||
	    vp->v_specinfo == NULL)
		return;
	for (vpp = vp->v_hashchain; *vpp != vp; vpp = &(*vpp)->v_specnext)
		KASSERT(*vpp != NULL);
	*vpp = vp->v_specnext;
	free(vp->v_specinfo, M_VNODE);
	vp->v_specinfo = NULL;
}

/* Uses of the device by all its nodes. */
int
vcount(struct vnode *vp)
{
	struct vnode *vq;
	int count = 0;

	if ((vp->v_flag & VALIASED) == 0)
		return (vp->v_usecount);
	for (vq = *vp->v_hashchain; vq != NULL; vq = vq->v_specnext)
		if (vq->v_rdev == vp->v_rdev && vq->v_type == vp->v_type)
			count += vq->v_usecount;
	return (count);
}

int
vfinddev(dev_t dev, enum vtype type, struct vnode **vpp)
{
	struct vnode *vp;

	for (vp = *SPECHASH(dev); vp != NULL; vp = vp->v_specnext) {
		if (vp->v_rdev == dev && vp->v_type == type) {
			*vpp = vp;
			return (1);
		}
	}
	return (0);
}

/* Is the device mounted, through whatever node? */
int
vfs_mountedon(struct vnode *vp)
{
	struct vnode *vq;

	for (vq = *vp->v_hashchain; vq != NULL; vq = vq->v_specnext)
		if (vq->v_rdev == vp->v_rdev && vq->v_type == vp->v_type &&
		    vq->v_specmountpoint != NULL)
			return (EBUSY);
	return (0);
}

/* The device that a file system is on. */
struct vnode *
spec_mountdev(struct mount *mp)
{
	struct vnode *vp;
	int i;

	for (i = 0; i < SPECHSZ; i++)
		for (vp = speclisth[i]; vp != NULL; vp = vp->v_specnext)
			if (vp->v_specmountpoint == mp && vp->v_type == VBLK)
				return (vp);
	return (NULL);
}

/* After a mount that failed half-way: no node may point to it. */
void
spec_clear_mountpoint(struct mount *mp)
{
	struct vnode *vp;
	int i;

	for (i = 0; i < SPECHSZ; i++)
		for (vp = speclisth[i]; vp != NULL; vp = vp->v_specnext)
			if (vp->v_specmountpoint == mp)
				vp->v_specmountpoint = NULL;
}

static int
devvp_make(dev_t dev, enum vtype type, struct vnode **vpp)
{
	int error;

	if (dev == NODEV) {
		*vpp = NULL;
		return (0);
	}
	if ((error = getnewvnode(VT_NON, NULL, spec_vnodeop_p, vpp)) != 0)
		return (error);
	(*vpp)->v_type = type;
	(void)checkalias(*vpp, dev, NULL);
	return (0);
}

int
bdevvp(dev_t dev, struct vnode **vpp)
{

	return (devvp_make(dev, VBLK, vpp));
}

int
cdevvp(dev_t dev, struct vnode **vpp)
{

	return (devvp_make(dev, VCHR, vpp));
}

static const struct bdevsw *
bdev(struct vnode *vp)
{
	int m = major(vp->v_rdev);

	return (m < DEVSW_MAX ? bdevsw[m] : NULL);
}

static const struct cdevsw *
cdev(struct vnode *vp)
{
	int m = major(vp->v_rdev);

	return (m < DEVSW_MAX ? cdevsw[m] : NULL);
}

static int
spec_open(void *v)
{
	struct vop_open_args *ap = v;
	struct vnode *vp = ap->a_vp;
	const struct bdevsw *b = NULL;
	const struct cdevsw *c = NULL;
	int error;

	if (vp->v_mount != NULL && (vp->v_mount->mnt_flag & MNT_NODEV))
		return (ENXIO);
	if (vp->v_type == VBLK)
		b = bdev(vp);
	else
		c = cdev(vp);
	if (b == NULL && c == NULL)
		return (ENXIO);
	error = b != NULL ?
	    b->d_open(vp->v_rdev, ap->a_mode, S_IFBLK, ap->a_p) :
	    c->d_open(vp->v_rdev, ap->a_mode, S_IFCHR, ap->a_p);
	if (error == 0)
		vp->v_specinfo->si_opencount++;
	return (error);
}

/* Opens of the device by all its nodes. */
static int
spec_opens(struct vnode *vp)
{
	struct vnode *vq;
	int count = 0;

	for (vq = *vp->v_hashchain; vq != NULL; vq = vq->v_specnext)
		if (vq->v_rdev == vp->v_rdev && vq->v_type == vp->v_type)
			count += vq->v_specinfo->si_opencount;
	return (count);
}

/*
 * Starts writing what a block device has dirty.  With wait all of it is on the
 * device afterwards, or the error says that some is not.  Soft updates may have
 * to write a block several times, each time with more of what it should have;
 * and what waits for data of files stays dirty.
 */
static int
spec_flush(struct vnode *vp, int wait, struct proc *p)
{
	struct buf *bp;
	int error, failed = 0, rounds;

	for (rounds = 0; rounds < FLUSH_ROUNDS; rounds++) {
		/* What failed before is dirty still, and tried now. */
		if (wait)
			vp->v_ioerror = 0;
		LIST_FOREACH(bp, &vp->v_dirtyblkhd, b_vnbufs)
			bp->b_flags &= ~B_SCANNED;
again:
		LIST_FOREACH(bp, &vp->v_dirtyblkhd, b_vnbufs) {
			if (bp->b_flags & (B_BUSY | B_SCANNED))
				continue;
			bremfree(bp);
			bp->b_flags |= B_BUSY | B_SCANNED;
			bp->b_proc = p;
			(void)bawrite(bp);
			goto again;
		}
		if (!wait)
			return (0);
		if ((error = vwaitforio(vp, 0, "spec_flush", 0)) != 0)
			return (error);
		if (LIST_EMPTY(&vp->v_dirtyblkhd) ||
		    (vp->v_ioerror != 0 && ++failed == FLUSH_FAILURES))
			break;
	}
	error = vp->v_ioerror;
	vp->v_ioerror = 0;
	if (error == 0 && bdev(vp) != NULL) {
		error = bdev(vp)->d_ioctl(vp->v_rdev, DIOCCACHESYNC, NULL,
		    FWRITE, p);
		if (error == ENOTTY)	/* it keeps nothing back */
			error = 0;
	}
	return (error);
}

static int
spec_fsync(void *v)
{
	struct vop_fsync_args *ap = v;

	return (ap->a_vp->v_type != VBLK ? 0 :
	    spec_flush(ap->a_vp, ap->a_waitfor == MNT_WAIT, ap->a_p));
}

/*
 * The driver hears of every open, and of the last close through whatever node;
 * a node that loses its file (VXLOCK) closes all of its own.
 */
static int
spec_close(void *v)
{
	struct vop_close_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct specinfo *si = vp->v_specinfo;
	int error = 0;

	if (si->si_opencount == 0)
		return (0);
	if (vp->v_type == VBLK &&
	    (si->si_opencount == 1 || (vp->v_flag & VXLOCK))) {
		error = spec_flush(vp, 1, ap->a_p);
		/* There is no later to keep it for. */
		if (vinvalbuf(vp, V_SAVE, ap->a_cred, ap->a_p, 0, 0) != 0)
			(void)vinvalbuf(vp, 0, ap->a_cred, ap->a_p, 0, 0);
	}
	if (vp->v_flag & VXLOCK)
		si->si_opencount = 0;
	else
		si->si_opencount--;
	if (spec_opens(vp) != 0)
		return (error);
	if (vp->v_type == VCHR && cdev(vp) != NULL)
		return (cdev(vp)->d_close(vp->v_rdev, ap->a_fflag, S_IFCHR,
		    ap->a_p));
	if (vp->v_type == VBLK && bdev(vp) != NULL)
		(void)bdev(vp)->d_close(vp->v_rdev, ap->a_fflag, S_IFBLK,
		    ap->a_p);
	return (error);
}

static off_t
spec_size(struct vnode *vp)
{
	const struct bdevsw *b = bdev(vp);

	return (b == NULL || b->d_size == NULL ? -1 : b->d_size(vp->v_rdev));
}

/* A block device through the buffer cache, BLKDEV_IOSIZE bytes at a time. */
static int
spec_blkrw(struct vnode *vp, struct uio *uio, int ioflag)
{
	off_t size = spec_size(vp), bn;
	struct buf *bp;
	int bsize, on, n, error = 0;

	if (uio->uio_offset < 0)
		return (EINVAL);
	while (error == 0 && uio->uio_resid > 0) {
		bn = uio->uio_offset / BLKDEV_IOSIZE;
		on = (int)(uio->uio_offset % BLKDEV_IOSIZE);
		if (size >= 0 && uio->uio_offset >= size)
			return (uio->uio_rw == UIO_READ ? 0 : ENOSPC);
		bsize = BLKDEV_IOSIZE;
		if (size >= 0 && size - bn * BLKDEV_IOSIZE < bsize)
			bsize = (int)(size - bn * BLKDEV_IOSIZE);
		n = (int)MIN((size_t)(bsize - on), uio->uio_resid);
		if (bn > INT_MAX / btodb(BLKDEV_IOSIZE))
			return (EFBIG);
		if (uio->uio_rw == UIO_WRITE && on == 0 && n == bsize) {
			bp = getblk(vp, (daddr_t)(bn * btodb(BLKDEV_IOSIZE)),
			    bsize, 0, 0);
		} else if ((error = bread(vp,
		    (daddr_t)(bn * btodb(BLKDEV_IOSIZE)), bsize, NOCRED,
		    &bp)) != 0) {
			brelse(bp);
			return (error);
		}
		error = uiomove(bp->b_data + on, n, uio);
		if (uio->uio_rw == UIO_READ)
			brelse(bp);
		else if (ioflag & IO_SYNC)
			error = bwrite(bp);
		else
			bdwrite(bp);
	}
	return (error);
}

static int
spec_read(void *v)
{
	struct vop_read_args *ap = v;
	struct vnode *vp = ap->a_vp;
	int error;

	if (vp->v_type == VBLK)
		return (spec_blkrw(vp, ap->a_uio, ap->a_ioflag));
	if (cdev(vp) == NULL)
		return (ENXIO);
	VOP_UNLOCK(vp, 0, curproc);
	error = cdev(vp)->d_read(vp->v_rdev, ap->a_uio, ap->a_ioflag);
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, curproc);
	return (error);
}

static int
spec_write(void *v)
{
	struct vop_write_args *ap = v;
	struct vnode *vp = ap->a_vp;
	int error;

	if (vp->v_type == VBLK)
		return (spec_blkrw(vp, ap->a_uio, ap->a_ioflag));
	if (cdev(vp) == NULL)
		return (ENXIO);
	VOP_UNLOCK(vp, 0, curproc);
	error = cdev(vp)->d_write(vp->v_rdev, ap->a_uio, ap->a_ioflag);
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, curproc);
	return (error);
}

static int
spec_ioctl(void *v)
{
	struct vop_ioctl_args *ap = v;
	struct vnode *vp = ap->a_vp;

	if (vp->v_type == VBLK)
		return (bdev(vp) == NULL ? ENXIO : bdev(vp)->d_ioctl(vp->v_rdev,
		    ap->a_command, ap->a_data, ap->a_fflag, ap->a_p));
	return (cdev(vp) == NULL ? ENXIO : cdev(vp)->d_ioctl(vp->v_rdev,
	    ap->a_command, ap->a_data, ap->a_fflag, ap->a_p));
}

static int
spec_poll(void *v)
{
	struct vop_poll_args *ap = v;

	return (ap->a_events & (POLLIN | POLLOUT | POLLRDNORM));
}

static int
spec_strategy(void *v)
{
	struct vop_strategy_args *ap = v;
	struct buf *bp = ap->a_bp;
	int m = major(bp->b_dev);

	if ((bp->b_flags & B_READ) == 0 && LIST_FIRST(&bp->b_dep) != NULL &&
	    bioops.io_start != NULL)
		bioops.io_start(bp);
	if (m >= DEVSW_MAX || bdevsw[m] == NULL) {
		bp->b_error = ENXIO;
		bp->b_flags |= B_ERROR;
		bp->b_resid = bp->b_bcount;
		biodone(bp);
		return (ENXIO);
	}
	bdevsw[m]->d_strategy(bp);
	return (0);
}

static int
spec_bmap(void *v)
{
	struct vop_bmap_args *ap = v;

	if (ap->a_vpp != NULL)
		*ap->a_vpp = ap->a_vp;
	if (ap->a_bnp != NULL)
		*ap->a_bnp = ap->a_bn;
	if (ap->a_runp != NULL)
		*ap->a_runp = 0;
	return (0);
}

static int
spec_inactive(void *v)
{
	struct vop_inactive_args *ap = v;

	VOP_UNLOCK(ap->a_vp, 0, ap->a_p);
	return (0);
}

static int
spec_access(void *v)
{

	(void)v;
	return (0);
}

int (**spec_vnodeop_p)(void *);
static struct vnodeopv_entry_desc spec_vnodeop_entries[] = {
	{ &vop_default_desc, vn_default_error },
	{ &vop_open_desc, spec_open },
	{ &vop_close_desc, spec_close },
	{ &vop_access_desc, spec_access },
	{ &vop_read_desc, spec_read },
	{ &vop_write_desc, spec_write },
	{ &vop_lease_desc, nullop },
	{ &vop_ioctl_desc, spec_ioctl },
	{ &vop_poll_desc, spec_poll },
	{ &vop_kqfilter_desc, vop_generic_kqfilter },
	{ &vop_revoke_desc, vop_generic_revoke },
	{ &vop_fsync_desc, spec_fsync },
	{ &vop_strategy_desc, spec_strategy },
	{ &vop_bwrite_desc, vop_generic_bwrite },
	{ &vop_bmap_desc, spec_bmap },
	{ &vop_inactive_desc, spec_inactive },
	{ &vop_reclaim_desc, nullop },
	{ &vop_lock_desc, vop_generic_lock },
	{ &vop_unlock_desc, vop_generic_unlock },
	{ &vop_islocked_desc, vop_generic_islocked },
	{ &vop_abortop_desc, vop_generic_abortop },
	{ &vop_print_desc, nullop },
	{ NULL, NULL }
};
struct vnodeopv_desc spec_vnodeop_opv_desc =
	{ &spec_vnodeop_p, spec_vnodeop_entries };

int
spec_vnoperate(void *v)
{
	struct vop_generic_args *ap = v;

	return (VOCALL(spec_vnodeop_p, ap->a_desc->vdesc_offset, ap));
}
