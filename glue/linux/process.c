/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.c: the one process: its ids, limits, and its end.
 */
#include "linux.h"
#include "mapfile.h"
#include "mount.h"

static int linux_ending;		/* the thread that ends the program; or 0 */

/* Threads that call the kernel once the program ends do not come back. */
void
linux_end_check(void)
{

	if (linux_ending != 0 && linux_ending != host_program_thread_self())
		host_program_thread_exit();
}

/*
 * The end of the program is the end of the machine: file systems that may have
 * been written to are unmounted first.
 */
void
linux_end(int status)
{

	linux_end_check();
	linux_ending = host_program_thread_self();
	linux_mapfile_clean_all();
	linux_unmount_all();
	host_exit(status & 0xff);
}

long
linux_sys_exit_group(struct linux_call *lc)
{

	linux_end((int)lc->lc_arg[0]);
}

/* There are no other processes, hence no children to wait for. */
long
linux_sys_wait4(struct linux_call *lc)
{

	(void)lc;
	return -LINUX_ECHILD;
}

long
linux_sys_getpid(struct linux_call *lc)
{

	(void)lc;
	return rump_sys_getpid();
}

long
linux_sys_getppid(struct linux_call *lc)
{

	(void)lc;
	return rump_sys_getppid();
}

/* One process, so one group and one session. */
static long
linux_leader(int pid)
{

	return pid == 0 || pid == rump_sys_getpid() ? rump_sys_getpid() :
	    -LINUX_ESRCH;
}

long
linux_sys_getpgrp(struct linux_call *lc)
{

	(void)lc;
	return linux_leader(0);
}

long
linux_sys_getpgid(struct linux_call *lc)
{

	return linux_leader((int)lc->lc_arg[0]);
}

long
linux_sys_getsid(struct linux_call *lc)
{

	return linux_leader((int)lc->lc_arg[0]);
}

long
linux_sys_getuid(struct linux_call *lc)
{

	(void)lc;
	return rump_sys_getuid();
}

long
linux_sys_geteuid(struct linux_call *lc)
{

	(void)lc;
	return rump_sys_geteuid();
}

long
linux_sys_getgid(struct linux_call *lc)
{

	(void)lc;
	return rump_sys_getgid();
}

long
linux_sys_getegid(struct linux_call *lc)
{

	(void)lc;
	return rump_sys_getegid();
}

long
linux_sys_setuid(struct linux_call *lc)
{

	return linux_result(rump_sys_setuid((uint32_t)lc->lc_arg[0]));
}

long
linux_sys_setgid(struct linux_call *lc)
{

	return linux_result(rump_sys_setgid((uint32_t)lc->lc_arg[0]));
}

/* Real, effective, saved; the last is taken to be the effective one. */
static long
linux_ids_out(struct linux_call *lc, uint32_t real, uint32_t effective)
{
	const uint32_t ids[3] = { real, effective, effective };
	int error = 0, i;

	for (i = 0; i < 3 && error == 0; i++)
		error = linux_user_out(lc->lc_arg[i], &ids[i], sizeof(ids[i]));
	return error;
}

long
linux_sys_getresuid(struct linux_call *lc)
{

	return linux_ids_out(lc, rump_sys_getuid(), rump_sys_geteuid());
}

long
linux_sys_getresgid(struct linux_call *lc)
{

	return linux_ids_out(lc, rump_sys_getgid(), rump_sys_getegid());
}

/* No supplementary groups. */
long
linux_sys_getgroups(struct linux_call *lc)
{

	return (int)lc->lc_arg[0] < 0 ? -LINUX_EINVAL : 0;
}
