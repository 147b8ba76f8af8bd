/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * direct.h: reading past the buffer cache, for drivers' read operations.
 */
#ifndef _RUMP_SYS_DIRECT_H_
#define	_RUMP_SYS_DIRECT_H_

#include <sys/types.h>

struct uio;
struct vnode;
struct vop_read_args;

/*
 * Is a read of a file of filesize bytes better made past the cache?  So if the
 * file does not fit the cache, the read is large, and the host can put data
 * straight into the reader's memory.
 */
int	vn_wants_direct(const struct uio *, off_t filesize);

/*
 * Such a read.  What is cached, and what is no run of whole blocks (of bsize
 * bytes), the driver's own operation reads.  Caller must hold vp's lock.
 */
int	vn_read_direct(struct vop_read_args *, off_t filesize, int bsize,
	    int (*driver_read)(void *));

#endif /* _RUMP_SYS_DIRECT_H_ */
