/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.h: what this layer keeps for each thread of the program.
 */
#ifndef _LINUX_THREAD_H_
#define	_LINUX_THREAD_H_

struct linux_thread {
	/* Under the list's lock. */
	struct linux_thread *lt_next;
	int lt_hosttid;
	int lt_tid;			/* as the program knows it; fixed */

	/* The thread's own. */
	uint64_t lt_cleartid;		/* zeroed and woken at the end; or 0 */
	uint64_t lt_sigmask;
	uint64_t lt_pending;
	struct linux_sigaltstack lt_altstack;

	struct rumpuser_cv *lt_cv;	/* futex.c, under its lock */
};

struct linux_thread *linux_thread_find(int tid);	/* NULL: none */

#endif /* _LINUX_THREAD_H_ */
