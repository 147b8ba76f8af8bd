/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lock.h: locks that may sleep (lockmgr) and the simple locks of a one-CPU kernel.
 */
#ifndef _SYS_LOCK_H_
#define	_SYS_LOCK_H_

#include <sys/types.h>

struct proc;

/*
 * Simple locks guard short stretches against other processors.  The kernel runs
 * on one virtual CPU and nothing preempts it inside, so there is nothing to do;
 * drivers of this lineage count on that.
 */
struct simplelock {
	int lock_data;
};
#define	SLOCK_UNLOCKED	0
#define	SLOCK_LOCKED	1
#define	SIMPLELOCK_INITIALIZER	{ SLOCK_UNLOCKED }
#define	simple_lock_init(l)	((void)(l))
#define	simple_lock(l)		((void)(l))
#define	simple_lock_try(l)	((void)(l), 1)
#define	simple_unlock(l)	((void)(l))
#define	simple_lock_assert(l, s) ((void)(l))

/*
 * A lock with one exclusive owner (which may enter again) or many shared ones;
 * waiters sleep.  All fields belong to the virtual CPU.
 */
struct lock {
	int lk_flags;			/* LK_ flags of the lock itself */
	int lk_sharecount;
	int lk_exclusivecount;		/* depth of the owner */
	int lk_waitcount;
	struct proc *lk_lockholder;
	const char *lk_wmesg;
	int lk_prio;
	int lk_timo;			/* ticks, 0: for ever */
};

/* Requests. */
#define	LK_TYPE_MASK	0x0000000f
#define	LK_SHARED	0x00000001
#define	LK_EXCLUSIVE	0x00000002
#define	LK_UPGRADE	0x00000003
#define	LK_EXCLUPGRADE	0x00000004
#define	LK_DOWNGRADE	0x00000005
#define	LK_RELEASE	0x00000006
#define	LK_DRAIN	0x00000007
#define	LK_EXCLOTHER	0x00000008	/* lockstatus(): somebody else's */

/* With a request, or with lockinit(). */
#define	LK_EXTFLG_MASK	0x00700070
#define	LK_NOWAIT	0x00000010	/* EBUSY rather than sleep */
#define	LK_SLEEPFAIL	0x00000020	/* ENOLCK after a sleep */
#define	LK_CANRECURSE	0x00000040	/* the owner may enter again */
#define	LK_RECURSEFAIL	0x00000080	/* EDEADLK if the owner enters again */
#define	LK_INTERLOCK	0x00010000	/* the simple lock is held: release it */
#define	LK_RETRY	0x00020000	/* vn_lock(): go on until it is had */

/* State. */
#define	LK_WANT_EXCL	0x00001000
#define	LK_DRAINED	0x00002000

#define	LK_KERNPROC	((struct proc *)-2)
#define	LK_NOPROC	((struct proc *)-1)

void	lockinit(struct lock *, int prio, const char *wmesg, int timo, int flags);
int	lockmgr(struct lock *, u_int flags, struct simplelock *,
	    struct proc *);
int	lockstatus(struct lock *);
void	lockmgr_printinfo(struct lock *);

#endif /* _SYS_LOCK_H_ */
