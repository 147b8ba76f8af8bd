/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_timerfd.c: timerfd(2): timers as files.
 *
 * A timer fires once and then rests until somebody looks: what passed meanwhile
 * is counted then.  So one that nobody reads costs nothing, however short its
 * interval is.
 *
 * Times are nanoseconds of the monotonic clock.  The wall clock's are turned into
 * these when the timer is set: nothing sets the kernel's date afterwards, so that
 * there is also nothing to cancel a timer for (TFD_TIMER_CANCEL_ON_SET).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/timeout.h>
#include <sys/ucred.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "tally.h"

#define	NSEC		1000000000LL
#define	NSEC_MOST	(INT64_MAX / 4)	/* 73 years */

struct timerfd {
	struct tally tf_tally;		/* has to come first */
	int tf_clock;
	struct timeout tf_timeout;
	int64_t tf_when;		/* the next time; 0: not set */
	int64_t tf_interval;		/* 0: once */
	struct timespec tf_changed;	/* last set */
};

/* Has it fired, and rests? */
static int
timerfd_rests(const struct timerfd *tf)
{

	return (tf->tf_when != 0 && !timeout_pending(&tf->tf_timeout));
}

static void
timerfd_fire(void *arg)
{
	struct timerfd *tf = arg;

	tf->tf_tally.ta_count++;
	tally_tell(&tf->tf_tally, &tf->tf_tally.ta_rnote);
}

static void
timerfd_start(struct timerfd *tf, int64_t now)
{

	timeout_add_nsec(&tf->tf_timeout, MAX(tf->tf_when - now, 0));
}

/* Counts what has passed since the timer fired, and starts it again. */
static void
timerfd_catchup(struct timerfd *tf)
{
	int64_t now, times;

	if (!timerfd_rests(tf))
		return;
	if (tf->tf_interval == 0) {
		tf->tf_when = 0;
		return;
	}
	now = monotonic_nsec();
	times = MAX(now - tf->tf_when, 0) / tf->tf_interval;
	tf->tf_tally.ta_count += (uint64_t)times;
	tf->tf_when += (times + 1) * tf->tf_interval;
	timerfd_start(tf, now);
}

static int
timerfd_read(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{
	struct timerfd *tf = fp->f_data;
	int error;

	(void)cred;
	if ((error = tally_await(fp, off, uio)) != 0)
		return (error);
	timerfd_catchup(tf);
	return (tally_read(fp, UINT64_MAX, uio));
}

static int
timerfd_write(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{

	(void)fp;
	(void)off;
	(void)uio;
	(void)cred;
	return (EOPNOTSUPP);
}

static int
timerfd_stat(struct file *fp, struct rump_stat *sb, struct proc *p)
{
	const struct timerfd *tf = fp->f_data;

	(void)p;
	file_stat(fp, S_IFIFO | S_IRUSR | S_IWUSR, sb);
	sb->st_blksize = sizeof(tf->tf_tally.ta_count);
	sb->st_mtim.tv_sec = tf->tf_changed.tv_sec;
	sb->st_mtim.tv_nsec = tf->tf_changed.tv_nsec;
	sb->st_atim = sb->st_ctim = sb->st_mtim;
	return (0);
}

static int
timerfd_close(struct file *fp, struct proc *p)
{
	struct timerfd *tf = fp->f_data;

	(void)p;
	timeout_del(&tf->tf_timeout);
	tally_fini(&tf->tf_tally);
	free(tf, M_FILE);
	return (0);
}

static const struct fileops timerfdops = {
	.fo_read = timerfd_read,
	.fo_write = timerfd_write,
	.fo_stat = timerfd_stat,
	.fo_close = timerfd_close,
	.fo_interrupt = tally_interrupt,
	.fo_kqfilter = tally_kqfilter,
	.fo_poll = tally_poll,
};

static int
do_timerfd_create(int clock, int flags, int *rv)
{
	struct timerfd *tf;
	struct file *fp;
	int error;

	if (clock != RUMP_CLOCK_REALTIME && clock != RUMP_CLOCK_MONOTONIC)
		return (EINVAL);
	if (flags & ~(RUMP_TFD_CLOEXEC | RUMP_TFD_NONBLOCK))
		return (EINVAL);
	tf = malloc(sizeof(*tf), M_FILE, M_WAITOK | M_CANFAIL | M_ZERO);
	if (tf == NULL)
		return (ENOMEM);
	error = falloc(curproc, FREAD | FWRITE | flags, &fp, rv);
	if (error != 0) {
		free(tf, M_FILE);
		return (error);
	}
	tf->tf_clock = clock;
	nanotime(&tf->tf_changed);
	timeout_set(&tf->tf_timeout, timerfd_fire, tf);
	tally_init(&tf->tf_tally);
	fp->f_type = DTYPE_TIMERFD;
	fp->f_data = tf;
	fp->f_ops = &timerfdops;
	return (0);
}

int
rump_sys_timerfd_create(int clock, int flags)
{

	SYSCALL_RESULT(int, rv, do_timerfd_create(clock, flags, &rv));
}

static int
timespec_isbad(const struct rump_timespec *ts)
{

	return (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= NSEC);
}

/* Nanoseconds; what is too far is as good as the farthest. */
static int64_t
timespec_nsec(const struct rump_timespec *ts)
{

	return (ts->tv_sec >= NSEC_MOST / NSEC ? NSEC_MOST :
	    ts->tv_sec * NSEC + ts->tv_nsec);
}

static struct rump_timespec
nsec_timespec(int64_t nsec)
{

	return ((struct rump_timespec){ nsec / NSEC, nsec % NSEC });
}

/* What is left, and the interval. */
static void
timerfd_get(struct timerfd *tf, struct rump_itimerspec *it)
{
	int64_t left = 0;

	timerfd_catchup(tf);
	if (tf->tf_when != 0)		/* 0 would say that it is not set */
		left = MAX(tf->tf_when - monotonic_nsec(), 1);
	it->it_value = nsec_timespec(left);
	it->it_interval = nsec_timespec(tf->tf_interval);
}

/* The point of the monotonic clock that a new timer means; never 0. */
static int64_t
timerfd_when(const struct timerfd *tf, int flags, int64_t nsec, int64_t now)
{
	struct timespec wall;

	if ((flags & RUMP_TFD_TIMER_ABSTIME) == 0)
		return (now + nsec);
	if (tf->tf_clock == RUMP_CLOCK_REALTIME) {
		nanotime(&wall);
		nsec += now - (wall.tv_sec * NSEC + wall.tv_nsec);
	}
	return (nsec == 0 ? -1 : nsec);
}

static void
timerfd_set(struct timerfd *tf, int flags, const struct rump_itimerspec *it)
{
	int64_t nsec = timespec_nsec(&it->it_value), now;

	timeout_del(&tf->tf_timeout);
	tf->tf_tally.ta_count = 0;
	tf->tf_when = 0;
	tf->tf_interval = timespec_nsec(&it->it_interval);
	nanotime(&tf->tf_changed);
	if (nsec == 0)
		return;
	now = monotonic_nsec();
	tf->tf_when = timerfd_when(tf, flags, nsec, now);
	timerfd_start(tf, now);
}

static int
timerfd_find(int fd, struct file **fpp)
{
	int error;

	if ((error = fdget(curproc, fd, fpp)) != 0)
		return (error);
	if ((*fpp)->f_type == DTYPE_TIMERFD)
		return (0);
	(void)frele(*fpp, curproc);
	return (EINVAL);
}

static int
do_timerfd_settime(int fd, int flags, const struct rump_itimerspec *it,
    struct rump_itimerspec *old)
{
	struct rump_itimerspec new;
	struct file *fp;
	int error;

	if (flags & ~(RUMP_TFD_TIMER_ABSTIME | RUMP_TFD_TIMER_CANCEL_ON_SET))
		return (EINVAL);
	if (it == NULL)
		return (EFAULT);
	new = *it;
	if (timespec_isbad(&new.it_value) || timespec_isbad(&new.it_interval))
		return (EINVAL);
	if ((error = timerfd_find(fd, &fp)) != 0)
		return (error);
	if (old != NULL)
		timerfd_get(fp->f_data, old);
	timerfd_set(fp->f_data, flags, &new);
	(void)frele(fp, curproc);
	return (0);
}

int
rump_sys_timerfd_settime(int fd, int flags, const struct rump_itimerspec *it,
    struct rump_itimerspec *old)
{

	SYSCALL(do_timerfd_settime(fd, flags, it, old));
}

static int
do_timerfd_gettime(int fd, struct rump_itimerspec *it)
{
	struct file *fp;
	int error;

	if (it == NULL)
		return (EFAULT);
	if ((error = timerfd_find(fd, &fp)) != 0)
		return (error);
	timerfd_get(fp->f_data, it);
	(void)frele(fp, curproc);
	return (0);
}

int
rump_sys_timerfd_gettime(int fd, struct rump_itimerspec *it)
{

	SYSCALL(do_timerfd_gettime(fd, it));
}
