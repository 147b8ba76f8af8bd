/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_fsync.c: what fsync(2) promises beyond the file under soft updates: that
 * it will be found.
 *
 * The driver's softdep_fsync() brings the names of a file to the disk, but not
 * those of the folders that they stand in: after a power cut a new folder could
 * be missing with all that was fsynced in it.  So new folders are noted here
 * until the next fsync, which brings their names to the disk too.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <ufs/ufs/quota.h>
#include <ufs/ufs/inode.h>
#include <ufs/ufs/ufs_extern.h>
#include "ffs_component.h"

int	softdep_fsync(struct vnode *);

/* Parents stand before their children.  The list belongs to the virtual CPU. */
struct newdir {
	TAILQ_ENTRY(newdir) nd_list;
	struct mount *nd_mount;
	ino_t nd_ino;
};
static TAILQ_HEAD(, newdir) newdirs = TAILQ_HEAD_INITIALIZER(newdirs);

/* In front of the driver's mkdir. */
int
ffs_note_mkdir(void *v)
{
	struct vop_mkdir_args *ap = v;
	struct mount *mp = ap->a_dvp->v_mount;
	struct newdir *nd;
	int error;

	error = ufs_mkdir(v);
	if (error != 0 || (mp->mnt_flag & MNT_SOFTDEP) == 0)
		return (error);
	nd = malloc(sizeof(*nd), M_TEMP, M_WAITOK);
	nd->nd_mount = mp;
	nd->nd_ino = VTOI(*ap->a_vpp)->i_number;
	TAILQ_INSERT_TAIL(&newdirs, nd, nd_list);
	return (0);
}

/* Nothing of a mount is pending any more. */
void
ffs_forget_newdirs(struct mount *mp)
{
	struct newdir *nd, *next;

	for (nd = TAILQ_FIRST(&newdirs); nd != NULL; nd = next) {
		next = TAILQ_NEXT(nd, nd_list);
		if (nd->nd_mount != mp)
			continue;
		TAILQ_REMOVE(&newdirs, nd, nd_list);
		free(nd, M_TEMP);
	}
}

static struct newdir *
first_newdir(struct mount *mp)
{
	struct newdir *nd;

	TAILQ_FOREACH(nd, &newdirs, nd_list)
		if (nd->nd_mount == mp)
			return (nd);
	return (NULL);
}

/* The folder may have gone meanwhile: then there is nothing to bring. */
static int
sync_newdir(struct mount *mp, ino_t ino, struct proc *p)
{
	struct vnode *vp;
	int error;

	if ((error = VFS_VGET(mp, ino, &vp)) != 0)
		return (error);
	if (vp->v_type == VDIR && VTOI(vp)->i_ffs_nlink > 0) {
		error = VOP_FSYNC(vp, p->p_ucred, MNT_WAIT, p);
		if (error == 0)
			error = softdep_fsync(vp);
	}
	vput(vp);
	return (error);
}

/*
 * Brings the names of all new folders of a mount to the disk.  Caller must hold
 * no vnode's lock.  A folder that could not be brought stays on the list, for
 * the next time.
 */
int
ffs_sync_newdirs(struct mount *mp)
{
	struct newdir *nd;
	ino_t ino;
	int error;

	while ((nd = first_newdir(mp)) != NULL) {
		ino = nd->nd_ino;
		if ((error = sync_newdir(mp, ino, curproc)) != 0)
			return (error);
		/* Another call may have been quicker. */
		if (first_newdir(mp) == nd && nd->nd_ino == ino) {
			TAILQ_REMOVE(&newdirs, nd, nd_list);
			free(nd, M_TEMP);
		}
	}
	return (0);
}

/*
 * bioops.io_fsync.  Caller must hold vp's lock, and VOP_FSYNC has been called;
 * the lock is given up meanwhile, because parents are locked before children.
 */
int
ffs_fsync_names(struct vnode *vp)
{
	struct proc *p = curproc;
	int error;

	if ((error = softdep_fsync(vp)) != 0 ||
	    first_newdir(vp->v_mount) == NULL)
		return (error);
	VOP_UNLOCK(vp, 0, p);
	error = ffs_sync_newdirs(vp->v_mount);
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	return (error);
}
