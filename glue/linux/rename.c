/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rename.c: link and rename, and the gate that makes RENAME_NOREPLACE one step.
 *
 * Calls that give a file a name go through the gate together; a rename that must
 * not replace goes alone, so that nobody takes the name between its look and the
 * rename.
 */
#include "linux.h"
#include "file.h"

#define	LINUX_RENAME_NOREPLACE	1

static struct rumpuser_mtx *linux_gate_lock;
static struct rumpuser_cv *linux_gate_cv;
static int linux_gate_inside;	/* under the lock; -1: one, alone */

void
linux_gate_init(void)
{

	linux_mutex_init(&linux_gate_lock);
	rumpuser_cv_init(&linux_gate_cv);
}

void
linux_gate_enter(int alone)
{

	rumpuser_mutex_enter_nowrap(linux_gate_lock);
	while (alone ? linux_gate_inside != 0 : linux_gate_inside < 0)
		rumpuser_cv_wait_nowrap(linux_gate_cv, linux_gate_lock);
	linux_gate_inside += alone ? -1 : 1;
	rumpuser_mutex_exit(linux_gate_lock);
}

void
linux_gate_leave(int alone)
{

	rumpuser_mutex_enter_nowrap(linux_gate_lock);
	linux_gate_inside -= alone ? -1 : 1;
	rumpuser_cv_broadcast(linux_gate_cv);
	rumpuser_mutex_exit(linux_gate_lock);
}

/* Two names of one file, which a rename leaves alone on Linux. */
static int
linux_rename_is_same(int fromdir, const char *from, int todir,
    const char *to)
{
	struct rump_stat a, b;

	return rump_sys_fstatat(fromdir, from, &a,
	    RUMP_AT_SYMLINK_NOFOLLOW) == 0 && a.st_nlink > 1 &&
	    rump_sys_fstatat(todir, to, &b, RUMP_AT_SYMLINK_NOFOLLOW) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino &&
	    (a.st_mode & RUMP_S_IFMT) != RUMP_S_IFDIR;
}

/* "." and ".." are no names to rename: EBUSY on Linux, EINVAL on NetBSD. */
static int
linux_rename_is_dots(const char *path)
{
	size_t len = linux_strlen(path), start;

	while (len > 0 && path[len - 1] == '/')
		len--;
	for (start = len; start > 0 && path[start - 1] != '/';)
		start--;
	return path[start] == '.' && (len - start == 1 ||
	    (len - start == 2 && path[start + 1] == '.'));
}

static long
linux_rename_inside(int fromdir, const char *from, int todir, const char *to,
    int noreplace)
{
	struct rump_stat st;

	if (noreplace && rump_sys_fstatat(todir, to, &st,
	    RUMP_AT_SYMLINK_NOFOLLOW) == 0)
		return rump_sys_fstatat(fromdir, from, &st,
		    RUMP_AT_SYMLINK_NOFOLLOW) == 0 ? -LINUX_EEXIST :
		    linux_result(-1);
	if (fromdir == RUMP_AT_FDCWD && todir == RUMP_AT_FDCWD)
		return linux_result(rump_sys___posix_rename(from, to));
	if (linux_rename_is_same(fromdir, from, todir, to))
		return 0;
	return linux_result(rump_sys_renameat(fromdir, from, todir, to));
}

static long
linux_rename_at(int fromfd, const char *from, int tofd, const char *to,
    unsigned int flags)
{
	const int noreplace = (flags & LINUX_RENAME_NOREPLACE) != 0;
	int error, fromdir, todir;
	long result;

	/* Exchange and whiteout are for file systems that can do them. */
	if ((flags & ~LINUX_RENAME_NOREPLACE) != 0)
		return -LINUX_EINVAL;
	error = linux_at(fromfd, from, &fromdir);
	if (error == 0)
		error = linux_at(tofd, to, &todir);
	if (error != 0)
		return error;
	linux_gate_enter(noreplace);
	result = linux_rename_inside(fromdir, from, todir, to, noreplace);
	linux_gate_leave(noreplace);
	if (result == -LINUX_EINVAL &&
	    (linux_rename_is_dots(from) || linux_rename_is_dots(to)))
		result = -LINUX_EBUSY;
	return result;
}

long
linux_sys_rename(struct linux_call *lc)
{

	return linux_rename_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    LINUX_AT_FDCWD, (const char *)lc->lc_arg[1], 0);
}

long
linux_sys_renameat(struct linux_call *lc)
{

	return linux_rename_at((int)lc->lc_arg[0],
	    (const char *)lc->lc_arg[1], (int)lc->lc_arg[2],
	    (const char *)lc->lc_arg[3], 0);
}

long
linux_sys_renameat2(struct linux_call *lc)
{

	return linux_rename_at((int)lc->lc_arg[0],
	    (const char *)lc->lc_arg[1], (int)lc->lc_arg[2],
	    (const char *)lc->lc_arg[3], (unsigned int)lc->lc_arg[4]);
}

/* Linux's link() names a symbolic link itself; NetBSD's follows it. */
static long
linux_link_at(int fromfd, const char *from, int tofd, const char *to,
    int flags)
{
	int error, fromdir, todir;

	if ((flags & ~(LINUX_AT_SYMLINK_FOLLOW | LINUX_AT_EMPTY_PATH)) != 0)
		return -LINUX_EINVAL;
	error = linux_at(fromfd, from, &fromdir);
	if (error == 0)
		error = linux_at(tofd, to, &todir);
	if (error != 0)
		return error;
	linux_gate_enter(0);
	error = (int)linux_result_name(rump_sys_linkat(fromdir, from, todir,
	    to, flags & LINUX_AT_SYMLINK_FOLLOW ? RUMP_AT_SYMLINK_FOLLOW : 0));
	linux_gate_leave(0);
	return error;
}

long
linux_sys_link(struct linux_call *lc)
{

	return linux_link_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    LINUX_AT_FDCWD, (const char *)lc->lc_arg[1], 0);
}

long
linux_sys_linkat(struct linux_call *lc)
{

	return linux_link_at((int)lc->lc_arg[0], (const char *)lc->lc_arg[1],
	    (int)lc->lc_arg[2], (const char *)lc->lc_arg[3],
	    (int)lc->lc_arg[4]);
}
