/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_lwip_icmp6.c: lwIP's icmp6.c, as it is, with neighbour discovery that goes by
 * inet_nd6.c first.
 */
#include "inet.h"
#include "inet_filter.h"
#include "lwip/nd6.h"

/* Of no address it is none, which the sanitizer does not see in lwIP's own. */
#undef ip_2_ip6
#define	ip_2_ip6(ipaddr)	((ip6_addr_t *)(uintptr_t)(ipaddr))

#define	nd6_input(p, netif)	inet_nd6_input((p), (netif))
#include <ipv6/icmp6.c>
