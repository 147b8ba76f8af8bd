/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_ffs_files.c: FFS: what is written is there, before and after a mount, with
 * and without soft updates.
 */
#include "h_ffs.h"

static const int modes[] = { 0, H_SOFTDEP, RUMP_MNT_ASYNC };
#define	NMODES	(sizeof(modes) / sizeof(modes[0]))

static void
reads(void)
{
	struct rump_stat st;
	char buf[16];
	int fd;

	h_ffs_mount("/ffs", RUMP_MNT_RDONLY);
	fd = h_open("/ffs/hello.txt", RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_read(fd, buf, sizeof(buf)), 13);
	CHECK(memcmp(buf, "hello, world\n", 13) == 0);
	CHECK_OK(rump_sys_close(fd));
	CHECK_FAILS(rump_sys_open("/ffs/new", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_EROFS);
	CHECK_FAILS(rump_sys_stat("/ffs/none", &st), RUMP_ENOENT);
	h_ffs_end("/ffs");
}

static void
small_files(void)
{
	struct rump_stat st;
	char path[64], target[64];
	size_t m;
	int i;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		CHECK_OK(rump_sys_mkdir("/ffs/dir", 0755));
		for (i = 0; i < 500; i++) {
			snprintf(path, sizeof(path), "/ffs/dir/file-%d", i);
			h_ffs_write(path, i * 37, i, 4096);
		}
		CHECK_OK(rump_sys_symlink("dir/file-1", "/ffs/link"));
		for (i = 0; i < 500; i += 3) {
			snprintf(path, sizeof(path), "/ffs/dir/file-%d", i);
			CHECK_OK(rump_sys_unlink(path));
		}
		CHECK_OK(rump_sys_unmount("/ffs", 0));
		h_ffs_mount("/ffs", modes[m]);
		for (i = 0; i < 500; i++) {
			snprintf(path, sizeof(path), "/ffs/dir/file-%d", i);
			if (i % 3 == 0)
				CHECK_FAILS(rump_sys_stat(path, &st),
				    RUMP_ENOENT);
			else
				h_ffs_verify(path, i * 37, i);
		}
		CHECK_EQUAL(rump_sys_readlink("/ffs/link", target,
		    sizeof(target)), 10);
		h_ffs_verify("/ffs/link", 37, 1);
		h_ffs_end("/ffs");
	}
}

static void
big_files(void)
{
	struct rump_stat st;
	size_t m;
	char c;
	int fd;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		h_ffs_write("/ffs/big", 5000000, 3, 70000);
		h_ffs_write("/ffs/pieces", 300000, 4, 777);
		h_ffs_verify("/ffs/big", 5000000, 3);
		fd = h_open("/ffs/hole", RUMP_O_RDWR | RUMP_O_CREAT);
		CHECK_EQUAL(rump_sys_pwrite(fd, "x", 1, 200000000), 1);
		CHECK_OK(rump_sys_fsync(fd));
		CHECK_OK(rump_sys_close(fd));
		CHECK_OK(rump_sys_unmount("/ffs", 0));
		h_ffs_mount("/ffs", modes[m]);
		h_ffs_verify("/ffs/big", 5000000, 3);
		h_ffs_verify("/ffs/pieces", 300000, 4);
		fd = h_open("/ffs/hole", RUMP_O_RDWR);
		CHECK_OK(rump_sys_fstat(fd, &st));
		CHECK_EQUAL(st.st_size, 200000001);
		CHECK(st.st_blocks < 200);
		CHECK_EQUAL(rump_sys_pread(fd, &c, 1, 100000000), 1);
		CHECK_EQUAL(c, 0);
		CHECK_EQUAL(rump_sys_pread(fd, &c, 1, 200000000), 1);
		CHECK_EQUAL(c, 'x');
		CHECK_OK(rump_sys_close(fd));
		CHECK_OK(rump_sys_unlink("/ffs/big"));
		CHECK_OK(rump_sys_unlink("/ffs/hole"));
		h_ffs_end("/ffs");
	}
}

static const struct tap_case cases[] = {
	{ "an image is read", reads },
	{ "many small files", small_files },
	{ "big files and holes", big_files },
};

RUN_KERNEL(cases)
