/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: the smallest guest: one line of output, status 0.
 */
#include "../guest.h"

void
host_main(const struct host_bootinfo *hb)
{

	rumpuser_dprintf("hello from %s with %llu KiB\n", hb->hb_machine,
	    (unsigned long long)hb->hb_memory / 1024);
}
