/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_fsevents.c: queues of file events as descriptors (rump/fsevents.h).
 *
 * Nothing in the kernel names it before the first queue is opened, so that an
 * image whose program opens none does not hold it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/event.h>
#include <sys/filedesc.h>
#include <sys/ioctl.h>
#include <sys/malloc.h>
#include <sys/poll.h>
#include <sys/pollvar.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <rump/rump.h>
#include <rump/fsevents.h>
#include "vfs_private.h"
#include "vfs_watch.h"

struct record {
	TAILQ_ENTRY(record) r_list;
	size_t r_len;			/* bytes of r_event, with its name */
	struct rump_fsevent r_event;	/* last: the name is behind it */
};

/* All fields belong to the virtual CPU. */
struct fsqueue {
	TAILQ_HEAD(recordlist, record) fq_records;
	LIST_HEAD(, watch) fq_watches;
	u_int fq_nrecords;
	u_int fq_nwatches;
	size_t fq_bytes;		/* of all records */
	int fq_lastid;
	u_int fq_closes;		/* descriptors closed while in use */
	struct klist fq_notes;		/* of kqueue(2) */
};

static size_t
padded(size_t len)
{

	return (len == 0 ? 0 : roundup(len + 1, 16));
}

static struct record *
record_new(int id, uint32_t mask, uint32_t cookie, const char *name,
    size_t len)
{
	size_t bytes = padded(len);
	struct record *r;

	r = malloc(sizeof(*r) + bytes, M_EVENT, M_WAITOK | M_CANFAIL);
	if (r == NULL)
		return (NULL);
	r->r_len = sizeof(r->r_event) + bytes;
	r->r_event.fe_watch = id;
	r->r_event.fe_mask = mask;
	r->r_event.fe_cookie = cookie;
	r->r_event.fe_namelen = (uint32_t)bytes;
	if (bytes != 0) {
		memset(r->r_event.fe_name, 0, bytes);
		memcpy(r->r_event.fe_name, name, len);
	}
	return (r);
}

static int
is_same(const struct record *a, const struct record *b)
{

	return (a->r_len == b->r_len &&
	    memcmp(&a->r_event, &b->r_event, a->r_len) == 0);
}

static void
enqueue(struct fsqueue *fq, struct record *r)
{

	TAILQ_INSERT_TAIL(&fq->fq_records, r, r_list);
	fq->fq_nrecords++;
	fq->fq_bytes += r->r_len;
	wakeup(fq);
	KNOTE(&fq->fq_notes, 0);
	poll_wakeup();
}

/* Events got lost: one record at the end says so. */
static void
overflow(struct fsqueue *fq)
{
	struct record *last = TAILQ_LAST(&fq->fq_records, recordlist), *r;

	if (last != NULL && last->r_event.fe_mask == RUMP_FSEVENT_OVERFLOW)
		return;
	r = record_new(-1, RUMP_FSEVENT_OVERFLOW, 0, NULL, 0);
	if (r != NULL)
		enqueue(fq, r);
	else if (last != NULL) {
		/* No memory for that either: the newest makes room. */
		fq->fq_bytes -= last->r_len - sizeof(last->r_event);
		last->r_len = sizeof(last->r_event);
		last->r_event = (struct rump_fsevent){ .fe_watch = -1,
		    .fe_mask = RUMP_FSEVENT_OVERFLOW };
	}
}

static void
fsqueue_add(struct watch *w, uint32_t mask, uint32_t cookie, const char *name,
    size_t len)
{
	struct fsqueue *fq = w->w_queue;
	struct record *last, *r;

	if (mask == RUMP_FSEVENT_IGNORED)
		fq->fq_nwatches--;
	if (fq->fq_nrecords >= RUMP_FSEVENTS_QUEUED ||
	    (r = record_new(w->w_id, mask, cookie, name, len)) == NULL) {
		overflow(fq);
		return;
	}
	last = TAILQ_LAST(&fq->fq_records, recordlist);
	if (last != NULL && is_same(last, r))
		free(r, M_EVENT);
	else
		enqueue(fq, r);
}

/* As many whole records as fit. */
static int
take_records(struct fsqueue *fq, struct uio *uio)
{
	struct record *r;
	int error = 0;

	if (TAILQ_FIRST(&fq->fq_records)->r_len > uio->uio_resid)
		return (EINVAL);
	while (error == 0 && (r = TAILQ_FIRST(&fq->fq_records)) != NULL &&
	    r->r_len <= uio->uio_resid) {
		TAILQ_REMOVE(&fq->fq_records, r, r_list);
		fq->fq_nrecords--;
		fq->fq_bytes -= r->r_len;
		error = uiomove(&r->r_event, (int)r->r_len, uio);
		free(r, M_EVENT);
	}
	return (error);
}

static int
fsqueue_read(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{
	struct fsqueue *fq = fp->f_data;
	u_int closes = fq->fq_closes;

	(void)off;
	(void)cred;
	while (TAILQ_EMPTY(&fq->fq_records)) {
		if (fp->f_flag & FNONBLOCK)
			return (EAGAIN);
		(void)tsleep(fq, PWAIT | PCATCH, "fsevents", 0);
		if (fq->fq_closes != closes && fdgone(fq))
			return (EBADF);
	}
	return (take_records(fq, uio));
}

static int
fsqueue_write(struct file *fp, off_t *off, struct uio *uio,
    struct ucred *cred)
{

	(void)fp;
	(void)off;
	(void)uio;
	(void)cred;
	return (EBADF);
}

static int
fsqueue_ioctl(struct file *fp, u_long cmd, caddr_t data, struct proc *p)
{
	struct fsqueue *fq = fp->f_data;

	(void)p;
	if (cmd != FIONREAD)
		return (ENOTTY);
	*(int *)(void *)data = (int)MIN(fq->fq_bytes, INT_MAX);
	return (0);
}

static int
fsqueue_stat(struct file *fp, struct rump_stat *sb, struct proc *p)
{

	(void)p;
	file_stat(fp, S_IFIFO | S_IRUSR | S_IWUSR, sb);
	return (0);
}

/* A descriptor goes while somebody reads from it: he is to notice. */
static int
fsqueue_poll(struct file *fp, int events)
{
	const struct fsqueue *fq = fp->f_data;

	return (TAILQ_EMPTY(&fq->fq_records) ? 0 :
	    events & (POLLIN | POLLRDNORM));
}

static void
fsqueue_interrupt(struct file *fp)
{
	struct fsqueue *fq = fp->f_data;

	fq->fq_closes++;
	wakeup(fq);
}

static int
fsqueue_close(struct file *fp, struct proc *p)
{
	struct fsqueue *fq = fp->f_data;
	struct record *r;
	struct watch *w;

	(void)p;
	while ((w = LIST_FIRST(&fq->fq_watches)) != NULL)
		watch_remove(w);
	while ((r = TAILQ_FIRST(&fq->fq_records)) != NULL) {
		TAILQ_REMOVE(&fq->fq_records, r, r_list);
		free(r, M_EVENT);
	}
	free(fq, M_EVENT);
	return (0);
}

static void
filt_fsqueue_detach(struct knote *kn)
{
	struct fsqueue *fq = kn->kn_hook;

	SLIST_REMOVE(&fq->fq_notes, kn, knote, kn_selnext);
}

static int
filt_fsqueue(struct knote *kn, long hint)
{
	struct fsqueue *fq = kn->kn_hook;

	(void)hint;
	kn->kn_data = (int64_t)fq->fq_bytes;
	return (kn->kn_data != 0);
}

static const struct filterops fsqueue_filtops =
	{ 1, NULL, filt_fsqueue_detach, filt_fsqueue };

static int
fsqueue_kqfilter(struct file *fp, struct knote *kn)
{
	struct fsqueue *fq = fp->f_data;

	if (kn->kn_filter != EVFILT_READ)
		return (EINVAL);
	kn->kn_fop = &fsqueue_filtops;
	kn->kn_hook = fq;
	SLIST_INSERT_HEAD(&fq->fq_notes, kn, kn_selnext);
	return (0);
}

static const struct fileops fsqueueops = {
	.fo_read = fsqueue_read,
	.fo_write = fsqueue_write,
	.fo_ioctl = fsqueue_ioctl,
	.fo_stat = fsqueue_stat,
	.fo_close = fsqueue_close,
	.fo_interrupt = fsqueue_interrupt,
	.fo_kqfilter = fsqueue_kqfilter,
	.fo_poll = fsqueue_poll,
};

static int
fsevents_open(int flags, int *fdp)
{
	struct fsqueue *fq;
	struct file *fp;
	int error, fd;

	if (flags & ~(RUMP_O_NONBLOCK | RUMP_O_CLOEXEC))
		return (EINVAL);
	error = falloc(curproc, FREAD | (flags & RUMP_O_NONBLOCK) |
	    (flags & RUMP_O_CLOEXEC), &fp, &fd);
	if (error != 0)
		return (error);
	fq = malloc(sizeof(*fq), M_EVENT, M_WAITOK | M_ZERO);
	TAILQ_INIT(&fq->fq_records);
	LIST_INIT(&fq->fq_watches);
	watch_queue = fsqueue_add;
	fp->f_type = DTYPE_FSEVENTS;
	fp->f_data = fq;
	fp->f_ops = &fsqueueops;
	*fdp = fd;
	return (0);
}

int
rump_pub_fsevents_open(int flags, int *fd)
{
	int error;

	rump_schedule();
	error = fsevents_open(flags, fd);
	rump_unschedule();
	return (error);
}

static int
get_queue(int fd, struct file **fpp)
{
	int error;

	if ((error = fdget(curproc, fd, fpp)) != 0)
		return (error);
	if ((*fpp)->f_type == DTYPE_FSEVENTS)
		return (0);
	(void)frele(*fpp, curproc);
	return (EINVAL);
}

/* The watch of vp, made new if there is none; takes the use of vp if so. */
static int
watch_vnode(struct fsqueue *fq, struct vnode *vp, uint32_t mask, int *id)
{
	struct watch *w;

	SLIST_FOREACH(w, &vp->v_watches, w_vlist)
		if (w->w_queue == fq && !w->w_ends)
			break;
	if (w != NULL) {
		w->w_mask = mask & RUMP_FSEVENT_MASK_ADD ? w->w_mask | mask :
		    mask;
		*id = w->w_id;
		vrele(vp);
		return (0);
	}
	if (fq->fq_nwatches >= RUMP_FSEVENTS_WATCHES ||
	    fq->fq_lastid == INT_MAX || (w = malloc(sizeof(*w), M_VNODE,
	    M_WAITOK | M_CANFAIL | M_ZERO)) == NULL) {
		vrele(vp);
		return (ENOSPC);
	}
	w->w_queue = fq;
	w->w_vp = vp;
	w->w_mask = mask;
	w->w_id = *id = ++fq->fq_lastid;
	SLIST_INSERT_HEAD(&vp->v_watches, w, w_vlist);
	LIST_INSERT_HEAD(&fq->fq_watches, w, w_qlist);
	fq->fq_nwatches++;
	vfs_watches++;
	return (0);
}

static int
fsevents_add(int fd, const char *path, uint32_t mask, int *watch)
{
	struct proc *p = curproc;
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = get_queue(fd, &fp)) != 0)
		return (error);
	if ((mask & RUMP_FSEVENT_ALL) == 0)
		error = EINVAL;
	else
		error = vfs_lookup_for(RUMP_AT_FDCWD, path,
		    mask & RUMP_FSEVENT_NOFOLLOW ? NOFOLLOW : FOLLOW, &vp);
	if (error == 0) {
		if ((mask & RUMP_FSEVENT_ONLYDIR) && vp->v_type != VDIR)
			error = ENOTDIR;
		else
			error = VOP_ACCESS(vp, VREAD, p->p_ucred, p);
		if (error != 0) {
			vput(vp);
		} else {
			VOP_UNLOCK(vp, 0, p);
			error = watch_vnode(fp->f_data, vp, mask, watch);
		}
	}
	(void)frele(fp, p);
	return (error);
}

int
rump_pub_fsevents_add(int fd, const char *path, uint32_t mask, int *watch)
{
	int error;

	rump_schedule();
	error = fsevents_add(fd, path, mask, watch);
	rump_unschedule();
	return (error);
}

static int
fsevents_remove(int fd, int id)
{
	struct fsqueue *fq;
	struct watch *w;
	struct file *fp;
	int error;

	if ((error = get_queue(fd, &fp)) != 0)
		return (error);
	fq = fp->f_data;
	LIST_FOREACH(w, &fq->fq_watches, w_qlist)
		if (w->w_id == id && !w->w_ends)
			break;
	if (w == NULL) {
		error = EINVAL;
	} else {
		fsqueue_add(w, RUMP_FSEVENT_IGNORED, 0, NULL, 0);
		watch_remove(w);
	}
	(void)frele(fp, curproc);
	return (error);
}

int
rump_pub_fsevents_remove(int fd, int watch)
{
	int error;

	rump_schedule();
	error = fsevents_remove(fd, watch);
	rump_unschedule();
	return (error);
}
