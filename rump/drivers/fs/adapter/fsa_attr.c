/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_attr.c: attributes: who may look at and change what, and changing it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/unistd.h>
#include <sys/vnode.h>
#include "fsa_private.h"

/* A time as the format keeps it, lest it jump when it is read from the disk. */
static void
round_time(struct fsa_node *fn, struct timespec *ts)
{
	long unit = fn->fn_mount->fm_timeunit;

	if (unit >= 1000000000) {
		ts->tv_nsec = 0;
		ts->tv_sec -= ts->tv_sec % (unit / 1000000000);
	} else if (unit > 1) {
		ts->tv_nsec -= ts->tv_nsec % unit;
	}
}

/* A node was changed, and with modified its contents too. */
void
fsa_touch(struct fsa_node *fn, int modified)
{

	getnanotime(&fn->fn_attr.va_ctime);
	round_time(fn, &fn->fn_attr.va_ctime);
	if (modified)
		fn->fn_attr.va_mtime = fn->fn_attr.va_ctime;
	fn->fn_dirty |= FSA_TIMES;
}

int
fsa_access(void *v)
{
	struct vop_access_args *ap = v;
	struct vattr *at = &VTOF(ap->a_vp)->fn_attr;
	enum vtype type = ap->a_vp->v_type;

	if ((ap->a_mode & VWRITE) && (ap->a_vp->v_mount->mnt_flag & MNT_RDONLY) &&
	    (type == VREG || type == VDIR || type == VLNK))
		return (EROFS);
	if ((ap->a_mode & VWRITE) && (at->va_flags & IMMUTABLE))
		return (EPERM);
	return (vaccess(VTTOIF(type) | at->va_mode, at->va_uid, at->va_gid,
	    ap->a_mode, ap->a_cred));
}

int
fsa_getattr(void *v)
{
	struct vop_getattr_args *ap = v;
	struct fsa_node *fn = VTOF(ap->a_vp);
	struct vattr *va = ap->a_vap;

	*va = fn->fn_attr;
	va->va_fsid = ap->a_vp->v_mount->mnt_stat.f_fsid.val[0];
	va->va_fileid = fn->fn_id;
	va->va_blocksize = MAX((long)fn->fn_mount->fm_bsize, PAGE_SIZE);
	va->va_filerev = 0;
	if (fn->fn_mount->fm_flags & FSA_NOCTIME)
		va->va_ctime = va->va_mtime;
	return (0);
}

/* Only the owner of a file, or the superuser, may. */
static int
owner_check(struct vattr *at, struct ucred *cred)
{

	return (cred->cr_uid == at->va_uid ? 0 : suser_ucred(cred));
}

/* chown(2): away from oneself only the superuser; to a group one is in. */
static int
chown_check(struct vattr *at, struct vattr *va, struct ucred *cred)
{
	int isuid = va->va_uid != (uid_t)VNOVAL && va->va_uid != at->va_uid;
	int isgid = va->va_gid != (gid_t)VNOVAL && va->va_gid != at->va_gid;

	if (cred->cr_uid == 0 || (!isuid && !isgid))
		return (0);
	if (cred->cr_uid != at->va_uid || isuid ||
	    (isgid && !groupmember(va->va_gid, cred)))
		return (EPERM);
	return (0);
}

static int
chmod_check(struct vattr *at, struct vattr *va, struct ucred *cred)
{
	int error;

	if ((error = owner_check(at, cred)) != 0 || cred->cr_uid == 0)
		return (error);
	if (at->va_type != VDIR && (va->va_mode & S_ISVTX))
		return (EPERM);
	return ((va->va_mode & S_ISGID) && !groupmember(at->va_gid, cred) ?
	    EPERM : 0);
}

static int
utimes_check(struct vnode *vp, struct vattr *at, struct vattr *va,
    struct ucred *cred, struct proc *p)
{
	int error;

	if ((error = owner_check(at, cred)) != 0 &&
	    (va->va_vaflags & VA_UTIMES_NULL))
		error = VOP_ACCESS(vp, VWRITE, cred, p);
	return (error);
}

static int
flags_check(struct vattr *at, struct vattr *va, struct ucred *cred)
{
	int error;

	if ((error = owner_check(at, cred)) != 0)
		return (error);
	if (cred->cr_uid != 0 && ((at->va_flags & SF_SETTABLE) ||
	    (va->va_flags & SF_SETTABLE)))
		return (EPERM);
	return (0);
}

static int
setattr_check(struct vnode *vp, struct vattr *va, struct ucred *cred,
    struct proc *p)
{
	struct vattr *at = &VTOF(vp)->fn_attr;
	int error = 0;

	if (va->va_flags != (u_long)VNOVAL)
		error = flags_check(at, va, cred);
	else if (at->va_flags & (IMMUTABLE | APPEND))
		error = EPERM;
	if (error == 0)
		error = chown_check(at, va, cred);
	if (error == 0 && va->va_mode != (mode_t)VNOVAL)
		error = chmod_check(at, va, cred);
	if (error == 0 && (va->va_atime.tv_sec != VNOVAL ||
	    va->va_mtime.tv_sec != VNOVAL))
		error = utimes_check(vp, at, va, cred, p);
	return (error);
}

/* Sets what *va says but the size; what it says was allowed. */
static void
setattr_apply(struct fsa_node *fn, struct vattr *va, struct ucred *cred)
{
	struct vattr *at = &fn->fn_attr;
	int chowned = 0;

	if (va->va_uid != (uid_t)VNOVAL) {
		chowned |= at->va_uid != va->va_uid;
		at->va_uid = va->va_uid;
	}
	if (va->va_gid != (gid_t)VNOVAL) {
		chowned |= at->va_gid != va->va_gid;
		at->va_gid = va->va_gid;
	}
	if (chowned && cred->cr_uid != 0)
		at->va_mode &= ~(S_ISUID | S_ISGID);
	if (va->va_mode != (mode_t)VNOVAL)
		at->va_mode = va->va_mode & ALLPERMS;
	if (va->va_flags != (u_long)VNOVAL)
		at->va_flags = va->va_flags;
	if (va->va_atime.tv_sec != VNOVAL)
		at->va_atime = va->va_atime;
	if (va->va_mtime.tv_sec != VNOVAL)
		at->va_mtime = va->va_mtime;
	round_time(fn, &at->va_atime);
	round_time(fn, &at->va_mtime);
	fsa_touch(fn, 0);
	fn->fn_dirty |= FSA_MODE;
}

/* Is anything but the size to be set? */
static int
setattr_wanted(struct vattr *va)
{

	return (va->va_uid != (uid_t)VNOVAL || va->va_gid != (gid_t)VNOVAL ||
	    va->va_mode != (mode_t)VNOVAL || va->va_flags != (u_long)VNOVAL ||
	    va->va_atime.tv_sec != VNOVAL || va->va_mtime.tv_sec != VNOVAL);
}

static int
setattr_size(struct vnode *vp, u_quad_t size)
{
	u_quad_t old = VTOF(vp)->fn_attr.va_size;
	int error;

	if (vp->v_type == VDIR)
		return (EISDIR);
	if (vp->v_type != VREG)
		return (0);		/* devices and pipes: nothing to cut */
	if ((error = fsa_truncate(vp, size)) != 0)
		return (error);
	fsa_touch(VTOF(vp), 1);
	VN_KNOTE(vp, size < old ? NOTE_ATTRIB | NOTE_TRUNCATE :
	    NOTE_ATTRIB | NOTE_EXTEND);
	return (0);
}

int
fsa_setattr(void *v)
{
	struct vop_setattr_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct fsa_node *fn = VTOF(vp);
	const struct fsa_ops *ops = fn->fn_mount->fm_ops;
	struct vattr va = *ap->a_vap;
	int error;

	if (va.va_type != VNON || va.va_nlink != (nlink_t)VNOVAL ||
	    va.va_fsid != VNOVAL || va.va_fileid != (u_quad_t)VNOVAL ||
	    va.va_blocksize != VNOVAL || va.va_rdev != (dev_t)VNOVAL ||
	    va.va_bytes != (u_quad_t)VNOVAL || va.va_gen != (u_long)VNOVAL)
		return (EINVAL);
	if (vp->v_mount->mnt_flag & MNT_RDONLY)
		return (EROFS);
	if ((error = setattr_check(vp, &va, ap->a_cred, ap->a_p)) != 0)
		return (error);
	if (va.va_size != (u_quad_t)VNOVAL &&
	    (error = setattr_size(vp, va.va_size)) != 0)
		return (error);
	if (!setattr_wanted(&va))
		return (0);
	va.va_size = (u_quad_t)VNOVAL;
	if (ops->fo_setattr != NULL) {
		fsa_lock(fn->fn_mount);
		error = ops->fo_setattr(fn, &va);
		fsa_unlock(fn->fn_mount);
		if (error != 0)
			return (error);
	}
	setattr_apply(fn, &va, ap->a_cred);
	VN_KNOTE(vp, NOTE_ATTRIB);
	return (0);
}

int
fsa_pathconf(void *v)
{
	struct vop_pathconf_args *ap = v;
	struct fsa_mount *fm = VTOF(ap->a_vp)->fn_mount;

	switch (ap->a_name) {
	case _PC_NAME_MAX:
		*ap->a_retval = fm->fm_namemax;
		return (0);
	case _PC_PATH_MAX:
		*ap->a_retval = PATH_MAX;
		return (0);
	case _PC_LINK_MAX:
		*ap->a_retval = fm->fm_linkmax;
		return (0);
	case _PC_CHOWN_RESTRICTED:
	case _PC_NO_TRUNC:
		*ap->a_retval = 1;
		return (0);
	default:
		return (EINVAL);
	}
}
