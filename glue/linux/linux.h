/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linux.h: what the files of this layer share.
 *
 * Handlers return a result, or a Linux errno negated.  "NetBSD errno" in a name
 * or comment means a positive one of rumperr.h.
 */
#ifndef _LINUX_LINUX_H_
#define	_LINUX_LINUX_H_

#include "types.h"
#include "linux_errno.h"
#include "abi.h"
#include "calls.h"

/* A system call on its way: arguments, and the registers for those that ask. */
struct linux_call {
	uint64_t lc_arg[6];
	struct host_frame *lc_frame;
};

/* The handlers. */
#define	LINUX__DECLARE(number, name, handler, kinds)			\
long	linux_sys_##handler(struct linux_call *);
#define	LINUX__NOTHING(number, name)
LINUX_SYSCALLS(LINUX__DECLARE, LINUX__NOTHING)
#undef LINUX__DECLARE
#undef LINUX__NOTHING

/* dispatch.c */
void	linux_syscall(struct host_frame *);
const char *linux_syscall_name(unsigned int number);

/* trace.c: one line per call on the console, when the configuration asks. */
void	linux_trace(const char *name, const char *kinds,
	    const struct linux_call *, long result);

/* errno.c */
int	linux_errno(int error);		/* NetBSD errno -> Linux errno */
long	linux_result(long value);	/* of a rump_sys_*() call -> a handler's */
long	linux_result_name(long value);	/* the same, of one that makes a name */

/*
 * user.c: memory of the program.  All of these refuse what is not the program's
 * with -EFAULT; afterwards the kernel may touch the range directly.
 */
int	linux_user_check(uint64_t addr, size_t len, int prot);
int	linux_user_in(void *dst, uint64_t addr, size_t len);
int	linux_user_out(uint64_t addr, const void *src, size_t len);
long	linux_user_string(uint64_t addr, size_t max);

/* mutex.c: a lock that is taken outside the kernel, and never across a call. */
void	linux_mutex_init(struct rumpuser_mtx **);

/* memory.c */
void	linux_brk_init(uintptr_t end);

/* path.c */
int	linux_at(int fd, const char *path, int *rumpfd);

/* time.c */
#define	LINUX_NSEC	1000000000L	/* in a second */
int64_t	linux_monotonic(void);

/* signal.c: ends the program as the signal's default does. */
void	linux_signal_end(int sig) __attribute__((__noreturn__));

/* Sends sig to the calling thread. */
void	linux_signal_self(int sig);

/* thread.c */
struct linux_thread;
void	linux_thread_init(void);
struct linux_thread *linux_thread_self(void);

/* futex.c */
void	linux_futex_init(void);
int	linux_futex_wake(uint64_t addr, int count, uint32_t bits);

/* process.c: flushes and ends the machine with this status. */
void	linux_end(int status) __attribute__((__noreturn__));
void	linux_end_check(void);

/* The program and its machine, as configured; set once, before it starts. */
struct linux_program {
	const char *lp_path;		/* absolute: /proc/self/exe */
	const char *lp_hostname;
	uint64_t lp_memory;		/* bytes of RAM */
	int lp_trace;
	int lp_plainconsole;		/* the console is no terminal */
};
extern struct linux_program linux_program;

#endif /* _LINUX_LINUX_H_ */
