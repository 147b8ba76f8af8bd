/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timerfd.c: timerfd_create, timerfd_settime and timerfd_gettime.
 *
 * Nothing sets the date of the machine, so there is never anything to cancel a
 * timer for; nor does it sleep, so that an alarm clock is like any other.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_TFD_ABSTIME		1
#define	LINUX_TFD_CANCEL_ON_SET		2

_Static_assert(sizeof(struct rump_timespec) == sizeof(struct linux_timespec),
    "a time is the same on both sides");

static long
linux_timerfd_write(struct linux_file *f, const void *buf, size_t len,
    int64_t off)
{

	(void)f, (void)buf, (void)len, (void)off;
	return -LINUX_EINVAL;
}

const struct linux_fileops linux_timerfd_ops = {
	.fo_read = linux_kernelfile_read,
	.fo_write = linux_timerfd_write,
	.fo_stat = linux_nameless_stat,
	.fo_close = linux_kernelfile_close
};

static int
linux_timerfd_clock(int clock)
{

	switch (clock) {
	case LINUX_CLOCK_REALTIME:
	case LINUX_CLOCK_REALTIME_ALARM:
		return RUMP_CLOCK_REALTIME;
	case LINUX_CLOCK_MONOTONIC:
	case LINUX_CLOCK_BOOTTIME:
	case LINUX_CLOCK_BOOTTIME_ALARM:
		return RUMP_CLOCK_MONOTONIC;
	default:
		return -1;
	}
}

long
linux_sys_timerfd_create(struct linux_call *lc)
{
	const int clock = linux_timerfd_clock((int)lc->lc_arg[0]);
	const int flags = (int)lc->lc_arg[1];
	int rumpfd;

	if (clock == -1 || (flags & ~(LINUX_O_CLOEXEC | LINUX_O_NONBLOCK)))
		return -LINUX_EINVAL;
	rumpfd = rump_sys_timerfd_create(clock, flags & LINUX_O_NONBLOCK ?
	    RUMP_TFD_NONBLOCK : 0);
	if (rumpfd == -1)
		return linux_result(-1);
	return linux_kernelfile_fd(&linux_timerfd_ops, rumpfd,
	    flags | LINUX_O_RDWR);
}

static int
linux_timerfd_get(int fd, struct linux_file **fp)
{
	struct linux_file *f;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	*fp = f;
	if (f->f_ops == &linux_timerfd_ops)
		return 0;
	linux_file_put(f);
	return -LINUX_EINVAL;
}

/* The kernel would refuse these too, but not before it looks at the descriptor. */
static int
linux_timerfd_check(int flags, const struct rump_itimerspec *it)
{
	const struct rump_timespec *ts[2] = { &it->it_value,
	    &it->it_interval };
	int i;

	if (flags & ~(LINUX_TFD_ABSTIME | LINUX_TFD_CANCEL_ON_SET))
		return -LINUX_EINVAL;
	for (i = 0; i < 2; i++) {
		if (ts[i]->tv_sec < 0 || ts[i]->tv_nsec < 0 ||
		    ts[i]->tv_nsec >= 1000000000)
			return -LINUX_EINVAL;
	}
	return 0;
}

long
linux_sys_timerfd_settime(struct linux_call *lc)
{
	const int flags = (int)lc->lc_arg[1];
	struct rump_itimerspec it, old;
	struct linux_file *f;
	long error;

	error = linux_user_in(&it, lc->lc_arg[2], sizeof(it));
	if (error == 0)
		error = linux_timerfd_check(flags, &it);
	if (error == 0)
		error = linux_timerfd_get((int)lc->lc_arg[0], &f);
	if (error != 0)
		return error;
	error = linux_result(rump_sys_timerfd_settime(f->f_rumpfd,
	    flags & LINUX_TFD_ABSTIME ? RUMP_TFD_TIMER_ABSTIME : 0, &it,
	    &old));
	linux_file_put(f);
	if (error == 0 && lc->lc_arg[3] != 0)
		error = linux_user_out(lc->lc_arg[3], &old, sizeof(old));
	return error;
}

long
linux_sys_timerfd_gettime(struct linux_call *lc)
{
	struct rump_itimerspec it;
	struct linux_file *f;
	long error;

	error = linux_timerfd_get((int)lc->lc_arg[0], &f);
	if (error != 0)
		return error;
	error = linux_result(rump_sys_timerfd_gettime(f->f_rumpfd, &it));
	linux_file_put(f);
	return error != 0 ? error : linux_user_out(lc->lc_arg[1], &it,
	    sizeof(it));
}
