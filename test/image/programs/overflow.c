/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * overflow.c: must fail: calls itself until the stack is used up.
 */
#include <stdio.h>
#include <string.h>

static int
deeper(int depth)
{
	volatile char room[4096];

	if (depth < 0)
		return 0;
	memset((void *)room, depth, sizeof(room));
	return deeper(depth + 1) + room[depth & 4095];
}

int
main(void)
{

	puts("before the overflow");
	fflush(stdout);
	printf("after the overflow: %d\n", deeper(0));
	return 0;
}
