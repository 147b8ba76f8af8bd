/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stddef.h: sizes and NULL.
 */
#ifndef _EXT2_LIBC_STDDEF_H_
#define	_EXT2_LIBC_STDDEF_H_

#include <sys/types.h>

#endif /* _EXT2_LIBC_STDDEF_H_ */
