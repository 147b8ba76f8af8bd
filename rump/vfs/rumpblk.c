/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpblk.c: block devices that are files or devices of the host.
 *
 * When a write is told as done (biodone), what does the host promise?  Nothing,
 * if nobody waits for it.  If somebody does, the bytes are on stable storage;
 * unless he flushes the device himself when he is done (P_FLUSHES).  If others
 * depend on the write (soft updates), it is told as done only after a flush that
 * came later: all such writes that are over when a flush begins share it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/conf.h>
#include <sys/disklabel.h>
#include <sys/fcntl.h>
#include <sys/ioctl.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/timeout.h>
#include <rump/rumpuser.h>
#include "rumpblk.h"
#include "vfs_buf.h"
#include "vfs_private.h"

#define	RB_BLOCK	0x1		/* open as a block device */
#define	RB_CHAR		0x2		/* open as a character device */

static struct rblkdev **rblk;	/* by minor; NULL: free */
static int nrblk;
static int rblk_major = -1;

static void rumpblk_flush(struct rblkdev *);

static struct rblkdev *
rblk_of(dev_t dev)
{
	int n = minor(dev);

	return (n < nrblk ? rblk[n] : NULL);
}

static int
rumpblk_open(dev_t dev, int flag, int type, struct proc *p)
{
	struct rblkdev *rb = rblk_of(dev);

	(void)p;
	if (rb == NULL)
		return (ENXIO);
	if ((flag & FWRITE) && rb->rb_rdonly)
		return (EROFS);
	rb->rb_open |= type == S_IFBLK ? RB_BLOCK : RB_CHAR;
	return (0);
}

static int
rumpblk_close(dev_t dev, int flag, int type, struct proc *p)
{
	struct rblkdev *rb = rblk_of(dev);

	(void)flag;
	(void)p;
	if (rb == NULL)
		return (0);
	rb->rb_open &= ~(type == S_IFBLK ? RB_BLOCK : RB_CHAR);
	if (rb->rb_open == 0)
		held_drop(rb);
	return (0);
}

/*
 * A write nobody waits for that fails, or that is held, is told a little later.
 * The host may fail it before the call that started it is back, and who starts
 * one after the other until all are under way would never be done.
 */
#define	LATE_DELAY	1000000		/* nanoseconds */

static void
rumpblk_telllate(void *arg)
{
	struct rblkdev *rb = arg;
	struct buflist late = TAILQ_HEAD_INITIALIZER(late);
	struct buf *bp;

	TAILQ_CONCAT(&late, &rb->rb_late, b_freelist);
	while ((bp = TAILQ_FIRST(&late)) != NULL) {
		TAILQ_REMOVE(&late, bp, b_freelist);
		biodone(bp);
	}
}

static void
rumpblk_tell(struct rblkdev *rb, struct buf *bp)
{

	if (rb == NULL || (bp->b_flags & (B_READ | B_ASYNC)) != B_ASYNC) {
		biodone(bp);
		return;
	}
	if (TAILQ_EMPTY(&rb->rb_late))
		timeout_add_nsec(&rb->rb_telllate, LATE_DELAY);
	TAILQ_INSERT_TAIL(&rb->rb_late, bp, b_freelist);
}

static void
rumpblk_fail(struct rblkdev *rb, struct buf *bp, int error)
{

	bp->b_error = error;
	bp->b_flags |= B_ERROR;
	rumpblk_tell(rb, bp);
}

/* The host did not take a write, or others are held before it. */
static void
rumpblk_refused(struct rblkdev *rb, struct buf *bp, int error)
{

	if (held_canhold(bp) && held_add(rb, bp, error)) {
		bp->b_resid = 0;
		rumpblk_tell(rb, bp);
	} else {
		rumpblk_fail(rb, bp, error != 0 ? error : rb->rb_helderror);
	}
}

static void
rumpblk_syncbegin(struct rblkdev *rb)
{

	rb->rb_unsynced = 0;
	rb->rb_syncs++;
}

static void
rumpblk_syncend(struct rblkdev *rb, int error)
{

	rb->rb_syncs--;
	if (error != 0) {
		rb->rb_unsynced = 1;
		rb->rb_syncfailures++;
	}
}

/* Ends the writes that shared a flush, and begins the next. */
static void
rumpblk_flushdone(void *arg, size_t done, int error)
{
	struct rblkdev *rb = arg;
	struct buf *bp;

	(void)done;
	rumpblk_syncend(rb, error);
	while ((bp = TAILQ_FIRST(&rb->rb_flushed)) != NULL) {
		TAILQ_REMOVE(&rb->rb_flushed, bp, b_freelist);
		if (error != 0)
			rumpblk_refused(rb, bp, error);
		else
			biodone(bp);
	}
	rb->rb_flushing = 0;
	rumpblk_flush(rb);
}

/* A write of no bytes that is to be stable: a flush that nobody waits for. */
static void
rumpblk_flush(struct rblkdev *rb)
{

	if (rb->rb_flushing || TAILQ_EMPTY(&rb->rb_written))
		return;
	rb->rb_flushing = 1;
	rumpblk_syncbegin(rb);
	TAILQ_CONCAT(&rb->rb_flushed, &rb->rb_written, b_freelist);
	rumpuser_bio(rb->rb_fd, RUMPUSER_BIO_WRITE | RUMPUSER_BIO_SYNC, NULL,
	    0, rb->rb_begin, rumpblk_flushdone, rb);
}

/* The host is done: it has scheduled us. */
static void
rumpblk_done(void *arg, size_t done, int error)
{
	struct buf *bp = arg;
	struct rblkdev *rb = rblk_of(bp->b_dev);

	bp->b_resid = bp->b_bcount - MIN(done, (size_t)bp->b_bcount);
	/* Within the device a short transfer means that it shrank. */
	if (error == 0 && bp->b_resid != 0)
		error = EIO;
	if (bp->b_flags & B_PATCH)
		held_readdone(rb, bp);
	if (error != 0) {
		if (bp->b_flags & B_READ)
			rumpblk_fail(rb, bp, error);
		else
			rumpblk_refused(rb, bp, error);
		return;
	}
	if ((bp->b_flags & B_READ) == 0) {
		rb->rb_unsynced = 1;
		if (buf_hasdeps(bp)) {
			TAILQ_INSERT_TAIL(&rb->rb_written, bp, b_freelist);
			rumpblk_flush(rb);
			return;
		}
	}
	biodone(bp);
}

/* Some writes are held: says if the transfer has been dealt with. */
static int
rumpblk_behind(struct rblkdev *rb, struct buf *bp)
{

	if (bp->b_flags & B_READ) {
		if (!held_read(rb, bp))
			return (0);
		bp->b_resid = 0;
		biodone(bp);
		return (1);
	}
	/* Who waits can wait for them, too. */
	if (held_canhold(bp))
		(void)held_makeroom(rb);
	else
		(void)held_settle(rb);
	if (TAILQ_EMPTY(&rb->rb_held))
		return (0);
	rumpblk_refused(rb, bp, 0);
	return (1);
}

static void
rumpblk_strategy(struct buf *bp)
{
	struct rblkdev *rb = rblk_of(bp->b_dev);
	off_t off = (off_t)bp->b_blkno * DEV_BSIZE;
	int op;

	/* A block beyond the end is an error: half a block helps nobody. */
	if (rb == NULL || bp->b_blkno < 0 || off > rb->rb_size ||
	    bp->b_bcount > rb->rb_size - off) {
		bp->b_resid = bp->b_bcount;
		rumpblk_fail(rb, bp, rb == NULL ? ENXIO : EIO);
		return;
	}
	if (!TAILQ_EMPTY(&rb->rb_held) && rumpblk_behind(rb, bp))
		return;
	op = bp->b_flags & B_READ ? RUMPUSER_BIO_READ : RUMPUSER_BIO_WRITE;
	if (op == RUMPUSER_BIO_WRITE && (bp->b_flags & B_ASYNC) == 0 &&
	    (curproc->p_flag & P_FLUSHES) == 0 && !buf_hasdeps(bp))
		op |= RUMPUSER_BIO_SYNC;
	rumpuser_bio(rb->rb_fd, op, bp->b_data, bp->b_bcount,
	    rb->rb_begin + off, rumpblk_done, bp);
}

static int
rumpblk_ioctl(dev_t dev, u_long cmd, caddr_t data, int fflag, struct proc *p)
{

	struct rblkdev *rb = rblk_of(dev);
	u_int failures;
	int error;

	(void)data;
	(void)fflag;
	(void)p;
	if (rb == NULL)
		return (ENXIO);
	if (cmd != DIOCCACHESYNC)
		return (ENOTTY);
	if ((error = held_settle(rb)) != 0)
		return (error);
	/* A sync that is under way has made nothing safe yet. */
	if (!rb->rb_unsynced && rb->rb_syncs == 0)
		return (0);
	failures = rb->rb_syncfailures;
	rumpblk_syncbegin(rb);
	error = rumpuser_syncfd(rb->rb_fd,
	    RUMPUSER_SYNCFD_WRITE | RUMPUSER_SYNCFD_SYNC, 0, 0);
	rumpblk_syncend(rb, error);
	/* Of several at a time the host may tell only one that writes failed. */
	if (error == 0 && rb->rb_syncfailures != failures)
		error = EIO;
	return (error);
}

static off_t
rumpblk_size(dev_t dev)
{
	struct rblkdev *rb = rblk_of(dev);

	return (rb == NULL ? -1 : rb->rb_size);
}

/* Raw access: straight to the caller's memory, in whole sectors. */
static int
rumpblk_rw(dev_t dev, struct uio *uio, int ioflag)
{
	struct rblkdev *rb = rblk_of(dev);
	struct rumpuser_iovec riov;
	struct iovec *iov;
	size_t n;
	int error;

	(void)ioflag;
	if (rb == NULL)
		return (ENXIO);
	if (uio->uio_offset < 0 || uio->uio_offset % DEV_BSIZE != 0)
		return (EINVAL);
	error = held_settle(rb);
	while (error == 0 && uio->uio_resid > 0) {
		iov = uio->uio_iov;
		if (iov->iov_len == 0) {
			uio->uio_iov++;
			uio->uio_iovcnt--;
			continue;
		}
		if (uio->uio_offset >= rb->rb_size)
			return (uio->uio_rw == UIO_READ ? 0 : ENOSPC);
		riov.iov_base = iov->iov_base;
		riov.iov_len = MIN(iov->iov_len,
		    (size_t)(rb->rb_size - uio->uio_offset));
		if (riov.iov_len % DEV_BSIZE != 0)
			return (EINVAL);
		if (uio->uio_rw == UIO_WRITE)
			rb->rb_unsynced = 1;
		error = uio->uio_rw == UIO_READ ?
		    rumpuser_iovread(rb->rb_fd, &riov, 1,
		    rb->rb_begin + uio->uio_offset, &n) :
		    rumpuser_iovwrite(rb->rb_fd, &riov, 1,
		    rb->rb_begin + uio->uio_offset, &n);
		if (error != 0 || n == 0)
			break;
		iov->iov_base = (char *)iov->iov_base + n;
		iov->iov_len -= n;
		uio->uio_resid -= n;
		uio->uio_offset += n;
	}
	return (error);
}

static const struct bdevsw rumpblk_bdevsw = {
	.d_open = rumpblk_open,
	.d_close = rumpblk_close,
	.d_strategy = rumpblk_strategy,
	.d_ioctl = rumpblk_ioctl,
	.d_size = rumpblk_size,
	.d_type = D_DISK,
};
static const struct cdevsw rumpblk_cdevsw = {
	.d_open = rumpblk_open,
	.d_close = rumpblk_close,
	.d_read = rumpblk_rw,
	.d_write = rumpblk_rw,
	.d_ioctl = rumpblk_ioctl,
};

static int
rblk_slot(void)
{
	int i;

	for (i = 0; i < nrblk; i++)
		if (rblk[i] == NULL)
			return (i);
	rblk = realloc(rblk, (nrblk + 4) * sizeof(*rblk), M_ETFS, M_WAITOK);
	memset(&rblk[nrblk], 0, 4 * sizeof(*rblk));
	nrblk += 4;
	return (i);
}

/* A device of size bytes of a host file, from begin on. */
int
rumpblk_attach(const char *host, off_t begin, off_t size, dev_t *devp)
{
	struct rblkdev *rb;
	int error, fd, rdonly = 0, n;

	if (rblk_major < 0 && (error = devsw_attach(&rumpblk_bdevsw,
	    &rumpblk_cdevsw, &rblk_major)) != 0)
		return (error);
	error = rumpuser_open(host, RUMPUSER_OPEN_RDWR | RUMPUSER_OPEN_BIO,
	    &fd);
	if (error == EACCES || error == EROFS || error == EPERM) {
		rdonly = 1;
		error = rumpuser_open(host,
		    RUMPUSER_OPEN_RDONLY | RUMPUSER_OPEN_BIO, &fd);
	}
	if (error != 0)
		return (error);
	n = rblk_slot();
	rb = rblk[n] = malloc(sizeof(*rb), M_ETFS, M_WAITOK | M_ZERO);
	rb->rb_fd = fd;
	rb->rb_rdonly = rdonly;
	TAILQ_INIT(&rb->rb_written);
	TAILQ_INIT(&rb->rb_flushed);
	TAILQ_INIT(&rb->rb_late);
	timeout_set(&rb->rb_telllate, rumpblk_telllate, rb);
	held_init(rb);
	rb->rb_begin = begin;
	rb->rb_size = size;
	*devp = makedev(rblk_major, n);
	return (0);
}

int
rumpblk_refuses(dev_t dev)
{
	struct rblkdev *rb = rblk_of(dev);

	return (major(dev) != rblk_major || rb == NULL ? 0 : held_makeroom(rb));
}

int
rumpblk_isopen(dev_t dev)
{
	struct rblkdev *rb = rblk_of(dev);

	return (rb != NULL && rb->rb_open != 0);
}

int
rumpblk_detach(dev_t dev)
{
	struct rblkdev *rb = rblk_of(dev);

	if (rb == NULL)
		return (ENXIO);
	if (rb->rb_open != 0)
		return (EBUSY);
	(void)rumpuser_close(rb->rb_fd);
	rblk[minor(dev)] = NULL;
	free(rb, M_ETFS);
	return (0);
}
