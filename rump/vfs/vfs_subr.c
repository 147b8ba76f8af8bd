/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_subr.c: the life of a vnode.
 *
 * A vnode is used (v_usecount), or free: then it stays on the free list with
 * its file, buffers and names, until it is used again or getnewvnode() takes it
 * for another file.  Taking a file away (vclean) is marked with VXLOCK; whoever
 * comes across it waits and looks again.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/lockf.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/fcntl.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include "vfs_private.h"
#include "vfs_watch.h"

static TAILQ_HEAD(, vnode) vnode_freelist;
static struct pool vnode_pool;
int numvnodes;

int prtactive;			/* 1: print reclaims of vnodes in use */

enum vtype iftovt_tab[16] = {
	VNON, VFIFO, VCHR, VNON, VDIR, VNON, VBLK, VNON,
	VREG, VNON, VLNK, VNON, VSOCK, VNON, VNON, VBAD,
};
int vttoif_tab[9] = {
	0, S_IFREG, S_IFDIR, S_IFBLK, S_IFCHR, S_IFLNK, S_IFSOCK, S_IFIFO,
	S_IFMT,
};

void
vnode_init(void)
{

	TAILQ_INIT(&vnode_freelist);
	pool_init(&vnode_pool, sizeof(struct vnode), 0, 0, 0, "vnode", NULL);
}

void
vattr_null(struct vattr *vap)
{

	memset(vap, 0, sizeof(*vap));
	vap->va_type = VNON;
	vap->va_mode = (mode_t)VNOVAL;
	vap->va_nlink = (nlink_t)VNOVAL;
	vap->va_uid = (uid_t)VNOVAL;
	vap->va_gid = (gid_t)VNOVAL;
	vap->va_fsid = VNOVAL;
	vap->va_fileid = (u_quad_t)VNOVAL;
	vap->va_size = (u_quad_t)VNOVAL;
	vap->va_blocksize = VNOVAL;
	vap->va_atime.tv_sec = vap->va_atime.tv_nsec = VNOVAL;
	vap->va_mtime = vap->va_ctime = vap->va_atime;
	vap->va_gen = (u_long)VNOVAL;
	vap->va_flags = (u_long)VNOVAL;
	vap->va_rdev = (dev_t)VNOVAL;
	vap->va_bytes = (u_quad_t)VNOVAL;
}

/*
 * Whether a vnode has lost its file.  Its type does not say: a damaged disk may
 * give a file that is there the type VBAD.
 */
static int
vn_isdead(const struct vnode *vp)
{

	return (vp->v_op == dead_vnodeop_p);
}

static void
freelist_add(struct vnode *vp, int first)
{

	KASSERT((vp->v_flag & VONFREELIST) == 0);
	vp->v_flag |= VONFREELIST;
	if (first)
		TAILQ_INSERT_HEAD(&vnode_freelist, vp, v_freelist);
	else
		TAILQ_INSERT_TAIL(&vnode_freelist, vp, v_freelist);
}

static void
freelist_remove(struct vnode *vp)
{

	if (vp->v_flag & VONFREELIST) {
		TAILQ_REMOVE(&vnode_freelist, vp, v_freelist);
		vp->v_flag &= ~VONFREELIST;
	}
}

/* So many vnodes with something to write are passed over for a clean one. */
#define	PICK_MOST	64

/*
 * The free vnode that was used longest ago and that nobody is busy with.  One
 * with something to write would have to be written first, and waited for: it goes
 * to the end, where the syncer comes by before we do.
 */
static struct vnode *
freelist_pick(void)
{
	struct vnode *vp, *next, *dirty = NULL;
	int n = 0;

	for (vp = TAILQ_FIRST(&vnode_freelist); vp != NULL && n < PICK_MOST;
	    vp = next) {
		next = TAILQ_NEXT(vp, v_freelist);
		if ((vp->v_flag & VXLOCK) ||
		    (!vn_isdead(vp) && VOP_ISLOCKED(vp) != 0))
			continue;
		if (LIST_EMPTY(&vp->v_dirtyblkhd) && vp->v_numoutput == 0)
			return (vp);
		n++;
		dirty = vp;
		TAILQ_REMOVE(&vnode_freelist, vp, v_freelist);
		TAILQ_INSERT_TAIL(&vnode_freelist, vp, v_freelist);
	}
	if (dirty != NULL)
		(void)speedup_syncer();
	return (numvnodes < 2 * desiredvnodes ? NULL : dirty);
}

/*
 * A vnode without a file, in use once, not locked.  It is new below
 * desiredvnodes; from then on the oldest free one is taken if there is one, or up
 * to twice as many if those have something to write.
 */
int
getnewvnode(enum vtagtype tag, struct mount *mp, int (**vops)(void *),
    struct vnode **vpp)
{
	struct vnode *vp = NULL;
	u_int id = 0;

	/* One that lost its file already is at hand, and warm. */
	if ((vp = TAILQ_FIRST(&vnode_freelist)) == NULL ||
	    !vn_isdead(vp) || (vp->v_flag & VXLOCK))
		vp = numvnodes >= desiredvnodes ? freelist_pick() : NULL;
	if (vp != NULL) {
		if (!vn_isdead(vp))
			vgonel(vp, curproc);
		/* vgonel() slept, perhaps: somebody may have taken it. */
		if (vp->v_usecount != 0 || !vn_isdead(vp))
			vp = NULL;
		else
			freelist_remove(vp);
	}
	if (vp == NULL) {
		vp = pool_get(&vnode_pool, PR_WAITOK);
		numvnodes++;
	} else {
		id = vp->v_id;
	}
	KASSERT(id == 0 || LIST_EMPTY(&vp->v_cleanblkhd));
	memset(vp, 0, sizeof(*vp));
	vp->v_id = id + 1;
	LIST_INIT(&vp->v_cleanblkhd);
	LIST_INIT(&vp->v_dirtyblkhd);
	LIST_INIT(&vp->v_cache_src);
	LIST_INIT(&vp->v_cache_dst);
	lockinit(&vp->v_lock, PVFS, "vnlock", 0, 0);
	vp->v_type = VNON;
	vp->v_tag = tag;
	vp->v_op = vops;
	vp->v_usecount = 1;
	insmntque(vp, mp);
	*vpp = vp;
	return (0);
}

/* Moves a vnode to a mount's list (NULL: to none). */
void
insmntque(struct vnode *vp, struct mount *mp)
{

	if (vp->v_mount != NULL)
		LIST_REMOVE(vp, v_mntvnodes);
	if ((vp->v_mount = mp) != NULL)
		LIST_INSERT_HEAD(&mp->mnt_vnodelist, vp, v_mntvnodes);
}

static void
vn_xwait(struct vnode *vp)
{

	vp->v_flag |= VXWANT;
	(void)tsleep(vp, PINOD, "vnclean", 0);
}

/*
 * Takes a use of a vnode found by other means than a use, and locks it if flags
 * say so.  ENOENT: it was being taken away; look again.
 */
int
vget(struct vnode *vp, int flags, struct proc *p)
{
	int error;

	if (vp->v_flag & VXLOCK) {
		if (flags & LK_NOWAIT)
			return (EBUSY);
		vn_xwait(vp);
		return (ENOENT);
	}
	if (vp->v_usecount == 0)
		freelist_remove(vp);
	vp->v_usecount++;
	if ((flags & LK_TYPE_MASK) == 0)
		return (0);
	if ((error = vn_lock(vp, flags & ~LK_INTERLOCK, p)) != 0) {
		if (--vp->v_usecount == 0)
			freelist_add(vp, 0);
	}
	return (error);
}

void
vref(struct vnode *vp)
{

	KASSERT(vp->v_usecount > 0);
	vp->v_usecount++;
}

/* Gives back a use of a locked vnode, and the lock. */
void
vput(struct vnode *vp)
{
	struct proc *p = curproc;

	KASSERT(vp->v_usecount > 0);
	if (--vp->v_usecount > 0) {
		VOP_UNLOCK(vp, 0, p);
		return;
	}
	freelist_add(vp, vn_isdead(vp));
	VOP_INACTIVE(vp, p);
}

void
vrele(struct vnode *vp)
{
	struct proc *p = curproc;

	KASSERT(vp->v_usecount > 0);
	/* The last use is kept until the lock is had: others may come. */
	if (vp->v_usecount > 1)
		vp->v_usecount--;
	else if (vn_lock(vp, LK_EXCLUSIVE, p) == 0)
		vput(vp);
	else if (--vp->v_usecount == 0)
		freelist_add(vp, vn_isdead(vp));
}

/* Buffers count here: a vnode that has some is worth keeping. */
void
vhold(struct vnode *vp)
{

	vp->v_holdcnt++;
}

void
holdrele(struct vnode *vp)
{

	KASSERT(vp->v_holdcnt > 0);
	vp->v_holdcnt--;
}

/* Locks are the file's, who holds them and who waits for them only in use. */
static void
purge_locks(struct vnode *vp)
{
	struct flock fl = { .l_type = F_UNLCK };

	(void)VOP_ADVLOCK(vp, NULL, F_UNLCK, &fl, F_PURGE);
}

/* Parts a vnode from its file. */
static void
vclean(struct vnode *vp, int flags, struct proc *p)
{
	int active;

	if ((active = vp->v_usecount) != 0)
		vp->v_usecount++;
	KASSERT((vp->v_flag & VXLOCK) == 0);
	vp->v_flag |= VXLOCK;
	VOP_LOCK(vp, LK_DRAIN, p);
	/* What cannot be written is lost with the vnode. */
	if ((flags & DOCLOSE) && vinvalbuf(vp, V_SAVE, NOCRED, p, 0, 0) != 0)
		(void)vinvalbuf(vp, 0, NOCRED, p, 0, 0);
	if (active) {
		if (flags & DOCLOSE)
			VOP_CLOSE(vp, FNONBLOCK, NOCRED, p);
		purge_locks(vp);
		VOP_INACTIVE(vp, p);
	} else {
		VOP_UNLOCK(vp, 0, p);
	}
	if (VOP_RECLAIM(vp, p))
		panic("vclean: a file cannot be reclaimed");
	KASSERT(vp->v_data == NULL || vp->v_tag == VT_NON);
	cache_purge(vp);
	vname_free(vp);
	knote_gone(&vp->v_selectinfo.vsi_selinfo.si_note);
	vp->v_op = dead_vnodeop_p;
	vp->v_tag = VT_NON;
	if (active && --vp->v_usecount == 0)
		freelist_add(vp, 1);
	vp->v_flag &= ~VXLOCK;
	if (vp->v_flag & VXWANT) {
		vp->v_flag &= ~VXWANT;
		wakeup(vp);
	}
}

/* Takes the file from a vnode for good; users of it get errors from now on. */
void
vgonel(struct vnode *vp, struct proc *p)
{

	if (vp->v_flag & VXLOCK) {
		vn_xwait(vp);
		return;
	}
	vclean(vp, DOCLOSE, p);
	insmntque(vp, NULL);
	spec_free(vp);
	vp->v_type = VBAD;
	if (vp->v_usecount == 0) {
		freelist_remove(vp);
		freelist_add(vp, 1);
	}
}

void
vgone(struct vnode *vp)
{

	vgonel(vp, curproc);
}

/* For a file system that knows that a file will not be wanted again. */
int
vrecycle(struct vnode *vp, struct simplelock *inter_lkp, struct proc *p)
{

	(void)inter_lkp;
	if (vp->v_usecount != 0)
		return (0);
	vgonel(vp, p);
	return (1);
}

/*
 * What soft updates have in memory cannot be given up: other blocks count on it.
 * So a file that cannot be written keeps its vnode.
 */
static int
vflush_write(struct vnode *vp, struct proc *p)
{
	int error;

	if (vp->v_mount == NULL || (vp->v_mount->mnt_flag & MNT_SOFTDEP) == 0 ||
	    LIST_EMPTY(&vp->v_dirtyblkhd))
		return (0);
	if (vget(vp, LK_EXCLUSIVE, p) != 0)
		return (0);
	error = VOP_FSYNC(vp, p->p_ucred, MNT_WAIT, p);
	vput(vp);
	return (error);
}

/*
 * Takes all files from the vnodes of a mount, but for skip.  EBUSY if some are
 * in use and flags do not say FORCECLOSE; other errors of writing.
 */
int
vflush(struct mount *mp, struct vnode *skip, int flags)
{
	struct vnode *vp, *next;
	int busy = 0, error;

again:
	for (vp = LIST_FIRST(&mp->mnt_vnodelist); vp != NULL; vp = next) {
		next = LIST_NEXT(vp, v_mntvnodes);
		if (vp == skip ||
		    ((flags & SKIPSYSTEM) && (vp->v_flag & VSYSTEM)) ||
		    ((flags & WRITECLOSE) && (vp->v_writecount == 0 ||
		    vp->v_type != VREG)))
			continue;
		if (vp->v_usecount == 0 || (flags & FORCECLOSE)) {
			if ((error = vflush_write(vp, curproc)) != 0)
				return (error);
			vgonel(vp, curproc);
			busy = 0;
			goto again;	/* the list changed under us */
		}
		busy++;
	}
	return (busy != 0 ? EBUSY : 0);
}

/* One buffer of the vnode's, or none that flags allow. */
static struct buf *
inval_pick(struct vnode *vp, int flags)
{
	struct buf *bp;

	LIST_FOREACH(bp, &vp->v_cleanblkhd, b_vnbufs)
		if ((flags & V_SAVEMETA) == 0 || bp->b_lblkno >= 0)
			return (bp);
	LIST_FOREACH(bp, &vp->v_dirtyblkhd, b_vnbufs)
		if ((flags & V_SAVEMETA) == 0 || bp->b_lblkno >= 0)
			return (bp);
	return (NULL);
}

/*
 * Forgets all buffers of a vnode; with V_SAVE dirty ones are written first,
 * with V_SAVEMETA indirect blocks stay.  Caller has the vnode locked or is alone
 * with it.
 */
int
vinvalbuf(struct vnode *vp, int flags, struct ucred *cred, struct proc *p,
    int slpflag, int slptimeo)
{
	struct buf *bp;
	int error;

	if (flags & V_SAVE) {
		if ((error = vwaitforio(vp, slpflag, "vinvalbuf", slptimeo)))
			return (error);
		if (!LIST_EMPTY(&vp->v_dirtyblkhd) &&
		    (error = VOP_FSYNC(vp, cred, MNT_WAIT, p)) != 0)
			return (error);
	}
	while ((bp = inval_pick(vp, flags)) != NULL) {
		/*
		 * One that we have ourselves, and that is done, was lost by a
		 * driver on its way out of an error: nobody will release it.
		 */
		if ((bp->b_flags & (B_BUSY | B_DONE)) == (B_BUSY | B_DONE) &&
		    bp->b_proc == curproc) {
			bp->b_flags |= B_INVAL;
			brelse(bp);
			continue;
		}
		if (bp->b_flags & B_BUSY) {
			bp->b_flags |= B_WANTED;
			error = tsleep(bp, slpflag | (PRIBIO + 1), "vinvalbuf",
			    slptimeo);
			if (error != 0)
				return (error);
			continue;
		}
		bremfree(bp);
		bp->b_flags |= B_BUSY;
		bp->b_proc = p;
		if ((flags & V_SAVE) && (bp->b_flags & B_DELWRI)) {
			if ((error = VOP_BWRITE(bp)) != 0)
				return (error);
			continue;
		}
		bp->b_flags |= B_INVAL;
		brelse(bp);
	}
	return (0);
}

void
vprint(const char *label, struct vnode *vp)
{
	static const char *const types[] = { "VNON", "VREG", "VDIR", "VBLK",
	    "VCHR", "VLNK", "VSOCK", "VFIFO", "VBAD" };

	printf("%s: %s, used %d, written %d, held %d, flags 0x%x\n", label,
	    types[vp->v_type], vp->v_usecount, vp->v_writecount, vp->v_holdcnt,
	    vp->v_flag);
	if (vp->v_data != NULL)
		VOP_PRINT(vp);
}

int
vn_isdisk(struct vnode *vp, int *errp)
{

	if (vp->v_type == VBLK)
		return (1);
	if (errp != NULL)
		*errp = ENOTBLK;
	return (0);
}

/* Nothing maps files inside the kernel, so that nothing has to be told. */
void
uvm_vnp_setsize(struct vnode *vp, off_t size)
{

	(void)vp;
	(void)size;
}

int
uvm_vnp_uncache(struct vnode *vp)
{

	(void)vp;
	return (1);
}
