/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ext2_types.h: the integer types of libext2fs's structures.
 */
#ifndef _EXT2_LIBC_EXT2FS_EXT2_TYPES_H_
#define	_EXT2_LIBC_EXT2FS_EXT2_TYPES_H_

#include <stdint.h>

typedef uint8_t __u8;
typedef int8_t __s8;
typedef uint16_t __u16;
typedef int16_t __s16;
typedef uint32_t __u32;
typedef int32_t __s32;
typedef unsigned long long __u64;
typedef signed long long __s64;

/* Marks of a byte order, for a checker; the compiler needs none. */
#define	__bitwise
#define	__force
typedef __u16 __le16;
typedef __u32 __le32;
typedef __u64 __le64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;

#endif /* _EXT2_LIBC_EXT2FS_EXT2_TYPES_H_ */
