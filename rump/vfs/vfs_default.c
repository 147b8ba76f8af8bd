/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_default.c: operations that many file systems share, and the access check.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/fcntl.h>
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

static int
filt_generic_readwrite(struct knote *kn, long hint)
{

	(void)hint;
	kn->kn_data = 0;
	return (1);
}

static void
filt_generic_detach(struct knote *kn)
{

	(void)kn;
}

static const struct filterops generic_filtops =
	{ 1, NULL, filt_generic_detach, filt_generic_readwrite };

int
vop_generic_kqfilter(void *v)
{
	struct vop_kqfilter_args *ap = v;

	if (ap->a_kn->kn_filter != EVFILT_READ &&
	    ap->a_kn->kn_filter != EVFILT_WRITE)
		return (EINVAL);
	ap->a_kn->kn_fop = &generic_filtops;
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
