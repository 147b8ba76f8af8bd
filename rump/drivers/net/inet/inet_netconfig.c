/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_netconfig.c: addresses and routes (rump/rumpnetcfg.h).
 *
 * The default route is an interface with a gateway: the interface whose network
 * the gateway is in.
 */
#include <sys/types.h>
#include <sys/kernel.h>
#include <net/if.h>
#include <rump-sys/kmem.h>
#include <rump/rump.h>
#include <rump/rumpnetcfg.h>
#include "inet.h"
#include "lwip/dhcp.h"
#include "lwip/nd6.h"

#define	DHCP_WAIT	30		/* seconds */

static int
netif_of(const char *name, struct netif **netifp)
{
	struct ifnet *ifp;

	if (name == NULL)
		return (EFAULT);
	if ((ifp = if_find(name)) == NULL)
		return (ENXIO);
	*netifp = ifp->if_stack;
	return (0);
}

static int
ipv4_ifaddr(const char *name, const char *text, const char *mask, int prefix)
{
	ip4_addr_t addr, netmask;
	struct netif *netif;
	int error;

	if ((error = netif_of(name, &netif)) != 0)
		return (error);
	if (text == NULL || (prefix < 0 && mask == NULL))
		return (EFAULT);
	if (!ip4addr_aton(text, &addr) || prefix > 32)
		return (EINVAL);
	if (prefix < 0 && (!ip4addr_aton(mask, &netmask) ||
	    !ip4_addr_netmask_valid(ip4_addr_get_u32(&netmask))))
		return (EINVAL);
	if (prefix >= 0)
		ip4_addr_set_u32(&netmask, lwip_htonl(prefix == 0 ? 0 :
		    0xffffffffU << (32 - prefix)));
	netif_set_addr(netif, &addr, &netmask, netif_ip4_gw(netif));
	inet_kick();
	return (0);
}

static int
ipv4_gw(const char *text)
{
	struct netif *netif;
	ip4_addr_t gw;

	if (text == NULL)
		return (EFAULT);
	if (!ip4addr_aton(text, &gw))
		return (EINVAL);
	NETIF_FOREACH(netif) {
		if (!ip4_addr_isany(netif_ip4_addr(netif)) &&
		    ip4_addr_net_eq(&gw, netif_ip4_addr(netif),
		    netif_ip4_netmask(netif))) {
			netif_set_gw(netif, &gw);
			netif_set_default(netif);
			return (0);
		}
	}
	return (ENETUNREACH);
}

static int
ipv6_ifaddr(const char *name, const char *text, int prefix)
{
	struct netif *netif;
	ip6_addr_t addr;
	s8_t index;
	int error;

	if ((error = netif_of(name, &netif)) != 0)
		return (error);
	if (text == NULL)
		return (EFAULT);
	/* lwIP knows networks of 64 bits. */
	if (!ip6addr_aton(text, &addr) || prefix != 64)
		return (EINVAL);
	if (netif_add_ip6_address(netif, &addr, &index) != ERR_OK)
		return (ENOBUFS);
	inet_kick();
	return (0);
}

static int
auto_ipv6(const char *name)
{
	struct netif *netif;
	int error;

	if ((error = netif_of(name, &netif)) != 0)
		return (error);
	netif_set_ip6_autoconfig_enabled(netif, 1);
	return (0);
}

/* An address came, or went. */
static void
dhcp_wakeup(struct netif *netif)
{

	wakeup(&netif->ip_addr);
}

static int
dhcp_oneshot(const char *name)
{
	struct netif *netif;
	int error, seconds;

	if ((error = netif_of(name, &netif)) != 0)
		return (error);
	if ((netif->flags & NETIF_FLAG_ETHARP) == 0)
		return (EINVAL);	/* nobody else is there */
	if (!netif_is_up(netif))
		netif_set_up(netif);
	netif_set_status_callback(netif, dhcp_wakeup);
	if (dhcp_start(netif) != ERR_OK)
		return (ENOBUFS);
	inet_kick();
	for (seconds = 0; !dhcp_supplied_address(netif);) {
		if (seconds == DHCP_WAIT || wait_ended) {
			dhcp_stop(netif);
			return (wait_ended ? EINTR : ETIMEDOUT);
		}
		if (tsleep(&netif->ip_addr, PSOCK, "dhcp", hz) == EWOULDBLOCK)
			seconds++;
		/* It may have been destroyed meanwhile. */
		if ((error = netif_of(name, &netif)) != 0)
			return (error);
	}
	netif_set_default(netif);
	return (0);
}

#define	NETCONFIG(expr) do {						\
	int error_;							\
	rump_schedule();						\
	error_ = (expr);						\
	rump_unschedule();						\
	return (error_);						\
} while (0)

int
rump_pub_netconfig_ipv4_ifaddr(const char *name, const char *addr,
    const char *mask)
{

	NETCONFIG(ipv4_ifaddr(name, addr, mask, -1));
}

int
rump_pub_netconfig_ipv4_ifaddr_cidr(const char *name, const char *addr,
    int prefix)
{

	NETCONFIG(prefix < 0 ? EINVAL :
	    ipv4_ifaddr(name, addr, NULL, prefix));
}

int
rump_pub_netconfig_ipv4_gw(const char *addr)
{

	NETCONFIG(ipv4_gw(addr));
}

int
rump_pub_netconfig_ipv6_ifaddr(const char *name, const char *addr, int prefix)
{

	NETCONFIG(ipv6_ifaddr(name, addr, prefix));
}

int
rump_pub_netconfig_auto_ipv6(const char *name)
{

	NETCONFIG(auto_ipv6(name));
}

int
rump_pub_netconfig_dhcp_ipv4_oneshot(const char *name)
{

	NETCONFIG(dhcp_oneshot(name));
}
