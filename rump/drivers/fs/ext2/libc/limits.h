/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * limits.h: what fits into the integer types.
 */
#ifndef _EXT2_LIBC_LIMITS_H_
#define	_EXT2_LIBC_LIMITS_H_

#define	INT_MAX		__INT_MAX__
#define	UINT_MAX	(INT_MAX * 2U + 1)
#define	LONG_MAX	__LONG_MAX__
#define	ULONG_MAX	(LONG_MAX * 2UL + 1)
#define	PATH_MAX	1024

#endif /* _EXT2_LIBC_LIMITS_H_ */
