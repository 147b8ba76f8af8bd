/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_attr.c: modes, owners, times and sizes.
 */
#include "h_kern.h"

#define	USER	1000

static struct rump_stat
look(const char *path)
{
	struct rump_stat st;

	CHECK_OK(rump_sys_lstat(path, &st));
	return st;
}

static void
modes_and_owners(void)
{
	int fd;

	h_file("/f", "x");
	CHECK_OK(rump_sys_symlink("/f", "/s"));
	fd = h_open("/f", RUMP_O_RDONLY);
	CHECK_OK(rump_sys_fchmod(fd, 0640));
	CHECK_EQUAL(look("/f").st_mode & 07777, 0640);
	CHECK_OK(rump_sys_chmod("/s", 0600));
	CHECK_EQUAL(look("/f").st_mode & 07777, 0600);
	CHECK_OK(rump_sys_lchmod("/s", 0711));
	CHECK_EQUAL(look("/s").st_mode & 07777, 0711);
	CHECK_EQUAL(look("/f").st_mode & 07777, 0600);
	CHECK_OK(rump_sys_fchmodat(RUMP_AT_FDCWD, "/s", 0700,
	    RUMP_AT_SYMLINK_NOFOLLOW));
	CHECK_EQUAL(look("/s").st_mode & 07777, 0700);
	CHECK_FAILS(rump_sys_fchmodat(RUMP_AT_FDCWD, "/s", 0700, 1),
	    RUMP_EINVAL);
	CHECK_OK(rump_sys_fchown(fd, 3, 4));
	CHECK_EQUAL(look("/f").st_uid, 3);
	CHECK_EQUAL(look("/f").st_gid, 4);
	CHECK_OK(rump_sys_lchown("/s", 5, -1));
	CHECK_EQUAL(look("/s").st_uid, 5);
	CHECK_EQUAL(look("/f").st_uid, 3);
	CHECK_OK(rump_sys_fchownat(RUMP_AT_FDCWD, "/s", -1, 6, 0));
	CHECK_EQUAL(look("/f").st_gid, 6);
	CHECK_FAILS(rump_sys_fchmod(99, 0600), RUMP_EBADF);
	CHECK_FAILS(rump_sys_fchown(99, 0, 0), RUMP_EBADF);
	CHECK_FAILS(rump_sys_lchmod("/none", 0600), RUMP_ENOENT);
	h_user(USER);
	CHECK_FAILS(rump_sys_fchmod(fd, 0777), RUMP_EPERM);
	CHECK_FAILS(rump_sys_fchown(fd, USER, USER), RUMP_EPERM);
	h_root();
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/s"));
	CHECK_OK(rump_sys_unlink("/f"));
}

static void
sizes(void)
{
	struct rump_rlimit rl, old;
	struct rump_stat st;
	char buf[8] = "........";
	int fd, rd;

	h_file("/f", "abcdef");
	CHECK_OK(rump_sys_truncate("/f", 3));
	CHECK_EQUAL(look("/f").st_size, 3);
	fd = h_open("/f", RUMP_O_RDWR);
	rd = h_open("/f", RUMP_O_RDONLY);
	CHECK_OK(rump_sys_ftruncate(fd, 6));
	CHECK_EQUAL(rump_sys_read(fd, buf, 8), 6);
	CHECK(memcmp(buf, "abc\0\0\0", 6) == 0);	/* not "def" */
	CHECK_FAILS(rump_sys_ftruncate(rd, 0), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_ftruncate(fd, -1), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_ftruncate(99, 0), RUMP_EBADF);
	CHECK_FAILS(rump_sys_truncate("/f", -1), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_truncate("/", 0), RUMP_EISDIR);
	CHECK_FAILS(rump_sys_truncate("/none", 0), RUMP_ENOENT);
	CHECK_OK(rump_sys_mkfifo("/p", 0644));
	CHECK_FAILS(rump_sys_truncate("/p", 0), RUMP_EINVAL);
	/* O_TRUNC, O_APPEND. */
	CHECK_OK(rump_sys_close(h_open("/f", RUMP_O_RDWR | RUMP_O_TRUNC)));
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_size, 0);
	CHECK_OK(rump_sys_fcntl(fd, RUMP_F_SETFL, (void *)RUMP_O_APPEND));
	CHECK_EQUAL(rump_sys_write(fd, "12", 2), 2);
	CHECK_EQUAL(rump_sys_lseek(fd, 0, RUMP_SEEK_SET), 0);
	CHECK_EQUAL(rump_sys_write(fd, "34", 2), 2);
	CHECK_EQUAL(look("/f").st_size, 4);
	/* RLIMIT_FSIZE. */
	CHECK_OK(rump_sys_getrlimit(RUMP_RLIMIT_FSIZE, &old));
	rl = old;
	rl.rlim_cur = 100;
	CHECK_OK(rump_sys_setrlimit(RUMP_RLIMIT_FSIZE, &rl));
	CHECK_OK(rump_sys_ftruncate(fd, 100));
	CHECK_FAILS(rump_sys_ftruncate(fd, 101), RUMP_EFBIG);
	CHECK_FAILS(rump_sys_truncate("/f", 101), RUMP_EFBIG);
	CHECK_OK(rump_sys_setrlimit(RUMP_RLIMIT_FSIZE, &old));
	CHECK_OK(rump_sys_ftruncate(fd, 101));
	CHECK_FAILS(rump_sys_getrlimit(99, &rl), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_setrlimit(RUMP_RLIMIT_FSIZE, NULL), RUMP_EFAULT);
	h_user(USER);
	CHECK_FAILS(rump_sys_truncate("/f", 0), RUMP_EACCES);
	h_root();
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(rd));
	CHECK_OK(rump_sys_unlink("/f"));
	CHECK_OK(rump_sys_unlink("/p"));
}

static void
flushing(void)
{
	int fd, rd;

	h_file("/f", "x");
	fd = h_open("/f", RUMP_O_RDWR | RUMP_O_DSYNC);
	rd = h_open("/f", RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_write(fd, "y", 1), 1);
	CHECK_OK(rump_sys_fsync(fd));
	CHECK_OK(rump_sys_fsync(rd));
	CHECK_OK(rump_sys_fdatasync(fd));
	CHECK_FAILS(rump_sys_fdatasync(rd), RUMP_EBADF);
	CHECK_OK(rump_sys_fsync_range(fd, RUMP_FDATASYNC, 0, 0));
	CHECK_OK(rump_sys_fsync_range(fd, RUMP_FFILESYNC | RUMP_FDISKSYNC, 0,
	    1));
	CHECK_FAILS(rump_sys_fsync_range(fd, 0, 0, 0), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_fsync_range(fd, RUMP_FDATASYNC, -1, 0),
	    RUMP_EINVAL);
	CHECK_FAILS(rump_sys_fsync_range(rd, RUMP_FDATASYNC, 0, 0),
	    RUMP_EBADF);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_close(rd));
	CHECK_FAILS(rump_sys_fsync(fd), RUMP_EBADF);
	CHECK_OK(rump_sys_unlink("/f"));
}

static const struct tap_case cases[] = {
	{ "modes and owners, of links too", modes_and_owners },
	{ "truncate, O_TRUNC, O_APPEND, RLIMIT_FSIZE", sizes },
	{ "fsync and its like", flushing },
};

RUN_KERNEL(cases)
