/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * local_usrreq.c: the protocols of AF_LOCAL: what is sent goes straight into the
 * peer's so_rcv, and whoever sends waits for room there.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include "local.h"

/* Bytes of the queues; a message and what it costs fits into so_rcv. */
#define	LOCAL_SENDSPACE	65536
#define	LOCAL_RECVSPACE	65536
#define	LOCAL_RECORDS	131072		/* so_rcv, of messages */

struct unplist local_pcbs = LIST_HEAD_INITIALIZER(local_pcbs);

static const struct rump_sockaddr_un noname = {
	.sun_len = offsetof(struct rump_sockaddr_un, sun_path),
	.sun_family = RUMP_AF_LOCAL,
};

static int
local_attach(struct socket *so, int proto)
{
	struct unpcb *unp;

	(void)proto;
	unp = malloc(sizeof(*unp), M_PCB, M_WAITOK | M_CANFAIL | M_ZERO);
	if (unp == NULL)
		return (ENOBUFS);
	/* A connection that came in has the sizes of who listens. */
	if (so->so_snd.sb_hiwat == 0)
		(void)soreserve(so, LOCAL_SENDSPACE,
		    so->so_proto->pr_flags & PR_ATOMIC ? LOCAL_RECORDS :
		    LOCAL_RECVSPACE);
	unp->unp_socket = so;
	LIST_INIT(&unp->unp_refs);
	LIST_INSERT_HEAD(&local_pcbs, unp, unp_all);
	so->so_pcb = unp;
	return (0);
}

static void
local_detach(struct socket *so)
{
	struct unpcb *unp = sotounpcb(so), *ref;
	struct vnode *vp = unp->unp_vnode;

	local_disconnect(unp);
	while ((ref = LIST_FIRST(&unp->unp_refs)) != NULL)
		local_drop(ref, ECONNRESET);
	if (vp != NULL)
		vp->v_socket = NULL;
	LIST_REMOVE(unp, unp_all);
	so->so_pcb = NULL;
	if (unp->unp_addr != NULL)
		free(unp->unp_addr, M_PCB);
	free(unp, M_PCB);
	if (vp != NULL)
		vrele(vp);
}

static int
local_listen(struct socket *so, int backlog)
{
	struct unpcb *unp = sotounpcb(so);

	(void)backlog;
	if (unp->unp_vnode == NULL)
		return (EINVAL);
	local_id(&unp->unp_id, curproc);
	unp->unp_flags |= UNP_HASID;
	return (0);
}

static int
local_pr_disconnect(struct socket *so)
{

	local_disconnect(sotounpcb(so));
	return (0);
}

static int
local_shutdown(struct socket *so)
{
	struct unpcb *peer = sotounpcb(so)->unp_conn;

	if (peer != NULL && so->so_type != RUMP_SOCK_DGRAM)
		socantrcvmore(peer->unp_socket);
	return (0);
}

static int
local_abort(struct socket *so)
{

	local_drop(sotounpcb(so), ECONNABORTED);
	return (0);
}

static u_int
local_space(const struct socket *so)
{
	const struct unpcb *peer = sotounpcb(so)->unp_conn;
	const struct sockbuf *rcv;
	u_int n;

	/* Where it cannot succeed it is to fail, not to wait. */
	if (peer == NULL || (peer->unp_socket->so_state & SS_CANTRCVMORE))
		return (so->so_snd.sb_hiwat);
	rcv = &peer->unp_socket->so_rcv;
	n = sbspace(rcv);
	if ((so->so_proto->pr_flags & PR_ATOMIC) == 0)
		return (n);
	if (rcv->sb_records == 0)
		return (MAX(n, so->so_snd.sb_hiwat));
	return (n > SB_RECORD_COST ? n - SB_RECORD_COST : 0);
}

static void
local_rcvd(struct socket *so, u_int n)
{
	struct unpcb *unp = sotounpcb(so), *ref;

	(void)n;
	if (so->so_type != RUMP_SOCK_DGRAM) {
		if (unp->unp_conn != NULL)
			sowwakeup(unp->unp_conn->unp_socket);
		return;
	}
	LIST_FOREACH(ref, &unp->unp_refs, unp_reflink)
		sowwakeup(ref->unp_socket);
}

/* A message for so2, which the caller holds.  On failure it is still its. */
static int
deliver(struct socket *so, struct socket *so2, struct mbuf *m,
    struct mbuf *control)
{
	const struct rump_sockaddr_un *from = sotounpcb(so)->unp_addr;
	struct sockbuf *rcv = &so2->so_rcv;

	if (so2->so_state & SS_CANTRCVMORE)
		return (EPIPE);
	if (m_length(m) + m_length(control) + SB_RECORD_COST > rcv->sb_hiwat)
		return (EMSGSIZE);
	if (from == NULL)
		from = &noname;
	if (!sbappendrecord(rcv, so->so_type == RUMP_SOCK_DGRAM ?
	    (const struct sockaddr *)(const void *)from : NULL, m, control))
		return (ENOBUFS);
	sorwakeup(so2);
	if (control != NULL)
		local_sent(control);
	return (0);
}

static int
send_stream(struct socket *so, struct mbuf *m, struct mbuf *control)
{
	struct unpcb *peer = sotounpcb(so)->unp_conn;

	if (peer == NULL)
		return (ENOTCONN);
	if (peer->unp_socket->so_state & SS_CANTRCVMORE)
		return (EPIPE);
	if (control != NULL)
		control->m_next = m;
	sbappendstream(&peer->unp_socket->so_rcv, control != NULL ? control : m);
	sorwakeup(peer->unp_socket);
	if (control != NULL)
		local_sent(control);
	return (0);
}

static int
send_message(struct socket *so, struct mbuf *m, const struct sockaddr *to,
    struct mbuf *control)
{
	struct unpcb *peer = sotounpcb(so)->unp_conn;
	struct socket *so2;
	int error;

	if (to != NULL && so->so_type == RUMP_SOCK_DGRAM) {
		error = local_find(to, so->so_type, curproc, &so2);
		if (error != 0)
			return (error);
	} else if (peer != NULL) {
		so2 = peer->unp_socket;
		so2->so_refs++;
	} else {
		return (ENOTCONN);
	}
	error = deliver(so, so2, m, control);
	sofree(so2);
	return (error);
}

static int
local_send(struct socket *so, struct mbuf *m, const struct sockaddr *to,
    struct mbuf *control, int flags)
{
	int error;

	(void)flags;
	error = so->so_proto->pr_flags & PR_ATOMIC ?
	    send_message(so, m, to, control) : send_stream(so, m, control);
	if (error != 0) {
		m_freem(m);
		if (control != NULL) {
			local_dispose(control);
			m_freem(control);
		}
	}
	return (error);
}

static int
name_of(const struct unpcb *unp, struct sockaddr_storage *ss)
{
	const struct rump_sockaddr_un *sun = unp->unp_addr;

	if (sun == NULL)
		sun = &noname;
	memcpy(ss, sun, sun->sun_len);
	return (0);
}

static int
local_sockaddr(struct socket *so, struct sockaddr_storage *ss)
{

	return (name_of(sotounpcb(so), ss));
}

static int
local_peeraddr(struct socket *so, struct sockaddr_storage *ss)
{
	const struct unpcb *peer = sotounpcb(so)->unp_conn;

	return (peer == NULL ? ENOTCONN : name_of(peer, ss));
}

static int
local_ctloutput(struct socket *so, int isset, struct sockopt *sopt)
{
	const struct unpcb *unp = sotounpcb(so);

	/* More room for what others send: they may wait for it. */
	if (isset && sopt->sopt_level == RUMP_SOL_SOCKET &&
	    sopt->sopt_name == RUMP_SO_RCVBUF)
		local_rcvd(so, 0);
	if (isset || sopt->sopt_level != 0 ||
	    sopt->sopt_name != RUMP_LOCAL_PEEREID)
		return (ENOPROTOOPT);
	if ((unp->unp_flags & UNP_HASPEERID) == 0)
		return (EINVAL);
	sopt->sopt_size = MIN(sopt->sopt_size, sizeof(unp->unp_peerid));
	memcpy(sopt->sopt_data, &unp->unp_peerid, sopt->sopt_size);
	return (0);
}

#define	LOCAL_PROTOSW(type, flags) {					\
	.pr_type = (type),						\
	.pr_flags = PR_WANTRCVD | PR_RIGHTS | (flags),			\
	.pr_attach = local_attach,					\
	.pr_detach = local_detach,					\
	.pr_bind = local_bind,						\
	.pr_listen = local_listen,					\
	.pr_connect = local_connect,					\
	.pr_connect2 = local_connect2,					\
	.pr_disconnect = local_pr_disconnect,				\
	.pr_shutdown = local_shutdown,					\
	.pr_abort = local_abort,					\
	.pr_space = local_space,					\
	.pr_rcvd = local_rcvd,						\
	.pr_send = local_send,						\
	.pr_sockaddr = local_sockaddr,					\
	.pr_peeraddr = local_peeraddr,					\
	.pr_ctloutput = local_ctloutput,				\
}

const struct protosw local_protosw[3] = {
	LOCAL_PROTOSW(RUMP_SOCK_STREAM, PR_CONNREQUIRED | PR_LISTEN),
	LOCAL_PROTOSW(RUMP_SOCK_DGRAM, PR_ATOMIC | PR_ADDR),
	LOCAL_PROTOSW(RUMP_SOCK_SEQPACKET,
	    PR_ATOMIC | PR_CONNREQUIRED | PR_LISTEN),
};
