/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c: the host's console as a file.
 */
#include "linux.h"
#include "file.h"

static long
linux_console_read(struct linux_file *f, void *buf, size_t len, int64_t off)
{
	long n;

	(void)off;
	if (len == 0)
		return 0;
	if ((f->f_flags & LINUX_O_NONBLOCK) && !linux_console_ready())
		return -LINUX_EAGAIN;
	n = linux_program.lp_plainconsole ?
	    (long)host_console_read(buf, len) : linux_tty_read(buf, len);
	linux_console_was_read();
	return n;
}

static long
linux_console_write(struct linux_file *f, const void *buf, size_t len,
    int64_t off)
{

	(void)f, (void)off;
	return (long)host_console_write(buf, len);
}

static int
linux_console_stat(struct linux_file *f, struct rump_stat *st)
{

	(void)f;
	linux_stat_device(st, 5, 1);
	return 0;
}

const struct linux_fileops linux_console_ops = {
	.fo_read = linux_console_read,
	.fo_write = linux_console_write,
	.fo_stat = linux_console_stat,
	.fo_ioctl = linux_tty_ioctl,
	.fo_poll = linux_console_poll
};
