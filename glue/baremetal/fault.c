/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.c: a fault nobody handled: what happened in words, the registers, the
 * way there, and whose fault it is.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "layout.h"
#include "sched.h"
#include "trap.h"

#define	PF_PRESENT	1
#define	PF_WRITE	2
#define	PF_FETCH	16
#define	NULL_AREA	0x10000UL	/* HOST_VM_LOW: nothing is ever there */
#define	STACK_REACH	0x10000UL	/* a frame this large may skip a guard */

extern uintptr_t cpu_kstack_top;

static const char *const names[32] = {
	[0] = "division by zero or overflow", [1] = "debug trap",
	[2] = "non-maskable interrupt", [3] = "breakpoint",
	[6] = "invalid instruction", [7] = "floating-point unit missing",
	[8] = "double fault", [12] = "stack fault",
	[13] = "general protection fault", [14] = "page fault",
	[16] = "floating-point error", [17] = "unaligned access",
	[18] = "machine check", [19] = "vector floating-point error",
};

static bool
in_program(const struct host_frame *f)
{

	/* On a kernel stack it is the kernel that called a wrong address. */
	return f->hf_rip < HOST_VM_HIGH &&
	    (f->hf_rsp < STACK_BASE || f->hf_rsp >= STACK_END);
}

/* Did the stack run into what lies below it? */
static bool
is_stack_overflow(const struct host_frame *f, uintptr_t addr)
{

	if (f->hf_vector == VEC_DOUBLE)
		addr = f->hf_rsp;
	else if (f->hf_vector != VEC_PAGE)
		return false;
	if (addr >= STACK_BASE && addr < STACK_END)
		return addr % KSTACK_SLOT < KSTACK_SLOT - KSTACK_SIZE +
		    KSTACK_RESERVE;
	return in_program(f) && addr + STACK_REACH >= f->hf_rsp &&
	    addr < f->hf_rsp + STACK_REACH && vm_is_guard(addr);
}

static const char *
page_fault_text(const struct host_frame *f, uintptr_t addr)
{
	bool present = (f->hf_error & PF_PRESENT) != 0 || vm_is_mapped(addr);

	if (vm_is_missing(addr, f->hf_error))
		return "access to a mapped file beyond its end, or where it "
		    "cannot be read";
	if (f->hf_error & PF_FETCH) {
		if (addr < NULL_AREA)
			return "call of a NULL pointer";
		return present ? "execution of memory that is not executable" :
		    "execution of memory that is not mapped";
	}
	if (addr < NULL_AREA)
		return "NULL dereference";
	if (f->hf_error & PF_WRITE)
		return present ? "write to memory that is read-only" :
		    "write to memory that is not mapped";
	return "read of memory that is not mapped";
}

static const char *
fault_text(const struct host_frame *f, uintptr_t addr)
{

	if (is_stack_overflow(f, addr))
		return "stack overflow";
	if (f->hf_vector == VEC_PAGE)
		return page_fault_text(f, addr);
	if (f->hf_vector < nitems(names) && names[f->hf_vector] != NULL)
		return names[f->hf_vector];
	return "unexpected trap";
}

static void
print_registers(const struct host_frame *f)
{

	print("rax %016lx  rbx %016lx  rcx %016lx  rdx %016lx\n",
	    f->hf_rax, f->hf_rbx, f->hf_rcx, f->hf_rdx);
	print("rsi %016lx  rdi %016lx  rbp %016lx  rsp %016lx\n",
	    f->hf_rsi, f->hf_rdi, f->hf_rbp, f->hf_rsp);
	print("r8  %016lx  r9  %016lx  r10 %016lx  r11 %016lx\n",
	    f->hf_r8, f->hf_r9, f->hf_r10, f->hf_r11);
	print("r12 %016lx  r13 %016lx  r14 %016lx  r15 %016lx\n",
	    f->hf_r12, f->hf_r13, f->hf_r14, f->hf_r15);
	print("rip %016lx  flags %lx  vector %lu  error %lx\n",
	    f->hf_rip, f->hf_rflags, f->hf_vector, f->hf_error);
}

/* A call of a wrong address has left its return address on the stack. */
static void
print_backtrace(const struct host_frame *f)
{
	bool call = f->hf_vector == VEC_PAGE && (f->hf_error & PF_FETCH) != 0;

	if (in_program(f))
		backtrace_print(f->hf_rip, 0, 0);
	else
		backtrace_print(f->hf_rip, call ? f->hf_rsp : 0, f->hf_rbp);
}

/*
 * The end.  A fault inside of this (a broken stack, say) says so and stops.
 */
void
fault_report(const struct host_frame *f, uintptr_t addr)
{
	static bool reporting;
	const char *who, *what, *component;
	char reason[128];

	(void)intr_disable();
	if (reporting)
		host_abort("a fault while a fault was being described");
	reporting = true;

	component = symbol_component(f->hf_rip);
	who = in_program(f) ? "program" : "kernel";
	what = fault_text(f, addr);
	print("\nrumpkit: %s in the %s", what, who);
	if (f->hf_vector == VEC_PAGE)
		print(", address 0x%lx", addr);
	if (component != NULL)
		print(", component %s", component);
	print(", thread %d (%s)\n", curthread == NULL ? 0 : curthread->t_id,
	    curthread == NULL ? "boot" : curthread->t_name);
	print_registers(f);
	print_backtrace(f);
	format(reason, sizeof(reason), "%s: %s", who, what);
	host_abort(reason);
}
