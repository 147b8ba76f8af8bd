/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_open.c: paths and opening: slashes, dots, links, limits, flags.
 */
#include "h_kern.h"

static void
slashes_and_dots(void)
{
	struct rump_stat root, st;
	int fd;

	CHECK_OK(rump_sys_mkdir("/d", 0755));
	h_file("/d/f", "text");
	CHECK_OK(rump_sys_stat("/", &root));
	CHECK_OK(rump_sys_stat("//", &st));
	CHECK_EQUAL(st.st_ino, root.st_ino);
	CHECK_OK(rump_sys_stat("/..", &st));
	CHECK_EQUAL(st.st_ino, root.st_ino);
	CHECK_OK(rump_sys_stat("/../../.", &st));
	CHECK_EQUAL(st.st_ino, root.st_ino);
	CHECK_OK(rump_sys_stat("///d///.//../d/.././", &st));
	CHECK_EQUAL(st.st_ino, root.st_ino);
	CHECK_OK(rump_sys_stat("/d/", &st));
	CHECK_OK(rump_sys_stat("/d/f", &st));
	CHECK_FAILS(rump_sys_stat("/d/f/", &st), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_stat("/d/f/.", &st), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_stat("/d/f/..", &st), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_stat("/d/none", &st), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_stat("/none/..", &st), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_stat("", &st), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_stat(NULL, &st), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_stat("/", NULL), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_open("/d/new/", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_ENOENT);
	CHECK_FAILS(rump_sys_open("/d/f/", RUMP_O_RDONLY), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_open("/d/", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_EISDIR);
	CHECK_FAILS(rump_sys_open("/", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_EISDIR);
	CHECK_FAILS(rump_sys_open("/", RUMP_O_CREAT | RUMP_O_EXCL, 0644),
	    RUMP_EEXIST);
	fd = h_open("/d", RUMP_O_RDONLY | RUMP_O_DIRECTORY);
	CHECK_OK(rump_sys_fstatat(fd, "f", &st, 0));
	CHECK_OK(rump_sys_fstatat(fd, "../d/f", &st, 0));
	CHECK_OK(rump_sys_fstatat(99, "/d/f", &st, 0));
	CHECK_FAILS(rump_sys_fstatat(99, "d/f", &st, 0), RUMP_EBADF);
	CHECK_OK(rump_sys_close(fd));
	fd = h_open("/d/f", RUMP_O_RDONLY);
	CHECK_FAILS(rump_sys_fstatat(fd, "f", &st, 0), RUMP_ENOTDIR);
	CHECK_OK(rump_sys_close(fd));
}

static void
lengths(void)
{
	char path[2048], name[300];
	struct rump_stat st;
	size_t n;

	memset(name, 'n', sizeof(name));
	name[256] = '\0';
	snprintf(path, sizeof(path), "/%s", name);
	CHECK_FAILS(rump_sys_mkdir(path, 0755), RUMP_ENAMETOOLONG);
	CHECK_FAILS(rump_sys_stat(path, &st), RUMP_ENAMETOOLONG);
	path[256] = '\0';
	CHECK_OK(rump_sys_mkdir(path, 0755));
	CHECK_OK(rump_sys_rmdir(path));
	/* 1023 characters fit, 1024 do not. */
	for (n = 0; n + 2 <= 1023; n += 2)
		memcpy(path + n, "/.", 2);
	strcpy(path + n, "/");
	CHECK_EQUAL(strlen(path), 1023);
	CHECK_OK(rump_sys_stat(path, &st));
	strcat(path, ".");
	CHECK_FAILS(rump_sys_stat(path, &st), RUMP_ENAMETOOLONG);
}

static void
links(void)
{
	char buf[1024], target[1100];
	struct rump_stat st;
	char name[16];
	int i, fd;

	CHECK_OK(rump_sys_symlink("d/f", "/to-file"));
	CHECK_OK(rump_sys_symlink("/d", "/to-dir"));
	CHECK_OK(rump_sys_symlink("nowhere", "/dangling"));
	CHECK_OK(rump_sys_symlink("loop-b", "/loop-a"));
	CHECK_OK(rump_sys_symlink("loop-a", "/loop-b"));
	CHECK_OK(rump_sys_symlink("/", "/to-root"));
	CHECK_EQUAL(rump_sys_readlink("/to-file", buf, sizeof(buf)), 3);
	CHECK_EQUAL(rump_sys_readlink("/to-file", buf, 2), 2);
	CHECK_FAILS(rump_sys_readlink("/d/f", buf, 2), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_readlink("/to-file", NULL, 2), RUMP_EFAULT);
	CHECK_OK(rump_sys_stat("/to-file", &st));
	CHECK_EQUAL(st.st_size, 4);
	CHECK_OK(rump_sys_lstat("/to-file", &st));
	CHECK_EQUAL(st.st_mode & RUMP_S_IFMT, RUMP_S_IFLNK);
	CHECK_OK(rump_sys_lstat("/to-dir/", &st));
	CHECK_EQUAL(st.st_mode & RUMP_S_IFMT, RUMP_S_IFDIR);
	CHECK_OK(rump_sys_lstat("/to-dir//f", &st));
	CHECK_OK(rump_sys_stat("/to-root/to-root/to-dir/../to-file", &st));
	CHECK_FAILS(rump_sys_stat("/to-file/", &st), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_stat("/dangling", &st), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_stat("/loop-a", &st), RUMP_ELOOP);
	CHECK_FAILS(rump_sys_stat("/loop-a/x", &st), RUMP_ELOOP);
	CHECK_OK(rump_sys_lstat("/loop-a", &st));
	/* Through a link, and what it points to is made. */
	fd = h_open("/dangling", RUMP_O_CREAT | RUMP_O_WRONLY);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_lstat("/nowhere", &st));
	CHECK_FAILS(rump_sys_open("/dangling", RUMP_O_CREAT | RUMP_O_EXCL |
	    RUMP_O_WRONLY, 0644), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_open("/to-file", RUMP_O_NOFOLLOW), RUMP_ELOOP);
	/* 32 links are followed, 33 not. */
	CHECK_OK(rump_sys_symlink("d", "/c0"));
	for (i = 1; i <= 32; i++) {
		snprintf(name, sizeof(name), "/c%d", i);
		snprintf(buf, sizeof(buf), "c%d", i - 1);
		CHECK_OK(rump_sys_symlink(buf, name));
	}
	CHECK_OK(rump_sys_stat("/c31", &st));
	CHECK_FAILS(rump_sys_stat("/c32", &st), RUMP_ELOOP);
	/* A link and the rest of the path must fit into one path. */
	memset(target, '/', sizeof(target));
	target[1000] = '\0';
	CHECK_OK(rump_sys_symlink(target, "/long"));
	CHECK_OK(rump_sys_stat("/long", &st));
	CHECK_OK(rump_sys_stat("/long/d/../d/../d/f", &st));
	CHECK_FAILS(rump_sys_stat("/long/d/../d/../d/../d/../d/f", &st),
	    RUMP_ENAMETOOLONG);
	memset(target, 'x', 1024);
	target[1024] = '\0';
	CHECK_FAILS(rump_sys_symlink(target, "/longer"), RUMP_ENAMETOOLONG);
}

static void
flags(void)
{
	struct rump_stat st;
	char buf[16];
	int fd;

	h_file("/o", "0123456789");
	CHECK_FAILS(rump_sys_open("/o", RUMP_O_CREAT | RUMP_O_EXCL, 0644),
	    RUMP_EEXIST);
	CHECK_FAILS(rump_sys_open("/o", RUMP_O_DIRECTORY), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_open("/new", RUMP_O_CREAT | RUMP_O_DIRECTORY, 0644),
	    RUMP_EINVAL);
	CHECK_FAILS(rump_sys_stat("/new", &st), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_open("/d", RUMP_O_WRONLY), RUMP_EISDIR);
	CHECK_FAILS(rump_sys_open("/d", RUMP_O_RDONLY | RUMP_O_TRUNC),
	    RUMP_EISDIR);
	/* O_APPEND: every write goes to the end, pwrite(2) too. */
	fd = h_open("/o", RUMP_O_RDWR | RUMP_O_APPEND);
	CHECK_EQUAL(rump_sys_lseek(fd, 2, RUMP_SEEK_SET), 2);
	CHECK_EQUAL(rump_sys_write(fd, "ab", 2), 2);
	CHECK_EQUAL(rump_sys_lseek(fd, 0, RUMP_SEEK_CUR), 12);
	CHECK_EQUAL(rump_sys_pwrite(fd, "cd", 2, 0), 2);
	CHECK_EQUAL(rump_sys_pread(fd, buf, 16, 0), 14);
	CHECK(memcmp(buf, "0123456789abcd", 14) == 0);
	CHECK_OK(rump_sys_close(fd));
	/* O_TRUNC, and a hole that reads as zeroes. */
	fd = h_open("/o", RUMP_O_RDWR | RUMP_O_TRUNC);
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_size, 0);
	CHECK_EQUAL(rump_sys_pwrite(fd, "x", 1, 5), 1);
	CHECK_EQUAL(rump_sys_pread(fd, buf, 16, 0), 6);
	CHECK(memcmp(buf, "\0\0\0\0\0x", 6) == 0);
	CHECK_OK(rump_sys_close(fd));
	/* The mode counts for later opens, the umask for new files. */
	CHECK_EQUAL(rump_sys_umask(077), 022);
	fd = rump_sys_open("/m", RUMP_O_CREAT | RUMP_O_RDWR, 0666);
	CHECK_OK(fd);
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_mode & 07777, 0600);
	CHECK_OK(rump_sys_close(fd));
	CHECK_EQUAL(rump_sys_umask(022), 077);
}

static const struct tap_case cases[] = {
	{ "slashes, '.' and '..'", slashes_and_dots },
	{ "names of 255 and paths of 1023 characters", lengths },
	{ "symbolic links", links },
	{ "flags of open", flags },
};

RUN_KERNEL(cases)
