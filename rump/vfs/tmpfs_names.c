/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_names.c: operations of a tmpfs that look names up, make and remove them.
 *
 * Memory for a new name is had before the folder is looked at: from there on
 * nothing sleeps, so that one virtual CPU is lock enough.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/event.h>
#include <sys/malloc.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include "tmpfs.h"

static struct tmpfs_dirent *
find(struct vnode *dvp, struct componentname *cnp)
{

	return (tmpfs_dir_find(VTOTN(dvp), cnp->cn_nameptr,
	    (size_t)cnp->cn_namelen, (uint32_t)cnp->cn_hash));
}

/* May the name of file tn be taken out of dir? */
static int
remove_check(struct tmpfs_node *dir, struct tmpfs_node *tn, struct ucred *cred)
{

	/* In a sticky folder only by who owns it or the file. */
	if ((dir->tn_mode & S_ISVTX) != 0 && cred->cr_uid != 0 &&
	    cred->cr_uid != dir->tn_uid && cred->cr_uid != tn->tn_uid)
		return (EPERM);
	return ((tn->tn_flags & (IMMUTABLE | APPEND)) != 0 ||
	    (dir->tn_flags & APPEND) != 0 ? EPERM : 0);
}

/* Unlocks the parent unless the caller asked to have it. */
static void
lookup_unlock(struct vnode *dvp, struct componentname *cnp)
{

	if ((cnp->cn_flags & (LOCKPARENT | ISLASTCN)) !=
	    (LOCKPARENT | ISLASTCN)) {
		VOP_UNLOCK(dvp, 0, cnp->cn_proc);
		cnp->cn_flags |= PDIRUNLOCK;
	}
}

static int
lookup_dotdot(struct vnode *dvp, struct vnode **vpp, struct componentname *cnp)
{
	struct tmpfs_node *up = VTOTN(dvp)->tn_parent;
	int error;

	if (up == NULL)
		return (ENOENT);
	/* Parents are locked before children. */
	VOP_UNLOCK(dvp, 0, cnp->cn_proc);
	cnp->cn_flags |= PDIRUNLOCK;
	error = tmpfs_vget(up, vpp);
	if (error != 0 || (cnp->cn_flags & (LOCKPARENT | ISLASTCN)) ==
	    (LOCKPARENT | ISLASTCN)) {
		(void)vn_lock(dvp, LK_EXCLUSIVE | LK_RETRY, cnp->cn_proc);
		cnp->cn_flags &= ~PDIRUNLOCK;
	}
	return (error);
}

int
tmpfs_lookup(void *v)
{
	struct vop_lookup_args *ap = v;
	struct componentname *cnp = ap->a_cnp;
	struct vnode *dvp = ap->a_dvp;
	int islast = (cnp->cn_flags & ISLASTCN) != 0, op = cnp->cn_nameiop;
	struct tmpfs_dirent *td;
	int error;

	*ap->a_vpp = NULL;
	cnp->cn_flags &= ~PDIRUNLOCK;
	if ((error = VOP_ACCESS(dvp, VEXEC, cnp->cn_cred, cnp->cn_proc)) != 0)
		return (error);
	if (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.') {
		vref(dvp);
		*ap->a_vpp = dvp;
		return (0);
	}
	if (cnp->cn_flags & ISDOTDOT)
		return (lookup_dotdot(dvp, ap->a_vpp, cnp));
	td = find(dvp, cnp);
	if (td == NULL) {
		/* Nothing can be made in a folder that was removed. */
		if (VTOTN(dvp)->tn_parent == NULL || !islast ||
		    (op != CREATE && op != RENAME))
			return (ENOENT);
		error = VOP_ACCESS(dvp, VWRITE, cnp->cn_cred, cnp->cn_proc);
		return (error != 0 ? error : EJUSTRETURN);
	}
	if (islast && (op == DELETE || op == RENAME) &&
	    ((error = VOP_ACCESS(dvp, VWRITE, cnp->cn_cred,
	    cnp->cn_proc)) != 0 || (error = remove_check(VTOTN(dvp),
	    td->td_node, cnp->cn_cred)) != 0))
		return (error);
	if ((error = tmpfs_vget(td->td_node, ap->a_vpp)) == 0)
		lookup_unlock(dvp, cnp);
	return (error);
}

static void
name_done(struct componentname *cnp)
{

	if ((cnp->cn_flags & (HASBUF | SAVESTART)) == HASBUF)
		pool_put(&namei_pool, cnp->cn_pnbuf);
}

/* Names of a folder changed. */
static void
dir_changed(struct vnode *dvp, long hint)
{
	struct tmpfs_node *dir = VTOTN(dvp);

	nanotime(&dir->tn_mtime);
	dir->tn_ctime = dir->tn_mtime;
	VNODE_NOTE(dvp, NOTE_WRITE | hint);
}

/* A node with what va says; it has the group of its folder, as in all BSDs. */
static int
new_node(struct tmpfs_node *dir, struct componentname *cnp, struct vattr *va,
    struct tmpfs_node **tnp)
{
	mode_t mode = va->va_mode;
	int error;

	if ((mode & S_ISGID) && cnp->cn_cred->cr_uid != 0 &&
	    !groupmember(dir->tn_gid, cnp->cn_cred))
		mode &= ~S_ISGID;
	error = tmpfs_node_new(dir->tn_mount, va->va_type, mode, cnp->cn_cred,
	    tnp);
	if (error == 0)
		(*tnp)->tn_gid = dir->tn_gid;
	return (error);
}

/* Enters a new node under the name of *cnp; releases dvp. */
static int
make_node(struct vnode *dvp, struct vnode **vpp, struct componentname *cnp,
    struct vattr *va, const char *target)
{
	struct tmpfs_node *dir = VTOTN(dvp), *tn;
	struct tmpfs_dirent *td = NULL;
	size_t len;
	int error;

	if (va->va_type == VDIR && dir->tn_nlink >= LINK_MAX) {
		error = EMLINK;
		goto out;
	}
	if ((error = new_node(dir, cnp, va, &tn)) != 0)
		goto out;
	td = tmpfs_dirent_new(cnp->cn_nameptr, (size_t)cnp->cn_namelen,
	    (uint32_t)cnp->cn_hash);
	if (td == NULL)
		error = ENOSPC;
	if (va->va_type == VBLK || va->va_type == VCHR)
		tn->tn_rdev = va->va_rdev;
	if (error == 0 && va->va_type == VLNK) {
		len = strlen(target);
		if ((error = tmpfs_charge(dir->tn_mount, len + 1)) == 0)
			tn->tn_charged = len + 1;
		if (error == 0 && (tn->tn_link = malloc(len + 1, M_ROOTFS,
		    M_WAITOK | M_CANFAIL)) == NULL)
			error = ENOSPC;
		if (error == 0) {
			memcpy(tn->tn_link, target, len + 1);
			tn->tn_size = (off_t)len;
		}
	}
	if (error != 0) {
		free(td, M_ROOTFS);
		tmpfs_node_free(tn);
		goto out;
	}
	tmpfs_dir_add(dir, tn, td);
	dir_changed(dvp, va->va_type == VDIR ? NOTE_LINK : 0);
	if (vpp != NULL)
		error = tmpfs_vget(tn, vpp);
out:
	name_done(cnp);
	vput(dvp);
	return (error);
}

int
tmpfs_create(void *v)
{
	struct vop_create_args *ap = v;

	return (make_node(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, NULL));
}

int
tmpfs_mkdir(void *v)
{
	struct vop_mkdir_args *ap = v;

	return (make_node(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, NULL));
}

int
tmpfs_mknod(void *v)
{
	struct vop_mknod_args *ap = v;

	return (make_node(ap->a_dvp, NULL, ap->a_cnp, ap->a_vap, NULL));
}

int
tmpfs_symlink(void *v)
{
	struct vop_symlink_args *ap = v;

	return (make_node(ap->a_dvp, NULL, ap->a_cnp, ap->a_vap,
	    ap->a_target));
}

/* Takes the name of *cnp out of dvp, if error is 0; releases both vnodes. */
static int
remove_name(struct vnode *dvp, struct vnode *vp, struct componentname *cnp,
    int error)
{
	struct tmpfs_dirent *td = find(dvp, cnp);

	if (error == 0 && (td == NULL || td->td_node != VTOTN(vp)))
		error = ENOENT;
	if (error == 0) {
		tmpfs_dir_remove(VTOTN(dvp), td);
		dir_changed(dvp, vp->v_type == VDIR ? NOTE_LINK : 0);
		VTOTN(vp)->tn_ctime = VTOTN(dvp)->tn_ctime;
		VNODE_NOTE(vp, NOTE_DELETE);
	}
	name_done(cnp);
	vput(dvp);
	vput(vp);
	return (error);
}

int
tmpfs_remove(void *v)
{
	struct vop_remove_args *ap = v;

	return (remove_name(ap->a_dvp, ap->a_vp, ap->a_cnp, 0));
}

int
tmpfs_rmdir(void *v)
{
	struct vop_rmdir_args *ap = v;

	return (remove_name(ap->a_dvp, ap->a_vp, ap->a_cnp,
	    VTOTN(ap->a_vp)->tn_count != 0 ? ENOTEMPTY : 0));
}

int
tmpfs_link(void *v)
{
	struct vop_link_args *ap = v;
	struct tmpfs_node *tn = VTOTN(ap->a_vp);
	struct componentname *cnp = ap->a_cnp;
	struct tmpfs_dirent *td;
	int error = 0;

	if (tn->tn_nlink >= LINK_MAX)
		error = EMLINK;
	else if (tn->tn_nlink <= 0)
		error = ENOENT;		/* its last name went meanwhile */
	else if (tn->tn_flags & (IMMUTABLE | APPEND))
		error = EPERM;
	else if ((td = tmpfs_dirent_new(cnp->cn_nameptr,
	    (size_t)cnp->cn_namelen, (uint32_t)cnp->cn_hash)) == NULL)
		error = ENOSPC;
	if (error == 0) {
		tmpfs_dir_add(VTOTN(ap->a_dvp), tn, td);
		dir_changed(ap->a_dvp, 0);
		tn->tn_ctime = VTOTN(ap->a_dvp)->tn_ctime;
		VNODE_NOTE(ap->a_vp, NOTE_LINK);
	}
	name_done(cnp);
	vput(ap->a_dvp);
	return (error);
}

/* May the source, found as frd, take the target's place? */
static int
rename_check(struct vop_rename_args *ap, struct tmpfs_dirent *ftd)
{
	struct tmpfs_node *fdir = VTOTN(ap->a_fdvp), *tdir = VTOTN(ap->a_tdvp);
	struct tmpfs_node *tn = ap->a_tvp != NULL ? VTOTN(ap->a_tvp) : NULL;
	struct ucred *cred = ap->a_tcnp->cn_cred;
	struct tmpfs_node *fn = VTOTN(ap->a_fvp);

	if (fn == NULL || fdir == NULL || ftd == NULL || ftd->td_node != fn ||
	    tdir->tn_parent == NULL)
		return (ENOENT);
	if ((fn->tn_flags & (IMMUTABLE | APPEND)) || (fdir->tn_flags & APPEND))
		return (EPERM);
	if (tn != NULL && tn->tn_type == VDIR && tn->tn_count != 0)
		return (ENOTEMPTY);
	if (fn->tn_type != VDIR || fdir == tdir)
		return (0);
	if (tn == NULL && tdir->tn_nlink >= LINK_MAX)
		return (EMLINK);
	/* Its ".." is written, which a stranger may not. */
	return (vaccess(fn->tn_mode, fn->tn_uid, fn->tn_gid, VWRITE, cred));
}

/* The names change hands: td, not yet in a folder, is the new one. */
static void
rename_commit(struct vop_rename_args *ap, struct tmpfs_dirent *ftd,
    struct tmpfs_dirent *td)
{
	struct tmpfs_node *fdir = VTOTN(ap->a_fdvp), *tdir = VTOTN(ap->a_tdvp);
	struct tmpfs_node *fn = VTOTN(ap->a_fvp);
	struct tmpfs_dirent *ttd;

	if (ap->a_tvp != NULL && ap->a_tvp != ap->a_fvp &&
	    (ttd = find(ap->a_tdvp, ap->a_tcnp)) != NULL) {
		tmpfs_dir_remove(tdir, ttd);
		VNODE_NOTE(ap->a_tvp, NOTE_DELETE);
	}
	tmpfs_dir_remove(fdir, ftd);
	/* Of two names of one file, the new one stays. */
	if (ap->a_tvp == ap->a_fvp)
		free(td, M_ROOTFS);
	else
		tmpfs_dir_add(tdir, fn, td);
	dir_changed(ap->a_fdvp, fn->tn_type == VDIR ? NOTE_LINK : 0);
	if (ap->a_fdvp != ap->a_tdvp)
		dir_changed(ap->a_tdvp, fn->tn_type == VDIR ? NOTE_LINK : 0);
	fn->tn_ctime = fdir->tn_ctime;
	if (ap->a_tvp != NULL && VTOTN(ap->a_tvp) != NULL)
		VTOTN(ap->a_tvp)->tn_ctime = fdir->tn_ctime;
	VNODE_NOTE(ap->a_fvp, NOTE_RENAME);
}

int
tmpfs_rename(void *v)
{
	struct vop_rename_args *ap = v;
	struct componentname *fcnp = ap->a_fcnp, *tcnp = ap->a_tcnp;
	struct tmpfs_dirent *ftd, *td;
	int error;

	td = tmpfs_dirent_new(tcnp->cn_nameptr, (size_t)tcnp->cn_namelen,
	    (uint32_t)tcnp->cn_hash);
	ftd = VTOTN(ap->a_fdvp) != NULL ? find(ap->a_fdvp, fcnp) : NULL;
	error = td == NULL ? ENOSPC : rename_check(ap, ftd);
	if (error == 0)
		rename_commit(ap, ftd, td);
	else
		free(td, M_ROOTFS);
	name_done(fcnp);
	name_done(tcnp);
	if (ap->a_tdvp == ap->a_tvp)
		vrele(ap->a_tdvp);
	else
		vput(ap->a_tdvp);
	if (ap->a_tvp != NULL)
		vput(ap->a_tvp);
	vrele(ap->a_fdvp);
	vrele(ap->a_fvp);
	return (error);
}
