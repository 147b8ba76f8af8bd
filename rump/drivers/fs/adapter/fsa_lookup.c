/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_lookup.c: names: from one to a vnode, and listing them.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/dirent.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include "fsa_private.h"

#define	ISLASTOF(cnp, op) \
	(((cnp)->cn_flags & ISLASTCN) && (cnp)->cn_nameiop == (op))

/* Does the caller want to find the folder still locked? */
static int
wants_parent(struct componentname *cnp)
{

	return ((cnp->cn_flags & (LOCKPARENT | ISLASTCN)) ==
	    (LOCKPARENT | ISLASTCN));
}

/* In a sticky folder only who owns it or the file may take the name away. */
static int
sticky_check(struct fsa_node *dir, struct fsa_node *fn, struct ucred *cred)
{

	return ((dir->fn_attr.va_mode & S_ISVTX) != 0 && cred->cr_uid != 0 &&
	    cred->cr_uid != dir->fn_attr.va_uid &&
	    cred->cr_uid != fn->fn_attr.va_uid ? EPERM : 0);
}

/* The name is free: may it be made? */
static int
lookup_free(struct vnode *dvp, struct componentname *cnp)
{
	struct fsa_node *dir = VTOF(dvp);
	int error;

	if (ISLASTOF(cnp, CREATE) || ISLASTOF(cnp, RENAME)) {
		/* Nothing can be made in a folder that was removed. */
		if (dir->fn_attr.va_nlink == 0)
			return (ENOENT);
		error = VOP_ACCESS(dvp, VWRITE, cnp->cn_cred, cnp->cn_proc);
		if (error != 0)
			return (error);
		cnp->cn_flags |= SAVENAME;
		return (EJUSTRETURN);
	}
	if ((cnp->cn_flags & MAKEENTRY) && cnp->cn_nameiop != CREATE &&
	    (dir->fn_mount->fm_flags & FSA_NOCASE) == 0)
		cache_enter(dvp, NULL, cnp);
	return (ENOENT);
}

/* The name is there, and is to be taken away or given to another. */
static int
lookup_change(struct vnode *dvp, struct fsa_node *fn, struct componentname *cnp)
{
	int error;

	if (!ISLASTOF(cnp, DELETE) && !ISLASTOF(cnp, RENAME))
		return (0);
	error = VOP_ACCESS(dvp, VWRITE, cnp->cn_cred, cnp->cn_proc);
	if (error == 0)
		error = sticky_check(VTOF(dvp), fn, cnp->cn_cred);
	cnp->cn_flags |= SAVENAME;
	return (error);
}

/*
 * The vnode of a kept node found under dvp; dvp stays locked or not as the caller
 * of VOP_LOOKUP wants it.  Parents are locked before children.
 */
static int
lookup_vnode(struct vnode *dvp, struct fsa_node *fn, struct vnode **vpp,
    struct componentname *cnp)
{
	struct proc *p = cnp->cn_proc;
	int error;

	if (fn == VTOF(dvp)) {		/* "." or a damaged disk */
		vref(dvp);
		*vpp = dvp;
		return (0);
	}
	if (cnp->cn_flags & ISDOTDOT) {
		VOP_UNLOCK(dvp, 0, p);
		cnp->cn_flags |= PDIRUNLOCK;
	}
	if ((error = fsa_getvnode(fn, vpp)) == 0 && !wants_parent(cnp)) {
		if ((cnp->cn_flags & PDIRUNLOCK) == 0)
			VOP_UNLOCK(dvp, 0, p);
		cnp->cn_flags |= PDIRUNLOCK;
	} else if (cnp->cn_flags & PDIRUNLOCK) {
		(void)vn_lock(dvp, LK_EXCLUSIVE | LK_RETRY, p);
		cnp->cn_flags &= ~PDIRUNLOCK;
	}
	return (error);
}

/* What the library says about a name: a kept node. */
static int
lookup_node(struct fsa_node *dir, struct componentname *cnp,
    struct fsa_node **fnp)
{
	struct fsa_mount *fm = dir->fn_mount;
	struct fsa_found found;
	int error;

	if (dir->fn_attr.va_nlink == 0)
		return (ENOENT);
	if ((u_long)cnp->cn_namelen > fm->fm_namemax)
		return (ENAMETOOLONG);
	memset(&found, 0, sizeof(found));
	fsa_lock(fm);
	error = fm->fm_ops->fo_lookup(dir, cnp->cn_nameptr,
	    (size_t)cnp->cn_namelen, &found);
	if (error == 0)
		error = fsa_hold(fm, &found, fnp);
	fsa_unlock(fm);
	return (error);
}

int
fsa_lookup(void *v)
{
	struct vop_lookup_args *ap = v;
	struct componentname *cnp = ap->a_cnp;
	struct vnode *dvp = ap->a_dvp;
	struct fsa_node *dir = VTOF(dvp), *fn;
	u_int gen = dir->fn_namegen;
	int error;

	*ap->a_vpp = NULL;
	cnp->cn_flags &= ~PDIRUNLOCK;
	if (dvp->v_type != VDIR)
		return (ENOTDIR);
	if ((error = VOP_ACCESS(dvp, VEXEC, cnp->cn_cred, cnp->cn_proc)) != 0)
		return (error);
	if ((dvp->v_mount->mnt_flag & MNT_RDONLY) &&
	    (ISLASTOF(cnp, DELETE) || ISLASTOF(cnp, RENAME)))
		return (EROFS);
	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		vref(dvp);
		*ap->a_vpp = dvp;
		return (0);
	}
	if ((error = cache_lookup(dvp, ap->a_vpp, cnp)) >= 0)
		return (error);
	error = lookup_node(dir, cnp, &fn);
	if (error == ENOENT)
		return (lookup_free(dvp, cnp));
	if (error != 0)
		return (error);
	if ((error = lookup_change(dvp, fn, cnp)) == 0)
		error = lookup_vnode(dvp, fn, ap->a_vpp, cnp);
	fsa_unhold(fn);
	/* rename() may have taken the name meanwhile: it locks no folder. */
	if (error == 0 && (cnp->cn_flags & MAKEENTRY) &&
	    dir->fn_namegen == gen)
		cache_enter(dvp, *ap->a_vpp, cnp);
	return (error);
}

static int
readdir_fill(void *arg, ino_t id, enum vtype type, const char *name,
    size_t namelen, off_t next)
{
	struct uio *uio = arg;
	struct dirent de;

	(void)next;
	if (namelen > NAME_MAX)
		return (0);
	de.d_fileno = id;
	de.d_type = IFTODT(VTTOIF(type));
	de.d_namlen = (u_int8_t)namelen;
	de.d_reclen = DIRENT_SIZE(&de);
	memcpy(de.d_name, name, namelen);
	memset(de.d_name + namelen, 0,
	    de.d_reclen - offsetof(struct dirent, d_name) - namelen);
	if (uio->uio_resid < de.d_reclen)
		return (-1);
	return (uiomove(&de, de.d_reclen, uio));
}

int
fsa_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	struct fsa_node *dir = VTOF(ap->a_vp);
	struct fsa_mount *fm = dir->fn_mount;
	struct uio *uio = ap->a_uio;
	size_t resid = uio->uio_resid;
	off_t at = uio->uio_offset;
	int error;

	if (ap->a_vp->v_type != VDIR)
		return (ENOTDIR);
	*ap->a_eofflag = 1;
	if (dir->fn_attr.va_nlink == 0)		/* removed: not even "." */
		return (0);
	fsa_lock(fm);
	error = fm->fm_ops->fo_readdir(dir, &at, readdir_fill, uio);
	fsa_unlock(fm);
	uio->uio_offset = at;
	/* Less than the largest entry is left: it may be full. */
	*ap->a_eofflag = uio->uio_resid >= sizeof(struct dirent);
	if (error == 0 && uio->uio_resid == resid && !*ap->a_eofflag)
		error = EINVAL;
	return (error);
}
