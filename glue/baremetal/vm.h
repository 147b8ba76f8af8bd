/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm.h: the program's address space, by the file that defines it.  All calls:
 * preemption is off.
 */
#ifndef _BAREMETAL_VM_H_
#define	_BAREMETAL_VM_H_

#include "mem.h"
#include "types.h"

struct host_vm_object;

struct range {
	uintptr_t r_start, r_end;
	struct range *r_next, *r_prev;
	struct host_vm_object *r_object;	/* NULL: memory of its own */
	uint64_t r_offset;		/* in the object, of r_start */
	uint8_t r_prot;			/* HOST_PROT_ */
	uint8_t r_flags;		/* RANGE_FLAGS */
};
#define	RANGE_FLAGS	(HOST_VM_STACK | HOST_VM_SHARED | HOST_VM_NOWRITE)

/* What lies behind an address of the range. */
static inline uint64_t
range_offset(const struct range *r, uintptr_t va)
{

	return r->r_offset + (va - r->r_start);
}

/* vm.c */
struct range *vm_first(void);
struct range *vm_range(uintptr_t addr);
struct range *vm_range_above(uintptr_t addr);
bool	vm_covered(uintptr_t addr, uintptr_t end, int prot);
bool	vm_is_valid(uintptr_t addr, size_t len);
bool	vm_is_free(uintptr_t addr, size_t len, int flags);
uintptr_t vm_find_place(size_t len, int flags);
int	vm_split(uintptr_t addr);
int	vm_add(const struct range *like, uintptr_t start, size_t len);
int	vm_clear(uintptr_t start, uintptr_t end);

/* vm_page.c */
#define	VM_MISSING	(-1)		/* the object has no such page yet */
int	vm_pages_enter(uintptr_t, size_t, paddr_t, int prot);
void	vm_pages_protect(const struct range *, uintptr_t start, uintptr_t end);
void	vm_pages_free(const struct range *, uintptr_t start, uintptr_t end);
void	vm_pages_collect(const struct range *);
int	vm_pages_move(uintptr_t from, uintptr_t to, size_t len);
int	vm_page_touch(const struct range *, uintptr_t va, bool write);
int	vm_page_orphan(const struct range *, uintptr_t va);
void	vm_tables_free(uintptr_t start, uintptr_t end, uintptr_t low,
	    uintptr_t high);

/* vm_object.c */
void	vm_object_hold(struct host_vm_object *);
void	vm_object_drop(struct host_vm_object *);
int	vm_object_fill(struct host_vm_object *, uint64_t offset);
paddr_t	vm_object_find(struct host_vm_object *, uint64_t offset);
void	vm_object_dirty(struct host_vm_object *, uint64_t offset);

#endif /* _BAREMETAL_VM_H_ */
