/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ring.h: the bytes of a pipe, named or not.
 *
 * As on Linux: 64 KiB, and writes of up to 4096 bytes are not mixed with others.
 */
#ifndef _SYS_RING_H_
#define	_SYS_RING_H_

#include <sys/types.h>

struct uio;

#define	RING_SIZE	65536		/* bytes */
#define	RING_ATOMIC	4096		/* PIPE_BUF */

/* All fields belong to the virtual CPU. */
struct ring {
	size_t r_first;			/* place of the first byte */
	size_t r_used;			/* bytes */
	char *r_data;			/* RING_SIZE; NULL: never written to */
};

void	ring_free(struct ring *);
/* Takes out up to what the transfer asks for. */
int	ring_read(struct ring *, struct uio *);
/*
 * Puts in what there is room for, of a write that began with least bytes to go
 * whole or not at all.  EAGAIN: nothing; ENOMEM.
 */
int	ring_write(struct ring *, size_t least, struct uio *);
/* The least of a write of n bytes. */
#define	RING_LEAST(n)	((n) <= RING_ATOMIC ? (size_t)(n) : 1)

#endif /* _SYS_RING_H_ */
