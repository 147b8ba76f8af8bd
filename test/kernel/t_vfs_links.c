/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_links.c: more names for a file, and other names: link and rename.
 */
#include "h_kern.h"

#define	USER	1000

static uint64_t
ino(const char *path)
{
	struct rump_stat st;

	CHECK_OK(rump_sys_lstat(path, &st));
	return st.st_ino;
}

static uint32_t
nlink(const char *path)
{
	struct rump_stat st;

	CHECK_OK(rump_sys_lstat(path, &st));
	return st.st_nlink;
}

static void
gone(const char *path)
{
	struct rump_stat st;

	CHECK_FAILS(rump_sys_lstat(path, &st), RUMP_ENOENT);
}

static void
links(void)
{
	char buf[8];
	int fd;

	CHECK_OK(rump_sys_mkdir("/d", 0755));
	h_file("/f", "text");
	CHECK_OK(rump_sys_link("/f", "/d/g"));
	CHECK_EQUAL(nlink("/f"), 2);
	CHECK_EQUAL(ino("/f"), ino("/d/g"));
	CHECK_OK(rump_sys_unlink("/f"));
	CHECK_EQUAL(nlink("/d/g"), 1);
	fd = h_open("/d/g", RUMP_O_RDONLY);
	CHECK_EQUAL(rump_sys_read(fd, buf, sizeof(buf)), 4);
	CHECK_OK(rump_sys_close(fd));
	CHECK_FAILS(rump_sys_link("/f", "/h"), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_link("/d/g", "/d"), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_link("/d/g", "/d/g"), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_link("/d", "/h"), RUMP_EPERM);
	CHECK_FAILS(rump_sys_link("/d/g", "/x/h"), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_link("/d/g", "/d/g/h"), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_link("/d/g", NULL), RUMP_EFAULT);
	/* A link is followed, or linked to itself. */
	CHECK_OK(rump_sys_symlink("/d/g", "/s"));
	CHECK_OK(rump_sys_link("/s", "/h"));
	CHECK_EQUAL(ino("/h"), ino("/d/g"));
	CHECK_OK(rump_sys_linkat(RUMP_AT_FDCWD, "/s", RUMP_AT_FDCWD, "/t", 0));
	CHECK_EQUAL(ino("/s"), ino("/t"));
	CHECK_FAILS(rump_sys_linkat(RUMP_AT_FDCWD, "/s", RUMP_AT_FDCWD, "/u",
	    0x1), RUMP_EINVAL);
	CHECK_OK(rump_sys_unlink("/s"));
	CHECK_OK(rump_sys_unlink("/t"));
	CHECK_OK(rump_sys_unlink("/h"));
	CHECK_OK(rump_sys_unlink("/d/g"));
	CHECK_OK(rump_sys_rmdir("/d"));
}

static void
files_get_other_names(void)
{
	char buf[8];
	uint64_t n;
	int fd;

	CHECK_OK(rump_sys_mkdir("/d", 0755));
	h_file("/a", "aa");
	h_file("/b", "bbb");
	n = ino("/a");
	fd = h_open("/b", RUMP_O_RDONLY);
	CHECK_OK(rump_sys_rename("/a", "/d/c"));
	gone("/a");
	CHECK_EQUAL(ino("/d/c"), n);
	CHECK_OK(rump_sys_rename("/d/c", "/b"));
	gone("/d/c");
	CHECK_EQUAL(ino("/b"), n);
	CHECK_EQUAL(nlink("/b"), 1);
	/* What was replaced lives on while it is open. */
	CHECK_EQUAL(rump_sys_read(fd, buf, sizeof(buf)), 3);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_rename("/b", "/b"));
	CHECK_EQUAL(ino("/b"), n);
	CHECK_OK(rump_sys_symlink("/b", "/s"));
	CHECK_OK(rump_sys_rename("/s", "/t"));
	gone("/s");
	CHECK_OK(rump_sys_unlink("/t"));
	CHECK_FAILS(rump_sys_rename("/x", "/y"), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_rename("/b", "/x/y"), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_rename("/b", "/d"), RUMP_EISDIR);
	CHECK_FAILS(rump_sys_rename("/d", "/b"), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_rename("/b", NULL), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_rename(NULL, "/b"), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_rename("/b/x", "/c"), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_rename("/b", "/new/"), RUMP_ENOENT);
	CHECK_EQUAL(nlink("/b"), 1);
	CHECK_OK(rump_sys_unlink("/b"));
	CHECK_OK(rump_sys_rmdir("/d"));
}

/* NetBSD's own rename and POSIX's differ in this (rename(2), Standards). */
static void
two_names_of_one_file(void)
{

	h_file("/a", "x");
	CHECK_OK(rump_sys_link("/a", "/b"));
	CHECK_OK(rump_sys___posix_rename("/a", "/b"));
	CHECK_EQUAL(nlink("/a"), 2);
	CHECK_OK(rump_sys_rename("/a", "/b"));
	gone("/a");
	CHECK_EQUAL(nlink("/b"), 1);
	CHECK_OK(rump_sys_unlink("/b"));
}

static void
folders_get_other_names(void)
{
	struct rump_stat st;
	uint64_t n;

	CHECK_OK(rump_sys_mkdir("/p", 0755));
	CHECK_OK(rump_sys_mkdir("/q", 0755));
	CHECK_OK(rump_sys_mkdir("/p/d", 0755));
	CHECK_OK(rump_sys_mkdir("/p/d/e", 0755));
	n = ino("/p/d");
	CHECK_OK(rump_sys_rename("/p/d", "/q/f"));
	gone("/p/d");
	CHECK_EQUAL(ino("/q/f"), n);
	CHECK_EQUAL(ino("/q/f/.."), ino("/q"));
	CHECK_EQUAL(ino("/q/f/e/.."), n);
	CHECK_EQUAL(nlink("/p"), 2);
	CHECK_EQUAL(nlink("/q"), 3);
	/* Within one folder, with a slash behind the new name. */
	CHECK_OK(rump_sys_rename("/q/f", "/q/g/"));
	CHECK_EQUAL(nlink("/q"), 3);
	/* Onto an empty folder, but not onto one with something in it. */
	CHECK_FAILS(rump_sys_rename("/p", "/q"), RUMP_ENOTEMPTY);
	CHECK_OK(rump_sys_rename("/q/g", "/p"));
	CHECK_EQUAL(ino("/p"), n);
	CHECK_EQUAL(nlink("/q"), 2);
	CHECK_EQUAL(nlink("/p"), 3);
	/* Not below itself, nor where it comes from. */
	CHECK_FAILS(rump_sys_rename("/p", "/p/x"), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_rename("/p", "/p/e/x"), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_rename("/p/e", "/p"), RUMP_ENOTEMPTY);
	CHECK_FAILS(rump_sys_rename("/p/.", "/x"), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_rename("/p/..", "/x"), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_rename("/p/e/..", "/x"), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_rename("/q", "/p/."), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_rename("/", "/x"), RUMP_EBUSY);
	CHECK_FAILS(rump_sys_rename("/p", "/"), RUMP_EBUSY);
	CHECK_OK(rump_sys_stat("/p/e", &st));
	/* Who stands in a folder goes with it. */
	CHECK_OK(rump_sys_chdir("/p/e"));
	CHECK_OK(rump_sys_rename("/p", "/q/p"));
	CHECK_EQUAL(ino("../.."), ino("/q"));
	CHECK_OK(rump_sys_chdir("/"));
	CHECK_OK(rump_sys_rmdir("/q/p/e"));
	CHECK_OK(rump_sys_rmdir("/q/p"));
	CHECK_OK(rump_sys_rmdir("/q"));
}

static void
permissions(void)
{

	CHECK_OK(rump_sys_mkdir("/closed", 0755));
	CHECK_OK(rump_sys_mkdir("/open", 0777));
	CHECK_OK(rump_sys_chmod("/open", 0777));
	h_file("/closed/f", "x");
	h_file("/open/roots", "x");
	h_user(USER);
	CHECK_FAILS(rump_sys_rename("/closed/f", "/open/f"), RUMP_EACCES);
	CHECK_FAILS(rump_sys_rename("/open/roots", "/closed/g"), RUMP_EACCES);
	CHECK_FAILS(rump_sys_link("/open/roots", "/closed/g"), RUMP_EACCES);
	CHECK_OK(rump_sys_rename("/open/roots", "/open/mine"));
	h_root();
	/* A sticky folder's names are their owners'. */
	CHECK_OK(rump_sys_chmod("/open", 01777));
	h_user(USER);
	h_file("/open/own", "x");
	CHECK_FAILS(rump_sys_rename("/open/mine", "/open/x"), RUMP_EPERM);
	CHECK_FAILS(rump_sys_rename("/open/own", "/open/mine"), RUMP_EPERM);
	CHECK_OK(rump_sys_rename("/open/own", "/open/x"));
	h_root();
	/* To move a folder is to write its "..". */
	CHECK_OK(rump_sys_mkdir("/open/sub", 0755));
	CHECK_OK(rump_sys_mkdir("/open/there", 0777));
	CHECK_OK(rump_sys_chmod("/open/there", 0777));
	CHECK_OK(rump_sys_chmod("/open", 0777));
	h_user(USER);
	CHECK_FAILS(rump_sys_rename("/open/sub", "/open/there/sub"),
	    RUMP_EACCES);
	h_root();
	CHECK_OK(rump_sys_unlink("/open/x"));
	CHECK_OK(rump_sys_unlink("/open/mine"));
	CHECK_OK(rump_sys_unlink("/closed/f"));
	CHECK_OK(rump_sys_rmdir("/open/sub"));
	CHECK_OK(rump_sys_rmdir("/open/there"));
	CHECK_OK(rump_sys_rmdir("/open"));
	CHECK_OK(rump_sys_rmdir("/closed"));
}

static void
mounts(void)
{

	h_mount_iso("/iso");
	h_file("/f", "x");
	CHECK_FAILS(rump_sys_rename("/f", "/iso/f"), RUMP_EROFS);
	CHECK_FAILS(rump_sys_rename("/iso/hello.txt", "/f"), RUMP_EROFS);
	CHECK_FAILS(rump_sys_rename("/iso", "/x"), RUMP_EBUSY);
	CHECK_OK(rump_sys_mkdir("/e", 0755));
	CHECK_FAILS(rump_sys_rename("/e", "/iso"), RUMP_EBUSY);
	CHECK_FAILS(rump_sys_link("/iso/hello.txt", "/h"), RUMP_EXDEV);
	CHECK_FAILS(rump_sys_link("/f", "/iso/h"), RUMP_EROFS);
	CHECK_OK(rump_sys_unmount("/iso", 0));
	CHECK_OK(rump_sys_rmdir("/e"));
	CHECK_OK(rump_sys_unlink("/f"));
}

static void
relative_to_descriptors(void)
{
	int a, b;

	CHECK_OK(rump_sys_mkdir("/a", 0755));
	CHECK_OK(rump_sys_mkdir("/b", 0755));
	a = h_open("/a", RUMP_O_RDONLY);
	b = h_open("/b", RUMP_O_RDONLY);
	CHECK_OK(rump_sys_mkdirat(a, "d", 0700));
	CHECK_OK(rump_sys_mkfifoat(a, "p", 0600));
	CHECK_OK(rump_sys_mknodat(a, "n", RUMP_S_IFBLK | 0600, 0x99902));
	CHECK_OK(rump_sys_symlinkat("d", a, "s"));
	CHECK_OK(rump_sys_renameat(a, "d", b, "e"));
	CHECK_OK(rump_sys_linkat(a, "p", b, "q", 0));
	CHECK_EQUAL(nlink("/b/q"), 2);
	CHECK_FAILS(rump_sys_mkdirat(99, "x", 0700), RUMP_EBADF);
	CHECK_FAILS(rump_sys_renameat(a, "s", 99, "x"), RUMP_EBADF);
	CHECK_FAILS(rump_sys_symlinkat("", a, "x"), RUMP_ENOENT);
	CHECK_OK(rump_sys_unlinkat(b, "e", RUMP_AT_REMOVEDIR));
	CHECK_OK(rump_sys_unlinkat(b, "q", 0));
	CHECK_OK(rump_sys_unlinkat(a, "p", 0));
	CHECK_OK(rump_sys_unlinkat(a, "n", 0));
	CHECK_OK(rump_sys_unlinkat(a, "s", 0));
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
	CHECK_OK(rump_sys_rmdir("/a"));
	CHECK_OK(rump_sys_rmdir("/b"));
}

static const struct tap_case cases[] = {
	{ "link: one file, several names", links },
	{ "rename: files, over others too", files_get_other_names },
	{ "rename: two names of one file", two_names_of_one_file },
	{ "rename: folders, '..' follows", folders_get_other_names },
	{ "rename: permissions, sticky folders", permissions },
	{ "rename and link do not cross mounts", mounts },
	{ "the calls that start at a descriptor", relative_to_descriptors },
};

RUN_KERNEL(cases)
