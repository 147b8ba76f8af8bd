/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c: repeats a line of input in capitals.
 */
#include "../guest.h"

void
host_main(const struct host_bootinfo *hb)
{
	char line[200];
	size_t n = 0, i, got;

	(void)hb;
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
}
