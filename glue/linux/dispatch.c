/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dispatch.c: from the system call instruction to a handler, by the table that
 * calls.h describes.
 */
#include "linux.h"

struct linux_entry {
	long (*le_handler)(struct linux_call *);
	char le_kinds[8];
};

/* The calls that exist, in the order of their numbers; places from 1 on. */
#define	NOTHING(number, name)
#define	PLACE(number, name, handler, kinds)	LINUX_PLACE_##name,
enum {
	LINUX_PLACE_NONE,
	LINUX_SYSCALLS(PLACE, NOTHING)
	LINUX_NPLACES
};
#undef PLACE

#define	ENTRY(number, name, handler, kinds)				\
	[LINUX_PLACE_##name] = { linux_sys_##handler, kinds },
static const struct linux_entry linux_entries[LINUX_NPLACES] = {
	LINUX_SYSCALLS(ENTRY, NOTHING)
};
#undef ENTRY

/* From a number to the place of its entry. */
#define	INDEX(number, name, ...)	[number] = LINUX_PLACE_##name,
static const uint8_t linux_places[LINUX_NSYSCALLS] = {
	LINUX_SYSCALLS(INDEX, NOTHING)
};
#undef INDEX
#undef NOTHING
_Static_assert(LINUX_NPLACES <= UINT8_MAX, "places fit their type");

/*
 * Names are needed for messages only: one string after the other, in the order of
 * the numbers, rather than a pointer for each.
 */
#define	NUMBER(number, ...)		number,
#define	NAME(number, name, ...)		#name "\0"
static const uint16_t linux_numbers[] = { LINUX_SYSCALLS(NUMBER, NUMBER) };
static const char linux_names[] = LINUX_SYSCALLS(NAME, NAME);
#undef NUMBER
#undef NAME

const char *
linux_syscall_name(unsigned int number)
{
	const char *name = linux_names;
	size_t i;

	for (i = 0; i < LINUX_NELEM(linux_numbers); i++) {
		if (linux_numbers[i] == number)
			return name;
		name += linux_strlen(name) + 1;
	}
	return "unknown";
}

/* Says once for each number that it is not there. */
static long
linux_missing(uint64_t number)
{
	static uint8_t said[LINUX_NSYSCALLS + 1];
	size_t i;

	i = number < LINUX_NSYSCALLS ? number : LINUX_NSYSCALLS;
	if (!said[i]) {
		said[i] = 1;
		rumpuser_dprintf("rumpkit: system call %s (%llu) is not "
		    "implemented\n", linux_syscall_name((unsigned int)i),
		    (unsigned long long)number);
	}
	return -LINUX_ENOSYS;
}

static long
linux_call(const struct linux_entry *le, struct linux_call *lc)
{
	long len;
	int i;

	for (i = 0; le->le_kinds[i] != '\0'; i++) {
		if (le->le_kinds[i] != 's')
			continue;
		len = linux_user_string(lc->lc_arg[i], LINUX_PATH_MAX);
		if (len < 0)
			return len;
	}
	return le->le_handler(lc);
}

/* po_syscall: runs on the thread's kernel stack. */
void
linux_syscall(struct host_frame *hf)
{
	struct linux_call lc = {
		.lc_arg = { hf->hf_rdi, hf->hf_rsi, hf->hf_rdx, hf->hf_r10,
		    hf->hf_r8, hf->hf_r9 },
		.lc_frame = hf
	};
	const struct linux_entry *le;
	uint64_t number = hf->hf_rax;
	long result;

	linux_end_check();
	le = &linux_entries[number < LINUX_NSYSCALLS ? linux_places[number] :
	    LINUX_PLACE_NONE];
	result = le->le_handler != NULL ? linux_call(le, &lc) :
	    linux_missing(number);
	if (linux_program.lp_trace)
		linux_trace(linux_syscall_name((unsigned int)number),
		    le->le_kinds, &lc, result);
	hf->hf_rax = (uint64_t)result;
}
