/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fcntl.h: nothing: the kernel makes no system calls.
 */
#ifndef _EXT2_LIBC_FCNTL_H_
#define	_EXT2_LIBC_FCNTL_H_


#endif /* _EXT2_LIBC_FCNTL_H_ */
