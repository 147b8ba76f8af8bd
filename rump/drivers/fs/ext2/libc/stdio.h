/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdio.h: what is said goes to the console.
 */
#ifndef _EXT2_LIBC_STDIO_H_
#define	_EXT2_LIBC_STDIO_H_

#include <sys/types.h>

/* Only named, in prototypes of functions that are not compiled. */
typedef struct ext2_stdio FILE;

int	printf(const char *, ...);

#endif /* _EXT2_LIBC_STDIO_H_ */
