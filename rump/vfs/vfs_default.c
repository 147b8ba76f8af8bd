/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_default.c: operations that many file systems share, and the access check.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/lockf.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>

int
vn_default_error(void *v)
{

	(void)v;
	return (EOPNOTSUPP);
}

int
vop_generic_abortop(void *v)
{
	struct vop_abortop_args *ap = v;

	if ((ap->a_cnp->cn_flags & (HASBUF | SAVESTART)) == HASBUF)
		pool_put(&namei_pool, ap->a_cnp->cn_pnbuf);
	return (0);
}

int
vop_generic_bwrite(void *v)
{
	struct vop_bwrite_args *ap = v;

	return (bwrite(ap->a_bp));
}

int
vop_generic_islocked(void *v)
{
	struct vop_islocked_args *ap = v;

	return (lockstatus(&ap->a_vp->v_lock));
}

int
vop_generic_lock(void *v)
{
	struct vop_lock_args *ap = v;

	return (lockmgr(&ap->a_vp->v_lock, ap->a_flags, &ap->a_vp->v_interlock,
	    ap->a_p));
}

int
vop_generic_unlock(void *v)
{
	struct vop_unlock_args *ap = v;

	return (lockmgr(&ap->a_vp->v_lock, ap->a_flags | LK_RELEASE,
	    &ap->a_vp->v_interlock, ap->a_p));
}

int
vop_generic_revoke(void *v)
{
	struct vop_revoke_args *ap = v;

	vgone(ap->a_vp);
	return (0);
}

void
vop_generic_kqdetach(struct knote *kn)
{
	struct vnode *vp = kn->kn_hook;

	SLIST_REMOVE(&vp->v_selectinfo.vsi_selinfo.si_note, kn, knote,
	    kn_selnext);
}

/* Bytes up to the end of a file; what is no file can always be read. */
static int
filt_generic_read(struct knote *kn, long hint)
{
	struct vnode *vp = kn->kn_hook;
	struct vattr va;

	(void)hint;
	kn->kn_data = 0;
	if (vp->v_type != VREG)
		return (1);
	memset(&va, 0, sizeof(va));
	if (VOP_GETATTR(vp, &va, curproc->p_ucred, curproc) != 0)
		return (0);
	kn->kn_data = (int64_t)va.va_size - kn->kn_fp->f_offset;
	return (kn->kn_data != 0);
}

static int
filt_generic_write(struct knote *kn, long hint)
{

	(void)hint;
	kn->kn_data = 0;
	return (1);
}

static int
filt_generic_vnode(struct knote *kn, long hint)
{

	kn->kn_fflags |= kn->kn_sfflags & (u_int)hint;
	return (kn->kn_fflags != 0);
}

static const struct filterops generic_read =
	{ 1, NULL, vop_generic_kqdetach, filt_generic_read };
static const struct filterops generic_write =
	{ 1, NULL, vop_generic_kqdetach, filt_generic_write };
static const struct filterops generic_vnode =
	{ 1, NULL, vop_generic_kqdetach, filt_generic_vnode };

int
vop_generic_kqfilter(void *v)
{
	struct vop_kqfilter_args *ap = v;
	struct knote *kn = ap->a_kn;

	switch (kn->kn_filter) {
	case EVFILT_READ:
		kn->kn_fop = &generic_read;
		break;
	case EVFILT_WRITE:
		kn->kn_fop = &generic_write;
		break;
	case EVFILT_VNODE:
		kn->kn_fop = &generic_vnode;
		break;
	default:
		return (EINVAL);
	}
	kn->kn_hook = ap->a_vp;
	SLIST_INSERT_HEAD(&ap->a_vp->v_selectinfo.vsi_selinfo.si_note, kn,
	    kn_selnext);
	return (0);
}

/*
 * May cred have acc (VREAD, VWRITE, VEXEC) to a file of this mode and owner?
 * The superuser may, but for executing what nobody may.
 */
int
vaccess(mode_t mode, uid_t uid, gid_t gid, mode_t acc, struct ucred *cred)
{
	mode_t granted;

	if (cred->cr_uid == 0)
		return ((acc & VEXEC) && !S_ISDIR(mode) &&
		    (mode & S_IFMT) != 0 && (mode & 0111) == 0 ? EACCES : 0);
	if (cred->cr_uid == uid)
		granted = mode & 0700;
	else if (groupmember(gid, cred))
		granted = (mode & 0070) << 3;
	else
		granted = (mode & 0007) << 6;
	return ((granted & acc) == acc ? 0 : EACCES);
}
