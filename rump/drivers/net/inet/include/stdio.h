/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdio.h: what the library wants of <stdio.h>: the kernel's own.
 */
#ifndef _INET_STDIO_H_
#define	_INET_STDIO_H_

#include <sys/types.h>
#include <sys/systm.h>

#endif /* _INET_STDIO_H_ */
