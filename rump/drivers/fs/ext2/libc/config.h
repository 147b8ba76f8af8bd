/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config.h: what libext2fs is told about the system it is compiled for: the kernel.
 */
#ifndef _EXT2_LIBC_CONFIG_H_
#define	_EXT2_LIBC_CONFIG_H_

#define	HAVE_ERRNO_H		1
#define	HAVE_SYS_STAT_H		1
#define	HAVE_SYS_TYPES_H	1
#define	HAVE_UNISTD_H		1
#define	HAVE_EXT2_IOCTLS	0

/* Little-endian, no threads, no multi-mount protection, no debug counters. */

#endif /* _EXT2_LIBC_CONFIG_H_ */
