/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_names.c: making, removing and moving names.
 *
 * The folder dvp comes locked and is released, as is what is removed; the name's
 * buffer is freed unless SAVESTART says that the caller does it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include "fsa_private.h"

static void
name_done(struct componentname *cnp)
{

	if ((cnp->cn_flags & (HASBUF | SAVESTART)) == HASBUF) {
		pool_put(&namei_pool, cnp->cn_pnbuf);
		cnp->cn_flags &= ~HASBUF;
	}
}

static int
isdot(struct componentname *cnp)
{

	return (cnp->cn_namelen == 1 && cnp->cn_nameptr[0] == '.');
}

/* A new node has its folder's group, and no rights its maker could not give. */
static void
new_attr(struct fsa_node *dir, struct componentname *cnp, struct vattr *va)
{

	va->va_uid = cnp->cn_cred->cr_uid;
	va->va_gid = dir->fn_attr.va_gid;
	va->va_mode &= ALLPERMS;
	if ((va->va_mode & S_ISGID) && !groupmember(va->va_gid, cnp->cn_cred) &&
	    suser_ucred(cnp->cn_cred) != 0)
		va->va_mode &= ~S_ISGID;
	getnanotime(&va->va_mtime);
	va->va_atime = va->va_ctime = va->va_mtime;
	va->va_flags = 0;
}

/* A new node under the name of *cnp; vpp NULL: its vnode is not wanted. */
static int
make(struct vnode *dvp, struct vnode **vpp, struct componentname *cnp,
    const struct vattr *vap, const char *target)
{
	struct fsa_node *dir = VTOF(dvp), *fn = NULL;
	struct fsa_mount *fm = dir->fn_mount;
	struct fsa_found found;
	struct vattr va = *vap;
	struct vnode *vp = NULL;
	int error;

	new_attr(dir, cnp, &va);
	memset(&found, 0, sizeof(found));
	fsa_lock(fm);
	error = dir->fn_attr.va_nlink == 0 ? ENOENT :
	    fm->fm_ops->fo_create(dir, cnp->cn_nameptr,
	    (size_t)cnp->cn_namelen, &va, target, &found);
	if (error == 0)
		error = fsa_hold(fm, &found, &fn);
	fsa_unlock(fm);
	if (error == 0) {
		fsa_touch(dir, 1);
		if (vpp != NULL)
			error = fsa_getvnode(fn, &vp);
		fsa_unhold(fn);
		if (vp != NULL && (cnp->cn_flags & MAKEENTRY))
			cache_enter(dvp, vp, cnp);
		VN_KNOTE(dvp, va.va_type == VDIR ? NOTE_WRITE | NOTE_LINK :
		    NOTE_WRITE);
	}
	if (vpp != NULL)
		*vpp = vp;
	name_done(cnp);
	vput(dvp);
	return (error);
}

int
fsa_create(void *v)
{
	struct vop_create_args *ap = v;

	return (make(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, NULL));
}

int
fsa_mkdir(void *v)
{
	struct vop_mkdir_args *ap = v;

	return (make(ap->a_dvp, ap->a_vpp, ap->a_cnp, ap->a_vap, NULL));
}

int
fsa_mknod(void *v)
{
	struct vop_mknod_args *ap = v;

	return (make(ap->a_dvp, NULL, ap->a_cnp, ap->a_vap, NULL));
}

int
fsa_symlink(void *v)
{
	struct vop_symlink_args *ap = v;

	return (make(ap->a_dvp, NULL, ap->a_cnp, ap->a_vap, ap->a_target));
}

/* Caller has both folders' names and nodes checked. */
static int
link_node(struct fsa_node *dir, struct componentname *cnp, struct fsa_node *fn)
{
	struct fsa_mount *fm = dir->fn_mount;
	int error;

	if (fm->fm_ops->fo_link == NULL)
		return (EOPNOTSUPP);
	if (fn->fn_attr.va_nlink == 0 || dir->fn_attr.va_nlink == 0)
		return (ENOENT);
	if (fn->fn_attr.va_nlink >= fm->fm_linkmax)
		return (EMLINK);
	if (fn->fn_attr.va_flags & (IMMUTABLE | APPEND))
		return (EPERM);
	fsa_lock(fm);
	error = fm->fm_ops->fo_link(dir, cnp->cn_nameptr,
	    (size_t)cnp->cn_namelen, fn);
	fsa_unlock(fm);
	return (error);
}

int
fsa_link(void *v)
{
	struct vop_link_args *ap = v;
	struct vnode *dvp = ap->a_dvp, *vp = ap->a_vp;
	struct componentname *cnp = ap->a_cnp;
	struct proc *p = cnp->cn_proc;
	int error;

	if (vp->v_mount != dvp->v_mount)
		error = EXDEV;
	else if (vp->v_type == VDIR)
		error = EPERM;
	else if ((error = vn_lock(vp, LK_EXCLUSIVE, p)) == 0) {
		error = link_node(VTOF(dvp), cnp, VTOF(vp));
		if (error == 0) {
			fsa_touch(VTOF(vp), 0);
			fsa_touch(VTOF(dvp), 1);
			VN_KNOTE(vp, NOTE_LINK);
			VN_KNOTE(dvp, NOTE_WRITE);
		}
		VOP_UNLOCK(vp, 0, p);
	}
	name_done(cnp);
	vput(dvp);
	return (error);
}

static int
unlink_node(struct fsa_node *dir, struct componentname *cnp,
    struct fsa_node *fn)
{
	struct fsa_mount *fm = dir->fn_mount;
	int error = 0;

	if ((fn->fn_attr.va_flags & (IMMUTABLE | APPEND)) ||
	    (dir->fn_attr.va_flags & APPEND))
		return (EPERM);
	fsa_lock(fm);
	if (fn->fn_attr.va_type == VDIR)
		error = fm->fm_ops->fo_isempty(fn);
	if (error == 0)
		error = fm->fm_ops->fo_unlink(dir, cnp->cn_nameptr,
		    (size_t)cnp->cn_namelen, fn);
	if (error == 0)
		dir->fn_namegen++;
	fsa_unlock(fm);
	return (error);
}

/* Takes the name of *cnp, which is vp's, out of dvp. */
static int
unlink_name(struct vnode *dvp, struct vnode *vp, struct componentname *cnp)
{
	int error;

	error = unlink_node(VTOF(dvp), cnp, VTOF(vp));
	if (error == 0) {
		cache_purge(vp);
		fsa_touch(VTOF(dvp), 1);
		fsa_touch(VTOF(vp), 0);
		VN_KNOTE(vp, NOTE_DELETE);
		VN_KNOTE(dvp, vp->v_type == VDIR ? NOTE_WRITE | NOTE_LINK :
		    NOTE_WRITE);
	}
	name_done(cnp);
	if (dvp == vp)
		vrele(vp);
	else
		vput(vp);
	vput(dvp);
	return (error);
}

int
fsa_remove(void *v)
{
	struct vop_remove_args *ap = v;

	if (ap->a_vp->v_type != VDIR)
		return (unlink_name(ap->a_dvp, ap->a_vp, ap->a_cnp));
	name_done(ap->a_cnp);
	if (ap->a_dvp == ap->a_vp)
		vrele(ap->a_vp);
	else
		vput(ap->a_vp);
	vput(ap->a_dvp);
	return (EPERM);
}

int
fsa_rmdir(void *v)
{
	struct vop_rmdir_args *ap = v;
	struct vnode *dvp = ap->a_dvp, *vp = ap->a_vp;
	int error = 0;

	if (dvp == vp || isdot(ap->a_cnp))
		error = EINVAL;
	else if (ap->a_cnp->cn_flags & ISDOTDOT)
		error = ENOTEMPTY;
	else if (vp->v_mountedhere != NULL)
		error = EBUSY;
	if (error == 0)
		return (unlink_name(dvp, vp, ap->a_cnp));
	name_done(ap->a_cnp);
	if (dvp == vp)
		vrele(vp);
	else
		vput(vp);
	vput(dvp);
	return (error);
}

/* May fvp take tvp's name, or a free one, in tdvp? */
static int
rename_check(struct vop_rename_args *ap)
{
	struct vnode *fvp = ap->a_fvp, *tvp = ap->a_tvp;
	struct componentname *fcnp = ap->a_fcnp, *tcnp = ap->a_tcnp;
	struct vattr *at = &VTOF(fvp)->fn_attr;

	if (isdot(fcnp) || isdot(tcnp) || fvp == ap->a_fdvp ||
	    ((fcnp->cn_flags | tcnp->cn_flags) & ISDOTDOT) ||
	    (fvp->v_flag & VROOT))
		return (EINVAL);
	if (fvp->v_type == VDIR && fvp->v_mountedhere != NULL)
		return (EBUSY);
	if ((at->va_flags & (IMMUTABLE | APPEND)) ||
	    (VTOF(ap->a_fdvp)->fn_attr.va_flags & APPEND))
		return (EPERM);
	/* A folder's ".." changes with its parent. */
	if (fvp->v_type == VDIR && ap->a_fdvp != ap->a_tdvp &&
	    vaccess(VTTOIF(VDIR) | at->va_mode, at->va_uid, at->va_gid, VWRITE,
	    tcnp->cn_cred) != 0)
		return (EACCES);
	if (tvp == NULL || tvp == fvp)
		return (0);
	if (VTOF(tvp)->fn_attr.va_flags & (IMMUTABLE | APPEND))
		return (EPERM);
	if (fvp->v_type == VDIR && tvp->v_type != VDIR)
		return (ENOTDIR);
	if (fvp->v_type != VDIR && tvp->v_type == VDIR)
		return (EISDIR);
	if (tvp->v_type == VDIR && (tvp->v_mountedhere != NULL ||
	    (tvp->v_flag & VROOT)))
		return (EBUSY);
	return (0);
}

/* All that has to be true at once, and the move itself. */
static int
rename_nodes(struct vop_rename_args *ap, struct fsa_node *victim)
{
	struct fsa_node *fdir = VTOF(ap->a_fdvp), *tdir = VTOF(ap->a_tdvp);
	struct fsa_node *fn = VTOF(ap->a_fvp);
	struct fsa_mount *fm = fn->fn_mount;
	const struct fsa_ops *ops = fm->fm_ops;
	int error = 0;

	fsa_lock(fm);
	if (fn->fn_attr.va_nlink == 0 || fdir->fn_attr.va_nlink == 0 ||
	    tdir->fn_attr.va_nlink == 0)
		error = ENOENT;
	if (error == 0 && fn->fn_attr.va_type == VDIR && fdir != tdir)
		error = ops->fo_isoutside(tdir, fn);
	if (error == 0 && victim != NULL && victim->fn_attr.va_type == VDIR)
		error = ops->fo_isempty(victim);
	if (error == 0)
		error = ops->fo_rename(fdir, ap->a_fcnp->cn_nameptr,
		    (size_t)ap->a_fcnp->cn_namelen, fn, tdir,
		    ap->a_tcnp->cn_nameptr, (size_t)ap->a_tcnp->cn_namelen,
		    victim);
	if (error == 0) {
		fdir->fn_namegen++;
		tdir->fn_namegen++;
	}
	fsa_unlock(fm);
	return (error);
}

static void
rename_done(struct vop_rename_args *ap, struct fsa_node *victim)
{

	cache_purge(ap->a_fvp);
	fsa_touch(VTOF(ap->a_fvp), 0);
	fsa_touch(VTOF(ap->a_fdvp), 1);
	fsa_touch(VTOF(ap->a_tdvp), 1);
	if (victim != NULL) {
		cache_purge(ap->a_tvp);
		fsa_touch(victim, 0);
		VN_KNOTE(ap->a_tvp, NOTE_DELETE);
	}
	VN_KNOTE(ap->a_fdvp, NOTE_WRITE);
	VN_KNOTE(ap->a_tdvp, NOTE_WRITE);
	VN_KNOTE(ap->a_fvp, NOTE_RENAME);
}

/*
 * Both names are one file's: its links, of which the first goes (rename(2)), or, as
 * there are no links, spellings of one name.
 */
static int
rename_same(struct vop_rename_args *ap)
{
	struct fsa_node *fn = VTOF(ap->a_fvp), *dir = VTOF(ap->a_fdvp);
	struct componentname *f = ap->a_fcnp, *t = ap->a_tcnp;
	int error;

	if (ap->a_fdvp == ap->a_tdvp && f->cn_namelen == t->cn_namelen &&
	    memcmp(f->cn_nameptr, t->cn_nameptr, f->cn_namelen) == 0)
		return (0);
	if (fn->fn_mount->fm_flags & FSA_NOCASE) {
		error = rename_nodes(ap, NULL);
	} else if ((error = unlink_node(dir, f, fn)) == 0) {
		cache_purge(ap->a_fvp);
		fsa_touch(fn, 0);
		fsa_touch(dir, 1);
		VN_KNOTE(ap->a_fdvp, NOTE_WRITE);
		return (0);
	}
	if (error == 0)
		rename_done(ap, NULL);
	return (error);
}

/*
 * fdvp and fvp come in use but not locked, tdvp and tvp locked.  The source's folder
 * need not be locked: the mount's lock makes the move one step.
 */
int
fsa_rename(void *v)
{
	struct vop_rename_args *ap = v;
	struct vnode *tvp = ap->a_tvp;
	struct fsa_node *victim;
	int error;

	if (ap->a_fvp->v_mount != ap->a_tdvp->v_mount ||
	    (tvp != NULL && ap->a_fvp->v_mount != tvp->v_mount))
		error = EXDEV;
	else if (VTOF(ap->a_fvp) == NULL || VTOF(ap->a_fdvp) == NULL)
		error = ENOENT;		/* lost its file meanwhile */
	else
		error = rename_check(ap);
	if (error == 0 && tvp == ap->a_fvp) {
		error = rename_same(ap);
	} else if (error == 0) {
		victim = tvp == NULL ? NULL : VTOF(tvp);
		if ((error = rename_nodes(ap, victim)) == 0)
			rename_done(ap, victim);
	}
	name_done(ap->a_tcnp);
	name_done(ap->a_fcnp);
	if (tvp == ap->a_tdvp)
		vrele(tvp);
	else if (tvp != NULL)
		vput(tvp);
	vput(ap->a_tdvp);
	vrele(ap->a_fdvp);
	vrele(ap->a_fvp);
	return (error);
}
