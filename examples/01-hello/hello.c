/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hello.c: the smallest program: it says who it is, and where it runs.
 */
#include <sys/utsname.h>

#include <stdio.h>

int
main(int argc, char *argv[])
{
	struct utsname un;
	int i;

	if (uname(&un) == -1) {
		perror("uname");
		return 1;
	}
	printf("Hello from ring 0 of %s\n", un.nodename);
	for (i = 1; i < argc; i++)
		printf("argument %d: %s\n", i, argv[i]);
	return 0;
}
