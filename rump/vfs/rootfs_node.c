/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rootfs_node.c: the nodes of the memory root, and how they become vnodes.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include <rump/rumpuser.h>
#include "rootfs.h"

static ino_t lastino = 1;

struct rootnode *
rootnode_new(enum vtype type, mode_t mode)
{
	struct rootnode *rn;

	rn = malloc(sizeof(*rn), M_ROOTFS, M_WAITOK | M_ZERO);
	rn->rn_type = type;
	rn->rn_ino = ++lastino;
	rn->rn_mode = mode;
	rn->rn_nlink = 0;
	rn->rn_uid = curproc->p_ucred->cr_uid;
	rn->rn_gid = curproc->p_ucred->cr_gid;
	/* Reading a clock may be slow; nobody looks at these while booting. */
	if (!cold)
		nanotime(&rn->rn_time);
	if (type == VDIR)
		TAILQ_INIT(&rn->rn_entries);
	else if (type == VREG)
		rn->rn_hostfd = -1;
	return (rn);
}

void
rootnode_free(struct rootnode *rn)
{

	KASSERT(rn->rn_vnode == NULL);
	if (rn->rn_type == VLNK)
		free(rn->rn_link, M_ROOTFS);
	if (rn->rn_type == VREG) {
		free(rn->rn_data, M_ROOTFS);
		if (rn->rn_hostfd >= 0)
			(void)rumpuser_close(rn->rn_hostfd);
	}
	free(rn, M_ROOTFS);
}

/* Ends a use by the kernel; a node without a name and a vnode goes with it. */
void
rootnode_unkeep(struct rootnode *rn)
{

	KASSERT(rn->rn_keep > 0);
	if (--rn->rn_keep == 0 && rn->rn_nlink <= 0 && rn->rn_vnode == NULL)
		rootnode_free(rn);
}

static int
vget_kept(struct rootnode *rn, struct vnode **vpp)
{
	struct vnode *vp;
	int error;

again:
	while ((vp = rn->rn_vnode) != NULL) {
		error = vget(vp, LK_EXCLUSIVE, curproc);
		if (error == 0) {
			*vpp = vp;
			return (0);
		}
	}
	error = getnewvnode(VT_ROOTFS, rootfs_mp, rootfs_vnodeop_p, &vp);
	if (error != 0)
		return (error);
	if (rn->rn_vnode != NULL) {	/* somebody was faster */
		vrele(vp);
		goto again;
	}
	vp->v_type = rn->rn_type;
	vp->v_data = rn;
	rn->rn_vnode = vp;
	if (vp->v_type == VBLK || vp->v_type == VCHR) {
		vp->v_op = rootfs_specop_p;
		(void)checkalias(vp, rn->rn_rdev, rootfs_mp);
	}
	if (rn->rn_type == VDIR && rn->rn_parent == rn)
		vp->v_flag |= VROOT;
	error = vn_lock(vp, LK_EXCLUSIVE, curproc);
	KASSERT(error == 0);
	*vpp = vp;
	return (0);
}

/* The vnode of a node, in use and locked.  The name may go while this sleeps. */
int
rootnode_vget(struct rootnode *rn, struct vnode **vpp)
{
	int error;

	rn->rn_keep++;
	error = vget_kept(rn, vpp);
	rootnode_unkeep(rn);
	return (error);
}

struct rootdirent *
rootdir_find(struct rootnode *dir, const char *name, int namelen)
{
	struct rootdirent *rd;

	TAILQ_FOREACH(rd, &dir->rn_entries, rd_list)
		if (rd->rd_namelen == namelen &&
		    memcmp(rd->rd_name, name, namelen) == 0)
			return (rd);
	return (NULL);
}

void
rootdir_add(struct rootnode *dir, struct rootnode *rn, const char *name,
    int namelen)
{
	struct rootdirent *rd, *last;

	rd = malloc(sizeof(*rd) + namelen, M_ROOTFS, M_WAITOK);
	rd->rd_node = rn;
	rd->rd_namelen = namelen;
	memcpy(rd->rd_name, name, namelen);
	/* 0 and 1 are "." and "..". */
	last = TAILQ_EMPTY(&dir->rn_entries) ? NULL :
	    TAILQ_LAST(&dir->rn_entries, rootentries);
	rd->rd_cookie = last == NULL ? 2 : last->rd_cookie + 1;
	TAILQ_INSERT_TAIL(&dir->rn_entries, rd, rd_list);
	rn->rn_nlink++;
	if (rn->rn_type == VDIR) {
		rn->rn_nlink++;
		rn->rn_parent = dir;
		dir->rn_nlink++;
	}
	dir->rn_size++;
}

void
rootdir_remove(struct rootnode *dir, struct rootdirent *rd)
{
	struct rootnode *rn = rd->rd_node;

	TAILQ_REMOVE(&dir->rn_entries, rd, rd_list);
	free(rd, M_ROOTFS);
	dir->rn_size--;
	rn->rn_nlink--;
	if (rn->rn_type == VDIR) {
		rn->rn_nlink--;
		rn->rn_parent = NULL;	/* which may go before it */
		dir->rn_nlink--;
	}
}
