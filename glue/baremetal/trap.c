/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.c: the tables behind traps.S, and what happens to each vector.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "layout.h"
#include "sched.h"
#include "trap.h"

#define	PF_WRITE	2
#define	GATE_INTERRUPT	0x8e
#define	IST_COMMON	1
#define	IST_EMERGENCY	2
#define	TSS_SIZE	104

struct gate {
	uint16_t gt_low, gt_selector;
	uint8_t gt_ist, gt_type;
	uint16_t gt_mid;
	uint32_t gt_high, gt_zero;
};

struct descriptor_table {
	uint16_t dt_limit;
	uint64_t dt_base;
} __attribute__((__packed__));

extern char trap_stubs[], tss[];
extern uint64_t gdt[];
extern uintptr_t cpu_kstack_limit;
void	trap_dispatch(struct host_frame *);
void	trap_on_odd_stack(struct host_frame *) __noreturn;

static struct gate idt[VEC_COUNT] __aligned(16);

/* The machine's own tables.  Nothing is mapped or allocated here. */
void
traps_init(void)
{
	struct descriptor_table dt = { sizeof(idt) - 1, (uintptr_t)idt };
	uintptr_t base = (uintptr_t)tss, stub;
	unsigned v;

	for (v = 0; v < VEC_COUNT; v++) {
		stub = (uintptr_t)trap_stubs + v * 16;
		idt[v].gt_low = (uint16_t)stub;
		idt[v].gt_selector = SEL_CODE;
		idt[v].gt_ist = v == VEC_NMI || v == VEC_DOUBLE ||
		    v == VEC_MACHINE ? IST_EMERGENCY : IST_COMMON;
		idt[v].gt_type = GATE_INTERRUPT;
		idt[v].gt_mid = (uint16_t)(stub >> 16);
		idt[v].gt_high = (uint32_t)(stub >> 32);
	}
	gdt[3] = (TSS_SIZE - 1) | (base & 0xffffff) << 16 |
	    0x0000890000000000UL | (base >> 24 & 0xff) << 56;
	gdt[4] = base >> 32;
	__asm volatile("lidt %0; ltr %w1" : : "m"(dt), "r"(SEL_TSS));
}

static void
page_fault(struct host_frame *f)
{
	uintptr_t addr = read_cr2();

	if (f->hf_rflags & RFLAGS_IF)
		intr_enable();
	if (addr < HOST_VM_HIGH && vm_fault(addr, f->hf_error,
	    f->hf_rip >= HOST_VM_HIGH))
		return;
	if (!program_fault(f, addr))
		fault_report(f, addr);
}

/* Called by traps.S on the thread's kernel stack, with interrupts off. */
void
trap_dispatch(struct host_frame *f)
{

	if (f->hf_vector >= VEC_TIMER) {
		intr_dispatch((unsigned)f->hf_vector);
	} else if (f->hf_vector == VEC_PAGE) {
		page_fault(f);
	} else {
		if (f->hf_rflags & RFLAGS_IF)
			intr_enable();
		if (!program_fault(f, 0))
			fault_report(f, 0);
	}
	if (f->hf_rflags & RFLAGS_IF)
		sched_preempt();
}

/* Called by traps.S on the emergency stack. */
void
trap_on_odd_stack(struct host_frame *f)
{

	fault_report(f, f->hf_vector == VEC_PAGE ? read_cr2() : 0);
}
