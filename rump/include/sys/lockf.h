/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lockf.h: byte-range locks of a file.
 */
#ifndef _SYS_LOCKF_H_
#define	_SYS_LOCKF_H_

#include <sys/fcntl.h>
struct lockf;

/* In flags: the file goes, and all locks with it. */
#define	F_PURGE		0x0080

int	lf_advlock(struct lockf **, off_t size, caddr_t id, int op,
	    struct flock *, int flags);

#endif /* _SYS_LOCKF_H_ */
