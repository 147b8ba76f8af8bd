/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdlib.h: what the library wants of <stdlib.h>.
 */
#ifndef _INET_STDLIB_H_
#define	_INET_STDLIB_H_

#include <sys/types.h>
#include <sys/systm.h>

/* The number of an interface: digits up to what is none. */
static __inline int
atoi(const char *p)
{
	int n = 0;

	for (; *p >= '0' && *p <= '9' && n < 1000; p++)
		n = n * 10 + *p - '0';
	return (n);
}

#endif /* _INET_STDLIB_H_ */
