/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_softdep_front.c: the driver's soft updates, and questions about them that
 * only this file can answer, because their structures are the driver's own.
 *
 * Soft updates are to order a new name of a file before the end of its old one.
 * The driver does so where both are one entry that changes, but not between two
 * blocks of folders: of a file that is renamed, a power cut could leave neither
 * name.  ffs_commit_names() brings new names to the disk; who takes the old one
 * away calls it before (ffs_vnops_front.c).
 */
#include <ufs/ffs/ffs_softdep.c>
#include "ffs_component.h"

static int
count_diradds(struct workhead *head)
{
	struct worklist *wk;
	int n = 0;

	LIST_FOREACH(wk, head, wk_list)
		if (wk->wk_type == D_DIRADD)
			n++;
	return (n);
}

/* How many names of a file are not on the disk yet. */
int
ffs_pending_names(struct inode *ip)
{
	struct inodedep *inodedep;

	if (inodedep_lookup(ip->i_fs, ip->i_number, 0, &inodedep) == 0)
		return (0);
	return (count_diradds(&inodedep->id_pendinghd) +
	    count_diradds(&inodedep->id_inowait) +
	    count_diradds(&inodedep->id_bufwait));
}

/* A name that waits for nothing but the write of its block, if there is one. */
static struct diradd *
writable_name(struct inode *ip)
{
	struct inodedep *inodedep;
	struct worklist *wk;

	if (inodedep_lookup(ip->i_fs, ip->i_number, 0, &inodedep) == 0)
		return (NULL);
	LIST_FOREACH(wk, &inodedep->id_pendinghd, wk_list)
		if (wk->wk_type == D_DIRADD && (wk->wk_state &
		    (COMPLETE | MKDIR_BODY | MKDIR_PARENT)) == COMPLETE)
			return (WK_DIRADD(wk));
	return (NULL);
}

/*
 * Writes a block of a folder.  The buffer's own state is lock enough.  A block
 * that is new is found on the disk only when the folder's inode has it.
 */
static int
write_page(struct vnode *dvp, ufs_lbn_t lbn, int isnew, int maylock)
{
	struct proc *p = CURPROC;
	struct inode *dp = VTOI(dvp);
	struct buf *bp;
	int error;

	if ((error = bread(dvp, lbn, blksize(dp->i_fs, dp, lbn), NOCRED,
	    &bp)) != 0) {
		brelse(bp);
		return (error);
	}
	if ((error = bwrite(bp)) != 0 || !isnew)
		return (error);
	if (lbn < NDADDR || !maylock)
		return (UFS_UPDATE(dp, MNT_WAIT));
	if ((error = vn_lock(dvp, LK_EXCLUSIVE, p)) != 0)
		return (error);
	error = VOP_FSYNC(dvp, p->p_ucred, MNT_WAIT, p);
	VOP_UNLOCK(dvp, 0, p);
	return (error);
}

/*
 * Brings all names of a file to the disk that can be.  No vnode need be locked;
 * maylock says that none is, so that one may be.
 */
int
ffs_commit_names(struct vnode *vp, int maylock)
{
	struct inode *ip = VTOI(vp);
	struct pagedep *pagedep;
	struct diradd *dap, *last = NULL;
	struct vnode *dvp;
	int error;

	if ((error = UFS_UPDATE(ip, MNT_WAIT)) != 0)
		return (error);
	while ((dap = writable_name(ip)) != NULL && dap != last) {
		last = dap;
		pagedep = dap->da_state & DIRCHG ?
		    dap->da_previous->dm_pagedep : dap->da_pagedep;
		/* Its buffer is in memory, and so is its vnode. */
		dvp = ufs_ihashlookup(ip->i_dev, pagedep->pd_ino);
		if (dvp == NULL || vget(dvp, 0, CURPROC) != 0)
			return (0);
		error = write_page(dvp, pagedep->pd_lbn,
		    pagedep->pd_state & NEWBLOCK, maylock);
		vrele(dvp);
		if (error != 0)
			return (error);
	}
	return (0);
}
