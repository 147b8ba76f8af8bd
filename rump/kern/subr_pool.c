/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subr_pool.c: pools: items of one size, cut from slabs (pool(9)).
 *
 * A pool keeps its slabs until it is destroyed; free items are linked through
 * their own memory.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/pool.h>

struct pool_allocator pool_allocator_nointr;

struct slab {
	struct slab *s_next;
	char s_items[] __aligned(16);
};
#define	SLAB_ITEMS(size)	((size) < 512 ? 4096 / (size) : 8)

void
pool_init(struct pool *pp, size_t size, u_int align, u_int ioff, int flags,
    const char *wchan, struct pool_allocator *pa)
{

	(void)ioff;
	(void)flags;
	(void)pa;
	KASSERT(align <= 16);
	memset(pp, 0, sizeof(*pp));
	pp->pr_size = roundup(size, 16);
	pp->pr_wchan = wchan;
}

static int
pool_grow(struct pool *pp, int flags)
{
	struct slab *s;
	size_t n = SLAB_ITEMS(pp->pr_size), i;
	char *item;

#ifdef RUMP_MALLOC_DIRECT
	n = 1;
#endif
	s = malloc(sizeof(*s) + n * pp->pr_size, M_POOL,
	    flags & PR_WAITOK ? M_WAITOK : M_NOWAIT);
	if (s == NULL)
		return (0);
	s->s_next = pp->pr_pages;
	pp->pr_pages = s;
	for (i = 0; i < n; i++) {
		item = s->s_items + i * pp->pr_size;
		*(void **)(void *)item = pp->pr_free;
		pp->pr_free = item;
	}
	pp->pr_nfree += n;
	return (1);
}

void *
pool_get(struct pool *pp, int flags)
{
	void *item;

	KASSERT(pp->pr_size != 0);
	if (pp->pr_free == NULL && !pool_grow(pp, flags))
		return (NULL);
	item = pp->pr_free;
	pp->pr_free = *(void **)item;
	pp->pr_nfree--;
	pp->pr_nout++;
	if (flags & PR_ZERO)
		memset(item, 0, pp->pr_size);
	return (item);
}

void
pool_put(struct pool *pp, void *item)
{

	KASSERT(pp->pr_nout > 0);
	*(void **)item = pp->pr_free;
	pp->pr_free = item;
	pp->pr_nfree++;
	pp->pr_nout--;
}

void
pool_destroy(struct pool *pp)
{
	struct slab *s;

	if (pp->pr_nout != 0)
		panic("pool %s: destroyed with %u items in use", pp->pr_wchan,
		    pp->pr_nout);
	while ((s = pp->pr_pages) != NULL) {
		pp->pr_pages = s->s_next;
		free(s, M_POOL);
	}
	pp->pr_free = NULL;
	pp->pr_nfree = 0;
}
