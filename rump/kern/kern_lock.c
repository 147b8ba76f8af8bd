/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_lock.c: locks that sleep: lockmgr (lock(9)) and reader/writer locks.
 *
 * They guard what must stay put across a sleep, such as a vnode during a disk
 * read; short stretches are guarded by the virtual CPU already.  A waiter for
 * an exclusive lock keeps new shared holders out (LK_WANT_EXCL).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <sys/rwlock.h>

void
lockinit(struct lock *lkp, int prio, const char *wmesg, int timo, int flags)
{

	memset(lkp, 0, sizeof(*lkp));
	lkp->lk_flags = flags & LK_EXTFLG_MASK;
	lkp->lk_lockholder = LK_NOPROC;
	lkp->lk_prio = prio;
	lkp->lk_timo = timo;
	lkp->lk_wmesg = wmesg;
}

static int
lock_wait(struct lock *lkp, u_int flags)
{
	int error;

	if (flags & LK_NOWAIT)
		return (EBUSY);
	lkp->lk_waitcount++;
	error = tsleep(lkp, lkp->lk_prio, lkp->lk_wmesg, lkp->lk_timo);
	lkp->lk_waitcount--;
	if (error == 0 && (flags & LK_SLEEPFAIL))
		error = ENOLCK;
	return (error);
}

static void
lock_wakeup(struct lock *lkp)
{

	if (lkp->lk_waitcount != 0)
		wakeup(lkp);
}

static int
lock_shared(struct lock *lkp, u_int flags, struct proc *p)
{
	int error;

	if (lkp->lk_lockholder == p) {
		/* The owner stays exclusive: as strong, and cannot deadlock. */
		lkp->lk_exclusivecount++;
		return (0);
	}
	/* A drain keeps nobody out: it waits until nobody waits. */
	while (lkp->lk_exclusivecount != 0 || (lkp->lk_flags & LK_WANT_EXCL))
		if ((error = lock_wait(lkp, flags)) != 0)
			return (error);
	lkp->lk_sharecount++;
	return (0);
}

static int
lock_exclusive(struct lock *lkp, u_int flags, struct proc *p)
{
	int error;

	if (lkp->lk_lockholder == p) {
		if (flags & LK_RECURSEFAIL)
			return (EDEADLK);
		if (((flags | lkp->lk_flags) & LK_CANRECURSE) == 0)
			panic("lockmgr: locking against myself (%s)",
			    lkp->lk_wmesg);
		lkp->lk_exclusivecount++;
		return (0);
	}
	while (lkp->lk_exclusivecount != 0 || lkp->lk_sharecount != 0) {
		lkp->lk_flags |= LK_WANT_EXCL;
		error = lock_wait(lkp, flags);
		lkp->lk_flags &= ~LK_WANT_EXCL;
		if (error != 0) {
			lock_wakeup(lkp);	/* let the readers in again */
			return (error);
		}
	}
	lkp->lk_exclusivecount = 1;
	lkp->lk_lockholder = p;
	return (0);
}

static int
lock_release(struct lock *lkp, struct proc *p)
{

	if (lkp->lk_exclusivecount != 0) {
		if (lkp->lk_lockholder != p)
			panic("lockmgr: releasing another's lock (%s)",
			    lkp->lk_wmesg);
		if (--lkp->lk_exclusivecount == 0)
			lkp->lk_lockholder = LK_NOPROC;
	} else {
		KASSERT(lkp->lk_sharecount != 0);
		lkp->lk_sharecount--;
	}
	lock_wakeup(lkp);
	return (0);
}

/* Waits until nobody holds or wants the lock, and keeps it for good. */
static int
lock_drain(struct lock *lkp, u_int flags, struct proc *p)
{
	int error;

	if (lkp->lk_lockholder == p)
		panic("lockmgr: draining against myself (%s)", lkp->lk_wmesg);
	while (lkp->lk_exclusivecount != 0 || lkp->lk_sharecount != 0 ||
	    lkp->lk_waitcount != 0) {
		if (flags & LK_NOWAIT)
			return (EBUSY);
		/* Not counted as a waiter: it waits for these to go. */
		error = tsleep(lkp, lkp->lk_prio, lkp->lk_wmesg, 1);
		if (error != 0 && error != EWOULDBLOCK)
			return (error);
	}
	lkp->lk_flags |= LK_DRAINED;
	lkp->lk_exclusivecount = 1;
	lkp->lk_lockholder = p;
	return (0);
}

/*
 * 0, EBUSY (NOWAIT), ENOLCK (SLEEPFAIL after a sleep), EDEADLK (RECURSEFAIL).
 * With LK_INTERLOCK the caller's simple lock is released.
 */
int
lockmgr(struct lock *lkp, u_int flags, struct simplelock *interlkp,
    struct proc *p)
{

	if (flags & LK_INTERLOCK)
		simple_unlock(interlkp);
	if (p == NULL)
		p = LK_KERNPROC;
	switch (flags & LK_TYPE_MASK) {
	case LK_SHARED:
		return (lock_shared(lkp, flags, p));
	case LK_EXCLUSIVE:
		return (lock_exclusive(lkp, flags, p));
	case LK_RELEASE:
		return (lock_release(lkp, p));
	case LK_DOWNGRADE:
		KASSERT(lkp->lk_lockholder == p);
		lkp->lk_sharecount = lkp->lk_exclusivecount;
		lkp->lk_exclusivecount = 0;
		lkp->lk_lockholder = LK_NOPROC;
		lock_wakeup(lkp);
		return (0);
	case LK_UPGRADE:
	case LK_EXCLUPGRADE:
		KASSERT(lkp->lk_sharecount != 0);
		lkp->lk_sharecount--;
		lock_wakeup(lkp);
		return (lock_exclusive(lkp, flags, p));
	case LK_DRAIN:
		return (lock_drain(lkp, flags, p));
	default:
		panic("lockmgr: unknown request 0x%x", flags);
	}
}

/* LK_EXCLUSIVE: the caller's; LK_EXCLOTHER: another's; LK_SHARED; 0: free. */
int
lockstatus(struct lock *lkp)
{

	if (lkp->lk_exclusivecount != 0)
		return (lkp->lk_lockholder == curproc ? LK_EXCLUSIVE :
		    LK_EXCLOTHER);
	return (lkp->lk_sharecount != 0 ? LK_SHARED : 0);
}

void
lockmgr_printinfo(struct lock *lkp)
{

	printf(" lock %s: %d shared, %d exclusive, %d waiting", lkp->lk_wmesg,
	    lkp->lk_sharecount, lkp->lk_exclusivecount, lkp->lk_waitcount);
}

void
rw_init(struct rwlock *rwl)
{

	memset(rwl, 0, sizeof(*rwl));
}

static void
rw_wait(struct rwlock *rwl)
{

	rwl->rwl_waiters++;
	(void)tsleep(rwl, PLOCK, "rwlock", 0);
	rwl->rwl_waiters--;
}

void
rw_enter_read(struct rwlock *rwl)
{

	while (rwl->rwl_owner != NULL)
		rw_wait(rwl);
	rwl->rwl_readers++;
}

void
rw_enter_write(struct rwlock *rwl)
{

	KASSERT(rwl->rwl_owner != curproc);
	while (rwl->rwl_owner != NULL || rwl->rwl_readers != 0)
		rw_wait(rwl);
	rwl->rwl_owner = curproc;
}

void
rw_exit_read(struct rwlock *rwl)
{

	KASSERT(rwl->rwl_readers > 0);
	if (--rwl->rwl_readers == 0 && rwl->rwl_waiters != 0)
		wakeup(rwl);
}

void
rw_exit_write(struct rwlock *rwl)
{

	KASSERT(rwl->rwl_owner == curproc);
	rwl->rwl_owner = NULL;
	if (rwl->rwl_waiters != 0)
		wakeup(rwl);
}
