/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_tmpfs.c: files in memory: their contents against a model, folders with
 * many names, limits, flags, times; and mounts of them.
 */
#include "h_kern.h"

#define	USER	1000

static void
mount_limited(const char *at, uint64_t nodes, int64_t bytes)
{
	struct rump_tmpfs_args args = {
		.ta_version = RUMP_TMPFS_ARGS_VERSION, .ta_nodes_max = nodes,
		.ta_size_max = bytes, .ta_root_mode = 0755,
	};

	CHECK_OK(rump_sys_mkdir(at, 0755));
	CHECK_OK(rump_sys_mount("tmpfs", at, 0, &args, sizeof(args)));
}

static void
unmount_remove(const char *at)
{

	CHECK_OK(rump_sys_unmount(at, 0));
	CHECK_OK(rump_sys_rmdir(at));
}

static uint32_t seed;

static uint32_t
rnd(uint32_t below)
{

	seed = seed * 1664525 + 1013904223;
	return (uint32_t)(((uint64_t)seed * below) >> 32);
}

#define	MODEL	(300 * 1024)

static void
compare(int fd, const unsigned char *model, size_t size)
{
	static unsigned char buf[MODEL + 1];
	struct rump_stat st;

	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_size, size);
	CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), 0), size);
	CHECK(memcmp(buf, model, size) == 0);
}

/* Writes, truncations and reads at random places, of random lengths. */
static void
contents_against_a_model(void)
{
	static unsigned char model[MODEL], bytes[MODEL];
	size_t size = 0, off, len, i;
	int fd, n;

	seed = 4711;
	fd = h_open("/m", RUMP_O_RDWR | RUMP_O_CREAT | RUMP_O_TRUNC);
	memset(model, 0, sizeof(model));
	for (n = 0; n < 1500; n++) {
		off = rnd(rnd(8) == 0 ? MODEL : 40000);
		len = rnd(rnd(8) == 0 ? 150000 : 5000);
		if (len > MODEL - off)
			len = MODEL - off;
		if (rnd(4) == 0) {
			CHECK_OK(rump_sys_ftruncate(fd, (int64_t)off));
			if (off < size)
				memset(model + off, 0, size - off);
			size = off;
		} else {
			for (i = 0; i < len; i++)
				bytes[i] = (unsigned char)(1 + rnd(255));
			CHECK_EQUAL(rump_sys_pwrite(fd, bytes, len,
			    (int64_t)off), len);
			memcpy(model + off, bytes, len);
			if (len != 0 && off + len > size)
				size = off + len;
		}
		if (n % 4 == 0)
			compare(fd, model, size);
	}
	compare(fd, model, size);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/m"));
}

static void
holes(void)
{
	struct rump_stat st;
	char buf[4096];
	size_t i;
	int fd;

	fd = h_open("/h", RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_OK(rump_sys_ftruncate(fd, INT64_C(1) << 40));
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_blocks, 0);
	CHECK_EQUAL(rump_sys_pwrite(fd, "x", 1, INT64_C(1) << 30), 1);
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_size, INT64_C(1) << 40);
	CHECK(st.st_blocks > 0 && st.st_blocks <= 128);
	CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf),
	    (INT64_C(1) << 30) - 1), sizeof(buf));
	CHECK(buf[0] == 0 && buf[1] == 'x');
	for (i = 2; i < sizeof(buf); i++)
		CHECK_EQUAL(buf[i], 0);
	CHECK_FAILS(rump_sys_ftruncate(fd, INT64_MAX), RUMP_EFBIG);
	CHECK_FAILS(rump_sys_pwrite(fd, "x", 1, INT64_MAX - 1), RUMP_EFBIG);
	CHECK_OK(rump_sys_ftruncate(fd, 0));
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_blocks, 0);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/h"));
}

static void
many_names(void)
{
	static char seen[700];
	struct rump_dirent *d;
	struct rump_stat st;
	char buf[2048], name[64], other[64];
	int fd, i, n, off, round = 0;

	CHECK_OK(rump_sys_mkdir("/d", 0755));
	for (i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "/d/name-%d", i);
		CHECK_OK(rump_sys_mkdir(name, 0755));
	}
	CHECK_OK(rump_sys_stat("/d", &st));
	CHECK_EQUAL(st.st_nlink, 602);
	for (i = 0; i < 600; i += 7) {
		snprintf(name, sizeof(name), "/d/name-%d", i);
		CHECK_OK(rump_sys_rmdir(name));
	}
	memset(seen, 0, sizeof(seen));
	fd = h_open("/d", RUMP_O_RDONLY);
	while ((n = rump_sys_getdents(fd, buf, sizeof(buf))) > 0) {
		for (off = 0; off < n; off += d->d_reclen) {
			d = (struct rump_dirent *)(void *)(buf + off);
			if (strncmp(d->d_name, "name-", 5) == 0)
				seen[atoi(d->d_name + 5)]++;
		}
		/* Others come, go and get new names; each stays once. */
		snprintf(name, sizeof(name), "/d/name-%d", 7 * round);
		CHECK_OK(rump_sys_mkdir(name, 0755));
		snprintf(other, sizeof(other), "/d/other-%d", round++);
		CHECK_OK(rump_sys_rename(name, other));
		CHECK_OK(rump_sys_rmdir(other));
	}
	CHECK_EQUAL(n, 0);
	for (i = 0; i < 600; i++)
		if (i % 7 != 0)
			CHECK_EQUAL(seen[i], 1);
	/* A place that was told holds. */
	CHECK_EQUAL(rump_sys_lseek(fd, 0, RUMP_SEEK_SET), 0);
	n = rump_sys_getdents(fd, buf, sizeof(buf));
	CHECK(n > 0);
	d = (struct rump_dirent *)(void *)buf;
	CHECK(strcmp(d->d_name, ".") == 0);
	CHECK_OK(rump_sys_close(fd));
	for (i = 0; i < 600; i++) {
		if (i % 7 == 0)
			continue;
		snprintf(name, sizeof(name), "/d/name-%d", i);
		CHECK_OK(rump_sys_rmdir(name));
	}
	CHECK_OK(rump_sys_rmdir("/d"));
}

static void
limits(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION };
	static char block[65536], back[65536];
	struct rump_statvfs sv;
	char name[32];
	int fd, i;

	mount_limited("/t", 6, 256 * 1024);
	CHECK_OK(rump_sys_statvfs1("/t", &sv, RUMP_ST_WAIT));
	CHECK(strcmp(sv.f_fstypename, "tmpfs") == 0);
	CHECK_EQUAL(sv.f_blocks * sv.f_frsize, 256 * 1024);
	CHECK_EQUAL(sv.f_bfree * sv.f_frsize, 256 * 1024);
	CHECK_EQUAL(sv.f_files, 6);
	CHECK_EQUAL(sv.f_ffree, 5);
	/* As many files as it says, and one more when one goes. */
	for (i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "/t/%d", i);
		h_file(name, "");
	}
	CHECK_FAILS(rump_sys_open("/t/x", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_ENOSPC);
	CHECK_FAILS(rump_sys_mkdir("/t/x", 0755), RUMP_ENOSPC);
	CHECK_FAILS(rump_sys_symlink("y", "/t/x"), RUMP_ENOSPC);
	CHECK_FAILS(rump_sys_mkfifo("/t/x", 0644), RUMP_ENOSPC);
	CHECK_OK(rump_sys_link("/t/0", "/t/x"));
	CHECK_OK(rump_sys_unlink("/t/x"));
	CHECK_OK(rump_sys_unlink("/t/4"));
	CHECK_OK(rump_sys_mkdir("/t/4", 0755));
	CHECK_OK(rump_sys_rmdir("/t/4"));
	/* As many bytes; what did not fit harms nothing that was there. */
	for (i = 0; i < (int)sizeof(block); i++)
		block[i] = (char)(i * 7 + i / 256);
	fd = h_open("/t/0", RUMP_O_RDWR);
	for (i = 0; i < 4; i++)
		CHECK_EQUAL(rump_sys_write(fd, block, sizeof(block)),
		    sizeof(block));
	CHECK_FAILS(rump_sys_write(fd, block, 1), RUMP_ENOSPC);
	CHECK_OK(rump_sys_statvfs1("/t", &sv, RUMP_ST_WAIT));
	CHECK_EQUAL(sv.f_bfree, 0);
	for (i = 0; i < 4; i++) {
		CHECK_EQUAL(rump_sys_pread(fd, back, sizeof(back),
		    i * (int64_t)sizeof(back)), sizeof(back));
		CHECK(memcmp(back, block, sizeof(back)) == 0);
	}
	CHECK_OK(rump_sys_ftruncate(fd, 4097));
	CHECK_OK(rump_sys_statvfs1("/t", &sv, RUMP_ST_WAIT));
	CHECK_EQUAL(sv.f_bfree, 62);
	/* A write that fits in part is short, as POSIX has it. */
	for (i = 0; i < 3; i++)
		CHECK_EQUAL(rump_sys_pwrite(fd, block, sizeof(block),
		    i * (int64_t)sizeof(block)), sizeof(block));
	CHECK_EQUAL(rump_sys_pwrite(fd, block, 4096 * 12, 4096 * 48),
	    4096 * 12);
	CHECK_EQUAL(rump_sys_pwrite(fd, block, sizeof(block), 4096 * 60),
	    4096 * 4);
	CHECK_OK(rump_sys_close(fd));
	/* More room, then too little. */
	args.ta_size_max = 1024 * 1024;
	args.ta_root_mode = 0755;
	CHECK_OK(rump_sys_mount("tmpfs", "/t", RUMP_MNT_UPDATE, &args,
	    sizeof(args)));
	h_file("/t/more", "room");
	args.ta_size_max = 4096;
	CHECK_FAILS(rump_sys_mount("tmpfs", "/t", RUMP_MNT_UPDATE, &args,
	    sizeof(args)), RUMP_EINVAL);
	args.ta_version = 2;
	CHECK_FAILS(rump_sys_mount("tmpfs", "/t", RUMP_MNT_UPDATE, &args,
	    sizeof(args)), RUMP_EINVAL);
	unmount_remove("/t");
}

static void
mounts(void)
{
	struct rump_stat a, b;
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_uid = 3, .ta_root_gid = 4, .ta_root_mode = 01777 };
	int fd;

	mount_limited("/a", 0, 0);
	CHECK_OK(rump_sys_mkdir("/b", 0755));
	CHECK_FAILS(rump_sys_mount("tmpfs", "/b", 0, NULL, 0), RUMP_EFAULT);
	CHECK_OK(rump_sys_mount("tmpfs", "/b", 0, &args, sizeof(args)));
	CHECK_OK(rump_sys_stat("/b", &b));
	CHECK_EQUAL(b.st_mode & 07777, 01777);
	CHECK_EQUAL(b.st_uid, 3);
	CHECK_EQUAL(b.st_gid, 4);
	CHECK_OK(rump_sys_stat("/a", &a));
	CHECK(a.st_dev != b.st_dev);
	h_file("/a/f", "x");
	CHECK_FAILS(rump_sys_rename("/a/f", "/b/f"), RUMP_EXDEV);
	CHECK_FAILS(rump_sys_link("/a/f", "/b/f"), RUMP_EXDEV);
	CHECK_FAILS(rump_sys_rename("/a", "/c"), RUMP_EBUSY);
	/* ".." leads out of a mount. */
	CHECK_OK(rump_sys_stat("/a/..", &a));
	CHECK_OK(rump_sys_stat("/", &b));
	CHECK(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	fd = h_open("/a/f", RUMP_O_RDWR);
	CHECK_FAILS(rump_sys_unmount("/a", 0), RUMP_EBUSY);
	CHECK_OK(rump_sys_unmount("/a", RUMP_MNT_FORCE));
	CHECK_FAILS(rump_sys_write(fd, "y", 1), RUMP_EIO);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_rmdir("/a"));
	/* Read-only, and writable again. */
	h_file("/b/f", "x");
	CHECK_OK(rump_sys_mkfifo("/b/p", 0600));
	CHECK_OK(rump_sys_mount("tmpfs", "/b", RUMP_MNT_UPDATE |
	    RUMP_MNT_RDONLY, NULL, 0));
	CHECK_FAILS(rump_sys_chmod("/b/p", 0644), RUMP_EROFS);
	CHECK_FAILS(rump_sys_unlink("/b/f"), RUMP_EROFS);
	CHECK_FAILS(rump_sys_open("/b/f", RUMP_O_RDWR), RUMP_EROFS);
	CHECK_FAILS(rump_sys_mkdir("/b/d", 0755), RUMP_EROFS);
	CHECK_FAILS(rump_sys_chmod("/b/f", 0600), RUMP_EROFS);
	CHECK_FAILS(rump_sys_truncate("/b/f", 0), RUMP_EROFS);
	CHECK_OK(rump_sys_mount("tmpfs", "/b", RUMP_MNT_UPDATE, NULL, 0));
	CHECK_OK(rump_sys_unlink("/b/f"));
	CHECK_OK(rump_sys_unlink("/b/p"));
	unmount_remove("/b");
}

static void
flags(void)
{
	int fd;

	h_file("/f", "x");
	CHECK_OK(rump_sys_chflags("/f", RUMP_UF_IMMUTABLE));
	CHECK_FAILS(rump_sys_open("/f", RUMP_O_RDWR), RUMP_EPERM);
	CHECK_FAILS(rump_sys_unlink("/f"), RUMP_EPERM);
	CHECK_FAILS(rump_sys_rename("/f", "/g"), RUMP_EPERM);
	CHECK_FAILS(rump_sys_link("/f", "/g"), RUMP_EPERM);
	CHECK_FAILS(rump_sys_chmod("/f", 0600), RUMP_EPERM);
	CHECK_OK(rump_sys_chflags("/f", RUMP_UF_APPEND));
	CHECK_FAILS(rump_sys_open("/f", RUMP_O_WRONLY), RUMP_EPERM);
	fd = h_open("/f", RUMP_O_WRONLY | RUMP_O_APPEND);
	CHECK_EQUAL(rump_sys_write(fd, "y", 1), 1);
	CHECK_OK(rump_sys_fchflags(fd, 0));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_symlink("/none", "/s"));
	CHECK_FAILS(rump_sys_chflags("/s", RUMP_UF_NODUMP), RUMP_ENOENT);
	CHECK_OK(rump_sys_lchflags("/s", RUMP_UF_NODUMP));
	CHECK_OK(rump_sys_unlink("/s"));
	h_user(USER);
	CHECK_FAILS(rump_sys_chflags("/f", 0), RUMP_EPERM);
	h_root();
	CHECK_OK(rump_sys_unlink("/f"));
}

static int
cmp(struct rump_timespec a, struct rump_timespec b)
{

	if (a.tv_sec != b.tv_sec)
		return a.tv_sec < b.tv_sec ? -1 : 1;
	return a.tv_nsec < b.tv_nsec ? -1 : a.tv_nsec > b.tv_nsec;
}

/* Sets all times of a file back, so that a change of one shows. */
static struct rump_stat
age(const char *path)
{
	static const struct rump_timespec then[2] = { { 1000, 1 }, { 2000, 2 } };
	struct rump_stat st;

	CHECK_OK(rump_sys_utimensat(RUMP_AT_FDCWD, path, then,
	    RUMP_AT_SYMLINK_NOFOLLOW));
	CHECK_OK(rump_sys_lstat(path, &st));
	CHECK_EQUAL(st.st_atim.tv_sec, 1000);
	CHECK_EQUAL(st.st_atim.tv_nsec, 1);
	CHECK_EQUAL(st.st_mtim.tv_sec, 2000);
	return st;
}

#define	A	1
#define	M	2
#define	C	4

/* Which times of path moved since was: bits A, M, C. */
static int
moved(const char *path, struct rump_stat was)
{
	struct rump_stat st;

	CHECK_OK(rump_sys_lstat(path, &st));
	return (cmp(st.st_atim, was.st_atim) != 0 ? A : 0) |
	    (cmp(st.st_mtim, was.st_mtim) != 0 ? M : 0) |
	    (cmp(st.st_ctim, was.st_ctim) != 0 ? C : 0);
}

static void
times(void)
{
	struct rump_timespec omit[2] = { { 5, RUMP_UTIME_OMIT },
	    { 5, RUMP_UTIME_NOW } };
	struct rump_timespec bad[2] = { { 5, 1000000000 }, { 5, 0 } };
	struct rump_timeval tv[2] = { { 7, 8, 0 }, { 9, 10, 0 } };
	struct rump_stat f, d;
	char buf[600];
	int fd;

	CHECK_OK(rump_sys_mkdir("/d", 0755));
	d = age("/d");
	fd = h_open("/d/f", RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_EQUAL(moved("/d", d), M | C);
	f = age("/d/f");
	CHECK_EQUAL(rump_sys_write(fd, "abc", 3), 3);
	CHECK_EQUAL(moved("/d/f", f), M | C);
	f = age("/d/f");
	CHECK_EQUAL(rump_sys_pread(fd, buf, 3, 0), 3);
	CHECK_EQUAL(moved("/d/f", f), A);
	f = age("/d/f");
	CHECK_OK(rump_sys_ftruncate(fd, 1));
	CHECK_EQUAL(moved("/d/f", f), M | C);
	f = age("/d/f");
	CHECK_OK(rump_sys_fchmod(fd, 0600));
	CHECK_EQUAL(moved("/d/f", f), C);
	f = age("/d/f");
	d = age("/d");
	CHECK_OK(rump_sys_link("/d/f", "/d/g"));
	CHECK_EQUAL(moved("/d/f", f), C);
	CHECK_EQUAL(moved("/d", d), M | C);
	f = age("/d/f");
	d = age("/d");
	CHECK_OK(rump_sys_unlink("/d/g"));
	CHECK_EQUAL(moved("/d/f", f), C);
	CHECK_EQUAL(moved("/d", d), M | C);
	d = age("/d");
	CHECK_OK(rump_sys_rename("/d/f", "/d/g"));
	CHECK_EQUAL(moved("/d", d), M | C);
	CHECK_OK(rump_sys_symlink("x", "/d/s"));
	f = age("/d/s");
	CHECK_EQUAL(rump_sys_readlink("/d/s", buf, sizeof(buf)), 1);
	CHECK_EQUAL(moved("/d/s", f), A);
	/* Setting them. */
	f = age("/d/g");
	CHECK_OK(rump_sys_futimens(fd, omit));
	CHECK_EQUAL(moved("/d/g", f), M | C);
	CHECK_FAILS(rump_sys_futimens(fd, bad), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_futimens(99, omit), RUMP_EBADF);
	CHECK_FAILS(rump_sys_utimensat(RUMP_AT_FDCWD, "/d/g", omit, 1),
	    RUMP_EINVAL);
	CHECK_OK(rump_sys_utimes("/d/g", tv));
	CHECK_OK(rump_sys_stat("/d/g", &f));
	CHECK_EQUAL(f.st_atim.tv_nsec, 8000);
	CHECK_EQUAL(f.st_mtim.tv_sec, 9);
	CHECK_OK(rump_sys_lutimes("/d/s", tv));
	CHECK_OK(rump_sys_futimes(fd, NULL));
	CHECK_EQUAL(moved("/d/g", f), A | M | C);
	tv[0].tv_usec = 1000000;
	CHECK_FAILS(rump_sys_utimes("/d/g", tv), RUMP_EINVAL);
	/* Who may write may say "now"; other times are the owner's. */
	CHECK_OK(rump_sys_chmod("/d/g", 0666));
	h_user(USER);
	CHECK_OK(rump_sys_utimensat(RUMP_AT_FDCWD, "/d/g", NULL, 0));
	CHECK_FAILS(rump_sys_utimensat(RUMP_AT_FDCWD, "/d/g", omit, 0),
	    RUMP_EPERM);
	h_root();
	CHECK_OK(rump_sys_chmod("/d/g", 0644));
	h_user(USER);
	CHECK_FAILS(rump_sys_utimensat(RUMP_AT_FDCWD, "/d/g", NULL, 0),
	    RUMP_EACCES);
	h_root();
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/d/g"));
	CHECK_OK(rump_sys_unlink("/d/s"));
	CHECK_OK(rump_sys_rmdir("/d"));
}

/* Writing until the kernel has no more: an error, and all is well again. */
static void
memory_runs_out(void)
{
	static char block[65536];
	const char *limit = getenv("RUMP_MEMLIMIT");
	struct rump_stat st;
	int64_t written = 0;
	char name[16];
	ssize_t n;
	int fd, i;

	if (limit == NULL || strcmp(limit, "1m") != 0)
		return;
	fd = h_open("/big", RUMP_O_RDWR | RUMP_O_CREAT);
	while ((n = rump_sys_write(fd, block, sizeof(block))) > 0)
		written += n;
	CHECK_EQUAL(n, -1);
	CHECK_EQUAL(rumpglue_errno(), RUMP_ENOSPC);
	CHECK(written > 0 && written < 1024 * 1024);
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_size, written);
	/* The last page goes to folders, until there is no room for one. */
	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "/no-%d", i);
		if (rump_sys_mkdir(name, 0755) != 0)
			break;
	}
	CHECK(i < 20);
	CHECK_EQUAL(rumpglue_errno(), RUMP_ENOSPC);
	CHECK_OK(rump_sys_unlink("/big"));
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_mkdir(name, 0755));
	for (; i >= 0; i--) {
		snprintf(name, sizeof(name), "/no-%d", i);
		CHECK_OK(rump_sys_rmdir(name));
	}
}

static const struct tap_case cases[] = {
	{ "contents are what was written", contents_against_a_model },
	{ "holes take no room and read as zeroes", holes },
	{ "folders with many names, listed while they change", many_names },
	{ "limits on files and bytes", limits },
	{ "several mounts, busy and read-only ones", mounts },
	{ "flags of chflags", flags },
	{ "times as POSIX has them", times },
	{ "memory runs out", memory_runs_out },
};

RUN_KERNEL(cases)
