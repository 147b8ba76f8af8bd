/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_page.c: the program's address space, page by page: pages come at the first
 * touch, zeroed, and go with their range.
 *
 * An entry that is not present but not zero either keeps the page of a range
 * whose rights were taken away.  Guarded by preemption being off.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "sched.h"
#include "trap.h"
#include "vm.h"

#define	PTE_KEPT	0x200UL		/* a bit the CPU ignores */
#define	FLUSH_MAX	32		/* pages; beyond: the whole TLB */

#define	PF_PRESENT	1
#define	PF_WRITE	2
#define	PF_FETCH	16

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

void
vm_pages_protect(uintptr_t start, uintptr_t end, int prot)
{
	uintptr_t va = start;
	pte_t *pte;

	for (; (pte = next_page(&va, end)) != NULL; va += PAGE_SIZE)
		*pte = (*pte & PTE_ADDR) | prot_bits(prot);
	flush(start, end);
}

void
vm_pages_free(uintptr_t start, uintptr_t end)
{
	uintptr_t va = start;
	pte_t *pte, old;

	for (; (pte = next_page(&va, end)) != NULL; va += PAGE_SIZE) {
		old = *pte;
		*pte = 0;
		invlpg(va);
		page_free_run(old & PTE_ADDR, 1);
	}
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

/* Makes the page of a range present. */
static int
page_touch(const struct range *r, uintptr_t va)
{
	pte_t *pte = paging_entry(va, true);
	paddr_t pa;

	if (pte == NULL)
		return RUMP_ENOMEM;
	if (*pte != 0)
		return 0;
	pa = page_alloc_zeroed();
	if (pa == 0)
		return RUMP_ENOMEM;
	*pte = pa | prot_bits(r->r_prot);
	return 0;
}

/*
 * A page fault, of the program or of the kernel on its behalf: true if the
 * access is allowed, and the page is there now.
 */
bool
vm_fault(uintptr_t addr, uint64_t error)
{
	struct range *r;
	int need, failed = 0;

	need = error & PF_FETCH ? HOST_PROT_EXEC :
	    error & PF_WRITE ? HOST_PROT_WRITE : HOST_PROT_READ;
	if (error & PF_PRESENT)
		return false;
	preempt_disable();
	r = vm_range(addr);
	if (r != NULL && need == HOST_PROT_READ && r->r_prot != HOST_PROT_NONE)
		need = 0;
	if (r != NULL && (r->r_prot & need) == need &&
	    r->r_prot != HOST_PROT_NONE)
		failed = page_touch(r, addr);
	else
		r = NULL;
	preempt_enable();
	if (failed)
		memory_exhausted("the program's memory");
	return r != NULL;
}

int
host_vm_access(uintptr_t addr, size_t len, int prot)
{
	uintptr_t va = rounddown2(addr, PAGE_SIZE), end = addr + len;
	int error = 0;

	if (len == 0)
		return 0;
	if (addr < HOST_VM_LOW || len > HOST_VM_HIGH ||
	    addr > HOST_VM_HIGH - len)
		return RUMP_EFAULT;
	preempt_disable();
	if (!vm_covered(va, end, prot))
		error = RUMP_EFAULT;
	for (; error == 0 && va < end; va += PAGE_SIZE)
		error = page_touch(vm_range(va), va);
	preempt_enable();
	if (error == RUMP_ENOMEM)
		memory_exhausted("the program's memory");
	return error;
}

int
host_vm_discard(uintptr_t addr, size_t len)
{

	if (addr % PAGE_SIZE != 0 || len % PAGE_SIZE != 0 ||
	    len > HOST_VM_HIGH || addr > HOST_VM_HIGH - len ||
	    addr < HOST_VM_LOW)
		return RUMP_EINVAL;
	preempt_disable();
	vm_pages_free(addr, addr + len);
	preempt_enable();
	return 0;
}
