/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_fault.c: pages that are wanted now: by the program, which faults on them, or
 * by the layer above before the kernel touches them.
 *
 * Ranges are looked at with preemption off; an object is asked for a page with it
 * on, since that waits for a disk, and then the ranges are looked at again.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "sched.h"
#include "trap.h"
#include "vm.h"

#define	PF_PRESENT	1
#define	PF_WRITE	2
#define	PF_FETCH	16

/* May the access that faulted be made in this range? */
static bool
is_allowed(const struct range *r, uint64_t error)
{
	int need;

	need = error & PF_FETCH ? HOST_PROT_EXEC :
	    error & PF_WRITE ? HOST_PROT_WRITE : 0;
	if (r == NULL || r->r_prot == HOST_PROT_NONE)
		return false;
	/* Of what is there only a write can be in order: to a page not yet own. */
	if ((error & PF_PRESENT) && need != HOST_PROT_WRITE)
		return false;
	return (r->r_prot & need) == need;
}

/*
 * Has the missing page of a range brought.  Called with preemption off, returns
 * with it on.
 */
static int
fill(const struct range *r, uintptr_t va)
{
	struct host_vm_object *ob = r->r_object;
	uint64_t offset = range_offset(r, rounddown2(va, PAGE_SIZE));
	int error;

	vm_object_hold(ob);
	preempt_enable();
	error = vm_object_fill(ob, offset);
	preempt_disable();
	vm_object_drop(ob);
	preempt_enable();
	return error;
}

/*
 * A page fault, of the program or of the kernel on its behalf: true if the
 * access is allowed, and the page is there now.
 */
bool
vm_fault(uintptr_t addr, uint64_t error, bool kernel)
{
	struct range *r;
	int failed;

	for (;;) {
		preempt_disable();
		r = vm_range(addr);
		if (!is_allowed(r, error)) {
			preempt_enable();
			return false;
		}
		failed = vm_page_touch(r, addr, (error & PF_WRITE) != 0);
		if (failed == VM_MISSING && !kernel) {
			if (fill(r, addr) != 0)
				return false;
			continue;
		}
		if (failed == VM_MISSING)
			failed = vm_page_orphan(r, addr);
		preempt_enable();
		if (failed != 0)
			memory_exhausted("the program's memory");
		return true;
	}
}

/* Was that fault one of a page that its object does not have? */
bool
vm_is_missing(uintptr_t addr, uint64_t error)
{
	struct range *r = vm_range(addr);

	return (error & PF_PRESENT) == 0 && is_allowed(r, error) &&
	    r->r_object != NULL;
}

/* Makes one page fit for the kernel's touch. */
static int
access_page(uintptr_t va, int prot)
{
	struct range *r;
	int error;

	for (;;) {
		preempt_disable();
		r = vm_range(va);
		if (r == NULL || (r->r_prot & prot) != prot) {
			preempt_enable();
			return RUMP_EFAULT;
		}
		error = vm_page_touch(r, va, (prot & HOST_PROT_WRITE) != 0);
		if (error == VM_MISSING) {
			if (fill(r, va) != 0)
				return RUMP_EFAULT;
			continue;
		}
		preempt_enable();
		if (error != 0)
			memory_exhausted("the program's memory");
		return 0;
	}
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
	/* All rights first: a long wish with a bad end costs no memory. */
	preempt_disable();
	if (!vm_covered(va, end, prot))
		error = RUMP_EFAULT;
	preempt_enable();
	for (; error == 0 && va < end; va += PAGE_SIZE)
		error = access_page(va, prot);
	return error;
}

int
host_vm_discard(uintptr_t addr, size_t len)
{
	uintptr_t end = addr + len;
	struct range *r;

	if (addr % PAGE_SIZE != 0 || len % PAGE_SIZE != 0 ||
	    len > HOST_VM_HIGH || addr > HOST_VM_HIGH - len ||
	    addr < HOST_VM_LOW)
		return RUMP_EINVAL;
	preempt_disable();
	for (r = vm_range_above(addr); r != NULL && r->r_start < end;
	    r = r->r_next)
		vm_pages_free(r, MAX(addr, r->r_start), MIN(end, r->r_end));
	preempt_enable();
	return 0;
}
