/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_kern_epoll.c: kqueue as a layer with Linux's epoll needs it: notes of all that
 * poll says (EVFILT_POLL), and queues in queues.
 */
#include "h_net.h"

#define	IN	RUMP_POLLIN
#define	OUT	RUMP_POLLOUT
#define	HUP	RUMP_POLLHUP
#define	ADD	RUMP_EV_ADD
#define	CLEAR	RUMP_EV_CLEAR

static const struct rump_timespec at_once = { 0, 0 };
static char big[65536];

static void
h_change(int kq, int fd, int filter, int flags, int events)
{
	struct rump_kevent kev = { .ident = (uint64_t)fd,
	    .filter = (uint16_t)filter, .flags = (uint16_t)flags,
	    .fflags = (uint32_t)events, .udata = fd * 1000 };

	CHECK_OK(rump_sys_kevent(kq, &kev, 1, NULL, 0, NULL));
}

static void
h_add(int kq, int fd, int flags, int events)
{

	h_change(kq, fd, RUMP_EVFILT_POLL, ADD | flags, events);
}

/* The one event that there is: what poll says of fd; -1 if there is none. */
static int
h_event(int kq, int fd)
{
	struct rump_kevent got[2];
	int n;

	CHECK_OK(n = rump_sys_kevent(kq, NULL, 0, got, 2, &at_once));
	if (n == 0)
		return -1;
	CHECK_EQUAL(n, 1);
	CHECK_EQUAL(got[0].ident, fd);
	CHECK_EQUAL(got[0].filter, RUMP_EVFILT_POLL);
	CHECK_EQUAL(got[0].udata, fd * 1000);
	return (int)got[0].data;
}

static void
h_put(int fd, uint64_t n)
{

	CHECK_EQUAL(rump_sys_write(fd, &n, sizeof(n)), sizeof(n));
}

static void
h_take(int fd)
{
	uint64_t n;

	CHECK_EQUAL(rump_sys_read(fd, &n, sizeof(n)), sizeof(n));
}

static int
h_eventfd(unsigned int value)
{
	int fd = rump_sys_eventfd(value, 0);

	CHECK_OK(fd);
	return fd;
}

static int
h_kqueue(void)
{
	int kq = rump_sys_kqueue();

	CHECK_OK(kq);
	return kq;
}

static void
levels(void)
{
	int kq = h_kqueue(), fd = h_eventfd(0);

	h_add(kq, fd, 0, IN | OUT);
	CHECK_EQUAL(h_event(kq, fd), OUT);
	h_put(fd, 1);
	CHECK_EQUAL(h_event(kq, fd), IN | OUT);
	CHECK_EQUAL(h_event(kq, fd), IN | OUT);
	h_take(fd);
	h_add(kq, fd, 0, IN);
	CHECK_EQUAL(h_event(kq, fd), -1);
	h_put(fd, UINT64_MAX - 1);
	h_add(kq, fd, 0, IN | OUT);
	CHECK_EQUAL(h_event(kq, fd), IN);
	h_add(kq, fd, 0, OUT);
	CHECK_EQUAL(h_event(kq, fd), -1);
	h_take(fd);
	CHECK_EQUAL(h_event(kq, fd), OUT);
	h_add(kq, fd, 0, 0);
	CHECK_EQUAL(h_event(kq, fd), -1);
	h_change(kq, fd, RUMP_EVFILT_POLL, RUMP_EV_DELETE, 0);
	CHECK_FAILS(rump_sys_kevent(kq, &(struct rump_kevent){
	    .ident = (uint64_t)fd, .filter = RUMP_EVFILT_POLL,
	    .flags = RUMP_EV_ENABLE }, 1, NULL, 0, NULL), RUMP_ENOENT);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(kq));
}

static void
edges(void)
{
	int kq = h_kqueue(), fd = h_eventfd(0);

	h_add(kq, fd, CLEAR, IN | OUT);
	CHECK_EQUAL(h_event(kq, fd), OUT);
	CHECK_EQUAL(h_event(kq, fd), -1);
	/* Each write is one, whether or not anything was read. */
	h_put(fd, 1);
	CHECK_EQUAL(h_event(kq, fd), IN | OUT);
	CHECK_EQUAL(h_event(kq, fd), -1);
	h_put(fd, 1);
	h_put(fd, 1);
	CHECK_EQUAL(h_event(kq, fd), IN | OUT);
	CHECK_EQUAL(h_event(kq, fd), -1);
	h_take(fd);
	CHECK_EQUAL(h_event(kq, fd), OUT);
	/* Room to write is nothing to who waits for bytes. */
	h_add(kq, fd, CLEAR, IN);
	CHECK_EQUAL(h_event(kq, fd), -1);
	h_put(fd, 1);
	h_take(fd);
	CHECK_EQUAL(h_event(kq, fd), -1);
	h_put(fd, 2);
	CHECK_EQUAL(h_event(kq, fd), IN);
	/* From edge to level and back. */
	h_add(kq, fd, 0, IN);
	CHECK_EQUAL(h_event(kq, fd), IN);
	CHECK_EQUAL(h_event(kq, fd), IN);
	h_add(kq, fd, CLEAR, IN);
	CHECK_EQUAL(h_event(kq, fd), IN);
	CHECK_EQUAL(h_event(kq, fd), -1);
	/* Once, until it is armed again. */
	h_add(kq, fd, RUMP_EV_DISPATCH, IN | OUT);
	CHECK_EQUAL(h_event(kq, fd), IN | OUT);
	h_put(fd, 1);
	CHECK_EQUAL(h_event(kq, fd), -1);
	h_add(kq, fd, RUMP_EV_DISPATCH | RUMP_EV_ENABLE, IN);
	CHECK_EQUAL(h_event(kq, fd), IN);
	CHECK_EQUAL(h_event(kq, fd), -1);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(kq));
}

static void
pipes(void)
{
	int kq = h_kqueue(), fds[2], file;

	CHECK_OK(rump_sys_pipe2(fds, 0));
	/* A direction that an end does not have: the other tells its end. */
	h_add(kq, fds[0], CLEAR, OUT);
	CHECK_EQUAL(h_event(kq, fds[0]), -1);
	CHECK_EQUAL(rump_sys_write(fds[1], big, 10), 10);
	CHECK_EQUAL(h_event(kq, fds[0]), -1);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_EQUAL(h_event(kq, fds[0]), HUP);
	CHECK_EQUAL(h_event(kq, fds[0]), -1);
	h_add(kq, fds[0], 0, IN);
	CHECK_EQUAL(h_event(kq, fds[0]), IN | HUP);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_EQUAL(h_event(kq, -1), -1);
	CHECK_OK(rump_sys_pipe2(fds, 0));
	h_add(kq, fds[1], 0, IN | OUT);
	CHECK_EQUAL(h_event(kq, fds[1]), OUT);
	CHECK_EQUAL(rump_sys_write(fds[1], big, sizeof(big)), sizeof(big));
	CHECK_EQUAL(h_event(kq, fds[1]), -1);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_EQUAL(h_event(kq, fds[1]), OUT | HUP);
	h_add(kq, fds[1], 0, 0);
	CHECK_EQUAL(h_event(kq, fds[1]), HUP);
	CHECK_OK(rump_sys_close(fds[1]));
	/* A file always is ready, by name too. */
	file = h_open("/file", RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_FAILS(rump_sys_kevent(kq, &(struct rump_kevent){ .ident = 99,
	    .filter = RUMP_EVFILT_POLL, .flags = ADD }, 1, NULL, 0, NULL),
	    RUMP_EBADF);
	CHECK_OK(rump_sys_close(file));
	CHECK_OK(rump_sys_mkfifo("/fifo", 0644));
	fds[0] = h_open("/fifo", RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	fds[1] = h_open("/fifo", RUMP_O_WRONLY);
	h_add(kq, fds[0], CLEAR, IN | OUT);
	CHECK_EQUAL(h_event(kq, fds[0]), -1);
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	CHECK_EQUAL(h_event(kq, fds[0]), IN);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_EQUAL(h_event(kq, fds[0]), IN | HUP);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_OK(rump_sys_unlink("/fifo"));
	CHECK_OK(rump_sys_close(kq));
}

static void
queues_in_queues(void)
{
	int inner = h_kqueue(), outer = h_kqueue(), top = h_kqueue();
	int fd = h_eventfd(0);

	h_add(inner, fd, 0, IN);
	h_add(outer, inner, CLEAR, IN | OUT);
	h_change(top, outer, RUMP_EVFILT_READ, ADD, 0);
	CHECK_EQUAL(h_event(outer, inner), -1);
	CHECK_EQUAL(h_poll(top, IN), 0);
	h_put(fd, 1);
	CHECK_EQUAL(h_poll(top, IN), IN);
	CHECK_EQUAL(h_poll(outer, IN), IN);
	CHECK_EQUAL(h_event(outer, inner), IN);
	/* An event of the inner one that stays is not a new one. */
	CHECK_EQUAL(h_event(inner, fd), IN);
	CHECK_EQUAL(h_event(inner, fd), IN);
	CHECK_EQUAL(h_event(outer, inner), -1);
	CHECK_EQUAL(h_poll(top, IN), 0);
	h_put(fd, 1);
	CHECK_EQUAL(h_event(outer, inner), IN);
	/* What came to rest again is no event. */
	h_put(fd, 1);
	CHECK_EQUAL(h_poll(outer, IN), IN);
	h_take(fd);
	CHECK_EQUAL(h_poll(inner, IN), 0);
	CHECK_EQUAL(h_poll(outer, IN), 0);
	CHECK_EQUAL(h_poll(top, IN), 0);
	CHECK_EQUAL(h_event(outer, inner), -1);
	h_put(fd, 1);
	CHECK_OK(rump_sys_close(inner));
	CHECK_EQUAL(h_poll(top, IN), 0);
	CHECK_EQUAL(h_event(outer, inner), -1);
	CHECK_OK(rump_sys_close(outer));
	CHECK_OK(rump_sys_close(top));
	CHECK_OK(rump_sys_close(fd));
}

static int
h_nest(int outer, int inner)
{
	struct rump_kevent kev = { .ident = (uint64_t)inner,
	    .filter = RUMP_EVFILT_POLL, .flags = ADD, .fflags = IN };

	return rump_sys_kevent(outer, &kev, 1, NULL, 0, NULL);
}

static void
no_circles(void)
{
	int kq[8], i, fd = h_eventfd(1);

	for (i = 0; i < 8; i++)
		kq[i] = h_kqueue();
	CHECK_FAILS(h_nest(kq[0], kq[0]), RUMP_EINVAL);
	CHECK_OK(h_nest(kq[0], kq[1]));
	CHECK_FAILS(h_nest(kq[1], kq[0]), RUMP_ELOOP);
	CHECK_OK(h_nest(kq[1], kq[2]));
	CHECK_FAILS(h_nest(kq[2], kq[0]), RUMP_ELOOP);
	CHECK_OK(h_nest(kq[2], kq[3]));
	CHECK_OK(h_nest(kq[3], kq[4]));
	/* High enough, from either end. */
	CHECK_FAILS(h_nest(kq[4], kq[5]), RUMP_ELOOP);
	CHECK_FAILS(h_nest(kq[5], kq[0]), RUMP_ELOOP);
	CHECK_OK(h_nest(kq[5], kq[1]));
	CHECK_OK(h_nest(kq[5], kq[2]));
	CHECK_OK(h_nest(kq[0], kq[2]));
	h_add(kq[4], fd, CLEAR, IN);
	CHECK_EQUAL(h_poll(kq[0], IN), IN);
	CHECK_EQUAL(h_poll(kq[5], IN), IN);
	CHECK_EQUAL(h_event(kq[4], fd), IN);
	CHECK_EQUAL(h_poll(kq[0], IN), 0);
	CHECK_EQUAL(h_poll(kq[5], IN), 0);
	h_change(kq[2], kq[3], RUMP_EVFILT_POLL, RUMP_EV_DELETE, 0);
	CHECK_OK(h_nest(kq[4], kq[0]));
	for (i = 0; i < 8; i++)
		CHECK_OK(rump_sys_close(kq[i]));
	CHECK_OK(rump_sys_close(fd));
}

static long long
w_kevent(struct waiter *w)
{
	struct rump_kevent got;

	return rump_sys_kevent(w->w_fd, NULL, 0, &got, 1, NULL) == 1 ?
	    got.udata : -1;
}

static void
waits(void)
{
	int kq = h_kqueue(), outer = h_kqueue(), fd = h_eventfd(0);
	struct waiter w = { .w_call = w_kevent, .w_fd = outer };
	int rounds;

	h_add(kq, fd, CLEAR, IN);
	h_add(outer, kq, 0, IN);
	for (rounds = 0; rounds < 3; rounds++) {
		h_begin(&w);
		CHECK_EQUAL(w.w_done, 0);
		h_put(fd, 1);
		h_end(&w);
		CHECK_EQUAL(w.w_result, kq * 1000);
		CHECK_EQUAL(h_event(kq, fd), IN);
	}
	/* Added, and asked for more, while somebody waits. */
	w.w_fd = kq;
	h_begin(&w);
	CHECK_EQUAL(w.w_done, 0);
	h_add(kq, fd, CLEAR, IN | OUT);
	h_end(&w);
	CHECK_EQUAL(w.w_result, fd * 1000);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(kq));
	CHECK_OK(rump_sys_close(outer));
}

static void
nothing_is_left(void)
{
	int before = h_nextfd(), fds[2], i, inner, kq;

	for (i = 0; i < 3000; i++) {
		kq = h_kqueue();
		inner = h_kqueue();
		CHECK_OK(rump_sys_pipe2(fds, 0));
		h_add(inner, fds[0], i % 3 == 0 ? CLEAR : 0, IN | OUT);
		h_add(inner, fds[1], RUMP_EV_ONESHOT, OUT);
		h_add(kq, inner, 0, IN);
		CHECK_EQUAL(h_event(inner, fds[1]), OUT);
		CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
		CHECK_EQUAL(h_event(kq, inner), IN);
		if (i % 2 == 0)
			CHECK_OK(rump_sys_close(kq));
		CHECK_OK(rump_sys_close(i % 4 < 2 ? fds[0] : inner));
		CHECK_OK(rump_sys_close(i % 4 < 2 ? inner : fds[0]));
		CHECK_OK(rump_sys_close(fds[1]));
		if (i % 2 != 0)
			CHECK_OK(rump_sys_close(kq));
	}
	CHECK_EQUAL(h_nextfd(), before);
}

static const struct tap_case cases[] = {
	{ "levels", levels },
	{ "edges", edges },
	{ "pipes and files", pipes },
	{ "queues in queues", queues_in_queues },
	{ "no circles, and not too high", no_circles },
	{ "waiting", waits },
	{ "nothing is left behind", nothing_is_left },
};

RUN_KERNEL(cases)
