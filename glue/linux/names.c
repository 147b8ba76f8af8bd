/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * names.c: names that come and go: mkdir, mknod, symlink, unlink and rmdir.
 */
#include "linux.h"
#include "file.h"

/*
 * NetBSD answers EPERM where Linux has EISDIR: a folder is not unlinked.
 */
static long
linux_unlink_error(int rumpdir, const char *path)
{
	const int error = rumpglue_errno();
	struct rump_stat st;

	if (error == RUMP_EPERM && rump_sys_fstatat(rumpdir, path, &st,
	    RUMP_AT_SYMLINK_NOFOLLOW) == 0 &&
	    (st.st_mode & RUMP_S_IFMT) == RUMP_S_IFDIR)
		return -LINUX_EISDIR;
	return -linux_errno(error);
}

static long
linux_unlink_at(int dirfd, const char *path, int flags)
{
	int error, rumpdir;

	if ((flags & ~LINUX_AT_REMOVEDIR) != 0)
		return -LINUX_EINVAL;
	error = linux_at(dirfd, path, &rumpdir);
	if (error != 0)
		return error;
	if (rump_sys_unlinkat(rumpdir, path,
	    flags != 0 ? RUMP_AT_REMOVEDIR : 0) == 0)
		return 0;
	return flags != 0 ? linux_result(-1) :
	    linux_unlink_error(rumpdir, path);
}

long
linux_sys_unlink(struct linux_call *lc)
{

	return linux_unlink_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0], 0);
}

long
linux_sys_rmdir(struct linux_call *lc)
{

	return linux_unlink_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    LINUX_AT_REMOVEDIR);
}

long
linux_sys_unlinkat(struct linux_call *lc)
{

	return linux_unlink_at((int)lc->lc_arg[0],
	    (const char *)lc->lc_arg[1], (int)lc->lc_arg[2]);
}

static long
linux_mkdir_at(int dirfd, const char *path, uint32_t mode)
{
	int error, rumpdir;

	error = linux_at(dirfd, path, &rumpdir);
	if (error != 0)
		return error;
	linux_gate_enter(0);
	error = (int)linux_result(rump_sys_mkdirat(rumpdir, path,
	    mode & 01777));
	linux_gate_leave(0);
	return error;
}

long
linux_sys_mkdir(struct linux_call *lc)
{

	return linux_mkdir_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    (uint32_t)lc->lc_arg[1]);
}

long
linux_sys_mkdirat(struct linux_call *lc)
{

	return linux_mkdir_at((int)lc->lc_arg[0], (const char *)lc->lc_arg[1],
	    (uint32_t)lc->lc_arg[2]);
}

static long
linux_symlink_at(const char *target, int dirfd, const char *path)
{
	int error, rumpdir;

	if (target[0] == '\0')
		return -LINUX_ENOENT;
	error = linux_at(dirfd, path, &rumpdir);
	if (error != 0)
		return error;
	linux_gate_enter(0);
	error = (int)linux_result_name(rump_sys_symlinkat(target, rumpdir,
	    path));
	linux_gate_leave(0);
	return error;
}

long
linux_sys_symlink(struct linux_call *lc)
{

	return linux_symlink_at((const char *)lc->lc_arg[0], LINUX_AT_FDCWD,
	    (const char *)lc->lc_arg[1]);
}

long
linux_sys_symlinkat(struct linux_call *lc)
{

	return linux_symlink_at((const char *)lc->lc_arg[0],
	    (int)lc->lc_arg[1], (const char *)lc->lc_arg[2]);
}

/* A regular file, which NetBSD leaves to open(2). */
static long
linux_mknod_regular(int rumpdir, const char *path, uint32_t mode)
{
	int fd;

	fd = rump_sys_openat(rumpdir, path,
	    RUMP_O_WRONLY | RUMP_O_CREAT | RUMP_O_EXCL, mode & 07777);
	if (fd == -1)
		return linux_result(-1);
	return linux_result(rump_sys_close(fd));
}

static long
linux_mknod_kind(int rumpdir, const char *path, uint32_t mode, uint32_t dev)
{

	switch (mode & RUMP_S_IFMT) {
	case 0:
	case RUMP_S_IFREG:
		return linux_mknod_regular(rumpdir, path, mode);
	case RUMP_S_IFIFO:
		return linux_result_name(rump_sys_mkfifoat(rumpdir, path,
		    mode & 07777));
	case RUMP_S_IFCHR:
	case RUMP_S_IFBLK:
		return linux_result_name(rump_sys_mknodat(rumpdir, path,
		    mode & (RUMP_S_IFMT | 07777), dev));
	case RUMP_S_IFSOCK:
		return -LINUX_EPERM;
	case RUMP_S_IFDIR:
		return -LINUX_EPERM;
	default:
		return -LINUX_EINVAL;
	}
}

static long
linux_mknod_at(int dirfd, const char *path, uint32_t mode, uint32_t dev)
{
	int rumpdir;
	long result;

	result = linux_at(dirfd, path, &rumpdir);
	if (result != 0)
		return result;
	linux_gate_enter(0);
	result = linux_mknod_kind(rumpdir, path, mode, dev);
	linux_gate_leave(0);
	return result;
}

long
linux_sys_mknod(struct linux_call *lc)
{

	return linux_mknod_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    (uint32_t)lc->lc_arg[1], (uint32_t)lc->lc_arg[2]);
}

long
linux_sys_mknodat(struct linux_call *lc)
{

	return linux_mknod_at((int)lc->lc_arg[0], (const char *)lc->lc_arg[1],
	    (uint32_t)lc->lc_arg[2], (uint32_t)lc->lc_arg[3]);
}
