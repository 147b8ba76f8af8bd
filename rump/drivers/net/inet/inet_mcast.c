/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_mcast.c: groups that sockets are members of, and where messages to groups
 * go (ip(4), ip6(4)).
 *
 * lwIP counts members by interface; which socket is one is known here.  As with
 * the BSDs, a socket gets what comes for a group as soon as anybody is a member.
 */
#include <net/if.h>
#include "inet.h"
#include "lwip/igmp.h"
#include "lwip/mld6.h"

#define	MEMBERSHIPS_MOST	256	/* of one socket */

struct membership {
	LIST_ENTRY(membership) mb_list;
	const struct socket *mb_so;
	u8_t mb_index;			/* of lwIP's interface */
	ip_addr_t mb_group;
};

static LIST_HEAD(, membership) memberships =
    LIST_HEAD_INITIALIZER(memberships);

/* Where packets for a group go if nobody says; the loopback at last. */
static struct netif *
netif_of_group(const ip_addr_t *group)
{
	struct netif *netif, *found = NULL;

	if (IP_IS_V4(group) && (netif = ip4_route(ip_2_ip4(group))) != NULL)
		return (netif);
	NETIF_FOREACH(netif)
		if (netif_is_up(netif) && (found == NULL ||
		    (netif->flags & NETIF_FLAG_ETHERNET)))
			found = netif;
	return (found);
}

static struct netif *
netif_of_addr(u32_t addr)
{
	struct netif *netif;

	NETIF_FOREACH(netif)
		if (ip4_addr_get_u32(netif_ip4_addr(netif)) == addr)
			break;
	return (netif);
}

/* The group and the interface that a request of either family names. */
static int
request(const struct sockopt *sopt, ip_addr_t *group, struct netif **netif)
{
	struct rump_ipv6_mreq mreq6;
	struct rump_ip_mreq mreq;

	if (sopt->sopt_level == RUMP_IPPROTO_IP) {
		if (sopt->sopt_size != sizeof(mreq))
			return (EINVAL);
		memcpy(&mreq, sopt->sopt_data, sizeof(mreq));
		ip_addr_set_ip4_u32_val(*group, mreq.imr_multiaddr);
		*netif = mreq.imr_interface == 0 ? netif_of_group(group) :
		    netif_of_addr(mreq.imr_interface);
	} else {
		if (sopt->sopt_size != sizeof(mreq6))
			return (EINVAL);
		memcpy(&mreq6, sopt->sopt_data, sizeof(mreq6));
		ip_addr_set_zero_ip6(group);
		memcpy(ip_2_ip6(group)->addr, mreq6.ipv6mr_multiaddr,
		    sizeof(mreq6.ipv6mr_multiaddr));
		if (mreq6.ipv6mr_interface > 255)
			return (ENODEV);
		*netif = mreq6.ipv6mr_interface == 0 ? netif_of_group(group) :
		    netif_get_by_index((u8_t)mreq6.ipv6mr_interface);
	}
	if (!ip_addr_ismulticast(group))
		return (EINVAL);
	if (*netif == NULL)
		return (ENODEV);
	if (IP_IS_V6(group))
		ip6_addr_assign_zone(ip_2_ip6(group), IP6_MULTICAST, *netif);
	return (0);
}

static err_t
join(struct netif *netif, const ip_addr_t *group)
{

	if (IP_IS_V6(group))
		return (mld6_joingroup_netif(netif, ip_2_ip6(group)));
	return (igmp_joingroup_netif(netif, ip_2_ip4(group)));
}

/* An interface that went has taken its groups along. */
static void
leave(struct membership *mb)
{
	struct netif *netif = netif_get_by_index(mb->mb_index);

	LIST_REMOVE(mb, mb_list);
	if (netif != NULL && IP_IS_V6(&mb->mb_group))
		(void)mld6_leavegroup_netif(netif, ip_2_ip6(&mb->mb_group));
	else if (netif != NULL)
		(void)igmp_leavegroup_netif(netif, ip_2_ip4(&mb->mb_group));
	free(mb, M_PCB);
}

void
inet_mcast_leave(const struct socket *so)
{
	struct membership *mb, *next;

	for (mb = LIST_FIRST(&memberships); mb != NULL; mb = next) {
		next = LIST_NEXT(mb, mb_list);
		if (mb->mb_so == so)
			leave(mb);
	}
	inet_kick();
}

static int
member(const struct socket *so, const struct sockopt *sopt, int isjoin)
{
	struct membership *mb, *found = NULL;
	struct netif *netif = NULL;
	ip_addr_t group;
	int error, n = 0;

	if ((error = request(sopt, &group, &netif)) != 0)
		return (error);
	LIST_FOREACH(mb, &memberships, mb_list) {
		if (mb->mb_so != so)
			continue;
		n++;
		if (mb->mb_index == netif_get_index(netif) &&
		    ip_addr_eq(&mb->mb_group, &group))
			found = mb;
	}
	if (!isjoin) {
		if (found == NULL)
			return (EADDRNOTAVAIL);
		leave(found);
		inet_kick();
		return (0);
	}
	if (found != NULL)
		return (EADDRINUSE);
	if (n >= MEMBERSHIPS_MOST)
		return (ENOBUFS);
	if ((mb = malloc(sizeof(*mb), M_PCB, M_NOWAIT | M_ZERO)) == NULL)
		return (ENOBUFS);
	/* Everybody is a member of 224.0.0.1 (RFC 1112), and need not say so. */
	if (!(IP_IS_V4(&group) && ip_2_ip4(&group)->addr ==
	    PP_HTONL(0xe0000001U)) && join(netif, &group) != ERR_OK) {
		free(mb, M_PCB);
		return (EADDRNOTAVAIL);
	}
	mb->mb_so = so;
	mb->mb_index = netif_get_index(netif);
	ip_addr_copy(mb->mb_group, group);
	LIST_INSERT_HEAD(&memberships, mb, mb_list);
	inet_kick();
	return (0);
}

static int
set_if(struct udp_pcb *pcb, const struct sockopt *sopt)
{
	struct rump_ip_mreq mreq = { 0, 0 };
	uint32_t value;

	/* An address; or an ip_mreq, of which the interface counts. */
	if (sopt->sopt_size == sizeof(value))
		memcpy(&value, sopt->sopt_data, sizeof(value));
	else if (sopt->sopt_level == RUMP_IPPROTO_IP &&
	    sopt->sopt_size == sizeof(mreq)) {
		memcpy(&mreq, sopt->sopt_data, sizeof(mreq));
		value = mreq.imr_interface;
	} else {
		return (EINVAL);
	}
	if (sopt->sopt_level == RUMP_IPPROTO_IP) {
		if (value != 0 && netif_of_addr(value) == NULL)
			return (EADDRNOTAVAIL);
		ip4_addr_set_u32(&pcb->mcast_ip4, value);
		return (0);
	}
	if (value > 255 || (value != 0 &&
	    netif_get_by_index((u8_t)value) == NULL))
		return (ENXIO);
	pcb->mcast_ifindex = (u8_t)value;
	return (0);
}

static int
set_ttl(struct udp_pcb *pcb, const struct sockopt *sopt)
{
	int error, value;

	if ((error = sopt_getint(sopt, &value)) != 0)
		return (error);
	/* RFC 3493, section 5.2: the system's own is asked for by -1. */
	if (value == -1)
		value = 1;
	if (value < 0 || value > 255)
		return (EINVAL);
	pcb->mcast_ttl = (u8_t)value;
	return (0);
}

static int
set_loop(struct udp_pcb *pcb, const struct sockopt *sopt)
{
	int error, value;

	if ((error = sopt_getint(sopt, &value)) != 0)
		return (error);
	if (value)
		pcb->flags |= UDP_FLAGS_MULTICAST_LOOP;
	else
		pcb->flags &= (u8_t)~UDP_FLAGS_MULTICAST_LOOP;
	return (0);
}

/* The numbers of both families are the same for these three. */
_Static_assert(RUMP_IP_MULTICAST_IF == RUMP_IPV6_MULTICAST_IF &&
    RUMP_IP_MULTICAST_TTL == RUMP_IPV6_MULTICAST_HOPS &&
    RUMP_IP_MULTICAST_LOOP == RUMP_IPV6_MULTICAST_LOOP &&
    RUMP_IP_ADD_MEMBERSHIP == RUMP_IPV6_JOIN_GROUP &&
    RUMP_IP_DROP_MEMBERSHIP == RUMP_IPV6_LEAVE_GROUP, "one switch does");

int
inet_mcast_ctloutput(struct socket *so, struct udp_pcb *pcb, int isset,
    struct sockopt *sopt)
{

	if (sopt->sopt_level != RUMP_IPPROTO_IP &&
	    sopt->sopt_level != RUMP_IPPROTO_IPV6)
		return (ENOPROTOOPT);
	switch (sopt->sopt_name) {
	case RUMP_IP_MULTICAST_IF:
		if (isset)
			return (set_if(pcb, sopt));
		return (sopt_putint(sopt, sopt->sopt_level == RUMP_IPPROTO_IP ?
		    (int)ip4_addr_get_u32(&pcb->mcast_ip4) :
		    pcb->mcast_ifindex));
	case RUMP_IP_MULTICAST_TTL:
		return (isset ? set_ttl(pcb, sopt) :
		    sopt_putint(sopt, pcb->mcast_ttl));
	case RUMP_IP_MULTICAST_LOOP:
		return (isset ? set_loop(pcb, sopt) : sopt_putint(sopt,
		    (pcb->flags & UDP_FLAGS_MULTICAST_LOOP) != 0));
	case RUMP_IP_ADD_MEMBERSHIP:
	case RUMP_IP_DROP_MEMBERSHIP:
		return (isset ? member(so, sopt, sopt->sopt_name ==
		    RUMP_IP_ADD_MEMBERSHIP) : EINVAL);
	default:
		return (ENOPROTOOPT);
	}
}
