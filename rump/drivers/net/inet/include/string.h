/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.h: what the library wants of <string.h>: the kernel's own.
 */
#ifndef _INET_STRING_H_
#define	_INET_STRING_H_

#include <sys/types.h>
#include <sys/systm.h>

#endif /* _INET_STRING_H_ */
