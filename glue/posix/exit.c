/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit.c: the end of a kernel, of the process, or of the host below a kernel.
 */
#include "rumpuser_int.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>

/* Installed before the kernel starts, only read afterwards. */
struct rumpuser_posix_hooks rumpuser__hooks;

void
rumpuser_posix_sethooks(const struct rumpuser_posix_hooks *hooks)
{

	rumpuser__hooks = *hooks;
}

void
rumpuser_exit(int value)
{

	if (rumpuser__hooks.ph_exit != NULL) {
		rumpuser__hooks.ph_exit(rumpuser__hooks.ph_arg, value);
		rumpuser__wait_end();
		rumpuser__leave();
	}
	if (value == RUMPUSER_PANIC)
		abort();
	exit(value);
}

/* NetBSD's signal numbers as the host's. */
static int
signal_to_host(int sig)
{
	static const int table[] = {
		0, SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, 0,
		SIGFPE, SIGKILL, SIGBUS, SIGSEGV, SIGSYS, SIGPIPE, SIGALRM,
		SIGTERM, SIGURG, SIGSTOP, SIGTSTP, SIGCONT, SIGCHLD, SIGTTIN,
		SIGTTOU, SIGIO, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF,
		SIGWINCH, 0, SIGUSR1, SIGUSR2
	};

	if (sig < 0 || (size_t)sig >= sizeof(table) / sizeof(table[0]))
		return 0;
	return table[sig];
}

/* A kernel that is a guest in a process does not send it signals. */
int
rumpuser_kill(int64_t pid, int sig)
{
	int hostsig = signal_to_host(sig);

	if (rumpuser__hooks.ph_exit != NULL)
		return RUMP_EPERM;
	if (hostsig == 0)
		return RUMP_EINVAL;
	if (pid == RUMPUSER_PID_SELF)
		return raise(hostsig) == 0 ? 0 : RUMP_EINVAL;
	return kill((pid_t)pid, hostsig) == 0 ? 0 : rumpuser__errno();
}

int
rumpuser_posix_teardown(unsigned int milliseconds)
{
	struct timespec deadline;
	int left;

	rumpuser__wait_end();
	(void)clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += milliseconds / 1000;
	deadline.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (deadline.tv_nsec >= 1000000000) {
		deadline.tv_sec++;
		deadline.tv_nsec -= 1000000000;
	}
	left = rumpuser__threads_stop(&deadline);
	if (left != 0)
		return left;
	rumpuser__files_close_all();
	rumpuser__fibers_free_all();
	rumpuser__memory_free_all();
	return 0;
}

void
rumpuser_posix_usage(struct rumpuser_posix_usage *usage)
{

	usage->pu_bytes = rumpuser__memory_bytes();
	usage->pu_files = rumpuser__files_count();
	usage->pu_threads = rumpuser__threads_count();
}
