/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_vfs_mount.c: mounts: where they may be, what keeps them, read-only ones,
 * paths across them, and etfs below them.
 */
#include "h_kern.h"

static void
wrong_mounts(void)
{
	struct rump_statvfs sv;
	struct rump_stat st;
	uint64_t ino;

	CHECK_OK(rump_sys_mkdir("/mnt", 0755));
	CHECK_OK(rump_sys_stat("/mnt", &st));
	ino = st.st_ino;
	h_file("/file", "not a device");
	CHECK_FAILS(h_mount_flags("/none", "/mnt", RUMP_MNT_RDONLY),
	    RUMP_ENOENT);
	CHECK_FAILS(h_mount_flags("/file", "/mnt", RUMP_MNT_RDONLY),
	    RUMP_ENOTBLK);
	CHECK_FAILS(h_mount_flags("/dev/null", "/mnt", RUMP_MNT_RDONLY),
	    RUMP_ENOTBLK);
	CHECK_FAILS(h_mount_flags("/file", "/file", RUMP_MNT_RDONLY),
	    RUMP_ENOTDIR);
	CHECK_FAILS(h_mount_flags("/file", "/none", RUMP_MNT_RDONLY),
	    RUMP_ENOENT);
	CHECK_FAILS(h_mount_flags("/file", "/mnt", 0), RUMP_EROFS);
	CHECK_FAILS(rump_sys_mount("cd9660", "/mnt", RUMP_MNT_RDONLY, NULL, 0),
	    RUMP_EFAULT);
	CHECK_FAILS(rump_sys_mount("none", "/mnt", 0, NULL, 0), RUMP_ENODEV);
	CHECK_FAILS(rump_sys_mount(NULL, "/mnt", 0, NULL, 0), RUMP_EFAULT);
	/* The memory root cannot be mounted again, nor changed, nor ended. */
	CHECK_FAILS(rump_sys_mount("rootfs", "/mnt", 0, NULL, 0),
	    RUMP_EOPNOTSUPP);
	CHECK_FAILS(rump_sys_mount("rootfs", "/", RUMP_MNT_UPDATE, NULL, 0),
	    RUMP_EOPNOTSUPP);
	CHECK_FAILS(h_mount_flags(NULL, "/mnt", RUMP_MNT_UPDATE), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_unmount("/", 0), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_unmount("/mnt", 0), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_unmount("/file", 0), RUMP_EINVAL);
	CHECK_OK(rump_sys_stat("/mnt", &st));
	CHECK_EQUAL(st.st_ino, ino);
	CHECK_EQUAL(rump_sys_getvfsstat(NULL, 0, RUMP_ST_NOWAIT), 1);
	CHECK_OK(rump_sys_statvfs1("/mnt", &sv, RUMP_ST_WAIT));
	CHECK(strcmp(sv.f_fstypename, "rootfs") == 0);
}

static void
read_only(void)
{
	struct rump_stat st;
	char buf[16];
	int fd;

	h_mount_iso("/mnt");
	CHECK_FAILS(rump_sys_mkdir("/mnt/new", 0755), RUMP_EROFS);
	CHECK_FAILS(rump_sys_mkdir("/mnt/many", 0755), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_open("/mnt/new", RUMP_O_CREAT | RUMP_O_RDWR, 0644),
	    RUMP_EROFS);
	CHECK_FAILS(rump_sys_open("/mnt/hello.txt", RUMP_O_RDWR), RUMP_EROFS);
	CHECK_FAILS(rump_sys_open("/mnt/hello.txt",
	    RUMP_O_RDONLY | RUMP_O_TRUNC), RUMP_EROFS);
	CHECK_FAILS(rump_sys_open("/mnt/hello.txt",
	    RUMP_O_CREAT | RUMP_O_EXCL, 0644), RUMP_EEXIST);
	CHECK_FAILS(rump_sys_unlink("/mnt/hello.txt"), RUMP_EROFS);
	CHECK_FAILS(rump_sys_unlink("/mnt/none"), RUMP_EROFS);
	CHECK_FAILS(rump_sys_rmdir("/mnt/many"), RUMP_EROFS);
	CHECK_FAILS(rump_sys_symlink("x", "/mnt/new"), RUMP_EROFS);
	CHECK_FAILS(rump_sys_chmod("/mnt/hello.txt", 0600), RUMP_EROFS);
	CHECK_FAILS(rump_sys_chown("/mnt/hello.txt", 1, 1), RUMP_EROFS);
	CHECK_FAILS(rump_sys_chmod("/mnt/none", 0600), RUMP_ENOENT);
	CHECK_FAILS(rump_sys_access("/mnt/hello.txt", RUMP_W_OK), RUMP_EROFS);
	CHECK_OK(rump_sys_access("/mnt/hello.txt", RUMP_R_OK));
	/* An open that could create, of what is there, only reads. */
	fd = h_open("/mnt/hello.txt", RUMP_O_CREAT | RUMP_O_RDONLY);
	CHECK(rump_sys_read(fd, buf, sizeof(buf)) > 0);
	CHECK_OK(rump_sys_close(fd));
	/* A name known not to be there stays so, also for others' lookups. */
	CHECK_FAILS(rump_sys_stat("/mnt/new", &st), RUMP_ENOENT);
	/* An update does not make it writable. */
	CHECK_FAILS(h_mount_flags(NULL, "/mnt", RUMP_MNT_UPDATE), RUMP_EROFS);
	CHECK_FAILS(rump_sys_mkdir("/mnt/new", 0755), RUMP_EROFS);
	CHECK_OK(h_mount_flags(NULL, "/mnt",
	    RUMP_MNT_UPDATE | RUMP_MNT_RDONLY));
	CHECK_OK(rump_sys_unmount("/mnt", 0));
}

static void
what_keeps_a_mount(void)
{
	struct rump_statvfs sv[3];
	struct rump_stat st;
	char c;
	int fd;

	h_mount_iso("/mnt");
	CHECK_FAILS(h_mount_flags("/dev/iso", "/mnt", RUMP_MNT_RDONLY),
	    RUMP_EBUSY);
	CHECK_OK(rump_sys_mkdir("/mnt2", 0755));
	CHECK_FAILS(h_mount_flags("/dev/iso", "/mnt2", RUMP_MNT_RDONLY),
	    RUMP_EBUSY);
	CHECK_FAILS(rump_sys_rmdir("/mnt"), RUMP_EBUSY);
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/iso"), RUMP_EBUSY);
	CHECK_OK(rump_sys_chdir("/mnt/many"));
	CHECK_FAILS(rump_sys_unmount("/mnt", 0), RUMP_EBUSY);
	CHECK_FAILS(rump_sys_unmount("/mnt/many", 0), RUMP_EINVAL);
	CHECK_OK(rump_sys_chdir("/"));
	fd = h_open("/mnt/hello.txt", RUMP_O_RDONLY);
	CHECK_FAILS(rump_sys_unmount("/mnt", 0), RUMP_EBUSY);
	CHECK_EQUAL(rump_sys_read(fd, &c, 1), 1);
	/* Forced: what is open fails from now on, and can be closed. */
	CHECK_OK(rump_sys_unmount("/mnt", RUMP_MNT_FORCE));
	CHECK_FAILS(rump_sys_read(fd, &c, 1), RUMP_EIO);
	CHECK_FAILS(rump_sys_fstat(fd, &st), RUMP_EIO);
	CHECK_FAILS(rump_sys_fstatvfs1(fd, &sv[0], RUMP_ST_WAIT), RUMP_ENOENT);
	CHECK_OK(rump_sys_close(fd));
	/* Again, while one is forced away under a working folder. */
	h_mount_iso("/mnt");
	CHECK_EQUAL(rump_sys_getvfsstat(sv, sizeof(sv), RUMP_ST_NOWAIT), 2);
	CHECK(strcmp(sv[1].f_mntonname, "/mnt") == 0);
	CHECK(strcmp(sv[1].f_mntfromname, "/dev/iso") == 0);
	CHECK_EQUAL(rump_sys_getvfsstat(sv, sizeof(sv[0]), RUMP_ST_NOWAIT), 1);
	CHECK_OK(rump_sys_chdir("/mnt/many"));
	CHECK_OK(rump_sys_unmount("/mnt", RUMP_MNT_FORCE));
	CHECK_FAILS(rump_sys_stat("..", &st), RUMP_ENOTDIR);
	CHECK_OK(rump_sys_chdir("/"));
	CHECK_OK(rump_sys_rmdir("/mnt2"));
}

static void
check_cwd(const char *expected)
{
	char buf[1024];

	CHECK_EQUAL(rump_sys___getcwd(buf, sizeof(buf)), strlen(expected) + 1);
	CHECK(strcmp(buf, expected) == 0);
}

static void
paths_across(void)
{
	struct rump_stat above, st, inside;
	char buf[8];

	CHECK_OK(rump_sys_mkdir("/a", 0755));
	CHECK_OK(rump_sys_mkdir("/a/b", 0755));
	CHECK_OK(rump_sys_stat("/a", &above));
	/* Who stands in the folder stands in the root of the mount then. */
	CHECK_OK(rump_sys_chdir("/a/b"));
	h_mount_iso("/a/b");
	CHECK_OK(rump_sys_stat("hello.txt", &st));
	check_cwd("/a/b");
	CHECK_OK(rump_sys_stat("..", &st));
	CHECK_EQUAL(st.st_ino, above.st_ino);
	CHECK_OK(rump_sys_stat("/a/b/many/../..", &st));
	CHECK_EQUAL(st.st_ino, above.st_ino);
	CHECK_OK(rump_sys_stat("/a/b/.", &inside));
	CHECK(inside.st_dev != above.st_dev);
	CHECK_OK(rump_sys_chdir("many"));
	check_cwd("/a/b/many");
	CHECK_FAILS(rump_sys___getcwd(buf, 8), RUMP_ERANGE);
	CHECK_FAILS(rump_sys___getcwd(NULL, 8), RUMP_EFAULT);
	CHECK_OK(rump_sys_chdir(".."));
	CHECK_OK(rump_sys_chdir(".."));
	check_cwd("/a");
	CHECK_OK(rump_sys_unmount("/a/b", 0));
	CHECK_OK(rump_sys_chdir("/"));
	check_cwd("/");
}

static void
new_root(void)
{
	struct rump_stat st, top;

	/* In a process of its own: a root cannot be given back. */
	CHECK_OK(rump_sys_stat("/", &top));
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFCFDG), 0);
	h_mount_iso("/mnt");
	CHECK_OK(rump_sys_chdir("/a"));
	CHECK_OK(rump_sys_chroot("/mnt"));
	CHECK_FAILS(rump_sys___getcwd((char [99]){ 0 }, 99), RUMP_ENOENT);
	CHECK_OK(rump_sys_chdir("/"));
	check_cwd("/");
	CHECK_OK(rump_sys_stat("/../../hello.txt", &st));
	CHECK_OK(rump_sys_stat("..", &st));
	CHECK(st.st_dev != top.st_dev);
	CHECK_FAILS(rump_sys_stat("/dev/iso", &st), RUMP_ENOENT);
	CHECK_OK(rump_sys_chdir("many"));
	check_cwd("/many");
	CHECK_FAILS(rump_sys_chroot("hello.txt"), RUMP_ENOENT);
	rump_pub_lwproc_releaselwp();
	CHECK_OK(rump_sys_stat("/dev/iso", &st));
	CHECK_OK(rump_sys_unmount("/mnt", 0));
}

static void
on_the_root(void)
{
	struct rump_stat st;

	h_mount_iso("/");
	CHECK_OK(rump_sys_stat("/hello.txt", &st));
	CHECK_FAILS(rump_sys_stat("/mnt", &st), RUMP_ENOENT);
	check_cwd("/");
	/* A registered device is found whatever is mounted above it. */
	CHECK_OK(rump_sys_stat("/dev/iso", &st));
	CHECK_EQUAL(st.st_mode & RUMP_S_IFMT, RUMP_S_IFBLK);
	CHECK_OK(rump_sys_unmount("/", 0));
	CHECK_OK(rump_sys_stat("/mnt", &st));
}

static void
one_upon_another(void)
{
	const char *iso = getenv("KTEST_ISO");

	h_mount_iso("/mnt");
	CHECK_EQUAL(rump_pub_etfs_register("/dev/iso2", iso, RUMP_ETFS_BLK), 0);
	CHECK_OK(h_mount_flags("/dev/iso2", "/mnt/many", RUMP_MNT_RDONLY));
	CHECK_FAILS(rump_sys_unmount("/mnt", 0), RUMP_EBUSY);
	CHECK_FAILS(rump_sys_unmount("/mnt", RUMP_MNT_FORCE), RUMP_EBUSY);
	CHECK_OK(rump_sys_chdir("/mnt/many/many"));
	check_cwd("/mnt/many/many");
	CHECK_OK(rump_sys_chdir("/"));
	CHECK_OK(rump_sys_unmount("/mnt/many", 0));
	CHECK_OK(rump_sys_unmount("/mnt", 0));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/iso2"), 0);
}

static const struct tap_case cases[] = {
	{ "mounts that fail leave nothing", wrong_mounts },
	{ "a read-only mount says so", read_only },
	{ "what keeps a mount, and by force", what_keeps_a_mount },
	{ "paths across a mount", paths_across },
	{ "chroot", new_root },
	{ "a mount on the root", on_the_root },
	{ "mounts upon one another", one_upon_another },
};

RUN_KERNEL(cases)
