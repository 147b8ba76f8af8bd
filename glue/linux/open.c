/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * open.c: open, openat, creat.
 */
#include "linux.h"
#include "file.h"

static const struct {
	int linux_flag;
	int rump_flag;
} linux_open_flags[] = {
	{ LINUX_O_CREAT, RUMP_O_CREAT },
	{ LINUX_O_EXCL, RUMP_O_EXCL },
	{ LINUX_O_NOCTTY, RUMP_O_NOCTTY },
	{ LINUX_O_TRUNC, RUMP_O_TRUNC },
	{ LINUX_O_APPEND, RUMP_O_APPEND },
	{ LINUX_O_NONBLOCK, RUMP_O_NONBLOCK },
	{ LINUX_O_DSYNC, RUMP_O_DSYNC },
	{ LINUX_O_SYNC, RUMP_O_SYNC },
	{ LINUX_O_ASYNC, RUMP_O_ASYNC },
	{ LINUX_O_DIRECT, RUMP_O_DIRECT },
	{ LINUX_O_DIRECTORY, RUMP_O_DIRECTORY },
	{ LINUX_O_NOFOLLOW, RUMP_O_NOFOLLOW }
};

/* O_CLOEXEC stays in this layer's table; O_PATH becomes a plain open. */
static int
linux_open_translate(int flags)
{
	int rumpflags;
	size_t i;

	if (flags & LINUX_O_PATH)
		flags &= LINUX_O_PATH | LINUX_O_DIRECTORY | LINUX_O_NOFOLLOW;
	rumpflags = flags & LINUX_O_ACCMODE;
	for (i = 0; i < LINUX_NELEM(linux_open_flags); i++) {
		if (flags & linux_open_flags[i].linux_flag)
			rumpflags |= linux_open_flags[i].rump_flag;
	}
	return rumpflags;
}

/* NetBSD says EFTYPE when O_NOFOLLOW meets a symbolic link, Linux ELOOP. */
static int
linux_open_error(int flags)
{
	int error = rumpglue_errno();

	if (error == RUMP_EFTYPE && (flags & LINUX_O_NOFOLLOW))
		return -LINUX_ELOOP;
	/* A socket is not opened by its name. */
	if (error == RUMP_EOPNOTSUPP)
		return -LINUX_ENXIO;
	return -linux_errno(error);
}

static int
linux_open_file(int dirfd, const char *path, int flags, uint32_t mode,
    struct linux_file **fp)
{
	int error, rumpdir, rumpfd;

	if ((flags & LINUX_O_ACCMODE) == LINUX_O_ACCMODE)
		return -LINUX_EINVAL;
	/* For file systems that have files without a name. */
	if (flags & LINUX_O_TMPFILE)
		return (flags & LINUX_O_ACCMODE) == 0 ? -LINUX_EINVAL :
		    -LINUX_EOPNOTSUPP;
	if (linux_device_open(path, flags, fp) == 0)
		return 0;
	error = linux_at(dirfd, path, &rumpdir);
	if (error != 0)
		return error;
	if (flags & LINUX_O_CREAT)
		linux_gate_enter(0);
	rumpfd = rump_sys_openat(rumpdir, path, linux_open_translate(flags),
	    mode & 07777);
	if (flags & LINUX_O_CREAT)
		linux_gate_leave(0);
	if (rumpfd != -1)
		return linux_rumpfile_open(rumpfd, flags, fp);
	return linux_open_error(flags);
}

static long
linux_open_at(int dirfd, const char *path, int flags, uint32_t mode)
{
	struct linux_file *f;
	int error, fd;

	error = linux_open_file(dirfd, path, flags, mode, &f);
	if (error != 0)
		return error;
	fd = linux_fd_install(f, 0, (flags & LINUX_O_CLOEXEC) != 0);
	if (fd < 0)
		linux_file_put(f);
	return fd;
}

long
linux_sys_open(struct linux_call *lc)
{

	return linux_open_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    (int)lc->lc_arg[1], (uint32_t)lc->lc_arg[2]);
}

long
linux_sys_openat(struct linux_call *lc)
{

	return linux_open_at((int)lc->lc_arg[0], (const char *)lc->lc_arg[1],
	    (int)lc->lc_arg[2], (uint32_t)lc->lc_arg[3]);
}

long
linux_sys_creat(struct linux_call *lc)
{

	return linux_open_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    1 | LINUX_O_CREAT | LINUX_O_TRUNC, (uint32_t)lc->lc_arg[1]);
}
