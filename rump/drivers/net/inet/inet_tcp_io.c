/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_tcp_io.c: bytes between TCP sockets and lwIP, and what it tells of a
 * connection.
 *
 * so_snd holds what was sent and is not acknowledged.  lwIP is given it without a
 * copy, and keeps pointers into it: what it has been given (ts_given bytes, from
 * the front) stays until it says that the other side has it, or that the
 * connection is gone.
 */
#include "inet.h"

/* The most that one call gives to lwIP. */
#define	WRITE_MOST	0xffffU

/* Lets go of the connection's state; the socket may go, too. */
void
inet_tcp_forget(struct tcpsock *ts)
{
	struct socket *so = ts->ts_so;
	int detached = ts->ts_flags & TS_DETACHED;

	KASSERT(ts->ts_pcb == NULL);
	so->so_pcb = NULL;
	free(ts, M_PCB);
	if (detached)
		sofree(so);
}

/* The connection is lwIP's alone from now on, or nobody's. */
static void
unhook(struct tcpsock *ts)
{
	struct tcp_pcb *pcb = ts->ts_pcb;

	ts->ts_pcb = NULL;
	if (pcb == NULL)
		return;
	tcp_arg(pcb, NULL);
	if (pcb->state == LISTEN)
		return;
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
	tcp_poll(pcb, NULL, 0);
}

/* Ends the connection by a reset. */
void
inet_tcp_end(struct tcpsock *ts)
{
	struct tcp_pcb *pcb = ts->ts_pcb;

	if (pcb == NULL)
		return;
	unhook(ts);
	if (ts->ts_flags & TS_LISTEN)
		(void)tcp_close(pcb);
	else
		tcp_abort(pcb);
	ts->ts_given = 0;
}

/*
 * Everything is with the other side, and it knows that there is no more: a
 * connection without a file is left to lwIP, which has no pointer of ours then.
 */
static void
finished(struct tcpsock *ts)
{
	struct socket *so = ts->ts_so;

	if ((ts->ts_flags & TS_FINGIVEN) == 0 || so->so_snd.sb_cc != 0)
		return;
	if (so->so_state & SS_ISDISCONNECTING)
		soisdisconnected(so);
	if (ts->ts_flags & TS_DETACHED) {
		unhook(ts);
		inet_tcp_forget(ts);
	}
}

/* Ends what is sent; with the file gone, what is received, too. */
static void
give_fin(struct tcpsock *ts)
{
	struct tcp_pcb *pcb = ts->ts_pcb;

	if ((ts->ts_flags & (TS_FIN | TS_FINGIVEN)) != TS_FIN)
		return;
	ts->ts_flags |= TS_FINGIVEN;
	if ((ts->ts_flags & TS_DETACHED) == 0) {
		/* No memory: lwIP tries again by itself. */
		(void)tcp_shutdown(pcb, 0, 1);
		return;
	}
	/* Nothing is unread, or tcp_close() would free the pcb behind us. */
	if (pcb->refused_data != NULL) {
		(void)pbuf_free(pcb->refused_data);
		pcb->refused_data = NULL;
	}
	pcb->rcv_wnd = TCP_WND_MAX(pcb);
	(void)tcp_close(pcb);
}

/*
 * Small pieces go out at once to a program of this kernel: nothing is saved by
 * waiting for more (RFC 896), and it may acknowledge what it got late.
 */
static void
output(struct tcp_pcb *pcb)
{
	int isheld = !tcp_nagle_disabled(pcb) &&
	    (ip_addr_isloopback(&pcb->remote_ip) ||
	    ip_addr_eq(&pcb->remote_ip, &pcb->local_ip));

	if (isheld)
		tcp_nagle_disable(pcb);
	(void)tcp_output(pcb);
	if (isheld)
		tcp_nagle_enable(pcb);
}

/* Gives lwIP as much of so_snd as it takes. */
void
inet_tcp_push(struct tcpsock *ts)
{
	struct sockbuf *sb = &ts->ts_so->so_snd;
	struct tcp_pcb *pcb = ts->ts_pcb;
	u_int off = ts->ts_given, n;
	struct mbuf *m;

	if (pcb == NULL || (ts->ts_flags & TS_FINGIVEN))
		return;
	if (pcb->state != ESTABLISHED && pcb->state != CLOSE_WAIT)
		return;
	for (m = sb->sb_mb; m != NULL && off >= m->m_len; m = m->m_next)
		off -= m->m_len;
	while (m != NULL && ts->ts_given != sb->sb_cc) {
		n = MIN(MIN(m->m_len - off, tcp_sndbuf(pcb)), WRITE_MOST);
		if (n == 0 || tcp_write(pcb, m->m_data + off, (u16_t)n,
		    ts->ts_given + n != sb->sb_cc ? TCP_WRITE_FLAG_MORE : 0) !=
		    ERR_OK)
			break;		/* the next acknowledgement goes on */
		ts->ts_given += n;
		if ((off += n) == m->m_len) {
			m = m->m_next;
			off = 0;
		}
	}
	if (ts->ts_given == sb->sb_cc)
		give_fin(ts);
	if (ts->ts_pcb != NULL && !((ts->ts_flags & TS_FINGIVEN) &&
	    (ts->ts_flags & TS_DETACHED)))
		output(pcb);
	finished(ts);
}

/*
 * A pcb in TIME_WAIT goes without a word: it is let go before, and the socket is
 * one whose connection is over.
 */
static int
leave_wait(struct tcpsock *ts)
{

	if (ts->ts_pcb == NULL || ts->ts_pcb->state != TIME_WAIT)
		return (0);
	unhook(ts);
	if (ts->ts_flags & TS_DETACHED)
		inet_tcp_forget(ts);
	else
		soisdisconnected(ts->ts_so);
	return (1);
}

/* The other side has len bytes more. */
static err_t
tcp_did_send(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	struct tcpsock *ts = arg;
	struct socket *so = ts->ts_so;
	u_int n = MIN(len, ts->ts_given);	/* not the SYN, nor the FIN */

	(void)pcb;
	if (n > so->so_snd.sb_cc)
		n = so->so_snd.sb_cc;
	if (n != 0) {
		sbdrop(&so->so_snd, n);
		ts->ts_given -= n;
		if ((ts->ts_flags & TS_DETACHED) == 0 && sowritable(so))
			sowwakeup(so);
	}
	if ((ts->ts_flags & TS_FINGIVEN) == 0)
		inet_tcp_push(ts);
	else if (!leave_wait(ts))
		finished(ts);
	return (ERR_OK);
}

/* Small pieces are copied, so that each does not keep a packet. */
#define	COPY_MOST	512U

static int
append_copy(struct sockbuf *sb, const struct pbuf *p)
{
	struct mbuf *m = sb->sb_mbtail;

	if (m != NULL && M_TRAILINGSPACE(m) >= p->tot_len) {
		(void)pbuf_copy_partial(p, m->m_data + m->m_len, p->tot_len, 0);
		m->m_len += p->tot_len;
		sb->sb_cc += p->tot_len;
		return (1);
	}
	if ((m = m_get(COPY_MOST * 4, MT_DATA)) == NULL)
		return (0);
	m->m_len = pbuf_copy_partial(p, m->m_data, p->tot_len, 0);
	sbappendstream(sb, m);
	return (1);
}

/* Bytes came, or (p == NULL) there will be no more. */
static err_t
tcp_did_receive(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
	struct tcpsock *ts = arg;
	struct socket *so = ts->ts_so;
	struct mbuf *m;

	(void)error;
	if (p == NULL) {
		if ((ts->ts_flags & TS_DETACHED) == 0)
			socantrcvmore(so);
		(void)leave_wait(ts);
		return (ERR_OK);
	}
	if ((ts->ts_flags & TS_DETACHED) || (so->so_state & SS_CANTRCVMORE)) {
		tcp_recved(pcb, p->tot_len);
		(void)pbuf_free(p);
		return (ERR_OK);
	}
	if (p->tot_len <= COPY_MOST) {
		if (!append_copy(&so->so_rcv, p))
			return (ERR_MEM);	/* lwIP keeps it and asks again */
		(void)pbuf_free(p);
	} else {
		if ((m = inet_mbuf(p)) == NULL)
			return (ERR_MEM);
		sbappendstream(&so->so_rcv, m);
	}
	sorwakeup(so);
	return (ERR_OK);
}

/* The connection is gone, and its pcb is freed already. */
static void
tcp_did_fail(void *arg, err_t error)
{
	struct tcpsock *ts = arg;
	struct socket *so = ts->ts_so;
	int value = inet_error(error);

	ts->ts_pcb = NULL;
	ts->ts_given = 0;
	if (ts->ts_flags & TS_DETACHED) {
		inet_tcp_forget(ts);
		return;
	}
	if (error == ERR_ABRT)
		value = ETIMEDOUT;	/* it gave up sending */
	else if (so->so_state & SS_ISCONNECTING)
		value = ECONNREFUSED;
	sbflush(&so->so_snd, so->so_domain);
	if (error != ERR_CLSD)
		so->so_error = (u_short)value;
	soisdisconnected(so);
}

/* Twice a second: what could not be given for want of memory. */
static err_t
tcp_did_tick(void *arg, struct tcp_pcb *pcb)
{
	struct tcpsock *ts = arg;

	(void)pcb;
	if (ts->ts_given != ts->ts_so->so_snd.sb_cc)
		inet_tcp_push(ts);
	return (ERR_OK);
}

void
inet_tcp_setup(struct tcpsock *ts)
{
	struct tcp_pcb *pcb = ts->ts_pcb;

	tcp_arg(pcb, ts);
	tcp_recv(pcb, tcp_did_receive);
	tcp_sent(pcb, tcp_did_send);
	tcp_err(pcb, tcp_did_fail);
	tcp_poll(pcb, tcp_did_tick, 1);
}

err_t
inet_tcp_connected(void *arg, struct tcp_pcb *pcb, err_t error)
{
	struct tcpsock *ts = arg;

	(void)pcb;
	(void)error;		/* never but ERR_OK */
	soisconnected(ts->ts_so);
	return (ERR_OK);
}

/* A connection came in: it waits for accept(2). */
err_t
inet_tcp_accepted(void *arg, struct tcp_pcb *pcb, err_t error)
{
	struct tcpsock *head = arg, *ts;
	struct socket *so;

	if (error != ERR_OK || pcb == NULL || head == NULL)
		return (ERR_VAL);
	if ((so = sonewconn(head->ts_so)) == NULL)
		return (ERR_MEM);	/* lwIP resets it */
	ts = tcpsock_of(so);
	ts->ts_pcb = pcb;
	ts->ts_flags &= ~TS_NEW;
	ts->ts_flags |= TS_WAITING;
	tcp_backlog_delayed(pcb);
	inet_tcp_setup(ts);
	soisconnected(so);
	return (ERR_OK);
}
