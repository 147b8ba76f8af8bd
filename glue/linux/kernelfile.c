/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernelfile.c: open files that the kernel has, but that are no files of a file
 * system: sockets, pipes and the like.  They have no position, and what there is
 * comes in one call.
 */
#include "linux.h"
#include "file.h"

long
linux_kernelfile_read(struct linux_file *f, void *buf, size_t len, int64_t off)
{

	(void)off;
	return linux_result(rump_sys_read(f->f_rumpfd, buf, len));
}

long
linux_kernelfile_write(struct linux_file *f, const void *buf, size_t len,
    int64_t off)
{

	(void)off;
	return linux_result(rump_sys_write(f->f_rumpfd, buf, len));
}

int
linux_kernelfile_stat(struct linux_file *f, struct rump_stat *st)
{

	return (int)linux_result(rump_sys_fstat(f->f_rumpfd, st));
}

/* FIONBIO and what is about descriptors is done for all files (ioctl.c). */
long
linux_kernelfile_ioctl(struct linux_file *f, uint32_t cmd, uint64_t arg)
{
	long error;
	int n;

	if (cmd != LINUX_FIONREAD)
		return -LINUX_ENOTTY;
	error = linux_result(rump_sys_ioctl(f->f_rumpfd, RUMP_FIONREAD, &n));
	return error != 0 ? error : linux_user_out(arg, &n, sizeof(n));
}

void
linux_kernelfile_close(struct linux_file *f)
{

	(void)rump_sys_close(f->f_rumpfd);
}

const struct linux_fileops linux_kernelfile_ops = {
	.fo_read = linux_kernelfile_read,
	.fo_write = linux_kernelfile_write,
	.fo_stat = linux_kernelfile_stat,
	.fo_ioctl = linux_kernelfile_ioctl,
	.fo_close = linux_kernelfile_close
};

int
linux_kernelfile_create(const struct linux_fileops *ops, int rumpfd, int flags,
    struct linux_file **fp)
{
	int error;

	error = linux_file_create(ops, flags & ~LINUX_O_CLOEXEC, fp);
	if (error != 0)
		(void)rump_sys_close(rumpfd);
	else
		(*fp)->f_rumpfd = rumpfd;
	return error;
}

long
linux_kernelfile_fd(const struct linux_fileops *ops, int rumpfd, int flags)
{
	struct linux_file *f;
	int error, fd;

	error = linux_kernelfile_create(ops, rumpfd, flags, &f);
	if (error != 0)
		return error;
	fd = linux_fd_install(f, 0, (flags & LINUX_O_CLOEXEC) != 0);
	if (fd < 0)
		linux_file_put(f);
	return fd;
}
