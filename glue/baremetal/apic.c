/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * apic.c: the local APIC (Intel SDM volume 3, chapter 10) and the IOAPIC
 * (82093AA): interrupts in, and the one timer.  Vectors are in layout.h.
 */
#include "types.h"
#include "cpu.h"
#include "host_int.h"
#include "layout.h"
#include "trap.h"

#define	LAPIC(reg)	((void *)(0xfee00000UL - DEV_PHYS + DEV_BASE + (reg)))
#define	LAPIC_EOI	0x0b0
#define	LAPIC_SPURIOUS	0x0f0
#define	LAPIC_LVT_TIMER	0x320
#define	LAPIC_LVT_LINT0	0x350
#define	LAPIC_COUNT	0x380
#define	LAPIC_LEFT	0x390
#define	LAPIC_DIVIDE	0x3e0
#define	SPURIOUS_ENABLE	0x100
#define	LVT_MASKED	0x10000
#define	DIVIDE_BY_1	0xb

#define	IOAPIC(reg)	((void *)(0xfec00000UL - DEV_PHYS + DEV_BASE + (reg)))
#define	IOAPIC_SELECT	0x00
#define	IOAPIC_WINDOW	0x10
#define	IOAPIC_ENTRY(n)	(0x10 + 2 * (n))
#define	IOAPIC_LEVEL	0x8000
#define	NIRQS		(VEC_MSI - VEC_IRQ)

#define	MSI_ADDRESS	0xfee00000UL

static struct {
	intr_handler ih_function;
	void *ih_argument;
} handlers[VEC_SPURIOUS - VEC_IRQ];
static unsigned next_msi = VEC_MSI;

/*
 * The old interrupt controller's line is masked here, so that whatever the
 * firmware left it at does not matter.
 */
void
apic_init(void)
{

	mmio_write32(LAPIC(LAPIC_LVT_LINT0), LVT_MASKED);
	mmio_write32(LAPIC(LAPIC_SPURIOUS), SPURIOUS_ENABLE | VEC_SPURIOUS);
	mmio_write32(LAPIC(LAPIC_DIVIDE), DIVIDE_BY_1);
}

/* mode is APIC_TIMER_ONESHOT, _PERIODIC or _DEADLINE. */
void
apic_timer_mode(uint32_t mode)
{

	mmio_write32(LAPIC(LAPIC_LVT_TIMER), VEC_TIMER | mode);
}

/* Starts counting down; 0 stops the timer. */
void
apic_timer_start(uint32_t count)
{

	mmio_write32(LAPIC(LAPIC_COUNT), count);
}

uint32_t
apic_timer_left(void)
{

	return mmio_read32(LAPIC(LAPIC_LEFT));
}

static void
ioapic_write(unsigned reg, uint32_t v)
{

	mmio_write32(IOAPIC(IOAPIC_SELECT), reg);
	mmio_write32(IOAPIC(IOAPIC_WINDOW), v);
}

/* An input of the IOAPIC; the handler must quiet a level-triggered device. */
int
intr_establish_irq(unsigned irq, bool level, intr_handler handler, void *arg)
{
	uint64_t flags;

	if (irq >= NIRQS)
		return RUMP_ENXIO;
	flags = intr_disable();
	handlers[irq].ih_argument = arg;
	handlers[irq].ih_function = handler;
	ioapic_write(IOAPIC_ENTRY(irq) + 1, 0);
	ioapic_write(IOAPIC_ENTRY(irq), (VEC_IRQ + irq) |
	    (level ? IOAPIC_LEVEL : 0));
	intr_restore(flags);
	return 0;
}

/* What a device must write where to call the handler. */
int
intr_establish_msi(intr_handler handler, void *arg, uint64_t *addr,
    uint32_t *data)
{
	uint64_t flags;

	if (next_msi == VEC_SPURIOUS)
		return RUMP_ENXIO;
	flags = intr_disable();
	handlers[next_msi - VEC_IRQ].ih_argument = arg;
	handlers[next_msi - VEC_IRQ].ih_function = handler;
	*addr = MSI_ADDRESS;
	*data = next_msi++;
	intr_restore(flags);
	return 0;
}

/* Called with interrupts off. */
void
intr_dispatch(unsigned vector)
{

	if (vector == VEC_SPURIOUS)
		return;
	if (vector == VEC_TIMER)
		clock_tick();
	else if (handlers[vector - VEC_IRQ].ih_function != NULL)
		handlers[vector - VEC_IRQ].ih_function(
		    handlers[vector - VEC_IRQ].ih_argument);
	mmio_write32(LAPIC(LAPIC_EOI), 0);
}
