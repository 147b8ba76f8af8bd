/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_raw.c: raw sockets (ip(4), ip6(4)): packets of one protocol of IP, such as
 * ICMP's.  On IPv4 they come with their IP header, on IPv6 without.
 */
#include "inet.h"

#define	raw_of(so)	((struct raw_pcb *)(so)->so_pcb)

/* lwIP goes on with the packet unless we say that we ate it: a copy is kept. */
static u8_t
raw_did_receive(void *arg, struct raw_pcb *pcb, struct pbuf *p,
    const ip_addr_t *addr)
{
	struct socket *so = arg;
	struct sockaddr_storage ss;
	u16_t skip = 0;
	struct mbuf *m;

	(void)pcb;
	if (so->so_state & SS_CANTRCVMORE)
		return (0);
	if (IP_IS_V6(addr))
		skip = ip_current_header_tot_len();
	if (p->tot_len < skip)
		return (0);
	if ((m = m_get(p->tot_len - skip, MT_DATA)) == NULL)
		return (0);
	m->m_len = pbuf_copy_partial(p, m->m_data, p->tot_len - skip, skip);
	memset(&ss, 0, sizeof(ss));
	inet_putaddr(so, addr, 0, &ss);
	if (sbappendrecord(&so->so_rcv, (const struct sockaddr *)(void *)&ss,
	    m, NULL))
		sorwakeup(so);
	else
		m_freem(m);
	return (0);
}

static int
raw_attach(struct socket *so, int proto)
{
	struct raw_pcb *pcb;
	int error;

	if ((error = suser(curproc, 0)) != 0)
		return (error);
	if (proto < 0 || proto > 255)
		return (EPROTONOSUPPORT);
	if ((pcb = raw_new_ip_type(inet_type(so), (u8_t)proto)) == NULL)
		return (ENOBUFS);
	raw_recv(pcb, raw_did_receive, so);
	/* RFC 3542, section 3.1: the kernel fills the checksum in. */
	if (so->so_domain->dom_family == RUMP_AF_INET6 &&
	    proto == RUMP_IPPROTO_ICMPV6) {
		pcb->chksum_reqd = 1;
		pcb->chksum_offset = 2;
	}
	so->so_pcb = pcb;
	return (soreserve(so, 65535, INET_UDP_SPACE));
}

static void
raw_detach(struct socket *so)
{

	raw_remove(raw_of(so));
	so->so_pcb = NULL;
}

static int
raw_sobind(struct socket *so, const struct sockaddr *nam, struct proc *p)
{
	ip_addr_t addr;
	u16_t port;
	int error;

	(void)p;
	if ((error = inet_getaddr(so, nam, &addr, &port)) != 0)
		return (error);
	if (!inet_islocal(&addr))
		return (EADDRNOTAVAIL);
	return (inet_error(raw_bind(raw_of(so), &addr)));
}

static int
raw_soconnect(struct socket *so, const struct sockaddr *nam, struct proc *p)
{
	ip_addr_t addr;
	u16_t port;
	int error;

	(void)p;
	if ((error = inet_getaddr(so, nam, &addr, &port)) != 0)
		return (error);
	error = inet_error(raw_connect(raw_of(so), &addr));
	if (error == 0)
		soisconnected(so);
	return (error);
}

static int
raw_sodisconnect(struct socket *so)
{

	raw_disconnect(raw_of(so));
	so->so_state &= ~SS_ISCONNECTED;
	return (0);
}

static int
raw_soshutdown(struct socket *so)
{

	socantsendmore(so);
	return (0);
}

static int
raw_sosend(struct socket *so, struct mbuf *m, const struct sockaddr *to,
    struct mbuf *control, int flags)
{
	u_int len = m_length(m);
	struct pbuf *p = NULL;
	ip_addr_t addr;
	u16_t port;
	int error = 0;
	err_t err;

	(void)flags;
	if (len > 65515)
		error = EMSGSIZE;
	else if (to != NULL)
		error = inet_getaddr(so, to, &addr, &port);
	if (error == 0 && (p = inet_pbuf(m, PBUF_IP, len)) == NULL)
		error = ENOBUFS;
	m_freem(m);
	m_freem(control);
	if (error != 0)
		return (error);
	err = to == NULL ? raw_send(raw_of(so), p) :
	    raw_sendto(raw_of(so), p, &addr);
	(void)pbuf_free(p);
	inet_kick();
	return (err == ERR_RTE ? ENETUNREACH : inet_error(err));
}

static int
raw_sosockaddr(struct socket *so, struct sockaddr_storage *ss)
{

	inet_putaddr(so, &raw_of(so)->local_ip, 0, ss);
	return (0);
}

static int
raw_sopeeraddr(struct socket *so, struct sockaddr_storage *ss)
{

	inet_putaddr(so, &raw_of(so)->remote_ip, 0, ss);
	return (0);
}

static int
raw_soctloutput(struct socket *so, int isset, struct sockopt *sopt)
{
	struct raw_pcb *pcb = raw_of(so);
	int error, value;

	if (sopt->sopt_level != RUMP_IPPROTO_IP ||
	    sopt->sopt_name != RUMP_IP_HDRINCL)
		return (inet_ctloutput(so, (struct ip_pcb *)(void *)pcb, isset,
		    sopt));
	if (!isset)
		return (sopt_putint(sopt,
		    raw_is_flag_set(pcb, RAW_FLAGS_HDRINCL) != 0));
	if ((error = sopt_getint(sopt, &value)) != 0)
		return (error);
	if (value)
		raw_set_flags(pcb, RAW_FLAGS_HDRINCL);
	else
		raw_clear_flags(pcb, RAW_FLAGS_HDRINCL);
	return (0);
}

const struct protosw inet_raw_protosw = {
	.pr_type = RUMP_SOCK_RAW,
	.pr_protocol = 0,
	.pr_flags = PR_ATOMIC | PR_ADDR,
	.pr_attach = raw_attach,
	.pr_detach = raw_detach,
	.pr_bind = raw_sobind,
	.pr_connect = raw_soconnect,
	.pr_disconnect = raw_sodisconnect,
	.pr_shutdown = raw_soshutdown,
	.pr_abort = raw_sodisconnect,
	.pr_send = raw_sosend,
	.pr_sockaddr = raw_sosockaddr,
	.pr_peeraddr = raw_sopeeraddr,
	.pr_ctloutput = raw_soctloutput,
};
