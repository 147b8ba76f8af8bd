/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * types.h: basic types as the 4.4BSD drivers know them.
 *
 * daddr_t and ino_t are 32 bits wide: drivers of that lineage keep block pointers
 * of the disk in daddr_t variables and hand directory entries of the disk to
 * readers.  What crosses the upper edge is converted there (rumpdefs.h).
 */
#ifndef _SYS_TYPES_H_
#define	_SYS_TYPES_H_

#include <sys/cdefs.h>
#include <stdint.h>

typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef unsigned short ushort;
typedef unsigned int uint;

typedef uint8_t u_int8_t;
typedef uint16_t u_int16_t;
typedef uint32_t u_int32_t;
typedef uint64_t u_int64_t;
typedef int64_t quad_t;
typedef uint64_t u_quad_t;
typedef quad_t *qaddr_t;

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ssize_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;

typedef char *caddr_t;
typedef int32_t daddr_t;	/* disk blocks of DEV_BSIZE, or a file's */
typedef int32_t dev_t;
typedef uint32_t fixpt_t;
typedef uint32_t gid_t;
typedef uint32_t uid_t;
typedef uint32_t ino_t;
typedef uint32_t mode_t;
typedef uint32_t nlink_t;
typedef int64_t off_t;
typedef int32_t pid_t;
typedef int64_t time_t;
typedef int32_t clock_t;
typedef int32_t swblk_t;
typedef int32_t segsz_t;
typedef long register_t;
typedef unsigned long vaddr_t;
typedef unsigned long paddr_t;
typedef unsigned long vsize_t;
typedef unsigned long psize_t;
typedef int64_t rlim_t;
typedef uint8_t sa_family_t;
typedef uint32_t socklen_t;
typedef uint32_t useconds_t;
typedef int bool_t;

#ifndef NULL
#define	NULL	((void *)0)
#endif
#define	offsetof(type, member)	__builtin_offsetof(type, member)

/* Device numbers have NetBSD's layout: minor in bits 0-7 and 20-31. */
#define	major(d)	((int)(((uint32_t)(d) & 0x000fff00U) >> 8))
#define	minor(d)	((int)((((uint32_t)(d) & 0xfff00000U) >> 12) |	\
			    ((uint32_t)(d) & 0x000000ffU)))
#define	makedev(x, y)	((dev_t)((((uint32_t)(x) << 8) & 0x000fff00U) |	\
			    (((uint32_t)(y) << 12) & 0xfff00000U) |	\
			    ((uint32_t)(y) & 0x000000ffU)))

#define	LITTLE_ENDIAN	1234
#define	BIG_ENDIAN	4321
#define	PDP_ENDIAN	3412
#define	BYTE_ORDER	LITTLE_ENDIAN
#define	_QUAD_LOWWORD	0
#define	_QUAD_HIGHWORD	1
#define	_BYTE_ORDER	BYTE_ORDER
#define	_LITTLE_ENDIAN	LITTLE_ENDIAN
#define	_BIG_ENDIAN	BIG_ENDIAN

#endif /* _SYS_TYPES_H_ */
