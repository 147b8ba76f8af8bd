/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_tcp.c: TCP as a protocol of the socket layer (tcp(4), RFC 9293).
 */
#include "inet.h"
#include "inet_pcb.h"

static int
tcp_attach(struct socket *so, int proto)
{
	struct tcpsock *ts;

	(void)proto;
	ts = malloc(sizeof(*ts), M_PCB, M_WAITOK | M_CANFAIL | M_ZERO);
	if (ts == NULL)
		return (ENOBUFS);
	ts->ts_so = so;
	if (so->so_state & SS_NOFDREF) {
		ts->ts_flags = TS_NEW;	/* its pcb comes with the connection */
	} else {
		if ((ts->ts_pcb = tcp_new_ip_type(inet_type(so))) == NULL) {
			free(ts, M_PCB);
			return (ENOBUFS);
		}
		inet_tcp_setup(ts);
		(void)soreserve(so, INET_TCP_SPACE, INET_TCP_SPACE);
	}
	so->so_pcb = ts;
	return (0);
}

/* The file lets go: what so_snd holds is still sent. */
static void
tcp_detach(struct socket *so)
{
	struct tcpsock *ts = tcpsock_of(so);
	struct tcp_pcb *pcb = ts->ts_pcb;
	u_int unread = so->so_rcv.sb_cc;

	if (pcb == NULL || (ts->ts_flags & TS_LISTEN) ||
	    (pcb->state != ESTABLISHED && pcb->state != CLOSE_WAIT &&
	    (ts->ts_flags & TS_FINGIVEN) == 0)) {
		if (pcb != NULL && (ts->ts_flags & TS_LISTEN) == 0 &&
		    pcb->state == CLOSED) {
			ts->ts_pcb = NULL;
			(void)tcp_close(pcb);	/* never was connected */
		}
		inet_tcp_end(ts);
		inet_tcp_forget(ts);
		inet_kick();
		return;
	}
	if (ts->ts_flags & TS_WAITING)
		tcp_backlog_accepted(pcb);
	ts->ts_flags &= ~TS_WAITING;
	ts->ts_flags |= TS_DETACHED | TS_FIN;
	so->so_refs++;
	if (unread != 0) {
		/* Bytes are lost: the other side is told by a reset (RFC 2525,
		   section 2.17). */
		inet_tcp_end(ts);
		inet_tcp_forget(ts);
	} else if (ts->ts_flags & TS_FINGIVEN) {
		/* Shut before: now the other way. */
		(void)tcp_shutdown(pcb, 1, 0);
		if (so->so_snd.sb_cc == 0) {
			tcp_arg(pcb, NULL);
			tcp_recv(pcb, NULL);
			tcp_sent(pcb, NULL);
			tcp_err(pcb, NULL);
			tcp_poll(pcb, NULL, 0);
			ts->ts_pcb = NULL;
			inet_tcp_forget(ts);
		}
	} else {
		inet_tcp_push(ts);
	}
	inet_kick();
}

static int
tcp_sobind(struct socket *so, const struct sockaddr *nam, struct proc *p)
{
	struct tcpsock *ts = tcpsock_of(so);
	ip_addr_t addr;
	u16_t port;
	int error;

	if (ts->ts_pcb == NULL || (ts->ts_flags & TS_LISTEN) ||
	    ts->ts_pcb->local_port != 0)
		return (EINVAL);
	if ((error = inet_getaddr(so, nam, &addr, &port)) != 0 ||
	    (error = inet_portcheck(port, p)) != 0)
		return (error);
	if (ip_addr_ismulticast(&addr) || !inet_islocal(&addr))
		return (EADDRNOTAVAIL);
	if (ip_addr_isany(&addr) && IP_IS_ANY_TYPE_VAL(ts->ts_pcb->local_ip))
		ip_addr_copy(addr, *IP_ANY_TYPE);
	return (inet_error(tcp_bind(ts->ts_pcb, &addr, port)));
}

static int
tcp_solisten(struct socket *so, int backlog)
{
	struct tcpsock *ts = tcpsock_of(so);
	struct tcp_pcb *lpcb;
	err_t error;

	if (ts->ts_flags & TS_LISTEN)
		return (0);		/* so_qlimit is all that changes */
	if (ts->ts_pcb == NULL || ts->ts_pcb->state != CLOSED)
		return (EINVAL);
	if (ts->ts_pcb->local_port == 0 && (error = tcp_bind(ts->ts_pcb,
	    &ts->ts_pcb->local_ip, 0)) != ERR_OK)
		return (inet_error(error));
	/* so_qlimit says how many may wait; this is how many may come up. */
	(void)backlog;
	lpcb = tcp_listen_with_backlog_and_err(ts->ts_pcb,
	    TCP_DEFAULT_LISTEN_BACKLOG, &error);
	if (lpcb == NULL)
		return (inet_error(error));
	ts->ts_pcb = lpcb;
	ts->ts_flags |= TS_LISTEN;
	tcp_arg(lpcb, ts);
	tcp_accept(lpcb, inet_tcp_accepted);
	return (0);
}

static int
tcp_soaccept(struct socket *so)
{
	struct tcpsock *ts = tcpsock_of(so);

	if (ts->ts_pcb != NULL && (ts->ts_flags & TS_WAITING))
		tcp_backlog_accepted(ts->ts_pcb);
	ts->ts_flags &= ~TS_WAITING;
	return (0);
}

/* A port that nobody uses for this connection; lwIP would look at everybody's. */
static int
choose_port(struct tcp_pcb *pcb, const ip_addr_t *to, u16_t port)
{
	const ip_addr_t *local = &pcb->local_ip;
	struct netif *netif;

	if (pcb->local_port != 0)
		return (0);
	if ((netif = ip_route(&pcb->local_ip, to)) == NULL)
		return (ENETUNREACH);
	if (ip_addr_isany(local) && (local = ip_netif_get_local_ip(netif,
	    to)) == NULL)
		return (EADDRNOTAVAIL);
	pcb->local_port = inet_pcb_port(local, to, port);
	return (pcb->local_port == 0 ? EADDRNOTAVAIL : 0);
}

static int
tcp_soconnect(struct socket *so, const struct sockaddr *nam, struct proc *p)
{
	struct tcpsock *ts = tcpsock_of(so);
	ip_addr_t addr;
	u16_t port;
	err_t err;
	int error;

	(void)p;
	if (ts->ts_pcb == NULL)
		return (EINVAL);
	if ((error = inet_getaddr(so, nam, &addr, &port)) != 0)
		return (error);
	if (port == 0 || ip_addr_ismulticast(&addr))
		return (EADDRNOTAVAIL);
	if (ip_addr_isany(&addr)) {
		/* Nobody's address means this host, as in all BSDs. */
		if (IP_IS_V4(&addr))
			ip_addr_set_loopback(0, &addr);
		else
			ip_addr_set_loopback(1, &addr);
	}
	if ((error = choose_port(ts->ts_pcb, &addr, port)) != 0)
		return (error);
	soisconnecting(so);
	err = tcp_connect(ts->ts_pcb, &addr, port, inet_tcp_connected);
	if (err != ERR_OK) {
		so->so_state &= ~SS_ISCONNECTING;
		return (err == ERR_RTE ? ENETUNREACH : err == ERR_USE ?
		    EADDRINUSE : inet_error(err));
	}
	inet_kick();
	return (0);
}

/* Both ways end: what was sent still arrives. */
static int
tcp_sodisconnect(struct socket *so)
{
	struct tcpsock *ts = tcpsock_of(so);

	if (ts->ts_pcb == NULL)
		return (ENOTCONN);
	soisdisconnecting(so);
	ts->ts_flags |= TS_FIN;
	if (so->so_rcv.sb_cc == 0)
		inet_tcp_push(ts);
	return (0);
}

static int
tcp_soshutdown(struct socket *so)
{
	struct tcpsock *ts = tcpsock_of(so);

	socantsendmore(so);
	if (ts->ts_pcb == NULL)
		return (0);
	ts->ts_flags |= TS_FIN;
	inet_tcp_push(ts);
	inet_kick();
	return (0);
}

static int
tcp_soabort(struct socket *so)
{

	inet_tcp_end(tcpsock_of(so));
	sbflush(&so->so_snd, so->so_domain);
	soisdisconnected(so);
	inet_kick();
	return (0);
}

/* Room for more: the window opens. */
static void
tcp_sorcvd(struct socket *so, u_int n)
{
	struct tcpsock *ts = tcpsock_of(so);
	u_int piece;

	if (ts == NULL || ts->ts_pcb == NULL)
		return;
	for (; n != 0 && ts->ts_pcb != NULL; n -= piece) {
		piece = MIN(n, 0xffffU);
		tcp_recved(ts->ts_pcb, (u16_t)piece);
	}
	inet_kick();
}

static int
tcp_sosend(struct socket *so, struct mbuf *m, const struct sockaddr *to,
    struct mbuf *control, int flags)
{
	struct tcpsock *ts = tcpsock_of(so);

	(void)to;
	(void)flags;
	m_freem(control);
	if (ts->ts_pcb == NULL) {
		m_freem(m);
		return (EPIPE);
	}
	sbappendstream(&so->so_snd, m);
	inet_tcp_push(ts);
	inet_kick();
	return (0);
}

static int
tcp_sosockaddr(struct socket *so, struct sockaddr_storage *ss)
{
	struct tcpsock *ts = tcpsock_of(so);

	if (ts->ts_pcb == NULL)
		return (EINVAL);
	inet_putaddr(so, &ts->ts_pcb->local_ip, ts->ts_pcb->local_port, ss);
	return (0);
}

static int
tcp_sopeeraddr(struct socket *so, struct sockaddr_storage *ss)
{
	struct tcpsock *ts = tcpsock_of(so);

	if (ts->ts_pcb == NULL || (ts->ts_flags & TS_LISTEN))
		return (ENOTCONN);
	inet_putaddr(so, &ts->ts_pcb->remote_ip, ts->ts_pcb->remote_port, ss);
	return (0);
}

/* Seconds, from 1 on, as milliseconds. */
static int
set_seconds(const struct sockopt *sopt, u32_t *field)
{
	int error, value;

	if ((error = sopt_getint(sopt, &value)) != 0)
		return (error);
	if (value < 1 || value > 32767)
		return (EINVAL);
	*field = (u32_t)value * 1000;
	return (0);
}

/* lwIP's states, in their order. */
static const uint8_t tcp_states[] = {
	RUMP_TCPS_CLOSED, RUMP_TCPS_LISTEN, RUMP_TCPS_SYN_SENT,
	RUMP_TCPS_SYN_RECEIVED, RUMP_TCPS_ESTABLISHED, RUMP_TCPS_FIN_WAIT_1,
	RUMP_TCPS_FIN_WAIT_2, RUMP_TCPS_CLOSE_WAIT, RUMP_TCPS_CLOSING,
	RUMP_TCPS_LAST_ACK, RUMP_TCPS_TIME_WAIT
};

static int
tcp_info(const struct tcpsock *ts, struct sockopt *sopt)
{
	struct rump_tcp_info ti = { .tcpi_state = RUMP_TCPS_CLOSED };
	const struct tcp_pcb *pcb = ts->ts_pcb;

	if (ts->ts_flags & TS_LISTEN) {
		ti.tcpi_state = RUMP_TCPS_LISTEN;
	} else if (pcb != NULL) {
		ti.tcpi_state = tcp_states[pcb->state];
		ti.tcpi_retransmits = pcb->nrtx;
		ti.tcpi_wscale = (uint8_t)(pcb->snd_scale |
		    pcb->rcv_scale << 4);
		ti.tcpi_rto = (uint32_t)MAX(pcb->rto, 0) *
		    TCP_SLOW_INTERVAL * 1000U;
		ti.tcpi_snd_mss = ti.tcpi_rcv_mss = pcb->mss;
		ti.tcpi_rtt = (uint32_t)MAX(pcb->sa, 0) / 8 *
		    TCP_SLOW_INTERVAL * 1000U;
		ti.tcpi_rttvar = (uint32_t)MAX(pcb->sv, 0) / 4 *
		    TCP_SLOW_INTERVAL * 1000U;
		ti.tcpi_snd_ssthresh = pcb->ssthresh;
		ti.tcpi_snd_cwnd = pcb->cwnd;
		ti.tcpi_rcv_space = pcb->rcv_wnd;
		ti.tcpi_snd_wnd = pcb->snd_wnd;
		ti.tcpi_snd_nxt = pcb->snd_nxt;
		ti.tcpi_rcv_nxt = pcb->rcv_nxt;
	}
	sopt->sopt_size = MIN(sopt->sopt_size, sizeof(ti));
	memcpy(sopt->sopt_data, &ti, sopt->sopt_size);
	return (0);
}

static int
tcp_option(struct tcp_pcb *pcb, int isset, struct sockopt *sopt)
{
	int error, value;

	switch (sopt->sopt_name) {
	case RUMP_TCP_NODELAY:
		if (!isset)
			return (sopt_putint(sopt, tcp_nagle_disabled(pcb) != 0));
		if ((error = sopt_getint(sopt, &value)) != 0)
			return (error);
		if (value)
			tcp_nagle_disable(pcb);
		else
			tcp_nagle_enable(pcb);
		return (0);
	case RUMP_TCP_MAXSEG:
		return (isset ? EINVAL : sopt_putint(sopt, tcp_mss(pcb)));
	case RUMP_TCP_KEEPIDLE:
		return (isset ? set_seconds(sopt, &pcb->keep_idle) :
		    sopt_putint(sopt, (int)(pcb->keep_idle / 1000)));
	case RUMP_TCP_KEEPINTVL:
		return (isset ? set_seconds(sopt, &pcb->keep_intvl) :
		    sopt_putint(sopt, (int)(pcb->keep_intvl / 1000)));
	case RUMP_TCP_KEEPCNT:
		if (!isset)
			return (sopt_putint(sopt, (int)pcb->keep_cnt));
		if ((error = sopt_getint(sopt, &value)) != 0)
			return (error);
		if (value < 1 || value > 127)
			return (EINVAL);
		pcb->keep_cnt = (u32_t)value;
		return (0);
	default:
		return (ENOPROTOOPT);
	}
}

static int
tcp_soctloutput(struct socket *so, int isset, struct sockopt *sopt)
{
	struct tcpsock *ts = tcpsock_of(so);

	if (!isset && sopt->sopt_level == RUMP_IPPROTO_TCP &&
	    sopt->sopt_name == RUMP_TCP_INFO)
		return (tcp_info(ts, sopt));
	if (ts->ts_pcb == NULL)
		return (EINVAL);
	if (sopt->sopt_level != RUMP_IPPROTO_TCP)
		return (inet_ctloutput(so, (struct ip_pcb *)(void *)ts->ts_pcb,
		    isset, sopt));
	/* A listening pcb is smaller: it has none of these. */
	return (ts->ts_flags & TS_LISTEN ? ENOPROTOOPT :
	    tcp_option(ts->ts_pcb, isset, sopt));
}

const struct protosw inet_tcp_protosw = {
	.pr_type = RUMP_SOCK_STREAM,
	.pr_protocol = RUMP_IPPROTO_TCP,
	.pr_flags = PR_CONNREQUIRED | PR_WANTRCVD | PR_LISTEN,
	.pr_attach = tcp_attach,
	.pr_detach = tcp_detach,
	.pr_bind = tcp_sobind,
	.pr_listen = tcp_solisten,
	.pr_accept = tcp_soaccept,
	.pr_connect = tcp_soconnect,
	.pr_disconnect = tcp_sodisconnect,
	.pr_shutdown = tcp_soshutdown,
	.pr_abort = tcp_soabort,
	.pr_rcvd = tcp_sorcvd,
	.pr_send = tcp_sosend,
	.pr_sockaddr = tcp_sosockaddr,
	.pr_peeraddr = tcp_sopeeraddr,
	.pr_ctloutput = tcp_soctloutput,
};
