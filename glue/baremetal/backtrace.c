/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * backtrace.c: from addresses to names, by the table that the builder puts into
 * .rumpkit.symtab after the link:
 *
 *	u32 magic "RSYM", symbols, components, bytes of strings
 *	symbols x { u32 address - KERNBASE, u32 size:24 component:8, u32 name }
 *	components x u32 name
 *	strings, each ends with a NUL; a name is an offset into them
 */
#include "types.h"
#include "../common/host.h"
#include "host_int.h"
#include "layout.h"
#include "mem.h"
#include "sched.h"
#include "trap.h"

#define	SYMTAB_MAGIC	0x4d595352
#define	DEPTH_MAX	32
#define	PREFIX		"rumpns_"

struct symtab {
	uint32_t st_magic, st_nsyms, st_ncomponents, st_strbytes;
	struct symbol {
		uint32_t sy_addr, sy_size, sy_name;
	} st_syms[];
};
extern const char __rumpkit_symtab_start[], __rumpkit_symtab_end[];

/* NULL if the builder put none in. */
static const struct symtab *
symtab(void)
{
	const struct symtab *st = (const void *)__rumpkit_symtab_start;

	if ((uintptr_t)__rumpkit_symtab_end - (uintptr_t)st <= sizeof(*st) ||
	    st->st_magic != SYMTAB_MAGIC)
		return NULL;
	return st;
}

static const struct symbol *
symbol_find(uintptr_t addr)
{
	const struct symtab *st = symtab();
	uint32_t low = 0, high, mid, off = (uint32_t)(addr - KERNBASE);

	if (st == NULL || addr < KERNBASE)
		return NULL;
	for (high = st->st_nsyms; low < high;) {
		mid = (low + high) / 2;
		if (st->st_syms[mid].sy_addr <= off)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || off - st->st_syms[low - 1].sy_addr >
	    (st->st_syms[low - 1].sy_size & 0xffffff))
		return NULL;
	return &st->st_syms[low - 1];
}

static const uint32_t *
component_names(void)
{
	const struct symtab *st = symtab();

	return (const uint32_t *)&st->st_syms[st->st_nsyms];
}

static const char *
strings(void)
{

	return (const char *)(component_names() +
	    symtab()->st_ncomponents);
}

/* The component that holds an address; NULL if nobody knows. */
const char *
symbol_component(uintptr_t addr)
{
	const struct symbol *sy = symbol_find(addr);

	if (sy == NULL || sy->sy_size >> 24 >=
	    symtab()->st_ncomponents)
		return NULL;
	return strings() + component_names()[sy->sy_size >> 24];
}

/* "name+0x12 (component)", as far as it is known. */
void
symbol_print(uintptr_t addr)
{
	const struct symbol *sy = symbol_find(addr);
	const char *name, *component = symbol_component(addr);

	if (sy == NULL) {
		print("0x%016lx%s", addr,
		    addr < HOST_VM_HIGH ? " (program)" : "");
		return;
	}
	name = strings() + sy->sy_name;
	if (string_starts(name, PREFIX))
		name += sizeof(PREFIX) - 1;
	print("0x%016lx %s+0x%lx", addr, name,
	    addr - KERNBASE - sy->sy_addr);
	if (component != NULL)
		print(" (%s)", component);
}

/* Frames of this kernel only: programs may be built without frame pointers. */
static bool
is_stack(uintptr_t p)
{

	return p % 8 == 0 && p >= KERNBASE && p < STACK_END - 16 &&
	    paging_translate(p) != 0 && paging_translate(p + 15) != 0;
}

static void
print_step(unsigned n, uintptr_t rip, unsigned times)
{

	print("  #%-2u ", n);
	symbol_print(rip);
	if (times > 1)
		print(", %u times", times);
	print("\n");
}

/*
 * rip: the innermost address, or 0 to start with rbp's caller.  return_at: where
 * on the stack a return address lies that has no frame, or 0.  rbp: the first
 * frame.  Recursion is one line.
 */
void
backtrace_print(uintptr_t rip, uintptr_t return_at, uintptr_t rbp)
{
	const uintptr_t *frame;
	uintptr_t next = 0, prev = 0;
	unsigned n = 0, times = 1;

	if (rip != 0 || return_at != 0)
		print_step(n++, rip, 1);
	if (return_at != 0 && is_stack(return_at))
		print_step(n++, *(const uintptr_t *)return_at, 1);
	for (; n < DEPTH_MAX && is_stack(rbp); rbp = frame[0]) {
		frame = (const uintptr_t *)rbp;
		next = frame[1];
		if (prev != 0 && next == prev) {
			times++;
		} else if (prev != 0) {
			print_step(n++, prev, times);
			times = 1;
		}
		prev = next;
		if (next == 0 || frame[0] <= rbp)
			break;
	}
	if (prev != 0)
		print_step(n, prev, times);
}
