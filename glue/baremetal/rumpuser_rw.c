/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpuser_rw.c: rumpuser(3)'s reader/writer locks, on sched.c.  A writer that
 * waits keeps new readers out.
 */
#include "types.h"
#include "../../rump/include/rump/rumpuser.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"
#include "program.h"
#include "sched.h"

struct rumpuser_rw {
	struct thread *rw_writer;
	unsigned rw_readers;
	struct waitq rw_waitreaders, rw_waitwriters;
};

void
rumpuser_rw_init(struct rumpuser_rw **rwp)
{

	*rwp = heap_zalloc(sizeof(**rwp));
	if (*rwp == NULL)
		memory_exhausted("a lock");
}

void
rumpuser_rw_destroy(struct rumpuser_rw *rw)
{

	heap_free(rw, sizeof(*rw));
}

/* Interrupts are off. */
static bool
try_enter(int type, struct rumpuser_rw *rw)
{

	if (rw->rw_writer != NULL)
		return false;
	if (type == RUMPUSER_RW_READER) {
		if (rw->rw_waitwriters.wq_first != NULL)
			return false;
		rw->rw_readers++;
	} else {
		if (rw->rw_readers != 0)
			return false;
		rw->rw_writer = curthread;
	}
	return true;
}

int
rumpuser_rw_tryenter(int type, struct rumpuser_rw *rw)
{
	uint64_t flags = intr_disable();
	bool entered = try_enter(type, rw);

	intr_restore(flags);
	return entered ? 0 : RUMP_EBUSY;
}

/* Interrupts are off.  The first reader in lets the waiting readers follow. */
static void
enter_waiting(int type, struct rumpuser_rw *rw)
{

	while (!try_enter(type, rw))
		(void)sched_wait(type == RUMPUSER_RW_READER ?
		    &rw->rw_waitreaders : &rw->rw_waitwriters, NO_DEADLINE);
}

void
rumpuser_rw_enter(int type, struct rumpuser_rw *rw)
{
	uint64_t flags;
	int nlocks;

	if (rumpuser_rw_tryenter(type, rw) == 0)
		return;
	nlocks = rumpkern_release(NULL);
	flags = intr_disable();
	enter_waiting(type, rw);
	intr_restore(flags);
	rumpkern_acquire(nlocks, NULL);
}

/*
 * Interrupts are off; the lock may be free now.  A writer goes first; when there
 * is none, all readers.
 */
static void
let_others(struct rumpuser_rw *rw)
{

	if (rw->rw_writer != NULL)
		return;
	if (rw->rw_readers == 0 && sched_wake_one(&rw->rw_waitwriters))
		return;
	if (rw->rw_waitwriters.wq_first == NULL)
		sched_wake_all(&rw->rw_waitreaders);
}

void
rumpuser_rw_exit(struct rumpuser_rw *rw)
{
	uint64_t flags = intr_disable();

	if (rw->rw_writer != NULL)
		rw->rw_writer = NULL;
	else
		rw->rw_readers--;
	let_others(rw);
	intr_restore(flags);
}

int
rumpuser_rw_tryupgrade(struct rumpuser_rw *rw)
{
	uint64_t flags = intr_disable();
	int error = RUMP_EBUSY;

	if (rw->rw_readers == 1) {
		rw->rw_readers = 0;
		rw->rw_writer = curthread;
		error = 0;
	}
	intr_restore(flags);
	return error;
}

void
rumpuser_rw_downgrade(struct rumpuser_rw *rw)
{
	uint64_t flags = intr_disable();

	rw->rw_writer = NULL;
	rw->rw_readers = 1;
	let_others(rw);
	intr_restore(flags);
}

void
rumpuser_rw_held(int type, struct rumpuser_rw *rw, int *held)
{

	*held = type == RUMPUSER_RW_READER ? rw->rw_readers != 0 :
	    rw->rw_writer == curthread;
}
