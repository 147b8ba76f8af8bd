/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.c: reads what the loader left, starts the parts in order, and runs
 * host_main() on the first thread.
 *
 * What is not needed by every program is not started here: devices, the clock's
 * frequency, random bytes, the programs' registers all wait for first use.
 */
#include "types.h"
#include "../common/host.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"
#include "program.h"
#include "sched.h"
#include "trap.h"

/* hvm_start_info and its memory map, as Xen's public headers lay them out. */
struct start_info {
	uint32_t si_magic;
	uint32_t si_version;
	uint32_t si_flags;
	uint32_t si_nmodules;
	uint64_t si_modules;
	uint64_t si_cmdline;
	uint64_t si_rsdp;
	uint64_t si_memmap;
	uint32_t si_memmap_count;
	uint32_t si_reserved;
};
#define	START_MAGIC	0x336ec578

struct memmap_entry {
	uint64_t me_start;
	uint64_t me_size;
	uint32_t me_type;
	uint32_t me_reserved;
};
#define	MEMMAP_RAM	1

extern char __rumpkit_program_start[], __rumpkit_program_end[];
extern char __rumpkit_config_start[], __rumpkit_config_end[];
void	boot_main(uint64_t);
void	stack_run(uintptr_t, void (*)(void)) __noreturn;

static struct host_bootinfo bootinfo;
static bool have_acpi;

/* The loader's data lies below 2 MiB or so, which only the boot tables show. */
static void
read_memory_map(const struct start_info *si)
{
	const struct memmap_entry *me;
	uint64_t top = 0;
	uint32_t i;

	me = (const void *)(si->si_memmap + KERNBASE);
	for (i = 0; i < si->si_memmap_count; i++) {
		if (me[i].me_type != MEMMAP_RAM)
			continue;
		pages_add(me[i].me_start, me[i].me_start + me[i].me_size);
		bootinfo.hb_memory += me[i].me_size;
		top = MAX(top, me[i].me_start + me[i].me_size);
	}
	paging_init(top);
	pages_init();
}

static void
read_command_line(const struct start_info *si)
{
	const char *line;
	char *copy;
	size_t len;

	bootinfo.hb_cmdline = "";
	if (si->si_cmdline == 0)
		return;
	line = phys_to_virt(si->si_cmdline);
	len = string_length(line) + 1;
	copy = heap_alloc(len, 0);
	if (copy == NULL)
		memory_exhausted("the command line");
	memcpy(copy, line, len);
	bootinfo.hb_cmdline = copy;
}

const char *
boot_command_line(void)
{

	return bootinfo.hb_cmdline;
}

const char *
boot_config(size_t *len)
{

	*len = bootinfo.hb_configlen;
	return bootinfo.hb_config;
}

/* Did the loader leave ACPI's tables?  Then its words may not name all devices. */
bool
boot_has_acpi(void)
{

	return have_acpi;
}

static void
first_thread(void)
{

	intr_enable();
	host_main(&bootinfo);
	host_exit(0);
}

void
boot_main(uint64_t start_paddr)
{
	const struct start_info *si;

	traps_init();
	fpu_init();
	si = (const void *)(start_paddr + KERNBASE);
	if (si->si_magic != START_MAGIC || si->si_version < 1)
		host_abort("not started by the PVH protocol, version 1");
	read_memory_map(si);
	apic_init();
	clock_init();
	si = phys_to_virt(start_paddr);
	have_acpi = si->si_rsdp != 0;
	read_command_line(si);

	bootinfo.hb_config = __rumpkit_config_start;
	bootinfo.hb_configlen = (size_t)(__rumpkit_config_end -
	    __rumpkit_config_start);
	bootinfo.hb_program = __rumpkit_program_start;
	bootinfo.hb_programlen = (size_t)(__rumpkit_program_end -
	    __rumpkit_program_start);
	bootinfo.hb_machine = machine_name();
	stack_run(sched_init(), first_thread);
}
