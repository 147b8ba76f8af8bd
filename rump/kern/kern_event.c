/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_event.c: kqueue(2): one place to wait for events of many files.
 *
 * A note (struct knote) is one filter on one descriptor of one queue.  The file
 * attaches it to a list of its own and tells it of events; those whose filter
 * says yes wait on the queue's active list.  A note goes with its descriptor,
 * and is deaf once its file is taken away.  All of it belongs to the virtual CPU.
 *
 * A queue may be in another queue; kern_event_nest.c sees to it that this ends.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/event.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/poll.h>
#include <sys/pollvar.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/kmem.h>
#include <rump-sys/syscall.h>
#include "kern_event.h"

static LIST_HEAD(, kqueue) kqueues = LIST_HEAD_INITIALIZER(kqueues);

#define	EV_SYSFLAGS	(EV_EOF | EV_ERROR)	/* only ever out */

static void
knote_enqueue(struct knote *kn)
{
	struct kqueue *kq = kn->kn_kq;

	if (kn->kn_status & KN_QUEUED)
		return;
	kn->kn_status |= KN_QUEUED;
	TAILQ_INSERT_TAIL(&kq->kq_active, kn, kn_active);
	kq->kq_nactive++;
	wakeup(kq);
}

void
knote_dequeue(struct knote *kn)
{

	if ((kn->kn_status & KN_QUEUED) == 0)
		return;
	kn->kn_status &= ~KN_QUEUED;
	TAILQ_REMOVE(&kn->kn_kq->kq_active, kn, kn_active);
	kn->kn_kq->kq_nactive--;
}

static void
knote_activate(struct knote *kn)
{
	struct kqueue *kq = kn->kn_kq;
	int wasidle = kq->kq_nactive == 0;

	if (kn->kn_status & KN_DISABLED)
		return;
	knote_enqueue(kn);
	KNOTE(&kq->kq_rnote, 0);
	poll_wakeup();
	if (wasidle && kq->kq_notify != NULL)
		kq->kq_notify(kq->kq_notifyarg);
}

/* An event that kn's filter finds good: it, or the note that it is an ear of. */
static void
knote_event(struct knote *kn)
{

	if (kn->kn_owner == NULL)
		knote_activate(kn);
	else if (kn->kn_owner->kn_fop->f_event(kn->kn_owner, 0))
		knote_activate(kn->kn_owner);
}

/* An event of a file: tells its notes. */
void
knote(struct klist *list, long hint)
{
	struct knote *kn;

	SLIST_FOREACH(kn, list, kn_selnext)
		if (kn->kn_fop->f_event(kn, hint))
			knote_event(kn);
}

static int
filt_gone(struct knote *kn, long hint)
{

	(void)hint;
	kn->kn_flags |= EV_EOF | EV_ONESHOT;
	return (1);
}

static void
filt_gone_detach(struct knote *kn)
{

	(void)kn;
}

static const struct filterops gone_filtops =
	{ 1, NULL, filt_gone_detach, filt_gone };

/* What the notes of a list are about is taken away. */
void
knote_gone(struct klist *list)
{
	struct knote *kn;

	while ((kn = SLIST_FIRST(list)) != NULL) {
		SLIST_REMOVE_HEAD(list, kn_selnext);
		if (kn->kn_filter == EVFILT_VNODE &&
		    (kn->kn_sfflags & NOTE_REVOKE))
			kn->kn_fflags |= NOTE_REVOKE;
		kn->kn_fop = &gone_filtops;
		(void)filt_gone(kn, NOTE_REVOKE);
		knote_event(kn);
	}
}

static void
knote_drop(struct knote *kn)
{

	kn->kn_fop->f_detach(kn);
	knote_dequeue(kn);
	LIST_REMOVE(kn, kn_qlist);
	LIST_REMOVE(kn, kn_flist);
	free(kn, M_EVENT);
}

/* Descriptor fd of fp is closed; that of another process may be the same file. */
void
knote_fdclose(struct file *fp, struct filedesc *fdp, int fd)
{
	struct knote *kn, *next;

	for (kn = LIST_FIRST(&fp->f_knotes); kn != NULL; kn = next) {
		next = LIST_NEXT(kn, kn_flist);
		if (kn->kn_fdp == fdp && kn->kn_id == fd)
			knote_drop(kn);
	}
}

/* The file itself is closed. */
void
knote_fileclose(struct file *fp)
{
	struct knote *kn;

	while ((kn = LIST_FIRST(&fp->f_knotes)) != NULL)
		knote_drop(kn);
}

static struct knote *
knote_find(struct kqueue *kq, struct file *fp, const struct rump_kevent *kev)
{
	struct knote *kn;

	LIST_FOREACH(kn, &fp->f_knotes, kn_flist)
		if (kn->kn_kq == kq && kn->kn_fdp == curproc->p_fd &&
		    kn->kn_id == (int)kev->ident &&
		    kn->kn_filter == (short)kev->filter)
			return (kn);
	return (NULL);
}

static int
knote_add(struct kqueue *kq, struct file *fp, const struct rump_kevent *kev,
    struct knote **knp)
{
	struct knote *kn;
	int error;

	kn = malloc(sizeof(*kn), M_EVENT, M_WAITOK | M_CANFAIL | M_ZERO);
	if (kn == NULL)
		return (ENOMEM);
	kn->kn_kq = kq;
	kn->kn_id = (int)kev->ident;
	kn->kn_fdp = curproc->p_fd;
	kn->kn_filter = (short)kev->filter;
	kn->kn_flags = (u_short)(kev->flags & ~(EV_SYSFLAGS | EV_ADD));
	kn->kn_sfflags = kev->fflags;
	kn->kn_fp = fp;
	error = kn->kn_filter == EVFILT_POLL ? pollnote_attach(kn) :
	    fp->f_ops->fo_kqfilter(fp, kn);
	if (error != 0) {
		free(kn, M_EVENT);
		return (error == ELOOP || error == ENOMEM ? error : EINVAL);
	}
	LIST_INSERT_HEAD(&kq->kq_notes, kn, kn_qlist);
	LIST_INSERT_HEAD(&fp->f_knotes, kn, kn_flist);
	*knp = kn;
	return (0);
}

static int
register_file(struct kqueue *kq, struct file *fp, const struct rump_kevent *kev)
{
	struct knote *kn = knote_find(kq, fp, kev);
	int error;

	if (kn == NULL && (kev->flags & EV_ADD) == 0)
		return (ENOENT);
	if (kev->flags & EV_DELETE) {
		if (kn != NULL)
			knote_drop(kn);
		return (0);
	}
	if (kn == NULL && (error = knote_add(kq, fp, kev, &kn)) != 0)
		return (error);
	if (kev->flags & EV_ADD) {
		kn->kn_sfflags = kev->fflags;
		kn->kn_udata = kev->udata;
		if (kn->kn_filter == EVFILT_POLL)
			pollnote_change(kn, (u_short)kev->flags);
	}
	if (kev->flags & EV_DISABLE) {
		kn->kn_status |= KN_DISABLED;
		knote_dequeue(kn);
	} else if (kev->flags & EV_ENABLE) {
		kn->kn_status &= ~KN_DISABLED;
	}
	if ((kn->kn_status & KN_DISABLED) == 0 && kn->kn_fop->f_event(kn, 0))
		knote_activate(kn);
	return (0);
}

static int
kqueue_register(struct kqueue *kq, const struct rump_kevent *kev)
{
	struct proc *p = curproc;
	struct file *fp;
	int error;

	if (kev->filter != EVFILT_READ && kev->filter != EVFILT_WRITE &&
	    kev->filter != EVFILT_VNODE && kev->filter != EVFILT_POLL)
		return (EINVAL);
	if (kev->ident > INT_MAX)
		return (EBADF);
	if ((error = fdget(p, (int)kev->ident, &fp)) != 0)
		return (error);
	error = fp->f_ops->fo_kqfilter == NULL ? EINVAL :
	    register_file(kq, fp, kev);
	(void)frele(fp, p);
	return (error);
}

/* One active note, as an event; it may wait again, sleep, or be gone then. */
static int
take_event(struct knote *kn, struct rump_kevent *kev)
{

	knote_dequeue(kn);
	if ((kn->kn_status & KN_DISABLED) || !kn->kn_fop->f_event(kn, 0))
		return (0);
	*kev = (struct rump_kevent){ .ident = (uint64_t)kn->kn_id,
	    .filter = (uint16_t)kn->kn_filter, .flags = kn->kn_flags,
	    .fflags = kn->kn_fflags, .data = kn->kn_data,
	    .udata = kn->kn_udata };
	if (kn->kn_flags & EV_ONESHOT) {
		knote_drop(kn);
		return (1);
	}
	if (kn->kn_flags & (EV_CLEAR | EV_DISPATCH))
		kn->kn_fflags = 0;
	if (kn->kn_flags & EV_DISPATCH)
		kn->kn_status |= KN_DISABLED;
	else if ((kn->kn_flags & EV_CLEAR) == 0)
		knote_enqueue(kn);
	return (1);
}

static int
take_events(struct kqueue *kq, struct rump_kevent *events, int most)
{
	u_int left = kq->kq_nactive;
	struct knote *kn;
	int n = 0;

	/* Those that stay active go to the end: once round, no further. */
	while (left-- != 0 && n < most &&
	    (kn = TAILQ_FIRST(&kq->kq_active)) != NULL)
		n += take_event(kn, &events[n]);
	return (n);
}

/*
 * until: when to stop waiting, by the clock since boot; -1: never.  fd: what the
 * queue was found by; another descriptor of it may be closed meanwhile.
 */
static int
kqueue_scan(struct kqueue *kq, int fd, struct rump_kevent *events, int most,
    int64_t until, int *rv)
{
	u_int closes = kq->kq_closes;
	int64_t left = 0;

	while ((*rv = take_events(kq, events, most)) == 0) {
		if (until >= 0 && (left = until - monotonic_nsec()) <= 0)
			return (0);
		if (wait_ended)
			return (EINTR);
		(void)tsleep_nsec(kq, PWAIT | PCATCH, "kqueue",
		    until >= 0 ? left : 0);
		curproc->p_fdused = fd;
		if (kq->kq_closes != closes && fdgone(kq))
			return (EBADF);
	}
	return (0);
}

static int
kqueue_read(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{

	(void)fp;
	(void)off;
	(void)uio;
	(void)cred;
	return (ENXIO);
}

static int
kqueue_stat(struct file *fp, struct rump_stat *sb, struct proc *p)
{

	(void)p;
	memset(sb, 0, sizeof(*sb));
	sb->st_mode = S_IFIFO;
	sb->st_size = ((struct kqueue *)fp->f_data)->kq_nactive;
	return (0);
}

static int
kqueue_poll(struct file *fp, int events)
{

	return (kqueue_holds(fp->f_data) ? events & (POLLIN | POLLRDNORM) : 0);
}

static void
kqueue_interrupt(struct file *fp)
{
	struct kqueue *kq = fp->f_data;

	kq->kq_closes++;
	wakeup(kq);
}

static int
kqueue_close(struct file *fp, struct proc *p)
{
	struct kqueue *kq = fp->f_data;
	struct knote *kn;

	(void)p;
	while ((kn = LIST_FIRST(&kq->kq_notes)) != NULL)
		knote_drop(kn);
	LIST_REMOVE(kq, kq_all);
	free(kq, M_EVENT);
	return (0);
}

/* Whoever waits fails: wait_ended is set. */
void
kqueue_end(void)
{
	struct kqueue *kq;

	LIST_FOREACH(kq, &kqueues, kq_all)
		wakeup(kq);
}

static const struct fileops kqueueops = {
	.fo_read = kqueue_read,
	.fo_write = kqueue_read,
	.fo_stat = kqueue_stat,
	.fo_close = kqueue_close,
	.fo_interrupt = kqueue_interrupt,
	.fo_kqfilter = kqueue_kqfilter,
	.fo_poll = kqueue_poll,
};

static int
do_kqueue(int flags, int *rv)
{
	struct kqueue *kq;
	struct file *fp;
	int error;

	if (flags & ~(RUMP_O_CLOEXEC | RUMP_O_NONBLOCK))
		return (EINVAL);
	error = falloc(curproc, FREAD | FWRITE | flags, &fp, rv);
	if (error != 0)
		return (error);
	kq = malloc(sizeof(*kq), M_EVENT, M_WAITOK | M_ZERO);
	TAILQ_INIT(&kq->kq_active);
	LIST_INIT(&kq->kq_notes);
	LIST_INSERT_HEAD(&kqueues, kq, kq_all);
	fp->f_type = DTYPE_KQUEUE;
	fp->f_data = kq;
	fp->f_ops = &kqueueops;
	return (0);
}

int
rump_sys_kqueue(void)
{

	SYSCALL_RESULT(int, rv, do_kqueue(0, &rv));
}

int
rump_sys_kqueue1(int flags)
{

	SYSCALL_RESULT(int, rv, do_kqueue(flags, &rv));
}

/*
 * Takes the changes in.  One that fails is an event of its own if there is room
 * for it (EV_RECEIPT: also one that succeeds), else the call's failure.
 */
static int
take_changes(struct kqueue *kq, const struct rump_kevent *changes, size_t n,
    struct rump_kevent *events, int most, int *rv)
{
	size_t i;
	int error;

	for (i = 0; i < n; i++) {
		error = kqueue_register(kq, &changes[i]);
		if (error == 0 && (changes[i].flags & EV_RECEIPT) == 0)
			continue;
		if (*rv >= most) {
			if (error != 0)
				return (error);
			continue;
		}
		events[*rv] = changes[i];
		events[*rv].flags = EV_ERROR;
		events[*rv].data = error;
		(*rv)++;
	}
	return (0);
}

static int
do_kevent(int fd, const struct rump_kevent *changes, size_t nchanges,
    struct rump_kevent *events, size_t nevents,
    const struct rump_timespec *timeout, int *rv)
{
	struct proc *p = curproc;
	int most = (int)MIN(nevents, INT_MAX), error;
	int64_t until = -1;
	struct file *fp;

	if ((nchanges != 0 && changes == NULL) || (most != 0 && events == NULL))
		return (EFAULT);
	if (timeout != NULL) {
		if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 ||
		    timeout->tv_nsec >= 1000000000)
			return (EINVAL);
		until = timeout->tv_sec == 0 && timeout->tv_nsec == 0 ? 0 :
		    monotonic_nsec() + timeout->tv_nsec +
		    MIN(timeout->tv_sec, INT32_MAX) * 1000000000;
	}
	if ((error = fdget(p, fd, &fp)) != 0)
		return (error);
	if (fp->f_type != DTYPE_KQUEUE)
		error = EBADF;
	else
		error = take_changes(fp->f_data, changes, nchanges, events,
		    most, rv);
	if (error == 0 && *rv == 0 && most != 0)
		error = kqueue_scan(fp->f_data, fd, events, most, until, rv);
	(void)frele(fp, p);
	return (error);
}

int
rump_sys_kevent(int fd, const struct rump_kevent *changes, size_t nchanges,
    struct rump_kevent *events, size_t nevents,
    const struct rump_timespec *timeout)
{

	SYSCALL_RESULT(int, rv, do_kevent(fd, changes, nchanges, events,
	    nevents, timeout, &rv));
}

static int
kqueue_notify(int fd, void (*fn)(void *), void *arg)
{
	struct kqueue *kq;
	struct file *fp;
	int error;

	if ((error = fdget(curproc, fd, &fp)) != 0)
		return (error);
	if (fp->f_type != DTYPE_KQUEUE) {
		error = EBADF;
	} else {
		kq = fp->f_data;
		kq->kq_notify = fn;
		kq->kq_notifyarg = arg;
		if (kq->kq_nactive != 0 && fn != NULL)
			fn(arg);
	}
	(void)frele(fp, curproc);
	return (error);
}

int
rump_pub_kqueue_notify(int fd, void (*fn)(void *), void *arg)
{
	int error;

	rump_schedule();
	error = kqueue_notify(fd, fn, arg);
	rump_unschedule();
	return (error);
}
