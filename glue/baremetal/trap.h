/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.h: traps and interrupts, by the file that defines them.
 */
#ifndef _BAREMETAL_TRAP_H_
#define	_BAREMETAL_TRAP_H_

#include "types.h"

struct host_frame;

/* trap.c */
void	traps_init(void);

/* apic.c: the local APIC and the IOAPIC.  Handlers run with interrupts off. */
typedef void (*intr_handler)(void *);
void	apic_init(void);
int	intr_establish_irq(unsigned irq, bool level, intr_handler, void *);
int	intr_establish_msi(intr_handler, void *, uint64_t *addr,
	    uint32_t *data);
void	intr_dispatch(unsigned vector);
#define	APIC_TIMER_ONESHOT	0
#define	APIC_TIMER_PERIODIC	0x20000
#define	APIC_TIMER_DEADLINE	0x40000
void	apic_timer_mode(uint32_t);
uint32_t apic_timer_left(void);
void	apic_timer_start(uint32_t count);

/* vm_fault.c: true if the access is in order now; or why it is not. */
bool	vm_fault(uintptr_t addr, uint64_t error, bool kernel);
bool	vm_is_missing(uintptr_t addr, uint64_t error);

/* vm.c */
bool	vm_is_guard(uintptr_t addr);
bool	vm_is_mapped(uintptr_t addr);

/* program.c */
bool	program_fault(struct host_frame *, uintptr_t addr);

/* fault.c */
void	fault_report(const struct host_frame *, uintptr_t addr) __noreturn;

/* backtrace.c */
void	backtrace_print(uintptr_t rip, uintptr_t return_at, uintptr_t rbp);
void	symbol_print(uintptr_t addr);
const char *symbol_component(uintptr_t addr);

#endif /* _BAREMETAL_TRAP_H_ */
