/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * traps.S: how the CPU gets into and out of the host: exceptions, interrupts,
 * the syscall instruction, and the switch between threads.
 *
 * Programs run in ring 0 with a red zone below their stack pointer, so nothing
 * may be pushed on their stack: every vector has an IST stack.  An IST stack
 * starts afresh at each delivery, so a frame must not stay on it while another
 * one can come: with interrupts still off, trap_common moves the frame to the
 * kernel stack of the thread, below the kernel's own frames (kernel code has no
 * red zone) or, if a program was interrupted, at its top.  That move cannot
 * fault: it is made only if the stack pointer lies in the thread's kernel stack
 * with room left.  Everything else goes to the emergency stack and ends the
 * machine.
 */
#include "layout.h"

/* struct host_frame */
#define	HF_R11		48
#define	HF_RCX		88
#define	HF_VECTOR	120
#define	HF_RIP		136
#define	HF_RFLAGS	152
#define	HF_RSP		160
#define	HF_SIZE		176
#define	VECTOR_SYSCALL	256

	.macro push_registers
	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %rax
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	.endm

	.macro pop_registers
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbp
	popq %rbx
	popq %r11
	popq %r10
	popq %r9
	popq %r8
	popq %rax
	popq %rcx
	popq %rdx
	popq %rsi
	popq %rdi
	.endm

	.text
/*
 * One entry of 16 bytes per vector.  Vectors 8, 10 to 14, 17, 21, 29 and 30
 * come with an error code.
 */
	.balign 16
	.globl trap_stubs
trap_stubs:
	vector = 0
	.rept VEC_COUNT
	.balign 16
	.if !((0x60227d00 >> vector) & 1) || (vector > 31)
	pushq $0
	.endif
	pushq $vector
	.if vector == VEC_NMI || vector == VEC_DOUBLE || vector == VEC_MACHINE
	jmp trap_fatal
	.else
	jmp trap_common
	.endif
	vector = vector + 1
	.endr

	.balign 16
trap_common:
	cld
	push_registers
	movq HF_RSP(%rsp), %rdi
	movq %rdi, %rdx
	subq cpu_kstack_limit(%rip), %rdx
	cmpq $(KSTACK_SIZE - KSTACK_RESERVE), %rdx
	ja 1f
	andq $-16, %rdi			/* the kernel, on the thread's stack */
	jmp 3f
1:	movq HF_RIP(%rsp), %rax
	testq %rax, %rax
	js trap_odd_stack
2:	movq cpu_kstack_top(%rip), %rdi	/* a program: that stack is empty */
3:	subq $HF_SIZE, %rdi
	movq %rdi, %rdx
	movq %rsp, %rsi
	movl $(HF_SIZE / 8), %ecx
	rep movsq
	movq %rdx, %rsp
	movq %rdx, %rdi
	call trap_dispatch
	.globl trap_return
trap_return:
	pop_registers
	addq $16, %rsp
	iretq

/*
 * Kernel code on another stack than the thread's.  Right at the end of a system
 * call that is in order: the stack is the program's again, and only the jump is
 * left to do.
 */
trap_odd_stack:
	leaq syscall_jump(%rip), %rdx
	cmpq %rdx, %rax
	jne 1f
	movq HF_RCX(%rsp), %rax
	movq %rax, HF_RIP(%rsp)
	jmp 2b
1:	movq %rsp, %rdi
	leaq emergency_stack_top(%rip), %rsp
	xorl %ebp, %ebp
	call trap_on_odd_stack
	ud2

/* On the emergency stack already, by its own IST entry. */
trap_fatal:
	cld
	push_registers
	movq %rsp, %rdi
	call trap_on_odd_stack
	ud2

/*
 * syscall: %rcx is the program's %rip, %r11 its flags; interrupts are off by
 * SFMASK.  sysret would leave ring 0.  A frame that was changed so that %rcx and
 * %r11 are registers like the others goes back by iretq.
 */
	.balign 16
	.globl syscall_entry
syscall_entry:
	movq %rsp, cpu_scratch(%rip)
	movq cpu_kstack_top(%rip), %rsp
	pushq $SEL_DATA
	pushq cpu_scratch(%rip)
	pushq %r11
	pushq $SEL_CODE
	pushq %rcx
	pushq $0
	pushq $VECTOR_SYSCALL
	push_registers
	movq %rsp, %rdi
	xorl %ebp, %ebp
	sti
	call *program_syscall(%rip)
	cmpq $0, sched_flush(%rip)
	jne 2f
1:	movq HF_RIP(%rsp), %rax
	cmpq HF_RCX(%rsp), %rax
	jne trap_return
	movq HF_RFLAGS(%rsp), %rax
	cmpq HF_R11(%rsp), %rax
	jne trap_return
	pop_registers
	addq $32, %rsp			/* vector, error, rip, cs */
	popfq
	popq %rsp
syscall_jump:
	jmp *%rcx
2:	cli				/* somebody may have done it meanwhile */
	movq sched_flush(%rip), %rax
	testq %rax, %rax
	jz 3f
	call *%rax
3:	sti
	jmp 1b

/*
 * switch_stacks(&old, new): keeps this thread's registers on its stack and goes
 * on with another one's.
 */
	.balign 16
	.globl switch_stacks
switch_stacks:
	pushq %rbp
	pushq %rbx
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	ret

/* Where a new thread starts: thread_begin() gets what waits in %rbx. */
	.globl thread_trampoline
thread_trampoline:
	xorl %ebp, %ebp
	movq %rbx, %rdi
	call thread_begin
	jmp trap_return			/* program threads: a frame is next */

/* program_jump(entry, stack): all registers zero, interrupts on. */
	.globl program_jump
program_jump:
	pushq $SEL_DATA
	pushq %rsi
	pushq $0x202
	pushq $SEL_CODE
	pushq %rdi
	xorl %eax, %eax
	xorl %ebx, %ebx
	xorl %ecx, %ecx
	xorl %edx, %edx
	xorl %esi, %esi
	xorl %edi, %edi
	xorl %ebp, %ebp
	xorl %r8d, %r8d
	xorl %r9d, %r9d
	xorl %r10d, %r10d
	xorl %r11d, %r11d
	xorl %r12d, %r12d
	xorl %r13d, %r13d
	xorl %r14d, %r14d
	xorl %r15d, %r15d
	iretq

	/* The task state: nothing of it is used but the IST stacks 1 and 2. */
	.data
	.balign 128
	.globl tss
tss:
	.long 0
	.fill 4, 8, 0
	.quad trap_stack_top, emergency_stack_top
	.fill 5, 8, 0
	.long 0, 0
	.word 0, 104

	.bss
	.balign 16
	.skip 256
trap_stack_top:

	/* Of the running thread: struct cpu of sched.h. */
	.globl cpu_kstack_top, cpu_kstack_limit
cpu_kstack_top:
	.skip 8
cpu_kstack_limit:
	.skip 8
cpu_scratch:
	.skip 8
