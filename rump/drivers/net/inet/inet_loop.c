/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_loop.c: lo0, lwIP's own interface, as one of the kernel's.
 */
#include <sys/types.h>
#include <net/if.h>
#include "inet.h"
#include "inet_hooks.h"
#include "inet_if.h"

static struct ifnet loop_if = { .if_xname = "lo0", .if_isloop = 1,
    .if_isup = 1 };
static netif_output_fn loop_output4;
static netif_output_ip6_fn loop_output6;

/* What is for a group has come back already where the sender is to hear it. */
static err_t
loop_out4(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{

	return (p->flags & PBUF_FLAG_MCASTLOOP ? ERR_OK :
	    loop_output4(netif, p, to));
}

static err_t
loop_out6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to)
{

	return (p->flags & PBUF_FLAG_MCASTLOOP ? ERR_OK :
	    loop_output6(netif, p, to));
}

/* What goes out comes in: each packet is looked at once, where it does. */
int
inet_loop_count(const struct pbuf *p, const struct netif *netif)
{

	if (netif != loop_if.if_stack)
		return (0);
	loop_if.if_opackets++;
	loop_if.if_ipackets++;
	loop_if.if_obytes += p->tot_len;
	loop_if.if_ibytes += p->tot_len;
	return (0);
}

void
inet_loop_attach(struct netif *netif)
{

	/* Nobody but us sees its packets: they need no checksums. */
	NETIF_SET_CHECKSUM_CTRL(netif, NETIF_CHECKSUM_DISABLE_ALL);
	loop_if.if_mtu = TCP_MSS + 60;
	loop_if.if_stack = netif;
	loop_if.if_index = netif_get_index(netif);
	loop_output4 = netif->output;
	loop_output6 = netif->output_ip6;
	netif->output = loop_out4;
	netif->output_ip6 = loop_out6;
	netif->flags |= NETIF_FLAG_MLD6;
	inet_setifmtu(&loop_if);
	if_enter(&loop_if);
}
