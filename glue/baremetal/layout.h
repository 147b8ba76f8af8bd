/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * layout.h: the kernel's half of the address space.  Also read by assembler and
 * by image.ld's author: the kernel is linked at KERNBASE + its physical address.
 *
 *	DMAP_BASE	all RAM but the image, writable, never executable
 *	KERNBASE	the image: text RX, constants R, data RW
 *	STACK_BASE	kernel stacks, each with an unmapped guard page below
 *	MMIO_BASE	device registers, mapped on demand
 *	DEV_BASE	the 8 MiB at DEV_PHYS: virtio-mmio, IOAPIC, local APIC
 *
 * All but the first share one page directory (KERNBASE .. KERNBASE + 1 GiB).
 */
#ifndef _BAREMETAL_LAYOUT_H_
#define	_BAREMETAL_LAYOUT_H_

#ifdef __ASSEMBLER__
#define	_UL(x)	x
#else
#define	_UL(x)	x##UL
#endif

#define	PAGE_SHIFT	12
#define	PAGE_SIZE	_UL(0x1000)
#define	PAGE_MASK	_UL(0xfff)
#define	LARGE_SIZE	_UL(0x200000)

#define	KERNBASE	_UL(0xffffffff80000000)
#define	DMAP_BASE	_UL(0xffff800000000000)
#define	DMAP_MAX	_UL(0x8000000000)	/* one page-directory-pointer table */
#define	IMAGE_MAX	_UL(0x10000000)
#define	STACK_BASE	_UL(0xffffffff90000000)
#define	STACK_END	_UL(0xffffffffb0000000)
#define	MMIO_BASE	_UL(0xffffffffb0000000)
#define	MMIO_END	_UL(0xffffffffbf800000)
#define	DEV_BASE	_UL(0xffffffffbf800000)
#define	DEV_PHYS	_UL(0xfe800000)

#define	KSTACK_SIZE	0x4000
#define	KSTACK_SLOT	0x8000		/* the stack is the upper half of it */
#define	KSTACK_RESERVE	0x400		/* room a trap must find on it */

#define	SEL_CODE	0x08
#define	SEL_DATA	0x10
#define	SEL_TSS		0x18

#define	PTE_P		_UL(0x001)
#define	PTE_W		_UL(0x002)
#define	PTE_PCD		_UL(0x010)
#define	PTE_PWT		_UL(0x008)
#define	PTE_D		_UL(0x040)	/* written to; set by the CPU */
#define	PTE_LARGE	_UL(0x080)
#define	PTE_NX		_UL(0x8000000000000000)
#define	PTE_ADDR	_UL(0x000ffffffffff000)

/* Vectors. */
#define	VEC_DEBUG	1
#define	VEC_NMI		2
#define	VEC_UNDEFINED	6
#define	VEC_DOUBLE	8
#define	VEC_STACK	12
#define	VEC_PROTECTION	13
#define	VEC_PAGE	14
#define	VEC_MACHINE	18
#define	VEC_TIMER	32
#define	VEC_IRQ		33		/* 24 IOAPIC inputs */
#define	VEC_MSI		57		/* message-signalled, 6 of them */
#define	VEC_SPURIOUS	63
#define	VEC_COUNT	64

#endif /* _BAREMETAL_LAYOUT_H_ */
