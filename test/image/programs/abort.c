/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * abort.c: must fail: ends itself with SIGABRT.
 */
#include <stdio.h>
#include <stdlib.h>

int
main(void)
{

	puts("before the abort");
	fflush(stdout);
	abort();
}
