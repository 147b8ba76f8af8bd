/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stat.c: the stat family: one look-up, two shapes of answer.
 */
#include "linux.h"
#include "file.h"

/*
 * Device numbers.  NetBSD keeps the major in bits 8-19 and the minor in bits 0-7
 * and 20-31; for 12 and 20 bits Linux's encoding is the same.
 */
static uint32_t
linux_major(uint64_t dev)
{

	return (uint32_t)(dev >> 8) & 0xfff;
}

static uint32_t
linux_minor(uint64_t dev)
{

	return ((uint32_t)(dev >> 12) & 0xfff00) | ((uint32_t)dev & 0xff);
}

static uint64_t
linux_makedev(uint32_t major, uint32_t minor)
{

	return ((uint64_t)(minor & 0xfff00) << 12) | (minor & 0xff) |
	    ((uint64_t)(major & 0xfff) << 8);
}

void
linux_stat_device(struct rump_stat *st, uint32_t major, uint32_t minor)
{

	memset(st, 0, sizeof(*st));
	st->st_mode = RUMP_S_IFCHR | 0666;
	st->st_nlink = 1;
	st->st_ino = 1;
	st->st_rdev = linux_makedev(major, minor);
	st->st_blksize = 1024;
}

static struct linux_timespec
linux_stat_time(const struct rump_timespec *ts)
{

	return (struct linux_timespec){ ts->tv_sec, ts->tv_nsec };
}

static long
linux_stat_out(uint64_t addr, const struct rump_stat *rs)
{
	struct linux_stat ls;

	memset(&ls, 0, sizeof(ls));
	ls.st_dev = linux_makedev(linux_major(rs->st_dev),
	    linux_minor(rs->st_dev));
	ls.st_ino = rs->st_ino;
	ls.st_nlink = rs->st_nlink;
	ls.st_mode = rs->st_mode;
	ls.st_uid = rs->st_uid;
	ls.st_gid = rs->st_gid;
	ls.st_rdev = linux_makedev(linux_major(rs->st_rdev),
	    linux_minor(rs->st_rdev));
	ls.st_size = rs->st_size;
	ls.st_blksize = rs->st_blksize;
	ls.st_blocks = rs->st_blocks;
	ls.st_atim = linux_stat_time(&rs->st_atim);
	ls.st_mtim = linux_stat_time(&rs->st_mtim);
	ls.st_ctim = linux_stat_time(&rs->st_ctim);
	return linux_user_out(addr, &ls, sizeof(ls));
}

static struct linux_statx_time
linux_statx_time(const struct rump_timespec *ts)
{

	return (struct linux_statx_time){ ts->tv_sec, (uint32_t)ts->tv_nsec,
	    0 };
}

static long
linux_statx_out(uint64_t addr, const struct rump_stat *rs)
{
	struct linux_statx lx;

	memset(&lx, 0, sizeof(lx));
	lx.stx_mask = LINUX_STATX_BASIC | LINUX_STATX_BTIME;
	lx.stx_blksize = (uint32_t)rs->st_blksize;
	lx.stx_nlink = rs->st_nlink;
	lx.stx_uid = rs->st_uid;
	lx.stx_gid = rs->st_gid;
	lx.stx_mode = (uint16_t)rs->st_mode;
	lx.stx_ino = rs->st_ino;
	lx.stx_size = (uint64_t)rs->st_size;
	lx.stx_blocks = (uint64_t)rs->st_blocks;
	lx.stx_atime = linux_statx_time(&rs->st_atim);
	lx.stx_btime = linux_statx_time(&rs->st_birthtim);
	lx.stx_ctime = linux_statx_time(&rs->st_ctim);
	lx.stx_mtime = linux_statx_time(&rs->st_mtim);
	lx.stx_rdev_major = linux_major(rs->st_rdev);
	lx.stx_rdev_minor = linux_minor(rs->st_rdev);
	lx.stx_dev_major = linux_major(rs->st_dev);
	lx.stx_dev_minor = linux_minor(rs->st_dev);
	return linux_user_out(addr, &lx, sizeof(lx));
}

static int
linux_stat_fd(int fd, struct rump_stat *st)
{
	struct linux_file *f;
	int error;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	error = f->f_ops->fo_stat(f, st);
	linux_file_put(f);
	return error;
}

/* What can be opened is looked up as well; -ENOENT if it is no such device. */
static int
linux_stat_own(const char *path, struct rump_stat *st)
{
	struct linux_file *f;
	int error;

	if (linux_device_open(path, 0, &f) != 0)
		return -LINUX_ENOENT;
	error = f->f_ops->fo_stat(f, st);
	linux_file_put(f);
	return error;
}

static int
linux_stat_at(int dirfd, const char *path, int flags, struct rump_stat *st)
{
	int error, rumpdir;

	if (path[0] == '\0' && (flags & LINUX_AT_EMPTY_PATH)) {
		if (dirfd != LINUX_AT_FDCWD)
			return linux_stat_fd(dirfd, st);
		path = ".";
	}
	if (linux_stat_own(path, st) == 0)
		return 0;
	error = linux_at(dirfd, path, &rumpdir);
	if (error != 0)
		return error;
	return (int)linux_result(rump_sys_fstatat(rumpdir, path, st,
	    flags & LINUX_AT_SYMLINK_NOFOLLOW ? RUMP_AT_SYMLINK_NOFOLLOW : 0));
}

long
linux_sys_stat(struct linux_call *lc)
{
	struct rump_stat st;
	int error;

	error = linux_stat_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0], 0,
	    &st);
	return error != 0 ? error : linux_stat_out(lc->lc_arg[1], &st);
}

long
linux_sys_lstat(struct linux_call *lc)
{
	struct rump_stat st;
	int error;

	error = linux_stat_at(LINUX_AT_FDCWD, (const char *)lc->lc_arg[0],
	    LINUX_AT_SYMLINK_NOFOLLOW, &st);
	return error != 0 ? error : linux_stat_out(lc->lc_arg[1], &st);
}

long
linux_sys_fstat(struct linux_call *lc)
{
	struct rump_stat st;
	int error;

	error = linux_stat_fd((int)lc->lc_arg[0], &st);
	return error != 0 ? error : linux_stat_out(lc->lc_arg[1], &st);
}

long
linux_sys_newfstatat(struct linux_call *lc)
{
	int flags = (int)lc->lc_arg[3];
	struct rump_stat st;
	int error;

	if (flags & ~(LINUX_AT_EMPTY_PATH | LINUX_AT_SYMLINK_NOFOLLOW |
	    LINUX_AT_NO_AUTOMOUNT))
		return -LINUX_EINVAL;
	error = linux_stat_at((int)lc->lc_arg[0],
	    (const char *)lc->lc_arg[1], flags, &st);
	return error != 0 ? error : linux_stat_out(lc->lc_arg[2], &st);
}

long
linux_sys_statx(struct linux_call *lc)
{
	int flags = (int)lc->lc_arg[2];
	struct rump_stat st;
	int error;

	if (flags & ~(LINUX_AT_EMPTY_PATH | LINUX_AT_SYMLINK_NOFOLLOW |
	    LINUX_AT_NO_AUTOMOUNT | LINUX_AT_STATX_SYNC_TYPE))
		return -LINUX_EINVAL;
	error = linux_stat_at((int)lc->lc_arg[0],
	    (const char *)lc->lc_arg[1], flags, &st);
	return error != 0 ? error : linux_statx_out(lc->lc_arg[4], &st);
}
