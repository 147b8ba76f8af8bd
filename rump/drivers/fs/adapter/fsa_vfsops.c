/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_vfsops.c: mounting, unmounting and syncing what a library reads and writes.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/conf.h>
#include <sys/fcntl.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include "fsa_private.h"

#define	NODEHASH	1024

static const struct fsa_type *
type_of(struct mount *mp)
{

	return ((const struct fsa_type *)(const void *)mp->mnt_vfc);
}

static off_t
device_size(dev_t dev)
{
	const struct bdevsw *b = bdevsw[major(dev)];

	return (b == NULL || b->d_size == NULL ? -1 : b->d_size(dev));
}

/* The library took the mount: is what it says something to work with? */
static int
limits_check(struct fsa_mount *fm)
{

	if (fm->fm_bsize < DEV_BSIZE || fm->fm_bsize > MAXBSIZE ||
	    !powerof2(fm->fm_bsize) || fm->fm_rootid == 0 ||
	    fm->fm_namemax == 0 || fm->fm_namemax > NAME_MAX)
		return (EINVAL);
	/* Blocks of files are counted in a daddr_t. */
	fm->fm_maxsize = MIN(fm->fm_maxsize, (u_quad_t)INT_MAX * fm->fm_bsize);
	if (fm->fm_linkmax == 0)
		fm->fm_linkmax = 1;
	return (0);
}

static int
library_mount(struct fsa_mount *fm, void *args)
{
	int error;

	fsa_lock(fm);
	if ((error = fm->fm_ops->fo_mount(fm, args)) == 0 &&
	    (error = limits_check(fm)) != 0)
		(void)fm->fm_ops->fo_unmount(fm);
	fsa_unlock(fm);
	return (error);
}

static struct fsa_mount *
mount_alloc(struct mount *mp, struct vnode *devvp)
{
	struct fsa_mount *fm;

	fm = malloc(sizeof(*fm), M_MOUNT, M_WAITOK | M_ZERO);
	fm->fm_mp = mp;
	fm->fm_ops = type_of(mp)->ft_ops;
	fm->fm_tag = type_of(mp)->ft_tag;
	fm->fm_devvp = devvp;
	fm->fm_devsize = device_size(devvp->v_rdev);
	fm->fm_rdonly = (mp->mnt_flag & MNT_RDONLY) != 0;
	fm->fm_hash = hashinit(NODEHASH, M_MOUNT, M_WAITOK, &fm->fm_hashmask);
	lockinit(&fm->fm_lock, PINOD, "fsalock", 0, LK_CANRECURSE);
	return (fm);
}

static void
mount_free(struct fsa_mount *fm)
{

	hashfree(fm->fm_hash, M_MOUNT);
	free(fm, M_MOUNT);
}

static int
openmode(int rdonly)
{

	return (rdonly ? FREAD : FREAD | FWRITE);
}

/* Forgets the device's buffers, written if they must be, and closes it. */
static int
device_close(struct fsa_mount *fm, struct proc *p)
{
	struct vnode *devvp = fm->fm_devvp;
	int error, cerror;

	devvp->v_specmountpoint = NULL;
	(void)vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY, p);
	error = vinvalbuf(devvp, V_SAVE, NOCRED, p, 0, 0);
	if (error != 0)
		(void)vinvalbuf(devvp, 0, NOCRED, p, 0, 0);
	cerror = VOP_CLOSE(devvp, openmode(fm->fm_rdonly), NOCRED, p);
	VOP_UNLOCK(devvp, 0, p);
	return (error != 0 ? error : cerror);
}

static int
mount_device(struct mount *mp, struct vnode *devvp, void *args, struct proc *p)
{
	int rdonly = (mp->mnt_flag & MNT_RDONLY) != 0, error;
	struct fsa_mount *fm;

	if ((error = vfs_mountedon(devvp)) != 0)
		return (error);
	if (vcount(devvp) > 1)
		return (EBUSY);
	(void)vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY, p);
	error = vinvalbuf(devvp, V_SAVE, p->p_ucred, p, 0, 0);
	if (error == 0)
		error = VOP_OPEN(devvp, openmode(rdonly), FSCRED, p);
	VOP_UNLOCK(devvp, 0, p);
	if (error != 0)
		return (error);
	fm = mount_alloc(mp, devvp);
	if ((error = library_mount(fm, args)) != 0) {
		(void)device_close(fm, p);
		mount_free(fm);
		return (error);
	}
	devvp->v_specmountpoint = mp;
	mp->mnt_data = fm;
	mp->mnt_stat.f_fsid.val[0] = devvp->v_rdev;
	mp->mnt_stat.f_fsid.val[1] = mp->mnt_vfc->vfc_typenum;
	mp->mnt_stat.f_iosize = fm->fm_bsize;
	mp->mnt_flag |= MNT_LOCAL;
	return (0);
}

/* The device that a path names, in use. */
static int
find_device(struct mount *mp, const char *fspec, struct nameidata *ndp,
    struct vnode **devvpp, struct proc *p)
{
	struct vnode *devvp;
	mode_t access = VREAD;
	int error;

	NDINIT(ndp, LOOKUP, FOLLOW, UIO_USERSPACE, fspec, p);
	if ((error = namei(ndp)) != 0)
		return (error);
	devvp = ndp->ni_vp;
	if (devvp->v_type != VBLK)
		error = ENOTBLK;
	else if (major(devvp->v_rdev) >= DEVSW_MAX)
		error = ENXIO;
	if (error == 0 && p->p_ucred->cr_uid != 0) {
		if ((mp->mnt_flag & MNT_RDONLY) == 0)
			access |= VWRITE;
		(void)vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY, p);
		error = VOP_ACCESS(devvp, access, p->p_ucred, p);
		VOP_UNLOCK(devvp, 0, p);
	}
	if (error != 0)
		vrele(devvp);
	else
		*devvpp = devvp;
	return (error);
}

static int	fsa_sync(struct mount *, int, struct ucred *, struct proc *);

/* The device is opened anew, since it may refuse to be written. */
static int
reopen(struct fsa_mount *fm, int rdonly, struct proc *p)
{
	int error;

	(void)vn_lock(fm->fm_devvp, LK_EXCLUSIVE | LK_RETRY, p);
	error = VOP_OPEN(fm->fm_devvp, openmode(rdonly), FSCRED, p);
	if (error == 0)
		(void)VOP_CLOSE(fm->fm_devvp, openmode(!rdonly), NOCRED, p);
	VOP_UNLOCK(fm->fm_devvp, 0, p);
	return (error);
}

static int
remount(struct fsa_mount *fm, int rdonly)
{
	int error = 0;

	fsa_lock(fm);
	fm->fm_rdonly = rdonly;
	if (fm->fm_ops->fo_remount != NULL)
		error = fm->fm_ops->fo_remount(fm);
	if (error != 0)
		fm->fm_rdonly = !rdonly;
	fsa_unlock(fm);
	return (error);
}

/* mount -u: from writable to read-only, or back. */
static int
mount_update(struct mount *mp, struct proc *p)
{
	struct fsa_mount *fm = MTOFM(mp);
	int error;

	if (!fm->fm_rdonly && (mp->mnt_flag & MNT_RDONLY)) {
		error = vflush(mp, NULL, WRITECLOSE |
		    (mp->mnt_flag & MNT_FORCE ? FORCECLOSE : 0));
		if (error == 0)
			error = fsa_sync(mp, MNT_WAIT, p->p_ucred, p);
		if (error == 0)
			error = remount(fm, 1);
		if (error == 0)
			error = fsa_fsync_device(fm, MNT_WAIT, p);
		return (error != 0 ? error : reopen(fm, 1, p));
	}
	if (fm->fm_rdonly && (mp->mnt_flag & MNT_WANTRDWR)) {
		if ((error = reopen(fm, 0, p)) == 0 &&
		    (error = remount(fm, 0)) != 0)
			(void)reopen(fm, 1, p);
		return (error);
	}
	return (0);
}

static int
fsa_mount(struct mount *mp, const char *path, void *data, struct nameidata *ndp,
    struct proc *p)
{
	const struct fsa_type *ft = type_of(mp);
	struct vnode *devvp;
	void *args;
	int error;

	if (mp->mnt_flag & MNT_UPDATE)
		return (mount_update(mp, p));
	args = malloc(ft->ft_argsize, M_TEMP, M_WAITOK | M_ZERO);
	if ((error = copyin(data, args, ft->ft_argsize)) == 0 &&
	    (error = find_device(mp, *(char **)args, ndp, &devvp, p)) == 0) {
		(void)copyinstr(path, mp->mnt_stat.f_mntonname, MNAMELEN, NULL);
		(void)copyinstr(*(char **)args, mp->mnt_stat.f_mntfromname,
		    MNAMELEN, NULL);
		if ((error = mount_device(mp, devvp, args, p)) != 0)
			vrele(devvp);
	}
	free(args, M_TEMP);
	return (error);
}

static int
fsa_start(struct mount *mp, int flags, struct proc *p)
{

	(void)mp;
	(void)flags;
	(void)p;
	return (0);
}

static int
fsa_unmount(struct mount *mp, int mntflags, struct proc *p)
{
	struct fsa_mount *fm = MTOFM(mp);
	int error, uerror;

	error = vflush(mp, NULL, mntflags & MNT_FORCE ? FORCECLOSE : 0);
	if (error != 0)
		return (error);
	/* What the library says last (clean) comes after all else. */
	if (!fm->fm_rdonly)
		error = fsa_fsync_device(fm, MNT_WAIT, p);
	if (error != 0 && (mntflags & MNT_FORCE) == 0)
		return (error);
	fsa_lock(fm);
	error = fm->fm_ops->fo_unmount(fm);
	fsa_unlock(fm);
	uerror = device_close(fm, p);
	vrele(fm->fm_devvp);
	mp->mnt_data = NULL;
	mp->mnt_flag &= ~MNT_LOCAL;
	mount_free(fm);
	if (error == 0)
		error = uerror;
	/* It is gone, whatever the device says about it. */
	if (error != 0)
		printf("%s: unmounted, but not all was written: error %d\n",
		    mp->mnt_stat.f_mntonname, error);
	return (0);
}

static int
fsa_vget(struct mount *mp, ino_t id, struct vnode **vpp)
{
	struct fsa_mount *fm = MTOFM(mp);
	struct fsa_found found = { .ff_id = id };
	struct fsa_node *fn;
	int error;

	*vpp = NULL;
	fsa_lock(fm);
	error = fsa_hold(fm, &found, &fn);
	fsa_unlock(fm);
	if (error != 0)
		return (error);
	error = fsa_getvnode(fn, vpp);
	fsa_unhold(fn);
	return (error);
}

static int
fsa_root(struct mount *mp, struct vnode **vpp)
{

	return (fsa_vget(mp, MTOFM(mp)->fm_rootid, vpp));
}

static int
fsa_statfs(struct mount *mp, struct statfs *sb, struct proc *p)
{
	struct fsa_mount *fm = MTOFM(mp);
	int error;

	(void)p;
	sb->f_iosize = fm->fm_bsize;
	fsa_lock(fm);
	error = fm->fm_ops->fo_statfs(fm, sb);
	fsa_unlock(fm);
	return (error);
}

/* Is there anything of the vnode that should go to the disk? */
static int
isdirty(struct vnode *vp)
{

	return (vp->v_type != VNON && vp->v_type != VBAD && VTOF(vp) != NULL &&
	    (VTOF(vp)->fn_dirty != 0 || !LIST_EMPTY(&vp->v_dirtyblkhd)));
}

static int
fsa_sync(struct mount *mp, int waitfor, struct ucred *cred, struct proc *p)
{
	struct vnode *vp, *next;
	int error, allerror = 0;

	(void)cred;
	if (MTOFM(mp)->fm_rdonly)
		return (0);
again:
	for (vp = LIST_FIRST(&mp->mnt_vnodelist); vp != NULL; vp = next) {
		/* It slept, and the vnode went to another list. */
		if (vp->v_mount != mp)
			goto again;
		next = LIST_NEXT(vp, v_mntvnodes);
		if (!isdirty(vp))
			continue;
		error = vget(vp, LK_EXCLUSIVE |
		    (waitfor == MNT_WAIT ? 0 : LK_NOWAIT), p);
		if (error == ENOENT)
			goto again;
		if (error != 0)
			continue;
		if (VTOF(vp) != NULL &&
		    (error = fsa_fsync_node(vp, waitfor, p)) != 0)
			allerror = error;
		vput(vp);
	}
	error = fsa_fsync_device(MTOFM(mp), waitfor, p);
	return (allerror != 0 ? allerror : error);
}

static int
fsa_init(struct vfsconf *vfc)
{

	(void)vfc;
	return (0);
}

const struct vfsops fsa_vfsops = {
	.vfs_mount = fsa_mount,
	.vfs_start = fsa_start,
	.vfs_unmount = fsa_unmount,
	.vfs_root = fsa_root,
	.vfs_statfs = fsa_statfs,
	.vfs_sync = fsa_sync,
	.vfs_vget = fsa_vget,
	.vfs_init = fsa_init,
};

/* Makes a library's type known.  The first to come brings the vectors. */
void
fsa_attach(struct fsa_type *ft)
{

	if (fsa_vnodeop_p == NULL)
		vfs_opv_add(fsa_opvs);
	ft->ft_vfc.vfc_vfsops = &fsa_vfsops;
	vfs_attach(&ft->ft_vfc);
}
