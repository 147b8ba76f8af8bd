/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * locks.c: mutexes and condition variables, on futex words.
 *
 * The uncontended paths are one atomic operation and no system call: the kernel
 * takes and drops several locks on every call.  Who must wait gives up its
 * virtual CPU first and takes it again after it has the lock, except for the
 * _nowrap calls and for spin mutexes.
 */
#include "rumpuser_int.h"

#include <limits.h>
#include <stdlib.h>

/* mtx_word: 0 free, 1 held, 2 held and perhaps waited for. */
struct rumpuser_mtx {
	_Atomic uint32_t mtx_word;
	int mtx_flags;
	struct lwp *_Atomic mtx_owner;	/* only kept for a KMUTEX */
};

struct rumpuser_cv {
	_Atomic uint32_t cv_sequence;	/* changes with every wakeup */
	_Atomic uint32_t cv_waiters;
};

/* Locks are part of the kernel's memory: they go when the kernel goes. */
static void *
lock_alloc(size_t size)
{
	void *p;

	if (rumpuser_malloc(size, 0, &p) != 0) {
		rumpuser_dprintf("rumpuser: no memory for a lock\n");
		rumpuser_exit(RUMPUSER_PANIC);
	}
	return p;
}

void
rumpuser_mutex_init(struct rumpuser_mtx **mtxp, int flags)
{
	struct rumpuser_mtx *mtx = lock_alloc(sizeof(*mtx));

	atomic_init(&mtx->mtx_word, 0);
	atomic_init(&mtx->mtx_owner, NULL);
	mtx->mtx_flags = flags;
	*mtxp = mtx;
}

void
rumpuser_mutex_destroy(struct rumpuser_mtx *mtx)
{

	rumpuser_free(mtx, sizeof(*mtx));
}

static inline void
mutex_set_owner(struct rumpuser_mtx *mtx)
{

	if (mtx->mtx_flags & RUMPUSER_MTX_KMUTEX)
		atomic_store_explicit(&mtx->mtx_owner, rumpuser_curlwp(),
		    memory_order_relaxed);
}

static inline int
mutex_try(struct rumpuser_mtx *mtx)
{
	uint32_t free = 0;

	return atomic_compare_exchange_strong_explicit(&mtx->mtx_word, &free,
	    1, memory_order_acquire, memory_order_relaxed);
}

static void
mutex_wait(struct rumpuser_mtx *mtx)
{

	while (atomic_exchange(&mtx->mtx_word, 2) != 0)
		(void)rumpuser__wait(&mtx->mtx_word, 2, NULL);
}

void
rumpuser_mutex_enter(struct rumpuser_mtx *mtx)
{
	int nlocks;

	if (!RUMPUSER__LIKELY(mutex_try(mtx))) {
		if (mtx->mtx_flags & RUMPUSER_MTX_SPIN) {
			mutex_wait(mtx);
		} else {
			rumpuser__unschedule(&nlocks, NULL);
			mutex_wait(mtx);
			rumpuser__schedule(nlocks, NULL);
		}
	}
	mutex_set_owner(mtx);
}

void
rumpuser_mutex_enter_nowrap(struct rumpuser_mtx *mtx)
{

	if (!RUMPUSER__LIKELY(mutex_try(mtx)))
		mutex_wait(mtx);
	mutex_set_owner(mtx);
}

int
rumpuser_mutex_tryenter(struct rumpuser_mtx *mtx)
{

	if (!mutex_try(mtx))
		return RUMP_EBUSY;
	mutex_set_owner(mtx);
	return 0;
}

void
rumpuser_mutex_exit(struct rumpuser_mtx *mtx)
{

	if (mtx->mtx_flags & RUMPUSER_MTX_KMUTEX)
		atomic_store_explicit(&mtx->mtx_owner, NULL,
		    memory_order_relaxed);
	if (atomic_exchange_explicit(&mtx->mtx_word, 0,
	    memory_order_release) == 2)
		rumpuser__wake(&mtx->mtx_word, 1);
}

void
rumpuser_mutex_owner(struct rumpuser_mtx *mtx, struct lwp **lp)
{

	*lp = atomic_load_explicit(&mtx->mtx_owner, memory_order_relaxed);
}

void
rumpuser_cv_init(struct rumpuser_cv **cvp)
{
	struct rumpuser_cv *cv = lock_alloc(sizeof(*cv));

	atomic_init(&cv->cv_sequence, 0);
	atomic_init(&cv->cv_waiters, 0);
	*cvp = cv;
}

void
rumpuser_cv_destroy(struct rumpuser_cv *cv)
{

	rumpuser_free(cv, sizeof(*cv));
}

/* Caller must hold mtx; it is not held on return. */
static int
cv_sleep(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx,
    const struct timespec *deadline)
{
	uint32_t sequence;
	int error;

	atomic_fetch_add(&cv->cv_waiters, 1);
	sequence = atomic_load(&cv->cv_sequence);
	rumpuser_mutex_exit(mtx);
	error = rumpuser__wait(&cv->cv_sequence, sequence, deadline);
	atomic_fetch_sub(&cv->cv_waiters, 1);
	return error;
}

/*
 * Lock order is virtual CPU, then spin mutex: whoever spins holds the CPU.
 * Other mutexes are taken without the CPU, as rumpuser_mutex_enter() does.
 */
static int
cv_sleep_wrapped(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx,
    const struct timespec *deadline)
{
	int error, nlocks;

	rumpuser__unschedule(&nlocks, mtx);
	error = cv_sleep(cv, mtx, deadline);
	if ((mtx->mtx_flags & (RUMPUSER_MTX_SPIN | RUMPUSER_MTX_KMUTEX)) ==
	    RUMPUSER_MTX_SPIN) {
		rumpuser__schedule(nlocks, mtx);
		rumpuser_mutex_enter_nowrap(mtx);
	} else {
		rumpuser_mutex_enter_nowrap(mtx);
		rumpuser__schedule(nlocks, mtx);
	}
	return error;
}

void
rumpuser_cv_wait(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx)
{

	(void)cv_sleep_wrapped(cv, mtx, NULL);
}

void
rumpuser_cv_wait_nowrap(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx)
{

	(void)cv_sleep(cv, mtx, NULL);
	rumpuser_mutex_enter_nowrap(mtx);
}

int
rumpuser_cv_timedwait(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx,
    int64_t sec, int64_t nsec)
{
	struct timespec deadline;

	rumpuser__deadline(&deadline, sec, nsec);
	return cv_sleep_wrapped(cv, mtx, &deadline) == ETIMEDOUT ?
	    RUMP_ETIMEDOUT : 0;
}

static void
cv_wake(struct rumpuser_cv *cv, int nthreads)
{

	if (atomic_load(&cv->cv_waiters) == 0)
		return;
	atomic_fetch_add(&cv->cv_sequence, 1);
	rumpuser__wake(&cv->cv_sequence, nthreads);
}

void
rumpuser_cv_signal(struct rumpuser_cv *cv)
{

	cv_wake(cv, 1);
}

void
rumpuser_cv_broadcast(struct rumpuser_cv *cv)
{

	cv_wake(cv, INT_MAX);
}

void
rumpuser_cv_has_waiters(struct rumpuser_cv *cv, int *waiters)
{

	*waiters = atomic_load(&cv->cv_waiters) != 0;
}
