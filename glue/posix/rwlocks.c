/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rwlocks.c: reader/writer locks, on a futex word.
 *
 * While somebody waits, new readers wait too, so that writers do not starve;
 * the last one out frees the lock and wakes all, who try again.  Readers must
 * not take the lock twice.
 */
#include "rumpuser_int.h"

#include <limits.h>
#include <stdlib.h>

#define	RW_WRITER	0x80000000U
#define	RW_WAITED	0x40000000U	/* somebody sleeps on the word */
#define	RW_READERS	0x3fffffffU	/* how many hold it for reading */

struct rumpuser_rw {
	_Atomic uint32_t rw_word;
	struct lwp *_Atomic rw_owner;	/* of a writer */
};

void
rumpuser_rw_init(struct rumpuser_rw **rwp)
{
	struct rumpuser_rw *rw;
	void *p;

	if (rumpuser_malloc(sizeof(*rw), 0, &p) != 0) {
		rumpuser_dprintf("rumpuser: no memory for a lock\n");
		rumpuser_exit(RUMPUSER_PANIC);
	}
	rw = p;
	atomic_init(&rw->rw_word, 0);
	atomic_init(&rw->rw_owner, NULL);
	*rwp = rw;
}

void
rumpuser_rw_destroy(struct rumpuser_rw *rw)
{

	rumpuser_free(rw, sizeof(*rw));
}

/* The word that results from taking the lock, or 0 if it cannot be had. */
static uint32_t
rw_taken(int how, uint32_t word)
{

	if (how == RUMPUSER_RW_WRITER)
		return word == 0 ? RW_WRITER : 0;
	return (word & (RW_WRITER | RW_WAITED)) == 0 ? word + 1 : 0;
}

static int
rw_try(int how, struct rumpuser_rw *rw, uint32_t *seen)
{
	uint32_t taken, word = atomic_load(&rw->rw_word);

	while ((taken = rw_taken(how, word)) != 0) {
		if (atomic_compare_exchange_weak(&rw->rw_word, &word, taken)) {
			if (how == RUMPUSER_RW_WRITER)
				atomic_store(&rw->rw_owner, rumpuser_curlwp());
			return 1;
		}
	}
	*seen = word;
	return 0;
}

void
rumpuser_rw_enter(int how, struct rumpuser_rw *rw)
{
	uint32_t word;
	int nlocks;

	if (RUMPUSER__LIKELY(rw_try(how, rw, &word)))
		return;
	rumpuser__unschedule(&nlocks, NULL);
	do {
		if ((word & RW_WAITED) || atomic_compare_exchange_strong(
		    &rw->rw_word, &word, word | RW_WAITED))
			(void)rumpuser__wait(&rw->rw_word, word | RW_WAITED,
			    NULL);
	} while (!rw_try(how, rw, &word));
	rumpuser__schedule(nlocks, NULL);
}

int
rumpuser_rw_tryenter(int how, struct rumpuser_rw *rw)
{
	uint32_t word;

	return rw_try(how, rw, &word) ? 0 : RUMP_EBUSY;
}

int
rumpuser_rw_tryupgrade(struct rumpuser_rw *rw)
{
	uint32_t word = atomic_load(&rw->rw_word);

	while ((word & RW_READERS) == 1) {
		if (atomic_compare_exchange_weak(&rw->rw_word, &word,
		    RW_WRITER | (word & RW_WAITED))) {
			atomic_store(&rw->rw_owner, rumpuser_curlwp());
			return 0;
		}
	}
	return RUMP_EBUSY;
}

/* Readers that waited may go on now, so the sleepers are woken. */
void
rumpuser_rw_downgrade(struct rumpuser_rw *rw)
{

	atomic_store(&rw->rw_owner, NULL);
	if (atomic_exchange(&rw->rw_word, 1) & RW_WAITED)
		rumpuser__wake(&rw->rw_word, INT_MAX);
}

void
rumpuser_rw_exit(struct rumpuser_rw *rw)
{
	uint32_t next, word = atomic_load(&rw->rw_word);

	if (word & RW_WRITER)
		atomic_store(&rw->rw_owner, NULL);
	do {
		next = word & RW_WRITER || (word & RW_READERS) == 1 ? 0 :
		    word - 1;
	} while (!atomic_compare_exchange_weak(&rw->rw_word, &word, next));
	if (next == 0 && (word & RW_WAITED))
		rumpuser__wake(&rw->rw_word, INT_MAX);
}

void
rumpuser_rw_held(int how, struct rumpuser_rw *rw, int *held)
{

	if (how == RUMPUSER_RW_WRITER)
		*held = (atomic_load(&rw->rw_word) & RW_WRITER) != 0 &&
		    atomic_load(&rw->rw_owner) == rumpuser_curlwp();
	else
		*held = (atomic_load(&rw->rw_word) & RW_READERS) != 0;
}
