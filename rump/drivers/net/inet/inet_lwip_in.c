/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_lwip_in.c: lwIP's tcp_in.c, as it is, with lists that begin with the
 * connection of the segment at hand, or are empty; with an empty window that takes
 * segments without bytes; and, before lwIP acts on a segment, with the checks of
 * RFC 9293 and RFC 5961 that it leaves out.
 */
#include "inet.h"
#include "inet_pcb.h"

static err_t inet_tcp_check(struct tcp_pcb *);
static u16_t inet_tcp_mss(u16_t, const ip_addr_t *, const ip_addr_t *);

#define	tcp_active_pcbs	(*inet_pcb_active(tcphdr->src, tcphdr->dest))
#define	tcp_tw_pcbs	(*inet_pcb_timewait(tcphdr->src, tcphdr->dest,	\
	(flags & (TCP_SYN | TCP_ACK | TCP_RST | TCP_FIN)) == TCP_SYN, seqno))

#undef tcp_eff_send_mss
#define	tcp_eff_send_mss(mss, src, dst)	inet_tcp_mss((mss), (src), (dst))

/*
 * A segment without bytes fits into an empty window, if it is the next (RFC 9293,
 * section 3.10.7.4).  lwIP answers it instead: two full ends would acknowledge
 * each other's acknowledgements for ever.  The next but one fits as well: lwIP
 * counts the byte that it asked for room with, which the other side threw away.
 * Only the comparison with the window has these second and third arguments.
 */
#undef TCP_SEQ_BETWEEN
#define	TCP_SEQ_BETWEEN(a, b, c)					\
	((TCP_SEQ_GEQ(a, b) && TCP_SEQ_LEQ(a, c)) ||			\
	(__builtin_strcmp(#b, "pcb->rcv_nxt") == 0 && tcplen == 0 &&	\
	(u32_t)((a) - (b)) <= 1 && (u32_t)(c) == (u32_t)(b) - 1))

#include <tcp_in.c>

/* A peer may not ask for more work for fewer bytes than this a segment. */
#define	MSS_LEAST	216

static u16_t
inet_tcp_mss(u16_t mss, const ip_addr_t *src, const ip_addr_t *dst)
{

	return (tcp_eff_send_mss_netif(MAX(mss, MSS_LEAST), ip_route(src, dst),
	    dst));
}

/* ACKs in a second that a connection gives to what may be an attack. */
#define	CHALLENGES	10
#define	SECOND		(1000 / TCP_SLOW_INTERVAL)	/* in tcp_ticks */

/*
 * RFC 5961, section 7: whether one more is given.  Each connection counts for
 * itself: nobody learns of others from what is left.
 */
static int
may_challenge(struct tcp_pcb *pcb)
{
	uintptr_t was = (uintptr_t)pcb->ext_args[INET_EXT_CHALLENGES].data;
	uintptr_t now = (uintptr_t)(tcp_ticks / SECOND) << 8, n = was & 0xff;

	if ((was & ~(uintptr_t)0xff) != now)
		n = 0;
	if (n >= CHALLENGES)
		return (0);
	pcb->ext_args[INET_EXT_CHALLENGES].data = (void *)(now | (n + 1));
	return (1);
}

/* The segment is dropped; the peer is told what we have. */
static err_t
drop_and_ack(struct tcp_pcb *pcb)
{

	tcp_ack_now(pcb);
	(void)tcp_output(pcb);
	return (ERR_VAL);
}

static err_t
challenge(struct tcp_pcb *pcb)
{

	return (may_challenge(pcb) ? drop_and_ack(pcb) : ERR_VAL);
}

/*
 * RFC 9293, section 3.4: some of it is in the window.  As everywhere, an ACK from
 * just behind the window is fine: what was before it may have been lost.
 */
static int
is_acceptable(const struct tcp_pcb *pcb)
{
	u32_t end = pcb->rcv_nxt + pcb->rcv_wnd;

	if (tcplen == 0)
		return (TCP_SEQ_BETWEEN(seqno, pcb->rcv_nxt, end));
	return (TCP_SEQ_GT(seqno + tcplen, pcb->rcv_nxt) &&
	    TCP_SEQ_LEQ(seqno, end));
}

/*
 * Both open at once (RFC 9293, section 3.5): our SYN is sent again, with an ACK.
 * The pcb stays in SYN_SENT, and that segment tells that the peer's SYN has come.
 */
static err_t
open_both(struct tcp_pcb *pcb, struct tcp_seg *syn)
{

	pcb->rcv_nxt = seqno + 1;
	pcb->rcv_ann_right_edge = pcb->rcv_nxt;
	tcp_parseopt(pcb);
	TCPH_SET_FLAG(syn->tcphdr, TCP_ACK);
	(void)tcp_rexmit(pcb);
	(void)tcp_output(pcb);
	return (ERR_VAL);
}

static err_t
check_syn_sent(struct tcp_pcb *pcb)
{
	struct tcp_seg *syn = pcb->unacked != NULL ? pcb->unacked : pcb->unsent;

	if (flags & TCP_RST)
		return (flags & TCP_ACK ? ERR_OK : ERR_VAL);
	if (syn == NULL || (TCPH_FLAGS(syn->tcphdr) & TCP_SYN) == 0)
		return (ERR_OK);
	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		return (open_both(pcb, syn));
	/* The ACK of our SYN and ACK: to lwIP it is the answer to a SYN. */
	if ((flags & (TCP_SYN | TCP_ACK)) == TCP_ACK &&
	    (TCPH_FLAGS(syn->tcphdr) & TCP_ACK) != 0 &&
	    ackno == pcb->lastack + 1 && seqno == pcb->rcv_nxt) {
		flags |= TCP_SYN;
		seqno--;
	}
	return (ERR_OK);
}

/* RFC 9293, section 3.10.7.4, in its order. */
static err_t
check_segment(struct tcp_pcb *pcb)
{

	if (flags & TCP_RST) {
		/* lwIP challenges those in the window that do not fit. */
		return (seqno == pcb->rcv_nxt || may_challenge(pcb) ? ERR_OK :
		    ERR_VAL);
	}
	if (flags & TCP_SYN) {
		if (pcb->state == SYN_RCVD && seqno == pcb->rcv_nxt - 1)
			return (ERR_OK);	/* the same again */
		return (challenge(pcb));
	}
	if (!is_acceptable(pcb)) {
		/* What has bytes may be sent again as our ACK was lost. */
		return (tcplen != 0 ? drop_and_ack(pcb) : challenge(pcb));
	}
	if ((flags & TCP_ACK) == 0)
		return (ERR_VAL);
	if (pcb->state == SYN_RCVD)
		return (ERR_OK);
	/* RFC 5961, section 5.2 */
	if (TCP_SEQ_GT(ackno, pcb->snd_nxt) ||
	    TCP_SEQ_LT(ackno, pcb->lastack - pcb->snd_wnd_max))
		return (challenge(pcb));
	/* RFC 5681, section 4.2: a gap that is filled is told of at once. */
	if (pcb->ooseq != NULL && tcplen != 0)
		tcp_ack_now(pcb);
	return (ERR_OK);
}

static err_t
inet_tcp_check(struct tcp_pcb *pcb)
{

	if (pcb->state == LISTEN)
		return (ERR_OK);
	/* No option that is known is one of other segments. */
	if ((flags & TCP_SYN) == 0)
		tcphdr_optlen = 0;
	switch (pcb->state) {
	case SYN_SENT:
		return (check_syn_sent(pcb));
	case TIME_WAIT:
		/* RFC 5961, section 4.2; one that opens anew is none of ours. */
		return (flags & TCP_SYN ? challenge(pcb) : ERR_OK);
	default:
		return (check_segment(pcb));
	}
}
