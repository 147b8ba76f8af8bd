/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.c: who runs.
 *
 * First come first served, with a time slice that is armed only while somebody
 * else wants to run: a single busy thread is never disturbed.  With nobody to
 * run the CPU halts, on the stack of whoever ran last.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "layout.h"
#include "mem.h"
#include "program.h"
#include "sched.h"

#define	SLICE_NS	5000000UL

void	switch_stacks(uint64_t *, uint64_t);
extern uintptr_t cpu_kstack_top, cpu_kstack_limit;

struct thread *curthread;
unsigned sched_nopreempt;
void (*sched_flush)(void);
static struct thread thread0 = { .t_id = FIRST_THREAD, .t_name = "main" };
static struct waitq runq;
static struct thread *sleepers;		/* by deadline */
static struct thread *corpse;		/* died, but its stack was in use */
static bool need_switch, idle, slice_armed;

static void
queue_append(struct waitq *wq, struct thread *t)
{

	t->t_next = NULL;
	t->t_prev = wq->wq_last;
	if (wq->wq_last != NULL)
		wq->wq_last->t_next = t;
	else
		wq->wq_first = t;
	wq->wq_last = t;
}

static void
queue_prepend(struct waitq *wq, struct thread *t)
{

	t->t_prev = NULL;
	t->t_next = wq->wq_first;
	if (wq->wq_first != NULL)
		wq->wq_first->t_prev = t;
	else
		wq->wq_last = t;
	wq->wq_first = t;
}

static void
queue_remove(struct waitq *wq, struct thread *t)
{

	if (t->t_prev != NULL)
		t->t_prev->t_next = t->t_next;
	else
		wq->wq_first = t->t_next;
	if (t->t_next != NULL)
		t->t_next->t_prev = t->t_prev;
	else
		wq->wq_last = t->t_prev;
}

static void
sleep_insert(struct thread *t, uint64_t deadline)
{
	struct thread **p = &sleepers;

	while (*p != NULL && (*p)->t_deadline <= deadline)
		p = &(*p)->t_sleepnext;
	t->t_deadline = deadline;
	t->t_sleepnext = *p;
	t->t_sleepprev = p;
	if (*p != NULL)
		(*p)->t_sleepprev = &t->t_sleepnext;
	*p = t;
	clock_arm(sleepers->t_deadline);
}

static void
sleep_remove(struct thread *t)
{

	*t->t_sleepprev = t->t_sleepnext;
	if (t->t_sleepnext != NULL)
		t->t_sleepnext->t_sleepprev = t->t_sleepprev;
	t->t_sleepprev = NULL;
}

static void
slice_arm(void)
{

	if (!slice_armed) {
		slice_armed = true;
		clock_arm(clock_ns() + SLICE_NS);
	}
}

/* Makes a thread runnable that is on no queue. */
static void
make_runnable(struct thread *t)
{

	t->t_state = THREAD_RUNNABLE;
	if (t->t_urgent) {
		queue_prepend(&runq, t);
		need_switch = true;
	} else {
		queue_append(&runq, t);
		if (!idle)
			slice_arm();
	}
}

/* The first thread goes on with what boot_main() does; returns its stack. */
uintptr_t
sched_init(void)
{

	thread0.t_kstack = kstack_alloc();
	if (thread0.t_kstack == 0)
		memory_exhausted("the first thread's stack");
	curthread = &thread0;
	cpu_kstack_top = thread0.t_kstack + KSTACK_SIZE;
	cpu_kstack_limit = thread0.t_kstack + KSTACK_RESERVE;
	return cpu_kstack_top;
}

/* Runs in the thread that was switched to. */
void
sched_switched(void)
{
	struct thread *dead = corpse;

	if (dead != NULL) {
		corpse = NULL;
		thread_release(dead);
	}
}

/* Gives the CPU to the next runnable thread.  Interrupts are off. */
static void
run_next(void)
{
	struct thread *self = curthread, *t;

	if (sched_flush != NULL)
		sched_flush();
	idle = true;
	while ((t = runq.wq_first) == NULL)
		intr_wait();
	idle = false;
	need_switch = false;
	queue_remove(&runq, t);
	if (runq.wq_first != NULL)
		slice_arm();
	if (t == self)
		return;
	program_switch(self, t);
	curthread = t;
	cpu_kstack_top = t->t_kstack + KSTACK_SIZE;
	cpu_kstack_limit = t->t_kstack + KSTACK_RESERVE;
	switch_stacks(&self->t_sp, t->t_sp);
	sched_switched();
}

/*
 * Waits on a queue (or for time alone, with NULL) until woken or until the
 * deadline, in clock_ns() time: 0 or ETIMEDOUT.
 */
int
sched_wait(struct waitq *wq, uint64_t deadline)
{
	struct thread *t = curthread;

	t->t_state = THREAD_BLOCKED;
	t->t_timedout = false;
	t->t_waitq = wq;
	if (wq != NULL)
		queue_append(wq, t);
	if (deadline != NO_DEADLINE)
		sleep_insert(t, deadline);
	run_next();
	return t->t_timedout ? RUMP_ETIMEDOUT : 0;
}

static void
wake(struct thread *t)
{

	if (t->t_waitq != NULL)
		queue_remove(t->t_waitq, t);
	t->t_waitq = NULL;
	if (t->t_sleepprev != NULL)
		sleep_remove(t);
	make_runnable(t);
}

bool
sched_wake_one(struct waitq *wq)
{

	if (wq->wq_first == NULL)
		return false;
	wake(wq->wq_first);
	return true;
}

void
sched_wake_all(struct waitq *wq)
{

	while (sched_wake_one(wq))
		continue;
}

/* The timer fired: wakes who waited for it, ends the time slice. */
void
sched_timeouts(void)
{
	struct thread *t;
	uint64_t now = clock_ns();

	slice_armed = false;
	if (runq.wq_first != NULL)
		need_switch = true;
	while ((t = sleepers) != NULL && t->t_deadline <= now) {
		t->t_timedout = true;
		wake(t);
	}
	if (sleepers != NULL)
		clock_arm(sleepers->t_deadline);
}

/* At the end of a trap: lets another thread run if it is time for that. */
void
sched_preempt(void)
{
	uint64_t flags;

	if (!need_switch || idle || sched_nopreempt != 0)
		return;
	flags = intr_disable();
	sched_yield();
	intr_restore(flags);
}

/* Goes to the end of the queue.  Interrupts are off. */
void
sched_yield(void)
{

	if (runq.wq_first == NULL)
		return;
	queue_append(&runq, curthread);
	run_next();
}

void
preempt_enable(void)
{

	__asm volatile("" : : : "memory");
	if (--sched_nopreempt == 0)
		sched_preempt();
}

void
sched_start(struct thread *t)
{
	uint64_t flags = intr_disable();

	make_runnable(t);
	intr_restore(flags);
}

/* Ends this thread. */
void
sched_end(void)
{
	struct thread *t = curthread;

	(void)intr_disable();
	t->t_state = THREAD_DEAD;
	if (t->t_mustjoin)
		sched_wake_all(&t->t_joiners);
	else
		corpse = t;
	run_next();
	__builtin_unreachable();
}
