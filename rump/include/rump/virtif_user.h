/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtif_user.h: the hypercalls of the interfaces virt0, virt1, ... (revision
 * 20140313 of NetBSD's virtual-interface hypercalls, base name "virt").
 *
 * Includes nothing; the includer has uint8_t and size_t.
 */
#ifndef _RUMP_VIRTIF_USER_H_
#define	_RUMP_VIRTIF_USER_H_

struct virtif_sc;			/* the kernel's */
struct virtif_user;			/* the host's */
struct iovec;

/*
 * Connects an interface to what devstr names.  enaddr: its Ethernet address, 6
 * bytes, which the host MAY change.  0 or a NetBSD errno.  From its success on
 * the host MAY deliver frames.
 */
int	rumpcomp_virt_create(const char *devstr, struct virtif_sc *,
	    uint8_t *enaddr, struct virtif_user **);
/* Delivers nothing from now on, but for what it is delivering. */
void	rumpcomp_virt_dying(struct virtif_user *);
/* Ends it; may block.  Nothing is delivered after it returns. */
void	rumpcomp_virt_destroy(struct virtif_user *);
/* Sends a frame; MUST not block for long, and drops what it cannot send. */
void	rumpcomp_virt_send(struct virtif_user *, struct iovec *, size_t n);

/* 1: of segments of TCP that are sent the host makes the sums; 0: it does not. */
int	rumpcomp_virt_sums(struct virtif_user *);

/* The kernel takes a frame: called by a thread of the host, outside the kernel. */
void	rump_virtif_virt_deliverpkt(struct virtif_sc *, struct iovec *, size_t n);

/* The same of a frame whose sums above IP need no check. */
void	rump_virtif_virt_deliversummed(struct virtif_sc *, struct iovec *,
	    size_t n);

#endif /* _RUMP_VIRTIF_USER_H_ */
