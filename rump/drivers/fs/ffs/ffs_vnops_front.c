/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_vnops_front.c: the driver's operations on names, with a step in between
 * where soft updates leave a gap (see ffs_softdep_front.c).
 *
 * ufs_rename() enters the new name, lets go of all locks, and looks the old name
 * up again to remove it: that second look-up is the place where the new name can
 * be brought to the disk first.
 *
 * The driver's macro that gives an inode the times that are due sets seconds
 * only: they would have the fractions of earlier ones.
 */
#define	relookup	ffs_front_relookup
#include <ufs/ufs/ufs_vnops.c>
#undef relookup
#include <ufs/ffs/fs.h>
#include <rump-sys/direct.h>
#include "ffs_component.h"

int	ffs_read(void *);
int	ffs_reallocblks(void *);
int	relookup(struct vnode *, struct vnode **, struct componentname *);

/*
 * The old name is about to go.  If it is the only one that the disk knows, the
 * new one has to be there first, and the folders that it stands in.  A file with
 * more names pending than the new one was never promised to anybody.
 */
static int
keep_findable(struct vnode *vp)
{
	int error;

	if (ffs_pending_names(VTOI(vp)) != 1)
		return (0);
	if ((error = ffs_sync_newdirs(vp->v_mount)) != 0)
		return (error);
	return (ffs_commit_names(vp, 1));
}

/* For ufs_rename(), which has what it renames in *vpp.  The error is not fatal:
   the new name is there, and who looks will find it. */
int
ffs_front_relookup(struct vnode *dvp, struct vnode **vpp,
    struct componentname *cnp)
{

	if (cnp->cn_nameiop == DELETE && *vpp != NULL && DOINGSOFTDEP(*vpp))
		(void)keep_findable(*vpp);
	return (relookup(dvp, vpp, cnp));
}

/* In front of the driver's remove: other names of the file may be new. */
int
ffs_front_remove(void *v)
{
	struct vop_remove_args *ap = v;
	struct inode *ip = VTOI(ap->a_vp);

	if (DOINGSOFTDEP(ap->a_vp) && ip->i_effnlink > 1 &&
	    ffs_pending_names(ip) != 0)
		(void)ffs_commit_names(ap->a_vp, 0);
	return (ufs_remove(v));
}

/* Caller must hold the vnode's lock. */
static void
set_times(struct inode *ip)
{
	int32_t sec = (int32_t)time.tv_sec, nsec = (int32_t)time.tv_usec * 1000;

	if ((ip->i_flag & (IN_ACCESS | IN_CHANGE | IN_UPDATE)) == 0)
		return;
	if (ip->i_flag & IN_ACCESS) {
		ip->i_ffs_atime = sec;
		ip->i_ffs_atimensec = nsec;
	}
	if (ip->i_flag & IN_UPDATE) {
		ip->i_ffs_mtime = sec;
		ip->i_ffs_mtimensec = nsec;
		ip->i_modrev++;
	}
	if (ip->i_flag & IN_CHANGE) {
		ip->i_ffs_ctime = sec;
		ip->i_ffs_ctimensec = nsec;
	}
	ip->i_flag &= ~(IN_ACCESS | IN_CHANGE | IN_UPDATE);
	ip->i_flag |= IN_MODIFIED;
}

/* In front of the driver's getattr and close, which set times. */
int
ffs_front_getattr(void *v)
{
	struct vop_getattr_args *ap = v;

	set_times(VTOI(ap->a_vp));
	return (ufs_getattr(v));
}

int
ffs_front_close(void *v)
{
	struct vop_close_args *ap = v;

	set_times(VTOI(ap->a_vp));
	return (ufs_close(v));
}

/* In front of the driver's read: large reads of large files. */
int
ffs_front_read(void *v)
{
	struct vop_read_args *ap = v;
	struct inode *ip = VTOI(ap->a_vp);
	off_t size = (off_t)ip->i_ffs_size;

	if (ap->a_vp->v_type != VREG || !vn_wants_direct(ap->a_uio, size))
		return (ffs_read(v));
	ip->i_flag |= IN_ACCESS;
	return (vn_read_direct(ap, size, ip->i_fs->fs_bsize, ffs_read));
}

/*
 * Blocks that move closer together when they are written are no change of what
 * is in them: the times that a program has set meanwhile stay.
 */
int
ffs_front_reallocblks(void *v)
{
	struct vop_reallocblks_args *ap = v;
	struct inode *ip = VTOI(ap->a_vp);
	int due = ip->i_flag & (IN_CHANGE | IN_UPDATE), error;

	error = ffs_reallocblks(v);
	if (ip->i_flag & (IN_CHANGE | IN_UPDATE))
		ip->i_flag |= IN_MODIFIED;
	ip->i_flag &= due | ~(IN_CHANGE | IN_UPDATE);
	return (error);
}
