/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sched.h: threads, and waiting.
 *
 * One CPU.  All fields below are guarded by interrupts being off, except those
 * that only the thread itself uses.
 */
#ifndef _BAREMETAL_SCHED_H_
#define	_BAREMETAL_SCHED_H_

#include "types.h"

struct thread;
struct lwp;

/* Threads that wait for one thing, first come first served. */
struct waitq {
	struct thread *wq_first, *wq_last;
};

struct thread {
	uint64_t t_sp;			/* while it does not run */
	uintptr_t t_kstack;		/* lowest address */
	struct thread *t_next, *t_prev;	/* on the run queue or a waitq */
	struct waitq *t_waitq;
	struct thread *t_sleepnext, **t_sleepprev;
	uint64_t t_deadline;		/* clock_ns(); meaningful if t_sleepprev */
	uint8_t t_state;
	bool t_timedout;
	bool t_urgent;			/* runs before others: host workers */
	bool t_mustjoin;
	struct waitq t_joiners;
	void *(*t_function)(void *);
	void *t_argument;

	/* Its own. */
	struct lwp *t_lwp;
	int t_errno;
	int t_id;
	bool t_program;			/* has registers of a program */
	uint64_t t_fsbase;
	void *t_fpu;			/* fpu.c */
	char t_name[16];
};
#define	FIRST_THREAD	1		/* t_id */
#define	THREAD_RUNNABLE	0
#define	THREAD_BLOCKED	1
#define	THREAD_DEAD	2

extern struct thread *curthread;

#define	NO_DEADLINE	(~0UL)

/* sched.c.  wait, wake and yield: interrupts off. */
uintptr_t sched_init(void);
int	sched_wait(struct waitq *, uint64_t deadline);
bool	sched_wake_one(struct waitq *);
void	sched_wake_all(struct waitq *);
void	sched_timeouts(void);
void	sched_preempt(void);
void	sched_yield(void);
void	sched_start(struct thread *);
void	sched_end(void) __noreturn;
void	sched_switched(void);

/*
 * If set: what has been put off until this thread leaves the kernel or waits.
 * Called with interrupts off, by nobody who has preemption off.
 */
extern void (*sched_flush)(void);

/* Between these no other thread runs; interrupts are still taken. */
extern unsigned sched_nopreempt;
static inline void
preempt_disable(void)
{

	sched_nopreempt++;
	__asm volatile("" : : : "memory");
}
void	preempt_enable(void);

/* thread.c */
struct thread *thread_new(const char *name, void *(*)(void *), void *);
void	thread_release(struct thread *);

#endif /* _BAREMETAL_SCHED_H_ */
