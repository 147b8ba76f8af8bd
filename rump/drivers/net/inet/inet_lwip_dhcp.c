/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_lwip_dhcp.c: lwIP's dhcp.c, as it is, which asks for name servers, too, and
 * tells us of them: lwIP's own resolver is not built.
 */
#include "inet.h"
#include <rump/rump.h>
#include <rump/rumpnetcfg.h>

static void inet_dhcp_server(u8_t, const ip_addr_t *);

#undef LWIP_DNS
#define	LWIP_DNS		1
#define	LWIP_HDR_DNS_H		/* its declarations are the resolver's */
#define	dns_setserver(n, addr)	inet_dhcp_server((n), (addr))
#include <ipv4/dhcp.c>

/* Of the answer that came last. */
static ip_addr_t servers[DNS_MAX_SERVERS];
static u8_t nservers;

static void
inet_dhcp_server(u8_t n, const ip_addr_t *addr)
{

	if (n >= DNS_MAX_SERVERS)
		return;
	servers[n] = *addr;
	nservers = (u8_t)(n + 1);
}

int
rump_pub_netconfig_dhcp_nameserver(unsigned int n, char *text, size_t size)
{
	int error = 0;

	rump_schedule();
	if (n >= nservers)
		error = ENOENT;
	else if (ipaddr_ntoa_r(&servers[n], text, (int)MIN(size, 64)) == NULL)
		error = ERANGE;
	rump_unschedule();
	return (error);
}
