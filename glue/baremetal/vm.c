/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm.c: the program's address space: which ranges it has.  What is behind them
 * page by page is in vm_page.c.
 *
 * A list of ranges in order of address, neighbours of one kind joined.  Guarded
 * by preemption being off; interrupts stay on.
 */
#include "types.h"
#include "../common/host.h"
#include "host_int.h"
#include "mem.h"
#include "sched.h"
#include "trap.h"
#include "vm.h"

#define	VM_TOP		0x00007ffff0000000UL	/* ranges are placed below */

static struct range *first, *last;
static struct range *recent;		/* where the last search ended */

struct range *
vm_first(void)
{

	return first;
}

/* The first range that ends above addr. */
struct range *
vm_range_above(uintptr_t addr)
{
	struct range *r = recent;

	if (r == NULL || (r->r_prev != NULL && r->r_prev->r_end > addr))
		r = first;
	while (r != NULL && r->r_end <= addr)
		r = r->r_next;
	if (r != NULL)
		recent = r;
	return r;
}

/* The range that holds addr, or NULL. */
struct range *
vm_range(uintptr_t addr)
{
	struct range *r = vm_range_above(addr);

	return r != NULL && r->r_start <= addr ? r : NULL;
}

static void
range_link(struct range *r, struct range *next)
{

	r->r_next = next;
	r->r_prev = next != NULL ? next->r_prev : last;
	if (r->r_prev != NULL)
		r->r_prev->r_next = r;
	else
		first = r;
	if (next != NULL)
		next->r_prev = r;
	else
		last = r;
}

static void
range_unlink(struct range *r)
{

	if (r->r_prev != NULL)
		r->r_prev->r_next = r->r_next;
	else
		first = r->r_next;
	if (r->r_next != NULL)
		r->r_next->r_prev = r->r_prev;
	else
		last = r->r_prev;
	if (recent == r)
		recent = NULL;
	if (r->r_object != NULL)
		vm_object_drop(r->r_object);
	heap_free(r, sizeof(*r));
}

/* Makes addr a border between ranges, if a range lies across it. */
int
vm_split(uintptr_t addr)
{
	struct range *r = vm_range(addr), *upper;

	if (r == NULL || r->r_start == addr)
		return 0;
	upper = heap_alloc(sizeof(*upper), 0);
	if (upper == NULL)
		return RUMP_ENOMEM;
	*upper = *r;
	if (r->r_object != NULL) {
		vm_object_hold(r->r_object);
		upper->r_offset = range_offset(r, addr);
	}
	upper->r_start = r->r_end = addr;
	range_link(upper, r->r_next);
	return 0;
}

static void
range_join(struct range *r)
{
	struct range *prev;

	if (r == NULL || (prev = r->r_prev) == NULL ||
	    prev->r_end != r->r_start || prev->r_prot != r->r_prot ||
	    prev->r_flags != r->r_flags || prev->r_object != r->r_object ||
	    (r->r_object != NULL &&
	    range_offset(prev, prev->r_end) != r->r_offset))
		return;
	prev->r_end = r->r_end;
	range_unlink(r);
}

bool
vm_is_valid(uintptr_t addr, size_t len)
{

	return addr % PAGE_SIZE == 0 && len % PAGE_SIZE == 0 && len != 0 &&
	    addr >= HOST_VM_LOW && len <= HOST_VM_HIGH &&
	    addr <= HOST_VM_HIGH - len;
}

/* Is all of it free, with room for the guards of both sides? */
bool
vm_is_free(uintptr_t addr, size_t len, int flags)
{
	uintptr_t guard = flags & HOST_VM_STACK ? PAGE_SIZE : 0;
	struct range *r = vm_range_above(addr - guard);

	if (r == NULL)
		return true;
	if (r->r_flags & HOST_VM_STACK)
		len += PAGE_SIZE;
	return r->r_start >= addr + len;
}

/* The highest free place; 0 if there is none. */
uintptr_t
vm_find_place(size_t len, int flags)
{
	uintptr_t top = VM_TOP, low, need;
	struct range *r;

	need = len + (flags & HOST_VM_STACK ? PAGE_SIZE : 0);
	for (r = last;; r = r->r_prev) {
		low = r == NULL ? HOST_VM_LOW : MIN(r->r_end, top);
		if (top - low >= need)
			return top - len;
		if (r == NULL)
			return 0;
		if (r->r_start < top)
			top = r->r_start -
			    (r->r_flags & HOST_VM_STACK ? PAGE_SIZE : 0);
	}
}

/* Removes all ranges and pages between two addresses. */
int
vm_clear(uintptr_t start, uintptr_t end)
{
	struct range *r, *next;
	uintptr_t low, high;
	int error;

	if ((error = vm_split(start)) != 0 ||
	    (error = vm_split(end)) != 0)
		return error;
	r = vm_range_above(start);
	if (r == NULL || r->r_start >= end)
		return 0;
	for (; r != NULL && r->r_start < end; r = next) {
		next = r->r_next;
		vm_pages_free(r, r->r_start, r->r_end);
		range_unlink(r);
	}
	low = r == NULL ? (last == NULL ? 0 : last->r_end) :
	    (r->r_prev == NULL ? 0 : r->r_prev->r_end);
	high = r == NULL ? HOST_VM_HIGH + PAGE_SIZE : r->r_start;
	vm_tables_free(start, end, low, high);
	return 0;
}

/* A new range at start, in all else like another. */
int
vm_add(const struct range *like, uintptr_t start, size_t len)
{
	struct range *r = heap_alloc(sizeof(*r), 0), *next;

	if (r == NULL)
		return RUMP_ENOMEM;
	*r = *like;
	r->r_start = start;
	r->r_end = start + len;
	if (r->r_object != NULL)
		vm_object_hold(r->r_object);
	next = vm_range_above(start);
	range_link(r, next);
	range_join(next);
	range_join(r);
	return 0;
}

static int
map_locked(uintptr_t *addr, size_t len, int flags, const struct range *like)
{
	uintptr_t place = *addr;
	int error;

	if (flags & HOST_VM_FIXED) {
		if (!vm_is_valid(place, len))
			return RUMP_EINVAL;
		if ((flags & HOST_VM_NOREPLACE) && !vm_is_free(place, len, 0))
			return RUMP_EEXIST;
		if ((error = vm_clear(place, place + len)) != 0)
			return error;
	} else if (!vm_is_valid(place, len) || !vm_is_free(place, len, flags)) {
		if (len == 0 || len % PAGE_SIZE != 0)
			return RUMP_EINVAL;
		if (len >= VM_TOP || (place = vm_find_place(len, flags)) == 0)
			return RUMP_ENOMEM;
	}
	if ((error = vm_add(like, place, len)) != 0)
		return error;
	*addr = place;
	return 0;
}

int
host_vm_map_object(uintptr_t *addr, size_t len, int prot, int flags,
    struct host_vm_object *ob, uint64_t offset)
{
	const struct range like = { .r_object = ob, .r_offset = offset,
	    .r_prot = (uint8_t)prot, .r_flags = flags & RANGE_FLAGS };
	int error;

	preempt_disable();
	error = map_locked(addr, len, flags, &like);
	preempt_enable();
	return error;
}

int
host_vm_map(uintptr_t *addr, size_t len, int prot, int flags)
{

	return host_vm_map_object(addr, len, prot, flags & ~HOST_VM_SHARED,
	    NULL, 0);
}

int
host_vm_map_image(uintptr_t addr, size_t len, int prot, const void *src)
{
	const struct range like = { .r_prot = (uint8_t)prot };
	uintptr_t from = (uintptr_t)src;
	int error;

	if (from % PAGE_SIZE != 0 || from < (uintptr_t)image_start ||
	    from + len > (uintptr_t)image_end)
		return RUMP_EINVAL;
	preempt_disable();
	error = map_locked(&addr, len, HOST_VM_FIXED, &like);
	if (error == 0) {
		error = vm_pages_enter(addr, len, virt_to_phys(src), prot);
		if (error != 0)
			(void)vm_clear(addr, addr + len);
	}
	preempt_enable();
	return error;
}

int
host_vm_unmap(uintptr_t addr, size_t len)
{
	int error;

	if (!vm_is_valid(addr, len))
		return RUMP_EINVAL;
	preempt_disable();
	error = vm_clear(addr, addr + len);
	preempt_enable();
	return error;
}

/* True if ranges cover it without a hole and all grant prot. */
bool
vm_covered(uintptr_t addr, uintptr_t end, int prot)
{
	struct range *r = vm_range(addr);

	for (; r != NULL && r->r_start <= addr; r = r->r_next) {
		if ((r->r_prot & prot) != prot)
			return false;
		addr = r->r_end;
		if (addr >= end)
			return true;
	}
	return false;
}

int
host_vm_mapped(uintptr_t addr, size_t len)
{
	bool mapped;

	preempt_disable();
	mapped = vm_covered(addr, addr + len, 0);
	preempt_enable();
	return mapped;
}

/* Does a range among them never grant writing? */
static bool
is_barred(uintptr_t addr, uintptr_t end)
{
	struct range *r;

	for (r = vm_range(addr); r != NULL && r->r_start < end; r = r->r_next)
		if (r->r_flags & HOST_VM_NOWRITE)
			return true;
	return false;
}

static int
protect_locked(uintptr_t addr, uintptr_t end, int prot)
{
	struct range *r, *next;
	int error;

	if (!vm_covered(addr, end, 0))
		return RUMP_ENOMEM;
	if ((prot & HOST_PROT_WRITE) && is_barred(addr, end))
		return RUMP_EACCES;
	if ((error = vm_split(addr)) != 0 || (error = vm_split(end)) != 0)
		return error;
	for (r = vm_range(addr); r != NULL && r->r_start < end; r = r->r_next) {
		r->r_prot = (uint8_t)prot;
		vm_pages_protect(r, r->r_start, r->r_end);
	}
	for (r = vm_range(addr); r != NULL && r->r_start <= end; r = next) {
		next = r->r_next;
		range_join(r);
	}
	return 0;
}

int
host_vm_protect(uintptr_t addr, size_t len, int prot)
{
	int error;

	if (!vm_is_valid(addr, len))
		return RUMP_EINVAL;
	preempt_disable();
	error = protect_locked(addr, addr + len, prot);
	preempt_enable();
	return error;
}

/* Is addr in a range without rights, or in the page below a stack? */
bool
vm_is_guard(uintptr_t addr)
{
	struct range *r = vm_range_above(addr);

	if (r == NULL)
		return false;
	if (r->r_start <= addr)
		return r->r_prot == HOST_PROT_NONE;
	return true;
}

/* Is addr in a range with any right at all? */
bool
vm_is_mapped(uintptr_t addr)
{
	struct range *r = vm_range(addr);

	return r != NULL && r->r_prot != HOST_PROT_NONE;
}
