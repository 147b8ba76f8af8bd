/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_lwip_tcp.c: lwIP's tcp.c, as it is, with lists that are entered and left in
 * constant time, and SYNs that are repeated later each time.
 */
#include "inet.h"
#include "inet_pcb.h"

/* RFC 9293, section 3.8.1: lwIP repeats SYNs at one pace. */
static void
rexmit_commit(struct tcp_pcb *pcb)
{

	if (pcb->state == SYN_SENT)
		pcb->rto = (s16_t)(pcb->rto * 2);
	tcp_rexmit_rto_commit(pcb);
}

#define	tcp_rexmit_rto_commit(pcb)	rexmit_commit(pcb)
#include <tcp.c>
