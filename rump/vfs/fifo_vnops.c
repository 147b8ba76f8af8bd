/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fifo_vnops.c: named pipes (fifo(7), IEEE Std 1003.1 open, read, write).
 *
 * A pipe lives from its first open to its last close; what nobody has read by
 * then is gone.  Opening for reading waits for a writer, for writing for a
 * reader, unless O_NONBLOCK or both are asked for.
 *
 * Every operation comes with the vnode locked, and unlocks it to sleep: what it
 * looked at before may be different afterwards, and the file may be gone.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/ioctl.h>
#include <sys/malloc.h>
#include <sys/poll.h>
#include <sys/pollvar.h>
#include <sys/proc.h>
#include <sys/ring.h>
#include <sys/uio.h>
#include <sys/vnode.h>
#include <miscfs/fifofs/fifo.h>
#include <rump-sys/kmem.h>
#include "vfs_private.h"

/* All fields belong to the virtual CPU.  Whoever waits sleeps on it. */
struct fifoinfo {
	u_int fi_readers;		/* open, or being opened */
	u_int fi_writers;
	u_int fi_ropens;		/* ever: who came and left was there */
	u_int fi_wopens;
	struct ring fi_ring;
	LIST_ENTRY(fifoinfo) fi_all;
};
static LIST_HEAD(, fifoinfo) fifos = LIST_HEAD_INITIALIZER(fifos);

void
fifo_printinfo(struct vnode *vp)
{
	struct fifoinfo *fi = vp->v_fifoinfo;

	printf(", a named pipe with %u readers, %u writers",
	    fi != NULL ? fi->fi_readers : 0, fi != NULL ? fi->fi_writers : 0);
}

/* Something changed: for whoever waits, and for notes. */
static void
fifo_tell(struct vnode *vp, struct fifoinfo *fi)
{

	wakeup(fi);
	VNODE_NOTE(vp, 0);
	poll_wakeup();
}

/*
 * Waits for a change.  Fails with EIO if the file is taken away meanwhile, and
 * with EINTR if nobody is to wait any more.
 */
static int
fifo_wait(struct vnode *vp, struct fifoinfo *fi, struct proc *p)
{

	if (wait_ended)
		return (EINTR);
	VOP_UNLOCK(vp, 0, p);
	(void)tsleep(fi, PWAIT | PCATCH, "fifo", 0);
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	if (vp->v_type != VFIFO || vp->v_fifoinfo != fi)
		return (EIO);
	return (wait_ended ? EINTR : 0);
}

/* Whoever waits fails: wait_ended is set. */
static void
fifo_end(void)
{
	struct fifoinfo *fi;

	LIST_FOREACH(fi, &fifos, fi_all)
		wakeup(fi);
}

static void
fifo_free(struct vnode *vp)
{
	struct fifoinfo *fi = vp->v_fifoinfo;

	vp->v_fifoinfo = NULL;
	LIST_REMOVE(fi, fi_all);
	wakeup(fi);
	poll_wakeup();
	ring_free(&fi->fi_ring);
	free(fi, M_VNODE);
}

static void
fifo_leave(struct vnode *vp, struct fifoinfo *fi, int mode)
{

	if (mode & FREAD)
		fi->fi_readers--;
	if (mode & FWRITE)
		fi->fi_writers--;
	if (fi->fi_readers == 0 && fi->fi_writers == 0)
		fifo_free(vp);
	else
		fifo_tell(vp, fi);
}

static int
fifo_open(void *v)
{
	struct vop_open_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fifoinfo *fi = vp->v_fifoinfo;
	int mode = ap->a_mode, error = 0;
	u_int opens, *others, *otheropens;

	if ((mode & (FREAD | FWRITE | O_NONBLOCK)) == (FWRITE | O_NONBLOCK) &&
	    (fi == NULL || fi->fi_readers == 0))
		return (ENXIO);
	if (fi == NULL) {
		fi = malloc(sizeof(*fi), M_VNODE, M_WAITOK | M_ZERO);
		LIST_INSERT_HEAD(&fifos, fi, fi_all);
		vp->v_fifoinfo = fi;
	}
	if (mode & FREAD) {
		fi->fi_readers++;
		fi->fi_ropens++;
	}
	if (mode & FWRITE) {
		fi->fi_writers++;
		fi->fi_wopens++;
	}
	fifo_tell(vp, fi);
	if ((mode & O_NONBLOCK) || (mode & FREAD && mode & FWRITE))
		return (0);
	others = mode & FREAD ? &fi->fi_writers : &fi->fi_readers;
	otheropens = mode & FREAD ? &fi->fi_wopens : &fi->fi_ropens;
	opens = *otheropens;
	while (error == 0 && *others == 0 && *otheropens == opens)
		error = fifo_wait(vp, fi, ap->a_p);
	if (error == EINTR)
		fifo_leave(vp, fi, mode);
	return (error);
}

/* A vnode that loses its file (VXLOCK) is closed for everybody. */
static int
fifo_close(void *v)
{
	struct vop_close_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fifoinfo *fi = vp->v_fifoinfo;

	if (fi != NULL && (vp->v_flag & VXLOCK))
		fifo_free(vp);
	else if (fi != NULL)
		fifo_leave(vp, fi, ap->a_fflag);
	return (0);
}

static int
fifo_read(void *v)
{
	struct vop_read_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fifoinfo *fi = vp->v_fifoinfo;
	struct uio *uio = ap->a_uio;
	int error;

	if (uio->uio_resid == 0)
		return (0);
	while (fi->fi_ring.r_used == 0) {
		if (fi->fi_writers == 0)
			return (0);
		if (ap->a_ioflag & IO_NDELAY)
			return (EAGAIN);
		if ((error = fifo_wait(vp, fi, uio->uio_procp)) != 0)
			return (error);
	}
	if ((error = ring_read(&fi->fi_ring, uio)) != 0)
		return (error);
	fifo_tell(vp, fi);
	return (0);
}

static int
fifo_write(void *v)
{
	struct vop_write_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fifoinfo *fi = vp->v_fifoinfo;
	struct uio *uio = ap->a_uio;
	size_t least = RING_LEAST(uio->uio_resid);
	int error = 0;

	while (error == 0 && uio->uio_resid != 0) {
		if (fi->fi_readers == 0)
			return (EPIPE);
		error = ring_write(&fi->fi_ring, least, uio);
		if (error == 0)
			fifo_tell(vp, fi);
		else if (error == EAGAIN && (ap->a_ioflag & IO_NDELAY) == 0)
			error = fifo_wait(vp, fi, uio->uio_procp);
	}
	return (error);
}

static int
fifo_ioctl(void *v)
{
	struct vop_ioctl_args *ap = v;
	struct fifoinfo *fi = ap->a_vp->v_fifoinfo;

	if (ap->a_command != FIONREAD)
		return (ENOTTY);
	*(int *)(void *)ap->a_data = (int)fi->fi_ring.r_used;
	return (0);
}

/* For poll(2), on a file open for mode.  The vnode need not be locked. */
int
fifo_events(struct vnode *vp, int mode, int events)
{
	const struct fifoinfo *fi = vp->v_fifoinfo;
	int revents = 0;

	if (fi == NULL)			/* being taken away */
		return (POLLHUP);
	if ((mode & FREAD) && (fi->fi_ring.r_used != 0 || fi->fi_writers == 0))
		revents |= events & (POLLIN | POLLRDNORM);
	if ((mode & FWRITE) && (RING_SIZE - fi->fi_ring.r_used >= RING_ATOMIC ||
	    fi->fi_readers == 0))
		revents |= events & (POLLOUT | POLLWRNORM);
	/* Where no writer came yet nothing has ended. */
	if (((mode & FREAD) && fi->fi_writers == 0 && fi->fi_wopens != 0) ||
	    ((mode & FWRITE) && fi->fi_readers == 0))
		revents |= POLLHUP;
	return (revents);
}

/* What a note says: n bytes, and whether nobody has the other end. */
static int
filt_fifo(struct knote *kn, size_t n, size_t least, int isalone)
{

	kn->kn_flags &= (u_short)~EV_EOF;
	if (isalone)
		kn->kn_flags |= EV_EOF;
	kn->kn_data = (int64_t)n;
	return (isalone || n >= least);
}

static int
filt_fiforead(struct knote *kn, long hint)
{
	struct fifoinfo *fi = ((struct vnode *)kn->kn_hook)->v_fifoinfo;

	(void)hint;
	if (fi == NULL)			/* being taken away */
		return (filt_fifo(kn, 0, 1, 1));
	return (filt_fifo(kn, fi->fi_ring.r_used, 1, fi->fi_writers == 0));
}

static int
filt_fifowrite(struct knote *kn, long hint)
{
	struct fifoinfo *fi = ((struct vnode *)kn->kn_hook)->v_fifoinfo;

	(void)hint;
	if (fi == NULL)
		return (filt_fifo(kn, 0, RING_ATOMIC, 1));
	return (filt_fifo(kn, RING_SIZE - fi->fi_ring.r_used, RING_ATOMIC,
	    fi->fi_readers == 0));
}

static const struct filterops fifo_readfilt =
	{ 1, NULL, vop_generic_kqdetach, filt_fiforead };
static const struct filterops fifo_writefilt =
	{ 1, NULL, vop_generic_kqdetach, filt_fifowrite };

static int
fifo_kqfilter(void *v)
{
	struct vop_kqfilter_args *ap = v;
	struct knote *kn = ap->a_kn;
	int error;

	if ((error = vop_generic_kqfilter(ap)) != 0)
		return (error);
	if (kn->kn_filter == EVFILT_READ)
		kn->kn_fop = &fifo_readfilt;
	else if (kn->kn_filter == EVFILT_WRITE)
		kn->kn_fop = &fifo_writefilt;
	return (0);
}

/* The pipe went with its last close. */
int
fifo_reclaim(void *v)
{
	struct vop_reclaim_args *ap = v;

	KASSERT(ap->a_vp->v_fifoinfo == NULL);
	return (0);
}

int (**fifo_vnodeop_p)(void *);
static struct vnodeopv_entry_desc fifo_vnodeop_entries[] = {
	{ &vop_default_desc, eopnotsupp },
	{ &vop_open_desc, fifo_open },
	{ &vop_close_desc, fifo_close },
	{ &vop_read_desc, fifo_read },
	{ &vop_write_desc, fifo_write },
	{ &vop_ioctl_desc, fifo_ioctl },
	{ &vop_kqfilter_desc, fifo_kqfilter },
	{ &vop_fsync_desc, nullop },
	{ &vop_lease_desc, nullop },
	{ &vop_inactive_desc, nullop },
	{ &vop_reclaim_desc, fifo_reclaim },
	{ &vop_lock_desc, vop_generic_lock },
	{ &vop_unlock_desc, vop_generic_unlock },
	{ &vop_islocked_desc, vop_generic_islocked },
	{ &vop_abortop_desc, vop_generic_abortop },
	{ &vop_revoke_desc, vop_generic_revoke },
	{ NULL, NULL }
};
struct vnodeopv_desc fifo_vnodeop_opv_desc =
	{ &fifo_vnodeop_p, fifo_vnodeop_entries };

int
fifo_vnoperate(void *v)
{
	struct vop_generic_args *ap = v;

	return (VOCALL(fifo_vnodeop_p, ap->a_desc->vdesc_offset, ap));
}

void
fifo_init(void)
{

	wait_end_fifos = fifo_end;
}
