/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_pcb.h: finding connections among many, for the files that bring lwIP's TCP
 * in (inet_lwip_*.c).
 *
 * lwIP walks its lists of connections for each segment.  Its sources stay as they
 * are; but the macros by which they enter and leave the lists are ours, and keep a
 * hash table beside, and links back.  What looks a segment up finds its connection
 * first in the list, or the list empty.
 */
#ifndef _INET_PCB_H_
#define	_INET_PCB_H_

#include "lwip/priv/tcp_priv.h"

/* The list for a segment from src to dst (ports in host order). */
struct tcp_pcb **inet_pcb_active(u16_t src, u16_t dst);
/*
 * issyn: a SYN that opens, with this number.  One that is beyond all of the old
 * connection opens a new one at once (RFC 9293, section 3.6.1).
 */
struct tcp_pcb **inet_pcb_timewait(u16_t src, u16_t dst, int issyn, u32_t seqno);
/* The connection, or NULL. */
struct tcp_pcb *inet_pcb_find(const ip_addr_t *local, u16_t lport,
	    const ip_addr_t *remote, u16_t rport);
void	inet_pcb_enter(struct tcp_pcb **, struct tcp_pcb *);
void	inet_pcb_leave(struct tcp_pcb **, struct tcp_pcb *);
/* A local port for a connection to there; 0: all are taken. */
u16_t	inet_pcb_port(const ip_addr_t *local, const ip_addr_t *remote,
	    u16_t port);

/* What extra arguments of pcbs are. */
#define	INET_EXT_PREV		0
#define	INET_EXT_CHAIN		1
#define	INET_EXT_SELF		2
#define	INET_EXT_CHALLENGES	3	/* inet_lwip_in.c */

#undef TCP_REG
#undef TCP_RMV
#define	TCP_REG(pcbs, npcb)	inet_pcb_enter((pcbs), (npcb))
#define	TCP_RMV(pcbs, npcb)	inet_pcb_leave((pcbs), (npcb))

#endif /* _INET_PCB_H_ */
