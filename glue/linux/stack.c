/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stack.c: the first stack: strings, then argument count, arguments, environment
 * and auxiliary vector, as the System V ABI for x86-64 lays it out (3.4.1).
 */
#include "types.h"
#include "elf.h"
#include "program.h"

#define	LINUX_STACK_RANDOM	16
#define	LINUX_STACK_ARGMAX	(LINUX_STACK_SIZE / 4)

/* The stack while it is filled from both ends of its top part. */
struct linux_stack {
	char *st_string;		/* lowest string so far */
	uint64_t *st_word;		/* next word to write */
};

static uintptr_t
linux_stack_bytes(struct linux_stack *st, const void *data, size_t len)
{

	st->st_string -= len;
	memcpy(st->st_string, data, len);
	return (uintptr_t)st->st_string;
}

static uintptr_t
linux_stack_string(struct linux_stack *st, const char *s)
{

	return linux_stack_bytes(st, s, linux_strlen(s) + 1);
}

static void
linux_stack_aux(struct linux_stack *st, uint64_t type, uint64_t value)
{

	*st->st_word++ = type;
	*st->st_word++ = value;
}

/* What the processor can do: CPUID leaf 1, EDX. */
static uint64_t
linux_hwcap(void)
{
	uint32_t a = 1, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return d;
}

static void
linux_stack_auxv(struct linux_stack *st, const struct linux_elf *le,
    uintptr_t execfn)
{
	uint8_t random[LINUX_STACK_RANDOM] = { 0 };
	size_t done, n;

	for (done = 0; done < sizeof(random); done += n) {
		if (rumpuser_getrandom(random + done, sizeof(random) - done,
		    0, &n) != 0)
			break;
	}
	linux_stack_aux(st, ELF_AT_PHDR, le->le_phdr);
	linux_stack_aux(st, ELF_AT_PHENT, sizeof(struct elf_phdr));
	linux_stack_aux(st, ELF_AT_PHNUM, le->le_phnum);
	linux_stack_aux(st, ELF_AT_PAGESZ, LINUX_PAGE);
	linux_stack_aux(st, ELF_AT_BASE, 0);	/* no interpreter */
	linux_stack_aux(st, ELF_AT_FLAGS, 0);
	linux_stack_aux(st, ELF_AT_ENTRY, le->le_entry);
	linux_stack_aux(st, ELF_AT_UID, rump_sys_getuid());
	linux_stack_aux(st, ELF_AT_EUID, rump_sys_geteuid());
	linux_stack_aux(st, ELF_AT_GID, rump_sys_getgid());
	linux_stack_aux(st, ELF_AT_EGID, rump_sys_getegid());
	linux_stack_aux(st, ELF_AT_SECURE, 0);
	linux_stack_aux(st, ELF_AT_HWCAP, linux_hwcap());
	linux_stack_aux(st, ELF_AT_CLKTCK, 100);
	linux_stack_aux(st, ELF_AT_RANDOM,
	    linux_stack_bytes(st, random, sizeof(random)));
	linux_stack_aux(st, ELF_AT_PLATFORM,
	    linux_stack_string(st, "x86_64"));
	linux_stack_aux(st, ELF_AT_EXECFN, execfn);
	linux_stack_aux(st, ELF_AT_NULL, 0);
}
#define	LINUX_STACK_AUXWORDS	(2 * 18)

static size_t
linux_strings_size(char *const *strings, int n)
{
	size_t size = 0;
	int i;

	for (i = 0; i < n; i++)
		size += linux_strlen(strings[i]) + 1;
	return size;
}

const char *
linux_stack_build(const struct linux_elf *le, char *const *args, int nargs,
    char *const *env, int nenv, uintptr_t *sp)
{
	const size_t words = (size_t)nargs + (size_t)nenv + 3 +
	    LINUX_STACK_AUXWORDS;
	const size_t room = linux_strings_size(args, nargs) +
	    linux_strings_size(env, nenv) + LINUX_STACK_RANDOM + 32 +
	    words * sizeof(uint64_t);
	struct linux_stack st;
	uintptr_t addr = 0, top;
	int i;

	if (room > LINUX_STACK_ARGMAX)
		return "arguments and environment are too long";
	if (host_vm_map(&addr, LINUX_STACK_SIZE, HOST_PROT_READ |
	    HOST_PROT_WRITE, HOST_VM_STACK) != 0)
		return "no address space for the program's stack";
	top = addr + LINUX_STACK_SIZE;
	*sp = (top - room) & ~15UL;
	if (host_vm_access(*sp, top - *sp, HOST_PROT_WRITE) != 0)
		return "out of memory: no page for the program's stack";

	st.st_string = (char *)top;
	st.st_word = (uint64_t *)*sp;
	*st.st_word++ = (uint64_t)nargs;
	for (i = 0; i < nargs; i++)
		*st.st_word++ = linux_stack_string(&st, args[i]);
	*st.st_word++ = 0;
	for (i = 0; i < nenv; i++)
		*st.st_word++ = linux_stack_string(&st, env[i]);
	*st.st_word++ = 0;
	linux_stack_auxv(&st, le, nargs > 0 ? ((uint64_t *)*sp)[1] : 0);
	return NULL;
}
