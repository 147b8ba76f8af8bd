/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mount_types.c: the file systems that a configuration can name, and what each
 * one's mount call takes.
 */
#include "types.h"
#include "bootconfig.h"
#include "mount.h"

static int
linux_mount_cd9660(const struct linux_mount *m, int flags, const char *device)
{
	struct rump_iso_args args;

	memset(&args, 0, sizeof(args));
	args.fspec = device;
	return rump_sys_mount("cd9660", m->m_path, flags, &args, sizeof(args));
}

static int
linux_mount_ext2fs(const struct linux_mount *m, int flags, const char *device)
{
	struct rump_ufs_args args = { .fspec = device };

	return rump_sys_mount("ext2fs", m->m_path, flags, &args, sizeof(args));
}

/* FAT knows neither owners nor modes: everything is root's, and may be run. */
static int
linux_mount_msdos(const struct linux_mount *m, int flags, const char *device)
{
	struct rump_msdosfs_args args;

	memset(&args, 0, sizeof(args));
	args.fspec = device;
	args.mask = args.dirmask = 0755;
	args.flags = RUMP_MSDOSFSMNT_VERSIONED;
	args.version = RUMP_MSDOSFSMNT_VERSION;
	return rump_sys_mount("msdos", m->m_path, flags, &args, sizeof(args));
}

static int
linux_mount_tmpfs(const struct linux_mount *m, int flags, const char *device)
{
	struct rump_tmpfs_args args = {
		.ta_version = RUMP_TMPFS_ARGS_VERSION,
		.ta_size_max = (int64_t)m->m_size,
		.ta_root_mode = 01777
	};

	(void)device;
	return rump_sys_mount("tmpfs", m->m_path, flags, &args, sizeof(args));
}

static const struct linux_fs linux_fs_types[] = {
	{ "cd9660", "fs/cd9660", 1, 0, linux_mount_cd9660 },
	{ "ext2fs", "fs/ext2", 0, 0, linux_mount_ext2fs },
	{ "ffs", "fs/ffs", 0, 0, linux_mount_ffs },
	{ "msdos", "fs/msdos", 0, 0, linux_mount_msdos },
	{ "tmpfs", "fs/tmpfs", 0, 1, linux_mount_tmpfs }
};

const struct linux_fs *
linux_fs_find(const char *type)
{
	size_t i;

	for (i = 0; i < LINUX_NELEM(linux_fs_types); i++) {
		if (linux_strcmp(type, linux_fs_types[i].type) == 0)
			return &linux_fs_types[i];
	}
	return NULL;
}
