/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_ext2.c: ext2, ext3 and ext4 through system calls.
 */
#include "h_ext2.h"

static void
files(void)
{
	size_t sizes[] = { 0, 1, 59, 1023, 1024, 4095, 4096, 4097, 50000,
	    300000, 5000000 };
	char path[64];
	size_t i;

	h_begin();
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		snprintf(path, sizeof(path), "/e/file-%zu", i);
		h_fill(path, i, sizes[i]);
		h_verify(path, i, sizes[i]);
	}
	h_remount();
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		snprintf(path, sizeof(path), "/e/file-%zu", i);
		h_verify(path, i, sizes[i]);
		/* Cut, and written anew, shorter and longer. */
		CHECK_OK(rump_sys_truncate(path, (int64_t)sizes[i] / 3));
		h_verify(path, i, sizes[i] / 3);
		h_fill(path, i + 7, sizes[sizeof(sizes) / sizeof(sizes[0]) - 1 -
		    i]);
	}
	h_remount();
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		snprintf(path, sizeof(path), "/e/file-%zu", i);
		h_verify(path, i + 7, sizes[sizeof(sizes) / sizeof(sizes[0]) -
		    1 - i]);
		CHECK_OK(rump_sys_unlink(path));
	}
	h_end();
}

static void
names(void)
{
	char longname[300], path[320], buf[256];
	struct rump_stat st, st2;
	int i;

	h_begin();
	memset(longname, 'n', sizeof(longname));
	longname[255] = '\0';
	snprintf(path, sizeof(path), "/e/%s", longname);
	h_fill(path, 1, 10);
	longname[255] = 'n';
	longname[256] = '\0';
	snprintf(path, sizeof(path), "/e/%s", longname);
	CHECK_FAILS(rump_sys_stat(path, &st), RUMP_ENAMETOOLONG);

	CHECK_OK(rump_sys_mkdir("/e/dir", 0750));
	CHECK_FAILS(rump_sys_mkdir("/e/dir", 0750), RUMP_EEXIST);
	CHECK_OK(rump_sys_stat("/e/dir", &st));
	CHECK_EQUAL(st.st_nlink, 2);
	CHECK_OK(rump_sys_mkdir("/e/dir/sub", 0750));
	CHECK_OK(rump_sys_stat("/e/dir", &st));
	CHECK_EQUAL(st.st_nlink, 3);
	CHECK_FAILS(rump_sys_rmdir("/e/dir"), RUMP_ENOTEMPTY);
	CHECK_FAILS(rump_sys_unlink("/e/dir/none"), RUMP_ENOENT);

	h_fill("/e/dir/a", 3, 100);
	CHECK_OK(rump_sys_link("/e/dir/a", "/e/b"));
	CHECK_FAILS(rump_sys_link("/e/dir/a", "/e/b"), RUMP_EEXIST);
	CHECK_OK(rump_sys_stat("/e/b", &st));
	CHECK_OK(rump_sys_stat("/e/dir/a", &st2));
	CHECK_EQUAL(st.st_ino, st2.st_ino);
	CHECK_EQUAL(st.st_nlink, 2);
	CHECK_OK(rump_sys_unlink("/e/dir/a"));
	h_verify("/e/b", 3, 100);

	/* Links whose target is in the inode, and in a block. */
	CHECK_OK(rump_sys_symlink("b", "/e/short"));
	for (i = 0; i < 200; i++)
		path[i] = i % 2 ? '/' : '.';
	path[200] = 'b';
	path[201] = '\0';
	CHECK_OK(rump_sys_symlink(path, "/e/long"));
	h_remount();
	h_verify("/e/short", 3, 100);
	CHECK_EQUAL(rump_sys_readlink("/e/long", buf, sizeof(buf)), 201);
	CHECK(memcmp(buf, path, 201) == 0);
	h_verify("/e/long", 3, 100);
	CHECK_OK(rump_sys_unlink("/e/long"));
	h_end();
}

static void
renames(void)
{
	struct rump_stat st, up;

	h_begin();
	h_fill("/e/a", 1, 5000);
	h_fill("/e/b", 2, 9000);
	CHECK_OK(rump_sys_rename("/e/a", "/e/c"));
	CHECK_FAILS(rump_sys_stat("/e/a", &st), RUMP_ENOENT);
	h_verify("/e/c", 1, 5000);
	CHECK_OK(rump_sys_rename("/e/c", "/e/b"));
	h_verify("/e/b", 1, 5000);
	CHECK_OK(rump_sys_mkdir("/e/x", 0755));
	CHECK_OK(rump_sys_mkdir("/e/x/y", 0755));
	CHECK_OK(rump_sys_mkdir("/e/x/y/z", 0755));
	CHECK_OK(rump_sys_mkdir("/e/empty", 0755));
	CHECK_FAILS(rump_sys_rename("/e/x", "/e/x/y/z/w"), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_rename("/e/b", "/e/x"), RUMP_EISDIR);
	CHECK_FAILS(rump_sys_rename("/e/x", "/e/b"), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_rename("/e/empty", "/e/x"), RUMP_ENOTEMPTY);
	CHECK_FAILS(rump_sys_rename("/e/none", "/e/q"), RUMP_ENOENT);
	/* A folder over an empty one, from elsewhere: ".." and counts follow. */
	CHECK_OK(rump_sys_rename("/e/x/y", "/e/empty"));
	CHECK_OK(rump_sys_stat("/e/x", &st));
	CHECK_EQUAL(st.st_nlink, 2);
	CHECK_OK(rump_sys_stat("/e/empty", &st));
	CHECK_EQUAL(st.st_nlink, 3);
	CHECK_OK(rump_sys_stat("/e/empty/..", &up));
	CHECK_OK(rump_sys_stat("/e", &st));
	CHECK_EQUAL(st.st_ino, up.st_ino);
	CHECK_OK(rump_sys_rename("/e/empty/z", "/e/x/deep"));
	CHECK_OK(rump_sys_rename("/e/b", "/e/x/deep/file"));
	h_remount();
	h_verify("/e/x/deep/file", 1, 5000);
	CHECK_OK(rump_sys_stat("/e/x/deep/..", &up));
	CHECK_OK(rump_sys_stat("/e/x", &st));
	CHECK_EQUAL(st.st_ino, up.st_ino);
	h_end();
}

static void
attributes(void)
{
	struct rump_timespec ts[2] = { { 1234567890, 123456789 },
	    { 5000000000, 987654321 } };
	struct rump_stat st;
	int large;

	h_begin();
	h_fill("/e/f", 1, 10);
	CHECK_OK(rump_sys_chmod("/e/f", 04711));
	CHECK_OK(rump_sys_chown("/e/f", 123456, 654321));
	CHECK_OK(rump_sys_utimensat(RUMP_AT_FDCWD, "/e/f", ts, 0));
	/* What can be kept of the times is seen at once. */
	CHECK_OK(rump_sys_stat("/e/f", &st));
	CHECK_EQUAL(st.st_atim.tv_nsec, atoi(getenv("KTEST_INODE_SIZE")) > 128 ?
	    ts[0].tv_nsec : 0);
	CHECK_EQUAL(st.st_mtim.tv_sec, atoi(getenv("KTEST_INODE_SIZE")) > 128 ?
	    ts[1].tv_sec : INT32_MAX);
	CHECK_OK(rump_sys_mkfifo("/e/fifo", 0600));
	CHECK_OK(rump_sys_mknod("/e/small", RUMP_S_IFCHR | 0600, 0x0105));
	CHECK_OK(rump_sys_mknod("/e/large", RUMP_S_IFBLK | 0600, 0x123fff45));
	h_remount();
	CHECK_OK(rump_sys_stat("/e/f", &st));
	CHECK_EQUAL(st.st_mode & 07777, 04711);
	CHECK_EQUAL(st.st_uid, 123456);
	CHECK_EQUAL(st.st_gid, 654321);
	CHECK_EQUAL(st.st_atim.tv_sec, ts[0].tv_sec);
	large = st.st_atim.tv_nsec != 0;
	CHECK_EQUAL(large, atoi(getenv("KTEST_INODE_SIZE")) > 128);
	CHECK_EQUAL(st.st_atim.tv_nsec, large ? ts[0].tv_nsec : 0);
	CHECK_EQUAL(st.st_mtim.tv_sec, large ? ts[1].tv_sec : INT32_MAX);
	CHECK_EQUAL(st.st_mtim.tv_nsec, large ? ts[1].tv_nsec : 0);
	CHECK_OK(rump_sys_lstat("/e/fifo", &st));
	CHECK_EQUAL(st.st_mode, RUMP_S_IFIFO | 0600);
	CHECK_OK(rump_sys_lstat("/e/small", &st));
	CHECK_EQUAL(st.st_mode, RUMP_S_IFCHR | 0600);
	CHECK_EQUAL(st.st_rdev, 0x0105);
	CHECK_OK(rump_sys_lstat("/e/large", &st));
	CHECK_EQUAL(st.st_rdev, 0x123fff45);
	h_end();
}

static void
open_without_name(void)
{
	unsigned char buf[4096];
	struct rump_statvfs before, after;
	int fd;

	h_begin();
	CHECK_OK(rump_sys_statvfs1("/e", &before, RUMP_ST_WAIT));
	h_fill("/e/gone", 9, 1000000);
	fd = h_open("/e/gone", RUMP_O_RDWR);
	CHECK_OK(rump_sys_unlink("/e/gone"));
	/* It is in the chain of orphans, and then not. */
	rump_sys_sync();
	CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), 500000),
	    sizeof(buf));
	CHECK_EQUAL(buf[0], h_byte(9, 500000));
	CHECK_EQUAL(rump_sys_pwrite(fd, buf, sizeof(buf), 2000000),
	    sizeof(buf));
	CHECK_OK(rump_sys_close(fd));
	rump_sys_sync();
	CHECK_OK(rump_sys_statvfs1("/e", &after, RUMP_ST_WAIT));
	CHECK_EQUAL(after.f_bfree, before.f_bfree);
	CHECK_EQUAL(after.f_ffree, before.f_ffree);
	h_end();
}

static int
count_entries(const char *path)
{
	struct rump_dirent *de;
	char buf[16384];
	int fd, n, at, count = 0;

	fd = h_open(path, RUMP_O_RDONLY);
	while ((n = rump_sys_getdents(fd, buf, sizeof(buf))) > 0)
		for (at = 0; at < n; at += de->d_reclen, count++)
			de = (struct rump_dirent *)(void *)(buf + at);
	CHECK_EQUAL(n, 0);
	CHECK_OK(rump_sys_close(fd));
	return count;
}

static void
many_files(void)
{
	struct rump_stat st;
	char path[64];
	int i, fd, many = atoi(getenv("KTEST_MANY"));

	h_begin();
	CHECK_OK(rump_sys_mkdir("/e/many", 0755));
	for (i = 0; i < many; i++) {
		snprintf(path, sizeof(path), "/e/many/a-file-of-%d", i);
		fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_EXCL |
		    RUMP_O_WRONLY, 0644);
		CHECK_OK(fd);
		CHECK_OK(rump_sys_close(fd));
	}
	CHECK_EQUAL(count_entries("/e/many"), many + 2);
	h_remount();
	CHECK_EQUAL(count_entries("/e/many"), many + 2);
	for (i = 0; i < many; i++) {
		snprintf(path, sizeof(path), "/e/many/a-file-of-%d", i);
		CHECK_OK(rump_sys_stat(path, &st));
		if (i % 3 == 0)
			CHECK_OK(rump_sys_unlink(path));
	}
	CHECK_EQUAL(count_entries("/e/many"), many - (many + 2) / 3 + 2);
	h_remount();
	for (i = 0; i < many; i++) {
		snprintf(path, sizeof(path), "/e/many/a-file-of-%d", i);
		if (i % 3 == 0)
			CHECK_FAILS(rump_sys_unlink(path), RUMP_ENOENT);
		else
			CHECK_OK(rump_sys_unlink(path));
	}
	CHECK_OK(rump_sys_rmdir("/e/many"));
	h_end();
}

static void
sparse(void)
{
	int64_t at[] = { 40000, 700000, 13000000, 300000000, 1700000000 };
	unsigned char buf[3000], zero[3000];
	struct rump_stat st;
	size_t i, n = sizeof(at) / sizeof(at[0]);
	int fd;

	h_begin();
	memset(zero, 0, sizeof(zero));
	memset(buf, 'x', sizeof(buf));
	fd = h_open("/e/sparse", RUMP_O_CREAT | RUMP_O_RDWR);
	for (i = 0; i < n; i++)
		CHECK_EQUAL(rump_sys_pwrite(fd, buf, sizeof(buf),
		    at[n - 1 - i]), sizeof(buf));
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_size, at[n - 1] + (int64_t)sizeof(buf));
	CHECK(st.st_blocks < 1000);
	CHECK_OK(rump_sys_close(fd));
	h_remount();
	fd = h_open("/e/sparse", RUMP_O_RDWR);
	for (i = 0; i < n; i++) {
		CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), at[i]),
		    sizeof(buf));
		CHECK_EQUAL(buf[0], 'x');
		CHECK_EQUAL(buf[sizeof(buf) - 1], 'x');
		CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), at[i] -
		    (int64_t)sizeof(buf)), sizeof(buf));
		CHECK(memcmp(buf, zero, sizeof(buf)) == 0);
	}
	/* Grown over its end, with nothing but zeroes behind. */
	CHECK_OK(rump_sys_ftruncate(fd, 50000));
	CHECK_OK(rump_sys_ftruncate(fd, 90000));
	CHECK_EQUAL(rump_sys_pread(fd, buf, sizeof(buf), 50000), sizeof(buf));
	CHECK(memcmp(buf, zero, sizeof(buf)) == 0);
	CHECK_OK(rump_sys_close(fd));
	h_end();
}

/* A disk on which every free block has been somebody's: no byte of it is zero. */
static void
make_used(void)
{
	static char buf[65536];
	int fd;

	memset(buf, 0xee, sizeof(buf));
	fd = h_open("/e/used", RUMP_O_CREAT | RUMP_O_WRONLY);
	while (rump_sys_write(fd, buf, sizeof(buf)) > 0)
		continue;
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/e/used"));
	h_remount();
}

/* Of a hole, blocks that are written in part, and whole ones between them. */
static void
holes_filled(void)
{
	static const struct { int at, len; } writes[] = {
	    { 100, 5000 }, { 8192, 12345 }, { 40959, 2 }, { 65536, 9000 },
	    { 80000, 30000 }, { 114688, 4097 }, { 126000, 4000 },
	};
	static unsigned char want[130000], got[130000];
	size_t i;
	int fd;

	h_begin();
	make_used();
	memset(want, 0, sizeof(want));
	fd = h_open("/e/holes", RUMP_O_CREAT | RUMP_O_RDWR);
	CHECK_OK(rump_sys_ftruncate(fd, sizeof(want)));
	for (i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
		memset(want + writes[i].at, 'a' + (int)i, writes[i].len);
		CHECK_EQUAL(rump_sys_pwrite(fd, want + writes[i].at,
		    writes[i].len, writes[i].at), writes[i].len);
	}
	CHECK_EQUAL(rump_sys_pread(fd, got, sizeof(got), 0), sizeof(got));
	CHECK(memcmp(want, got, sizeof(want)) == 0);
	CHECK_OK(rump_sys_close(fd));
	h_remount();
	fd = h_open("/e/holes", RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_pread(fd, got, sizeof(got), 0), sizeof(got));
	CHECK(memcmp(want, got, sizeof(want)) == 0);
	CHECK_OK(rump_sys_close(fd));
	h_end();
}

static void
full_disk(void)
{
	struct rump_statvfs sv, before;
	static char buf[65536];
	char path[64];
	int fd, files, error;

	h_begin();
	CHECK_OK(rump_sys_statvfs1("/e", &before, RUMP_ST_WAIT));
	CHECK_OK(rump_sys_mkdir("/e/full", 0755));
	memset(buf, 'f', sizeof(buf));
	for (files = 0, error = 0; error == 0; files++) {
		snprintf(path, sizeof(path), "/e/full/%d", files);
		fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_WRONLY, 0644);
		CHECK_OK(fd);
		for (error = 0; error == 0 &&
		    rump_sys_lseek(fd, 0, RUMP_SEEK_CUR) < 20000000;)
			if (rump_sys_write(fd, buf, sizeof(buf)) == -1)
				error = rumpglue_errno();
		CHECK_OK(rump_sys_close(fd));
	}
	CHECK_EQUAL(error, RUMP_ENOSPC);
	CHECK_OK(rump_sys_statvfs1("/e", &sv, RUMP_ST_WAIT));
	CHECK(sv.f_bfree * sv.f_frsize < 65536 + 16 * sv.f_frsize);
	/* Small things, until there is no block at all. */
	for (error = 0; error == 0;) {
		snprintf(path, sizeof(path), "/e/full/small-%d", files++);
		fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_WRONLY, 0644);
		if (fd == -1 || rump_sys_write(fd, buf, 1) == -1)
			error = rumpglue_errno();
		if (fd != -1)
			CHECK_OK(rump_sys_close(fd));
	}
	CHECK_EQUAL(error, RUMP_ENOSPC);
	CHECK_FAILS(rump_sys_mkdir("/e/full/folder", 0755), RUMP_ENOSPC);
	h_remount();
	while (files-- > 0) {
		snprintf(path, sizeof(path), "/e/full/small-%d", files);
		(void)rump_sys_unlink(path);
		snprintf(path, sizeof(path), "/e/full/%d", files);
		(void)rump_sys_unlink(path);
	}
	CHECK_OK(rump_sys_rmdir("/e/full"));
	rump_sys_sync();
	CHECK_OK(rump_sys_statvfs1("/e", &sv, RUMP_ST_WAIT));
	CHECK_EQUAL(sv.f_bfree, before.f_bfree);
	CHECK_EQUAL(sv.f_ffree, before.f_ffree);
	h_end();
}

static void
no_inodes(void)
{
	struct rump_statvfs sv;
	char path[64];
	int i, fd, error = 0;

	h_begin();
	for (i = 0; error == 0; i++) {
		if (i % 5000 == 0) {
			snprintf(path, sizeof(path), "/e/d%d", i / 5000);
			CHECK_OK(rump_sys_mkdir(path, 0755));
		}
		snprintf(path, sizeof(path), "/e/d%d/%d", i / 5000, i);
		fd = rump_sys_open(path, RUMP_O_CREAT | RUMP_O_WRONLY, 0644);
		if (fd == -1)
			error = rumpglue_errno();
		else
			CHECK_OK(rump_sys_close(fd));
	}
	CHECK_EQUAL(error, RUMP_ENOSPC);
	CHECK_OK(rump_sys_statvfs1("/e", &sv, RUMP_ST_WAIT));
	CHECK_EQUAL(sv.f_ffree, 0);
	CHECK_FAILS(rump_sys_mkdir("/e/one-more", 0755), RUMP_ENOSPC);
	CHECK_FAILS(rump_sys_symlink("x", "/e/one-more"), RUMP_ENOSPC);
	h_end();
}

int
main(void)
{
	static const struct tap_case cases[] = {
		{ "files of all sizes, read, cut and written again", files },
		{ "names, hard and symbolic links", names },
		{ "rename: files, folders, over each other", renames },
		{ "modes, owners, times, devices", attributes },
		{ "files that are open and have no name", open_without_name },
		{ "very many files in one folder", many_files },
		{ "files with holes", sparse },
		{ "holes filled, on a disk that was used before", holes_filled },
		{ "a full disk, emptied again", full_disk },
		{ "a full inode table", no_inodes },
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (rump_init() != 0)
		abort();
	return TAP_RUN(cases);
}
