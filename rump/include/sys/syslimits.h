/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syslimits.h: limits that drivers and the upper edge share (NetBSD's values).
 */
#ifndef _SYS_SYSLIMITS_H_
#define	_SYS_SYSLIMITS_H_

#define	NAME_MAX	255
#define	PATH_MAX	1024	/* with the NUL */
#define	PIPE_BUF	512
#define	LINK_MAX	32767
#define	OPEN_MAX	1024
#define	NGROUPS_MAX	16
#define	IOV_MAX		1024
#define	CHAR_BIT	8
#define	INT_MAX		__INT_MAX__
#define	UINT_MAX	(2U * __INT_MAX__ + 1U)
#define	LONG_MAX	__LONG_MAX__
#define	ULONG_MAX	(2UL * __LONG_MAX__ + 1UL)
#define	SSIZE_MAX	__LONG_MAX__
#define	SHRT_MAX	__SHRT_MAX__
#define	USHRT_MAX	(2 * __SHRT_MAX__ + 1)
#define	QUAD_MAX	INT64_MAX

#endif /* _SYS_SYSLIMITS_H_ */
