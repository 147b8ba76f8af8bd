/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bare.S: about the smallest ELF that boots by PVH: prints one character on the
 * serial port and ends QEMU through isa-debug-exit.  The yardstick of bench/boot.
 */
	.section .note, "a", @note
	.long	4, 4, 18		/* "Xen", PHYS32_ENTRY */
	.asciz	"Xen"
	.long	start

	.text
	.code32
	.globl	start
start:
	movw	$0x3f8, %dx
	movb	$'B', %al
	outb	%al, %dx
	movb	$'\n', %al
	outb	%al, %dx
	movw	$0xf4, %dx
	outb	%al, %dx
1:	hlt
	jmp	1b
