/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * time.c: clocks and sleeping.
 *
 * Clocks are the host's, read without entering the kernel: programs ask for the
 * time often.  There is one program, so its processor time is the time since the
 * machine started.
 */
#include "linux.h"

#define	LINUX_FOREVER	3000000000L	/* s: a century, which fits in ns */

/* The host's clock behind one of Linux's; -1 if there is none. */
static int
linux_clock(int clock)
{

	switch (clock) {
	case LINUX_CLOCK_REALTIME:
	case LINUX_CLOCK_REALTIME_COARSE:
		return RUMPUSER_CLOCK_RELWALL;
	case LINUX_CLOCK_MONOTONIC:
	case LINUX_CLOCK_MONOTONIC_RAW:
	case LINUX_CLOCK_MONOTONIC_COARSE:
	case LINUX_CLOCK_BOOTTIME:
	case LINUX_CLOCK_PROCESS_CPUTIME:
	case LINUX_CLOCK_THREAD_CPUTIME:
		return RUMPUSER_CLOCK_ABSMONO;
	default:
		return -1;
	}
}

static struct linux_timespec
linux_now(int hostclock)
{
	int64_t sec = 0;
	long nsec = 0;

	(void)rumpuser_clock_gettime(hostclock, &sec, &nsec);
	return (struct linux_timespec){ sec, nsec };
}

/* Nanoseconds of a clock that nobody sets: for deadlines. */
int64_t
linux_monotonic(void)
{
	const struct linux_timespec ts = linux_now(RUMPUSER_CLOCK_ABSMONO);

	return ts.tv_sec * LINUX_NSEC + ts.tv_nsec;
}

long
linux_sys_clock_gettime(struct linux_call *lc)
{
	const int clock = linux_clock((int)lc->lc_arg[0]);
	struct linux_timespec ts;

	if (clock == -1)
		return -LINUX_EINVAL;
	ts = linux_now(clock);
	return linux_user_out(lc->lc_arg[1], &ts, sizeof(ts));
}

long
linux_sys_clock_getres(struct linux_call *lc)
{
	const struct linux_timespec ts = { 0, 1 };

	if (linux_clock((int)lc->lc_arg[0]) == -1)
		return -LINUX_EINVAL;
	if (lc->lc_arg[1] == 0)
		return 0;
	return linux_user_out(lc->lc_arg[1], &ts, sizeof(ts));
}

long
linux_sys_gettimeofday(struct linux_call *lc)
{
	const struct linux_timespec ts = linux_now(RUMPUSER_CLOCK_RELWALL);
	const struct linux_timeval tv = { ts.tv_sec, ts.tv_nsec / 1000 };
	const uint64_t zone = 0;	/* two ints: UTC, no summer time */
	int error = 0;

	if (lc->lc_arg[0] != 0)
		error = linux_user_out(lc->lc_arg[0], &tv, sizeof(tv));
	if (error == 0 && lc->lc_arg[1] != 0)
		error = linux_user_out(lc->lc_arg[1], &zone, sizeof(zone));
	return error;
}

long
linux_sys_time(struct linux_call *lc)
{
	const int64_t now = linux_now(RUMPUSER_CLOCK_RELWALL).tv_sec;

	if (lc->lc_arg[0] != 0 &&
	    linux_user_out(lc->lc_arg[0], &now, sizeof(now)) != 0)
		return -LINUX_EFAULT;
	return now;
}

/* Ticks of 1/100 second, since the start; as in AT_CLKTCK. */
long
linux_sys_times(struct linux_call *lc)
{
	const struct linux_timespec ts = linux_now(RUMPUSER_CLOCK_ABSMONO);
	const int64_t now = ts.tv_sec * 100 + ts.tv_nsec / 10000000;
	const int64_t tms[4] = { now, 0, 0, 0 };

	if (lc->lc_arg[0] != 0 &&
	    linux_user_out(lc->lc_arg[0], tms, sizeof(tms)) != 0)
		return -LINUX_EFAULT;
	return now;
}

long
linux_sys_getrusage(struct linux_call *lc)
{
	const struct linux_timespec ts = linux_now(RUMPUSER_CLOCK_ABSMONO);
	const int who = (int)lc->lc_arg[0];
	struct linux_rusage ru;

	if (who < -1 || who > 1)
		return -LINUX_EINVAL;
	memset(&ru, 0, sizeof(ru));
	if (who != -1)
		ru.ru_utime = (struct linux_timeval){ ts.tv_sec,
		    ts.tv_nsec / 1000 };
	return linux_user_out(lc->lc_arg[1], &ru, sizeof(ru));
}

/*
 * Sleeps for a time, or until a point of the monotonic clock.  The host's call
 * may give up a virtual CPU, so it is made with one.
 */
static void
linux_sleep(int hostclock, const struct linux_timespec *ts)
{

	const int64_t sec = ts->tv_sec < LINUX_FOREVER ? ts->tv_sec :
	    LINUX_FOREVER;

	rump_schedule();
	(void)rumpuser_clock_sleep(hostclock, sec, ts->tv_nsec);
	rump_unschedule();
}

static int
linux_sleep_in(uint64_t addr, struct linux_timespec *ts)
{
	int error;

	error = linux_user_in(ts, addr, sizeof(*ts));
	if (error == 0 && (ts->tv_sec < 0 || ts->tv_nsec < 0 ||
	    ts->tv_nsec >= LINUX_NSEC))
		error = -LINUX_EINVAL;
	return error;
}

/* Nothing interrupts a sleep, so the remainder is never written. */
long
linux_sys_nanosleep(struct linux_call *lc)
{
	struct linux_timespec ts;
	int error;

	error = linux_sleep_in(lc->lc_arg[0], &ts);
	if (error == 0)
		linux_sleep(RUMPUSER_CLOCK_RELWALL, &ts);
	return error;
}

long
linux_sys_clock_nanosleep(struct linux_call *lc)
{
	const int clock = linux_clock((int)lc->lc_arg[0]);
	struct linux_timespec now, ts;
	int error;

	if (clock == -1 || (int)lc->lc_arg[0] == LINUX_CLOCK_THREAD_CPUTIME)
		return -LINUX_EINVAL;
	error = linux_sleep_in(lc->lc_arg[2], &ts);
	if (error != 0)
		return error;
	if (!((int)lc->lc_arg[1] & LINUX_TIMER_ABSTIME)) {
		linux_sleep(RUMPUSER_CLOCK_RELWALL, &ts);
		return 0;
	}
	if (clock == RUMPUSER_CLOCK_ABSMONO) {
		linux_sleep(RUMPUSER_CLOCK_ABSMONO, &ts);
		return 0;
	}
	now = linux_now(RUMPUSER_CLOCK_RELWALL);
	ts.tv_sec -= now.tv_sec;
	ts.tv_nsec -= now.tv_nsec;
	if (ts.tv_nsec < 0) {
		ts.tv_nsec += LINUX_NSEC;
		ts.tv_sec--;
	}
	if (ts.tv_sec >= 0)
		linux_sleep(RUMPUSER_CLOCK_RELWALL, &ts);
	return 0;
}
