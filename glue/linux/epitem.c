/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * epitem.c: the interest lists of epolls (epoll.h).
 *
 * An item leaves with its file: when no descriptor of the program's has that any
 * more, as on Linux.
 */
#include "linux.h"
#include "file.h"
#include "poll.h"
#include "epoll.h"

struct rumpuser_mtx *linux_epoll_lock;

/* By place.  Both are the lock's. */
static struct linux_epitem **linux_epitems;
static uint32_t linux_nepitems, linux_epitems_used;
static struct linux_epitem *linux_epitems_free;

void
linux_epoll_init(void)
{

	linux_mutex_init(&linux_epoll_lock);
}

void
linux_epoll_enter(struct linux_epoll *ep)
{

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	while (ep->ep_busy)
		rumpuser_cv_wait_nowrap(ep->ep_cv, linux_epoll_lock);
	ep->ep_busy = 1;
	rumpuser_mutex_exit(linux_epoll_lock);
}

void
linux_epoll_leave(struct linux_epoll *ep)
{

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	ep->ep_busy = 0;
	rumpuser_cv_signal(ep->ep_cv);
	rumpuser_mutex_exit(linux_epoll_lock);
}

struct linux_epitem *
linux_epitem_find(const struct linux_epoll *ep, const struct linux_file *f,
    int fd)
{
	struct linux_epitem *it;

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	for (it = f->f_epitems; it != NULL; it = it->it_fnext) {
		if (it->it_epoll == ep && it->it_fd == fd)
			break;
	}
	rumpuser_mutex_exit(linux_epoll_lock);
	return it;
}

struct linux_epitem *
linux_epitem_of(int64_t udata)
{
	const uint32_t place = (uint32_t)udata;
	struct linux_epitem *it;

	if (place >= linux_epitems_used)
		return NULL;
	it = linux_epitems[place];
	return it->it_epoll != NULL &&
	    it->it_generation == (uint64_t)udata >> 32 ? it : NULL;
}

/* Room for one more place: memory is asked for without the lock. */
static int
linux_epitems_grow(uint32_t have)
{
	const uint32_t n = have == 0 ? 64 : 2 * have;
	struct linux_epitem **old;
	void *mem;

	if (rumpuser_malloc(n * sizeof(*old), 0, &mem) != 0)
		return -LINUX_ENOMEM;
	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	old = linux_epitems;
	if (linux_nepitems == have) {
		if (have != 0)
			memcpy(mem, old, have * sizeof(*old));
		linux_epitems = mem;
		linux_nepitems = n;
	} else {			/* somebody was faster */
		old = mem;
		have = n;
	}
	rumpuser_mutex_exit(linux_epoll_lock);
	if (have != 0)
		rumpuser_free(old, have * sizeof(*old));
	return 0;
}

/* Gives a new item its place; *have: how many there are room for. */
static int
linux_epitem_place(struct linux_epitem *it, uint32_t *have)
{
	int placed;

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	*have = linux_nepitems;
	placed = linux_epitems_used < *have;
	if (placed) {
		it->it_place = linux_epitems_used++;
		linux_epitems[it->it_place] = it;
	}
	rumpuser_mutex_exit(linux_epoll_lock);
	return placed;
}

/* An item that is free, or a new one: they are kept. */
static int
linux_epitem_take(struct linux_epitem **itp)
{
	struct linux_epitem *it;
	uint32_t have;
	void *mem;
	int error;

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	if ((it = linux_epitems_free) != NULL)
		linux_epitems_free = it->it_next;
	rumpuser_mutex_exit(linux_epoll_lock);
	*itp = it;
	if (it != NULL)
		return 0;
	if (rumpuser_malloc(sizeof(*it), 0, &mem) != 0)
		return -LINUX_ENOMEM;
	*itp = it = mem;
	memset(it, 0, sizeof(*it));
	while (!linux_epitem_place(it, &have)) {
		if ((error = linux_epitems_grow(have)) != 0) {
			rumpuser_free(it, sizeof(*it));
			return error;
		}
	}
	return 0;
}

/* Off its lists; the place is free.  Under the lock. */
static void
linux_epitem_unlink(struct linux_epitem *it)
{
	struct linux_epitem **p = &it->it_file->f_epitems;

	while (*p != it)
		p = &(*p)->it_fnext;
	*p = it->it_fnext;
	*it->it_prev = it->it_next;
	if (it->it_next != NULL)
		it->it_next->it_prev = it->it_prev;
	it->it_epoll = NULL;
	it->it_file = NULL;
	it->it_generation++;
	it->it_next = linux_epitems_free;
	linux_epitems_free = it;
}

static void
linux_epitem_link(struct linux_epitem *it, struct linux_epoll *ep,
    struct linux_file *f)
{

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	it->it_epoll = ep;
	it->it_file = f;
	it->it_round = 0;
	it->it_next = ep->ep_items;
	it->it_prev = &ep->ep_items;
	if (it->it_next != NULL)
		it->it_next->it_prev = &it->it_next;
	ep->ep_items = it;
	it->it_fnext = f->f_epitems;
	f->f_epitems = it;
	rumpuser_mutex_exit(linux_epoll_lock);
}

/* Whether the epoll has a note on the file's own descriptor already. */
static int
linux_epitem_clashes(const struct linux_epoll *ep, const struct linux_file *f)
{
	const struct linux_epitem *it;

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	for (it = f->f_epitems; it != NULL; it = it->it_fnext) {
		if (it->it_epoll == ep && !it->it_owned)
			break;
	}
	rumpuser_mutex_exit(linux_epoll_lock);
	return it != NULL;
}

/*
 * The descriptor that a note is to be on, or a Linux errno negated.  A file that
 * the kernel does not know names one to wait for, or is ready always or never.
 */
static int
linux_epitem_descriptor(const struct linux_epoll *ep, struct linux_file *f,
    int events, int *owned)
{
	int fd = -1;

	*owned = 1;
	if (f->f_ops->fo_poll != NULL) {
		events = f->f_ops->fo_poll(f, events, &fd);
		if (fd == -1)
			return (int)linux_result(rump_sys_eventfd(events != 0,
			    0));
	} else {
		fd = f->f_rumpfd;
		*owned = linux_epitem_clashes(ep, f);
	}
	return *owned ? (int)linux_result(rump_sys_dup(fd)) : fd;
}

/* Tells the kernel what the item asks for. */
static int
linux_epitem_note(const struct linux_epitem *it)
{
	const uint32_t ever = LINUX_EPOLL_FLAGS | LINUX_POLLERR |
	    LINUX_POLLHUP | LINUX_POLLNVAL;
	struct rump_kevent kev = { .ident = (uint64_t)it->it_rumpfd,
	    .filter = RUMP_EVFILT_POLL, .flags = RUMP_EV_ADD | RUMP_EV_ENABLE,
	    .udata = (int64_t)((uint64_t)it->it_generation << 32 |
	    it->it_place) };

	if (it->it_events & LINUX_EPOLLET)
		kev.flags |= RUMP_EV_CLEAR;
	if (it->it_events & LINUX_EPOLLONESHOT)
		kev.flags |= RUMP_EV_DISPATCH;
	kev.fflags = it->it_file->f_ops->fo_poll != NULL ? RUMP_POLLIN :
	    (uint16_t)linux_poll_to_rump((int)(it->it_events & ~ever));
	return (int)linux_result(rump_sys_kevent(it->it_epoll->ep_kq, &kev, 1,
	    NULL, 0, NULL));
}

/* Of an item that is on no list any more. */
static void
linux_epitem_unnote(int kq, int rumpfd, int owned)
{
	const struct rump_kevent kev = { .ident = (uint64_t)rumpfd,
	    .filter = RUMP_EVFILT_POLL, .flags = RUMP_EV_DELETE };

	if (owned)
		(void)rump_sys_close(rumpfd);
	else
		(void)rump_sys_kevent(kq, &kev, 1, NULL, 0, NULL);
}

void
linux_epitem_remove(struct linux_epitem *it)
{
	const int kq = it->it_epoll->ep_kq, rumpfd = it->it_rumpfd;
	const int owned = it->it_owned;

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	linux_epitem_unlink(it);
	rumpuser_mutex_exit(linux_epoll_lock);
	linux_epitem_unnote(kq, rumpfd, owned);
}

/* What is asked for.  Counts and timers have no other names for their events. */
static void
linux_epitem_ask(struct linux_epitem *it, const struct linux_file *f,
    const struct linux_epoll_event *ev)
{

	it->it_data = ev->data;
	it->it_events = ev->events;
	if (f->f_ops == &linux_eventfd_ops || f->f_ops == &linux_timerfd_ops)
		it->it_events &= LINUX_EPOLL_FLAGS | LINUX_POLLIN |
		    LINUX_POLLOUT;
}

int
linux_epitem_add(struct linux_epoll *ep, struct linux_file *f, int fd,
    const struct linux_epoll_event *ev)
{
	struct linux_epitem *it;
	int error, owned, rumpfd;

	rumpfd = linux_epitem_descriptor(ep, f, (int)ev->events, &owned);
	if (rumpfd < 0)
		return rumpfd;
	error = linux_epitem_take(&it);
	if (error != 0) {
		if (owned)
			(void)rump_sys_close(rumpfd);
		return error;
	}
	it->it_fd = fd;
	it->it_rumpfd = rumpfd;
	it->it_owned = owned;
	linux_epitem_ask(it, f, ev);
	linux_epitem_link(it, ep, f);
	error = linux_epitem_note(it);
	if (error != 0)
		linux_epitem_remove(it);
	return error;
}

int
linux_epitem_change(struct linux_epitem *it, const struct linux_epoll_event *ev)
{

	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	linux_epitem_ask(it, it->it_file, ev);
	rumpuser_mutex_exit(linux_epoll_lock);
	return linux_epitem_note(it);
}

/* Takes the first item off a list: of an epoll, or of a file. */
static int
linux_epitem_evict(struct linux_epitem **list, int *rumpfd)
{
	struct linux_epitem *it;

	*rumpfd = -1;
	rumpuser_mutex_enter_nowrap(linux_epoll_lock);
	if ((it = *list) != NULL) {
		if (it->it_owned)
			*rumpfd = it->it_rumpfd;
		linux_epitem_unlink(it);
	}
	rumpuser_mutex_exit(linux_epoll_lock);
	return it != NULL;
}

/* The kernel's queue or descriptor goes next, and the note with it. */
void
linux_epoll_empty(struct linux_epitem **list)
{
	int rumpfd;

	while (linux_epitem_evict(list, &rumpfd)) {
		if (rumpfd != -1)
			(void)rump_sys_close(rumpfd);
	}
}
