/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_lwip_icmp6.c: lwIP's icmp6.c, as it is, with neighbour discovery that goes by
 * inet_nd6.c first.
 */
#include "inet.h"
#include "inet_filter.h"
#include "lwip/nd6.h"

#define	nd6_input(p, netif)	inet_nd6_input((p), (netif))
#include <ipv6/icmp6.c>
