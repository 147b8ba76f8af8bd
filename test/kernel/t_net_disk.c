/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_disk.c: names of sockets on disks.  KTEST_FFS and KTEST_EXT2 name images
 * that may be changed.
 */
#include "h_net.h"

static char big[100];

/* A name on a disk is there after a mount, and nobody behind it. */
static void
names_on_disk(const char *type, const char *image)
{
	struct rump_ufs_args ufs = { .fspec = "/dev/disk" };
	const char *args[1] = { "/dev/disk" };
	int isffs = strcmp(type, "ffs") == 0;
	void *data = isffs ? (void *)&ufs : (void *)args;
	size_t len = isffs ? sizeof(ufs) : sizeof(args);
	struct rump_stat st;
	int head, client, server;

	CHECK(image != NULL);
	CHECK_EQUAL(rump_pub_etfs_register("/dev/disk", image, RUMP_ETFS_BLK),
	    0);
	CHECK_OK(rump_sys_mkdir("/disk", 0755));
	CHECK_OK(rump_sys_mount(type, "/disk", 0, data, len));
	head = h_listen(STREAM, "/disk/sock", 2);
	client = h_socket(STREAM);
	CHECK_OK(h_connect(client, "/disk/sock"));
	CHECK_OK(server = rump_sys_accept(head, NULL, NULL));
	CHECK_EQUAL(rump_sys_write(server, "x", 1), 1);
	CHECK_EQUAL(rump_sys_read(client, big, 10), 1);
	CHECK_OK(rump_sys_close(server));
	CHECK_OK(rump_sys_close(head));
	CHECK_OK(rump_sys_unmount("/disk", 0));
	CHECK_OK(rump_sys_mount(type, "/disk", 0, data, len));
	CHECK_OK(rump_sys_stat("/disk/sock", &st));
	CHECK_EQUAL(st.st_mode & RUMP_S_IFMT, RUMP_S_IFSOCK);
	CHECK_FAILS(h_connect(client, "/disk/sock"), RUMP_EINVAL);
	CHECK_OK(rump_sys_close(client));
	client = h_socket(STREAM);
	CHECK_FAILS(h_connect(client, "/disk/sock"), RUMP_ECONNREFUSED);
	CHECK_FAILS(h_bind(client, "/disk/sock"), RUMP_EADDRINUSE);
	CHECK_OK(rump_sys_unlink("/disk/sock"));
	CHECK_OK(h_bind(client, "/disk/sock"));
	CHECK_OK(rump_sys_unmount("/disk", RUMP_MNT_FORCE));
	CHECK_OK(rump_sys_close(client));
	CHECK_EQUAL(rump_pub_etfs_remove("/dev/disk"), 0);
	CHECK_OK(rump_sys_rmdir("/disk"));
}

static void
names_on_ffs(void)
{

	names_on_disk("ffs", getenv("KTEST_FFS"));
}

static void
names_on_ext2(void)
{

	names_on_disk("ext2fs", getenv("KTEST_EXT2"));
}

static const struct tap_case cases[] = {
	{ "names on FFS", names_on_ffs },
	{ "names on ext2", names_on_ext2 },
};

RUN_KERNEL(cases)
