/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpuser_mutex.c: rumpuser(3)'s mutexes and condition variables, on sched.c.
 *
 * A mutex that is let go is free at once and its first waiter is made runnable,
 * but whoever comes first takes it: no convoys.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"
#include "program.h"
#include "sched.h"

struct rumpuser_mtx {
	struct thread *m_owner;		/* NULL: free */
	struct lwp *m_lwp;		/* of the owner, for a KMUTEX */
	struct waitq m_waiters;
	int m_flags;
};

struct rumpuser_cv {
	struct waitq c_waiters;
	int c_nwaiters;			/* until they have left the call */
};

void
rumpuser_mutex_init(struct rumpuser_mtx **mtxp, int flags)
{
	struct rumpuser_mtx *mtx = heap_zalloc(sizeof(*mtx));

	if (mtx == NULL)
		memory_exhausted("a lock");
	mtx->m_flags = flags;
	*mtxp = mtx;
}

void
rumpuser_mutex_destroy(struct rumpuser_mtx *mtx)
{

	heap_free(mtx, sizeof(*mtx));
}

static void
take(struct rumpuser_mtx *mtx)
{

	mtx->m_owner = curthread;
	if (mtx->m_flags & RUMPUSER_MTX_KMUTEX)
		mtx->m_lwp = curthread->t_lwp;
}

void
rumpuser_mutex_enter_nowrap(struct rumpuser_mtx *mtx)
{
	uint64_t flags = intr_disable();

	while (mtx->m_owner != NULL)
		(void)sched_wait(&mtx->m_waiters, NO_DEADLINE);
	take(mtx);
	intr_restore(flags);
}

int
rumpuser_mutex_tryenter(struct rumpuser_mtx *mtx)
{
	uint64_t flags = intr_disable();
	int error = RUMP_EBUSY;

	if (mtx->m_owner == NULL) {
		take(mtx);
		error = 0;
	}
	intr_restore(flags);
	return error;
}

void
rumpuser_mutex_enter(struct rumpuser_mtx *mtx)
{
	int nlocks;

	if (rumpuser_mutex_tryenter(mtx) == 0)
		return;
	if (mtx->m_flags & RUMPUSER_MTX_SPIN) {
		rumpuser_mutex_enter_nowrap(mtx);
		return;
	}
	nlocks = rumpkern_release(NULL);
	rumpuser_mutex_enter_nowrap(mtx);
	rumpkern_acquire(nlocks, NULL);
}

void
rumpuser_mutex_exit(struct rumpuser_mtx *mtx)
{
	uint64_t flags = intr_disable();

	mtx->m_owner = NULL;
	mtx->m_lwp = NULL;
	(void)sched_wake_one(&mtx->m_waiters);
	intr_restore(flags);
}

void
rumpuser_mutex_owner(struct rumpuser_mtx *mtx, struct lwp **lp)
{

	*lp = mtx->m_lwp;
}

void
rumpuser_cv_init(struct rumpuser_cv **cvp)
{

	*cvp = heap_zalloc(sizeof(**cvp));
	if (*cvp == NULL)
		memory_exhausted("a condition variable");
}

void
rumpuser_cv_destroy(struct rumpuser_cv *cv)
{

	heap_free(cv, sizeof(*cv));
}

/* Lets the mutex go and waits, in one step; the mutex is not taken again. */
static int
wait(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx, uint64_t deadline)
{
	uint64_t flags = intr_disable();
	int error;

	rumpuser_mutex_exit(mtx);
	error = sched_wait(&cv->c_waiters, deadline);
	intr_restore(flags);
	return error;
}

/*
 * Takes the mutex and the kernel's virtual CPU again, in the order that the
 * kernel takes them: a spin mutex is taken by a thread that has the CPU.
 */
static void
reacquire(struct rumpuser_mtx *mtx, int nlocks)
{
	const int spinning = RUMPUSER_MTX_SPIN | RUMPUSER_MTX_KMUTEX;

	if ((mtx->m_flags & spinning) == spinning) {
		rumpkern_acquire(nlocks, mtx);
		rumpuser_mutex_enter_nowrap(mtx);
	} else {
		rumpuser_mutex_enter_nowrap(mtx);
		rumpkern_acquire(nlocks, mtx);
	}
}

static int
wait_released(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx,
    uint64_t deadline)
{
	int error, nlocks;

	cv->c_nwaiters++;
	nlocks = rumpkern_release(mtx);
	error = wait(cv, mtx, deadline);
	reacquire(mtx, nlocks);
	cv->c_nwaiters--;
	return error;
}

void
rumpuser_cv_wait(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx)
{

	(void)wait_released(cv, mtx, NO_DEADLINE);
}

void
rumpuser_cv_wait_nowrap(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx)
{

	cv->c_nwaiters++;
	(void)wait(cv, mtx, NO_DEADLINE);
	rumpuser_mutex_enter_nowrap(mtx);
	cv->c_nwaiters--;
}

int
rumpuser_cv_timedwait(struct rumpuser_cv *cv, struct rumpuser_mtx *mtx,
    int64_t sec, int64_t nsec)
{
	uint64_t now = clock_ns(), ns;

	/* What is beyond a century is forever. */
	ns = (uint64_t)MIN(sec, 3000000000L) * NS_PER_SEC + (uint64_t)nsec;
	return wait_released(cv, mtx, now + ns);
}

void
rumpuser_cv_signal(struct rumpuser_cv *cv)
{
	uint64_t flags = intr_disable();

	(void)sched_wake_one(&cv->c_waiters);
	intr_restore(flags);
}

void
rumpuser_cv_broadcast(struct rumpuser_cv *cv)
{
	uint64_t flags = intr_disable();

	sched_wake_all(&cv->c_waiters);
	intr_restore(flags);
}

void
rumpuser_cv_has_waiters(struct rumpuser_cv *cv, int *n)
{

	*n = cv->c_nwaiters;
}
