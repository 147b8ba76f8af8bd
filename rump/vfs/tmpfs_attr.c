/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tmpfs_attr.c: operations of a tmpfs on the attributes of a file.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include "tmpfs.h"

int
tmpfs_access(void *v)
{
	struct vop_access_args *ap = v;
	struct tmpfs_node *tn = VTOTN(ap->a_vp);

	if ((ap->a_mode & VWRITE) && (tn->tn_flags & IMMUTABLE) &&
	    (tn->tn_type == VREG || tn->tn_type == VDIR || tn->tn_type == VLNK))
		return (EPERM);
	return (vaccess(tn->tn_mode, tn->tn_uid, tn->tn_gid, ap->a_mode,
	    ap->a_cred));
}

/* A file that may only grow is not opened to be written otherwise. */
int
tmpfs_open(void *v)
{
	struct vop_open_args *ap = v;

	return ((VTOTN(ap->a_vp)->tn_flags & APPEND) &&
	    (ap->a_mode & (FWRITE | O_APPEND)) == FWRITE ? EPERM : 0);
}

int
tmpfs_getattr(void *v)
{
	struct vop_getattr_args *ap = v;
	struct tmpfs_node *tn = VTOTN(ap->a_vp);
	struct vattr *va = ap->a_vap;

	va->va_type = tn->tn_type;
	va->va_mode = tn->tn_mode;
	va->va_nlink = tn->tn_nlink > 0 ? tn->tn_nlink : 0;
	va->va_uid = tn->tn_uid;
	va->va_gid = tn->tn_gid;
	va->va_fsid = ap->a_vp->v_mount->mnt_stat.f_fsid.val[0];
	va->va_fileid = tn->tn_ino;
	va->va_size = tn->tn_type == VDIR ? tn->tn_count : tn->tn_size;
	va->va_bytes = tn->tn_type == VREG && tn->tn_host != NULL ?
	    (u_quad_t)tn->tn_size : tn->tn_charged;
	va->va_blocksize = PAGE_SIZE;
	va->va_atime = tn->tn_atime;
	va->va_mtime = tn->tn_mtime;
	va->va_ctime = tn->tn_ctime;
	va->va_birthtime = tn->tn_birthtime;
	va->va_gen = 1;
	va->va_flags = tn->tn_flags;
	if (tn->tn_type == VBLK || tn->tn_type == VCHR)
		va->va_rdev = tn->tn_rdev;
	return (0);
}

/* chflags(2): who is not the superuser has the lower half of the flags. */
static int
set_flags(struct tmpfs_node *tn, u_int flags, struct ucred *cred)
{

	if (cred->cr_uid != 0 && cred->cr_uid != tn->tn_uid)
		return (EPERM);
	if (cred->cr_uid == 0) {
		tn->tn_flags = flags;
		return (0);
	}
	if ((tn->tn_flags & (SF_IMMUTABLE | SF_APPEND)) ||
	    (flags & UF_SETTABLE) != flags)
		return (EPERM);
	tn->tn_flags = (tn->tn_flags & SF_SETTABLE) | flags;
	return (0);
}

/*
 * Who is not the superuser may change the mode of what is his own, and give it
 * to another of his groups, but to nobody else (chmod(2), chown(2)).
 */
static int
owner_check(struct tmpfs_node *tn, struct vattr *va, struct ucred *cred)
{
	int ismode = va->va_mode != (mode_t)VNOVAL;
	int isuid = va->va_uid != (uid_t)VNOVAL && va->va_uid != tn->tn_uid;
	int isgid = va->va_gid != (gid_t)VNOVAL;

	if (cred->cr_uid == 0)
		return (0);
	if ((ismode || isuid || isgid) && cred->cr_uid != tn->tn_uid)
		return (EPERM);
	if (isuid || (isgid && va->va_gid != tn->tn_gid &&
	    !groupmember(va->va_gid, cred)))
		return (EPERM);
	if (ismode && tn->tn_type != VDIR && (va->va_mode & S_ISTXT))
		return (EFTYPE);
	/* Nor may he lend a group that he is not in. */
	return (ismode && (va->va_mode & S_ISGID) &&
	    !groupmember(tn->tn_gid, cred) ? EPERM : 0);
}

static int
times_check(struct vnode *vp, struct vattr *va, struct ucred *cred,
    struct proc *p)
{

	if (cred->cr_uid == 0 || cred->cr_uid == VTOTN(vp)->tn_uid)
		return (0);
	return (va->va_vaflags & VA_UTIMES_NULL ?
	    VOP_ACCESS(vp, VWRITE, cred, p) : EPERM);
}

/* Everything but flags, once it is known to be allowed. */
static int
set_values(struct tmpfs_node *tn, struct vattr *va, struct ucred *cred)
{
	int ischown = va->va_uid != (uid_t)VNOVAL || va->va_gid != (gid_t)VNOVAL;
	int error;

	if (va->va_size != (u_quad_t)VNOVAL && tn->tn_type == VREG) {
		if ((error = tmpfs_resize(tn, (off_t)va->va_size)) != 0)
			return (error);
		nanotime(&tn->tn_mtime);
	}
	if (va->va_mode != (mode_t)VNOVAL)
		tn->tn_mode = va->va_mode;
	if (va->va_uid != (uid_t)VNOVAL)
		tn->tn_uid = va->va_uid;
	if (va->va_gid != (gid_t)VNOVAL)
		tn->tn_gid = va->va_gid;
	if (ischown && cred->cr_uid != 0)
		tn->tn_mode &= ~(S_ISUID | S_ISGID);
	if (va->va_atime.tv_sec != VNOVAL)
		tn->tn_atime = va->va_atime;
	if (va->va_mtime.tv_sec != VNOVAL)
		tn->tn_mtime = va->va_mtime;
	nanotime(&tn->tn_ctime);
	return (0);
}

int
tmpfs_setattr(void *v)
{
	struct vop_setattr_args *ap = v;
	struct vnode *vp = ap->a_vp;
	struct tmpfs_node *tn = VTOTN(vp);
	struct vattr *va = ap->a_vap;
	u_quad_t oldsize = (u_quad_t)tn->tn_size;
	long hint = NOTE_ATTRIB;
	int error;

	if (va->va_flags != (u_long)VNOVAL) {
		error = set_flags(tn, (u_int)va->va_flags, ap->a_cred);
		if (error == 0)
			nanotime(&tn->tn_ctime);
		if (error != 0 || (tn->tn_flags & (IMMUTABLE | APPEND)))
			return (error);
	}
	if (tn->tn_flags & (IMMUTABLE | APPEND))
		return (EPERM);
	if ((error = owner_check(tn, va, ap->a_cred)) != 0)
		return (error);
	if ((va->va_atime.tv_sec != VNOVAL || va->va_mtime.tv_sec != VNOVAL) &&
	    (error = times_check(vp, va, ap->a_cred, ap->a_p)) != 0)
		return (error);
	if ((error = set_values(tn, va, ap->a_cred)) != 0)
		return (error);
	if (va->va_size != (u_quad_t)VNOVAL && va->va_size < oldsize)
		hint |= NOTE_TRUNCATE;
	else if (va->va_size != (u_quad_t)VNOVAL && va->va_size > oldsize)
		hint |= NOTE_EXTEND;
	VNODE_NOTE(vp, hint);
	return (0);
}
