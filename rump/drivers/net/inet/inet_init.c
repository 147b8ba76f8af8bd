/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_init.c: the stack comes up: its clock, the loopback interface, the
 * families AF_INET and AF_INET6.
 */
#include <net/if.h>
#include "inet.h"
#include "inet_if.h"
#include <rump-sys/component.h>
#include "lwip/init.h"
#include "lwip/timeouts.h"

static struct timeout inet_timeout;
static int inet_kicking;

/* lwIP's own timers, on one timeout of the kernel's. */
static void
inet_tick(void *arg)
{

	(void)arg;
	sys_check_timeouts();
	inet_kick();
	timeout_add_nsec(&inet_timeout,
	    (int64_t)MAX(sys_timeouts_sleeptime(), 1) * 1000000);
}

/*
 * Packets to ourselves wait until whoever sent them is out of lwIP.  Handling
 * them makes more, which this loop handles, too.
 */
void
inet_kick(void)
{

	if (inet_kicking)
		return;
	inet_kicking = 1;
	netif_poll_all();
	inet_kicking = 0;
}

static void
inet_mbuf_done(struct mbuf *m)
{

	(void)pbuf_free(m->m_extarg);
}

/*
 * A chain of pbufs as one of mbufs on them, which have the references from then
 * on; NULL: no memory, and p is as it was.
 */
struct mbuf *
inet_mbuf(struct pbuf *p)
{
	struct mbuf *first = NULL, **end = &first, *m;
	struct pbuf *q, *next;

	for (q = p; q != NULL; q = q->next) {
		if ((m = m_getext(q->payload, q->len, NULL, q)) == NULL) {
			m_freem(first);
			return (NULL);
		}
		*end = m;
		end = &m->m_next;
	}
	for (m = first, q = p; q != NULL; m = m->m_next, q = next) {
		next = q->next;
		q->next = NULL;
		q->tot_len = q->len;
		m->m_extfree = inet_mbuf_done;
	}
	return (first);
}

/* A copy of len bytes in one pbuf, with room for headers in front. */
struct pbuf *
inet_pbuf(const struct mbuf *m, pbuf_layer layer, u_int len)
{
	struct pbuf *p;

	if ((p = pbuf_alloc(layer, (u16_t)len, PBUF_RAM)) != NULL && len != 0)
		m_copydata(m, 0, len, p->payload);
	return (p);
}

static struct protosw inet_protosw[3];
static struct domain inet_domain = {
	.dom_family = RUMP_AF_INET,
	.dom_protosw = inet_protosw,
	.dom_protoswend = inet_protosw + __arraycount(inet_protosw),
};
static struct domain inet6_domain = {
	.dom_family = RUMP_AF_INET6,
	.dom_protosw = inet_protosw,
	.dom_protoswend = inet_protosw + __arraycount(inet_protosw),
};

RUMP_COMPONENT(RUMP_COMPONENT_NET)
{
	struct netif *lo;

	lwip_init();
	lo = netif_list;		/* the only one there is yet */
	KASSERT(lo != NULL);
	inet_protosw[0] = inet_tcp_protosw;
	inet_protosw[1] = inet_udp_protosw;
	inet_protosw[2] = inet_raw_protosw;
	if_stack = &inet_ifstack;
	inet_loop_attach(lo);
	domain_add(&inet_domain);
	domain_add(&inet6_domain);
	timeout_set(&inet_timeout, inet_tick, NULL);
	inet_tick(NULL);
}
