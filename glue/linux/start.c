/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.c: from a machine that is up to a program that runs.
 */
#include "linux.h"
#include "bootconfig.h"
#include "file.h"
#include "mapfile.h"
#include "mount.h"
#include "network.h"
#include "program.h"

struct linux_program linux_program;

/*
 * A fault of the program.  Signals will be made of it here; until then the host
 * describes it and ends the machine.
 */
static int
linux_fault(struct host_frame *hf, uintptr_t addr)
{

	(void)hf, (void)addr;
	return 0;
}

static const struct host_program_ops linux_program_ops = {
	.po_syscall = linux_syscall,
	.po_fault = linux_fault
};

/* Ends the machine on a problem that has been described. */
static void
linux_check(const char *problem)
{

	if (problem != NULL)
		host_abort(problem);
}

/* Describes it first. */
static void
linux_check_program(const char *problem)
{

	if (problem != NULL)
		rumpuser_dprintf("rumpkit: %s\n", problem);
	linux_check(problem);
}

/* The program has no file of its own: /proc/self/exe is "/" and its name. */
static const char *
linux_program_path(const char *arg0)
{
	static char path[256] = "/";

	if (arg0[0] == '/')
		return arg0;
	(void)linux_strlcpy(path + 1, arg0, sizeof(path) - 1);
	return path;
}

static void
linux_program_describe(const struct linux_bootconfig *bc,
    const struct host_bootinfo *hb)
{

	linux_program.lp_path = linux_program_path(bc->bc_args[0]);
	linux_program.lp_hostname = bc->bc_hostname;
	linux_program.lp_memory = hb->hb_memory;
	linux_program.lp_trace = bc->bc_trace;
	linux_program.lp_plainconsole = !bc->bc_tty;
}

static void
linux_kernel_start(struct linux_bootconfig *bc)
{
	int error;

	error = rump_init();
	if (error != 0) {
		rumpuser_dprintf("rumpkit: rump_init: error %d\n", error);
		host_abort("the kernel did not start");
	}
	linux_check(linux_mount_all(bc));
	linux_check(linux_network_start(bc));
	if (rump_sys_chdir(bc->bc_cwd) == -1) {
		rumpuser_dprintf("rumpkit: cwd=%s: error %d\n", bc->bc_cwd,
		    rumpglue_errno());
		host_abort("the working folder does not exist");
	}
}

void
host_main(const struct host_bootinfo *hb)
{
	static char *noargs[] = { "program", NULL };
	static struct linux_bootconfig bc;
	struct linux_elf le;
	uintptr_t sp;

	linux_check(linux_bootconfig_read(&bc, hb));
	if (bc.bc_nargs == 0) {
		bc.bc_args = noargs;
		bc.bc_nargs = 1;
	}
	linux_program_describe(&bc, hb);
	linux_kernel_start(&bc);

	linux_check_program(linux_elf_load(hb->hb_program,
	    hb->hb_programlen, &le));
	linux_check_program(linux_stack_build(&le, bc.bc_args, bc.bc_nargs,
	    bc.bc_env, bc.bc_nenv, &sp));
	linux_fds_init();
	linux_gate_init();
	linux_epoll_init();
	linux_mapfile_init();
	linux_tty_init();
	linux_console_init();
	linux_thread_init();
	linux_futex_init();
	linux_brk_init(le.le_end);
	host_program_attach(&linux_program_ops);
	if (bc.bc_verbose)
		rumpuser_dprintf("rumpkit: starting %s\n", bc.bc_args[0]);
	host_program_enter(le.le_entry, sp);
}
