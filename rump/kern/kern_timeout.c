/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_timeout.c: timeouts (timeout(9)), run by a clock lwp.
 *
 * There is no tick: the clock thread sleeps until the first timeout is due.  It
 * starts with the first timeout, so that a kernel that needs none has no thread.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <sys/kernel.h>
#include <rump/rumpuser.h>

int hz = 100;
int tick = 10000;

static TAILQ_HEAD(, timeout) timeouts = TAILQ_HEAD_INITIALIZER(timeouts);
static struct lwp *clock_lwp;
static int clock_stop;

/*
 * The clock thread waits on clock_cv outside the kernel; clock_mtx guards
 * clock_poked only, and is never held while the virtual CPU is waited for.
 */
static struct rumpuser_mtx *clock_mtx;
static struct rumpuser_cv *clock_cv;
static int clock_poked;

int64_t
monotonic_nsec(void)
{
	int64_t sec;
	long nsec;

	rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &sec, &nsec);
	return (sec * 1000000000 + nsec);
}

/* Waits until when (0: for ever) or until poked.  Leaves the kernel meanwhile. */
static void
clock_wait(int64_t when)
{
	int64_t left;

	rump_cpu_unschedule();
	rumpuser_mutex_enter_nowrap(clock_mtx);
	if (!clock_poked) {
		if (when == 0) {
			rumpuser_cv_wait_nowrap(clock_cv, clock_mtx);
		} else if ((left = when - monotonic_nsec()) > 0) {
			(void)rumpuser_cv_timedwait(clock_cv, clock_mtx,
			    left / 1000000000, left % 1000000000);
		}
	}
	clock_poked = 0;
	rumpuser_mutex_exit(clock_mtx);
	rump_cpu_schedule();
}

static void
clock_poke(void)
{

	rumpuser_mutex_enter_nowrap(clock_mtx);
	clock_poked = 1;
	rumpuser_cv_signal(clock_cv);
	rumpuser_mutex_exit(clock_mtx);
}

static void
clock_thread(void *arg)
{
	struct timeout *to;

	(void)arg;
	while (!clock_stop) {
		to = TAILQ_FIRST(&timeouts);
		if (to == NULL || to->to_when > monotonic_nsec()) {
			clock_wait(to != NULL ? to->to_when : 0);
			continue;
		}
		TAILQ_REMOVE(&timeouts, to, to_list);
		to->to_flags &= ~TIMEOUT_ONQUEUE;
		to->to_flags |= TIMEOUT_TRIGGERED;
		to->to_func(to->to_arg);
	}
}

void
timeout_init(void)
{

	rumpuser_mutex_init(&clock_mtx, RUMPUSER_MTX_SPIN);
	rumpuser_cv_init(&clock_cv);
}

void
timeout_shutdown(void)
{

	clock_stop = 1;
	if (clock_lwp != NULL)
		clock_poke();
}

void
timeout_set(struct timeout *to, void (*func)(void *), void *arg)
{

	to->to_func = func;
	to->to_arg = arg;
	to->to_flags = TIMEOUT_INITIALIZED;
}

void
timeout_add_nsec(struct timeout *to, int64_t nsec)
{
	struct timeout *at;

	KASSERT(timeout_initialized(to));
	timeout_del(to);
	to->to_when = monotonic_nsec() + nsec;
	to->to_flags |= TIMEOUT_ONQUEUE;
	to->to_flags &= ~TIMEOUT_TRIGGERED;
	TAILQ_FOREACH(at, &timeouts, to_list)
		if (at->to_when > to->to_when)
			break;
	if (at != NULL)
		TAILQ_INSERT_BEFORE(at, to, to_list);
	else
		TAILQ_INSERT_TAIL(&timeouts, to, to_list);
	if (clock_lwp == NULL) {
		if (kthread_create(clock_thread, NULL, &clock_lwp, "clock"))
			panic("no thread for timeouts");
	} else if (TAILQ_FIRST(&timeouts) == to) {
		clock_poke();
	}
}

void
timeout_add(struct timeout *to, int ticks)
{

	timeout_add_nsec(to, (int64_t)ticks * (1000000000 / hz));
}

void
timeout_del(struct timeout *to)
{

	if (to->to_flags & TIMEOUT_ONQUEUE) {
		TAILQ_REMOVE(&timeouts, to, to_list);
		to->to_flags &= ~TIMEOUT_ONQUEUE;
	}
	to->to_flags &= ~TIMEOUT_TRIGGERED;
}
