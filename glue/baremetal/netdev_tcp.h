/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev_tcp.h: frames of TCP that leave their sums, and their pieces, to the
 * device.
 */
#ifndef _BAREMETAL_NETDEV_TCP_H_
#define	_BAREMETAL_NETDEV_TCP_H_

#include "types.h"

struct netdev_header;

/* Where the parts of a frame are; of one that is not TCP, nt_payload is 0. */
struct netdev_tcp {
	uint16_t nt_ip;
	uint16_t nt_tcp;
	uint16_t nt_payload;
	uint16_t nt_len;		/* of the payload */
	uint32_t nt_seq;
};

/* netdev_tcp.c */
void	netdev_tcp_parse(const char *frame, size_t len, struct netdev_tcp *);
bool	netdev_tcp_follows(const char *first, const struct netdev_tcp *,
	    uint32_t seq, const char *frame, const struct netdev_tcp *);
bool	netdev_tcp_pushes(const char *frame, const struct netdev_tcp *);
void	netdev_tcp_finish(char *frame, const struct netdev_tcp *,
	    struct netdev_header *, size_t payload, bool push);

#endif /* _BAREMETAL_NETDEV_TCP_H_ */
