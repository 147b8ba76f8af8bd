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
 *
 * When a write fails the driver leaves the block as it was for the write, with
 * parts taken back, and cannot begin the next one.  ffs_write_over() gives the
 * block what memory has, so that it can be tried again.  It hears of few: what the
 * host refuses is held by the device as long as there is memory for it.
 *
 * When indir_trunc() cannot read a block of pointers, it leaves without letting go
 * of the buffer.  The syncer often is who calls it, and an unmount would wait for
 * that buffer for ever.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>

static int
read_for(const char *caller, struct vnode *vp, daddr_t blkno, int size,
    struct ucred *cred, struct buf **bpp)
{
	int error;

	error = bread(vp, blkno, size, cred, bpp);
	if (error != 0 && strcmp(caller, "indir_trunc") == 0) {
		brelse(*bpp);
		*bpp = NULL;
	}
	return (error);
}

#define	bread(vp, blkno, size, cred, bpp)				\
	read_for(__func__, vp, blkno, size, cred, bpp)
#include <ufs/ffs/ffs_softdep.c>
#undef bread
#include "ffs_component.h"

/* Whether any mount has something that waits for something else. */
int
ffs_softdep_pending(void)
{

	return (num_inodedep != 0 || num_dirrem != 0 || num_on_worklist != 0);
}

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

/* Brings the map that says that an inode is in use to the disk, if it waits. */
int
ffs_write_inode_map(struct inode *ip)
{
	struct inodedep *inodedep;
	struct buf *bp;

	if (inodedep_lookup(ip->i_fs, ip->i_number, 0, &inodedep) == 0 ||
	    (inodedep->id_state & DEPCOMPLETE))
		return (0);
	bp = inodedep->id_buf;
	return (getdirtybuf(&bp, MNT_WAIT) ? bwrite(bp) : 0);
}

/* Entries of a folder's block that were left out of a write are there again. */
static void
restore_page(struct pagedep *pagedep, struct buf *bp)
{
	struct diradd *dap, *next;
	struct direct *ep;
	int i;

	if ((pagedep->pd_state & IOSTARTED) == 0)
		return;
	pagedep->pd_state &= ~IOSTARTED;
	for (i = 0; i < DAHASHSZ; i++)
		for (dap = LIST_FIRST(&pagedep->pd_diraddhd[i]); dap != NULL;
		    dap = next) {
			next = LIST_NEXT(dap, da_pdlist);
			ep = (struct direct *)(bp->b_data + dap->da_offset);
			ep->d_ino = dap->da_newinum;
			dap->da_state = (dap->da_state & ~UNDONE) | ATTACHED;
			/* Its inode came to the disk meanwhile. */
			if ((dap->da_state & ALLCOMPLETE) == ALLCOMPLETE) {
				LIST_REMOVE(dap, da_pdlist);
				LIST_INSERT_HEAD(&pagedep->pd_pendinghd, dap,
				    da_pdlist);
			}
		}
}

/* The same for what an inode had to keep back. */
static void
restore_inode(struct inodedep *inodedep, struct buf *bp)
{
	struct ufs1_dinode *dp = (struct ufs1_dinode *)bp->b_data +
	    ino_to_fsbo(inodedep->id_fs, inodedep->id_ino);
	struct allocdirect *adp;

	if ((inodedep->id_state & IOSTARTED) == 0)
		return;
	inodedep->id_state &= ~IOSTARTED;
	if (inodedep->id_savedino != NULL) {
		*dp = *inodedep->id_savedino;
		FREE(inodedep->id_savedino, M_INODEDEP);
		inodedep->id_savedino = NULL;
		return;
	}
	TAILQ_FOREACH(adp, &inodedep->id_inoupdt, ad_next) {
		if (adp->ad_lbn < NDADDR)
			dp->di_db[adp->ad_lbn] = adp->ad_newblkno;
		else
			dp->di_ib[adp->ad_lbn - NDADDR] = adp->ad_newblkno;
		adp->ad_state = (adp->ad_state & ~UNDONE) | ATTACHED;
	}
	dp->di_size = inodedep->id_savedsize;
	inodedep->id_savedsize = -1;
	if ((adp = TAILQ_FIRST(&inodedep->id_inoupdt)) != NULL)
		handle_allocdirect_partdone(adp);
}

/* The same for an indirect block. */
static void
restore_indirect(struct indirdep *indirdep, struct buf *bp)
{
	struct allocindir *aip;

	if ((indirdep->ir_state & UNDONE) == 0)
		return;
	memcpy(bp->b_data, indirdep->ir_saveddata, bp->b_bcount);
	free(indirdep->ir_saveddata, M_INDIRDEP);
	indirdep->ir_saveddata = NULL;
	indirdep->ir_state = (indirdep->ir_state & ~UNDONE) | ATTACHED;
	while ((aip = LIST_FIRST(&indirdep->ir_donehd)) != NULL)
		handle_allocindir_partdone(aip);
}

/* bioops.io_complete.  The cache keeps a block that could not be written dirty. */
void
ffs_write_over(struct buf *bp)
{
	struct worklist *wk;

	if ((bp->b_flags & (B_ERROR | B_INVAL)) != B_ERROR) {
		softdep_disk_write_complete(bp);
		return;
	}
	LIST_FOREACH(wk, &bp->b_dep, wk_list) {
		if (wk->wk_type == D_PAGEDEP)
			restore_page(WK_PAGEDEP(wk), bp);
		else if (wk->wk_type == D_INODEDEP)
			restore_inode(WK_INODEDEP(wk), bp);
		else if (wk->wk_type == D_INDIRDEP)
			restore_indirect(WK_INDIRDEP(wk), bp);
	}
}
