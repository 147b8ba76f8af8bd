/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * eventfd.c: eventfd and eventfd2.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_EFD_SEMAPHORE	1

/* Nothing without a name has more to say of itself. */
int
linux_nameless_stat(struct linux_file *f, struct rump_stat *st)
{

	(void)f;
	memset(st, 0, sizeof(*st));
	st->st_mode = 0600;
	st->st_nlink = 1;
	st->st_ino = 1;
	st->st_blksize = LINUX_PAGE;
	return 0;
}

const struct linux_fileops linux_eventfd_ops = {
	.fo_read = linux_kernelfile_read,
	.fo_write = linux_kernelfile_write,
	.fo_stat = linux_nameless_stat,
	.fo_close = linux_kernelfile_close
};

static long
linux_eventfd(unsigned int value, int flags)
{
	int rumpfd, rumpflags = 0;

	if (flags & ~(LINUX_EFD_SEMAPHORE | LINUX_O_CLOEXEC |
	    LINUX_O_NONBLOCK))
		return -LINUX_EINVAL;
	if (flags & LINUX_EFD_SEMAPHORE)
		rumpflags |= RUMP_EFD_SEMAPHORE;
	if (flags & LINUX_O_NONBLOCK)
		rumpflags |= RUMP_EFD_NONBLOCK;
	rumpfd = rump_sys_eventfd(value, rumpflags);
	if (rumpfd == -1)
		return linux_result(-1);
	return linux_kernelfile_fd(&linux_eventfd_ops, rumpfd,
	    (flags & ~LINUX_EFD_SEMAPHORE) | LINUX_O_RDWR);
}

long
linux_sys_eventfd(struct linux_call *lc)
{

	return linux_eventfd((unsigned int)lc->lc_arg[0], 0);
}

long
linux_sys_eventfd2(struct linux_call *lc)
{

	return linux_eventfd((unsigned int)lc->lc_arg[0], (int)lc->lc_arg[1]);
}
