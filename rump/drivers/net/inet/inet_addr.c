/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_addr.c: addresses and errors of lwIP as the socket layer has them.
 */
#include "inet.h"

int
inet_error(err_t error)
{

	switch (error) {
	case ERR_OK:
		return (0);
	case ERR_MEM:
	case ERR_BUF:
		return (ENOBUFS);
	case ERR_TIMEOUT:
		return (ETIMEDOUT);
	case ERR_RTE:
		return (EHOSTUNREACH);
	case ERR_INPROGRESS:
		return (EINPROGRESS);
	case ERR_WOULDBLOCK:
		return (EWOULDBLOCK);
	case ERR_USE:
		return (EADDRINUSE);
	case ERR_ALREADY:
		return (EALREADY);
	case ERR_ISCONN:
		return (EISCONN);
	case ERR_CONN:
		return (ENOTCONN);
	case ERR_IF:
		return (ENETDOWN);
	case ERR_ABRT:
		return (ECONNABORTED);
	case ERR_RST:
	case ERR_CLSD:
		return (ECONNRESET);
	default:
		return (EINVAL);
	}
}

u8_t
inet_type(const struct socket *so)
{

	return (so->so_domain->dom_family == RUMP_AF_INET ? IPADDR_TYPE_V4 :
	    IPADDR_TYPE_V6);
}

static int
getaddr6(const struct rump_sockaddr_in6 *sin6, ip_addr_t *addr)
{
	uint32_t words[4];

	memcpy(words, sin6->sin6_addr, sizeof(words));
	ip_addr_set_zero_ip6(addr);
	IP6_ADDR(ip_2_ip6(addr), words[0], words[1], words[2], words[3]);
	if (ip6_addr_has_scope(ip_2_ip6(addr), IP6_UNKNOWN)) {
		if (sin6->sin6_scope_id > 255)
			return (ENXIO);
		ip6_addr_set_zone(ip_2_ip6(addr), (u8_t)sin6->sin6_scope_id);
	}
	/* A mapped address is one of IPv4. */
	if (ip6_addr_isipv4mappedipv6(ip_2_ip6(addr)))
		ip_addr_set_ip4_u32_val(*addr, words[3]);
	return (0);
}

int
inet_getaddr(const struct socket *so, const struct sockaddr *sa,
    ip_addr_t *addr, u16_t *port)
{
	struct rump_sockaddr_in6 sin6;
	struct rump_sockaddr_in sin;

	if (sa->sa_family != so->so_domain->dom_family)
		return (EAFNOSUPPORT);
	if (sa->sa_family == RUMP_AF_INET) {
		if (sa->sa_len != sizeof(sin))
			return (EINVAL);
		memcpy(&sin, sa, sizeof(sin));
		ip_addr_set_ip4_u32_val(*addr, sin.sin_addr);
		*port = lwip_ntohs(sin.sin_port);
		return (0);
	}
	if (sa->sa_len != sizeof(sin6))
		return (EINVAL);
	memcpy(&sin6, sa, sizeof(sin6));
	*port = lwip_ntohs(sin6.sin6_port);
	return (getaddr6(&sin6, addr));
}

void
inet_putaddr(const struct socket *so, const ip_addr_t *addr, u16_t port,
    struct sockaddr_storage *ss)
{
	struct rump_sockaddr_in6 sin6 = {
		.sin6_len = sizeof(sin6), .sin6_family = RUMP_AF_INET6,
		.sin6_port = lwip_htons(port),
	};
	struct rump_sockaddr_in sin = {
		.sin_len = sizeof(sin), .sin_family = RUMP_AF_INET,
		.sin_port = lwip_htons(port),
	};

	if (so->so_domain->dom_family == RUMP_AF_INET) {
		if (IP_IS_V4(addr))
			sin.sin_addr = ip_addr_get_ip4_u32(addr);
		memcpy(ss, &sin, sizeof(sin));
		return;
	}
	if (IP_IS_V6(addr) || IP_IS_ANY_TYPE_VAL(*addr)) {
		memcpy(sin6.sin6_addr, ip_2_ip6(addr)->addr,
		    sizeof(sin6.sin6_addr));
		if (ip6_addr_has_zone(ip_2_ip6(addr)))
			sin6.sin6_scope_id = ip6_addr_zone(ip_2_ip6(addr));
	} else {
		sin6.sin6_addr[10] = sin6.sin6_addr[11] = 0xff;
		memcpy(&sin6.sin6_addr[12], &ip_2_ip4(addr)->addr, 4);
	}
	memcpy(ss, &sin6, sizeof(sin6));
}

/* Is it an address of an interface, of everybody, or of a group? */
int
inet_islocal(const ip_addr_t *addr)
{
	struct netif *netif;

	if (ip_addr_isany(addr) || ip_addr_ismulticast(addr))
		return (1);
	if (IP_IS_V4(addr) && ip4_addr_isloopback(ip_2_ip4(addr)))
		return (1);
	NETIF_FOREACH(netif) {
		if (IP_IS_V4(addr) &&
		    (ip4_addr_eq(ip_2_ip4(addr), netif_ip4_addr(netif)) ||
		    ip4_addr_isbroadcast(ip_2_ip4(addr), netif)))
			return (1);
		if (IP_IS_V6(addr) &&
		    netif_get_ip6_addr_match(netif, ip_2_ip6(addr)) >= 0)
			return (1);
	}
	return (0);
}

/* Ports below 1024 are the superuser's. */
int
inet_portcheck(u16_t port, struct proc *p)
{

	return (port != 0 && port < 1024 && suser(p, 0) != 0 ? EACCES : 0);
}
