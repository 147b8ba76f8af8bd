/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ioctl.c: ioctl: what every file has, then what its kind has.
 */
#include "linux.h"
#include "file.h"

static long
linux_ioctl_nonblock(struct linux_file *f, uint64_t arg)
{
	int error, on;

	error = linux_user_in(&on, arg, sizeof(on));
	if (error != 0)
		return error;
	return linux_file_setfl(f, on ? f->f_flags | LINUX_O_NONBLOCK :
	    f->f_flags & ~LINUX_O_NONBLOCK);
}

long
linux_sys_ioctl(struct linux_call *lc)
{
	const int fd = (int)lc->lc_arg[0];
	const uint32_t cmd = (uint32_t)lc->lc_arg[1];
	struct linux_file *f;
	long result = -LINUX_ENOTTY;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	if (f->f_flags & LINUX_O_PATH)
		result = -LINUX_EBADF;
	else if (cmd == LINUX_FIOCLEX || cmd == LINUX_FIONCLEX)
		result = linux_fd_flags(fd, 1, cmd == LINUX_FIOCLEX);
	else if (cmd == LINUX_FIONBIO)
		result = linux_ioctl_nonblock(f, lc->lc_arg[2]);
	else if (f->f_ops->fo_ioctl != NULL)
		result = f->f_ops->fo_ioctl(f, cmd, lc->lc_arg[2]);
	linux_file_put(f);
	return result;
}
