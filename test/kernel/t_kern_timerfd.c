/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_kern_timerfd.c: timers as files: timerfd(2).
 */
#include "h_net.h"

#define	IN	RUMP_POLLIN
#define	OUT	RUMP_POLLOUT
#define	MS	1000000LL
#define	S	1000000000LL
#define	ABSTIME	RUMP_TFD_TIMER_ABSTIME

static int
h_timer(int clock, int flags)
{
	int fd = rump_sys_timerfd_create(clock, flags);

	CHECK_OK(fd);
	return fd;
}

static struct rump_itimerspec
h_times(int64_t value, int64_t interval)
{

	return (struct rump_itimerspec){ { interval / S, interval % S },
	    { value / S, value % S } };
}

static void
h_set(int fd, int flags, int64_t value, int64_t interval)
{
	struct rump_itimerspec it = h_times(value, interval);

	CHECK_OK(rump_sys_timerfd_settime(fd, flags, &it, NULL));
}

static int64_t
h_now(int clock)
{
	struct rump_timespec ts;

	CHECK_OK(rump_sys_clock_gettime(clock, &ts));
	return ts.tv_sec * S + ts.tv_nsec;
}

/* What is left; the interval goes to *interval. */
static int64_t
h_left(int fd, int64_t *interval)
{
	struct rump_itimerspec it;

	CHECK_OK(rump_sys_timerfd_gettime(fd, &it));
	*interval = it.it_interval.tv_sec * S + it.it_interval.tv_nsec;
	return it.it_value.tv_sec * S + it.it_value.tv_nsec;
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
	struct rump_itimerspec it = h_times(S, 0);
	uint64_t n = 0;
	int fd, file;

	CHECK_FAILS(rump_sys_timerfd_create(7, 0), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_timerfd_create(RUMP_CLOCK_MONOTONIC,
	    RUMP_O_APPEND), RUMP_EINVAL);
	fd = h_timer(RUMP_CLOCK_MONOTONIC, RUMP_TFD_CLOEXEC |
	    RUMP_TFD_NONBLOCK);
	CHECK_EQUAL(rump_sys_fcntl(fd, RUMP_F_GETFD, NULL), RUMP_FD_CLOEXEC);
	CHECK_FAILS(rump_sys_read(fd, &n, 8), RUMP_EAGAIN);
	CHECK_FAILS(rump_sys_read(fd, &n, 7), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_write(fd, &n, 8), RUMP_EOPNOTSUPP);
	CHECK_FAILS(rump_sys_pread(fd, &n, 8, 0), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_timerfd_settime(fd, 4, &it, NULL), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_timerfd_settime(fd, 0, NULL, NULL), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_timerfd_gettime(fd, NULL), RUMP_EFAULT);
	it.it_value.tv_nsec = S;
	CHECK_FAILS(rump_sys_timerfd_settime(fd, 0, &it, NULL), RUMP_EINVAL);
	it.it_value = (struct rump_timespec){ -1, 0 };
	CHECK_FAILS(rump_sys_timerfd_settime(fd, 0, &it, NULL), RUMP_EINVAL);
	it = h_times(S, 0);
	it.it_interval.tv_nsec = -1;
	CHECK_FAILS(rump_sys_timerfd_settime(fd, 0, &it, NULL), RUMP_EINVAL);
	it = h_times(S, 0);
	CHECK_FAILS(rump_sys_timerfd_settime(99, 0, &it, NULL), RUMP_EBADF);
	file = h_open("/file", RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_FAILS(rump_sys_timerfd_settime(file, 0, &it, NULL), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_timerfd_gettime(file, &it), RUMP_EINVAL);
	CHECK_OK(rump_sys_close(file));
	CHECK_OK(rump_sys_close(fd));
}

static void
once(void)
{
	int64_t before, interval, left;
	struct rump_itimerspec it, old;
	int fd;

	fd = h_timer(RUMP_CLOCK_MONOTONIC, 0);
	CHECK_EQUAL(h_left(fd, &interval), 0);
	CHECK_EQUAL(h_poll(fd, IN | OUT), 0);
	before = h_now(RUMP_CLOCK_MONOTONIC);
	h_set(fd, 0, 30 * MS, 0);
	CHECK_EQUAL(h_take(fd), 1);
	CHECK(h_now(RUMP_CLOCK_MONOTONIC) - before >= 30 * MS);
	CHECK_EQUAL(h_poll(fd, IN | OUT), 0);
	CHECK_EQUAL(h_left(fd, &interval), 0);
	/* One that is far away: what is left of it, and its end. */
	h_set(fd, 0, 5000 * S, 7 * S);
	left = h_left(fd, &interval);
	CHECK(left > 0 && left <= 5000 * S);
	CHECK_EQUAL(interval, 7 * S);
	it = h_times(0, 3 * S);
	CHECK_OK(rump_sys_timerfd_settime(fd, 0, &it, &old));
	CHECK(old.it_value.tv_sec > 0 && old.it_value.tv_sec <= 5000);
	CHECK_EQUAL(old.it_interval.tv_sec, 7);
	CHECK_EQUAL(h_left(fd, &interval), 0);
	CHECK_EQUAL(interval, 3 * S);
	/* Further than the clock goes. */
	it = (struct rump_itimerspec){ { 0, 0 }, { INT64_MAX, 999999999 } };
	CHECK_OK(rump_sys_timerfd_settime(fd, 0, &it, NULL));
	CHECK(h_left(fd, &interval) > 5000 * S);
	CHECK_OK(rump_sys_timerfd_settime(fd, ABSTIME, &it, NULL));
	CHECK(h_left(fd, &interval) > 5000 * S);
	/* Setting it takes what it has counted. */
	h_set(fd, 0, 1, 0);
	CHECK_EQUAL(rump_sys_poll(&(struct rump_pollfd){ .fd = fd,
	    .events = IN }, 1, -1), 1);
	h_set(fd, 0, 5000 * S, 0);
	CHECK_EQUAL(h_poll(fd, IN), 0);
	CHECK_OK(rump_sys_close(fd));
}

static void
absolute(void)
{
	static const int clocks[] = { RUMP_CLOCK_MONOTONIC,
	    RUMP_CLOCK_REALTIME };
	int64_t interval, left, then;
	int fd, i;

	for (i = 0; i < 2; i++) {
		fd = h_timer(clocks[i], 0);
		then = h_now(clocks[i]) + 20 * MS;
		h_set(fd, ABSTIME | RUMP_TFD_TIMER_CANCEL_ON_SET, then, 0);
		CHECK_EQUAL(h_take(fd), 1);
		CHECK(h_now(clocks[i]) >= then - (i == 1 ? 5 * MS : 0));
		h_set(fd, ABSTIME, h_now(clocks[i]) + 1000 * S, 0);
		left = h_left(fd, &interval);
		CHECK(left > 900 * S && left < 1001 * S);
		/* Long past. */
		h_set(fd, ABSTIME, 1, 0);
		CHECK_EQUAL(h_take(fd), 1);
		then = h_now(clocks[i]) - 100 * S;
		h_set(fd, ABSTIME, then > 0 ? then : 1, 10 * S);
		CHECK_EQUAL(h_take(fd), then > 0 ? 11 : 1 +
		    (h_now(clocks[i]) - 1) / (10 * S));
		left = h_left(fd, &interval);
		CHECK(left > 0 && left <= 10 * S);
		CHECK_OK(rump_sys_close(fd));
	}
}

static void
again_and_again(void)
{
	int64_t began, interval;
	uint64_t n, sum = 0;
	int fd, i;

	fd = h_timer(RUMP_CLOCK_MONOTONIC, 0);
	began = h_now(RUMP_CLOCK_MONOTONIC);
	h_set(fd, 0, 2 * MS, 2 * MS);
	for (i = 0; i < 5; i++) {
		CHECK((n = h_take(fd)) >= 1);
		sum += n;
	}
	CHECK((h_now(RUMP_CLOCK_MONOTONIC) - began) / (2 * MS) >=
	    (int64_t)sum);
	/* What nobody read is counted when somebody asks, and stays. */
	h_set(fd, 0, 1 * MS, 1 * MS);
	for (i = 0; i < 20; i++)
		h_nap();
	CHECK(h_left(fd, &interval) <= 1 * MS);
	CHECK_EQUAL(interval, 1 * MS);
	CHECK(h_take(fd) >= 10);
	/* The shortest there is does not keep the kernel busy. */
	h_set(fd, 0, 1, 1);
	for (i = 0; i < 3; i++)
		CHECK(h_take(fd) >= 1);
	h_nap();
	CHECK(h_take(fd) >= 100000);
	CHECK_OK(rump_sys_close(fd));
}

static void
waits(void)
{
	uint64_t n;
	struct waiter r = { .w_call = h_w_read, .w_arg = &n, .w_size = 8 };
	struct waiter p = { .w_call = h_w_poll, .w_size = IN };
	struct rump_kevent got, add = { .filter = RUMP_EVFILT_READ,
	    .flags = RUMP_EV_ADD | RUMP_EV_CLEAR };
	int fd, kq;

	r.w_fd = p.w_fd = fd = h_timer(RUMP_CLOCK_MONOTONIC, 0);
	h_begin(&p);
	h_begin(&r);
	h_set(fd, 0, 1, 0);
	h_end(&r);
	CHECK_EQUAL(n, 1);
	h_set(fd, 0, 1, 0);
	h_end(&p);
	CHECK_EQUAL(p.w_result, IN);
	(void)h_take(fd);
	CHECK_OK(kq = rump_sys_kqueue());
	add.ident = (uint64_t)fd;
	CHECK_OK(rump_sys_kevent(kq, &add, 1, NULL, 0, NULL));
	add.filter = RUMP_EVFILT_WRITE;
	CHECK_FAILS(rump_sys_kevent(kq, &add, 1, NULL, 0, NULL), RUMP_EINVAL);
	h_set(fd, 0, 1, 1);
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &got, 1, NULL), 1);
	CHECK_EQUAL(got.ident, fd);
	CHECK_EQUAL(got.data, 1);
	/* Once until it is read. */
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &got, 1,
	    &(struct rump_timespec){ 0, 3 * MS }), 0);
	(void)h_take(fd);
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &got, 1, NULL), 1);
	/* Closed with its timer on. */
	h_set(fd, 0, 1 * MS, 1 * MS);
	CHECK_OK(rump_sys_close(fd));
	h_nap();
	h_nap();
	CHECK_OK(rump_sys_close(kq));
	r.w_fd = h_timer(RUMP_CLOCK_REALTIME, 0);
	h_begin(&r);
	CHECK_OK(rump_sys_close(r.w_fd));
	h_end(&r);
	CHECK_EQUAL(r.w_errno, RUMP_EBADF);
}

/* Many timers, set in no order: each comes, and none before its time. */
static void
many(void)
{
	int fds[100], i;
	int64_t then[100], t = h_now(RUMP_CLOCK_MONOTONIC);

	for (i = 0; i < 100; i++) {
		fds[i] = h_timer(RUMP_CLOCK_MONOTONIC, 0);
		then[i] = t + (i * 37 % 100) * MS / 4;
		h_set(fds[i], ABSTIME, then[i], 0);
	}
	for (i = 0; i < 100; i++) {
		CHECK_EQUAL(h_take(fds[i]), 1);
		CHECK(h_now(RUMP_CLOCK_MONOTONIC) >= then[i]);
		CHECK_OK(rump_sys_close(fds[i]));
	}
}

static const struct tap_case cases[] = {
	{ "arguments", arguments },
	{ "a timer that fires once", once },
	{ "points in time", absolute },
	{ "intervals", again_and_again },
	{ "waiting", waits },
	{ "many timers", many },
};

RUN_KERNEL(cases)
