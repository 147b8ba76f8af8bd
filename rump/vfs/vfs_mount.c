/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_mount.c: mounting and unmounting.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include "vfs_buf.h"
#include "vfs_private.h"
#include "vfs_watch.h"

struct mntlist mountlist = { (void *)&mountlist, (void *)&mountlist };
struct simplelock mountlist_slock;
struct vnode *rootvnode;

/* Flags that a mount takes from the caller. */
#define	MNT_FROMUSER	(MNT_RDONLY | MNT_SYNCHRONOUS | MNT_NOEXEC |	\
			    MNT_NOSUID | MNT_NODEV | MNT_ASYNC |	\
			    MNT_NOATIME | MNT_SOFTDEP)

/* The longest mount data of any file system. */
#define	MOUNT_DATA_MAX	512

/*
 * Keeps a mount from being unmounted while its operations are called: ENOENT if
 * it is going.
 */
int
vfs_busy(struct mount *mp, int flags, struct simplelock *interlkp,
    struct proc *p)
{
	int lockflags = LK_SHARED | (flags & LK_NOWAIT);

	(void)interlkp;
	if (mp->mnt_flag & MNT_UNMOUNT) {
		if (flags & LK_NOWAIT)
			return (ENOENT);
		mp->mnt_flag |= MNT_MPWANT;
		(void)tsleep(mp, PVFS, "vfs_busy", 0);
		return (ENOENT);
	}
	return (lockmgr(&mp->mnt_lock, lockflags, NULL, p));
}

void
vfs_unbusy(struct mount *mp, struct proc *p)
{

	(void)lockmgr(&mp->mnt_lock, LK_RELEASE, NULL, p);
}

/*
 * The root of a mount, in use and locked.  It is marked as such here: a driver
 * goes by what the disk says, and a damaged one may say otherwise.
 */
int
vfs_root(struct mount *mp, struct vnode **vpp)
{
	int error;

	if ((error = VFS_ROOT(mp, vpp)) == 0)
		(*vpp)->v_flag |= VROOT;
	return (error);
}

static struct mount *
mount_alloc(struct vfsconf *vfc, struct vnode *covered, int flags)
{
	struct mount *mp;

	mp = malloc(sizeof(*mp), M_MOUNT, M_WAITOK | M_ZERO);
	lockinit(&mp->mnt_lock, PVFS, "vfslock", 0, 0);
	LIST_INIT(&mp->mnt_vnodelist);
	mp->mnt_op = vfc->vfc_vfsops;
	mp->mnt_vfc = vfc;
	mp->mnt_flag = flags;
	mp->mnt_vnodecovered = covered;
	strlcpy(mp->mnt_stat.f_fstypename, vfc->vfc_name, MFSNAMELEN);
	vfc->vfc_refcount++;
	return (mp);
}

static void
mount_free(struct mount *mp)
{

	KASSERT(LIST_EMPTY(&mp->mnt_vnodelist));
	mp->mnt_vfc->vfc_refcount--;
	free(mp, M_MOUNT);
}

int
vfs_rootmountalloc(const char *fstype, const char *devname, struct mount **mpp)
{
	struct vfsconf *vfc;

	if ((vfc = vfs_byname(fstype)) == NULL)
		return (ENODEV);
	*mpp = mount_alloc(vfc, NULL, MNT_RDONLY);
	(void)vfs_busy(*mpp, LK_NOWAIT, NULL, curproc);
	strlcpy((*mpp)->mnt_stat.f_mntonname, "/", MNAMELEN);
	strlcpy((*mpp)->mnt_stat.f_mntfromname, devname, MNAMELEN);
	return (0);
}

struct mount *
vfs_getvfs(fsid_t *fsid)
{
	struct mount *mp;

	CIRCLEQ_FOREACH(mp, &mountlist, mnt_list)
		if (memcmp(&mp->mnt_stat.f_fsid, fsid, sizeof(*fsid)) == 0)
			return (mp);
	return (NULL);
}

/* Calls func for each vnode of the mount, until it returns other than 0. */
int
vfs_mount_foreach_vnode(struct mount *mp, int (*func)(struct vnode *, void *),
    void *arg)
{
	struct vnode *vp, *next;
	int error = 0;

restart:
	for (vp = LIST_FIRST(&mp->mnt_vnodelist); vp != NULL; vp = next) {
		if (vp->v_mount != mp)
			goto restart;
		next = LIST_NEXT(vp, v_mntvnodes);
		if ((error = func(vp, arg)) != 0)
			break;
	}
	return (error);
}

/* Whoever stands in olddp stands in newdp then; both are in use. */
static void
mount_movedirs(struct vnode *olddp, struct vnode *newdp)
{

	process_movedirs(olddp, newdp);
	if (rootvnode == olddp) {
		vref(newdp);
		rootvnode = newdp;
		vrele(olddp);
	}
}

/*
 * The flags of a mount that the caller may choose.  MNT_SOFTDEP is a promise that
 * soft updates and what is done for them can count on: not for others to give.
 */
static int
mount_userflags(const struct vfsconf *vfc, int flags)
{

	return (flags & (vfc->vfc_flags & VFCF_SOFTDEP ? MNT_FROMUSER :
	    MNT_FROMUSER & ~MNT_SOFTDEP));
}

/* Changes the flags of what is mounted at vp (MNT_UPDATE); vp is its root. */
static int
mount_update(struct vnode *vp, int flags, const char *path, void *data,
    struct nameidata *ndp, struct proc *p)
{
	struct mount *mp = vp->v_mount;
	int saved, error;

	if ((vp->v_flag & VROOT) == 0)
		return (EINVAL);
	/* The driver hears only that somebody wants to write, not that he may. */
	if ((flags & MNT_RDONLY) == 0 &&
	    (mp->mnt_vfc->vfc_flags & VFCF_READONLY))
		return (EROFS);
	saved = mp->mnt_flag;
	if ((error = vfs_busy(mp, LK_NOWAIT, NULL, p)) != 0)
		return (EBUSY);
	VOP_UNLOCK(vp, 0, p);
	mp->mnt_flag |= flags & (MNT_RELOAD | MNT_FORCE | MNT_UPDATE);
	if ((mp->mnt_flag & MNT_RDONLY) && (flags & MNT_RDONLY) == 0)
		mp->mnt_flag |= MNT_WANTRDWR;
	mp->mnt_flag = (mp->mnt_flag & ~(MNT_FROMUSER & ~MNT_RDONLY)) |
	    mount_userflags(mp->mnt_vfc, flags);
	error = VFS_MOUNT(mp, path, data, ndp, p);
	if (error == 0 && (flags & MNT_RDONLY) == 0)
		mp->mnt_flag &= ~MNT_RDONLY;
	/* Somebody may wait to unmount it, and others for him. */
	if (error != 0)
		mp->mnt_flag = saved |
		    (mp->mnt_flag & (MNT_UNMOUNT | MNT_MPWANT));
	/* How many mounts want to know the time. */
	time_users += ((saved & MNT_RDONLY) != 0) -
	    ((mp->mnt_flag & MNT_RDONLY) != 0);
	mp->mnt_flag &= ~(MNT_UPDATE | MNT_RELOAD | MNT_FORCE | MNT_WANTRDWR);
	vfs_unbusy(mp, p);
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	return (error);
}

/* Mounts a new file system on vp, which is locked and stays so. */
static int
mount_new(struct vfsconf *vfc, struct vnode *vp, int flags, const char *path,
    void *data, struct nameidata *ndp, struct proc *p)
{
	struct vnode *root;
	struct vattr va;
	struct mount *mp;
	int error;

	if (vp->v_mountedhere != NULL)
		return (EBUSY);
	/* MNT_FORCE is the driver's to hear of, as long as it mounts. */
	mp = mount_alloc(vfc, vp, mount_userflags(vfc, flags) |
	    (flags & MNT_FORCE));
	mp->mnt_stat.f_owner = p->p_ucred->cr_uid;
	(void)vfs_busy(mp, LK_NOWAIT, NULL, p);
	VOP_UNLOCK(vp, 0, p);
	error = VFS_MOUNT(mp, path, data, ndp, p);
	mp->mnt_flag &= ~MNT_FORCE;
	if (error == 0 && (error = vfs_root(mp, &root)) != 0) {
		/* It has no root that could be looked at: take it back. */
		(void)VFS_UNMOUNT(mp, MNT_FORCE, p);
	}
	if (error == 0 && root->v_type != VDIR) {
		vput(root);
		error = EINVAL;
		(void)VFS_UNMOUNT(mp, MNT_FORCE, p);
	}
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	if (error == 0) {
		/* Was the folder taken or removed while it was not locked? */
		if (vp->v_type != VDIR || vp->v_mountedhere != NULL)
			error = EBUSY;
		else if (VOP_GETATTR(vp, &va, p->p_ucred, p) != 0 ||
		    va.va_nlink == 0)
			error = ENOENT;
		if (error != 0) {
			vput(root);
			(void)VFS_UNMOUNT(mp, MNT_FORCE, p);
		}
	}
	cache_purge(vp);
	vfs_unbusy(mp, p);
	if (error != 0) {
		spec_clear_mountpoint(mp);
		mount_free(mp);
		return (error);
	}
	vref(vp);
	vp->v_mountedhere = mp;
	CIRCLEQ_INSERT_TAIL(&mountlist, mp, mnt_list);
	if ((flags & MNT_RDONLY) == 0)
		time_users++;
	mount_movedirs(vp, root);
	vput(root);
	(void)VFS_STATFS(mp, &mp->mnt_stat, p);
	return (VFS_START(mp, 0, p));
}

/*
 * data: len bytes that the file system knows.  Drivers of this lineage may read
 * more than NetBSD's callers pass: what is not given is zero.
 */
int
vfs_domount(const char *type, const char *path, int flags, void *data,
    size_t len, struct proc *p)
{
	char given[MOUNT_DATA_MAX] = { 0 };
	struct nameidata nd;
	struct vfsconf *vfc;
	struct vnode *vp;
	char fstype[MFSNAMELEN];
	int error;

	if (len > sizeof(given))
		return (EINVAL);
	if (data != NULL) {
		if ((error = copyin(data, given, len)) != 0)
			return (error);
		data = given;
	}
	if ((error = suser(p, 0)) != 0 ||
	    (error = copyinstr(type, fstype, sizeof(fstype), NULL)) != 0)
		return (error);
	if ((vfc = vfs_byname(fstype)) == NULL)
		return (ENODEV);
	NDINIT(&nd, LOOKUP, FOLLOW | LOCKLEAF, UIO_USERSPACE, path, p);
	if ((error = namei(&nd)) != 0)
		return (error);
	vp = nd.ni_vp;
	if (vp->v_type != VDIR)
		error = ENOTDIR;
	else if (flags & MNT_UPDATE)
		error = mount_update(vp, flags, path, data, &nd, p);
	else
		error = mount_new(vfc, vp, flags, path, data, &nd, p);
	vput(vp);
	return (error);
}

/* Is another file system mounted on a folder of this one? */
static int
mount_iscovered(struct mount *mp)
{
	struct mount *other;

	CIRCLEQ_FOREACH(other, &mountlist, mnt_list)
		if (other->mnt_vnodecovered != NULL &&
		    other->mnt_vnodecovered->v_mount == mp)
			return (1);
	return (0);
}

/* Watches keep their files in use, but not the mount from going. */
static int
unmount_unwatched(struct mount *mp, int force, struct proc *p)
{
	int error;

	if (force && vfs_watches != 0)
		(void)watch_unmount(mp);
	error = VFS_UNMOUNT(mp, force, p);
	if (error == EBUSY && vfs_watches != 0 && watch_unmount(mp))
		error = VFS_UNMOUNT(mp, force, p);
	return (error);
}

/* Unmounts; EBUSY if files are in use and flags do not say MNT_FORCE. */
int
vfs_dounmount(struct mount *mp, int flags, struct proc *p)
{
	struct vnode *covered = mp->mnt_vnodecovered, *root;
	int isroot, error;

	if ((mp->mnt_flag & MNT_UNMOUNT) || mount_iscovered(mp))
		return (EBUSY);
	mp->mnt_flag |= MNT_UNMOUNT;
	(void)lockmgr(&mp->mnt_lock, LK_EXCLUSIVE, NULL, p);
	cache_purgevfs(mp);
	/* The root of all, and whoever stands in it, use the mount's root. */
	isroot = rootvnode->v_mount == mp;
	if (isroot)
		mount_movedirs(rootvnode, covered);
	error = mp->mnt_flag & MNT_RDONLY ? 0 :
	    VFS_SYNC(mp, MNT_WAIT, p->p_ucred, p);
	if (error == 0 || (flags & MNT_FORCE))
		error = unmount_unwatched(mp, flags & MNT_FORCE, p);
	if (error != 0 && isroot && vfs_root(mp, &root) == 0) {
		mount_movedirs(covered, root);
		vput(root);
	}
	mp->mnt_flag &= ~MNT_UNMOUNT;
	(void)lockmgr(&mp->mnt_lock, LK_RELEASE, NULL, p);
	if (mp->mnt_flag & MNT_MPWANT) {
		mp->mnt_flag &= ~MNT_MPWANT;
		wakeup(mp);
	}
	if (error != 0)
		return (error);
	CIRCLEQ_REMOVE(&mountlist, mp, mnt_list);
	(void)bufmem_freespares();
	if ((mp->mnt_flag & MNT_RDONLY) == 0)
		time_users--;
	covered->v_mountedhere = NULL;
	spec_clear_mountpoint(mp);
	mount_free(mp);
	vrele(covered);
	return (0);
}

/* The kernel goes down: everything but the root file system, latest first. */
void
vfs_unmountall(void)
{
	struct mount *mp, *prev;

	for (mp = CIRCLEQ_LAST(&mountlist); mp != CIRCLEQ_END(&mountlist);
	    mp = prev) {
		prev = CIRCLEQ_PREV(mp, mnt_list);
		if (mp->mnt_vnodecovered == NULL)
			continue;
		if (vfs_dounmount(mp, MNT_FORCE, curproc) != 0)
			printf("unmounting %s failed\n",
			    mp->mnt_stat.f_mntonname);
	}
}

/* Nothing is exported: a mount asks for it in vain. */
int
vfs_export(struct mount *mp, struct netexport *nep, struct export_args *argp)
{

	(void)mp;
	(void)nep;
	return (argp->ex_flags & (MNT_EXPORTED | MNT_DELEXPORT) ?
	    EOPNOTSUPP : 0);
}

struct netcred *
vfs_export_lookup(struct mount *mp, struct netexport *nep, struct mbuf *nam)
{

	(void)mp;
	(void)nep;
	(void)nam;
	return (NULL);
}
