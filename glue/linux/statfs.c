/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * statfs.c: statfs, fstatfs.
 */
#include "linux.h"
#include "file.h"

/* Linux names file systems by number. */
static const struct {
	const char *name;
	int64_t magic;
} linux_fs_types[] = {
	{ "cd9660", 0x9660 },
	{ "ffs", 0x00011954 },
	{ "ext2fs", 0xef53 },
	{ "msdos", 0x4d44 },
	{ "tmpfs", 0x01021994 },
	{ "rootfs", 0x858458f6 },	/* a memory root: Linux's ramfs */
	{ "rumpfs", 0x858458f6 }
};

#define	LINUX_ST_RDONLY		0x0001
#define	LINUX_ST_VALID		0x0020

/* f_frsize is the unit of both systems' counts; as f_bsize it stays right. */
static long
linux_statfs_out(uint64_t addr, const struct rump_statvfs *sv)
{
	struct linux_statfs ls;
	size_t i;

	memset(&ls, 0, sizeof(ls));
	for (i = 0; i < LINUX_NELEM(linux_fs_types); i++) {
		if (linux_strcmp(sv->f_fstypename,
		    linux_fs_types[i].name) == 0)
			ls.f_type = linux_fs_types[i].magic;
	}
	ls.f_bsize = ls.f_frsize = (int64_t)sv->f_frsize;
	ls.f_blocks = sv->f_blocks;
	ls.f_bfree = sv->f_bfree;
	ls.f_bavail = sv->f_bavail;
	ls.f_files = sv->f_files;
	ls.f_ffree = sv->f_ffree;
	ls.f_fsid[0] = sv->f_fsidx[0];
	ls.f_fsid[1] = sv->f_fsidx[1];
	ls.f_namelen = (int64_t)sv->f_namemax;
	ls.f_flags = LINUX_ST_VALID;
	if (sv->f_flag & RUMP_MNT_RDONLY)
		ls.f_flags |= LINUX_ST_RDONLY;
	return linux_user_out(addr, &ls, sizeof(ls));
}

long
linux_sys_statfs(struct linux_call *lc)
{
	struct rump_statvfs sv;

	if (rump_sys_statvfs1((const char *)lc->lc_arg[0], &sv,
	    RUMP_ST_WAIT) == -1)
		return linux_result(-1);
	return linux_statfs_out(lc->lc_arg[1], &sv);
}

long
linux_sys_fstatfs(struct linux_call *lc)
{
	struct rump_statvfs sv;
	struct linux_file *f;
	long result = -LINUX_ENOSYS;

	if ((f = linux_file_get((int)lc->lc_arg[0])) == NULL)
		return -LINUX_EBADF;
	if (f->f_rumpfd != -1)
		result = linux_result(rump_sys_fstatvfs1(f->f_rumpfd, &sv,
		    RUMP_ST_WAIT));
	linux_file_put(f);
	return result < 0 ? result : linux_statfs_out(lc->lc_arg[1], &sv);
}
