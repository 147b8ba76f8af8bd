/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fpu.c: the programs' floating-point and vector registers.
 *
 * The kernel does not use them, so they stay in the CPU until another program
 * thread runs.
 */
#include "types.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"
#include "program.h"
#include "sched.h"

#define	CPUID1_ECX_XSAVE	(1U << 26)
#define	XSTATE_WANTED		7U	/* x87, SSE, AVX */
#define	FXSAVE_SIZE		512
#define	MXCSR_OFFSET		24
#define	MXCSR_DEFAULT		0x1f80
#define	FCW_DEFAULT		0x37f

static struct thread *owner;		/* whose registers are in the CPU */
static uint32_t area_size;		/* bytes */
static uint32_t xstate_mask;		/* 0: no xsave */

/*
 * At the start of the machine although programs come later: under emulation code
 * is translated for the registers that are switched on, and would be again.
 */
void
fpu_init(void)
{

	area_size = FXSAVE_SIZE;
	if ((cpuid(1, 0).c & CPUID1_ECX_XSAVE) == 0)
		return;
	write_cr4(read_cr4() | CR4_OSXSAVE);
	xstate_mask = cpuid(0xd, 0).a & XSTATE_WANTED;
	__asm volatile("xsetbv" : : "c"(0), "a"(xstate_mask), "d"(0));
	area_size = cpuid(0xd, 0).b;
}

/* Gives a thread a register area, in the state of a fresh program. */
int
fpu_attach(struct thread *t)
{
	uint8_t *area;

	if (t->t_fpu == NULL && (t->t_fpu = heap_alloc(area_size, 64)) == NULL)
		return RUMP_ENOMEM;
	area = t->t_fpu;
	memset(area, 0, area_size);
	*(uint16_t *)area = FCW_DEFAULT;
	*(uint32_t *)(area + MXCSR_OFFSET) = MXCSR_DEFAULT;
	if (xstate_mask != 0)
		*(uint64_t *)(area + FXSAVE_SIZE) = 3;
	if (owner == t)
		owner = NULL;
	return 0;
}

static void
fpu_save(void *area)
{

	if (xstate_mask != 0)
		__asm volatile("xsave64 (%0)" : : "r"(area), "a"(xstate_mask),
		    "d"(0) : "memory");
	else
		__asm volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

static void
fpu_restore(const void *area)
{

	if (xstate_mask != 0)
		__asm volatile("xrstor64 (%0)" : : "r"(area), "a"(xstate_mask),
		    "d"(0) : "memory");
	else
		__asm volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}

/* A new thread starts with its creator's registers, as after clone(2). */
void
fpu_inherit(struct thread *child)
{
	uint64_t flags = intr_disable();

	if (owner == curthread)
		fpu_save(child->t_fpu);
	intr_restore(flags);
}

void
fpu_switch(struct thread *to)
{

	if (owner == to)
		return;
	if (owner != NULL)
		fpu_save(owner->t_fpu);
	owner = to;
	fpu_restore(to->t_fpu);
}

void
fpu_forget(struct thread *t)
{
	uint64_t flags = intr_disable();

	if (owner == t)
		owner = NULL;
	intr_restore(flags);
	heap_free(t->t_fpu, area_size);
	t->t_fpu = NULL;
}
