/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_kern_eventfd.c: counts as files: eventfd(2), alone and waited for.
 */
#include "h_net.h"

#define	MOST	(UINT64_MAX - 1)
#define	IN	RUMP_POLLIN
#define	OUT	RUMP_POLLOUT

static int
h_eventfd(unsigned int value, int flags)
{
	int fd = rump_sys_eventfd(value, flags);

	CHECK_OK(fd);
	return fd;
}

static void
h_put(int fd, uint64_t n)
{

	CHECK_EQUAL(rump_sys_write(fd, &n, sizeof(n)), sizeof(n));
}

static uint64_t
h_take(int fd)
{
	uint64_t n = 0;

	CHECK_EQUAL(rump_sys_read(fd, &n, sizeof(n)), sizeof(n));
	return n;
}

static void
arguments(void)
{
	struct rump_stat st;
	uint64_t n[2] = { 7, 7 };
	int fd, on = 1;

	CHECK_FAILS(rump_sys_eventfd(0, RUMP_O_APPEND), RUMP_EINVAL);
	fd = h_eventfd(3, RUMP_EFD_CLOEXEC | RUMP_EFD_NONBLOCK);
	CHECK_EQUAL(rump_sys_fcntl(fd, RUMP_F_GETFD, NULL), RUMP_FD_CLOEXEC);
	CHECK_EQUAL(rump_sys_fcntl(fd, RUMP_F_GETFL, NULL),
	    RUMP_O_RDWR | RUMP_O_NONBLOCK);
	CHECK_FAILS(rump_sys_read(fd, n, 7), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_write(fd, n, 7), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_write(fd, &(uint64_t){ UINT64_MAX }, 8),
	    RUMP_EINVAL);
	CHECK_FAILS(rump_sys_pread(fd, n, 8, 0), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_pwrite(fd, n, 8, 0), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_lseek(fd, 0, RUMP_SEEK_SET), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_ftruncate(fd, 0), RUMP_EINVAL);
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_size, 3);
	CHECK_EQUAL(st.st_mode & 0777, 0600);
	/* A larger buffer keeps what lies behind. */
	CHECK_EQUAL(rump_sys_read(fd, n, 16), 8);
	CHECK_EQUAL(n[0], 3);
	CHECK_EQUAL(n[1], 7);
	CHECK_FAILS(rump_sys_read(fd, n, 8), RUMP_EAGAIN);
	CHECK_EQUAL(rump_sys_write(fd, n, 16), 8);
	CHECK_EQUAL(h_take(fd), 3);
	h_put(fd, 0);
	CHECK_FAILS(rump_sys_read(fd, n, 8), RUMP_EAGAIN);
	CHECK_OK(rump_sys_close(fd));
	fd = h_eventfd(0, 0);
	CHECK_OK(rump_sys_ioctl(fd, FIONBIO, &on));
	CHECK_FAILS(rump_sys_read(fd, n, 8), RUMP_EAGAIN);
	CHECK_FAILS(rump_sys_ioctl(fd, FIONREAD, &on), RUMP_ENOTTY);
	CHECK_OK(rump_sys_close(fd));
}

static void
counts(void)
{
	const uint64_t one = 1;
	uint64_t n;
	int fd, i;

	fd = h_eventfd(0, RUMP_EFD_NONBLOCK);
	CHECK_EQUAL(h_poll(fd, IN | OUT), OUT);
	h_put(fd, 5);
	h_put(fd, 6);
	CHECK_EQUAL(h_poll(fd, IN | OUT), IN | OUT);
	CHECK_EQUAL(h_take(fd), 11);
	/* Full: the most that there can be. */
	h_put(fd, MOST);
	CHECK_EQUAL(h_poll(fd, IN | OUT), IN);
	CHECK_FAILS(rump_sys_write(fd, &one, 8), RUMP_EAGAIN);
	h_put(fd, 0);
	CHECK_EQUAL(h_take(fd), MOST);
	h_put(fd, MOST - 1);
	CHECK_EQUAL(h_poll(fd, IN | OUT), IN | OUT);
	CHECK_FAILS(rump_sys_write(fd, &(uint64_t){ 2 }, 8), RUMP_EAGAIN);
	h_put(fd, 1);
	CHECK_OK(rump_sys_close(fd));
	fd = h_eventfd(3, RUMP_EFD_NONBLOCK | RUMP_EFD_SEMAPHORE);
	for (i = 0; i < 3; i++)
		CHECK_EQUAL(h_take(fd), 1);
	CHECK_FAILS(rump_sys_read(fd, &n, 8), RUMP_EAGAIN);
	CHECK_OK(rump_sys_close(fd));
}

static void
waits(void)
{
	uint64_t n = 0, two = 2;
	struct waiter r = { .w_call = h_w_read, .w_arg = &n, .w_size = 8 };
	struct waiter w = { .w_call = h_w_write, .w_arg = &two, .w_size = 8 };
	struct waiter p = { .w_call = h_w_poll, .w_size = IN };
	int fd, twin;

	r.w_fd = w.w_fd = p.w_fd = fd = h_eventfd(0, 0);
	h_begin(&r);
	h_begin(&p);
	CHECK_EQUAL(r.w_done + p.w_done, 0);
	h_put(fd, 9);
	h_end(&r);
	CHECK_EQUAL(n, 9);
	/* That one may have been faster than poll was. */
	h_put(fd, 1);
	h_end(&p);
	CHECK_EQUAL(p.w_result, IN);
	CHECK_EQUAL(h_take(fd), 1);
	h_put(fd, MOST);
	h_begin(&w);
	CHECK_EQUAL(w.w_done, 0);
	CHECK_EQUAL(h_take(fd), MOST);
	h_end(&w);
	CHECK_EQUAL(w.w_result, 8);
	CHECK_EQUAL(h_take(fd), 2);
	/* One's own descriptor goes; its twin's reader waits on. */
	CHECK_OK(twin = rump_sys_dup(fd));
	h_begin(&r);
	CHECK_OK(rump_sys_close(twin));
	h_nap();
	CHECK_EQUAL(r.w_done, 0);
	CHECK_OK(rump_sys_close(fd));
	h_end(&r);
	CHECK_EQUAL(r.w_errno, RUMP_EBADF);
}

static const struct rump_timespec at_once = { 0, 0 };

static int
h_event(int kq, struct rump_kevent *got)
{

	return rump_sys_kevent(kq, NULL, 0, got, 1, &at_once);
}

static void
events(void)
{
	struct rump_kevent got, add[2] = {
	    { .filter = RUMP_EVFILT_READ, .flags = RUMP_EV_ADD },
	    { .filter = RUMP_EVFILT_WRITE,
		.flags = RUMP_EV_ADD | RUMP_EV_CLEAR } };
	int fd, kq;

	CHECK_OK(kq = rump_sys_kqueue());
	fd = h_eventfd(0, 0);
	add[0].ident = add[1].ident = (uint64_t)fd;
	CHECK_OK(rump_sys_kevent(kq, add, 2, NULL, 0, NULL));
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.filter, RUMP_EVFILT_WRITE);
	CHECK_EQUAL(got.data, INT64_MIN + INT64_MAX - 1);
	CHECK_EQUAL(h_event(kq, &got), 0);
	h_put(fd, 5);
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.filter, RUMP_EVFILT_READ);
	CHECK_EQUAL(got.data, 5);
	CHECK_EQUAL(h_take(fd), 5);
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.filter, RUMP_EVFILT_WRITE);
	CHECK_EQUAL(h_event(kq, &got), 0);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(kq));
}

/* Many who take and give: nothing is lost. */
#define	ROUNDS	3000

static void *
giver(void *arg)
{
	const uint64_t one = 1;
	int i, fd = *(int *)arg;

	for (i = 0; i < ROUNDS; i++)
		if (rump_sys_write(fd, &one, 8) != 8)
			abort();
	return NULL;
}

static void
threads(void)
{
	uint64_t sum = 0;
	pthread_t t[4];
	int fd, i;

	fd = h_eventfd(0, 0);
	for (i = 0; i < 4; i++)
		CHECK_EQUAL(pthread_create(&t[i], NULL, giver, &fd), 0);
	while (sum < 4 * ROUNDS)
		sum += h_take(fd);
	CHECK_EQUAL(sum, 4 * ROUNDS);
	for (i = 0; i < 4; i++)
		CHECK_EQUAL(pthread_join(t[i], NULL), 0);
	CHECK_EQUAL(h_poll(fd, IN), 0);
	CHECK_OK(rump_sys_close(fd));
}

/* The last case: nobody waits any more. */
static void
waiting_ends(void)
{
	uint64_t n;
	struct waiter r = { .w_call = h_w_read, .w_arg = &n, .w_size = 8 };

	r.w_fd = h_eventfd(0, 0);
	h_begin(&r);
	rump_pub_pipes_end();
	h_end(&r);
	CHECK_EQUAL(r.w_errno, RUMP_EINTR);
	CHECK_OK(rump_sys_close(r.w_fd));
}

static const struct tap_case cases[] = {
	{ "arguments", arguments },
	{ "counting", counts },
	{ "waiting", waits },
	{ "events", events },
	{ "several threads", threads },
	{ "no waiting any more", waiting_ends },
};

RUN_KERNEL(cases)
