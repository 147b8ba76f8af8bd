/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_kern_fd.c: descriptors: tables, duplicates, places in files, lengths.
 */
#include "h_kern.h"

#include <limits.h>

#define	OPEN_MOST	1024

static void
table_grows(void)
{
	int fd[OPEN_MOST], i;

	for (i = 0; i < OPEN_MOST; i++)
		CHECK_EQUAL(fd[i] = h_open("/", RUMP_O_RDONLY), i);
	CHECK_FAILS(rump_sys_open("/", RUMP_O_RDONLY), RUMP_EMFILE);
	CHECK_FAILS(rump_sys_dup(0), RUMP_EMFILE);
	CHECK_FAILS(rump_sys_fcntl(0, RUMP_F_DUPFD, NULL), RUMP_EMFILE);
	CHECK_OK(rump_sys_close(500));
	CHECK_EQUAL(h_open("/", RUMP_O_RDONLY), 500);
	for (i = 0; i < OPEN_MOST; i++)
		CHECK_OK(rump_sys_close(fd[i]));
	CHECK_FAILS(rump_sys_close(fd[0]), RUMP_EBADF);
	CHECK_EQUAL(h_open("/", RUMP_O_RDONLY), 0);
	CHECK_OK(rump_sys_close(0));
}

static void
numbers_are_checked(void)
{
	struct rump_stat st;
	char c;

	CHECK_FAILS(rump_sys_close(-1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_close(INT_MAX), RUMP_EBADF);
	CHECK_FAILS(rump_sys_read(INT_MIN, &c, 1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_fstat(99, &st), RUMP_EBADF);
	CHECK_FAILS(rump_sys_lseek(99, 0, RUMP_SEEK_SET), RUMP_EBADF);
	CHECK_FAILS(rump_sys_getdents(99, &c, 1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_fchdir(99), RUMP_EBADF);
	CHECK_FAILS(rump_sys_pread(99, &c, 1, -1), RUMP_EBADF);
}

static void
dup2_cases(void)
{
	int a, b;

	h_file("/f", "0123456789");
	a = h_open("/f", RUMP_O_RDONLY);
	CHECK_OK(rump_sys_fcntl(a, RUMP_F_SETFD, (void *)RUMP_FD_CLOEXEC));
	CHECK_EQUAL(rump_sys_dup2(a, a), a);
	CHECK_EQUAL(rump_sys_fcntl(a, RUMP_F_GETFD, NULL), RUMP_FD_CLOEXEC);
	CHECK_EQUAL(rump_sys_dup2(a, OPEN_MOST - 1), OPEN_MOST - 1);
	CHECK_EQUAL(rump_sys_fcntl(OPEN_MOST - 1, RUMP_F_GETFD, NULL), 0);
	CHECK_FAILS(rump_sys_dup2(a, OPEN_MOST), RUMP_EBADF);
	CHECK_FAILS(rump_sys_dup2(a, -1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_dup2(77, 78), RUMP_EBADF);
	CHECK_FAILS(rump_sys_dup2(77, 77), RUMP_EBADF);
	/* One place for all duplicates; another open has its own. */
	CHECK_EQUAL(rump_sys_lseek(OPEN_MOST - 1, 4, RUMP_SEEK_SET), 4);
	CHECK_EQUAL(rump_sys_lseek(a, 0, RUMP_SEEK_CUR), 4);
	b = h_open("/f", RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_dup2(b, a), a);
	CHECK_EQUAL(rump_sys_lseek(a, 0, RUMP_SEEK_CUR), 0);
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
	CHECK_OK(rump_sys_close(OPEN_MOST - 1));
}

static void
fcntl_cases(void)
{
	int fd, low;

	fd = h_open("/f", RUMP_O_RDWR | RUMP_O_APPEND | RUMP_O_CLOEXEC);
	CHECK_EQUAL(rump_sys_fcntl(fd, RUMP_F_GETFD, NULL), RUMP_FD_CLOEXEC);
	CHECK_EQUAL(rump_sys_fcntl(fd, RUMP_F_GETFL, NULL),
	    RUMP_O_RDWR | RUMP_O_APPEND);
	CHECK_OK(rump_sys_fcntl(fd, RUMP_F_SETFL, (void *)RUMP_O_NONBLOCK));
	CHECK_EQUAL(rump_sys_fcntl(fd, RUMP_F_GETFL, NULL),
	    RUMP_O_RDWR | RUMP_O_NONBLOCK);
	CHECK_EQUAL(low = rump_sys_fcntl(fd, RUMP_F_DUPFD, (void *)40), 40);
	CHECK_EQUAL(rump_sys_fcntl(low, RUMP_F_GETFD, NULL), 0);
	CHECK_OK(rump_sys_close(low));
	CHECK_EQUAL(rump_sys_fcntl(fd, RUMP_F_DUPFD_CLOEXEC, (void *)40), 40);
	CHECK_EQUAL(rump_sys_fcntl(40, RUMP_F_GETFD, NULL), RUMP_FD_CLOEXEC);
	CHECK_OK(rump_sys_close(40));
	CHECK_FAILS(rump_sys_fcntl(fd, RUMP_F_DUPFD, (void *)-1), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_fcntl(fd, RUMP_F_DUPFD, (void *)OPEN_MOST),
	    RUMP_EINVAL);
	CHECK_FAILS(rump_sys_fcntl(fd, 12345, NULL), RUMP_EINVAL);
	CHECK_OK(rump_sys_close(fd));
}

static void
lseek_limits(void)
{
	int fd;
	char c;

	h_file("/f", "0123456789");
	fd = h_open("/f", RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_lseek(fd, -3, RUMP_SEEK_END), 7);
	CHECK_EQUAL(rump_sys_lseek(fd, 5, RUMP_SEEK_CUR), 12);
	CHECK_EQUAL(rump_sys_read(fd, &c, 1), 0);
	CHECK_FAILS(rump_sys_lseek(fd, -13, RUMP_SEEK_CUR), RUMP_EINVAL);
	CHECK_EQUAL(rump_sys_lseek(fd, 0, RUMP_SEEK_CUR), 12);
	CHECK_FAILS(rump_sys_lseek(fd, 0, 9), RUMP_EINVAL);
	CHECK_EQUAL(rump_sys_lseek(fd, INT64_MAX, RUMP_SEEK_SET), INT64_MAX);
	CHECK_FAILS(rump_sys_lseek(fd, 1, RUMP_SEEK_CUR), RUMP_EOVERFLOW);
	CHECK_EQUAL(rump_sys_read(fd, &c, 1), 0);
	CHECK_FAILS(rump_sys_write(fd, "x", 1), RUMP_EFBIG);
	CHECK_FAILS(rump_sys_pread(fd, &c, 1, -1), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_pwrite(fd, &c, 1, INT64_MIN), RUMP_EINVAL);
	CHECK_EQUAL(rump_sys_pread(fd, &c, 1, 9), 1);
	CHECK_EQUAL(c, '9');
	CHECK_EQUAL(rump_sys_lseek(fd, 0, RUMP_SEEK_CUR), INT64_MAX);
	CHECK_OK(rump_sys_close(fd));
}

/* Lengths that an int cannot hold, and sums that a ssize_t cannot. */
static void
long_transfers(void)
{
	struct rump_iovec iov[3];
	char buf[64];
	int fd, null;

	h_file("/f", "0123456789");
	fd = h_open("/f", RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_read(fd, buf, (size_t)UINT32_MAX + 5), 10);
	CHECK_EQUAL(rump_sys_pread(fd, buf, SSIZE_MAX, 3), 7);
	CHECK_FAILS(rump_sys_read(fd, buf, (size_t)SSIZE_MAX + 1), RUMP_EINVAL);
	iov[0].iov_base = iov[1].iov_base = buf;
	iov[0].iov_len = SSIZE_MAX;
	iov[1].iov_len = 1;
	CHECK_FAILS(rump_sys_preadv(fd, iov, 2, 0), RUMP_EINVAL);
	CHECK_EQUAL(rump_sys_preadv(fd, iov, 1, 0), 10);
	CHECK_FAILS(rump_sys_pwrite(fd, buf, (size_t)1 << 45, 0), RUMP_EFBIG);
	CHECK_FAILS(rump_sys_pwrite(fd, buf, 1, INT64_MAX), RUMP_EFBIG);
	null = h_open("/dev/null", RUMP_O_RDWR);
	CHECK_EQUAL(rump_sys_write(null, buf, (size_t)3 << 30), 3LL << 30);
	CHECK_EQUAL(rump_sys_read(null, buf, (size_t)3 << 30), 0);
	CHECK_OK(rump_sys_close(null));
	CHECK_OK(rump_sys_close(fd));
}

static void
vectors(void)
{
	struct rump_iovec iov[1025];
	char buf[64] = "";
	int fd, i;

	h_file("/f", "0123456789");
	fd = h_open("/f", RUMP_O_RDWR);
	memset(iov, 0, sizeof(iov));	/* empty ones need no memory */
	iov[1].iov_base = buf;
	iov[1].iov_len = 3;
	iov[4].iov_base = buf + 10;
	iov[4].iov_len = 20;
	CHECK_EQUAL(rump_sys_readv(fd, iov, 6), 10);
	CHECK(memcmp(buf, "012", 3) == 0 && memcmp(buf + 10, "3456789", 7) == 0);
	CHECK_FAILS(rump_sys_readv(fd, iov, 0), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_readv(fd, iov, -1), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_readv(fd, iov, 1025), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_readv(fd, NULL, 1), RUMP_EFAULT);
	for (i = 0; i < 1024; i++) {
		iov[i].iov_base = &"ab"[i % 2];
		iov[i].iov_len = 1;
	}
	CHECK_EQUAL(rump_sys_pwritev(fd, iov, 1024, 0), 1024);
	CHECK_EQUAL(rump_sys_pread(fd, buf, 2, 1022), 2);
	CHECK(memcmp(buf, "ab", 2) == 0);
	/* A bad piece anywhere: nothing is moved. */
	iov[5].iov_base = NULL;
	CHECK_FAILS(rump_sys_preadv(fd, iov, 6, 0), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_read(fd, NULL, 1), RUMP_EFAULT);
	CHECK_EQUAL(rump_sys_read(fd, NULL, 0), 0);
	CHECK_OK(rump_sys_close(fd));
}

static void
access_modes(void)
{
	int rd, wr, dir;
	char c;

	rd = h_open("/f", RUMP_O_RDONLY);
	wr = h_open("/f", RUMP_O_WRONLY);
	dir = h_open("/", RUMP_O_RDONLY);
	CHECK_FAILS(rump_sys_write(rd, "x", 1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_read(wr, &c, 1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_read(dir, &c, 1), RUMP_EISDIR);
	CHECK_FAILS(rump_sys_getdents(rd, &c, 4096), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_getdents(dir, NULL, 4096), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_fchdir(rd), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_open("/f", RUMP_O_ACCMODE), RUMP_EINVAL);
	CHECK_OK(rump_sys_fsync(wr));
	CHECK_OK(rump_sys_close(rd));
	CHECK_OK(rump_sys_close(wr));
	CHECK_OK(rump_sys_close(dir));
}

static const struct tap_case cases[] = {
	{ "a table grows to 1024 and no further", table_grows },
	{ "descriptors that are not there", numbers_are_checked },
	{ "dup2 onto itself, out of range, shared places", dup2_cases },
	{ "fcntl", fcntl_cases },
	{ "lseek and pread at the ends of the range", lseek_limits },
	{ "transfers longer than an int", long_transfers },
	{ "readv, writev", vectors },
	{ "descriptors do only what they were opened for", access_modes },
};

RUN_KERNEL(cases)
