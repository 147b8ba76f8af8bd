/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * timeout.h: a function to call later, on the kernel's clock lwp.
 */
#ifndef _SYS_TIMEOUT_H_
#define	_SYS_TIMEOUT_H_

#include <sys/queue.h>

struct timeout {
	TAILQ_ENTRY(timeout) to_list;
	void (*to_func)(void *);
	void *to_arg;
	int64_t to_when;		/* nanoseconds of the monotonic clock */
	int to_flags;
};
#define	TIMEOUT_ONQUEUE		0x01
#define	TIMEOUT_INITIALIZED	0x02
#define	TIMEOUT_TRIGGERED	0x04

void	timeout_set(struct timeout *, void (*)(void *), void *);
void	timeout_add(struct timeout *, int ticks);
void	timeout_del(struct timeout *);
#define	timeout_pending(to)	((to)->to_flags & TIMEOUT_ONQUEUE)
#define	timeout_initialized(to)	((to)->to_flags & TIMEOUT_INITIALIZED)
#define	timeout_triggered(to)	((to)->to_flags & TIMEOUT_TRIGGERED)

#endif /* _SYS_TIMEOUT_H_ */
