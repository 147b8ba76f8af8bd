/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit.c: the end of the machine, and the record that tells the runner why.
 *
 * The record is one line, "rumpkit-exit STATUS" or "rumpkit-fault REASON", on
 * the debug console if there is one, else the last line of the serial console.
 */
#include "types.h"
#include "../common/host.h"
#include "../../rump/include/rump/rumpuser.h"
#include "cpu.h"
#include "host_int.h"
#include "mem.h"
#include "trap.h"

#define	PORT_DEBUGCON		0xe9	/* reads as its own number */
#define	PORT_DEBUG_EXIT		0xf4	/* QEMU: isa-debug-exit */
#define	PORT_ACPI_PM1_CNT	0x604	/* QEMU: q35, and pc as SeaBIOS sets it */
#define	PORT_PIIX4_PM1_CNT	0xb004	/* older pc */
#define	ACPI_SLEEP_S5		0x2000	/* SLP_EN, SLP_TYP 0 */
#define	PORT_CH_SHUTDOWN	0x600	/* Cloud Hypervisor */
#define	CH_SHUTDOWN		0x34	/* SLP_EN, SLP_TYP 5 */
#define	PORT_KEYBOARD		0x64
#define	KEYBOARD_RESET		0xfe

static void
record(const char *line, size_t n)
{

	if (inb(PORT_DEBUGCON) != PORT_DEBUGCON) {
		console_write(line, n);
		return;
	}
	while (n-- > 0)
		outb(PORT_DEBUGCON, (uint8_t)*line++);
}

/* Each way is tried in turn: what a machine does not have ignores the write. */
static void __noreturn
power_off(uint8_t status)
{
	static const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((__packed__)) no_table;

	outb(PORT_DEBUG_EXIT, status);
	outw(PORT_ACPI_PM1_CNT, ACPI_SLEEP_S5);
	outw(PORT_PIIX4_PM1_CNT, ACPI_SLEEP_S5);
	outb(PORT_CH_SHUTDOWN, CH_SHUTDOWN);
	outb(PORT_KEYBOARD, KEYBOARD_RESET);
	/* No interrupt table: an exception resets the machine. */
	__asm volatile("lidt %0; int3" : : "m"(no_table));
	for (;;)
		__asm volatile("cli; hlt");
}

void
host_exit(int status)
{
	char line[32];
	size_t n;

	(void)intr_disable();
	n = format(line, sizeof(line), "rumpkit-exit %d\n", status & 0xff);
	record(line, n);
	power_off((uint8_t)status);
}

void
host_abort(const char *reason)
{
	char line[160];
	size_t n;

	(void)intr_disable();
	n = format(line, sizeof(line), "rumpkit-fault %s\n", reason);
	record(line, MIN(n, sizeof(line) - 1));
	power_off(0x7f);
}

void
rumpuser_exit(int value)
{

	const char *reason = memory_exhausted_text();

	if (value != RUMPUSER_PANIC)
		host_exit(value);
	if (reason != NULL)
		print("rumpkit: %s; start the machine with more\n", reason);
	print("backtrace of the panic:\n");
	backtrace_print(0, 0, (uintptr_t)__builtin_frame_address(0));
	host_abort(reason != NULL ? reason : "kernel panic");
}

/* There are no signals here; a process that kills itself ends the machine. */
int
rumpuser_kill(int64_t pid, int sig)
{

	if (pid != RUMPUSER_PID_SELF)
		return RUMP_ESRCH;
	print("killed by signal %d\n", sig);
	host_exit(128 + (sig & 0x7f));
}
