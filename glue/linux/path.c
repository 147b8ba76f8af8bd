/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * path.c: calls that work on names and change nothing: access, readlink, the
 * working folder.
 */
#include "linux.h"
#include "file.h"

/*
 * The kernel's descriptor for the folder that path starts from.  It stays open
 * as long as the program keeps its descriptor, as *at(2) calls require anyway.
 */
int
linux_at(int fd, const char *path, int *rumpfd)
{
	struct linux_file *f;
	int error = 0;

	*rumpfd = RUMP_AT_FDCWD;
	if (fd == LINUX_AT_FDCWD || path[0] == '/')
		return 0;
	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	if (f->f_dir == NULL)
		error = -LINUX_ENOTDIR;
	else
		*rumpfd = f->f_rumpfd;
	linux_file_put(f);
	return error;
}

static long
linux_access_at(int dirfd, const char *path, int mode, int flags)
{
	int error, rumpdir, rumpflags = 0;

	if ((mode & ~7) != 0 || (flags & ~(LINUX_AT_EACCESS |
	    LINUX_AT_SYMLINK_NOFOLLOW | LINUX_AT_EMPTY_PATH)) != 0)
		return -LINUX_EINVAL;
	if (flags & LINUX_AT_EACCESS)
		rumpflags |= RUMP_AT_EACCESS;
	if (flags & LINUX_AT_SYMLINK_NOFOLLOW)
		rumpflags |= RUMP_AT_SYMLINK_NOFOLLOW;
	error = linux_at(dirfd, path, &rumpdir);
	if (error != 0)
		return error;
	return linux_result(rump_sys_faccessat(rumpdir, path, mode,
	    rumpflags));
}

long
linux_sys_access(struct linux_call *lc)
{

	return linux_access_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    (int)lc->lc_arg[1], 0);
}

long
linux_sys_faccessat(struct linux_call *lc)
{

	return linux_access_at((int)lc->lc_arg[0],
	    (const char *)lc->lc_arg[1], (int)lc->lc_arg[2], 0);
}

long
linux_sys_faccessat2(struct linux_call *lc)
{

	return linux_access_at((int)lc->lc_arg[0],
	    (const char *)lc->lc_arg[1], (int)lc->lc_arg[2],
	    (int)lc->lc_arg[3]);
}

static long
linux_readlink_at(int dirfd, const char *path, uint64_t buf, size_t len)
{
	int error, rumpdir;

	if ((int)len <= 0)
		return -LINUX_EINVAL;
	if (len > LINUX_PATH_MAX)
		len = LINUX_PATH_MAX;
	if (linux_strcmp(path, "/proc/self/exe") == 0) {
		if (len > linux_strlen(linux_program.lp_path))
			len = linux_strlen(linux_program.lp_path);
		error = linux_user_out(buf, linux_program.lp_path, len);
		return error != 0 ? error : (long)len;
	}
	error = linux_at(dirfd, path, &rumpdir);
	if (error == 0)
		error = linux_user_check(buf, len, HOST_PROT_WRITE);
	if (error != 0)
		return error;
	return linux_result(rump_sys_readlinkat(rumpdir, path, (char *)buf,
	    len));
}

long
linux_sys_readlink(struct linux_call *lc)
{

	return linux_readlink_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    lc->lc_arg[1], lc->lc_arg[2]);
}

long
linux_sys_readlinkat(struct linux_call *lc)
{

	return linux_readlink_at((int)lc->lc_arg[0],
	    (const char *)lc->lc_arg[1], lc->lc_arg[2], lc->lc_arg[3]);
}

long
linux_sys_umask(struct linux_call *lc)
{

	return (long)rump_sys_umask((uint32_t)lc->lc_arg[0] & 0777);
}

long
linux_sys_chdir(struct linux_call *lc)
{

	return linux_result(rump_sys_chdir((const char *)lc->lc_arg[0]));
}

long
linux_sys_fchdir(struct linux_call *lc)
{
	struct linux_file *f;
	long result = -LINUX_ENOTDIR;

	if ((f = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	if (f->f_dir != NULL)
		result = linux_result(rump_sys_fchdir(f->f_rumpfd));
	linux_file_put(f);
	return result;
}

long
linux_sys_getcwd(struct linux_call *lc)
{
	size_t len = lc->lc_arg[1];
	int error;

	if (len > LINUX_PATH_MAX)
		len = LINUX_PATH_MAX;
	error = linux_user_check(lc->lc_arg[0], len, HOST_PROT_WRITE);
	if (error != 0)
		return error;
	if (len < 2)
		return -LINUX_ERANGE;
	return linux_result(rump_sys___getcwd((char *)lc->lc_arg[0], len));
}
