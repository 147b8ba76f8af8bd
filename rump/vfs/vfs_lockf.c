/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_lockf.c: advisory locks on bytes of a file: what VOP_ADVLOCK of a driver
 * comes down to (fcntl(2), flock(2)).
 *
 * A file has one list of locks.  An owner is a process (F_POSIX) or an open file
 * (F_FLOCK); the locks of one owner never overlap.  Who has to wait sleeps on
 * the list's head, and looks again whenever a lock of the file goes; the list is
 * the file's, and may be gone then (F_PURGE).  All of it belongs to the virtual
 * CPU.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/lockf.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/queue.h>

struct lockf {
	struct lockf *lf_next;
	void *lf_id;
	off_t lf_start;
	off_t lf_end;			/* inclusive; INT64_MAX: no end */
	int lf_flags;			/* F_POSIX or F_FLOCK */
	short lf_type;			/* F_RDLCK or F_WRLCK */
};

/* A process that waits for a lock of another one. */
struct lockwait {
	LIST_ENTRY(lockwait) lw_list;
	struct lockf **lw_head;		/* NULL: its file has gone */
	void *lw_id;
	void *lw_owner;
};
static LIST_HEAD(, lockwait) lockwaits = LIST_HEAD_INITIALIZER(lockwaits);

/* The bytes that fl names; a negative length counts back from the start. */
static int
range_of(const struct flock *fl, off_t size, off_t *startp, off_t *endp)
{
	off_t start = fl->l_start;

	if (fl->l_whence == RUMP_SEEK_END) {
		if (__builtin_add_overflow(start, size, &start))
			return (EOVERFLOW);
	} else if (fl->l_whence != RUMP_SEEK_SET &&
	    fl->l_whence != RUMP_SEEK_CUR) {
		return (EINVAL);
	}
	*startp = start;
	if (fl->l_len > 0) {
		if (__builtin_add_overflow(start, fl->l_len - 1, endp))
			return (EOVERFLOW);
	} else if (fl->l_len < 0) {
		*endp = start - 1;
		if (__builtin_add_overflow(start, fl->l_len, startp))
			return (EINVAL);
	} else {
		*endp = INT64_MAX;
	}
	return (*startp < 0 ? EINVAL : 0);
}

/* A lock of somebody else's that keeps this one out. */
static struct lockf *
find_block(struct lockf *lf, const struct lockf *want)
{

	for (; lf != NULL; lf = lf->lf_next)
		if (lf->lf_id != want->lf_id && lf->lf_end >= want->lf_start &&
		    lf->lf_start <= want->lf_end &&
		    (lf->lf_type == F_WRLCK || want->lf_type == F_WRLCK))
			return (lf);
	return (NULL);
}

/* Does owner, over others that wait, wait for id? */
static int
waits_for(void *owner, void *id, int depth)
{
	struct lockwait *lw;

	if (owner == id)
		return (1);
	if (depth == 0)
		return (0);
	LIST_FOREACH(lw, &lockwaits, lw_list)
		if (lw->lw_id == owner && waits_for(lw->lw_owner, id, depth - 1))
			return (1);
	return (0);
}

#define	DEPTH_MOST	16	/* processes in a ring of waiters */

static int
wait_for(struct lockf **head, const struct lockf *want, struct lockf *block)
{
	struct lockwait lw;
	int error;

	if ((want->lf_flags & F_POSIX) && (block->lf_flags & F_POSIX) &&
	    waits_for(block->lf_id, want->lf_id, DEPTH_MOST))
		return (EDEADLK);
	lw.lw_head = head;
	lw.lw_id = want->lf_id;
	lw.lw_owner = block->lf_id;
	LIST_INSERT_HEAD(&lockwaits, &lw, lw_list);
	error = tsleep(head, PLOCK | PCATCH, "lockf", 0);
	LIST_REMOVE(&lw, lw_list);
	return (lw.lw_head == NULL ? EIO : error);
}

/* The file goes: so do its locks, and who waits for one is told. */
static void
purge(struct lockf **head)
{
	struct lockwait *lw;
	struct lockf *lf;

	while ((lf = *head) != NULL) {
		*head = lf->lf_next;
		free(lf, M_LOCKF);
	}
	LIST_FOREACH(lw, &lockwaits, lw_list)
		if (lw->lw_head == head)
			lw->lw_head = NULL;
	wakeup(head);
}

/*
 * Takes bytes [start, end] from the locks of id.  One that is cut in two needs
 * *spare, which is set to NULL then.
 */
static void
clear_range(struct lockf **head, void *id, off_t start, off_t end,
    struct lockf **spare)
{
	struct lockf **prev = head, *lf, *tail;

	while ((lf = *prev) != NULL) {
		if (lf->lf_id != id || lf->lf_end < start ||
		    lf->lf_start > end) {
			prev = &lf->lf_next;
			continue;
		}
		if (lf->lf_start >= start && lf->lf_end <= end) {
			*prev = lf->lf_next;
			free(lf, M_LOCKF);
			continue;
		}
		if (lf->lf_start < start && lf->lf_end > end) {
			tail = *spare;
			*spare = NULL;
			*tail = *lf;
			tail->lf_start = end + 1;
			lf->lf_end = start - 1;
			lf->lf_next = tail;
			break;
		}
		if (lf->lf_start < start)
			lf->lf_end = start - 1;
		else
			lf->lf_start = end + 1;
		prev = &lf->lf_next;
	}
	wakeup(head);
}

/* Enters a lock; neighbours of the same owner and kind become one with it. */
static void
insert_lock(struct lockf **head, struct lockf *lock)
{
	struct lockf **prev = head, *lf;

	while ((lf = *prev) != NULL) {
		if (lf->lf_id == lock->lf_id && lf->lf_type == lock->lf_type &&
		    ((lf->lf_end != INT64_MAX &&
		    lf->lf_end + 1 == lock->lf_start) ||
		    (lock->lf_end != INT64_MAX &&
		    lock->lf_end + 1 == lf->lf_start))) {
			lock->lf_start = MIN(lock->lf_start, lf->lf_start);
			lock->lf_end = MAX(lock->lf_end, lf->lf_end);
			*prev = lf->lf_next;
			free(lf, M_LOCKF);
		} else {
			prev = &lf->lf_next;
		}
	}
	lock->lf_next = *head;
	*head = lock;
}

static int
set_lock(struct lockf **head, struct lockf *lock, struct lockf **spare,
    int maywait)
{
	struct lockf *block;
	int error;

	while ((block = find_block(*head, lock)) != NULL) {
		if (!maywait)
			return (EAGAIN);
		/* An open file gives up what it has before it waits for more. */
		if (lock->lf_flags & F_FLOCK)
			clear_range(head, lock->lf_id, 0, INT64_MAX, spare);
		if ((error = wait_for(head, lock, block)) != 0)
			return (error);
	}
	clear_range(head, lock->lf_id, lock->lf_start, lock->lf_end, spare);
	insert_lock(head, lock);
	return (0);
}

static void
get_lock(struct lockf *list, const struct lockf *want, struct flock *fl)
{
	struct lockf *block = find_block(list, want);

	if (block == NULL) {
		fl->l_type = F_UNLCK;
		return;
	}
	fl->l_type = block->lf_type;
	fl->l_whence = RUMP_SEEK_SET;
	fl->l_start = block->lf_start;
	fl->l_len = block->lf_end == INT64_MAX ? 0 :
	    block->lf_end - block->lf_start + 1;
	fl->l_pid = block->lf_flags & F_POSIX ?
	    ((struct process *)block->lf_id)->pr_pid : -1;
}

/*
 * op: F_GETLK, F_SETLK (F_WAIT in flags: waits), F_UNLCK.  size is the file's,
 * for places counted from its end; others count from its start (the caller has
 * added its own offset).
 */
int
lf_advlock(struct lockf **head, off_t size, caddr_t id, int op,
    struct flock *fl, int flags)
{
	struct lockf *lock, *spare = NULL;
	off_t start, end;
	int error;

	if (flags & F_PURGE) {
		purge(head);
		return (0);
	}
	if ((error = range_of(fl, size, &start, &end)) != 0)
		return (error);
	if (*head == NULL && op != F_SETLK) {
		fl->l_type = F_UNLCK;
		return (0);
	}
	lock = malloc(sizeof(*lock), M_LOCKF, M_WAITOK | M_CANFAIL);
	if (lock != NULL)
		spare = malloc(sizeof(*spare), M_LOCKF, M_WAITOK | M_CANFAIL);
	if (spare == NULL) {
		free(lock, M_LOCKF);
		return (ENOLCK);
	}
	*lock = (struct lockf){ .lf_id = id, .lf_start = start, .lf_end = end,
	    .lf_flags = flags & (F_POSIX | F_FLOCK), .lf_type = fl->l_type };
	switch (op) {
	case F_SETLK:
		if (fl->l_type != F_RDLCK && fl->l_type != F_WRLCK)
			error = EINVAL;
		else
			error = set_lock(head, lock, &spare, flags & F_WAIT);
		if (error == 0)
			lock = NULL;
		break;
	case F_UNLCK:
		clear_range(head, id, start, end, &spare);
		break;
	case F_GETLK:
		get_lock(*head, lock, fl);
		break;
	default:
		error = EINVAL;
		break;
	}
	free(lock, M_LOCKF);
	free(spare, M_LOCKF);
	return (error);
}
