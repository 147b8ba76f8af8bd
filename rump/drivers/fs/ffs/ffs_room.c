/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_room.c: what to do when a disk with soft updates is full.
 *
 * Soft updates give blocks and inodes back only when the disk no longer knows of
 * what used them, which takes up to a minute.  Until then a disk from which much
 * was removed may seem full.  So who finds no room has everything written first.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <ufs/ufs/quota.h>
#include <ufs/ufs/inode.h>
#include <ufs/ufs/ufsmount.h>
#include <ufs/ffs/fs.h>
#include "ffs_component.h"

int	softdep_flushworklist(struct mount *, int *, struct proc *);

/* Fragments and inodes that can be had. */
static int64_t
room(struct mount *mp)
{
	struct fs *fs = VFSTOUFS(mp)->um_fs;

	return ((int64_t)fs->fs_cstotal.cs_nbfree * fs->fs_frag +
	    fs->fs_cstotal.cs_nffree + fs->fs_cstotal.cs_nifree);
}

/*
 * A write that finds no room takes back what it wrote, and waits meanwhile: what
 * was pending may be free before anybody asks for it.
 */
static int
has_block(struct mount *mp)
{

	return (VFSTOUFS(mp)->um_fs->fs_cstotal.cs_nbfree > 0);
}

/* Enough for what hangs on what: names, inodes, their blocks. */
#define	ROUNDS	10

/*
 * Writes all that one mount has; says whether it has more room then.  The
 * driver's sync writes inodes without waiting: what hangs on them comes to its
 * work list when they are there.
 */
static int
write_all(struct mount *mp, struct proc *p)
{
	struct vnode *devvp = VFSTOUFS(mp)->um_devvp;
	int64_t before = room(mp);
	int count = 1, i;

	if (vfs_busy(mp, LK_NOWAIT, NULL, p) != 0)
		return (0);
	for (i = 0; i < ROUNDS && count != 0; i++) {
		if (VFS_SYNC(mp, MNT_WAIT, p->p_ucred, p) != 0)
			break;
		(void)vn_lock(devvp, LK_EXCLUSIVE | LK_RETRY, p);
		(void)VOP_FSYNC(devvp, p->p_ucred, MNT_WAIT, p);
		VOP_UNLOCK(devvp, 0, p);
		if (softdep_flushworklist(mp, &count, p) != 0)
			break;
	}
	vfs_unbusy(mp, p);
	return (room(mp) > before);
}

/* Caller must hold no lock.  Which mount is full is not known here. */
int
ffs_make_room(void)
{
	struct proc *p = curproc;
	struct mount *mp, *next;
	int more = 0;

	for (mp = CIRCLEQ_FIRST(&mountlist); mp != CIRCLEQ_END(&mountlist);
	    mp = next) {
		if ((mp->mnt_flag & (MNT_SOFTDEP | MNT_RDONLY)) ==
		    MNT_SOFTDEP) {
			if (ffs_softdep_pending())
				more |= write_all(mp, p);
			more |= has_block(mp);
		}
		next = CIRCLEQ_NEXT(mp, mnt_list);
	}
	return (more);
}
