/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paging.c: the kernel's page tables, and walking tables in general.
 *
 * No page is both writable and executable, and the direct map leaves the image
 * out so that there is no second, writable way to its text.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"

extern pte_t boot_pml4[512], boot_pdpt[512], boot_pd[512];

static uintptr_t kstack_frontier = STACK_BASE;
static uintptr_t kstack_spare;		/* linked through their lowest word */
static uintptr_t mmio_frontier = MMIO_BASE;

pte_t *
paging_root(void)
{

	return boot_pml4;
}

static unsigned
index_at(uintptr_t va, int level)
{

	return (unsigned)(va >> (PAGE_SHIFT + 9 * level)) & 511;
}

static pte_t
image_bits(uintptr_t va)
{

	if (va < (uintptr_t)image_text_end)
		return PTE_P;
	if (va >= (uintptr_t)image_data_start && va < (uintptr_t)image_data_end)
		return PTE_P | PTE_W | PTE_NX;
	return PTE_P | PTE_NX;
}

/*
 * Fills the page table of one 2 MiB chunk, at physical address chunk: with the
 * image's pages in it, or (for the direct map) with all but those.
 */
static paddr_t
chunk_table(paddr_t chunk, bool image)
{
	paddr_t pa, table = page_alloc_early();
	pte_t *pt = (pte_t *)(table + KERNBASE);
	uintptr_t va;
	unsigned i;

	for (i = 0; i < 512; i++) {
		pa = chunk + i * PAGE_SIZE;
		va = pa + KERNBASE;
		if ((va >= (uintptr_t)image_start &&
		    va < (uintptr_t)image_end) != image)
			continue;
		pt[i] = pa | (image ? image_bits(va) : PTE_P | PTE_W | PTE_NX);
	}
	return table | PTE_P | PTE_W;
}

/* The page directory that shows the gigabyte of RAM at physical address base. */
static paddr_t
dmap_directory(paddr_t base, paddr_t end)
{
	paddr_t istart = virt_to_phys(image_start), iend = virt_to_phys(image_end);
	paddr_t pa, table = page_alloc_early();
	pte_t *pd = (pte_t *)(table + KERNBASE);

	for (pa = base; pa < end; pa += LARGE_SIZE, pd++) {
		if (pa + LARGE_SIZE <= istart || pa >= iend)
			*pd = pa | PTE_LARGE | PTE_P | PTE_W | PTE_NX;
		else if (pa < istart || pa + LARGE_SIZE > iend)
			*pd = chunk_table(pa, false);
	}
	return table | PTE_P | PTE_W;
}

static void
dmap_init(paddr_t ramtop)
{
	const paddr_t giga = 1UL << 30;
	paddr_t pa, table = page_alloc_early();
	pte_t *pdpt = (pte_t *)(table + KERNBASE);
	bool huge;

	ramtop = MIN(ramtop, DMAP_MAX);
	huge = ramtop > giga && (cpuid(0x80000001, 0).d & (1U << 26)) != 0;
	for (pa = 0; pa < ramtop; pa += giga, pdpt++) {
		if (huge && pa >= IMAGE_MAX)
			*pdpt = pa | PTE_LARGE | PTE_P | PTE_W | PTE_NX;
		else
			*pdpt = dmap_directory(pa, MIN(ramtop, pa + giga));
	}
	boot_pml4[index_at(DMAP_BASE, 3)] = table | PTE_P | PTE_W;
}

/*
 * Makes the final tables and leaves the lower half, null page included,
 * unmapped.
 */
void
paging_init(paddr_t ramtop)
{
	unsigned i, nchunks;

	dmap_init(ramtop);
	nchunks = (unsigned)(roundup2(virt_to_phys(image_end), LARGE_SIZE) /
	    LARGE_SIZE);
	for (i = 0; i < nchunks; i++)
		boot_pd[i] = chunk_table(i * LARGE_SIZE, true);
	boot_pd[nchunks] = 0;
	for (i = 0; i < 4; i++)
		boot_pd[index_at(DEV_BASE, 1) + i] = (DEV_PHYS + i * LARGE_SIZE) |
		    PTE_LARGE | PTE_P | PTE_W | PTE_NX | PTE_PCD | PTE_PWT;
	boot_pdpt[0] = 0;
	boot_pml4[0] = 0;
	write_cr3(read_cr3());
}

/* The table that a slot of the level above points to. */
static pte_t *
table_below(pte_t *slot, bool create)
{
	paddr_t pa;

	if ((*slot & PTE_P) == 0) {
		if (!create || (pa = page_alloc_zeroed()) == 0)
			return NULL;
		*slot = pa | PTE_P | PTE_W;
	}
	return phys_to_virt(*slot & PTE_ADDR);
}

/*
 * The entry for a page; NULL if there is no table for it or, with create, no
 * memory for one.  Not for the direct map, which has large pages.
 */
pte_t *
paging_entry(uintptr_t va, bool create)
{
	pte_t *table = boot_pml4;
	int level;

	for (level = 3; level > 0 && table != NULL; level--)
		table = table_below(&table[index_at(va, level)], create);
	return table == NULL ? NULL : &table[index_at(va, 0)];
}

int
paging_map(uintptr_t va, paddr_t pa, pte_t bits)
{
	pte_t *pte = paging_entry(va, true);

	if (pte == NULL)
		return RUMP_ENOMEM;
	*pte = pa | bits | PTE_P;
	return 0;
}

/* The physical address of any kernel address; 0 if it is not mapped. */
paddr_t
paging_translate(uintptr_t va)
{
	pte_t *pte;

	if (va >= DMAP_BASE && va < DMAP_BASE + DMAP_MAX)
		return va - DMAP_BASE;
	if (va >= (uintptr_t)image_start && va < (uintptr_t)image_end)
		return va - KERNBASE;
	if (va >= DEV_BASE)
		return 0;
	pte = paging_entry(va, false);
	if (pte == NULL || (*pte & PTE_P) == 0)
		return 0;
	return (*pte & PTE_ADDR) | (va & PAGE_MASK);
}

/* Shows device registers, uncached.  They stay mapped; NULL without memory. */
volatile void *
paging_map_device(paddr_t pa, size_t len)
{
	paddr_t page, start = rounddown2(pa, PAGE_SIZE);
	uintptr_t va = mmio_frontier;

	if (pa >= DEV_PHYS && pa + len <= DEV_PHYS + 4 * LARGE_SIZE)
		return (volatile void *)(pa - DEV_PHYS + DEV_BASE);
	if (len > MMIO_END - va)
		return NULL;
	for (page = start; page < pa + len; page += PAGE_SIZE) {
		if (paging_map(mmio_frontier, page,
		    PTE_W | PTE_NX | PTE_PCD | PTE_PWT) != 0)
			return NULL;
		mmio_frontier += PAGE_SIZE;
	}
	return (volatile void *)(va + (pa - start));
}

/*
 * A kernel stack: its lowest address, or 0.  What lies below it is never mapped.
 * A stack that is given back stays mapped for the next one.
 */
uintptr_t
kstack_alloc(void)
{
	uint64_t flags = intr_disable();
	uintptr_t low, off;
	paddr_t pa;

	low = kstack_spare;
	if (low != 0) {
		kstack_spare = *(uintptr_t *)low;
		intr_restore(flags);
		return low;
	}
	if (kstack_frontier == STACK_END)
		goto out;
	low = kstack_frontier + (KSTACK_SLOT - KSTACK_SIZE);
	for (off = 0; off < KSTACK_SIZE; off += PAGE_SIZE) {
		pte_t *pte = paging_entry(low + off, true);

		if (pte == NULL || (pa = (*pte & PTE_P) != 0 ?
		    *pte & PTE_ADDR : page_alloc()) == 0) {
			low = 0;
			goto out;
		}
		*pte = pa | PTE_P | PTE_W | PTE_NX;
	}
	kstack_frontier += KSTACK_SLOT;
out:
	intr_restore(flags);
	return low;
}

void
kstack_free(uintptr_t low)
{
	uint64_t flags = intr_disable();

	*(uintptr_t *)low = kstack_spare;
	kstack_spare = low;
	intr_restore(flags);
}
