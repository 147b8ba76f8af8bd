/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * time.h: seconds since 1970.
 */
#ifndef _EXT2_LIBC_TIME_H_
#define	_EXT2_LIBC_TIME_H_

#include <sys/time.h>

/* The kernel has a variable of this name, so that it is a macro here. */
#define	time(tp)	ext2_time(tp)
time_t	ext2_time(time_t *);

#endif /* _EXT2_LIBC_TIME_H_ */
