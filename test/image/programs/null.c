/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * null.c: must fail: follows a null pointer.
 */
#include <stdio.h>

int
main(int argc, char *argv[])
{
	volatile int *p = argc > 5 ? (volatile int *)argv : NULL;

	puts("before the null pointer");
	fflush(stdout);
	*p = 1;
	puts("after the null pointer");
	return 0;
}
