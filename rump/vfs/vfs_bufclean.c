/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_bufclean.c: the limits of the buffer cache: how much memory buffers have,
 * and how much of it may be dirty.
 *
 * Whoever wants memory beyond the limit frees clean buffers, oldest first; where
 * there are none, dirty ones are written and their end is waited for.  The waiter
 * may have buffers and vnodes locked, so that it waits only for writes that are
 * under way: these end by themselves.  When everything is in somebody's hands the
 * limit is passed over rather than waited at: a cache full of dirty buffers that
 * depend on one another must not stand still.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump-sys/kmem.h>
#include "vfs_buf.h"

/* More than this does not pay; what is not used is not taken. */
#define	BUFMEM_MOST	(128UL * 1024 * 1024)
#define	TRANSFER_MOST	(1024UL * 1024)

/* How often somebody waits for writes before the limit is passed over. */
#define	ROUNDS_MOST	16

size_t bufmem_limit;
size_t buf_transfer;
size_t bufdirty;
size_t bufwriting;

static int cleaning;		/* somebody is starting writes */

void
bufclean_init(void)
{

	/* A quarter of the memory. */
	bufmem_limit = MIN(kmem_limit() / 4, BUFMEM_MOST);
	for (buf_transfer = MAXBSIZE; buf_transfer < TRANSFER_MOST &&
	    buf_transfer < bufmem_limit / 32; buf_transfer *= 2)
		continue;
}

/* Frees clean buffers nobody has, oldest first, until bytes are free. */
static size_t
free_clean(size_t bytes)
{
	size_t before = bufmem;
	struct buf *bp, *next;

	for (bp = TAILQ_FIRST(&bufqueue[BQ_CLEAN]);
	    bp != NULL && before - bufmem < bytes; bp = next) {
		next = TAILQ_NEXT(bp, b_freelist);
		if (bp->b_flags & B_LOCKED)
			continue;
		bremfree(bp);
		buf_free(bp);
	}
	return (before - bufmem);
}

/* Starts writing dirty buffers nobody has, oldest first, for so many bytes. */
static void
start_dirty(size_t bytes)
{
	size_t before = bufwriting;
	struct buf *bp;
	int most = 1024;

	if (cleaning)
		return;
	cleaning = 1;
	while (bufwriting < before + bytes && most-- > 0) {
		TAILQ_FOREACH(bp, &bufqueue[BQ_DIRTY], b_freelist)
			if ((bp->b_flags & B_LOCKED) == 0)
				break;
		if (bp == NULL)
			break;
		buf_take(bp);
		bawrite(bp);
	}
	cleaning = 0;
}

/*
 * Frees memory for bytes; tells how much came free.  Who has no lwp yet
 * (rump_schedule) cannot wait for writes.
 */
static size_t
free_some(size_t bytes)
{
	size_t freed = free_clean(bytes);

	if (freed != 0 || curproc == &proc0)
		return (freed);
	start_dirty(MAX(bytes, bufmem_limit / 8));
	if ((freed = free_clean(bytes)) != 0 || bufwriting == 0)
		return (freed);
	(void)tsleep(&bufwriting, PRIBIO, "bufroom", 0);
	freed = free_clean(bytes);
	/* A write was waited for: that is something, too. */
	return (freed != 0 ? freed : 1);
}

int
buf_reclaim(size_t bytes)
{
	int rounds;
	size_t freed = bufmem_freespares();

	for (rounds = 0; rounds < ROUNDS_MOST && freed <= 1; rounds++)
		if ((freed = free_some(bytes)) == 0)
			break;
	return (freed > 1 ? (int)MIN(freed, INT_MAX) : 0);
}

/* Keeps the cache within its limit before it grows by bytes. */
void
buf_makeroom(size_t bytes)
{
	int rounds;

	for (rounds = 0; bufmem + bytes > bufmem_limit &&
	    rounds < ROUNDS_MOST; rounds++)
		if (free_some(MAX(bytes, bufmem_limit / 64)) == 0)
			break;
}

/* Something was made dirty: with half of the cache dirty, writing begins. */
void
buf_throttle(void)
{

	if (bufdirty > bufmem_limit / 2 && bufwriting < bufmem_limit / 8 &&
	    curproc != &proc0)
		start_dirty(bufmem_limit / 8);
}
