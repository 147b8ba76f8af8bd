/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * futex.c: waiting for a word of memory to change.
 *
 * All waiters stand in one list, in the order they came.  One lock guards it and
 * makes the comparison and going to sleep one step.
 */
#include "linux.h"
#include "thread.h"

struct linux_waiter {
	struct linux_waiter *w_next;
	uint64_t w_addr;
	uint32_t w_bits;
	int w_woken;
	struct rumpuser_cv *w_cv;
};

static struct rumpuser_mtx *linux_futex_lock;
static struct linux_waiter *linux_waiters;	/* under linux_futex_lock */

void
linux_futex_init(void)
{

	linux_mutex_init(&linux_futex_lock);
}

/* Caller must hold the lock. */
static void
linux_futex_append(struct linux_waiter *w)
{
	struct linux_waiter **p;

	for (p = &linux_waiters; *p != NULL; p = &(*p)->w_next)
		continue;
	w->w_next = NULL;
	*p = w;
}

/* Caller must hold the lock. */
static int
linux_futex_wake_locked(uint64_t addr, int count, uint32_t bits)
{
	struct linux_waiter **p, *w;
	int woken = 0;

	for (p = &linux_waiters; (w = *p) != NULL && woken < count;) {
		if (w->w_addr != addr || (w->w_bits & bits) == 0) {
			p = &w->w_next;
			continue;
		}
		*p = w->w_next;
		w->w_woken = 1;
		rumpuser_cv_signal(w->w_cv);
		woken++;
	}
	return woken;
}

int
linux_futex_wake(uint64_t addr, int count, uint32_t bits)
{
	int woken;

	rumpuser_mutex_enter_nowrap(linux_futex_lock);
	woken = linux_futex_wake_locked(addr, count, bits);
	rumpuser_mutex_exit(linux_futex_lock);
	return woken;
}

/* Caller must hold the lock; takes out a waiter whose time is up. */
static void
linux_futex_remove(struct linux_waiter *w)
{
	struct linux_waiter **p;

	for (p = &linux_waiters; *p != NULL; p = &(*p)->w_next) {
		if (*p == w) {
			*p = w->w_next;
			return;
		}
	}
}

/*
 * Waits until woken or, with a deadline of the given clock, until then.  Caller
 * must hold the lock.  The timed wait gives up a virtual CPU, so it needs one:
 * always lock first, CPU second.
 */
static void
linux_futex_sleep(struct linux_waiter *w, int clock,
    const struct linux_timespec *deadline)
{
	int64_t sec, nsec, nowsec;
	long nownsec;

	while (!w->w_woken && deadline == NULL)
		rumpuser_cv_wait_nowrap(w->w_cv, linux_futex_lock);
	while (!w->w_woken) {
		(void)rumpuser_clock_gettime(clock, &nowsec, &nownsec);
		sec = deadline->tv_sec - nowsec;
		nsec = deadline->tv_nsec - nownsec;
		if (nsec < 0) {
			sec--;
			nsec += 1000000000;
		}
		if (sec < 0 || (sec == 0 && nsec == 0))
			break;
		rump_schedule();
		(void)rumpuser_cv_timedwait(w->w_cv, linux_futex_lock, sec,
		    nsec);
		rump_unschedule();
	}
}

static long
linux_futex_wait(uint64_t addr, uint32_t value, uint32_t bits, int clock,
    const struct linux_timespec *deadline)
{
	struct linux_waiter w = { .w_addr = addr, .w_bits = bits,
	    .w_cv = linux_thread_self()->lt_cv };
	long result = -LINUX_EAGAIN;

	rumpuser_mutex_enter_nowrap(linux_futex_lock);
	if (*(volatile uint32_t *)addr == value) {
		linux_futex_append(&w);
		linux_futex_sleep(&w, clock, deadline);
		result = 0;
		if (!w.w_woken) {
			linux_futex_remove(&w);
			result = -LINUX_ETIMEDOUT;
		}
	}
	rumpuser_mutex_exit(linux_futex_lock);
	return result;
}

/* Wakes count waiters, lets up to more others wait for addr2 instead. */
static long
linux_futex_requeue(uint64_t addr, int count, int more, uint64_t addr2,
    const uint32_t *value)
{
	struct linux_waiter *w;
	long result = -LINUX_EAGAIN;

	rumpuser_mutex_enter_nowrap(linux_futex_lock);
	if (value == NULL || *(volatile uint32_t *)addr == *value) {
		result = linux_futex_wake_locked(addr, count, UINT32_MAX);
		for (w = linux_waiters; w != NULL && more > 0;
		    w = w->w_next) {
			if (w->w_addr == addr) {
				w->w_addr = addr2;
				more--;
				result++;
			}
		}
	}
	rumpuser_mutex_exit(linux_futex_lock);
	return result;
}

/* The time limit of a wait as a deadline; WAIT has it relative. */
static long
linux_futex_timed(struct linux_call *lc, int op, uint32_t bits)
{
	const int relative = (op & 0x7f) == LINUX_FUTEX_WAIT;
	const int clock = !relative && (op & LINUX_FUTEX_REALTIME) ?
	    RUMPUSER_CLOCK_RELWALL : RUMPUSER_CLOCK_ABSMONO;
	struct linux_timespec ts;
	int64_t sec;
	long nsec;
	int error;

	if (lc->lc_arg[3] == 0)
		return linux_futex_wait(lc->lc_arg[0], (uint32_t)lc->lc_arg[2],
		    bits, clock, NULL);
	error = linux_user_in(&ts, lc->lc_arg[3], sizeof(ts));
	if (error != 0)
		return error;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= 1000000000)
		return -LINUX_EINVAL;
	if (relative) {
		(void)rumpuser_clock_gettime(clock, &sec, &nsec);
		ts.tv_nsec += nsec;
		sec += ts.tv_nsec / 1000000000;
		ts.tv_nsec %= 1000000000;
		if (__builtin_add_overflow(ts.tv_sec, sec, &ts.tv_sec))
			ts.tv_sec = INT64_MAX;
	}
	return linux_futex_wait(lc->lc_arg[0], (uint32_t)lc->lc_arg[2], bits,
	    clock, &ts);
}

long
linux_sys_futex(struct linux_call *lc)
{
	const uint64_t addr = lc->lc_arg[0], addr2 = lc->lc_arg[4];
	const int op = (int)lc->lc_arg[1], count = (int)lc->lc_arg[2];
	const uint32_t bits = (uint32_t)lc->lc_arg[5];
	const uint32_t expected = bits;

	if (addr % sizeof(uint32_t) != 0)
		return -LINUX_EINVAL;
	if (linux_user_check(addr, sizeof(uint32_t), HOST_PROT_READ) != 0)
		return -LINUX_EFAULT;
	switch (op & 0x7f) {
	case LINUX_FUTEX_WAIT:
		return linux_futex_timed(lc, op, UINT32_MAX);
	case LINUX_FUTEX_WAIT_BITSET:
		if (bits == 0)
			return -LINUX_EINVAL;
		return linux_futex_timed(lc, op, bits);
	case LINUX_FUTEX_WAKE:
		return linux_futex_wake(addr, count, UINT32_MAX);
	case LINUX_FUTEX_WAKE_BITSET:
		if (bits == 0)
			return -LINUX_EINVAL;
		return linux_futex_wake(addr, count, bits);
	case LINUX_FUTEX_REQUEUE:
	case LINUX_FUTEX_CMP_REQUEUE:
		return linux_futex_requeue(addr, count, (int)lc->lc_arg[3],
		    addr2, (op & 0x7f) == LINUX_FUTEX_CMP_REQUEUE ?
		    &expected : NULL);
	default:
		return -LINUX_ENOSYS;
	}
}
