/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lockf.h: byte-range locks of a file.
 */
#ifndef _SYS_LOCKF_H_
#define	_SYS_LOCKF_H_

#include <sys/fcntl.h>
struct lockf;
int	lf_advlock(struct lockf **, off_t size, caddr_t id, int op,
	    struct flock *, int flags);

#endif /* _SYS_LOCKF_H_ */
