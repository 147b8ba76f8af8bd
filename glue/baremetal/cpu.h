/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu.h: single instructions as inline functions, and the bits that go with
 * them.  Intel SDM volume 3 (system programming), volume 2 (CPUID).
 */
#ifndef _BAREMETAL_CPU_H_
#define	_BAREMETAL_CPU_H_

#include "types.h"

#define	RFLAGS_IF	0x200UL
#define	RFLAGS_TF	0x100UL
#define	RFLAGS_DF	0x400UL
#define	RFLAGS_NT	0x4000UL
#define	RFLAGS_AC	0x40000UL

#define	CR4_FSGSBASE	0x10000UL
#define	CR4_OSXSAVE	0x40000UL

#define	MSR_STAR	0xc0000081
#define	MSR_LSTAR	0xc0000082
#define	MSR_SFMASK	0xc0000084
#define	MSR_FSBASE	0xc0000100

struct cpuid {
	uint32_t a, b, c, d;
};

static inline struct cpuid
cpuid(uint32_t leaf, uint32_t sub)
{
	struct cpuid r;

	__asm volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) :
	    "a"(leaf), "c"(sub));
	return r;
}

static inline void
outb(uint16_t port, uint8_t v)
{

	__asm volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}

static inline void
outw(uint16_t port, uint16_t v)
{

	__asm volatile("outw %0, %1" : : "a"(v), "Nd"(port));
}

static inline void
outl(uint16_t port, uint32_t v)
{

	__asm volatile("outl %0, %1" : : "a"(v), "Nd"(port));
}

static inline uint8_t
inb(uint16_t port)
{
	uint8_t v;

	__asm volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline uint32_t
inl(uint16_t port)
{
	uint32_t v;

	__asm volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}

static inline uint64_t
rdmsr(uint32_t msr)
{
	uint32_t lo, hi;

	__asm volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return (uint64_t)hi << 32 | lo;
}

static inline void
wrmsr(uint32_t msr, uint64_t v)
{

	__asm volatile("wrmsr" : : "c"(msr), "a"((uint32_t)v),
	    "d"((uint32_t)(v >> 32)) : "memory");
}

static inline uint64_t
rdtsc(void)
{
	uint32_t lo, hi;

	__asm volatile("rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

static inline uint64_t
read_cr2(void)
{
	uint64_t v;

	__asm volatile("movq %%cr2, %0" : "=r"(v));
	return v;
}

static inline uint64_t
read_cr3(void)
{
	uint64_t v;

	__asm volatile("movq %%cr3, %0" : "=r"(v));
	return v;
}

static inline void
write_cr3(uint64_t v)
{

	__asm volatile("movq %0, %%cr3" : : "r"(v) : "memory");
}

static inline uint64_t
read_cr4(void)
{
	uint64_t v;

	__asm volatile("movq %%cr4, %0" : "=r"(v));
	return v;
}

static inline void
write_cr4(uint64_t v)
{

	__asm volatile("movq %0, %%cr4" : : "r"(v) : "memory");
}

static inline void
invlpg(uintptr_t va)
{

	__asm volatile("invlpg (%0)" : : "r"(va) : "memory");
}

/*
 * The host's own short critical sections run with interrupts off, which on one
 * CPU excludes everything else.
 */
static inline uint64_t
intr_disable(void)
{
	uint64_t flags;

	__asm volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
	return flags;
}

static inline void
intr_restore(uint64_t flags)
{

	if (flags & RFLAGS_IF)
		__asm volatile("sti" : : : "memory");
}

static inline void
intr_enable(void)
{

	__asm volatile("sti" : : : "memory");
}

/* Waits for an interrupt; none is lost between the two instructions. */
static inline void
intr_wait(void)
{

	__asm volatile("sti; hlt; cli" : : : "memory");
}

static inline uint32_t
mmio_read32(volatile void *p)
{

	return *(volatile uint32_t *)p;
}

static inline void
mmio_write32(volatile void *p, uint32_t v)
{

	*(volatile uint32_t *)p = v;
}

#endif /* _BAREMETAL_CPU_H_ */
