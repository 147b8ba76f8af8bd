/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_hooks.h: what lwIP asks of us while it runs.
 */
#ifndef _INET_HOOKS_H_
#define	_INET_HOOKS_H_

#include "lwip/ip_addr.h"

struct netif;
struct pbuf;

/* First sequence number of a connection (RFC 6528). */
u32_t	inet_isn(const ip_addr_t *local, u16_t lport, const ip_addr_t *remote,
	    u16_t rport);

/* A packet came to an interface; 0: it goes on. */
int	inet_loop_count(const struct pbuf *, const struct netif *);

/* inet_lwip_in.c: whether a segment goes on to its connection. */
#define	LWIP_HOOK_TCP_INPACKET_PCB(pcb, hdr, optlen, opt1len, opt2, p)	\
	inet_tcp_check(pcb)

#endif /* _INET_HOOKS_H_ */
