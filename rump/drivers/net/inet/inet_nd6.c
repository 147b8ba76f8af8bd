/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_nd6.c: checks of neighbour discovery (RFC 4861) and of packets too big
 * (RFC 8201) that lwIP leaves out.
 */
#include <sys/types.h>
#include "inet.h"
#include "inet_filter.h"
#include "inet_pcb.h"
#include "lwip/nd6.h"
#include "lwip/prot/icmp6.h"
#include "lwip/prot/ip6.h"
#include "lwip/prot/nd6.h"
#include "lwip/prot/tcp.h"

#define	HOPLIMIT	255		/* nobody has forwarded it */

/* Bytes before the options; 0: another kind of message. */
static u16_t
fixed_part(u8_t type)
{

	switch (type) {
	case ICMP6_TYPE_RS:
		return (sizeof(struct rs_header));
	case ICMP6_TYPE_RA:
		return (sizeof(struct ra_header));
	case ICMP6_TYPE_NS:
		return (sizeof(struct ns_header));
	case ICMP6_TYPE_NA:
		return (sizeof(struct na_header));
	case ICMP6_TYPE_RD:
		return (sizeof(struct redirect_header));
	default:
		return (0);
	}
}

/* Options have a length, and end where the message does. */
static int
options_arefine(const struct pbuf *p, u16_t at)
{
	u16_t len;

	for (; at < p->tot_len; at = (u16_t)(at + len)) {
		if (at + 2 > p->tot_len ||
		    (len = (u16_t)(pbuf_get_at(p, (u16_t)(at + 1)) * 8)) == 0 ||
		    len > p->tot_len - at)
			return (0);
	}
	return (1);
}

/* RFC 4861, sections 6.1, 7.1 and 8.1. */
static int
nd_isfine(const struct pbuf *p, u8_t type, u16_t fixed)
{
	const u8_t *bytes = p->payload;

	if (p->len < fixed || bytes[1] != 0 ||
	    IP6H_HOPLIM(ip6_current_header()) != HOPLIMIT ||
	    !options_arefine(p, fixed))
		return (0);
	if (type == ICMP6_TYPE_RA || type == ICMP6_TYPE_RD)
		return (ip6_addr_islinklocal(ip6_current_src_addr()));
	/* Nobody asks everybody, and answers nobody in particular. */
	if (type == ICMP6_TYPE_NA)
		return ((((const struct na_header *)(const void *)bytes)->flags &
		    ND6_FLAG_SOLICITED) == 0 ||
		    !ip6_addr_ismulticast(ip6_current_dest_addr()));
	return (1);
}

/* Is the packet that was too big one that we have under way? */
static int
is_underway(const struct ip6_hdr *ip6, const u8_t *rest, u16_t len,
    struct netif *netif)
{
	const struct tcp_hdr *tcp = (const void *)rest;
	ip_addr_t src, dest;
	struct tcp_pcb *pcb;
	u32_t seqno;

	ip_addr_copy_from_ip6_packed(src, ip6->src);
	ip_addr_copy_from_ip6_packed(dest, ip6->dest);
	ip6_addr_assign_zone(ip_2_ip6(&src), IP6_UNICAST, netif);
	ip6_addr_assign_zone(ip_2_ip6(&dest), IP6_UNKNOWN, netif);
	if (!inet_islocal(&src) || ip6_addr_isany(ip_2_ip6(&src)))
		return (0);
	if (IP6H_NEXTH(ip6) != IP6_NEXTH_TCP)
		return (1);
	/* RFC 5927, section 4: its number is one that we have sent. */
	if (len < 8 || (pcb = inet_pcb_find(&src, lwip_ntohs(tcp->src), &dest,
	    lwip_ntohs(tcp->dest))) == NULL)
		return (0);
	seqno = lwip_ntohl(tcp->seqno);
	return (TCP_SEQ_GEQ(seqno, pcb->lastack) &&
	    TCP_SEQ_LT(seqno, pcb->snd_nxt));
}

static int
toobig_isfine(const struct pbuf *p, struct netif *netif)
{
	const u8_t *bytes = p->payload;
	const struct icmp6_hdr *icmp = (const void *)bytes;
	u16_t head = sizeof(*icmp) + IP6_HLEN;

	/* RFC 8201, section 4: no link takes less. */
	if (p->len < head || lwip_ntohl(icmp->data) < IP6_MIN_MTU_LENGTH)
		return (0);
	return (is_underway((const void *)(bytes + sizeof(*icmp)), bytes + head,
	    (u16_t)(p->len - head), netif));
}

void
inet_nd6_input(struct pbuf *p, struct netif *netif)
{
	u8_t type = pbuf_get_at(p, 0);
	u16_t fixed = fixed_part(type);

	if (type == ICMP6_TYPE_PTB ? toobig_isfine(p, netif) :
	    fixed == 0 || nd_isfine(p, type, fixed))
		nd6_input(p, netif);
	else
		(void)pbuf_free(p);
}
