/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * errno.h: error numbers: the kernel's, which are NetBSD's.
 */
#ifndef _EXT2_LIBC_ERRNO_H_
#define	_EXT2_LIBC_ERRNO_H_

#include <sys/errno.h>

#endif /* _EXT2_LIBC_ERRNO_H_ */
