/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_syscalls.c: system calls of the base that are about processes, time and
 * the kernel itself (section 2 of NetBSD's manual).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <sys/filedesc.h>
#include <rump/rumpuser.h>
#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "kern_private.h"

/* A number of this process, read inside the kernel. */
#define	GETTER(type, name, expr)					\
type									\
rump_sys_##name(void)							\
{									\
	type rv;							\
									\
	rump_schedule();						\
	rv = (expr);							\
	rump_unschedule();						\
	return (rv);							\
}

GETTER(int32_t, getpid, curproc->p_pid)
GETTER(int32_t, getppid, curproc->p_process->pr_ppid)
GETTER(uint32_t, getuid, curproc->p_process->pr_ruid)
GETTER(uint32_t, geteuid, curproc->p_ucred->cr_uid)
GETTER(uint32_t, getgid, curproc->p_process->pr_rgid)
GETTER(uint32_t, getegid, curproc->p_ucred->cr_gid)

/*
 * Gives the process another user, the real one too if setreal.  Its lwps see it
 * at once.  Who is not the superuser can only go back to the real one.
 */
static int
do_setuid(uid_t uid, int setreal)
{
	struct process *pr = curproc->p_process;
	struct ucred *cr;

	if (pr->pr_ucred->cr_uid != 0 && uid != pr->pr_ruid)
		return (EPERM);
	cr = crcopy(pr->pr_ucred);
	cr->cr_uid = uid;
	if (setreal)
		pr->pr_ruid = uid;
	process_setcred(pr, cr);
	return (0);
}

/* The same for the group. */
static int
do_setgid(gid_t gid, int setreal)
{
	struct process *pr = curproc->p_process;
	struct ucred *cr;

	if (pr->pr_ucred->cr_uid != 0 && gid != pr->pr_rgid)
		return (EPERM);
	cr = crcopy(pr->pr_ucred);
	cr->cr_gid = gid;
	if (setreal)
		pr->pr_rgid = gid;
	process_setcred(pr, cr);
	return (0);
}

int
rump_sys_setuid(uint32_t uid)
{

	SYSCALL(do_setuid(uid, 1));
}

int
rump_sys_seteuid(uint32_t uid)
{

	SYSCALL(do_setuid(uid, 0));
}

int
rump_sys_setgid(uint32_t gid)
{

	SYSCALL(do_setgid(gid, 1));
}

int
rump_sys_setegid(uint32_t gid)
{

	SYSCALL(do_setgid(gid, 0));
}

uint32_t
rump_sys_umask(uint32_t mask)
{
	uint32_t old;

	rump_schedule();
	old = curproc->p_fd->fd_cmask;
	curproc->p_fd->fd_cmask = mask & 0777;
	rump_unschedule();
	return (old);
}

static int
do_setrlimit(int which, const struct rump_rlimit *rl)
{
	struct rlimit *lim;

	if ((u_int)which >= RLIM_NLIMITS)
		return (EINVAL);
	if (rl == NULL)
		return (EFAULT);
	lim = &curproc->p_rlimit[which];
	if (rl->rlim_cur > rl->rlim_max || rl->rlim_max > RLIM_INFINITY)
		return (EINVAL);
	if (rl->rlim_max > (uint64_t)lim->rlim_max &&
	    suser(curproc, 0) != 0)
		return (EPERM);
	lim->rlim_cur = (rlim_t)rl->rlim_cur;
	lim->rlim_max = (rlim_t)rl->rlim_max;
	return (0);
}

int
rump_sys_setrlimit(int which, const struct rump_rlimit *rl)
{

	SYSCALL(do_setrlimit(which, rl));
}

static int
do_getrlimit(int which, struct rump_rlimit *rl)
{

	if ((u_int)which >= RLIM_NLIMITS)
		return (EINVAL);
	if (rl == NULL)
		return (EFAULT);
	rl->rlim_cur = (uint64_t)curproc->p_rlimit[which].rlim_cur;
	rl->rlim_max = (uint64_t)curproc->p_rlimit[which].rlim_max;
	return (0);
}

int
rump_sys_getrlimit(int which, struct rump_rlimit *rl)
{

	SYSCALL(do_getrlimit(which, rl));
}

int
rump_sys_clock_gettime(int clock, struct rump_timespec *ts)
{
	struct timespec now;

	if (clock == RUMP_CLOCK_REALTIME)
		nanotime(&now);
	else if (clock == RUMP_CLOCK_MONOTONIC)
		nanouptime(&now);
	else
		return (syscall_fail(EINVAL));
	if (ts == NULL)
		return (syscall_fail(EFAULT));
	ts->tv_sec = now.tv_sec;
	ts->tv_nsec = now.tv_nsec;
	return (0);
}

/* Nothing interrupts a sleep here, so that nothing is ever left over. */
int
rump_sys_nanosleep(const struct rump_timespec *ts, struct rump_timespec *left)
{

	if (ts == NULL)
		return (syscall_fail(EFAULT));
	if (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= 1000000000)
		return (syscall_fail(EINVAL));
	rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, ts->tv_sec, ts->tv_nsec);
	if (left != NULL)
		left->tv_sec = left->tv_nsec = 0;
	return (0);
}

int
rump_sys_reboot(int howto, char *bootstr)
{

	(void)bootstr;
	rump_schedule();
	if (suser(curproc, 0) != 0) {
		rump_unschedule();
		return (syscall_fail(EPERM));
	}
	kern_halt(howto);
}
