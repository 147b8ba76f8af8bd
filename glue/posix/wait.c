/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * wait.c: the one place where threads of a kernel block.
 *
 * Everything that waits (locks, condition variables, sleeps, idle I/O threads)
 * waits on a futex word through rumpuser__wait(), which keeps a list of who
 * waits where.  So a kernel that ended, whatever state its locks are in, can
 * always be left: the words of all waiters are changed, the waiters wake, find
 * that the kernel is gone, and leave.  Waiting is already slow; the list adds
 * little to it and nothing to the paths that do not wait.
 */
#include "rumpuser_int.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

struct waiter {
	struct waiter *w_next, **w_prevp;
	_Atomic uint32_t *w_word;
};

/* Guarded by waiters_lock; ended is also read without it. */
static struct rumpuser__lock waiters_lock;
static struct waiter *waiters;
static _Atomic int ended;

static int
futex_wait(_Atomic uint32_t *word, uint32_t value,
    const struct timespec *deadline)
{

	return (int)syscall(SYS_futex, word,
	    FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, value, deadline, NULL,
	    FUTEX_BITSET_MATCH_ANY);
}

void
rumpuser__wake(_Atomic uint32_t *word, int nthreads)
{

	(void)syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG,
	    nthreads, NULL, NULL, 0);
}

/* 0 free, 1 held, 2 held and perhaps waited for. */
void
rumpuser__lock(struct rumpuser__lock *lock)
{
	uint32_t free = 0;

	if (atomic_compare_exchange_strong(&lock->rl_word, &free, 1))
		return;
	while (atomic_exchange(&lock->rl_word, 2) != 0)
		(void)futex_wait(&lock->rl_word, 2, NULL);
}

void
rumpuser__unlock(struct rumpuser__lock *lock)
{

	if (atomic_exchange(&lock->rl_word, 0) == 2)
		rumpuser__wake(&lock->rl_word, 1);
}

int
rumpuser__wait(_Atomic uint32_t *word, uint32_t value,
    const struct timespec *deadline)
{
	struct waiter self = { .w_word = word };
	int error = 0, gone;

	rumpuser__handover();
	rumpuser__lock(&waiters_lock);
	gone = ended;
	if (!gone) {
		self.w_next = waiters;
		self.w_prevp = &waiters;
		if (waiters != NULL)
			waiters->w_prevp = &self.w_next;
		waiters = &self;
	}
	rumpuser__unlock(&waiters_lock);
	if (gone)
		rumpuser__leave();

	if (futex_wait(word, value, deadline) == -1 && errno == ETIMEDOUT)
		error = ETIMEDOUT;

	rumpuser__lock(&waiters_lock);
	*self.w_prevp = self.w_next;
	if (self.w_next != NULL)
		self.w_next->w_prevp = self.w_prevp;
	gone = ended;
	rumpuser__unlock(&waiters_lock);
	if (gone)
		rumpuser__leave();
	return error;
}

/*
 * Changing a word under the feet of its lock is fine here and only here: nobody
 * uses the locks of a kernel that ended.  It also catches who is on the list
 * but not asleep yet.
 */
void
rumpuser__wait_end(void)
{
	struct waiter *w;

	rumpuser__lock(&waiters_lock);
	ended = 1;
	for (w = waiters; w != NULL; w = w->w_next) {
		atomic_fetch_add(w->w_word, 4);
		rumpuser__wake(w->w_word, INT_MAX);
	}
	rumpuser__unlock(&waiters_lock);
}

int
rumpuser__wait_ended(void)
{

	return atomic_load_explicit(&ended, memory_order_acquire);
}

void
rumpuser__leave(void)
{
	struct rumpuser__entry *entry = rumpuser__self.rs_entry;

	if (entry == NULL) {
		rumpuser_dprintf("rumpuser: a thread that did not enter "
		    "through rumpuser_posix_call() is in an ended kernel\n");
		abort();
	}
	_longjmp(entry->re_jump, 1);
}
