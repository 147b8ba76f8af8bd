/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pipe.c: pipe and pipe2, the size of pipes, and what happens to who writes where
 * nobody reads any more.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_PIPE_SIZE		65536	/* bytes, as the kernel has them */

static long
linux_pipe(uint64_t addr, int flags)
{
	int fds[2], rumpfds[2], rumpflags = 0;
	long fd;

	/* No packets (O_DIRECT). */
	if ((flags & ~(LINUX_O_CLOEXEC | LINUX_O_NONBLOCK)) != 0)
		return -LINUX_EINVAL;
	if (linux_user_check(addr, sizeof(fds), HOST_PROT_WRITE) != 0)
		return -LINUX_EFAULT;
	if (flags & LINUX_O_NONBLOCK)
		rumpflags |= RUMP_O_NONBLOCK;
	if (rump_sys_pipe2(rumpfds, rumpflags) == -1)
		return linux_result(-1);
	fd = linux_kernelfile_fd(&linux_kernelfile_ops, rumpfds[0], flags);
	if (fd < 0) {
		(void)rump_sys_close(rumpfds[1]);
		return fd;
	}
	fds[0] = (int)fd;
	fd = linux_kernelfile_fd(&linux_kernelfile_ops, rumpfds[1], flags | 1);
	if (fd < 0) {
		(void)linux_fd_close(fds[0]);
		return fd;
	}
	fds[1] = (int)fd;
	return linux_user_out(addr, fds, sizeof(fds));
}

long
linux_sys_pipe(struct linux_call *lc)
{

	return linux_pipe(lc->lc_arg[0], 0);
}

long
linux_sys_pipe2(struct linux_call *lc)
{

	return linux_pipe(lc->lc_arg[0], (int)lc->lc_arg[1]);
}

/* It has its size and keeps it: less than that is more than was asked for. */
long
linux_pipe_size(struct linux_file *f, int cmd, uint64_t arg)
{
	struct rump_stat st;

	if (f->f_ops->fo_stat(f, &st) != 0 ||
	    (st.st_mode & RUMP_S_IFMT) != RUMP_S_IFIFO)
		return -LINUX_EBADF;
	if (cmd == LINUX_F_SETPIPE_SZ && (uint32_t)arg > INT32_MAX)
		return -LINUX_EINVAL;
	if (cmd == LINUX_F_SETPIPE_SZ && (uint32_t)arg > LINUX_PIPE_SIZE)
		return -LINUX_EPERM;
	return LINUX_PIPE_SIZE;
}

/* Sockets of messages have only the error. */
void
linux_pipe_broken(struct linux_file *f)
{

	if (f->f_type == 0 || f->f_type == RUMP_SOCK_STREAM)
		linux_signal_self(LINUX_SIGPIPE);
}
