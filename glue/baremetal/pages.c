/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pages.c: physical pages, in buddies.
 *
 * Each stretch of RAM has a frontier: what lies above it has never been handed
 * out and is not described by a struct page yet, so that a big machine costs no
 * more to start than a small one.  Free blocks below the frontier are on the
 * lists, one for each power of two.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"

#define	SEGS_MAX	16
#define	ORDER_MAX	20

struct seg {
	uint32_t sg_start, sg_frontier, sg_end;		/* page numbers */
};
static struct seg segs[SEGS_MAX];
static unsigned nsegs;
static struct page *pages;		/* by page number */
static uint32_t freelist[ORDER_MAX + 1];
static uint64_t npages_total, npages_free;

/*
 * Adds RAM.  Called for each stretch before pages_init().  Page 0 is left out:
 * address 0 stands for "none".  The image is left out as well.
 */
void
pages_add(paddr_t start, paddr_t end)
{
	paddr_t istart = virt_to_phys(image_start), iend = virt_to_phys(image_end);

	start = roundup2(MAX(start, PAGE_SIZE), PAGE_SIZE);
	end = rounddown2(MIN(end, DMAP_MAX), PAGE_SIZE);
	if (start < iend && end > istart) {
		pages_add(start, istart);
		start = iend;
	}
	if (start >= end || nsegs == SEGS_MAX)
		return;
	segs[nsegs].sg_start = segs[nsegs].sg_frontier = start >> PAGE_SHIFT;
	segs[nsegs].sg_end = end >> PAGE_SHIFT;
	npages_total += segs[nsegs].sg_end - segs[nsegs].sg_start;
	npages_free = npages_total;
	nsegs++;
}

/*
 * A page right behind the image, for good, before pages_init(): there the boot
 * tables show it at KERNBASE, where it is zeroed.
 */
paddr_t
page_alloc_early(void)
{
	paddr_t iend = virt_to_phys(image_end), pa;
	unsigned i;

	for (i = 0; i < nsegs; i++) {
		pa = (paddr_t)segs[i].sg_start << PAGE_SHIFT;
		if (pa < iend || pa >= iend + LARGE_SIZE ||
		    segs[i].sg_start == segs[i].sg_end)
			continue;
		segs[i].sg_start = ++segs[i].sg_frontier;
		npages_total--, npages_free--;
		page_zero((void *)(pa + KERNBASE));
		return pa;
	}
	memory_exhausted("the page tables");
}

/* Sets room aside for the struct pages.  The direct map must exist. */
void
pages_init(void)
{
	uint32_t top = 0, need;
	unsigned i, largest = 0;

	for (i = 0; i < nsegs; i++) {
		top = MAX(top, segs[i].sg_end);
		if (segs[i].sg_end - segs[i].sg_start >
		    segs[largest].sg_end - segs[largest].sg_start)
			largest = i;
	}
	need = roundup2(top * sizeof(struct page), PAGE_SIZE) >> PAGE_SHIFT;
	if (nsegs == 0 || need >= segs[largest].sg_end -
	    segs[largest].sg_frontier)
		memory_exhausted("the page table of the allocator");
	pages = phys_to_virt((paddr_t)segs[largest].sg_frontier << PAGE_SHIFT);
	segs[largest].sg_start = segs[largest].sg_frontier += need;
	npages_free -= need;
}

struct page *
page_of(paddr_t pa)
{

	return &pages[pa >> PAGE_SHIFT];
}

uint64_t
pages_total(void)
{

	return npages_total << PAGE_SHIFT;
}

uint64_t
pages_available(void)
{

	return npages_free << PAGE_SHIFT;
}

static struct seg *
seg_of(uint32_t pn)
{
	unsigned i;

	for (i = 0; i < nsegs; i++)
		if (pn >= segs[i].sg_start && pn < segs[i].sg_end)
			return &segs[i];
	return NULL;
}

static void
freelist_insert(uint32_t pn, unsigned order)
{
	struct page *pg = &pages[pn];

	pg->pg_state = PAGE_FREE;
	pg->pg_order = (uint8_t)order;
	pg->pg_prev = 0;
	pg->pg_next = freelist[order];
	if (pg->pg_next != 0)
		pages[pg->pg_next].pg_prev = pn;
	freelist[order] = pn;
}

static void
freelist_remove(uint32_t pn)
{
	struct page *pg = &pages[pn];

	if (pg->pg_prev != 0)
		pages[pg->pg_prev].pg_next = pg->pg_next;
	else
		freelist[pg->pg_order] = pg->pg_next;
	if (pg->pg_next != 0)
		pages[pg->pg_next].pg_prev = pg->pg_prev;
	pg->pg_state = PAGE_USED;
}

/* Gives a block back and joins it with its free buddies. */
static void
block_free(const struct seg *sg, uint32_t pn, unsigned order)
{
	uint32_t buddy;

	for (; order < ORDER_MAX; order++) {
		buddy = pn ^ (1U << order);
		if (buddy < sg->sg_start || buddy >= sg->sg_frontier ||
		    pages[buddy].pg_state != PAGE_FREE ||
		    pages[buddy].pg_order != order)
			break;
		freelist_remove(buddy);
		pages[pn].pg_state = PAGE_USED;
		pn = MIN(pn, buddy);
	}
	freelist_insert(pn, order);
}

/* Frees any run of pages as the aligned blocks it consists of. */
static void
run_free(struct seg *sg, uint32_t pn, uint32_t end)
{
	unsigned order;

	while (pn < end) {
		order = pn == 0 ? ORDER_MAX : (unsigned)__builtin_ctz(pn);
		order = MIN(order, ORDER_MAX);
		while (pn + (1U << order) > end)
			order--;
		block_free(sg, pn, order);
		pn += 1U << order;
	}
}

/* Takes n aligned pages that were never used.  Skipped ones become free ones. */
static uint32_t
frontier_take(uint32_t n, uint32_t align)
{
	struct seg *sg;
	uint32_t pn, old, i;

	for (sg = segs + nsegs; sg-- > segs;) {
		old = sg->sg_frontier;
		pn = roundup2(old, align);
		if (pn >= sg->sg_end || sg->sg_end - pn < n)
			continue;
		sg->sg_frontier = pn + n;
		for (i = old; i < pn + n; i++)
			pages[i].pg_state = PAGE_USED;
		if (old != pn)
			run_free(sg, old, pn);
		return pn;
	}
	return 0;
}

/* Takes n of the first free block of this order or above. */
static uint32_t
block_take(unsigned order, uint32_t n)
{
	uint32_t pn;

	for (; order <= ORDER_MAX && freelist[order] == 0; order++)
		continue;
	if (order > ORDER_MAX)
		return 0;
	pn = freelist[order];
	freelist_remove(pn);
	if (n != 1U << order)
		run_free(seg_of(pn), pn + n, pn + (1U << order));
	return pn;
}

static paddr_t
take(uint32_t n, uint32_t align, unsigned order)
{
	uint64_t flags = intr_disable();
	uint32_t pn = block_take(order, n);

	if (pn == 0)
		pn = frontier_take(n, align);
	if (pn != 0)
		npages_free -= n;
	intr_restore(flags);
	return (paddr_t)pn << PAGE_SHIFT;
}

/*
 * A run of physically contiguous pages; alignpages is a power of two.
 */
paddr_t
page_alloc_run(size_t npages, size_t alignpages)
{
	unsigned order = 0;

	if (npages == 0 || npages > npages_free)
		return 0;
	while ((1UL << order) < npages || (1UL << order) < alignpages)
		order++;
	return take((uint32_t)npages, (uint32_t)alignpages, order);
}

paddr_t
page_alloc(void)
{

	return take(1, 1, 0);
}

paddr_t
page_alloc_zeroed(void)
{
	paddr_t pa = page_alloc();

	if (pa != 0)
		page_zero(phys_to_virt(pa));
	return pa;
}

/* Pages of the image (a program's, mapped in place) are never given back. */
void
page_free_run(paddr_t pa, size_t npages)
{
	uint32_t pn = (uint32_t)(pa >> PAGE_SHIFT);
	struct seg *sg = seg_of(pn);
	uint64_t flags;

	if (sg == NULL)
		return;
	flags = intr_disable();
	run_free(sg, pn, pn + (uint32_t)npages);
	npages_free += npages;
	intr_restore(flags);
}

void
page_zero(void *va)
{

	memset(va, 0, PAGE_SIZE);
}
