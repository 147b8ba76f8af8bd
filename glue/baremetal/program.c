/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * program.c: programs in ring 0: their threads, their FS base, the syscall
 * instruction.  What they see of the address space is in vm.c.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "layout.h"
#include "mem.h"
#include "program.h"
#include "sched.h"
#include "trap.h"

void	syscall_entry(void);
void	program_jump(uintptr_t entry, uintptr_t stack) __noreturn;

static void
no_syscall(struct host_frame *f __unused)
{

	host_abort("a system call, but nothing is attached that serves it");
}

void (*program_syscall)(struct host_frame *) = no_syscall;
static int (*program_handler)(struct host_frame *, uintptr_t);
static bool have_fsgsbase;

void
host_program_attach(const struct host_program_ops *ops)
{

	program_syscall = ops->po_syscall;
	program_handler = ops->po_fault;
	if (cpuid(7, 0).b & 1) {
		have_fsgsbase = true;
		write_cr4(read_cr4() | CR4_FSGSBASE);
	}
	wrmsr(MSR_STAR, (uint64_t)SEL_CODE << 32);
	wrmsr(MSR_LSTAR, (uint64_t)syscall_entry);
	wrmsr(MSR_SFMASK, RFLAGS_IF | RFLAGS_TF | RFLAGS_DF | RFLAGS_NT |
	    RFLAGS_AC);
}

static void
fsbase_write(uint64_t base)
{

	if (have_fsgsbase)
		__asm volatile("wrfsbase %0" : : "r"(base));
	else
		wrmsr(MSR_FSBASE, base);
}

static uint64_t
fsbase_read(void)
{
	uint64_t base;

	if (!have_fsgsbase)
		return rdmsr(MSR_FSBASE);
	__asm volatile("rdfsbase %0" : "=r"(base));
	return base;
}

/* Part of a switch of threads.  Interrupts are off. */
void
program_switch(struct thread *from, struct thread *to)
{

	if (from->t_program)
		from->t_fsbase = fsbase_read();
	if (to->t_program) {
		fsbase_write(to->t_fsbase);
		fpu_switch(to);
	}
}

void
program_forget(struct thread *t)
{

	if (t->t_program)
		fpu_forget(t);
}

void
host_program_enter(uintptr_t entry, uintptr_t stack)
{
	uint64_t flags;

	if (fpu_attach(curthread) != 0)
		memory_exhausted("a program thread's registers");
	flags = intr_disable();
	curthread->t_program = true;
	fpu_switch(curthread);
	intr_restore(flags);
	program_jump(entry, stack);
}

int
host_program_thread_create(const struct host_frame *f, uint64_t fsbase, int *tid)
{
	struct thread *t = thread_new("program", NULL, NULL);

	if (t == NULL)
		return RUMP_EAGAIN;
	if (fpu_attach(t) != 0) {
		thread_release(t);
		return RUMP_EAGAIN;
	}
	fpu_inherit(t);
	t->t_program = true;
	t->t_fsbase = fsbase;
	memcpy((void *)(t->t_kstack + KSTACK_SIZE - FRAME_SIZE), f, FRAME_SIZE);
	*tid = t->t_id;
	sched_start(t);
	return 0;
}

void
host_program_thread_exit(void)
{

	sched_end();
}

int
host_program_thread_self(void)
{

	return curthread->t_id;
}

void
host_fsbase_set(uint64_t base)
{

	curthread->t_fsbase = base;
	fsbase_write(base);
}

uint64_t
host_fsbase_get(void)
{

	return fsbase_read();
}

/* True if the program's own handler dealt with its fault. */
bool
program_fault(struct host_frame *f, uintptr_t addr)
{

	return f->hf_rip < HOST_VM_HIGH && program_handler != NULL &&
	    program_handler(f, addr) != 0;
}
