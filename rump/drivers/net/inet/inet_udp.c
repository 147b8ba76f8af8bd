/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_udp.c: UDP as a protocol of the socket layer (udp(4), RFC 768).
 */
#include "inet.h"

#define	UDP_MOST	65507U		/* bytes of a datagram on IPv4 */

#define	udp_of(so)	((struct udp_pcb *)(so)->so_pcb)

/* A datagram came: it waits with the address that it came from. */
static void
udp_did_receive(void *arg, struct udp_pcb *pcb, struct pbuf *p,
    const ip_addr_t *addr, u16_t port)
{
	struct socket *so = arg;
	struct sockaddr_storage ss;
	struct mbuf *m = NULL;

	(void)pcb;
	if (so->so_state & SS_CANTRCVMORE) {
		(void)pbuf_free(p);
		return;
	}
	memset(&ss, 0, sizeof(ss));
	inet_putaddr(so, addr, port, &ss);
	if (p->tot_len == 0)
		(void)pbuf_free(p);
	else if ((m = inet_mbuf(p)) == NULL) {
		(void)pbuf_free(p);
		return;
	}
	if (!sbappendrecord(&so->so_rcv,
	    (const struct sockaddr *)(void *)&ss, m, NULL)) {
		m_freem(m);		/* no room: lost, as datagrams may be */
		return;
	}
	sorwakeup(so);
}

static int
udp_attach(struct socket *so, int proto)
{
	struct udp_pcb *pcb;

	(void)proto;
	if ((pcb = udp_new_ip_type(inet_type(so))) == NULL)
		return (ENOBUFS);
	udp_recv(pcb, udp_did_receive, so);
	pcb->mcast_ttl = 1;
	pcb->flags |= UDP_FLAGS_MULTICAST_LOOP;
	so->so_pcb = pcb;
	return (soreserve(so, 65535, INET_UDP_SPACE));
}

static void
udp_detach(struct socket *so)
{

	inet_mcast_leave(so);
	udp_remove(udp_of(so));
	so->so_pcb = NULL;
}

static int
udp_sobind(struct socket *so, const struct sockaddr *nam, struct proc *p)
{
	struct udp_pcb *pcb = udp_of(so);
	ip_addr_t addr;
	u16_t port;
	int error;

	if (pcb->local_port != 0)
		return (EINVAL);
	if ((error = inet_getaddr(so, nam, &addr, &port)) != 0 ||
	    (error = inet_portcheck(port, p)) != 0)
		return (error);
	if (!inet_islocal(&addr))
		return (EADDRNOTAVAIL);
	if (ip_addr_isany(&addr) && IP_IS_ANY_TYPE_VAL(pcb->local_ip))
		ip_addr_copy(addr, *IP_ANY_TYPE);
	return (inet_error(udp_bind(pcb, &addr, port)));
}

static int
udp_soconnect(struct socket *so, const struct sockaddr *nam, struct proc *p)
{
	ip_addr_t addr;
	u16_t port;
	int error;

	(void)p;
	if ((error = inet_getaddr(so, nam, &addr, &port)) != 0)
		return (error);
	if (port == 0)
		return (EADDRNOTAVAIL);
	if (ip_addr_isany(&addr))
		ip_addr_set_loopback(IP_IS_V6(&addr), &addr);
	error = inet_error(udp_connect(udp_of(so), &addr, port));
	if (error == 0)
		soisconnected(so);
	return (error);
}

static int
udp_sodisconnect(struct socket *so)
{

	udp_disconnect(udp_of(so));
	so->so_state &= ~SS_ISCONNECTED;
	return (0);
}

static int
udp_soshutdown(struct socket *so)
{

	socantsendmore(so);
	return (0);
}

static int
udp_sosend(struct socket *so, struct mbuf *m, const struct sockaddr *to,
    struct mbuf *control, int flags)
{
	struct udp_pcb *pcb = udp_of(so);
	u_int len = m_length(m);
	struct pbuf *p = NULL;
	ip_addr_t addr;
	u16_t port;
	int error = 0;
	err_t err;

	(void)flags;
	if (len > UDP_MOST)
		error = EMSGSIZE;
	else if (to != NULL && (error = inet_getaddr(so, to, &addr, &port)) ==
	    0 && port == 0)
		error = EADDRNOTAVAIL;
	if (error == 0 && (p = inet_pbuf(m, PBUF_TRANSPORT, len)) == NULL)
		error = ENOBUFS;
	m_freem(m);
	m_freem(control);
	if (error != 0)
		return (error);
	if (to != NULL && ip_addr_isany(&addr))
		ip_addr_set_loopback(IP_IS_V6(&addr), &addr);
	err = to == NULL ? udp_send(pcb, p) : udp_sendto(pcb, p, &addr, port);
	(void)pbuf_free(p);
	inet_kick();
	/* lwIP says so where SO_BROADCAST is not set. */
	if (err == ERR_VAL && to != NULL && IP_IS_V4(&addr))
		return (EACCES);
	return (err == ERR_RTE ? ENETUNREACH : inet_error(err));
}

static int
udp_sosockaddr(struct socket *so, struct sockaddr_storage *ss)
{

	inet_putaddr(so, &udp_of(so)->local_ip, udp_of(so)->local_port, ss);
	return (0);
}

static int
udp_sopeeraddr(struct socket *so, struct sockaddr_storage *ss)
{

	inet_putaddr(so, &udp_of(so)->remote_ip, udp_of(so)->remote_port, ss);
	return (0);
}

static int
udp_soctloutput(struct socket *so, int isset, struct sockopt *sopt)
{
	int error;

	error = inet_mcast_ctloutput(so, udp_of(so), isset, sopt);
	return (error != ENOPROTOOPT ? error :
	    inet_ctloutput(so, (struct ip_pcb *)(void *)udp_of(so), isset,
	    sopt));
}

const struct protosw inet_udp_protosw = {
	.pr_type = RUMP_SOCK_DGRAM,
	.pr_protocol = RUMP_IPPROTO_UDP,
	.pr_flags = PR_ATOMIC | PR_ADDR,
	.pr_attach = udp_attach,
	.pr_detach = udp_detach,
	.pr_bind = udp_sobind,
	.pr_connect = udp_soconnect,
	.pr_disconnect = udp_sodisconnect,
	.pr_shutdown = udp_soshutdown,
	.pr_abort = udp_sodisconnect,
	.pr_send = udp_sosend,
	.pr_sockaddr = udp_sosockaddr,
	.pr_peeraddr = udp_sopeeraddr,
	.pr_ctloutput = udp_soctloutput,
};
