/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_if.c: interfaces of the kernel (net/if.h) as lwIP's, and back.
 */
#include <sys/types.h>
#include <sys/uio.h>
#include <net/if.h>
#include "inet.h"
#include "inet_filter.h"
#include "inet_if.h"
#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/mld6.h"
#include "lwip/nd6.h"
#include "netif/ethernet.h"

#define	SUMS_CHECKED	(NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP)
#define	FRAME_PIECES	64		/* of a frame; more are joined first */

/* A frame goes out: lwIP's chain as the driver's vector. */
static err_t
if_linkoutput(struct netif *netif, struct pbuf *p)
{
	struct ifnet *ifp = netif->state;
	struct iovec iov[FRAME_PIECES];
	struct pbuf *q, *joined = NULL;
	int n = 0;

	if (pbuf_clen(p) > FRAME_PIECES) {
		joined = pbuf_clone(PBUF_RAW, PBUF_RAM, p);
		if ((p = joined) == NULL)
			return (ERR_MEM);
	}
	for (q = p; q != NULL; q = q->next) {
		iov[n].iov_base = q->payload;
		iov[n++].iov_len = q->len;
	}
	(void)if_output(ifp, iov, n, p->tot_len);
	if (joined != NULL)
		(void)pbuf_free(joined);
	/* What is lost here is lost on the wire, for all that TCP knows. */
	return (ERR_OK);
}

/*
 * A packet may wait for the answer to ARP longer than the bytes of a socket
 * that it points to: what is not going out at once is a copy.
 */
static err_t
if_output4(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
	const ip4_addr_t *entry;
	struct eth_addr *eth;
	struct pbuf *copy;
	err_t error;

	if (p->next == NULL || ip4_addr_ismulticast(to) ||
	    ip4_addr_isbroadcast(to, netif) ||
	    etharp_find_addr(netif, ip4_addr_net_eq(to, netif_ip4_addr(netif),
	    netif_ip4_netmask(netif)) ? to : netif_ip4_gw(netif), &eth,
	    &entry) >= 0)
		return (etharp_output(netif, p, to));
	if ((copy = pbuf_clone(PBUF_LINK, PBUF_RAM, p)) == NULL)
		return (ERR_MEM);
	error = etharp_output(netif, copy, to);
	(void)pbuf_free(copy);
	return (error);
}

/* Neighbours are looked up inside: what has pieces is always a copy. */
static err_t
if_output6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to)
{
	struct pbuf *copy;
	err_t error;

	if (p->next == NULL || ip6_addr_ismulticast(to))
		return (ethip6_output(netif, p, to));
	if ((copy = pbuf_clone(PBUF_LINK, PBUF_RAM, p)) == NULL)
		return (ERR_MEM);
	error = ethip6_output(netif, copy, to);
	(void)pbuf_free(copy);
	return (error);
}

static err_t
if_init(struct netif *netif)
{
	struct ifnet *ifp = netif->state;

	/* lwIP's names are two letters and a number; ours is in if_xname. */
	netif->name[0] = ifp->if_xname[0];
	netif->name[1] = ifp->if_xname[1];
	netif->hostname = hostname;
	netif->output = if_output4;
	netif->output_ip6 = if_output6;
	netif->linkoutput = if_linkoutput;
	netif->mtu = (u16_t)MIN(ifp->if_mtu, 0xffff);
	netif->hwaddr_len = ETHER_ADDR_LEN;
	memcpy(netif->hwaddr, ifp->if_enaddr, ETHER_ADDR_LEN);
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP |
	    NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
	return (ERR_OK);
}

static int
if_attach(struct ifnet *ifp)
{
	struct netif *netif;

	netif = malloc(sizeof(*netif), M_PCB, M_WAITOK | M_CANFAIL | M_ZERO);
	if (netif == NULL)
		return (ENOMEM);
	if (netif_add_noaddr(netif, ifp, if_init, ethernet_input) == NULL) {
		free(netif, M_PCB);
		return (EINVAL);
	}
	ifp->if_stack = netif;
	ifp->if_index = netif_get_index(netif);
	netif_set_link_up(netif);
	netif_create_ip6_linklocal_address(netif, 1);
	return (0);
}

static void
if_detach(struct ifnet *ifp)
{
	struct netif *netif = ifp->if_stack;

	dhcp_release_and_stop(netif);
	dhcp_cleanup(netif);
	netif_remove(netif);
	ifp->if_stack = NULL;
	free(netif, M_PCB);
	inet_kick();
}

/* A frame came: the only copy between the driver and the socket. */
static void
if_stackinput(struct ifnet *ifp, const struct iovec *iov, int n, size_t len,
    int flags)
{
	struct netif *netif = ifp->if_stack;
	const u16_t checks = netif->chksum_flags;
	struct pbuf *p;
	size_t off = 0;
	int i;

	if (len > 0xffff || (p = pbuf_alloc(PBUF_RAW, (u16_t)len,
	    PBUF_RAM)) == NULL) {
		ifp->if_iqdrops++;
		return;
	}
	for (i = 0; i < n; off += iov[i++].iov_len)
		memcpy((char *)p->payload + off, iov[i].iov_base,
		    iov[i].iov_len);
	if (!inet_frame_isfine(netif, p->payload, p->len)) {
		(void)pbuf_free(p);
		return;
	}
	if (flags & IF_INPUT_SUMMED)
		netif->chksum_flags &= (u16_t)~SUMS_CHECKED;
	if (netif->input(p, netif) != ERR_OK)
		(void)pbuf_free(p);
	netif->chksum_flags = checks;
	inet_kick();
}

/* Its address may have changed since it was attached, as its link was set. */
static void
if_updown(struct ifnet *ifp, int isup)
{
	struct netif *netif = ifp->if_stack;

	if (isup) {
		memcpy(netif->hwaddr, ifp->if_enaddr, ETHER_ADDR_LEN);
		netif_create_ip6_linklocal_address(netif, 1);
		NETIF_SET_CHECKSUM_CTRL(netif, ifp->if_sums ?
		    NETIF_CHECKSUM_ENABLE_ALL & ~NETIF_CHECKSUM_GEN_TCP :
		    NETIF_CHECKSUM_ENABLE_ALL);
		netif_set_up(netif);
	} else
		netif_set_down(netif);
	inet_kick();
}

const struct ifstack inet_ifstack = {
	.ifs_attach = if_attach,
	.ifs_detach = if_detach,
	.ifs_input = if_stackinput,
	.ifs_updown = if_updown,
	.ifs_setmtu = inet_setifmtu,
	.ifs_addr = inet_ifaddr,
	.ifs_setaddr = inet_setifaddr,
	.ifs_deladdr = inet_delifaddr,
};
