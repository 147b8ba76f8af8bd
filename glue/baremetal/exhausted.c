/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exhausted.c: running out of memory, said in words with numbers.
 *
 * An allocation that fails is an error the caller may survive: the kernel frees
 * what it caches and asks again.  Only if a thread brings the machine down and
 * the last thing that it asked for was refused, that was the reason.
 */
#include "types.h"
#include "../common/host.h"
#include "host_int.h"
#include "mem.h"
#include "sched.h"

const struct thread *memory_refused;	/* who was; NULL after a success */
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
memory_note_refusal(void)
{

	memory_refused = curthread;
	describe();
}

/* Why this thread is about to give up, if it is for lack of memory; or NULL. */
const char *
memory_exhausted_text(void)
{

	return memory_refused != NULL && memory_refused == curthread ? text :
	    NULL;
}

/* Nothing can go on without this memory. */
void
memory_exhausted(const char *what)
{

	describe();
	print("rumpkit: %s; start the machine with more\n", text);
	print("rumpkit: it was wanted for: %s\n", what);
	host_abort(text);
}
