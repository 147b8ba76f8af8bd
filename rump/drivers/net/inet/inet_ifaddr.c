/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_ifaddr.c: addresses of interfaces, as ioctl(2) lists and changes them.  lwIP
 * has one of IPv4 for each interface, and several of IPv6 with 64 bits of network.
 */
#include <sys/types.h>
#include <net/if.h>
#include "inet.h"
#include "inet_if.h"
#include "lwip/dhcp.h"

static struct rump_sockaddr_in
sin_of(uint32_t addr)
{
	struct rump_sockaddr_in sin = {
		.sin_len = sizeof(sin), .sin_family = RUMP_AF_INET,
		.sin_addr = addr,
	};

	return (sin);
}

static int
addr4(struct netif *netif, struct if_addr *ia)
{
	uint32_t addr = ip4_addr_get_u32(netif_ip4_addr(netif));
	uint32_t mask = ip4_addr_get_u32(netif_ip4_netmask(netif));
	struct rump_sockaddr_in sin;

	if (addr == 0)
		return (ENOENT);
	memset(ia, 0, sizeof(*ia));
	sin = sin_of(addr);
	memcpy(&ia->ia_addr, &sin, sizeof(sin));
	sin = sin_of(mask);
	memcpy(&ia->ia_mask, &sin, sizeof(sin));
	if (netif->flags & NETIF_FLAG_BROADCAST) {
		sin = sin_of(addr | ~mask);
		memcpy(&ia->ia_brd, &sin, sizeof(sin));
	}
	return (0);
}

static int
flags6(const struct netif *netif, int i)
{
	u8_t state = netif_ip6_addr_state(netif, i);
	int flags = 0;

	if (ip6_addr_istentative(state))
		flags |= RUMP_IN6_IFF_TENTATIVE;
	if (ip6_addr_isduplicated(state))
		flags |= RUMP_IN6_IFF_DUPLICATED;
	if (ip6_addr_isdeprecated(state))
		flags |= RUMP_IN6_IFF_DEPRECATED;
	if (!netif_ip6_addr_isstatic(netif, i))
		flags |= RUMP_IN6_IFF_AUTOCONF;
	return (flags);
}

static void
addr6(struct netif *netif, int i, struct if_addr *ia)
{
	const ip6_addr_t *addr = netif_ip6_addr(netif, i);
	struct rump_sockaddr_in6 sin6 = {
		.sin6_len = sizeof(sin6), .sin6_family = RUMP_AF_INET6,
	};
	int isloop = ip6_addr_isloopback(addr);

	memset(ia, 0, sizeof(*ia));
	memset(sin6.sin6_addr, 0xff, isloop ? 16 : 8);
	memcpy(&ia->ia_mask, &sin6, sizeof(sin6));
	memcpy(sin6.sin6_addr, addr->addr, sizeof(sin6.sin6_addr));
	if (ip6_addr_has_zone(addr))
		sin6.sin6_scope_id = ip6_addr_zone(addr);
	memcpy(&ia->ia_addr, &sin6, sizeof(sin6));
	ia->ia_flags = flags6(netif, i);
}

int
inet_ifaddr(struct ifnet *ifp, u_int n, struct if_addr *ia)
{
	struct netif *netif = ifp->if_stack;
	int i;

	if (addr4(netif, ia) == 0 && n-- == 0)
		return (0);
	for (i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
		if (ip6_addr_isinvalid(netif_ip6_addr_state(netif, i)))
			continue;
		if (n-- == 0) {
			addr6(netif, i, ia);
			return (0);
		}
	}
	return (ENOENT);
}

static int
setaddr4(struct netif *netif, const struct sockaddr *sa,
    const struct sockaddr *sm)
{
	struct rump_sockaddr_in sin, mask;
	ip4_addr_t addr, netmask;

	memcpy(&sin, sa, sizeof(sin));
	memcpy(&mask, sm, sizeof(mask));
	ip4_addr_set_u32(&addr, sin.sin_addr);
	ip4_addr_set_u32(&netmask, mask.sin_addr);
	if (ip4_addr_isany_val(addr) || ip4_addr_ismulticast(&addr) ||
	    !ip4_addr_netmask_valid(mask.sin_addr))
		return (EINVAL);
	netif_set_addr(netif, &addr, &netmask, netif_ip4_gw(netif));
	return (0);
}

static int
setaddr6(struct netif *netif, const struct sockaddr *sa,
    const struct sockaddr *sm)
{
	static const uint8_t bits64[16] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff };
	struct rump_sockaddr_in6 sin6, mask;
	ip6_addr_t addr;
	s8_t i;

	memcpy(&sin6, sa, sizeof(sin6));
	memcpy(&mask, sm, sizeof(mask));
	if (memcmp(mask.sin6_addr, bits64, sizeof(bits64)) != 0)
		return (EINVAL);
	ip6_addr_set_zero(&addr);
	memcpy(addr.addr, sin6.sin6_addr, sizeof(addr.addr));
	if (ip6_addr_isany(&addr) || ip6_addr_ismulticast(&addr) ||
	    ip6_addr_isipv4mappedipv6(&addr))
		return (EINVAL);
	ip6_addr_assign_zone(&addr, IP6_UNICAST, netif);
	if (netif_add_ip6_address(netif, &addr, &i) != ERR_OK)
		return (ENOBUFS);
	/* Nobody else can have it where nobody else is. */
	if ((netif->flags & NETIF_FLAG_ETHERNET) == 0)
		netif_ip6_addr_set_state(netif, i, IP6_ADDR_PREFERRED);
	return (0);
}

/* Addresses of two families: whoever calls has looked at nothing yet. */
int
inet_setifaddr(struct ifnet *ifp, const struct sockaddr *sa,
    const struct sockaddr *mask)
{
	struct netif *netif = ifp->if_stack;
	int error;

	if (sa->sa_family == RUMP_AF_INET)
		error = setaddr4(netif, sa, mask);
	else if (sa->sa_family == RUMP_AF_INET6)
		error = setaddr6(netif, sa, mask);
	else
		error = EAFNOSUPPORT;
	inet_kick();
	return (error);
}

int
inet_delifaddr(struct ifnet *ifp, const struct sockaddr *sa)
{
	struct netif *netif = ifp->if_stack;
	struct rump_sockaddr_in6 sin6;
	struct rump_sockaddr_in sin;
	ip6_addr_t addr6;
	s8_t i;

	if (sa->sa_family == RUMP_AF_INET) {
		memcpy(&sin, sa, sizeof(sin));
		if (sin.sin_addr == 0 || sin.sin_addr !=
		    ip4_addr_get_u32(netif_ip4_addr(netif)))
			return (EADDRNOTAVAIL);
		/* A lease is given back, or it would bring the address back. */
		dhcp_release_and_stop(netif);
		netif_set_addr(netif, NULL, NULL, NULL);
	} else if (sa->sa_family == RUMP_AF_INET6) {
		memcpy(&sin6, sa, sizeof(sin6));
		ip6_addr_set_zero(&addr6);
		memcpy(addr6.addr, sin6.sin6_addr, sizeof(addr6.addr));
		ip6_addr_assign_zone(&addr6, IP6_UNICAST, netif);
		if ((i = netif_get_ip6_addr_match(netif, &addr6)) < 0)
			return (EADDRNOTAVAIL);
		netif_ip6_addr_set_state(netif, i, IP6_ADDR_INVALID);
	} else {
		return (EAFNOSUPPORT);
	}
	inet_kick();
	return (0);
}

void
inet_setifmtu(struct ifnet *ifp)
{
	struct netif *netif = ifp->if_stack;

	netif->mtu = (u16_t)ifp->if_mtu;
	netif->mtu6 = (u16_t)ifp->if_mtu;
}
