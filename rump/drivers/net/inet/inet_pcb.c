/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_pcb.c: connections by their addresses and ports (inet_pcb.h).
 *
 * Extra arguments of a pcb hold our links: its predecessor in lwIP's list, the
 * next of its hash chain, and itself while it is in both.  lwIP's timer takes
 * pcbs out of its lists by hand: the callback for a pcb that is freed mends our
 * links then.
 */
#include "inet.h"
#include "inet_pcb.h"

#define	EXT_PREV	INET_EXT_PREV
#define	EXT_CHAIN	INET_EXT_CHAIN
#define	EXT_SELF	INET_EXT_SELF

#define	FIRST_BUCKETS	64U		/* a power of 2, as all sizes */

/* What a segment finds that is of no connection. */
static struct tcp_pcb *no_active, *no_timewait;

static struct tcp_pcb *first_buckets[FIRST_BUCKETS];
static struct tcp_pcb **buckets = first_buckets;
static u_int nbuckets = FIRST_BUCKETS, npcbs;

static struct tcp_pcb *
link_of(const struct tcp_pcb *pcb, u_int which)
{

	return (pcb->ext_args[which].data);
}

static u32_t
hash_addr(u32_t hash, const ip_addr_t *addr)
{
	u_int i;

	if (IP_IS_V4(addr))
		return ((hash ^ ip_addr_get_ip4_u32(addr)) * 0x9e3779b1U);
	for (i = 0; i < 4; i++)
		hash = (hash ^ ip_2_ip6(addr)->addr[i]) * 0x9e3779b1U;
	return (hash);
}

static u32_t
hash_of(const ip_addr_t *local, u16_t lport, const ip_addr_t *remote,
    u16_t rport)
{
	static u32_t seed;
	u32_t hash;

	if (seed == 0)
		seed = inet_random() | 1;
	hash = (seed ^ ((u32_t)lport << 16 | rport)) * 0x85ebca6bU;
	hash = hash_addr(hash_addr(hash ^ hash >> 15, local), remote);
	return (hash ^ hash >> 16);
}

static struct tcp_pcb **
bucket_of(const ip_addr_t *local, u16_t lport, const ip_addr_t *remote,
    u16_t rport)
{

	return (&buckets[hash_of(local, lport, remote, rport) &
	    (nbuckets - 1)]);
}

static struct tcp_pcb **
bucket_of_pcb(const struct tcp_pcb *pcb)
{

	return (bucket_of(&pcb->local_ip, pcb->local_port, &pcb->remote_ip,
	    pcb->remote_port));
}

/* More chains, so that they stay short; without memory they become longer. */
static void
grow(void)
{
	struct tcp_pcb **old = buckets, **more, *pcb, *next, **head;
	u_int i, n = nbuckets;

	more = malloc(n * 2 * sizeof(*more), M_PCB, M_NOWAIT | M_ZERO);
	if (more == NULL)
		return;
	buckets = more;
	nbuckets = n * 2;
	for (i = 0; i < n; i++) {
		for (pcb = old[i]; pcb != NULL; pcb = next) {
			next = link_of(pcb, EXT_CHAIN);
			head = bucket_of_pcb(pcb);
			pcb->ext_args[EXT_CHAIN].data = *head;
			*head = pcb;
		}
	}
	if (old != first_buckets)
		free(old, M_PCB);
}

static void
hash_leave(struct tcp_pcb *pcb)
{
	struct tcp_pcb **head = bucket_of_pcb(pcb), *before;

	if (*head == pcb) {
		*head = link_of(pcb, EXT_CHAIN);
	} else {
		for (before = *head; link_of(before, EXT_CHAIN) != pcb;
		    before = link_of(before, EXT_CHAIN))
			KASSERT(before != NULL);
		before->ext_args[EXT_CHAIN].data = link_of(pcb, EXT_CHAIN);
	}
	pcb->ext_args[EXT_SELF].data = NULL;
	npcbs--;
}

/* lwIP frees a pcb: its timer has taken it out of its list, but not of ours. */
static void
pcb_destroyed(u8_t id, void *data)
{
	struct tcp_pcb *pcb = data;

	(void)id;
	if (pcb == NULL)
		return;
	if (pcb->next != NULL)
		pcb->next->ext_args[EXT_PREV].data = link_of(pcb, EXT_PREV);
	hash_leave(pcb);
}

static const struct tcp_ext_arg_callbacks pcb_callbacks = {
	.destroy = pcb_destroyed,
};

/* The list that is meant, and whether it is one of ours. */
static int
is_ours(struct tcp_pcb ***list)
{

	if (*list == &no_active)
		*list = &tcp_active_pcbs;
	else if (*list == &no_timewait)
		*list = &tcp_tw_pcbs;
	return (*list == &tcp_active_pcbs || *list == &tcp_tw_pcbs);
}

static void
list_enter(struct tcp_pcb **list, struct tcp_pcb *pcb)
{

	pcb->next = *list;
	pcb->ext_args[EXT_PREV].data = NULL;
	if (*list != NULL)
		(*list)->ext_args[EXT_PREV].data = pcb;
	*list = pcb;
}

static void
list_leave(struct tcp_pcb **list, struct tcp_pcb *pcb)
{
	struct tcp_pcb *prev = link_of(pcb, EXT_PREV);

	if (prev != NULL)
		prev->next = pcb->next;
	else
		*list = pcb->next;
	if (pcb->next != NULL)
		pcb->next->ext_args[EXT_PREV].data = prev;
	pcb->next = NULL;
}

void
inet_pcb_enter(struct tcp_pcb **list, struct tcp_pcb *pcb)
{
	struct tcp_pcb **head;

	if (!is_ours(&list)) {
		pcb->next = *list;
		*list = pcb;
	} else {
		if (npcbs >= nbuckets)
			grow();
		list_enter(list, pcb);
		head = bucket_of_pcb(pcb);
		pcb->ext_args[EXT_CHAIN].data = *head;
		*head = pcb;
		pcb->ext_args[EXT_SELF].data = pcb;
		pcb->ext_args[EXT_SELF].callbacks = &pcb_callbacks;
		npcbs++;
	}
	tcp_timer_needed();
}

void
inet_pcb_leave(struct tcp_pcb **list, struct tcp_pcb *pcb)
{
	struct tcp_pcb **at;

	if (is_ours(&list)) {
		if (link_of(pcb, EXT_SELF) == NULL)
			return;
		list_leave(list, pcb);
		hash_leave(pcb);
		return;
	}
	for (at = list; *at != NULL && *at != pcb; at = &(*at)->next)
		continue;
	if (*at != NULL)
		*at = pcb->next;
	pcb->next = NULL;
}

static struct tcp_pcb *
pcb_find(const ip_addr_t *local, u16_t lport, const ip_addr_t *remote,
    u16_t rport, int istimewait)
{
	struct tcp_pcb *pcb;

	for (pcb = *bucket_of(local, lport, remote, rport); pcb != NULL;
	    pcb = link_of(pcb, EXT_CHAIN))
		if (pcb->local_port == lport && pcb->remote_port == rport &&
		    (pcb->state == TIME_WAIT) == istimewait &&
		    ip_addr_eq(&pcb->remote_ip, remote) &&
		    ip_addr_eq(&pcb->local_ip, local))
			break;
	return (pcb);
}

struct tcp_pcb *
inet_pcb_find(const ip_addr_t *local, u16_t lport, const ip_addr_t *remote,
    u16_t rport)
{

	return (pcb_find(local, lport, remote, rport, 0));
}

/* The list, with the segment's connection first; or an empty one. */
static struct tcp_pcb **
list_of(struct tcp_pcb **list, struct tcp_pcb **empty, u16_t src, u16_t dst)
{
	struct tcp_pcb *pcb;

	pcb = pcb_find(ip_current_dest_addr(), dst, ip_current_src_addr(), src,
	    list == &tcp_tw_pcbs);
	if (pcb == NULL) {
		*empty = NULL;
		return (empty);
	}
	if (*list != pcb) {
		list_leave(list, pcb);
		list_enter(list, pcb);
	}
	return (list);
}

struct tcp_pcb **
inet_pcb_active(u16_t src, u16_t dst)
{

	return (list_of(&tcp_active_pcbs, &no_active, src, dst));
}

static int
port_islistening(u16_t port)
{
	const struct tcp_pcb_listen *lpcb;

	for (lpcb = tcp_listen_pcbs.listen_pcbs; lpcb != NULL;
	    lpcb = lpcb->next)
		if (lpcb->local_port == port)
			return (1);
	return (0);
}

struct tcp_pcb **
inet_pcb_timewait(u16_t src, u16_t dst, int issyn, u32_t seqno)
{
	struct tcp_pcb **list = list_of(&tcp_tw_pcbs, &no_timewait, src, dst);
	struct tcp_pcb *pcb = *list;

	if (issyn && pcb != NULL && TCP_SEQ_GT(seqno, pcb->rcv_nxt) &&
	    port_islistening(dst)) {
		tcp_pcb_remove(&tcp_tw_pcbs, pcb);
		tcp_free(pcb);
		no_timewait = NULL;
		return (&no_timewait);
	}
	return (list);
}

/* Is the port one that somebody is bound to, or listens at? */
static int
port_isbound(u16_t port)
{
	const struct tcp_pcb *pcb;

	if (port_islistening(port))
		return (1);
	for (pcb = tcp_bound_pcbs; pcb != NULL; pcb = pcb->next)
		if (pcb->local_port == port)
			return (1);
	return (0);
}

/* Does the connection exist, or did it until lately, here at either end? */
static int
pcb_exists(const ip_addr_t *local, u16_t lport, const ip_addr_t *remote,
    u16_t rport)
{

	return (pcb_find(local, lport, remote, rport, 0) != NULL ||
	    pcb_find(local, lport, remote, rport, 1) != NULL ||
	    pcb_find(remote, rport, local, lport, 1) != NULL);
}

/*
 * One after the other, so that a port is not used again soon, from a place that
 * nobody outside knows (RFC 6056, section 3.3.3).
 */
u16_t
inet_pcb_port(const ip_addr_t *local, const ip_addr_t *remote, u16_t rport)
{
	u_int range = TCP_LOCAL_PORT_RANGE_END - TCP_LOCAL_PORT_RANGE_START + 1;
	static u_int next;
	u_int i, start = hash_of(local, 0, remote, rport) % range + next;
	u16_t port;

	for (i = 0; i < range; i++) {
		port = (u16_t)(TCP_LOCAL_PORT_RANGE_START +
		    (start + i) % range);
		if (!pcb_exists(local, port, remote, rport) &&
		    !port_isbound(port)) {
			next = (next + i + 1) % range;
			return (port);
		}
	}
	return (0);
}
