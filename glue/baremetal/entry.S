/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * entry.S: from the loader to C.
 *
 * The loader enters by the PVH protocol (Xen's docs/misc/pvh): 32-bit protected
 * mode, no paging, %ebx points at hvm_start_info.  Here: is there RAM under the
 * whole image; tables that show the image both where it is and at KERNBASE; long
 * mode; boot_main().  paging_init() makes the final tables later.
 */
#include "layout.h"

#define	PHYS(sym)	((sym) - KERNBASE)

#define	START_MEMMAP		40
#define	START_MEMMAP_COUNT	48
#define	E820_SIZE		24
#define	E820_RAM		1

#define	CR0_BITS	0x80010023	/* PG WP NE MP PE */
#define	CR4_BITS	0x00000620	/* OSXMMEXCPT OSFXSR PAE */
#define	MSR_EFER	0xc0000080
#define	EFER_BITS	0x00000901	/* NXE LME SCE */

	.section .note.Xen, "a", @note
	.balign 4
	.long 4, 8, 18			/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.quad PHYS(pvh_entry)

	.section .text.boot, "ax"
	.code32
	.globl pvh_entry
pvh_entry:
	cld
	/* Look for a piece of RAM that holds the whole image. */
	movl START_MEMMAP(%ebx), %esi
	movl START_MEMMAP_COUNT(%ebx), %ecx
	jecxz no_memory
1:	cmpl $E820_RAM, 16(%esi)
	jne 2f
	cmpl $0, 4(%esi)
	jne 2f
	movl (%esi), %eax
	cmpl $PHYS(image_start), %eax
	ja 2f
	addl 8(%esi), %eax		/* its end; beyond 4 GiB is enough */
	jc enough_memory
	cmpl $0, 12(%esi)
	jne enough_memory
	cmpl $PHYS(image_end), %eax
	jae enough_memory
2:	addl $E820_SIZE, %esi
	loop 1b

	/* There is no stack yet: print by hand, tell the runner, end. */
no_memory:
	movl $PHYS(no_memory_text), %esi
	movw $0x3f8, %dx
3:	lodsb
	testb %al, %al
	jz 4f
	outb %al, (%dx)
	jmp 3b
4:	cmpw $0xe9, %dx
	je 5f
	movl $PHYS(no_memory_record), %esi
	movw $0xe9, %dx
	jmp 3b
5:	movb $0, %al
	outb %al, $0xf4
	movb $0xfe, %al
	outb %al, $0x64
	lidt PHYS(no_idt)
	int3

enough_memory:
	/*
	 * Two-megabyte pages under the image, at 0 and at KERNBASE, and one
	 * more for page_alloc_early().
	 */
	movl $PHYS(boot_pd), %edi
	movl $(PTE_LARGE | PTE_W | PTE_P), %eax
5:	movl %eax, (%edi)
	addl $8, %edi
	addl $LARGE_SIZE, %eax
	cmpl $(PHYS(image_end) + LARGE_SIZE), %eax
	jb 5b
	movl $PHYS(boot_pdpt), %edi
	movl $(PHYS(boot_pd) + PTE_W + PTE_P), (%edi)
	movl $(PHYS(boot_pd) + PTE_W + PTE_P), 510*8(%edi)
	movl $PHYS(boot_pml4), %edi
	movl $(PHYS(boot_pdpt) + PTE_W + PTE_P), (%edi)
	movl $(PHYS(boot_pdpt) + PTE_W + PTE_P), 511*8(%edi)

	movl %edi, %cr3
	movl $CR4_BITS, %eax
	movl %eax, %cr4
	movl $MSR_EFER, %ecx
	movl $EFER_BITS, %eax
	xorl %edx, %edx
	wrmsr
	movl $CR0_BITS, %eax
	movl %eax, %cr0
	lgdt PHYS(boot_gdt_low)
	ljmp $SEL_CODE, $PHYS(long_mode)

	.code64
long_mode:
	movq $long_mode_high, %rax
	jmp *%rax
long_mode_high:
	lgdt boot_gdt_high(%rip)
	movl $SEL_DATA, %eax
	movl %eax, %ds
	movl %eax, %es
	movl %eax, %ss
	xorl %eax, %eax
	movl %eax, %fs
	movl %eax, %gs
	leaq emergency_stack_top(%rip), %rsp
	xorl %ebp, %ebp
	movl %ebx, %edi
	call boot_main
	ud2

	/* Leaves the boot stack for good: stack_run(top, function). */
	.text
	.globl stack_run
stack_run:
	movq %rdi, %rsp
	xorl %ebp, %ebp
	call *%rsi
	ud2

	.section .text.boot, "ax"
	.balign 4
no_idt:
	.word 0
	.long 0
boot_gdt_low:
	.word 5*8 - 1
	.long PHYS(gdt)
boot_gdt_high:
	.word 5*8 - 1
	.quad gdt
no_memory_text:
	.asciz "rumpkit: out of memory: the image does not fit into the machine's memory\n"
no_memory_record:
	.asciz "rumpkit-fault out of memory: the image does not fit\n"

	.data
	.balign 16
	.globl gdt
gdt:
	.quad 0
	.quad 0x00af9b000000ffff	/* SEL_CODE */
	.quad 0x00cf93000000ffff	/* SEL_DATA */
	.quad 0, 0			/* SEL_TSS, filled in by traps_init() */

	.section .bss.tables, "aw", @nobits
	.balign 4096
	.globl boot_pml4, boot_pdpt, boot_pd
boot_pml4:
	.skip 4096
boot_pdpt:
	.skip 4096
boot_pd:
	.skip 4096
	.globl emergency_stack_top
	.skip 4096
emergency_stack_top:
