/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exit3.c: ends with status 3, or with the number that it is given.
 */
#include <stdlib.h>

int
main(int argc, char *argv[])
{

	return argc > 1 ? atoi(argv[1]) : 3;
}
