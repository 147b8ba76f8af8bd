/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_filter.h: what comes before lwIP believes something.
 */
#ifndef _INET_FILTER_H_
#define	_INET_FILTER_H_

struct netif;
struct pbuf;

/* Whether a frame may be one that came by this interface. */
int	inet_frame_isfine(const struct netif *, const void *frame, size_t len);
/* Neighbour discovery, and packets too big, in front of lwIP's. */
void	inet_nd6_input(struct pbuf *, struct netif *);

#endif /* _INET_FILTER_H_ */
