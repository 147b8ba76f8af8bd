/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * device.c: the devices that programs take for granted: /dev/null, /dev/zero,
 * /dev/random, /dev/urandom, /dev/tty and /dev/console.  They are there whatever
 * file system is mounted, under exactly these paths.
 */
#include "linux.h"
#include "file.h"

static long
linux_null_read(struct linux_file *f, void *buf, size_t len, int64_t off)
{

	(void)f, (void)buf, (void)len, (void)off;
	return 0;
}

static long
linux_null_write(struct linux_file *f, const void *buf, size_t len,
    int64_t off)
{

	(void)f, (void)buf, (void)off;
	return (long)len;
}

static long
linux_null_seek(struct linux_file *f, int64_t off, int whence)
{

	(void)f, (void)off, (void)whence;
	return 0;
}

static int
linux_null_stat(struct linux_file *f, struct rump_stat *st)
{

	(void)f;
	linux_stat_device(st, 1, 3);
	return 0;
}

static long
linux_zero_read(struct linux_file *f, void *buf, size_t len, int64_t off)
{

	(void)f, (void)off;
	memset(buf, 0, len);
	return (long)len;
}

static int
linux_zero_stat(struct linux_file *f, struct rump_stat *st)
{

	(void)f;
	linux_stat_device(st, 1, 5);
	return 0;
}

static long
linux_random_read(struct linux_file *f, void *buf, size_t len, int64_t off)
{
	size_t done, n;
	int error;

	(void)f, (void)off;
	for (done = 0; done < len; done += n) {
		error = rumpuser_getrandom((char *)buf + done, len - done, 0,
		    &n);
		if (error != 0)
			return done != 0 ? (long)done : -linux_errno(error);
	}
	return (long)len;
}

/* Only /dev/random may be waited for; there always is something. */
static int
linux_random_poll(struct linux_file *f, int events, int *waitfd)
{

	(void)f;
	*waitfd = -1;
	return events & (LINUX_POLLIN | LINUX_POLLRDNORM);
}

static int
linux_random_stat(struct linux_file *f, struct rump_stat *st)
{

	(void)f;
	linux_stat_device(st, 1, 8);
	return 0;
}

static int
linux_urandom_stat(struct linux_file *f, struct rump_stat *st)
{

	(void)f;
	linux_stat_device(st, 1, 9);
	return 0;
}

static const struct linux_fileops linux_null_ops = {
	.fo_read = linux_null_read,
	.fo_write = linux_null_write,
	.fo_seek = linux_null_seek,
	.fo_stat = linux_null_stat
};

static const struct linux_fileops linux_zero_ops = {
	.fo_read = linux_zero_read,
	.fo_write = linux_null_write,
	.fo_seek = linux_null_seek,
	.fo_stat = linux_zero_stat
};

static const struct linux_fileops linux_random_ops = {
	.fo_read = linux_random_read,
	.fo_write = linux_null_write,
	.fo_stat = linux_random_stat,
	.fo_poll = linux_random_poll
};

static const struct linux_fileops linux_urandom_ops = {
	.fo_read = linux_random_read,
	.fo_write = linux_null_write,
	.fo_stat = linux_urandom_stat
};

static const struct {
	const char *path;
	const struct linux_fileops *ops;
} linux_devices[] = {
	{ "/dev/null", &linux_null_ops },
	{ "/dev/zero", &linux_zero_ops },
	{ "/dev/random", &linux_random_ops },
	{ "/dev/urandom", &linux_urandom_ops },
	{ "/dev/tty", &linux_console_ops },
	{ "/dev/console", &linux_console_ops }
};

int
linux_device_open(const char *path, int flags, struct linux_file **fp)
{
	size_t i;

	if (path[0] != '/' || path[1] != 'd')
		return -LINUX_ENOENT;
	for (i = 0; i < LINUX_NELEM(linux_devices); i++) {
		if (linux_strcmp(path, linux_devices[i].path) != 0)
			continue;
		if (flags & LINUX_O_DIRECTORY)
			return -LINUX_ENOTDIR;
		return linux_file_create(linux_devices[i].ops,
		    flags & (LINUX_O_ACCMODE | LINUX_O_APPEND |
		    LINUX_O_NONBLOCK | LINUX_O_PATH), fp);
	}
	return -LINUX_ENOENT;
}

/* getrandom(2): the same bytes without a descriptor. */
long
linux_sys_getrandom(struct linux_call *lc)
{
	size_t len = lc->lc_arg[1];
	int error;

	if ((lc->lc_arg[2] & ~7UL) != 0)
		return -LINUX_EINVAL;
	if (len > 1024 * 1024)
		len = 1024 * 1024;
	error = linux_user_check(lc->lc_arg[0], len, HOST_PROT_WRITE);
	if (error != 0)
		return error;
	return linux_random_read(NULL, (void *)lc->lc_arg[0], len, 0);
}
