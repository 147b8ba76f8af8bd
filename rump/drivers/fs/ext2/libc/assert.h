/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * assert.h: invariants of the library are invariants of the kernel.
 */
#ifndef _EXT2_LIBC_ASSERT_H_
#define	_EXT2_LIBC_ASSERT_H_

#include <sys/systm.h>

#define	assert(e)	KASSERT(e)

#endif /* _EXT2_LIBC_ASSERT_H_ */
