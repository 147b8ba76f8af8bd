/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: repeats a line of input in capitals, after other threads have shown
 * that they run while it waits.
 */
#include "../guest.h"

static volatile int nticks;

static void *
tick(void *arg)
{

	for (;;) {
		rumpuser_clock_sleep(RUMPUSER_CLOCK_RELWALL, 0, 1000000);
		nticks++;
	}
	return arg;
}

void
host_main(const struct host_bootinfo *hb)
{
	char line[200];
	size_t n = 0, i, got;

	(void)hb;
	CHECK(rumpuser_thread_create(tick, NULL, "tick", 0, -1, -1, NULL) == 0);
	host_console_write("say something\n", 14);
	do {
		got = host_console_read(line + n, sizeof(line) - n);
		CHECK(got > 0);
		n += got;
	} while (line[n - 1] != '\n' && n < sizeof(line));
	for (i = 0; i < n; i++)
		if (line[i] >= 'a' && line[i] <= 'z')
			line[i] = (char)(line[i] - 'a' + 'A');
	host_console_write(line, n);
	host_exit(nticks > 0 ? 0 : GUEST_FAILED);
}
