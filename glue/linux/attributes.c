/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attributes.c: what is known of a file: mode, owner, times.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_NS_PER_SEC	1000000000L

/* The kernel's descriptor of fd; other files have no attributes to change. */
static long
linux_attributes_fd(int fd, struct linux_file **fp)
{
	struct linux_file *f;
	long error = 0;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	if (f->f_rumpfd == -1)
		error = -LINUX_EPERM;
	else if (f->f_flags & LINUX_O_PATH)
		error = -LINUX_EBADF;
	if (error != 0)
		linux_file_put(f);
	*fp = f;
	return error;
}

static long
linux_chmod_at(int dirfd, const char *path, uint32_t mode)
{
	int error, rumpdir;

	error = linux_at(dirfd, path, &rumpdir);
	if (error != 0)
		return error;
	return linux_result(rump_sys_fchmodat(rumpdir, path, mode & 07777,
	    0));
}

long
linux_sys_chmod(struct linux_call *lc)
{

	return linux_chmod_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    (uint32_t)lc->lc_arg[1]);
}

long
linux_sys_fchmodat(struct linux_call *lc)
{

	return linux_chmod_at((int)lc->lc_arg[0], (const char *)lc->lc_arg[1],
	    (uint32_t)lc->lc_arg[2]);
}

long
linux_sys_fchmod(struct linux_call *lc)
{
	struct linux_file *f;
	long result;

	result = linux_attributes_fd((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_result(rump_sys_fchmod(f->f_rumpfd,
	    (uint32_t)lc->lc_arg[1] & 07777));
	linux_file_put(f);
	return result;
}

static long
linux_chown_fd(int fd, uint32_t uid, uint32_t gid)
{
	struct linux_file *f;
	long result;

	result = linux_attributes_fd(fd, &f);
	if (result != 0)
		return result;
	result = linux_result(rump_sys_fchown(f->f_rumpfd, uid, gid));
	linux_file_put(f);
	return result;
}

static long
linux_chown_at(int dirfd, const char *path, uint32_t uid, uint32_t gid,
    int flags)
{
	int error, rumpdir;

	if ((flags & ~(LINUX_AT_SYMLINK_NOFOLLOW | LINUX_AT_EMPTY_PATH)) != 0)
		return -LINUX_EINVAL;
	if (path[0] == '\0' && (flags & LINUX_AT_EMPTY_PATH)) {
		if (dirfd != LINUX_AT_FDCWD)
			return linux_chown_fd(dirfd, uid, gid);
		path = ".";
	}
	error = linux_at(dirfd, path, &rumpdir);
	if (error != 0)
		return error;
	return linux_result(rump_sys_fchownat(rumpdir, path, uid, gid,
	    flags & LINUX_AT_SYMLINK_NOFOLLOW ? RUMP_AT_SYMLINK_NOFOLLOW : 0));
}

long
linux_sys_chown(struct linux_call *lc)
{

	return linux_chown_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    (uint32_t)lc->lc_arg[1], (uint32_t)lc->lc_arg[2], 0);
}

long
linux_sys_lchown(struct linux_call *lc)
{

	return linux_chown_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    (uint32_t)lc->lc_arg[1], (uint32_t)lc->lc_arg[2],
	    LINUX_AT_SYMLINK_NOFOLLOW);
}

long
linux_sys_fchown(struct linux_call *lc)
{

	return linux_chown_fd((int)lc->lc_arg[0], (uint32_t)lc->lc_arg[1],
	    (uint32_t)lc->lc_arg[2]);
}

long
linux_sys_fchownat(struct linux_call *lc)
{

	return linux_chown_at((int)lc->lc_arg[0], (const char *)lc->lc_arg[1],
	    (uint32_t)lc->lc_arg[2], (uint32_t)lc->lc_arg[3],
	    (int)lc->lc_arg[4]);
}

/*
 * Two times for the file of path, or of dirfd itself if path is 0; NULL is now.
 * The values that stand for "now" and "as it is" are the same on both systems.
 */
static long
linux_utimes_set(int dirfd, uint64_t path, const struct rump_timespec *ts,
    int flags)
{
	struct linux_file *f;
	long result;
	int rumpdir;

	if ((flags & ~(LINUX_AT_SYMLINK_NOFOLLOW | LINUX_AT_EMPTY_PATH)) != 0)
		return -LINUX_EINVAL;
	if (path == 0) {
		if (dirfd == LINUX_AT_FDCWD)
			return -LINUX_EFAULT;
		if (flags != 0)
			return -LINUX_EINVAL;
		result = linux_attributes_fd(dirfd, &f);
		if (result != 0)
			return result;
		result = linux_result(rump_sys_futimens(f->f_rumpfd, ts));
		linux_file_put(f);
		return result;
	}
	result = linux_user_string(path, LINUX_PATH_MAX);
	if (result < 0)
		return result;
	if (result == 0 && (flags & LINUX_AT_EMPTY_PATH))
		return linux_utimes_set(dirfd, 0, ts, 0);
	result = linux_at(dirfd, (const char *)path, &rumpdir);
	if (result != 0)
		return result;
	return linux_result(rump_sys_utimensat(rumpdir, (const char *)path, ts,
	    flags & LINUX_AT_SYMLINK_NOFOLLOW ? RUMP_AT_SYMLINK_NOFOLLOW : 0));
}

static int
linux_utimes_is_time(const struct rump_timespec *ts)
{

	return ts->tv_nsec == RUMP_UTIME_NOW || ts->tv_nsec == RUMP_UTIME_OMIT ||
	    (ts->tv_nsec >= 0 && ts->tv_nsec < LINUX_NS_PER_SEC);
}

long
linux_sys_utimensat(struct linux_call *lc)
{
	struct rump_timespec ts[2];

	_Static_assert(sizeof(ts[0]) == sizeof(struct linux_timespec), "same");
	if (lc->lc_arg[2] == 0)
		return linux_utimes_set((int)lc->lc_arg[0], lc->lc_arg[1],
		    NULL, (int)lc->lc_arg[3]);
	if (linux_user_in(ts, lc->lc_arg[2], sizeof(ts)) != 0)
		return -LINUX_EFAULT;
	if (!linux_utimes_is_time(&ts[0]) || !linux_utimes_is_time(&ts[1]))
		return -LINUX_EINVAL;
	return linux_utimes_set((int)lc->lc_arg[0], lc->lc_arg[1], ts,
	    (int)lc->lc_arg[3]);
}

static long
linux_utimes_micro(int dirfd, uint64_t path, uint64_t times)
{
	struct linux_timeval tv[2];
	struct rump_timespec ts[2];
	int i;

	if (times == 0)
		return linux_utimes_set(dirfd, path, NULL, 0);
	if (linux_user_in(tv, times, sizeof(tv)) != 0)
		return -LINUX_EFAULT;
	for (i = 0; i < 2; i++) {
		if (tv[i].tv_usec < 0 || tv[i].tv_usec >= 1000000)
			return -LINUX_EINVAL;
		ts[i].tv_sec = tv[i].tv_sec;
		ts[i].tv_nsec = tv[i].tv_usec * 1000;
	}
	return linux_utimes_set(dirfd, path, ts, 0);
}

long
linux_sys_utimes(struct linux_call *lc)
{

	return linux_utimes_micro(LINUX_AT_FDCWD, lc->lc_arg[0],
	    lc->lc_arg[1]);
}

long
linux_sys_futimesat(struct linux_call *lc)
{

	return linux_utimes_micro((int)lc->lc_arg[0], lc->lc_arg[1],
	    lc->lc_arg[2]);
}

long
linux_sys_utime(struct linux_call *lc)
{
	struct rump_timespec ts[2];
	int64_t seconds[2];

	if (lc->lc_arg[1] == 0)
		return linux_utimes_set(LINUX_AT_FDCWD, lc->lc_arg[0], NULL, 0);
	if (linux_user_in(seconds, lc->lc_arg[1], sizeof(seconds)) != 0)
		return -LINUX_EFAULT;
	ts[0] = (struct rump_timespec){ seconds[0], 0 };
	ts[1] = (struct rump_timespec){ seconds[1], 0 };
	return linux_utimes_set(LINUX_AT_FDCWD, lc->lc_arg[0], ts, 0);
}
