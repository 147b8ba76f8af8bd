/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm.h: the program's address space, by the file that defines it.  All calls:
 * preemption is off.
 */
#ifndef _BAREMETAL_VM_H_
#define	_BAREMETAL_VM_H_

#include "mem.h"
#include "types.h"

struct range {
	uintptr_t r_start, r_end;
	struct range *r_next, *r_prev;
	uint8_t r_prot;			/* HOST_PROT_ */
	uint8_t r_flags;		/* HOST_VM_STACK */
};

/* vm.c */
struct range *vm_range(uintptr_t addr);
bool	vm_covered(uintptr_t addr, uintptr_t end, int prot);

/* vm_page.c */
int	vm_pages_enter(uintptr_t, size_t, paddr_t, int prot);
void	vm_pages_protect(uintptr_t start, uintptr_t end, int prot);
void	vm_pages_free(uintptr_t start, uintptr_t end);
void	vm_tables_free(uintptr_t start, uintptr_t end, uintptr_t low,
	    uintptr_t high);

#endif /* _BAREMETAL_VM_H_ */
