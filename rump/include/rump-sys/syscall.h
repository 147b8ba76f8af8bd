/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscall.h: how a system call enters and leaves the kernel.
 *
 * A call's work is a function that runs inside and returns an errno; the entry
 * itself is one line:
 *
 *	int
 *	rump_sys_chdir(const char *path)
 *	{
 *
 *		SYSCALL(do_chdir(path));
 *	}
 */
#ifndef _RUMP_SYS_SYSCALL_H_
#define	_RUMP_SYS_SYSCALL_H_

#include <rump/rumpuser.h>
#include <rump/rump.h>

static __inline int
syscall_fail(int error)
{

	rumpuser_seterrno(error);
	return (-1);
}

/* Runs expr inside the kernel: 0, or -1 with its errno. */
#define	SYSCALL(expr) do {						\
	int error_;							\
	rump_schedule();						\
	error_ = (expr);						\
	rump_unschedule();						\
	return (error_ == 0 ? 0 : syscall_fail(error_));		\
} while (0)

/* The same for a call with a result, which expr leaves in rv. */
#define	SYSCALL_RESULT(type, rv, expr) do {				\
	type rv = 0;							\
	int error_;							\
	rump_schedule();						\
	error_ = (expr);						\
	rump_unschedule();						\
	return (error_ == 0 ? rv : syscall_fail(error_));		\
} while (0)

/*
 * What a file system does to get room that it has but cannot give yet: says
 * whether there is more now.  Soft updates keep what was freed until the disk
 * knows.  No lock is held, and the caller may wait.  NULL if none has to.
 */
extern int (*syscall_make_room)(void);

/* After a call: is it to be made again, once, because there may be room now? */
int	syscall_again(int error, int *tried);

/* SYSCALL_RESULT for calls that may need room on a disk.  One that fails leaves
   nothing behind, so that it can be made again. */
#define	SYSCALL_ROOM_RESULT(type, rv, expr) do {			\
	type rv = 0;							\
	int error_, tried_ = 0;						\
	rump_schedule();						\
	do								\
		error_ = (expr);					\
	while (syscall_again(error_, &tried_));				\
	rump_unschedule();						\
	return (error_ == 0 ? rv : syscall_fail(error_));		\
} while (0)

/* The same without a result. */
#define	SYSCALL_ROOM(expr)	SYSCALL_ROOM_RESULT(int, zero_, expr)

#endif /* _RUMP_SYS_SYSCALL_H_ */
