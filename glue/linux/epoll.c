/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * epoll.c: epoll_create, epoll_ctl, epoll_wait and their variants.
 *
 * The usual wait is one call of the kernel's, and needs no memory but the stack.
 */
#include "linux.h"
#include "file.h"
#include "poll.h"
#include "epoll.h"

#define	LINUX_CTL_ADD		1
#define	LINUX_CTL_DEL		2
#define	LINUX_CTL_MOD		3
#define	LINUX_EPOLL_BATCH	32	/* events from one call of the kernel's */
#define	LINUX_EPOLL_MOST	(INT32_MAX / (int)sizeof(struct linux_epoll_event))

static long
linux_epoll_noread(struct linux_file *f, void *buf, size_t len, int64_t off)
{

	(void)f, (void)buf, (void)len, (void)off;
	return -LINUX_EINVAL;
}

static long
linux_epoll_nowrite(struct linux_file *f, const void *buf, size_t len,
    int64_t off)
{

	(void)f, (void)buf, (void)len, (void)off;
	return -LINUX_EINVAL;
}

/* An epoll may be waited for, too: in another, or by poll. */
static int
linux_epoll_poll(struct linux_file *f, int events, int *waitfd)
{
	struct rump_pollfd pfd = { .fd = f->f_epoll->ep_kq,
	    .events = RUMP_POLLIN };

	*waitfd = f->f_epoll->ep_kq;
	if (rump_sys_poll(&pfd, 1, 0) != 1)
		return 0;
	return events & (LINUX_POLLIN | LINUX_POLLRDNORM);
}

static void
linux_epoll_close(struct linux_file *f)
{
	struct linux_epoll *ep = f->f_epoll;

	if (ep == NULL)
		return;
	linux_epoll_empty(&ep->ep_items);
	(void)rump_sys_close(ep->ep_kq);
	rumpuser_cv_destroy(ep->ep_cv);
	rumpuser_free(ep, sizeof(*ep));
}

static const struct linux_fileops linux_epoll_ops = {
	.fo_read = linux_epoll_noread,
	.fo_write = linux_epoll_nowrite,
	.fo_stat = linux_nameless_stat,
	.fo_close = linux_epoll_close,
	.fo_poll = linux_epoll_poll
};

static int
linux_epoll_new(struct linux_epoll **epp)
{
	struct linux_epoll *ep;
	void *mem;

	if (rumpuser_malloc(sizeof(*ep), 0, &mem) != 0)
		return -LINUX_ENOMEM;
	ep = mem;
	memset(ep, 0, sizeof(*ep));
	ep->ep_kq = rump_sys_kqueue();
	if (ep->ep_kq == -1) {
		rumpuser_free(ep, sizeof(*ep));
		return (int)linux_result(-1);
	}
	rumpuser_cv_init(&ep->ep_cv);
	*epp = ep;
	return 0;
}

static long
linux_epoll_create(int flags)
{
	struct linux_file *f;
	int error, fd;

	error = linux_file_create(&linux_epoll_ops, 2, &f);
	if (error != 0)
		return error;
	error = linux_epoll_new(&f->f_epoll);
	fd = error != 0 ? error : linux_fd_install(f, 0,
	    (flags & LINUX_O_CLOEXEC) != 0);
	if (fd < 0)
		linux_file_put(f);
	return fd;
}

long
linux_sys_epoll_create(struct linux_call *lc)
{

	return (int)lc->lc_arg[0] <= 0 ? -LINUX_EINVAL : linux_epoll_create(0);
}

long
linux_sys_epoll_create1(struct linux_call *lc)
{
	const int flags = (int)lc->lc_arg[0];

	return flags & ~LINUX_O_CLOEXEC ? -LINUX_EINVAL :
	    linux_epoll_create(flags);
}

/* Files that never make anybody wait cannot be waited for. */
static int
linux_epoll_may(struct linux_file *f)
{
	struct rump_stat st;

	if (f->f_ops->fo_poll != NULL)
		return 1;
	if (f->f_rumpfd == -1 || f->f_regular || f->f_dir != NULL)
		return 0;
	return f->f_ops != &linux_rumpfile_ops ||
	    (rump_sys_fstat(f->f_rumpfd, &st) == 0 &&
	    (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFIFO);
}

/* Wakes one thread only, if it may: here that is no promise. */
static int
linux_epoll_exclusive(const struct linux_file *f, int op, uint32_t events)
{
	const uint32_t may = LINUX_POLLIN | LINUX_POLLOUT | LINUX_POLLERR |
	    LINUX_POLLHUP | LINUX_EPOLLWAKEUP | LINUX_EPOLLET |
	    LINUX_EPOLLEXCLUSIVE;

	if ((events & LINUX_EPOLLEXCLUSIVE) == 0 || op == LINUX_CTL_DEL)
		return 0;
	return op == LINUX_CTL_MOD || f->f_epoll != NULL || (events & ~may) ?
	    -LINUX_EINVAL : 0;
}

static int
linux_epoll_change(struct linux_epoll *ep, int op, struct linux_file *f,
    int fd, const struct linux_epoll_event *ev)
{
	struct linux_epitem *it = linux_epitem_find(ep, f, fd);
	int error = 0;

	if (op == LINUX_CTL_ADD)
		return it != NULL ? -LINUX_EEXIST :
		    linux_epitem_add(ep, f, fd, ev);
	if (op != LINUX_CTL_DEL && op != LINUX_CTL_MOD)
		return -LINUX_EINVAL;
	if (it == NULL)
		return -LINUX_ENOENT;
	if (op == LINUX_CTL_MOD && (it->it_events & LINUX_EPOLLEXCLUSIVE))
		return -LINUX_EINVAL;
	if (op == LINUX_CTL_MOD && f->f_ops->fo_poll == NULL)
		return linux_epitem_change(it, ev);
	/* What to wait for there depends on the events. */
	if (op == LINUX_CTL_MOD)
		error = linux_epitem_add(ep, f, fd, ev);
	if (error == 0)
		linux_epitem_remove(it);
	return error;
}

long
linux_sys_epoll_ctl(struct linux_call *lc)
{
	const int op = (int)lc->lc_arg[1], fd = (int)lc->lc_arg[2];
	struct linux_epoll_event ev = { 0, 0 };
	struct linux_file *epf, *f;
	int error = 0;

	if (op != LINUX_CTL_DEL)
		error = linux_user_in(&ev, lc->lc_arg[3], sizeof(ev));
	if (error != 0)
		return error;
	if ((epf = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	f = linux_file_get(fd);
	if (f == NULL || (f->f_flags & LINUX_O_PATH))
		error = -LINUX_EBADF;
	else if (!linux_epoll_may(f))
		error = -LINUX_EPERM;
	else if (epf == f || epf->f_epoll == NULL)
		error = -LINUX_EINVAL;
	else
		error = linux_epoll_exclusive(f, op, ev.events);
	if (error == 0) {
		linux_epoll_enter(epf->f_epoll);
		error = linux_epoll_change(epf->f_epoll, op, f, fd, &ev);
		linux_epoll_leave(epf->f_epoll);
	}
	if (f != NULL)
		linux_file_put(f);
	linux_file_put(epf);
	return error;
}

/* A wait: where the events go, and what is left of its time. */
struct linux_epoll_wait {
	struct linux_epoll *ew_epoll;
	uint64_t ew_addr;
	int ew_most, ew_done;
	uint32_t ew_round;
	int ew_repeated;		/* an item came for the second time */
};

/*
 * What a note told, as an event of the program's; 0 if there is none any more.
 * Only an end of something needs a second look at the file, and what the kernel
 * does not know.
 */
static int
linux_epoll_event(struct linux_epoll_wait *ew, const struct rump_kevent *kev,
    struct linux_epoll_event *ev)
{
	struct linux_file *f = NULL;
	struct linux_epitem *it;
	int events, unused;

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	it = linux_epitem_of(kev->udata);
	if (it != NULL && ew->ew_done != 0 && it->it_round == ew->ew_round &&
	    (it->it_events & LINUX_EPOLLET) == 0) {
		ew->ew_repeated = 1;
		it = NULL;
	}
	if (it == NULL) {
		rumpuser_mutex_exit(linux_epoll_lock);
		return 0;
	}
	it->it_round = ew->ew_round;
	ev->data = it->it_data;
	events = (int)(it->it_events & ~LINUX_EPOLL_FLAGS) | LINUX_POLLERR |
	    LINUX_POLLHUP;
	if ((kev->data & RUMP_POLLHUP) || it->it_file->f_ops->fo_poll != NULL)
		f = linux_file_hold(it->it_file);
	rumpuser_mutex_exit(linux_epoll_lock);
	if (f != NULL && f->f_ops->fo_poll != NULL)
		events = f->f_ops->fo_poll(f, events, &unused);
	else if (f != NULL || (kev->data & RUMP_POLLHUP) == 0)
		events = linux_poll_from_rump(f, (int)kev->data, events);
	else
		events = 0;		/* closed meanwhile */
	if (f != NULL)
		linux_file_put(f);
	ev->events = (uint32_t)events;
	return events != 0;
}

/* The note looks again: what it told was not taken. */
static void
linux_epoll_again(struct linux_epoll *ep, struct rump_kevent *kev)
{

	kev->flags = RUMP_EV_ENABLE | (kev->flags & (RUMP_EV_CLEAR |
	    RUMP_EV_DISPATCH));
	(void)rump_sys_kevent(ep->ep_kq, kev, 1, NULL, 0, NULL);
}

/* One call of the kernel's: how many notes told something, or an errno. */
static int
linux_epoll_batch(struct linux_epoll_wait *ew, const struct rump_timespec *ts)
{
	struct rump_kevent kev[LINUX_EPOLL_BATCH];
	const int room = ew->ew_most - ew->ew_done;
	struct linux_epoll_event ev;
	int error = 0, i, n;

	n = (int)linux_result(rump_sys_kevent(ew->ew_epoll->ep_kq, NULL, 0,
	    kev, (size_t)(room < LINUX_EPOLL_BATCH ? room :
	    LINUX_EPOLL_BATCH), ts));
	for (i = 0; i < n; i++) {
		if (error == 0 && !linux_epoll_event(ew, &kev[i], &ev)) {
			if (kev[i].flags & RUMP_EV_DISPATCH)
				linux_epoll_again(ew->ew_epoll, &kev[i]);
			continue;
		}
		if (error == 0)
			error = linux_user_out(ew->ew_addr +
			    (uint64_t)ew->ew_done * sizeof(ev), &ev,
			    sizeof(ev));
		if (error == 0)
			ew->ew_done++;
		else
			linux_epoll_again(ew->ew_epoll, &kev[i]);
	}
	return error != 0 ? error : n;
}

static uint32_t
linux_epoll_round(struct linux_epoll *ep)
{
	uint32_t round;

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	round = ++ep->ep_round;
	rumpuser_mutex_exit(linux_epoll_lock);
	return round;
}

/* limit: nanoseconds; negative for ever. */
static long
linux_epoll_events(struct linux_epoll_wait *ew, int64_t limit)
{
	const int64_t until = limit > 0 ? linux_monotonic() + limit : 0;
	struct rump_timespec ts = { limit / LINUX_NSEC, limit % LINUX_NSEC };
	int n;

	ew->ew_round = linux_epoll_round(ew->ew_epoll);
	for (;;) {
		n = linux_epoll_batch(ew, limit < 0 ? NULL : &ts);
		if (n <= 0 || ew->ew_repeated || ew->ew_done == ew->ew_most ||
		    (ew->ew_done != 0 && n < LINUX_EPOLL_BATCH))
			break;
		/* There may be more; or all that there was has gone. */
		if (ew->ew_done != 0)
			limit = 0;
		else if (limit > 0 && (limit = until - linux_monotonic()) < 0)
			limit = 0;
		ts = (struct rump_timespec){ limit / LINUX_NSEC,
		    limit % LINUX_NSEC };
	}
	return n < 0 && ew->ew_done == 0 ? n : ew->ew_done;
}

static long
linux_epoll_wait(struct linux_call *lc, int64_t limit)
{
	struct linux_epoll_wait ew = { .ew_addr = lc->lc_arg[1],
	    .ew_most = (int)lc->lc_arg[2] };
	const uint64_t addr = lc->lc_arg[1];
	struct linux_file *f;
	long result;

	if (ew.ew_most <= 0 || ew.ew_most > LINUX_EPOLL_MOST)
		return -LINUX_EINVAL;
	/* Whether it is there is asked when there is something to tell. */
	if (addr >= HOST_VM_HIGH || (uint64_t)ew.ew_most *
	    sizeof(struct linux_epoll_event) > HOST_VM_HIGH - addr)
		return -LINUX_EFAULT;
	if ((f = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	ew.ew_epoll = f->f_epoll;
	result = ew.ew_epoll == NULL ? -LINUX_EINVAL :
	    linux_epoll_events(&ew, limit);
	linux_file_put(f);
	return result;
}

long
linux_sys_epoll_wait(struct linux_call *lc)
{
	const int ms = (int)lc->lc_arg[3];

	return linux_epoll_wait(lc, ms < 0 ? -1 : ms * 1000000L);
}

long
linux_sys_epoll_pwait(struct linux_call *lc)
{
	const int error = linux_poll_sigmask(lc->lc_arg[4], lc->lc_arg[5]);

	return error != 0 ? error : linux_sys_epoll_wait(lc);
}

long
linux_sys_epoll_pwait2(struct linux_call *lc)
{
	struct linux_timespec ts = { 0, 0 };
	int error = 0;

	if (lc->lc_arg[3] != 0)
		error = linux_poll_limit(lc->lc_arg[3], &ts);
	if (error == 0)
		error = linux_poll_sigmask(lc->lc_arg[4], lc->lc_arg[5]);
	if (error != 0)
		return error;
	return linux_epoll_wait(lc, lc->lc_arg[3] == 0 ? -1 :
	    ts.tv_sec >= INT32_MAX ? INT32_MAX * LINUX_NSEC :
	    ts.tv_sec * LINUX_NSEC + ts.tv_nsec);
}
