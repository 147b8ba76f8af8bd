/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limits.c: resource limits.  They are kept and reported, so that programs find
 * what they expect; only memory, descriptors and stack are limited in fact, by
 * what there is.
 */
#include "linux.h"
#include "file.h"
#include "program.h"

#define	LINUX_NLIMITS		16
#define	LINUX_RLIMIT_STACK	3
#define	LINUX_RLIMIT_CORE	4
#define	LINUX_RLIMIT_NOFILE	7
#define	LINUX_UNLIMITED		{ UINT64_MAX, UINT64_MAX }

static struct linux_rlimit linux_limits[LINUX_NLIMITS] = {
	[0 ... LINUX_RLIMIT_STACK - 1] = LINUX_UNLIMITED,
	[LINUX_RLIMIT_STACK] = { LINUX_STACK_SIZE, LINUX_STACK_SIZE },
	[LINUX_RLIMIT_CORE] = { 0, 0 },
	[LINUX_RLIMIT_CORE + 1 ... LINUX_RLIMIT_NOFILE - 1] = LINUX_UNLIMITED,
	[LINUX_RLIMIT_NOFILE] = { LINUX_NFDS, LINUX_NFDS },
	[LINUX_RLIMIT_NOFILE + 1 ... LINUX_NLIMITS - 1] = LINUX_UNLIMITED
};

/* Descriptors that the program may have: numbers below this. */
int
linux_limit_nofile(void)
{
	const uint64_t most = linux_limits[LINUX_RLIMIT_NOFILE].rlim_cur;

	return most < LINUX_NFDS ? (int)most : LINUX_NFDS;
}

static long
linux_limit(unsigned int which, uint64_t new, uint64_t old)
{
	struct linux_rlimit rl, was;
	int error;

	if (which >= LINUX_NLIMITS)
		return -LINUX_EINVAL;
	was = rl = linux_limits[which];
	if (new != 0) {
		error = linux_user_in(&rl, new, sizeof(rl));
		if (error != 0)
			return error;
		if (rl.rlim_cur > rl.rlim_max)
			return -LINUX_EINVAL;
		if (rl.rlim_max > was.rlim_max)
			return -LINUX_EPERM;
	}
	if (old != 0) {
		error = linux_user_out(old, &was, sizeof(was));
		if (error != 0)
			return error;
	}
	linux_limits[which] = rl;
	return 0;
}

long
linux_sys_prlimit64(struct linux_call *lc)
{
	const int pid = (int)lc->lc_arg[0];

	if (pid != 0 && pid != rump_sys_getpid())
		return -LINUX_ESRCH;
	return linux_limit((unsigned int)lc->lc_arg[1], lc->lc_arg[2],
	    lc->lc_arg[3]);
}

long
linux_sys_getrlimit(struct linux_call *lc)
{

	if (lc->lc_arg[1] == 0)
		return -LINUX_EFAULT;
	return linux_limit((unsigned int)lc->lc_arg[0], 0, lc->lc_arg[1]);
}

long
linux_sys_setrlimit(struct linux_call *lc)
{

	if (lc->lc_arg[1] == 0)
		return -LINUX_EFAULT;
	return linux_limit((unsigned int)lc->lc_arg[0], lc->lc_arg[1], 0);
}
