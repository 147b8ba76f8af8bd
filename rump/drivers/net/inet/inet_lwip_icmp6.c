/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_lwip_icmp6.c: lwIP's icmp6.c, as it is, with neighbour discovery that goes by
 * inet_nd6.c first.
 */
#include "inet.h"
#include "inet_filter.h"
#include "lwip/nd6.h"

/* ip_2_ip6() of no address is no address, which the sanitizer does not see. */
static void icmp6_send_response(struct pbuf *, u8_t, u32_t, u8_t)
    __attribute__((__no_sanitize__("null")));

#define	nd6_input(p, netif)	inet_nd6_input((p), (netif))
#include <ipv6/icmp6.c>
