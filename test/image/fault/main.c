/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: ends the machine in the way that the word "arg=" of the command line
 * names.
 */
#include "../guest.h"

#define	RIGHTS_RW	(HOST_PROT_READ | HOST_PROT_WRITE)
#define	RIGHTS_RX	(HOST_PROT_READ | HOST_PROT_EXEC)

static volatile char data[64] = { (char)0xc3 };	/* ret */
static const char text_of_code[] = { (char)0xc3 };

/* A name that a test can look for in a backtrace. */
__attribute__((__noinline__)) static void
innermost(volatile char *p)
{

	*p = 1;
	__asm volatile("" : : : "memory");
}

static void
jump(const volatile void *p)
{
	union {
		const volatile void *p;
		void (*f)(void);
	} u = { p };

	u.f();
	__asm volatile("" : : : "memory");
}

__attribute__((__noinline__)) static int
recurse(int n)
{
	volatile char frame[256];

	frame[n & 255] = (char)n;
	if (data[1] != 0)		/* never; the compiler cannot tell */
		return n;
	return recurse(n + 1) + frame[n & 127];
}

static void *
recursing_thread(void *arg)
{

	(void)arg;
	recurse(0);
	return NULL;
}

/* Programs: a few bytes of code each, at 0x400000. */
static const uint8_t load_null[] = { 0x31, 0xc0, 0x48, 0x8b, 0x00 };
static const uint8_t push_forever[] = { 0x50, 0xeb, 0xfd };
static const uint8_t store_to_text[] = { 0xc7, 0x05, 0xf6, 0xff, 0xff, 0xff,
    0, 0, 0, 0 };
static const uint8_t jump_to_stack[] = { 0x48, 0x8d, 0x44, 0x24, 0xe0, 0xff,
    0xe0 };
static const uint8_t undefined[] = { 0x0f, 0x0b };
static const uint8_t write_kernel_text[] = { 0x48, 0xc7, 0xc0, 0x00, 0x10, 0x10,
    0x80, 0xc6, 0x00, 0x90 };			/* movb to 0xffff...80101000 */

static void
no_calls(struct host_frame *f)
{

	(void)f;
	host_exit(GUEST_FAILED);
}

static void
run_program(const uint8_t *code, size_t len)
{
	static const struct host_program_ops ops = { no_calls, NULL };
	uintptr_t text = 0x400000, stack = 0;

	CHECK(host_vm_map(&text, 0x1000, RIGHTS_RW, HOST_VM_FIXED) == 0);
	memcpy((void *)text, code, len);
	CHECK(host_vm_protect(text, 0x1000, RIGHTS_RX) == 0);
	CHECK(host_vm_map(&stack, 0x4000, RIGHTS_RW, HOST_VM_STACK) == 0);
	host_program_attach(&ops);
	host_program_enter(text, stack + 0x4000);
}

/* Takes all memory; the host must say so, and how much there is. */
static void
eat_kernel_memory(void)
{
	void *p;

	while (rumpuser_malloc(65536, 0, &p) == 0)
		continue;
	rumpuser_exit(RUMPUSER_PANIC);
}

static void
eat_program_memory(const struct host_bootinfo *hb)
{
	uintptr_t a = 0, off;
	size_t len = (size_t)(hb->hb_memory + 0xfff) & ~(size_t)0xfff;

	CHECK(host_vm_map(&a, len, RIGHTS_RW, 0) == 0);
	for (off = 0; off < len; off += 4096)
		*(volatile char *)(a + off) = 1;
}

static int
is(const char *name, const char *want)
{

	for (; *want != '\0' && *name == *want; name++, want++)
		continue;
	return *want == '\0' && *name == '\0';
}

static void
run_kernel_case(const char *name)
{

	if (is(name, "null"))
		innermost(NULL);
	if (is(name, "null-call"))
		jump(NULL);
	if (is(name, "write-text"))
		innermost((volatile char *)(uintptr_t)run_kernel_case);
	if (is(name, "write-const"))
		innermost((volatile char *)(uintptr_t)text_of_code);
	if (is(name, "run-data"))
		jump(data);
	if (is(name, "run-const"))
		jump(text_of_code);
	if (is(name, "run-heap")) {
		void *p;

		CHECK(rumpuser_malloc(64, 0, &p) == 0);
		*(char *)p = (char)0xc3;
		jump(p);
	}
	if (is(name, "stack"))
		recurse(0);
	if (is(name, "thread-stack")) {
		CHECK(rumpuser_thread_create(recursing_thread, NULL, "deep", 0,
		    -1, -1, NULL) == 0);
		rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 10, 0);
	}
	if (is(name, "panic"))
		rumpuser_exit(RUMPUSER_PANIC);
	if (is(name, "oom"))
		eat_kernel_memory();
	if (is(name, "exit3"))
		host_exit(3);
}

static void
run_program_case(const char *name, const struct host_bootinfo *hb)
{

	if (is(name, "program-null"))
		run_program(load_null, sizeof(load_null));
	if (is(name, "program-stack"))
		run_program(push_forever, sizeof(push_forever));
	if (is(name, "program-write-text"))
		run_program(store_to_text, sizeof(store_to_text));
	if (is(name, "program-run-stack"))
		run_program(jump_to_stack, sizeof(jump_to_stack));
	if (is(name, "program-undefined"))
		run_program(undefined, sizeof(undefined));
	if (is(name, "program-write-kernel"))
		run_program(write_kernel_text, sizeof(write_kernel_text));
	if (is(name, "program-oom"))
		eat_program_memory(hb);
}

void
host_main(const struct host_bootinfo *hb)
{
	char name[32];

	CHECK(rumpuser_getparam("arg", name, sizeof(name)) == 0);
	run_kernel_case(name);
	run_program_case(name, hb);
	rumpuser_dprintf("survived %s\n", name);
	host_exit(GUEST_FAILED);
}
