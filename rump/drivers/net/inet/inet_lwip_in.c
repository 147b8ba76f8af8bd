/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_lwip_in.c: lwIP's tcp_in.c, as it is, with lists that begin with the
 * connection of the segment at hand, or are empty.
 */
#include "inet.h"
#include "inet_pcb.h"

#define	tcp_active_pcbs	(*inet_pcb_active(tcphdr->src, tcphdr->dest))
#define	tcp_tw_pcbs	(*inet_pcb_timewait(tcphdr->src, tcphdr->dest))

#include <tcp_in.c>
