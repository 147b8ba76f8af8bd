/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exhausted.c: running out of memory, said in words with numbers.
 *
 * An allocation that fails is an error the caller may survive; but if the
 * machine goes down after one, that was the reason, and the record says so.
 */
#include "types.h"
#include "../common/host.h"
#include "host_int.h"
#include "mem.h"

static char text[96];

static void
describe(void)
{

	format(text, sizeof(text),
	    "out of memory: %lu KiB for the kernel and the program, %lu KiB "
	    "left", pages_total() / 1024, pages_available() / 1024);
}

/* An allocation failed. */
void
memory_note_exhausted(void)
{

	if (text[0] != '\0')
		return;
	describe();
	print("rumpkit: %s; start the machine with more\n", text);
}

/* NULL if no allocation ever failed. */
const char *
memory_exhausted_text(void)
{

	return text[0] == '\0' ? NULL : text;
}

/* Nothing can go on without this memory. */
void
memory_exhausted(const char *what)
{

	memory_note_exhausted();
	print("rumpkit: it was wanted for: %s\n", what);
	host_abort(text);
}
