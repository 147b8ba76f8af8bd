/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_vfsops.c: a tmpfs as a mounted file system.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump-sys/tmpfs.h>
#include "tmpfs.h"

static int lastminor;

/* Makes mp, a new mount, a tmpfs with an empty root folder. */
int
tmpfs_mount(struct mount *mp, const struct tmpfs_limits *tl)
{
	struct ucred cred = { .cr_uid = tl->tl_uid, .cr_gid = tl->tl_gid };
	struct tmpfs_mount *tm;
	int error;

	tm = malloc(sizeof(*tm), M_ROOTFS, M_WAITOK | M_CANFAIL | M_ZERO);
	if (tm == NULL)
		return (ENOSPC);
	LIST_INIT(&tm->tm_nodelist);
	tm->tm_mp = mp;
	tm->tm_nodes_max = tl->tl_nodes != 0 ? tl->tl_nodes : INT32_MAX;
	tm->tm_bytes_max = tl->tl_bytes != 0 ? tl->tl_bytes : INT64_MAX;
	tm->tm_lastino = 1;
	error = tmpfs_node_new(tm, VDIR, tl->tl_mode, &cred, &tm->tm_root);
	if (error != 0) {
		free(tm, M_ROOTFS);
		return (error);
	}
	tm->tm_root->tn_parent = tm->tm_root;
	tm->tm_root->tn_nlink = 2;
	lastminor++;
	mp->mnt_data = tm;
	mp->mnt_flag |= MNT_LOCAL;
	mp->mnt_stat.f_fsid.val[0] = makedev(0, lastminor);
	mp->mnt_stat.f_fsid.val[1] = mp->mnt_vfc->vfc_typenum;
	return (0);
}

/* New limits; not below what is used. */
int
tmpfs_setlimits(struct mount *mp, const struct tmpfs_limits *tl)
{
	struct tmpfs_mount *tm = MPTOTM(mp);
	uint64_t nodes = tl->tl_nodes != 0 ? tl->tl_nodes : INT32_MAX;
	uint64_t bytes = tl->tl_bytes != 0 ? tl->tl_bytes : INT64_MAX;

	if (nodes < tm->tm_nodes || bytes < tm->tm_bytes)
		return (EINVAL);
	tm->tm_nodes_max = nodes;
	tm->tm_bytes_max = bytes;
	return (0);
}

int
tmpfs_unmount(struct mount *mp, int flags, struct proc *p)
{
	struct tmpfs_mount *tm = MPTOTM(mp);
	struct tmpfs_dirent *td;
	struct tmpfs_node *tn;
	int error;

	(void)p;
	error = vflush(mp, NULL, flags & MNT_FORCE ? FORCECLOSE : 0);
	if (error != 0)
		return (error);
	LIST_FOREACH(tn, &tm->tm_nodelist, tn_list)
		while (tn->tn_type == VDIR &&
		    (td = TAILQ_FIRST(&tn->tn_entries)) != NULL)
			tmpfs_dir_remove(tn, td);
	while ((tn = LIST_FIRST(&tm->tm_nodelist)) != NULL)
		tmpfs_node_free(tn);
	KASSERT(tm->tm_bytes == 0 && tm->tm_nodes == 0);
	free(tm, M_ROOTFS);
	mp->mnt_data = NULL;
	return (0);
}

int
tmpfs_start(struct mount *mp, int flags, struct proc *p)
{

	(void)mp;
	(void)flags;
	(void)p;
	return (0);
}

int
tmpfs_root(struct mount *mp, struct vnode **vpp)
{

	return (tmpfs_vget(MPTOTM(mp)->tm_root, vpp));
}

/* In pages; where nothing limits it, as many as the structure can say. */
int
tmpfs_statfs(struct mount *mp, struct statfs *sbp, struct proc *p)
{
	struct tmpfs_mount *tm = MPTOTM(mp);
	uint64_t used = howmany(tm->tm_bytes, (uint64_t)PAGE_SIZE);
	uint64_t avail = tmpfs_bytes_free(tm) / PAGE_SIZE;

	(void)p;
	sbp->f_bsize = PAGE_SIZE;
	sbp->f_iosize = TMPFS_CHUNK;
	sbp->f_bavail = (int32_t)MIN(avail, (uint64_t)INT32_MAX - used);
	sbp->f_bfree = (uint32_t)sbp->f_bavail;
	sbp->f_blocks = (uint32_t)(used + sbp->f_bfree);
	sbp->f_files = (uint32_t)MIN(tm->tm_nodes_max, INT32_MAX);
	sbp->f_ffree = (uint32_t)(sbp->f_files - MIN(tm->tm_nodes,
	    sbp->f_files));
	return (0);
}

static int
sync_device(struct vnode *vp, void *arg)
{
	int *waitfor = arg;

	if (vp->v_type == VBLK && !LIST_EMPTY(&vp->v_dirtyblkhd) &&
	    vget(vp, LK_EXCLUSIVE | LK_NOWAIT, curproc) == 0) {
		(void)VOP_FSYNC(vp, NOCRED, *waitfor, curproc);
		vput(vp);
	}
	return (0);
}

/* Files are in memory; what was written to devices is not yet on them. */
int
tmpfs_sync(struct mount *mp, int waitfor, struct ucred *cred, struct proc *p)
{

	(void)cred;
	(void)p;
	return (vfs_mount_foreach_vnode(mp, sync_device, &waitfor));
}
