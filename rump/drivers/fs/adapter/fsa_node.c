/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_node.c: nodes: from a number to a node, and from a node to its vnode.
 *
 * A node is in the mount's hash as long as it has a vnode or is kept (fn_keep).  A
 * node is made under the mount's lock; its vnode without it, because getnewvnode()
 * may take another vnode's file away, and that takes locks of mounts.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include "fsa_private.h"

#define	HASH(fm, id)	(&(fm)->fm_hash[(id) & (fm)->fm_hashmask])

void
fsa_lock(struct fsa_mount *fm)
{

	(void)lockmgr(&fm->fm_lock, LK_EXCLUSIVE, NULL, curproc);
}

void
fsa_unlock(struct fsa_mount *fm)
{

	(void)lockmgr(&fm->fm_lock, LK_RELEASE, NULL, curproc);
}

struct fsa_node *
fsa_incore(struct fsa_mount *fm, ino_t id)
{
	struct fsa_node *fn;

	LIST_FOREACH(fn, HASH(fm, id), fn_hash)
		if (fn->fn_id == id)
			return (fn);
	return (NULL);
}

/* The node that found leads to, kept.  Caller must hold the mount's lock. */
int
fsa_hold(struct fsa_mount *fm, const struct fsa_found *found,
    struct fsa_node **fnp)
{
	struct fsa_node *fn;
	int error;

	if ((fn = fsa_incore(fm, found->ff_id)) == NULL) {
		fn = malloc(sizeof(*fn), M_VNODE, M_WAITOK | M_ZERO);
		fn->fn_mount = fm;
		fn->fn_id = found->ff_id;
		fn->fn_valid = FSA_ALLVALID;
		VATTR_NULL(&fn->fn_attr);
		if ((error = fm->fm_ops->fo_load(fn, found)) != 0) {
			free(fn, M_VNODE);
			return (error);
		}
		LIST_INSERT_HEAD(HASH(fm, fn->fn_id), fn, fn_hash);
	}
	fn->fn_keep++;
	*fnp = fn;
	return (0);
}

/* Ends a node that nobody uses.  Caller must hold the mount's lock. */
static void
node_end(struct fsa_node *fn)
{
	const struct fsa_ops *ops = fn->fn_mount->fm_ops;

	if (fn->fn_attr.va_nlink == 0) {
		if (!fn->fn_mount->fm_rdonly && ops->fo_free(fn) != 0)
			printf("fs/adapter: file %u could not be freed\n",
			    fn->fn_id);
	} else if (fn->fn_dirty != 0) {
		(void)ops->fo_store(fn);
	}
	LIST_REMOVE(fn, fn_hash);
	ops->fo_unload(fn);
	fsa_unmap(fn, 0);
	free(fn, M_VNODE);
}

void
fsa_unhold(struct fsa_node *fn)
{
	struct fsa_mount *fm = fn->fn_mount;

	KASSERT(fn->fn_keep > 0);
	if (fn->fn_keep > 1 || fn->fn_vnode != NULL) {
		fn->fn_keep--;
		return;
	}
	fsa_lock(fm);
	if (--fn->fn_keep == 0 && fn->fn_vnode == NULL)
		node_end(fn);
	fsa_unlock(fm);
}

static int
vnode_make(struct fsa_node *fn, struct vnode *vp)
{
	struct fsa_mount *fm = fn->fn_mount;

	vp->v_type = fn->fn_attr.va_type;
	vp->v_data = fn;
	fn->fn_vnode = vp;
	if (vp->v_type == VBLK || vp->v_type == VCHR) {
		vp->v_op = fsa_specop_p;
		(void)checkalias(vp, fn->fn_attr.va_rdev, fm->fm_mp);
	} else if (vp->v_type == VFIFO) {
		vp->v_op = fsa_fifoop_p;
	}
	if (fn->fn_id == fm->fm_rootid)
		vp->v_flag |= VROOT;
	return (vn_lock(vp, LK_EXCLUSIVE, curproc));
}

/* The vnode of a kept node, in use and locked. */
int
fsa_getvnode(struct fsa_node *fn, struct vnode **vpp)
{
	struct fsa_mount *fm = fn->fn_mount;
	struct vnode *vp;
	int error;

	*vpp = NULL;
	for (;;) {
		while ((vp = fn->fn_vnode) != NULL) {
			if (vget(vp, LK_EXCLUSIVE, curproc) == 0) {
				*vpp = vp;
				return (0);
			}
		}
		error = getnewvnode(fm->fm_tag, fm->fm_mp, fsa_vnodeop_p, &vp);
		if (error != 0)
			return (error);
		if (fn->fn_vnode == NULL)
			break;
		vrele(vp);		/* somebody was faster */
	}
	if ((error = vnode_make(fn, vp)) == 0)
		*vpp = vp;
	return (error);
}

/*
 * The last use is over.  A file without names ends; another's attributes go to the
 * disk's buffers, so that little is left to do when its vnode is taken.
 */
int
fsa_inactive(void *v)
{
	struct vop_inactive_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fsa_node *fn = VTOF(vp);
	struct fsa_mount *fm;
	int gone = 0;

	if (fn != NULL) {
		fm = fn->fn_mount;
		gone = fn->fn_attr.va_nlink == 0;
		if (gone && vp->v_type == VREG)
			(void)vinvalbuf(vp, 0, NOCRED, ap->a_p, 0, 0);
		if (!gone && fn->fn_dirty != 0 && !fm->fm_rdonly) {
			fsa_lock(fm);
			if (fn->fn_dirty != 0 && fm->fm_ops->fo_store(fn) == 0)
				fn->fn_dirty = 0;
			fsa_unlock(fm);
		}
	}
	VOP_UNLOCK(vp, 0, ap->a_p);
	if (gone)
		(void)vrecycle(vp, NULL, ap->a_p);
	return (0);
}

int
fsa_reclaim(void *v)
{
	struct vop_reclaim_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fsa_node *fn = VTOF(vp);
	struct fsa_mount *fm;

	vp->v_data = NULL;
	if (fn == NULL)
		return (0);
	fm = fn->fn_mount;
	fsa_lock(fm);
	fn->fn_vnode = NULL;
	if (fn->fn_keep == 0)
		node_end(fn);
	fsa_unlock(fm);
	return (0);
}
