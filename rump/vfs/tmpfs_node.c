/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_node.c: the files of a tmpfs, and how they become vnodes.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include <rump/rumpuser.h>
#include "tmpfs.h"

static struct pool node_pool;

void
tmpfs_node_init(void)
{

	pool_init(&node_pool, sizeof(struct tmpfs_node), 0, 0, 0, "tmpfs",
	    NULL);
}

/* A file without a name. */
int
tmpfs_node_new(struct tmpfs_mount *tm, enum vtype type, mode_t mode,
    struct ucred *cred, struct tmpfs_node **tnp)
{
	struct tmpfs_node *tn;

	if (tmpfs_charge_node(tm) != 0)
		return (ENOSPC);
	if ((tn = pool_get(&node_pool, PR_NOWAIT | PR_ZERO)) == NULL) {
		tmpfs_uncharge_node(tm);
		return (ENOSPC);
	}
	tn->tn_mount = tm;
	tn->tn_type = type;
	tn->tn_ino = ++tm->tm_lastino;
	tn->tn_mode = mode;
	tn->tn_uid = cred->cr_uid;
	tn->tn_gid = cred->cr_gid;
	/* Reading a clock may be slow; nobody looks at these while booting. */
	if (!cold)
		nanotime(&tn->tn_birthtime);
	tn->tn_atime = tn->tn_mtime = tn->tn_ctime = tn->tn_birthtime;
	if (type == VDIR) {
		TAILQ_INIT(&tn->tn_entries);
		tn->tn_cookie = 2;	/* behind "." and ".." */
	}
	LIST_INSERT_HEAD(&tm->tm_nodelist, tn, tn_list);
	*tnp = tn;
	return (0);
}

void
tmpfs_node_free(struct tmpfs_node *tn)
{
	struct tmpfs_mount *tm = tn->tn_mount;

	KASSERT(tn->tn_vnode == NULL);
	if (tn->tn_type == VLNK) {
		free(tn->tn_link, M_ROOTFS);
		tmpfs_uncharge(tm, tn->tn_charged);
	} else if (tn->tn_type == VREG && tn->tn_host != NULL) {
		(void)rumpuser_close(tn->tn_host->th_fd);
		free(tn->tn_host, M_ROOTFS);
	} else if (tn->tn_type == VREG) {
		(void)tmpfs_resize(tn, 0);
	} else if (tn->tn_type == VDIR) {
		free(tn->tn_table, M_ROOTFS);
	}
	LIST_REMOVE(tn, tn_list);
	pool_put(&node_pool, tn);
	tmpfs_uncharge_node(tm);
}

/* Ends a use by the kernel; a node without a name and a vnode goes with it. */
void
tmpfs_node_unkeep(struct tmpfs_node *tn)
{

	KASSERT(tn->tn_keep > 0);
	if (--tn->tn_keep == 0 && tn->tn_nlink <= 0 && tn->tn_vnode == NULL)
		tmpfs_node_free(tn);
}

static int
vget_kept(struct tmpfs_node *tn, struct vnode **vpp)
{
	struct mount *mp = tn->tn_mount->tm_mp;
	struct vnode *vp;
	int error;

again:
	while ((vp = tn->tn_vnode) != NULL) {
		error = vget(vp, LK_EXCLUSIVE, curproc);
		if (error == 0) {
			*vpp = vp;
			return (0);
		}
	}
	error = getnewvnode(VT_TMPFS, mp, tmpfs_vnodeop_p, &vp);
	if (error != 0)
		return (error);
	if (tn->tn_vnode != NULL) {	/* somebody was faster */
		vrele(vp);
		goto again;
	}
	vp->v_type = tn->tn_type;
	vp->v_data = tn;
	tn->tn_vnode = vp;
	if (vp->v_type == VBLK || vp->v_type == VCHR) {
		vp->v_op = tmpfs_specop_p;
		(void)checkalias(vp, tn->tn_rdev, mp);
	} else if (vp->v_type == VFIFO) {
		vp->v_op = tmpfs_fifoop_p;
	}
	if (tn == tn->tn_mount->tm_root)
		vp->v_flag |= VROOT;
	error = vn_lock(vp, LK_EXCLUSIVE, curproc);
	KASSERT(error == 0);
	*vpp = vp;
	return (0);
}

/* The vnode of a node, in use and locked.  The name may go while this sleeps. */
int
tmpfs_vget(struct tmpfs_node *tn, struct vnode **vpp)
{
	int error;

	tn->tn_keep++;
	error = vget_kept(tn, vpp);
	tmpfs_node_unkeep(tn);
	return (error);
}
