/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_remap.c: a range of the program made longer or shorter, or moved: pages keep
 * what is in them and are not copied.
 */
#include "types.h"
#include "../common/host.h"
#include "host_int.h"
#include "mem.h"
#include "sched.h"
#include "vm.h"

/* Where a range that has to move goes; 0 and *error if nowhere. */
static uintptr_t
new_place(uintptr_t from, size_t oldlen, size_t newlen, int flags, uintptr_t to,
    int *error)
{
	uintptr_t place;

	if (flags & HOST_VM_FIXED) {
		if (!vm_is_valid(to, newlen) ||
		    (to < from + oldlen && from < to + newlen)) {
			*error = RUMP_EINVAL;
			return 0;
		}
		*error = vm_clear(to, to + newlen);
		return *error == 0 ? to : 0;
	}
	place = flags & HOST_VM_MAYMOVE ? vm_find_place(newlen, 0) : 0;
	*error = place == 0 ? RUMP_ENOMEM : 0;
	return place;
}

static int
move(uintptr_t from, size_t oldlen, size_t newlen, uintptr_t to)
{
	struct range like;
	int error;

	/* A border at both ends: what is beside it stays. */
	if ((error = vm_split(from)) != 0 ||
	    (error = vm_split(from + oldlen)) != 0)
		return error;
	like = *vm_range(from);
	if ((error = vm_add(&like, to, newlen)) != 0)
		return error;
	error = vm_pages_move(from, to, MIN(oldlen, newlen));
	if (error != 0) {
		(void)vm_clear(to, to + newlen);
		return error;
	}
	return vm_clear(from, from + oldlen);
}

/* Longer, where it is. */
static int
extend(uintptr_t from, size_t oldlen, size_t newlen)
{
	uintptr_t end = from + oldlen;
	struct range like = *vm_range(from);

	like.r_offset = range_offset(&like, end);
	return vm_add(&like, end, newlen - oldlen);
}

static int
remap_locked(uintptr_t from, size_t oldlen, size_t newlen, int flags,
    uintptr_t *to)
{
	struct range *r = vm_range(from);
	uintptr_t place;
	int error;

	if (r == NULL || oldlen > r->r_end - from)
		return RUMP_EFAULT;
	if ((flags & HOST_VM_FIXED) == 0) {
		if (newlen <= oldlen) {
			*to = from;
			return newlen == oldlen ? 0 :
			    vm_clear(from + newlen, from + oldlen);
		}
		if (vm_is_valid(from, newlen) && from + oldlen == r->r_end &&
		    vm_is_free(r->r_end, newlen - oldlen, 0)) {
			*to = from;
			return extend(from, oldlen, newlen);
		}
	}
	place = new_place(from, oldlen, newlen, flags, *to, &error);
	if (place == 0)
		return error;
	error = move(from, oldlen, newlen, place);
	if (error == 0)
		*to = place;
	return error;
}

int
host_vm_remap(uintptr_t from, size_t oldlen, size_t newlen, int flags,
    uintptr_t *to)
{
	int error;

	if (!vm_is_valid(from, oldlen) || newlen == 0 || newlen % PAGE_SIZE != 0 ||
	    newlen > HOST_VM_HIGH)
		return RUMP_EINVAL;
	preempt_disable();
	error = remap_locked(from, oldlen, newlen, flags, to);
	preempt_enable();
	return error;
}
