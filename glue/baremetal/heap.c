/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * heap.c: rumpuser_malloc() and its like.
 *
 * Up to half a page: pages of equal objects; a page that has a free object is
 * on the list of its size, and one without a used object goes back to pages.c.
 * Above: runs of whole pages.  The size comes back with the memory, so objects
 * carry no header.  All of it is in the direct map.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"
#include "sched.h"

#define	UNIT		16
#define	NO_UNIT		0xffff
#define	SMALL_MAX	2048

static const uint16_t class_size[] = {
	16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 672, 1024, 1360, 2048
};
static uint32_t partial[nitems(class_size)];	/* page numbers */

static unsigned
class_for(size_t len, size_t align)
{
	unsigned c;

	for (c = 0; c < nitems(class_size); c++)
		if (class_size[c] >= len && class_size[c] % align == 0)
			break;
	return c;
}

static void
partial_insert(struct page *pg, uint32_t pn)
{
	uint32_t *head = &partial[pg->pg_class];

	pg->pg_prev = 0;
	pg->pg_next = *head;
	if (*head != 0)
		page_of((paddr_t)*head << PAGE_SHIFT)->pg_prev = pn;
	*head = pn;
}

static void
partial_remove(struct page *pg)
{

	if (pg->pg_prev != 0)
		page_of((paddr_t)pg->pg_prev << PAGE_SHIFT)->pg_next =
		    pg->pg_next;
	else
		partial[pg->pg_class] = pg->pg_next;
	if (pg->pg_next != 0)
		page_of((paddr_t)pg->pg_next << PAGE_SHIFT)->pg_prev =
		    pg->pg_prev;
}

/* Makes a page of free objects.  pg_free runs up: the rest is carved later. */
static paddr_t
heap_page(unsigned class)
{
	paddr_t pa = page_alloc();
	uint16_t *object;
	struct page *pg;
	unsigned off, size = class_size[class];

	if (pa == 0)
		return 0;
	pg = page_of(pa);
	pg->pg_state = PAGE_HEAP;
	pg->pg_class = (uint8_t)class;
	pg->pg_inuse = 0;
	pg->pg_free = 0;
	for (off = 0; off + size <= PAGE_SIZE; off += size) {
		object = (uint16_t *)((char *)phys_to_virt(pa) + off);
		*object = off + 2 * size <= PAGE_SIZE ?
		    (uint16_t)((off + size) / UNIT) : NO_UNIT;
	}
	partial_insert(pg, (uint32_t)(pa >> PAGE_SHIFT));
	return pa;
}

static void *
small_alloc(unsigned class)
{
	uint64_t flags = intr_disable();
	paddr_t pa = (paddr_t)partial[class] << PAGE_SHIFT;
	struct page *pg;
	char *object = NULL;

	if (pa == 0 && (pa = heap_page(class)) == 0)
		goto out;
	pg = page_of(pa);
	object = (char *)phys_to_virt(pa) + pg->pg_free * UNIT;
	pg->pg_free = *(uint16_t *)object;
	pg->pg_inuse++;
	if (pg->pg_free == NO_UNIT)
		partial_remove(pg);
out:
	intr_restore(flags);
	return object;
}

static void
small_free(struct page *pg, char *object)
{
	uint64_t flags = intr_disable();
	paddr_t pa = rounddown2(virt_to_phys(object), PAGE_SIZE);

	if (pg->pg_free == NO_UNIT)
		partial_insert(pg, (uint32_t)(pa >> PAGE_SHIFT));
	*(uint16_t *)object = pg->pg_free;
	pg->pg_free = (uint16_t)(((uintptr_t)object & PAGE_MASK) / UNIT);
	if (--pg->pg_inuse == 0) {
		partial_remove(pg);
		pg->pg_state = PAGE_USED;
		page_free_run(pa, 1);
	}
	intr_restore(flags);
}

/* align is a power of two; 0 means 16. */
void *
heap_alloc(size_t len, size_t align)
{
	unsigned class;
	paddr_t pa;
	void *p;

	if (align < UNIT)
		align = UNIT;
	class = len <= SMALL_MAX ? class_for(len, align) : nitems(class_size);
	if (class < nitems(class_size)) {
		p = small_alloc(class);
	} else {
		pa = page_alloc_run(roundup2(len, PAGE_SIZE) >> PAGE_SHIFT,
		    MAX(align >> PAGE_SHIFT, 1));
		p = pa == 0 ? NULL : phys_to_virt(pa);
	}
	if (predict_false(p == NULL))
		memory_note_refusal();
	else if (predict_false(memory_refused == curthread))
		memory_refused = NULL;
	return p;
}

void *
heap_zalloc(size_t len)
{
	void *p = heap_alloc(len, 0);

	return p == NULL ? NULL : memset(p, 0, len);
}

void
heap_free(void *p, size_t len)
{
	struct page *pg;

	if (p == NULL)
		return;
	pg = page_of(virt_to_phys(p));
	if (pg->pg_state == PAGE_HEAP)
		small_free(pg, p);
	else
		page_free_run(virt_to_phys(p),
		    roundup2(len, PAGE_SIZE) >> PAGE_SHIFT);
}
