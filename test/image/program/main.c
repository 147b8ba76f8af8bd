/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: a program in ring 0 that makes system calls, touches demand-zero
 * memory, keeps a red zone while interrupts come, and keeps its vector registers
 * while another program thread uses them.
 */
#include "../guest.h"

#define	CALL_EXIT	60
#define	CALL_ADD	1000		/* returns the sum of its 6 arguments */
#define	SPACE		(1UL << 40)

/* The program's text; copied below HOST_VM_HIGH before it runs. */
extern char program_text[], program_thread[], program_text_end[];
__asm(
"	.section .rodata\n"
"	.balign 16\n"
"program_text:\n"
/* Six arguments and a result through the syscall instruction. */
"	movl $1000, %eax\n"
"	movl $1, %edi\n"
"	movl $2, %esi\n"
"	movl $4, %edx\n"
"	movl $8, %r10d\n"
"	movl $16, %r8d\n"
"	movl $32, %r9d\n"
"	movq $0x5555, -8(%rsp)\n"	/* red zone, over a system call */
"	syscall\n"
"	cmpq $63, %rax\n"
"	jne 9f\n"
"	cmpq $0x5555, -8(%rsp)\n"
"	jne 9f\n"
"program_thread:\n"
/* %rbx: this thread's pattern.  Red zone and registers while time passes. */
"	movq %rsp, %rbx\n"
"	movq %rbx, %xmm7\n"
"	movq %rbx, -128(%rsp)\n"
"	movl $3000000, %ebp\n"
"1:	movq %rbp, -8(%rsp)\n"
"	movq %rbp, -64(%rsp)\n"
"	movq %xmm7, %rax\n"
"	cmpq %rbx, %rax\n"
"	jne 9f\n"
"	cmpq %rbx, -128(%rsp)\n"
"	jne 9f\n"
"	cmpq %rbp, -8(%rsp)\n"
"	jne 9f\n"
"	cmpq %rbp, -64(%rsp)\n"
"	jne 9f\n"
"	decl %ebp\n"
"	jnz 1b\n"
"	movl $60, %eax\n"
"	xorl %edi, %edi\n"
"	syscall\n"
"9:	movl $60, %eax\n"
"	movl $1, %edi\n"
"	syscall\n"
"program_text_end:\n"
"	.text\n");

static int nthreads = 3, ndisturbed;

static void
do_syscall(struct host_frame *f)
{

	switch (f->hf_rax) {
	case CALL_ADD:
		f->hf_rax = f->hf_rdi + f->hf_rsi + f->hf_rdx + f->hf_r10 +
		    f->hf_r8 + f->hf_r9;
		break;
	case CALL_EXIT:
		CHECK(f->hf_rdi == 0);
		if (--nthreads > 0)
			host_program_thread_exit();
		rumpuser_dprintf("red zone, registers and calls are in order\n");
		CHECK(ndisturbed > 1);
		host_exit(0);
	}
}

static int
do_fault(struct host_frame *f, uintptr_t addr)
{

	rumpuser_dprintf("fault at %lx, address %lx\n",
	    (unsigned long)f->hf_rip, (unsigned long)addr);
	return 0;
}

/* Takes the CPU from the programs, again and again. */
static void *
disturb(void *arg)
{

	for (;;) {
		rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 300000);
		ndisturbed++;
	}
	return arg;
}

static void
test_memory(void)
{
	uintptr_t a = 0, b = 0x400000, c = 0x400000;
	volatile char *p;

	CHECK(host_vm_map(&a, SPACE, HOST_PROT_READ | HOST_PROT_WRITE, 0) == 0);
	p = (volatile char *)a;
	CHECK(p[0] == 0 && p[SPACE - 1] == 0 && p[SPACE / 2] == 0);
	p[SPACE / 2] = 7;
	CHECK(host_vm_discard(a + SPACE / 2, 4096) == 0);
	CHECK(p[SPACE / 2] == 0);
	CHECK(host_vm_map(&b, 0x3000, HOST_PROT_READ | HOST_PROT_WRITE,
	    HOST_VM_FIXED) == 0 && b == 0x400000);
	CHECK(host_vm_map(&c, 0x1000, HOST_PROT_READ, HOST_VM_FIXED |
	    HOST_VM_NOREPLACE) == RUMP_EEXIST);
	((volatile char *)b)[0x1000] = 3;
	CHECK(host_vm_protect(b + 0x1000, 0x1000, HOST_PROT_READ) == 0);
	CHECK(host_vm_access(b, 0x3000, HOST_PROT_READ) == 0);
	CHECK(host_vm_access(b, 0x3000, HOST_PROT_WRITE) == RUMP_EFAULT);
	CHECK(host_vm_access(b + 0x2fff, 2, HOST_PROT_READ) == RUMP_EFAULT);
	CHECK(((volatile char *)b)[0x1000] == 3);
	CHECK(host_vm_protect(b, 0x3000, HOST_PROT_NONE) == 0);
	CHECK(host_vm_protect(b, 0x3000, HOST_PROT_READ) == 0);
	CHECK(((volatile char *)b)[0x1000] == 3);
	CHECK(host_vm_unmap(a + 0x1000, SPACE - 0x2000) == 0);
	CHECK(host_vm_access(a, 1, HOST_PROT_WRITE) == 0);
	CHECK(host_vm_access(a + 0x1000, 1, HOST_PROT_READ) == RUMP_EFAULT);
	CHECK(host_vm_unmap(a, SPACE) == 0);
	CHECK(host_vm_unmap(b, 0x3000) == 0);
}

void
host_main(const struct host_bootinfo *hb)
{
	static const struct host_program_ops ops = { do_syscall, do_fault };
	uintptr_t text = 0x400000, stack = 0, entry;
	struct host_frame f;
	int i, tid;

	(void)hb;
	test_memory();
	host_program_attach(&ops);
	CHECK(host_vm_map(&text, 0x1000, HOST_PROT_READ | HOST_PROT_WRITE,
	    HOST_VM_FIXED) == 0);
	memcpy((void *)text, program_text,
	    (size_t)(program_text_end - program_text));
	CHECK(host_vm_protect(text, 0x1000, HOST_PROT_READ | HOST_PROT_EXEC) ==
	    0);
	CHECK(rumpuser_thread_create(disturb, NULL, "disturb", 0, -1, -1,
	    NULL) == 0);
	entry = text + (uintptr_t)(program_thread - program_text);
	for (i = 0; i < 2; i++) {
		stack = 0;
		CHECK(host_vm_map(&stack, 0x100000, HOST_PROT_READ |
		    HOST_PROT_WRITE, HOST_VM_STACK) == 0);
		memset(&f, 0, sizeof(f));
		f.hf_rip = entry;
		f.hf_cs = 8;
		f.hf_ss = 16;
		f.hf_rflags = 0x202;
		f.hf_rsp = stack + 0x100000;
		CHECK(host_program_thread_create(&f, 0x1234, &tid) == 0);
	}
	stack = 0;
	CHECK(host_vm_map(&stack, 0x100000, HOST_PROT_READ | HOST_PROT_WRITE,
	    HOST_VM_STACK) == 0);
	host_fsbase_set(0x5678);
	CHECK(host_fsbase_get() == 0x5678);
	host_program_enter(text, stack + 0x100000);
}
