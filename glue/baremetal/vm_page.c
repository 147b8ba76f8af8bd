/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_page.c: the program's address space, page by page: pages come at the first
 * touch, zeroed or from the range's object, and go with their range.
 *
 * An entry that is not present but not zero either keeps the page of a range
 * whose rights were taken away.  A page of an object stays the object's; the CPU
 * notes in the entry that it was written to, and whoever removes the entry tells
 * the object.  Guarded by preemption being off.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "sched.h"
#include "trap.h"
#include "vm.h"

#define	PTE_KEPT	0x200UL		/* a bit the CPU ignores */
#define	PTE_OBJECT	0x400UL		/* another one: the page is the object's */
#define	FLUSH_MAX	32		/* pages; beyond: the whole TLB */

static pte_t
prot_bits(int prot)
{
	pte_t bits = PTE_KEPT;

	if (prot != HOST_PROT_NONE)
		bits |= PTE_P;
	if (prot & HOST_PROT_WRITE)
		bits |= PTE_W;
	if ((prot & HOST_PROT_EXEC) == 0)
		bits |= PTE_NX;
	return bits;
}

/* A private range shows the object's pages, but never lets them be written to. */
static pte_t
range_bits(const struct range *r, pte_t pte)
{
	pte_t bits = prot_bits(r->r_prot);

	if ((pte & PTE_OBJECT) && (r->r_flags & HOST_VM_SHARED) == 0)
		bits &= ~PTE_W;
	return bits;
}

static void
flush(uintptr_t start, uintptr_t end)
{

	if (end - start > FLUSH_MAX * PAGE_SIZE) {
		write_cr3(read_cr3());
		return;
	}
	for (; start < end; start += PAGE_SIZE)
		invlpg(start);
}

/*
 * The next entry at *va or above that holds a page; NULL at the end.  Skips what
 * has no tables, so that a reserved terabyte costs nothing.
 */
static pte_t *
next_page(uintptr_t *va, uintptr_t end)
{
	pte_t *table, *slot;
	uintptr_t span;
	int level;

	while (*va < end) {
		table = paging_root();
		for (level = 3;; level--) {
			span = PAGE_SIZE << (9 * level);
			slot = &table[*va / span % 512];
			if (*slot == 0 || level == 0)
				break;
			table = phys_to_virt(*slot & PTE_ADDR);
		}
		if (*slot != 0)
			return slot;
		*va = rounddown2(*va, span) + span;
	}
	return NULL;
}

int
vm_pages_enter(uintptr_t va, size_t len, paddr_t pa, int prot)
{
	uintptr_t end = va + len;

	for (; va < end; va += PAGE_SIZE, pa += PAGE_SIZE) {
		pte_t *pte = paging_entry(va, true);

		if (pte == NULL)
			return RUMP_ENOMEM;
		*pte = pa | prot_bits(prot);
	}
	return 0;
}

/* The range has its new rights. */
void
vm_pages_protect(const struct range *r, uintptr_t start, uintptr_t end)
{
	uintptr_t va = start;
	pte_t *pte;

	for (; (pte = next_page(&va, end)) != NULL; va += PAGE_SIZE)
		*pte = (*pte & (PTE_ADDR | PTE_OBJECT | PTE_D)) |
		    range_bits(r, *pte);
	flush(start, end);
}

void
vm_pages_free(const struct range *r, uintptr_t start, uintptr_t end)
{
	uintptr_t va = start;
	pte_t *pte, old;

	for (; (pte = next_page(&va, end)) != NULL; va += PAGE_SIZE) {
		old = *pte;
		*pte = 0;
		invlpg(va);
		if ((old & PTE_OBJECT) == 0)
			page_free_run(old & PTE_ADDR, 1);
		else if (old & PTE_D)
			vm_object_dirty(r->r_object, range_offset(r, va));
	}
}

/* Tells the object which of its pages were written to through this range. */
void
vm_pages_collect(const struct range *r)
{
	const pte_t both = PTE_OBJECT | PTE_D;
	uintptr_t va = r->r_start;
	pte_t *pte;

	for (; (pte = next_page(&va, r->r_end)) != NULL; va += PAGE_SIZE) {
		if ((*pte & both) != both)
			continue;
		*pte &= ~PTE_D;
		invlpg(va);
		vm_object_dirty(r->r_object, range_offset(r, va));
	}
}

/* Moves pages to where there are none; on failure none has moved. */
int
vm_pages_move(uintptr_t from, uintptr_t to, size_t len)
{
	uintptr_t va, end = from + len;
	pte_t *pte;

	for (va = from; next_page(&va, end) != NULL; va += PAGE_SIZE)
		if (paging_entry(to + (va - from), true) == NULL)
			return RUMP_ENOMEM;
	for (va = from; (pte = next_page(&va, end)) != NULL; va += PAGE_SIZE) {
		*paging_entry(to + (va - from), true) = *pte;
		*pte = 0;
	}
	flush(from, end);
	return 0;
}

/*
 * The slot of the level above that points to va's table of this level; NULL if
 * there is none, and *span tells how much address space lacks it.
 */
static pte_t *
table_slot(uintptr_t va, int level, uintptr_t *span)
{
	pte_t *table = paging_root(), *slot;
	int l;

	for (l = 3;; l--) {
		*span = PAGE_SIZE << (9 * l);
		slot = &table[va / *span % 512];
		if (*slot == 0)
			return NULL;
		if (l == level)
			return slot;
		table = phys_to_virt(*slot & PTE_ADDR);
	}
}

/*
 * Frees tables that nobody needs after start to end was cleared; low and high
 * are the borders of the hole around it.
 */
void
vm_tables_free(uintptr_t start, uintptr_t end, uintptr_t low, uintptr_t high)
{
	uintptr_t span, missing, va;
	pte_t *slot;
	paddr_t pa;
	int level;

	for (level = 1; level <= 3; level++) {
		span = PAGE_SIZE << (9 * level);
		va = MAX(rounddown2(start, span), roundup2(low, span));
		while (va < end && va + span <= high) {
			slot = table_slot(va, level, &missing);
			if (slot != NULL) {
				pa = *slot & PTE_ADDR;
				*slot = 0;
				page_free_run(pa, 1);
			}
			va = rounddown2(va, missing) + missing;
		}
	}
	write_cr3(read_cr3());
}

/* A page of the object: in place, unless a private range is to be written to. */
static int
object_touch(const struct range *r, uintptr_t va, pte_t *pte, bool write)
{
	paddr_t shown = vm_object_find(r->r_object, range_offset(r, va)), pa;

	if (shown == 0)
		return VM_MISSING;
	if (!write || (r->r_flags & HOST_VM_SHARED)) {
		*pte = shown | PTE_OBJECT | range_bits(r, PTE_OBJECT) |
		    (write ? PTE_D : 0);
		return 0;
	}
	if ((pa = page_alloc()) == 0)
		return RUMP_ENOMEM;
	memcpy(phys_to_virt(pa), phys_to_virt(shown), PAGE_SIZE);
	*pte = pa | range_bits(r, 0);
	return 0;
}

/*
 * Makes the page of a range present, and fit to be written to if asked; 0,
 * VM_MISSING or ENOMEM.
 */
int
vm_page_touch(const struct range *r, uintptr_t va, bool write)
{
	pte_t *pte = paging_entry(va, true);
	paddr_t pa;
	int error = 0;

	if (pte == NULL)
		return RUMP_ENOMEM;
	if (*pte != 0 && (!write || (*pte & PTE_OBJECT) == 0))
		return 0;
	if (r->r_object != NULL) {
		error = object_touch(r, va, pte, write);
	} else {
		if ((pa = page_alloc_zeroed()) == 0)
			return RUMP_ENOMEM;
		*pte = pa | range_bits(r, 0);
	}
	invlpg(va);
	return error;
}

/* An empty page of the range's own where the object has none. */
int
vm_page_orphan(const struct range *r, uintptr_t va)
{
	pte_t *pte = paging_entry(va, true);
	paddr_t pa;

	if (pte == NULL || (pa = page_alloc_zeroed()) == 0)
		return RUMP_ENOMEM;
	*pte = pa | range_bits(r, 0);
	return 0;
}
