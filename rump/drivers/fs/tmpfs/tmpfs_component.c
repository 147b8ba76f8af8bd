/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_component.c: attaches the type "tmpfs": files in memory, mounted where
 * and as often as one likes, with limits.  The files themselves are the vfs
 * faction's, which makes the root of every kernel of them (rump-sys/tmpfs.h).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <rump/rumpdefs.h>
#include <rump-sys/component.h>
#include <rump-sys/tmpfs.h>

static int
take_args(const void *data, struct tmpfs_limits *tl)
{
	struct rump_tmpfs_args args;
	int error;

	if ((error = copyin(data, &args, sizeof(args))) != 0)
		return (error);
	if (args.ta_version != RUMP_TMPFS_ARGS_VERSION ||
	    args.ta_size_max < 0 || (args.ta_root_mode & ~ALLPERMS) != 0)
		return (EINVAL);
	tl->tl_nodes = args.ta_nodes_max;
	tl->tl_bytes = (uint64_t)args.ta_size_max;
	tl->tl_uid = args.ta_root_uid;
	tl->tl_gid = args.ta_root_gid;
	tl->tl_mode = args.ta_root_mode;
	return (0);
}

/* An update may come without data: then only flags change. */
static int
tmpfs_vfs_mount(struct mount *mp, const char *path, void *data,
    struct nameidata *ndp, struct proc *p)
{
	int isupdate = (mp->mnt_flag & MNT_UPDATE) != 0, error;
	struct tmpfs_limits tl;

	(void)ndp;
	(void)p;
	if (isupdate && data == NULL)
		return (0);
	if ((error = take_args(data, &tl)) != 0)
		return (error);
	if (isupdate)
		return (tmpfs_setlimits(mp, &tl));
	if ((error = tmpfs_mount(mp, &tl)) != 0)
		return (error);
	strlcpy(mp->mnt_stat.f_mntfromname, "tmpfs",
	    sizeof(mp->mnt_stat.f_mntfromname));
	return (copyinstr(path, mp->mnt_stat.f_mntonname,
	    sizeof(mp->mnt_stat.f_mntonname), NULL));
}

static const struct vfsops tmpfs_vfsops = {
	.vfs_mount = tmpfs_vfs_mount,
	.vfs_start = tmpfs_start,
	.vfs_unmount = tmpfs_unmount,
	.vfs_root = tmpfs_root,
	.vfs_statfs = tmpfs_statfs,
	.vfs_sync = tmpfs_sync,
};

static struct vfsconf tmpfs_vfsconf = {
	.vfc_vfsops = &tmpfs_vfsops,
	.vfc_name = "tmpfs",
};

RUMP_COMPONENT(RUMP_COMPONENT_VFS)
{

	vfs_attach(&tmpfs_vfsconf);
}
