/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * string.h: what the library wants of <string.h>: the kernel's own.
 */
#ifndef _MSDOS_STRING_H_
#define	_MSDOS_STRING_H_

#include <sys/types.h>
#include <sys/systm.h>

#endif /* _MSDOS_STRING_H_ */
