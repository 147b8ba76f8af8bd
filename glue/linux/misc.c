/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * misc.c: what belongs to no other file: the system's name, its size, its one
 * processor, and calls that are right to do nothing.
 */
#include "linux.h"

#define	LINUX_ARCH_SET_GS	0x1001
#define	LINUX_ARCH_SET_FS	0x1002
#define	LINUX_ARCH_GET_FS	0x1003

#define	LINUX_PR_GET_DUMPABLE	3
#define	LINUX_PR_SET_DUMPABLE	4
#define	LINUX_PR_SET_NAME	15
#define	LINUX_PR_GET_NAME	16
#define	LINUX_NAME_SIZE		16

long
linux_sys_uname(struct linux_call *lc)
{
	struct linux_utsname un;

	memset(&un, 0, sizeof(un));
	(void)linux_strlcpy(un.sysname, "Linux", sizeof(un.sysname));
	(void)linux_strlcpy(un.nodename, linux_program.lp_hostname,
	    sizeof(un.nodename));
	(void)linux_strlcpy(un.release, "6.1.0-rumpkit", sizeof(un.release));
	(void)linux_strlcpy(un.version, "rumpkit", sizeof(un.version));
	(void)linux_strlcpy(un.machine, "x86_64", sizeof(un.machine));
	(void)linux_strlcpy(un.domainname, "(none)", sizeof(un.domainname));
	return linux_user_out(lc->lc_arg[0], &un, sizeof(un));
}

/* How much of the memory is free is not known here: none is claimed. */
long
linux_sys_sysinfo(struct linux_call *lc)
{
	struct linux_sysinfo si;
	int64_t sec = 0;
	long nsec;

	memset(&si, 0, sizeof(si));
	(void)rumpuser_clock_gettime(RUMPUSER_CLOCK_ABSMONO, &sec, &nsec);
	si.uptime = sec;
	si.totalram = linux_program.lp_memory;
	si.procs = 1;
	si.mem_unit = 1;
	return linux_user_out(lc->lc_arg[0], &si, sizeof(si));
}

/* The GS base is the host's. */
long
linux_sys_arch_prctl(struct linux_call *lc)
{
	const uint64_t arg = lc->lc_arg[1];
	uint64_t base;

	switch ((int)lc->lc_arg[0]) {
	case LINUX_ARCH_SET_FS:
		if (arg >= HOST_VM_HIGH)
			return -LINUX_EPERM;
		host_fsbase_set(arg);
		return 0;
	case LINUX_ARCH_GET_FS:
		base = host_fsbase_get();
		return linux_user_out(arg, &base, sizeof(base));
	default:
		return -LINUX_EINVAL;
	}
}

long
linux_sys_prctl(struct linux_call *lc)
{
	static char name[LINUX_NAME_SIZE] = "program";
	const uint64_t arg = lc->lc_arg[1];
	char new[LINUX_NAME_SIZE];
	size_t i;

	switch ((int)lc->lc_arg[0]) {
	case LINUX_PR_SET_NAME:
		for (i = 0; i < LINUX_NAME_SIZE - 1; i++) {
			if (linux_user_in(&new[i], arg + i, 1) != 0)
				return -LINUX_EFAULT;
			if (new[i] == '\0')
				break;
		}
		new[i] = '\0';
		memcpy(name, new, i + 1);
		return 0;
	case LINUX_PR_GET_NAME:
		return linux_user_out(arg, name, sizeof(name));
	case LINUX_PR_GET_DUMPABLE:
	case LINUX_PR_SET_DUMPABLE:
		return 0;
	default:
		return -LINUX_EINVAL;
	}
}

long
linux_sys_sched_getaffinity(struct linux_call *lc)
{
	const uint64_t mask = 1;
	int error;

	if (lc->lc_arg[1] < sizeof(mask) || lc->lc_arg[1] % sizeof(mask) != 0)
		return -LINUX_EINVAL;
	error = linux_user_out(lc->lc_arg[2], &mask, sizeof(mask));
	return error != 0 ? error : (long)sizeof(mask);
}

long
linux_sys_getcpu(struct linux_call *lc)
{
	const uint32_t zero = 0;
	int error = 0, i;

	for (i = 0; i < 2 && error == 0; i++) {
		if (lc->lc_arg[i] != 0)
			error = linux_user_out(lc->lc_arg[i], &zero,
			    sizeof(zero));
	}
	return error;
}

/* The shortest of sleeps lets others run. */
long
linux_sys_sched_yield(struct linux_call *lc)
{

	(void)lc;
	rump_schedule();
	(void)rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 1000);
	rump_unschedule();
	return 0;
}

/* Restartable sequences: C libraries ask on every start, and do without. */
long
linux_sys_rseq(struct linux_call *lc)
{

	(void)lc;
	return -LINUX_ENOSYS;
}

/* Advice, and what there is nothing to do for. */
long
linux_sys_nothing(struct linux_call *lc)
{

	(void)lc;
	return 0;
}
