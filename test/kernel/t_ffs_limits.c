/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_ffs_limits.c: FFS: a full disk, a full inode table, sizes that shrink and
 * grow, files that are open when their last name goes.
 */
#include "h_ffs.h"

static const int modes[] = { 0, H_SOFTDEP };
#define	NMODES	(sizeof(modes) / sizeof(modes[0]))

static uint64_t
free_blocks(void)
{
	struct rump_statvfs sv;

	CHECK_OK(rump_sys_statvfs1("/ffs", &sv, RUMP_ST_WAIT));
	return sv.f_bfree;
}

/* Writes until there is no room; what fitted is whole, and can be freed. */
static void
full_disk(void)
{
	static char buf[100000];
	struct rump_stat st;
	uint64_t before;
	ssize_t n;
	char path[32];
	size_t m, size;
	int fd, i;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		before = free_blocks();
		fd = h_open("/ffs/full", RUMP_O_WRONLY | RUMP_O_CREAT);
		/* A write that does not fit leaves nothing: smaller ones do. */
		for (size = sizeof(buf); size >= 1000; size /= 10) {
			while ((n = rump_sys_write(fd, buf, size)) > 0)
				continue;
			CHECK_EQUAL(n, -1);
			CHECK_EQUAL(rumpglue_errno(), RUMP_ENOSPC);
		}
		CHECK_OK(rump_sys_fstat(fd, &st));
		CHECK(st.st_size > 10000000);
		CHECK_OK(rump_sys_close(fd));
		/* Fragments are left, each for a small folder. */
		for (i = 0;; i++) {
			snprintf(path, sizeof(path), "/ffs/d%d", i);
			if (rump_sys_mkdir(path, 0755) != 0)
				break;
		}
		CHECK_EQUAL(rumpglue_errno(), RUMP_ENOSPC);
		CHECK_OK(rump_sys_unmount("/ffs", 0));
		h_ffs_mount("/ffs", modes[m]);
		CHECK_OK(rump_sys_unlink("/ffs/full"));
		while (i-- > 0) {
			snprintf(path, sizeof(path), "/ffs/d%d", i);
			CHECK_OK(rump_sys_rmdir(path));
		}
		rump_sys_sync();
		CHECK_OK(rump_sys_unmount("/ffs", 0));
		h_ffs_mount("/ffs", modes[m]);
		CHECK_EQUAL(free_blocks(), before);
		CHECK_OK(rump_sys_mkdir("/ffs/dir", 0755));
		h_ffs_write("/ffs/dir/file", 100000, 1, 9999);
		h_ffs_end("/ffs");
	}
}

/* Makes files until there is no inode left; how many. */
static int
make_files(int limit)
{
	char path[64];
	int i, fd;

	for (i = 0; i < limit; i++) {
		snprintf(path, sizeof(path), "/ffs/%d", i);
		fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_RDWR, 0644);
		if (fd == -1)
			break;
		CHECK_OK(rump_sys_close(fd));
	}
	return i;
}

static void
remove_files(int n)
{
	char path[64];

	while (n-- > 0) {
		snprintf(path, sizeof(path), "/ffs/%d", n);
		CHECK_OK(rump_sys_unlink(path));
	}
}

static void
full_inodes(void)
{
	struct rump_statvfs sv;
	size_t m;
	int n;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		CHECK_OK(rump_sys_statvfs1("/ffs", &sv, RUMP_ST_WAIT));
		n = make_files(100000);
		CHECK_EQUAL(rumpglue_errno(), RUMP_ENOSPC);
		CHECK_EQUAL(n, sv.f_ffree);
		remove_files(n);
		CHECK_OK(rump_sys_unmount("/ffs", 0));
		h_ffs_mount("/ffs", modes[m]);
		h_ffs_write("/ffs/again", 100, 1, 100);
		h_ffs_end("/ffs");
	}
}

/* What was removed can be used at once, although soft updates still hold it. */
static void
room_again(void)
{
	static char buf[100000];
	off_t first = 0, size;
	int n, round, fd;

	h_ffs_mount("/ffs", H_SOFTDEP);
	n = make_files(100000);
	for (round = 0; round < 3; round++) {
		remove_files(n);
		CHECK_EQUAL(make_files(n), n);
	}
	remove_files(n);
	for (round = 0; round < 4; round++) {
		fd = h_open("/ffs/full", RUMP_O_WRONLY | RUMP_O_CREAT);
		for (size = 0; rump_sys_write(fd, buf, sizeof(buf)) ==
		    (ssize_t)sizeof(buf); size += sizeof(buf))
			continue;
		CHECK_EQUAL(rumpglue_errno(), RUMP_ENOSPC);
		if (round == 0)
			first = size;
		CHECK_EQUAL(size, first);
		CHECK_OK(rump_sys_close(fd));
		if (round % 2 == 0)
			CHECK_OK(rump_sys_unlink("/ffs/full"));
		else
			CHECK_OK(rump_sys_truncate("/ffs/full", 0));
	}
	h_ffs_end("/ffs");
}

static void
sizes(void)
{
	static const long steps[] = { 100, 9000, 1023, 300000, 8192, 8193, 0,
	    500000, 98304, 98305, 1, 16384, 0, 2000000, 50000 };
	static unsigned char buf[2000000];
	struct rump_stat st;
	size_t m, i, j, good;
	int fd;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		h_ffs_write("/ffs/size", 50000, 7, 50000);
		good = 50000;
		for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
			fd = h_open("/ffs/size", RUMP_O_RDWR);
			CHECK_OK(rump_sys_ftruncate(fd, steps[i]));
			if ((size_t)steps[i] < good)
				good = steps[i];
			CHECK_OK(rump_sys_fstat(fd, &st));
			CHECK_EQUAL(st.st_size, steps[i]);
			CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), 0),
			    steps[i]);
			for (j = 0; j < (size_t)steps[i]; j++)
				CHECK_EQUAL(buf[j], j >= good ? 0 :
				    (unsigned char)(j * 7 + 7 + j / 256));
			CHECK_OK(rump_sys_close(fd));
			if (i % 4 == 3) {
				CHECK_OK(rump_sys_unmount("/ffs", 0));
				h_ffs_mount("/ffs", modes[m]);
			}
		}
		h_ffs_end("/ffs");
	}
}

static void
unlinked_while_open(void)
{
	char buf[5];
	size_t m;
	int fd;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		fd = h_open("/ffs/gone", RUMP_O_RDWR | RUMP_O_CREAT);
		CHECK_EQUAL(rump_sys_write(fd, "hello", 5), 5);
		CHECK_OK(rump_sys_unlink("/ffs/gone"));
		CHECK_OK(rump_sys_fsync(fd));
		CHECK_EQUAL(rump_sys_pread(fd, buf, 5, 0), 5);
		CHECK(memcmp(buf, "hello", 5) == 0);
		CHECK_FAILS(rump_sys_unmount("/ffs", 0), RUMP_EBUSY);
		CHECK_OK(rump_sys_close(fd));
		h_ffs_end("/ffs");
	}
}

/* Read-only and back, with files of the first life looked at in the second. */
static void
remount(void)
{
	size_t m;
	int fd;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		h_ffs_write("/ffs/file", 12345, 1, 1000);
		fd = h_open("/ffs/file", RUMP_O_RDWR);
		CHECK_FAILS(h_ffs_mount_flags("/ffs", RUMP_MNT_UPDATE |
		    RUMP_MNT_RDONLY), RUMP_EBUSY);
		CHECK_EQUAL(rump_sys_pwrite(fd, "x", 1, 20000), 1);
		CHECK_OK(rump_sys_close(fd));
		CHECK_OK(rump_sys_unlink("/ffs/file"));
		h_ffs_write("/ffs/file", 12345, 1, 1000);
		CHECK_OK(h_ffs_mount_flags("/ffs", RUMP_MNT_UPDATE |
		    RUMP_MNT_RDONLY));
		CHECK_FAILS(rump_sys_open("/ffs/new", RUMP_O_CREAT |
		    RUMP_O_RDWR, 0644), RUMP_EROFS);
		h_ffs_verify("/ffs/file", 12345, 1);
		CHECK_OK(h_ffs_mount_flags("/ffs", RUMP_MNT_UPDATE |
		    modes[m]));
		h_ffs_write("/ffs/new", 54321, 2, 10000);
		h_ffs_verify("/ffs/new", 54321, 2);
		h_ffs_end("/ffs");
	}
}

/* What is done for soft updates is not done to a file system of another kind. */
static void
full_elsewhere(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_mode = 0755, .ta_size_max = 65536 };
	static char buf[100000];
	int fd;

	h_ffs_mount("/ffs", H_SOFTDEP);
	CHECK_OK(rump_sys_mkdir("/t", 0755));
	CHECK_OK(rump_sys_mount("tmpfs", "/t", H_SOFTDEP, &args, sizeof(args)));
	h_file("/ffs/pending", "abc");
	CHECK_OK(rump_sys_mkdir("/ffs/dir", 0755));
	CHECK_OK(rump_sys_unlink("/ffs/pending"));
	fd = h_open("/t/file", RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_OK(rump_sys_fsync(fd));
	CHECK_EQUAL(rump_sys_write(fd, buf, sizeof(buf)), 65536);
	CHECK_FAILS(rump_sys_write(fd, buf, sizeof(buf)), RUMP_ENOSPC);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unmount("/t", 0));
	CHECK_OK(rump_sys_rmdir("/t"));
	CHECK_OK(rump_sys_rmdir("/ffs/dir"));
	h_ffs_end("/ffs");
}

static const struct tap_case cases[] = {
	{ "a full disk", full_disk },
	{ "a full inode table", full_inodes },
	{ "room again at once", room_again },
	{ "files that shrink and grow", sizes },
	{ "a file without a name, still open", unlinked_while_open },
	{ "read-only and back", remount },
	{ "another file system is full", full_elsewhere },
};

RUN_KERNEL(cases)
