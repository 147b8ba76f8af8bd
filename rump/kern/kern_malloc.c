/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_malloc.c: kernel memory (malloc(9)) over rumpuser_malloc().
 *
 * Small sizes come from lists of free blocks, one list per power of two, cut
 * from chunks of the host's memory that are kept; large ones go to the host.  A
 * header before each block says its size, for free(), and that it is one.
 * Where memory is plenty, chunks are cut from arenas, which grow to 2 MiB and
 * which the host brings in whole: a page at a time costs several times as much.
 * Compiled with RUMP_MALLOC_DIRECT every block is the host's, so that a host
 * with a checking allocator sees each.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <rump/rumpuser.h>
#include <rump-sys/kmem.h>
#include "kern_private.h"

#define	MINSHIFT	5		/* 32 bytes, header included */
#define	MAXSHIFT	16
#define	MAXSHIFT_TIGHT	12		/* where memory is short */
#define	CHUNK		(16 * 1024)
#define	ARENA_FIRST	((size_t)128 * 1024)
#define	ARENA_SHIFT	21		/* the largest: 2 MiB */
#define	PLENTY		((size_t)1 << 30)
#define	MAGIC_USED	0x6d656d21U
#define	MAGIC_FREE	0x66726565U
#define	BUCKET_HOST	0xff		/* not from a list */

struct header {
	size_t h_size;			/* bytes, header included */
	uint32_t h_magic;
	uint32_t h_bucket;
	union {				/* header ends here when in use */
		struct header *next;
		char data[1];
	} h_u __aligned(16);
};
#define	HEADER	offsetof(struct header, h_u)

static struct header *buckets[MAXSHIFT + 1];

/* 0: not yet known whether memory is plenty. */
static int maxshift;
static size_t arena_size;		/* of the next one; 0: there are none */
static char *arena_at, *arena_end;

/* Set by who keeps memory that it can give back; returns the bytes freed. */
size_t (*kmem_reclaim)(size_t);

static void *
host_alloc(size_t len, int flags)
{
	void *p;

	while (rumpuser_malloc(len, 16, &p) != 0) {
		if (kmem_reclaim != NULL && kmem_reclaim(len) != 0)
			continue;
		if ((flags & M_WAITOK) == 0 || (flags & M_CANFAIL))
			return (NULL);
		panic("out of memory: the kernel wants %lu bytes more",
		    (unsigned long)len);
	}
	return (p);
}

static void
size_up(void)
{

	maxshift = MAXSHIFT_TIGHT;
	if (kmem_limit() >= PLENTY) {
		maxshift = MAXSHIFT;
		arena_size = ARENA_FIRST;
	}
}

static void *
chunk_alloc(size_t len, int flags)
{
	int islarge = arena_size >= (size_t)1 << ARENA_SHIFT;
	void *p;

	if (arena_size != 0 && (size_t)(arena_end - arena_at) < len &&
	    rumpuser_anonmmap(NULL, arena_size, islarge ? ARENA_SHIFT : 0, 0,
	    &p) == 0) {
		arena_at = p;
		arena_end = arena_at + arena_size;
		if (!islarge)
			arena_size *= 2;
	}
	if ((size_t)(arena_end - arena_at) < len)
		return (host_alloc(len, flags));
	p = arena_at;
	arena_at += len;
	return (p);
}

static int
bucket_fill(int shift, int flags)
{
	size_t size = (size_t)1 << shift, len = MAX(size, CHUNK);
	struct header *h;
	char *p, *end;

	if ((p = chunk_alloc(len, flags)) == NULL)
		return (0);
	for (end = p + len; p < end; p += size) {
		h = (struct header *)(void *)p;
		h->h_magic = MAGIC_FREE;
		h->h_bucket = shift;
		h->h_u.next = buckets[shift];
		buckets[shift] = h;
	}
	return (1);
}

static int
bucket_of(size_t size)
{
	int shift = MINSHIFT;

#ifdef RUMP_MALLOC_DIRECT
	return (BUCKET_HOST);
#endif
	if (__predict_false(maxshift == 0))
		size_up();
	if (size > (size_t)1 << maxshift)
		return (BUCKET_HOST);
	if (size > (1 << MINSHIFT))
		shift = 64 - __builtin_clzl(size - 1);
	return (shift);
}

void *
malloc(size_t len, int type, int flags)
{
	struct header *h;
	int shift;

	(void)type;
	if (len > SIZE_MAX - HEADER)
		return (NULL);
	shift = bucket_of(len + HEADER);
	if (shift == BUCKET_HOST) {
		if ((h = host_alloc(len + HEADER, flags)) == NULL)
			return (NULL);
		h->h_bucket = BUCKET_HOST;
	} else {
		if (buckets[shift] == NULL && !bucket_fill(shift, flags))
			return (NULL);
		h = buckets[shift];
		KASSERT(h->h_magic == MAGIC_FREE);
		buckets[shift] = h->h_u.next;
	}
	h->h_size = len + HEADER;
	h->h_magic = MAGIC_USED;
	if (flags & M_ZERO)
		memset(h->h_u.data, 0, len);
	return (h->h_u.data);
}

static struct header *
header_of(void *p)
{
	struct header *h = (struct header *)(void *)((char *)p - HEADER);

	if (h->h_magic != MAGIC_USED)
		panic("free: %p %s", p, h->h_magic == MAGIC_FREE ?
		    "is free already" : "was never allocated");
	return (h);
}

void
free(void *p, int type)
{
	struct header *h;

	(void)type;
	if (p == NULL)
		return;
	h = header_of(p);
	h->h_magic = MAGIC_FREE;
	if (h->h_bucket == BUCKET_HOST) {
		rumpuser_free(h, h->h_size);
		return;
	}
	h->h_u.next = buckets[h->h_bucket];
	buckets[h->h_bucket] = h;
}

void *
realloc(void *old, size_t len, int type, int flags)
{
	size_t oldlen;
	void *p;

	if ((p = malloc(len, type, flags)) == NULL || old == NULL)
		return (p);
	oldlen = header_of(old)->h_size - HEADER;
	memcpy(p, old, oldlen < len ? oldlen : len);
	free(old, type);
	return (p);
}

/* A table of list heads, a power of two not above elements; *mask is size - 1. */
void *
hashinit(int elements, int type, int flags, u_long *mask)
{
	u_long size = 1;

	KASSERT(elements > 0);
	while (size * 2 <= (u_long)elements)
		size *= 2;
	*mask = size - 1;
	return (malloc(size * sizeof(void *), type, flags | M_ZERO));
}

void
hashfree(void *table, int type)
{

	free(table, type);
}
