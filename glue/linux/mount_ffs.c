/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mount_ffs.c: mounts the Berkeley fast file system, also one that was not
 * unmounted.
 *
 * The driver refuses to write to a disk that was not unmounted unless it is forced
 * to.  Whether that is safe the superblock tells: with soft updates what a crash
 * leaves behind is at worst space and inodes that nobody uses, and the driver counts
 * anew what is free; so the machine starts without a check from outside, which only
 * gets that space back.  Without soft updates anything may be wrong: it is refused.
 */
#include "types.h"
#include "bootconfig.h"
#include "mount.h"

/* The superblock (FFS version 1): where it is, and two bytes of it. */
#define	LINUX_FFS_SUPERBLOCK	8192
#define	LINUX_FFS_CLEAN		209
#define	LINUX_FFS_FLAGS		211
#define	LINUX_FFS_SOFTDEP	0x02	/* was last mounted with soft updates */

/* 1: was not unmounted, with soft updates; 0: the same without; -1: neither. */
static int
linux_ffs_is_safe(const char *device)
{
	static unsigned char sector[512];
	int fd, known;

	if ((fd = rump_sys_open(device, RUMP_O_RDONLY)) == -1)
		return -1;
	known = rump_sys_pread(fd, sector, sizeof(sector),
	    LINUX_FFS_SUPERBLOCK) == (ssize_t)sizeof(sector);
	(void)rump_sys_close(fd);
	if (!known || sector[LINUX_FFS_CLEAN] != 0)
		return -1;
	return (sector[LINUX_FFS_FLAGS] & LINUX_FFS_SOFTDEP) != 0;
}

int
linux_mount_ffs(const struct linux_mount *m, int flags, const char *device)
{
	struct rump_ufs_args args = { .fspec = device };

	if (!m->m_readonly && !m->m_nosoftdep && !m->m_sync)
		flags |= (int)RUMP_MNT_SOFTDEP;
	if (rump_sys_mount("ffs", m->m_path, flags, &args, sizeof(args)) == 0)
		return 0;
	if (rumpglue_errno() != RUMP_EROFS || m->m_readonly)
		return -1;
	switch (linux_ffs_is_safe(device)) {
	case 1:
		rumpuser_dprintf("rumpkit: %s was not unmounted; soft updates "
		    "kept it in order, `rumpkit fs check --repair` finds space "
		    "that was lost\n", m->m_device);
		return rump_sys_mount("ffs", m->m_path, flags | RUMP_MNT_FORCE,
		    &args, sizeof(args));
	case 0:
		rumpuser_dprintf("rumpkit: %s was not unmounted, and it had no "
		    "soft updates: repair it first, with `rumpkit fs check "
		    "--repair`\n", m->m_device);
		break;
	default:
		break;
	}
	rumpuser_seterrno(RUMP_EROFS);
	return -1;
}
