/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_object.c: memory objects: pages that ranges of the program show, found by
 * their place in the object.
 *
 * A tree of tables, each a page of 512 slots, as high as the object needs.  A slot
 * of the lowest holds a page's physical address, and whether it was written to.
 * Guarded by preemption being off.
 */
#include "types.h"
#include "../common/host.h"
#include "host_int.h"
#include "mem.h"
#include "sched.h"
#include "vm.h"

#define	SLOT_WRITTEN	1UL
#define	HEIGHT_MAX	4		/* 2^48 bytes */

struct host_vm_object {
	host_vm_fill_fn ob_fill;
	void *ob_arg;
	unsigned ob_users;		/* ranges, and fills under way */
	unsigned ob_height;		/* of the tree; 0: empty */
	uint64_t *ob_root;
};

int
host_vm_object_create(host_vm_fill_fn fill, void *arg,
    struct host_vm_object **obp)
{
	struct host_vm_object *ob = heap_zalloc(sizeof(*ob));

	if (ob == NULL)
		return RUMP_ENOMEM;
	ob->ob_fill = fill;
	ob->ob_arg = arg;
	*obp = ob;
	return 0;
}

void
vm_object_hold(struct host_vm_object *ob)
{

	ob->ob_users++;
}

void
vm_object_drop(struct host_vm_object *ob)
{

	ob->ob_users--;
}

unsigned
host_vm_object_users(const struct host_vm_object *ob)
{

	return ob->ob_users;
}

int
vm_object_fill(struct host_vm_object *ob, uint64_t offset)
{

	return ob->ob_fill(ob->ob_arg, offset);
}

/* Makes the tree high enough for a page number. */
static bool
grow(struct host_vm_object *ob, uint64_t index)
{
	uint64_t *table;
	paddr_t pa;

	while (ob->ob_height == 0 || index >> (9 * ob->ob_height) != 0) {
		if (ob->ob_height == HEIGHT_MAX ||
		    (pa = page_alloc_zeroed()) == 0)
			return false;
		table = phys_to_virt(pa);
		if (ob->ob_height != 0)
			table[0] = virt_to_phys(ob->ob_root);
		ob->ob_root = table;
		ob->ob_height++;
	}
	return true;
}

/* The slot of a page; NULL if there is no table for it (with create: no memory). */
static uint64_t *
find_slot(struct host_vm_object *ob, uint64_t index, bool create)
{
	uint64_t *table, *slot;
	unsigned level;

	if (create ? !grow(ob, index) :
	    ob->ob_height == 0 || index >> (9 * ob->ob_height) != 0)
		return NULL;
	table = ob->ob_root;
	for (level = ob->ob_height - 1;; level--) {
		slot = &table[index >> (9 * level) & 511];
		if (level == 0)
			return slot;
		if (*slot == 0 && (!create ||
		    (*slot = page_alloc_zeroed()) == 0))
			return NULL;
		table = phys_to_virt(*slot);
	}
}

/* The next slot at *index or above that holds a page; NULL at the end. */
static uint64_t *
next_slot(struct host_vm_object *ob, uint64_t *index)
{
	uint64_t *table, *slot, span;
	unsigned level;

	while (ob->ob_height != 0 && *index >> (9 * ob->ob_height) == 0) {
		table = ob->ob_root;
		for (level = ob->ob_height - 1;; level--) {
			slot = &table[*index >> (9 * level) & 511];
			if (*slot == 0 || level == 0)
				break;
			table = phys_to_virt(*slot);
		}
		if (*slot != 0)
			return slot;
		span = 1UL << (9 * level);
		*index = rounddown2(*index, span) + span;
	}
	return NULL;
}

paddr_t
vm_object_find(struct host_vm_object *ob, uint64_t offset)
{
	uint64_t *slot = find_slot(ob, offset >> PAGE_SHIFT, false);

	return slot == NULL ? 0 : *slot & PTE_ADDR;
}

void
vm_object_dirty(struct host_vm_object *ob, uint64_t offset)
{
	uint64_t *slot = find_slot(ob, offset >> PAGE_SHIFT, false);

	if (slot != NULL && *slot != 0)
		*slot |= SLOT_WRITTEN;
}

void *
host_vm_object_page(struct host_vm_object *ob, uint64_t offset)
{
	paddr_t pa;

	preempt_disable();
	pa = vm_object_find(ob, offset);
	preempt_enable();
	return pa == 0 ? NULL : phys_to_virt(pa);
}

int
host_vm_object_enter(struct host_vm_object *ob, uint64_t offset, void *page)
{
	uint64_t *slot;
	int error = 0;

	preempt_disable();
	slot = find_slot(ob, offset >> PAGE_SHIFT, true);
	if (slot == NULL)
		error = RUMP_ENOMEM;
	else if (*slot != 0)
		error = RUMP_EEXIST;
	else
		*slot = virt_to_phys(page);
	preempt_enable();
	return error;
}

void
host_vm_object_collect(struct host_vm_object *ob)
{
	struct range *r;

	preempt_disable();
	for (r = vm_first(); r != NULL; r = r->r_next)
		if (r->r_object == ob && (r->r_flags & HOST_VM_SHARED))
			vm_pages_collect(r);
	preempt_enable();
}

void *
host_vm_object_next_written(struct host_vm_object *ob, uint64_t *offset)
{
	uint64_t index = *offset >> PAGE_SHIFT, *slot;
	void *page = NULL;

	preempt_disable();
	for (; (slot = next_slot(ob, &index)) != NULL; index++) {
		if ((*slot & SLOT_WRITTEN) == 0)
			continue;
		*slot &= ~SLOT_WRITTEN;
		*offset = index << PAGE_SHIFT;
		page = phys_to_virt(*slot);
		break;
	}
	preempt_enable();
	return page;
}

void
host_vm_object_written(struct host_vm_object *ob, uint64_t offset)
{

	preempt_disable();
	vm_object_dirty(ob, offset);
	preempt_enable();
}

int
host_vm_object_shown(const struct host_vm_object *ob, uintptr_t addr, size_t len)
{
	struct range *r;

	preempt_disable();
	for (r = vm_range_above(addr); r != NULL && r->r_start < addr + len;
	    r = r->r_next)
		if (r->r_object == ob)
			break;
	preempt_enable();
	return r != NULL && r->r_start < addr + len;
}

/* What a range shows of an object from offset on. */
static void
hide(const struct range *r, uint64_t offset)
{
	uintptr_t start = r->r_start;

	if (offset > r->r_offset) {
		if (offset - r->r_offset >= r->r_end - r->r_start)
			return;
		start += offset - r->r_offset;
	}
	vm_pages_free(r, start, r->r_end);
}

void
host_vm_object_shrink(struct host_vm_object *ob, uint64_t offset)
{
	uint64_t index = offset >> PAGE_SHIFT, *slot;
	struct range *r;

	preempt_disable();
	for (r = vm_first(); r != NULL; r = r->r_next)
		if (r->r_object == ob)
			hide(r, offset);
	for (; (slot = next_slot(ob, &index)) != NULL; index++) {
		page_free_run(*slot & PTE_ADDR, 1);
		*slot = 0;
	}
	preempt_enable();
}

/* The tables of a tree that holds no page any more. */
static void
free_tables(uint64_t *table, unsigned height)
{
	unsigned i;

	for (i = 0; height > 1 && i < 512; i++)
		if (table[i] != 0)
			free_tables(phys_to_virt(table[i]), height - 1);
	page_free_run(virt_to_phys(table), 1);
}

void
host_vm_object_destroy(struct host_vm_object *ob)
{

	host_vm_object_shrink(ob, 0);
	if (ob->ob_height != 0)
		free_tables(ob->ob_root, ob->ob_height);
	heap_free(ob, sizeof(*ob));
}

void *
host_page_alloc(void)
{
	paddr_t pa = page_alloc_zeroed();

	return pa == 0 ? NULL : phys_to_virt(pa);
}

void
host_page_free(void *page)
{

	page_free_run(virt_to_phys(page), 1);
}
