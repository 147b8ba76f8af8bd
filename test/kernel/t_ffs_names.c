/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_ffs_names.c: FFS: names: renames, links, deep and large directories, long
 * names, and what stays of them after an unmount.
 */
#include "h_ffs.h"

static const int modes[] = { 0, H_SOFTDEP };
#define	NMODES	(sizeof(modes) / sizeof(modes[0]))

static void
renames(void)
{
	struct rump_stat st;
	char path[64], to[64];
	size_t m;
	int i;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		CHECK_OK(rump_sys_mkdir("/ffs/a", 0755));
		CHECK_OK(rump_sys_mkdir("/ffs/a/b", 0755));
		CHECK_OK(rump_sys_mkdir("/ffs/c", 0755));
		for (i = 0; i < 200; i++) {
			snprintf(path, sizeof(path), "/ffs/a/b/%d", i);
			h_ffs_write(path, i * 11, i, 4096);
			snprintf(to, sizeof(to), "/ffs/c/%d", i / 2);
			CHECK_OK(rump_sys_rename(path, to));
		}
		CHECK_OK(rump_sys_rename("/ffs/c", "/ffs/a/b/c"));
		CHECK_FAILS(rump_sys_rename("/ffs/a", "/ffs/a/b/c/a"),
		    RUMP_EINVAL);
		CHECK_FAILS(rump_sys_rename("/ffs/a/b", "/ffs/a"),
		    RUMP_ENOTEMPTY);
		CHECK_OK(rump_sys_rename("/ffs/a/b/c", "/ffs/d"));
		CHECK_FAILS(rump_sys_stat("/ffs/c", &st), RUMP_ENOENT);
		CHECK_OK(rump_sys_rmdir("/ffs/a/b"));
		CHECK_OK(rump_sys_unmount("/ffs", 0));
		h_ffs_mount("/ffs", modes[m]);
		for (i = 0; i < 100; i++) {
			snprintf(to, sizeof(to), "/ffs/d/%d", i);
			h_ffs_verify(to, (2 * i + 1) * 11, 2 * i + 1);
		}
		CHECK_OK(rump_sys_stat("/ffs/a", &st));
		CHECK_EQUAL(st.st_nlink, 2);
		h_ffs_end("/ffs");
	}
}

static void
links(void)
{
	struct rump_stat st;
	char path[64];
	size_t m;
	int i;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		h_ffs_write("/ffs/one", 5000, 1, 5000);
		for (i = 0; i < 50; i++) {
			snprintf(path, sizeof(path), "/ffs/link-%d", i);
			CHECK_OK(rump_sys_link("/ffs/one", path));
		}
		CHECK_OK(rump_sys_stat("/ffs/one", &st));
		CHECK_EQUAL(st.st_nlink, 51);
		CHECK_OK(rump_sys_unlink("/ffs/one"));
		for (i = 1; i < 50; i++) {
			snprintf(path, sizeof(path), "/ffs/link-%d", i);
			CHECK_OK(rump_sys_unlink(path));
		}
		CHECK_OK(rump_sys_unmount("/ffs", 0));
		h_ffs_mount("/ffs", modes[m]);
		CHECK_OK(rump_sys_stat("/ffs/link-0", &st));
		CHECK_EQUAL(st.st_nlink, 1);
		h_ffs_verify("/ffs/link-0", 5000, 1);
		h_ffs_end("/ffs");
	}
}

/* A path of depth folders; every other one goes again from the bottom up. */
static void
deep(void)
{
	char path[1024] = "/ffs";
	size_t m;
	int i;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		strcpy(path, "/ffs");
		for (i = 0; i < 60; i++) {
			strcat(path, "/directory");
			CHECK_OK(rump_sys_mkdir(path, 0755));
		}
		strcat(path, "/file");
		h_ffs_write(path, 100, 2, 100);
		CHECK_OK(rump_sys_unmount("/ffs", 0));
		h_ffs_mount("/ffs", modes[m]);
		h_ffs_verify(path, 100, 2);
		CHECK_OK(rump_sys_unlink(path));
		for (i = 0; i < 30; i++) {
			*strrchr(path, '/') = '\0';
			CHECK_OK(rump_sys_rmdir(path));
		}
		h_ffs_end("/ffs");
	}
}

static void
long_names(void)
{
	struct rump_stat st;
	char path[600], name[300];
	size_t m;
	int i;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		memset(name, 'n', sizeof(name));
		for (i = 0; i < 60; i++) {
			name[0] = (char)('A' + i);
			name[255] = '\0';
			snprintf(path, sizeof(path), "/ffs/%s", name);
			h_ffs_write(path, 0, 0, 1);
		}
		name[255] = 'n';
		name[256] = '\0';
		snprintf(path, sizeof(path), "/ffs/%s", name);
		CHECK_FAILS(rump_sys_open(path, RUMP_O_CREAT | RUMP_O_RDWR,
		    0644), RUMP_ENAMETOOLONG);
		for (i = 0; i < 60; i += 2) {
			name[0] = (char)('A' + i);
			name[255] = '\0';
			snprintf(path, sizeof(path), "/ffs/%s", name);
			CHECK_OK(rump_sys_unlink(path));
			CHECK_FAILS(rump_sys_stat(path, &st), RUMP_ENOENT);
		}
		h_ffs_end("/ffs");
	}
}

/* Enough names that the directory is hashed and has an indirect block. */
static void
many_names(void)
{
	struct rump_stat st;
	char path[100];
	size_t m;
	int i;

	for (m = 0; m < NMODES; m++) {
		h_ffs_mount("/ffs", modes[m]);
		CHECK_OK(rump_sys_mkdir("/ffs/many", 0755));
		for (i = 0; i < 1500; i++) {
			snprintf(path, sizeof(path),
			    "/ffs/many/a-name-of-some-length-%d", i);
			h_ffs_write(path, 3, i, 3);
		}
		for (i = 0; i < 1500; i++) {
			snprintf(path, sizeof(path),
			    "/ffs/many/a-name-of-some-length-%d", i);
			if (i % 5 != 0)
				CHECK_OK(rump_sys_unlink(path));
		}
		CHECK_FAILS(rump_sys_rmdir("/ffs/many"), RUMP_ENOTEMPTY);
		CHECK_OK(rump_sys_unmount("/ffs", 0));
		h_ffs_mount("/ffs", modes[m]);
		for (i = 0; i < 1500; i++) {
			snprintf(path, sizeof(path),
			    "/ffs/many/a-name-of-some-length-%d", i);
			CHECK_EQUAL(rump_sys_stat(path, &st),
			    i % 5 == 0 ? 0 : -1);
			if (i % 5 == 0)
				CHECK_OK(rump_sys_unlink(path));
		}
		CHECK_OK(rump_sys_rmdir("/ffs/many"));
		h_ffs_end("/ffs");
	}
}

static const struct tap_case cases[] = {
	{ "renames", renames },
	{ "links", links },
	{ "deep folders", deep },
	{ "long names", long_names },
	{ "a folder of many names", many_names },
};

RUN_KERNEL(cases)
