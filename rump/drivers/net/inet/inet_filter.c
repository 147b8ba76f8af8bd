/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_filter.c: what never comes by an Ethernet, however it looks: frames for
 * others, and packets from addresses that nobody there can have.  lwIP believes
 * them.  What is malformed is left to lwIP, which drops it.
 */
#include <sys/types.h>
#include "inet.h"
#include "inet_filter.h"
#include "lwip/prot/ethernet.h"
#include "lwip/prot/etharp.h"
#include "lwip/prot/ip4.h"
#include "lwip/prot/ip6.h"
#include "lwip/prot/udp.h"

#define	ETHER_ISGROUP(addr)	(((addr)[0] & 1) != 0)

/* Host order.  RFC 1122, section 3.2.1.3; RFC 6890. */
static int
is_martian4(u32_t addr)
{

	return (addr >> 24 == 127 || addr >> 28 >= 14 ||
	    (addr >> 24 == 0 && addr != 0));
}

static int
is_own4(const ip4_addr_t *addr)
{
	struct netif *netif;

	if (ip4_addr_isany(addr))
		return (0);
	NETIF_FOREACH(netif)
		if (ip4_addr_eq(addr, netif_ip4_addr(netif)))
			return (1);
	return (0);
}

/*
 * ARP (RFC 826): a sender is one station, and not us.  Probes (RFC 5227) have no
 * address to believe.
 */
static int
arp_isfine(const struct netif *netif, const u8_t *payload, size_t len)
{
	const struct etharp_hdr *arp = (const void *)payload;
	ip4_addr_t sender;

	if (len < sizeof(*arp))
		return (0);
	memcpy(&sender, &arp->sipaddr, sizeof(sender));
	return (!ETHER_ISGROUP(arp->shwaddr.addr) &&
	    !is_martian4(lwip_ntohl(ip4_addr_get_u32(&sender))) &&
	    (ip4_addr_isany(&sender) ||
	    (!ip4_addr_isbroadcast(&sender, netif) && !is_own4(&sender))));
}

/* Is it what a DHCP server sends to whoever has no address yet? */
static int
is_fordhcp(const struct ip_hdr *ip, size_t len)
{
	size_t hlen = IPH_HL_BYTES(ip);
	const struct udp_hdr *udp = (const void *)((const u8_t *)ip + hlen);

	return (IPH_PROTO(ip) == IP_PROTO_UDP &&
	    len >= hlen + sizeof(*udp) && udp->dest == PP_HTONS(68));
}

static int
ip4_isfine(const struct netif *netif, int isgroup, const u8_t *payload,
    size_t len)
{
	const struct ip_hdr *ip = (const void *)payload;
	ip4_addr_t src, dest;

	if (len < IP_HLEN)
		return (0);
	memcpy(&src, &ip->src, sizeof(src));
	memcpy(&dest, &ip->dest, sizeof(dest));
	if (is_martian4(lwip_ntohl(ip4_addr_get_u32(&src))) || is_own4(&src))
		return (0);
	if (lwip_ntohl(ip4_addr_get_u32(&dest)) >> 24 == 127)
		return (0);
	/* RFC 1122, section 3.3.6 */
	return (!isgroup || ip4_addr_ismulticast(&dest) ||
	    ip4_addr_isbroadcast(&dest, netif) || is_fordhcp(ip, len));
}

/* RFC 4291, sections 2.5.3, 2.5.5.2 and 2.7. */
static int
ip6_isfine(const u8_t *payload, size_t len)
{
	static const u8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const struct ip6_hdr *ip6 = (const void *)payload;
	struct netif *netif;
	ip6_addr_t src, dest;
	int i;

	if (len < IP6_HLEN)
		return (0);
	ip6_addr_copy_from_packed(src, ip6->src);
	ip6_addr_copy_from_packed(dest, ip6->dest);
	if (ip6_addr_ismulticast(&src) || ip6_addr_isloopback(&src) ||
	    ip6_addr_isloopback(&dest) ||
	    memcmp(&ip6->src, mapped, sizeof(mapped)) == 0)
		return (0);
	if (ip6_addr_isany(&src))
		return (1);
	NETIF_FOREACH(netif)
		for (i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++)
			if (ip6_addr_isvalid(netif_ip6_addr_state(netif, i)) &&
			    ip6_addr_zoneless_eq(&src,
			    netif_ip6_addr(netif, i)))
				return (0);
	return (1);
}

int
inet_frame_isfine(const struct netif *netif, const void *frame, size_t len)
{
	const struct eth_hdr *eth = frame;
	const u8_t *payload = (const u8_t *)frame + SIZEOF_ETH_HDR;
	int isgroup;

	if (len < SIZEOF_ETH_HDR || ETHER_ISGROUP(eth->src.addr))
		return (0);
	isgroup = ETHER_ISGROUP(eth->dest.addr);
	if (!isgroup && memcmp(eth->dest.addr, netif->hwaddr,
	    ETH_HWADDR_LEN) != 0)
		return (0);
	len -= SIZEOF_ETH_HDR;
	switch (eth->type) {
	case PP_HTONS(ETHTYPE_ARP):
		return (arp_isfine(netif, payload, len));
	case PP_HTONS(ETHTYPE_IP):
		return (ip4_isfine(netif, isgroup, payload, len));
	case PP_HTONS(ETHTYPE_IPV6):
		return (ip6_isfine(payload, len));
	default:
		return (0);
	}
}
