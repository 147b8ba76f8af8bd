/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_sync.c: the syncer: an lwp that writes what was left for later.
 *
 * A vnode that gets its first dirty buffer goes onto a wheel of lists, one per
 * second, as far ahead as its kind may wait: data longest, what other data hangs
 * on least.  Once a second the syncer turns the wheel and writes the vnodes of
 * the list it comes to.  File systems have other work for it too (soft updates).
 *
 * The lwp starts with the first dirty vnode, and sleeps without a time limit
 * when nothing is dirty: a kernel that only reads has none, and an idle one is
 * not woken.  All data here belong to the virtual CPU.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/fcntl.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <miscfs/specfs/specdev.h>
#include <rump-sys/syncer.h>
#include "rumpblk.h"
#include "vfs_buf.h"
#include "vfs_private.h"

#define	WHEEL_SLOTS	32		/* a power of two */
#define	WHEEL_MASK	(WHEEL_SLOTS - 1)

/* Seconds until a mount is asked to write what it keeps for itself. */
#define	MOUNT_DELAY	30

/* Rounds without work before the syncer sleeps until it is kicked. */
#define	IDLE_ROUNDS	3

static LIST_HEAD(, vnode) wheel[WHEEL_SLOTS];
static int wheel_now;			/* the list that comes next */
static int wheel_count;			/* vnodes on the wheel */
static int syncer_rush;			/* rounds to make without a pause */
static int syncer_idle;			/* rounds without work */
static int syncer_ends;
static int mount_countdown = MOUNT_DELAY;

int (*syncer_worklist)(struct mount *);

static void syncer(void *);

void
vn_syncer_add_to_worklist(struct vnode *vp, int delay)
{

	vn_syncer_remove_from_worklist(vp);
	delay = MIN(delay, WHEEL_SLOTS - 2);
	LIST_INSERT_HEAD(&wheel[(wheel_now + delay) & WHEEL_MASK], vp,
	    v_synclist);
	vp->v_bioflag |= VBIOONSYNCLIST;
	if (wheel_count++ == 0)
		syncer_kick();
}

void
vn_syncer_remove_from_worklist(struct vnode *vp)
{

	if (vp->v_bioflag & VBIOONSYNCLIST) {
		LIST_REMOVE(vp, v_synclist);
		vp->v_bioflag &= ~VBIOONSYNCLIST;
		wheel_count--;
	}
}

/* There is work: starts the syncer, or wakes it from a long sleep. */
void
syncer_kick(void)
{
	struct lwp *l;

	syncer_idle = 0;
	if (syncerproc == NULL && !syncer_ends) {
		if (kthread_create(syncer, NULL, &l, "syncer") != 0)
			panic("no thread for the syncer");
		kthread_stop = syncer_stop;
		syncerproc = &l->l_proc;
	} else {
		wakeup(&wheel_count);
	}
}

/* The same from where nothing may be waited for. */
void
syncer_wake(void)
{

	syncer_idle = 0;
	if (syncerproc != NULL)
		wakeup(&wheel_count);
}

/*
 * Asks the syncer to hurry by a round; 0 if it does already.  Soft updates say
 * so when they have too much in memory.
 */
int
speedup_syncer(void)
{

	syncer_kick();
	if (syncer_rush >= WHEEL_SLOTS / 2)
		return (0);
	syncer_rush++;
	wakeup(&syncer_rush);
	return (1);
}

/* The kernel ends: nothing more is written. */
void
syncer_stop(void)
{

	syncer_ends = 1;
	wakeup(&wheel_count);
	wakeup(&syncer_rush);
}

/* Writes one vnode of the list that is due; puts off what cannot be now. */
static void
sync_vnode(struct vnode *vp, struct proc *p)
{

	vn_syncer_add_to_worklist(vp, WHEEL_SLOTS - 2);
	if (vget(vp, LK_EXCLUSIVE | LK_NOWAIT, p) != 0)
		return;
	(void)VOP_FSYNC(vp, p->p_ucred, MNT_LAZY, p);
	vput(vp);
}

static void
sync_mounts(struct proc *p)
{
	struct mount *mp, *next;

	for (mp = CIRCLEQ_FIRST(&mountlist); mp != CIRCLEQ_END(&mountlist);
	    mp = next) {
		if (vfs_busy(mp, LK_NOWAIT, NULL, p) != 0) {
			next = CIRCLEQ_NEXT(mp, mnt_list);
			continue;
		}
		if ((mp->mnt_flag & MNT_RDONLY) == 0)
			(void)VFS_SYNC(mp, MNT_LAZY, p->p_ucred, p);
		next = CIRCLEQ_NEXT(mp, mnt_list);
		vfs_unbusy(mp, p);
	}
}

/* One round; says whether there was anything to do. */
static int
sync_round(struct proc *p)
{
	struct vnode *vp;
	int slot = wheel_now, busy = wheel_count != 0;

	wheel_now = (wheel_now + 1) & WHEEL_MASK;
	while (!syncer_ends && (vp = LIST_FIRST(&wheel[slot])) != NULL)
		sync_vnode(vp, p);
	if (!syncer_ends && syncer_worklist != NULL &&
	    syncer_worklist(NULL) != 0)
		busy = 1;
	if (--mount_countdown <= 0 && !syncer_ends) {
		sync_mounts(p);
		mount_countdown = MOUNT_DELAY;
	}
	return (busy);
}

static void
syncer(void *arg)
{
	struct proc *p = curproc;

	(void)arg;
	while (!syncer_ends) {
		if (sync_round(p))
			syncer_idle = 0;
		else
			syncer_idle++;
		if (syncer_ends)
			break;
		if (syncer_rush > 0) {
			syncer_rush--;
		} else if (syncer_idle > IDLE_ROUNDS) {
			(void)bufmem_freespares();
			(void)tsleep(&wheel_count, PPAUSE, "syncidle", 0);
		} else {
			(void)tsleep_nsec(&syncer_rush, PPAUSE, "syncer",
			    1000000000);
		}
	}
}

int
vfs_flushdev(struct mount *mp, struct proc *p)
{
	struct vnode *devvp;
	int error;

	if (mp == NULL || (devvp = spec_mountdev(mp)) == NULL)
		return (0);
	error = VOP_IOCTL(devvp, DIOCCACHESYNC, NULL, FWRITE, p->p_ucred, p);
	return (error == ENOTTY ? 0 : error);
}

/* A disk that goes on to refuse what is written gets no more to refuse. */
int
vfs_refuses(struct mount *mp)
{
	struct vnode *devvp;

	if (mp->mnt_flag & MNT_RDONLY)
		return (EROFS);
	if (__predict_true(held_bytes == 0) ||
	    (devvp = spec_mountdev(mp)) == NULL)
		return (0);
	return (rumpblk_refuses(devvp->v_rdev));
}

int
vn_fsync(struct vnode *vp, struct ucred *cred, struct proc *p)
{
	int error, flag = p->p_flag & P_FLUSHES;

	p->p_flag |= P_FLUSHES;
	error = VOP_FSYNC(vp, cred, MNT_WAIT, p);
	/* A new file's name is part of what is promised. */
	if (error == 0 && bioops.io_fsync != NULL && vp->v_mount != NULL &&
	    (vp->v_mount->mnt_flag & MNT_SOFTDEP))
		error = bioops.io_fsync(vp);
	p->p_flag = (p->p_flag & ~P_FLUSHES) | flag;
	/* A write that failed and was made good since is not told of. */
	if (error == 0 && ((vp->v_bioflag & VBIOLOST) ||
	    !LIST_EMPTY(&vp->v_dirtyblkhd)))
		error = vp->v_ioerror;
	vp->v_ioerror = 0;
	vp->v_bioflag &= ~VBIOLOST;
	if (error == 0 && vp->v_mount != NULL &&
	    (vp->v_mount->mnt_flag & MNT_RDONLY) == 0)
		error = vfs_flushdev(vp->v_mount, p);
	return (error);
}
