/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * unistd.h: nothing: the kernel makes no system calls.
 */
#ifndef _EXT2_LIBC_UNISTD_H_
#define	_EXT2_LIBC_UNISTD_H_


#endif /* _EXT2_LIBC_UNISTD_H_ */
