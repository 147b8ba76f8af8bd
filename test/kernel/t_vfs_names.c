/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_names.c: making and removing names, removed folders, permissions.
 */
#include "h_kern.h"

#define	USER	1000

static void
making_and_removing(void)
{
	struct rump_stat st;

	CHECK_OK(rump_sys_mkdir("/a", 0755));
	CHECK_OK(rump_sys_mkdir("/a/b/", 0700));
	CHECK_FAILS(rump_sys_mkdir("/a", 0755), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_mkdir("/", 0755), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_mkdir("/a/.", 0755), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_mkdir("/a/b/..", 0755), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_mkdir("/x/y", 0755), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_rmdir("/a"), RUMP_ENOTEMPTY);
	CHECK_FAILS(rump_sys_rmdir("/a/b/.."), RUMP_ENOTEMPTY);
	CHECK_FAILS(rump_sys_rmdir("/a/b/."), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_rmdir("/"), RUMP_EBUSY);
	CHECK_FAILS(rump_sys_unlink("/a/b"), RUMP_EPERM);
	h_file("/a/f", "x");
	CHECK_FAILS(rump_sys_rmdir("/a/f"), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_unlink("/a/f/"), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_mkdir("/a/f/g", 0755), RUMP_ENOTDIR);
	CHECK_FAILS(rump_sys_unlinkat(RUMP_AT_FDCWD, "/a/f", 0x1), RUMP_EINVAL);
	CHECK_OK(rump_sys_stat("/a", &st));
	CHECK_EQUAL(st.st_nlink, 3);
	CHECK_OK(rump_sys_unlink("/a/f"));
	CHECK_FAILS(rump_sys_unlink("/a/f"), RUMP_ENOENT);
	CHECK_OK(rump_sys_unlinkat(RUMP_AT_FDCWD, "/a/b", RUMP_AT_REMOVEDIR));
	CHECK_OK(rump_sys_rmdir("/a/"));
	CHECK_FAILS(rump_sys_symlink("x", "/new/"), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_symlink(NULL, "/new"), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_symlink("x", "/dev"), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_mknod("/n", RUMP_S_IFREG | 0644, 0), RUMP_EINVAL);
	CHECK_OK(rump_sys_mknod("/n", RUMP_S_IFCHR | 0666, 0x99902));
	CHECK_FAILS(rump_sys_open("/n", RUMP_O_RDONLY), RUMP_ENXIO);
	CHECK_OK(rump_sys_stat("/n", &st));
	CHECK_EQUAL(st.st_rdev, 0x99902);
	CHECK_OK(rump_sys_unlink("/n"));
}

static void
unlinked_files_live_on(void)
{
	struct rump_stat st;
	char buf[4];
	int fd;

	h_file("/u", "text");
	fd = h_open("/u", RUMP_O_RDWR);
	CHECK_OK(rump_sys_unlink("/u"));
	h_file("/u", "other");
	CHECK_EQUAL(rump_sys_read(fd, buf, 4), 4);
	CHECK(memcmp(buf, "text", 4) == 0);
	CHECK_OK(rump_sys_fstat(fd, &st));
	CHECK_EQUAL(st.st_nlink, 0);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_unlink("/u"));
}

/* The folder that is above a removed one may go before it. */
static void
removed_working_folder(void)
{
	char buf[2048];
	struct rump_stat st;
	int fd;

	CHECK_OK(rump_sys_mkdir("/p", 0755));
	CHECK_OK(rump_sys_mkdir("/p/q", 0755));
	CHECK_OK(rump_sys_chdir("/p/q"));
	fd = h_open(".", RUMP_O_RDONLY);
	CHECK_OK(rump_sys_rmdir("/p/q"));
	CHECK_OK(rump_sys_rmdir("/p"));
	CHECK_OK(rump_sys_stat(".", &st));
	CHECK_EQUAL(st.st_nlink, 0);
	CHECK_FAILS(rump_sys_stat("..", &st), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_mkdir("x", 0755), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_open("x", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_ENOENT);
	CHECK_FAILS(rump_sys_symlink("y", "x"), RUMP_ENOENT);
	CHECK_FAILS(rump_sys___getcwd(buf, sizeof(buf)), RUMP_ENOENT);
	CHECK_EQUAL(rump_sys_getdents(fd, buf, sizeof(buf)), 0);
	CHECK_OK(rump_sys_chdir("/"));
	CHECK_OK(rump_sys_close(fd));
}

/* Entries come once each, whatever size the buffer has; removing meanwhile. */
static void
listing(void)
{
	char buf[4096], name[600];
	struct rump_dirent *d;
	int fd, i, n, off, seen[60] = { 0 };

	CHECK_OK(rump_sys_mkdir("/l", 0755));
	for (i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "/l/%02d-%.*s", i, i % 40,
		    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn");
		h_file(name, "");
	}
	fd = h_open("/l", RUMP_O_RDONLY);
	CHECK_FAILS(rump_sys_getdents(fd, buf, 100), RUMP_EINVAL);
	while ((n = rump_sys_getdents(fd, buf, 1024)) > 0) {
		for (off = 0; off < n; off += d->d_reclen) {
			d = (struct rump_dirent *)(void *)(buf + off);
			CHECK(off + d->d_reclen <= n && d->d_reclen % 8 == 0);
			CHECK_EQUAL(strlen(d->d_name), d->d_namlen);
			if (d->d_name[0] == '.')
				continue;
			CHECK_EQUAL(d->d_type, RUMP_DT_REG);
			seen[atoi(d->d_name)]++;
			snprintf(name, sizeof(name), "/l/%s", d->d_name);
			CHECK_OK(rump_sys_unlink(name));
		}
	}
	CHECK_EQUAL(n, 0);
	for (i = 0; i < 60; i++)
		CHECK_EQUAL(seen[i], 1);
	CHECK_EQUAL(rump_sys_lseek(fd, 1000000, RUMP_SEEK_SET), 1000000);
	CHECK_EQUAL(rump_sys_getdents(fd, buf, 1024), 0);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_rmdir("/l"));
}

static void
permissions(void)
{
	struct rump_stat st;
	int fd;

	CHECK_OK(rump_sys_mkdir("/locked", 0700));
	h_file("/locked/f", "x");
	h_file("/mine", "x");
	CHECK_OK(rump_sys_chmod("/mine", 0600));
	h_user(USER);
	CHECK_FAILS(rump_sys_stat("/locked/f", &st), RUMP_EACCES);
	CHECK_FAILS(rump_sys_open("/mine", RUMP_O_RDONLY), RUMP_EACCES);
	CHECK_FAILS(rump_sys_open("/mine", RUMP_O_RDONLY | RUMP_O_TRUNC),
	    RUMP_EACCES);
	CHECK_FAILS(rump_sys_open("/new", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_EACCES);
	CHECK_FAILS(rump_sys_unlink("/mine"), RUMP_EACCES);
	CHECK_FAILS(rump_sys_chmod("/mine", 0666), RUMP_EPERM);
	CHECK_FAILS(rump_sys_chown("/mine", USER, USER), RUMP_EPERM);
	CHECK_FAILS(rump_sys_chdir("/locked"), RUMP_EACCES);
	CHECK_FAILS(rump_sys_chroot("/"), RUMP_EPERM);
	CHECK_FAILS(rump_sys_mknod("/n", RUMP_S_IFCHR, 0), RUMP_EPERM);
	CHECK_FAILS(rump_sys_reboot(0, NULL), RUMP_EPERM);
	CHECK_FAILS(rump_sys_seteuid(USER + 1), RUMP_EPERM);
	/* access(2) asks for the real user, faccessat(2) can ask for this. */
	CHECK_OK(rump_sys_access("/mine", RUMP_R_OK));
	CHECK_FAILS(rump_sys_faccessat(RUMP_AT_FDCWD, "/mine", RUMP_R_OK,
	    RUMP_AT_EACCESS), RUMP_EACCES);
	h_root();
	CHECK_FAILS(rump_sys_access("/mine", RUMP_X_OK), RUMP_EACCES);
	CHECK_FAILS(rump_sys_access("/mine", 8), RUMP_EINVAL);
	CHECK_OK(rump_sys_access("/locked", RUMP_X_OK));
	/* A descriptor keeps what its opener was allowed. */
	fd = h_open("/mine", RUMP_O_RDWR);
	h_user(USER);
	CHECK_EQUAL(rump_sys_write(fd, "y", 1), 1);
	h_root();
	CHECK_OK(rump_sys_close(fd));
}

static void
owners(void)
{
	struct rump_stat st;
	int fd;

	CHECK_OK(rump_sys_mkdir("/pub", 0777));
	CHECK_OK(rump_sys_chmod("/pub", 01777));
	CHECK_OK(rump_sys_chown("/pub", 0, 7));
	h_file("/pub/roots", "x");
	h_user(USER);
	fd = rump_sys_open("/pub/own", RUMP_O_CREAT | RUMP_O_RDWR, 0644);
	CHECK_OK(fd);
	CHECK_OK(rump_sys_close(fd));
	CHECK_OK(rump_sys_stat("/pub/own", &st));
	CHECK_EQUAL(st.st_uid, USER);
	CHECK_EQUAL(st.st_gid, 7);	/* the folder's */
	CHECK_OK(rump_sys_chmod("/pub/own", 04711));
	CHECK_FAILS(rump_sys_chown("/pub/own", USER + 1, -1), RUMP_EPERM);
	CHECK_FAILS(rump_sys_chown("/pub/own", -1, 8), RUMP_EPERM);
	CHECK_OK(rump_sys_chown("/pub/own", USER, 0));	/* its own group */
	CHECK_OK(rump_sys_stat("/pub/own", &st));
	CHECK_EQUAL(st.st_mode & 07777, 0711);
	CHECK_EQUAL(st.st_gid, 0);
	/* Sticky: only what is one's own. */
	CHECK_FAILS(rump_sys_unlink("/pub/roots"), RUMP_EPERM);
	CHECK_OK(rump_sys_unlink("/pub/own"));
	h_root();
	CHECK_OK(rump_sys_unlink("/pub/roots"));
	CHECK_OK(rump_sys_rmdir("/pub"));
}

static void
groups(void)
{

	CHECK_OK(rump_sys_setegid(5));
	CHECK_EQUAL(rump_sys_getegid(), 5);
	CHECK_EQUAL(rump_sys_getgid(), 0);
	h_user(USER);
	CHECK_FAILS(rump_sys_setegid(6), RUMP_EPERM);
	CHECK_OK(rump_sys_setegid(0));
	h_root();
	CHECK_EQUAL(rump_sys_getegid(), 0);
	CHECK_EQUAL(rump_sys_getuid(), 0);
}

static const struct tap_case cases[] = {
	{ "mkdir, rmdir, unlink, symlink, mknod", making_and_removing },
	{ "an unlinked file lives until it is closed", unlinked_files_live_on },
	{ "a removed working folder", removed_working_folder },
	{ "getdents: each name once", listing },
	{ "permissions of another user", permissions },
	{ "owners, groups, sticky folders", owners },
	{ "effective and real group", groups },
};

RUN_KERNEL(cases)
