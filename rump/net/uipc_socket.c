/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uipc_socket.c: the life of a socket: socket(2) to close(2), and its options.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/proc.h>
#include <sys/socketvar.h>
#include <sys/ucred.h>
#include <rump/rumpdefs.h>
#include <rump-sys/kmem.h>
#include "net_private.h"

int
socreate(int family, int type, int protocol, struct proc *p,
    struct socket **sop)
{
	const struct protosw *pr;
	struct domain *dom;
	struct socket *so;
	int error;

	if ((error = protosw_find(family, type, protocol, &pr, &dom)) != 0)
		return (error);
	if ((so = soalloc(dom, pr, p)) == NULL)
		return (ENOMEM);
	if ((error = pr->pr_attach(so, protocol)) != 0) {
		sofree(so);
		return (error);
	}
	*sop = so;
	return (0);
}

/* Connections that nobody accepted are cut. */
static void
soclose_queue(struct socket *head)
{
	struct socket *so;

	head->so_qlimit = 0;		/* what follows may sleep: no new ones */
	while ((so = TAILQ_FIRST(&head->so_q)) != NULL) {
		TAILQ_REMOVE(&head->so_q, so, so_qe);
		head->so_qlen--;
		so->so_head = NULL;
		(void)so->so_proto->pr_abort(so);
		if (so->so_pcb != NULL)
			so->so_proto->pr_detach(so);
		sofree(so);
	}
}

/* Waits for what is still to be sent, as long as SO_LINGER says. */
static int
soclose_linger(struct socket *so, int nonblock)
{
	int64_t deadline = monotonic_nsec() + so->so_linger * 1000000000LL;
	int error = 0;

	if ((so->so_options & RUMP_SO_LINGER) == 0 || so->so_linger == 0 ||
	    nonblock)
		return (0);
	while ((so->so_state & SS_ISCONNECTED) && error == 0 && !wait_ended)
		error = tsleep_nsec(&so->so_state, PSOCK | PCATCH, "netcls",
		    deadline - monotonic_nsec() > 0 ?
		    deadline - monotonic_nsec() : 1);
	return (error);
}

/* The file lets go of its socket: the connection may outlive it. */
int
soclose(struct socket *so)
{
	int error = 0, linger0;

	if (so->so_options & RUMP_SO_ACCEPTCONN)
		soclose_queue(so);
	linger0 = (so->so_options & RUMP_SO_LINGER) && so->so_linger == 0;
	if (so->so_pcb != NULL && (so->so_state & SS_ISCONNECTED)) {
		if (linger0) {
			(void)so->so_proto->pr_abort(so);
		} else {
			if ((so->so_state & SS_ISDISCONNECTING) == 0)
				error = sodisconnect(so);
			if (error == 0)
				error = soclose_linger(so, 0);
		}
	}
	so->so_state |= SS_NOFDREF;
	if (so->so_pcb != NULL)
		so->so_proto->pr_detach(so);
	sofree(so);
	return (error == ENOTCONN || error == EWOULDBLOCK ? 0 : error);
}

int
sobind(struct socket *so, const struct sockaddr *nam, struct proc *p)
{

	return (so->so_proto->pr_bind(so, nam, p));
}

int
solisten(struct socket *so, int backlog)
{
	int error;

	if ((so->so_proto->pr_flags & PR_LISTEN) == 0)
		return (EOPNOTSUPP);
	if (so->so_state & (SS_ISCONNECTED | SS_ISCONNECTING |
	    SS_ISDISCONNECTING))
		return (EINVAL);
	backlog = backlog < 0 ? 0 : MIN(backlog, SOMAXCONN_MOST);
	/* Half as many again: as the BSDs do, for those that do not last. */
	if ((error = so->so_proto->pr_listen(so, backlog)) != 0)
		return (error);
	so->so_qlimit = 3 * backlog / 2 + 1;
	so->so_options |= RUMP_SO_ACCEPTCONN;
	return (0);
}

int
soconnect(struct socket *so, const struct sockaddr *nam, struct proc *p)
{
	int error;

	if (so->so_options & RUMP_SO_ACCEPTCONN)
		return (EOPNOTSUPP);
	if (so->so_proto->pr_flags & PR_CONNREQUIRED) {
		if (so->so_state & SS_ISCONNECTED)
			return (EISCONN);
		if (so->so_state & SS_ISCONNECTING)
			return (EALREADY);
		if (so->so_state & SS_ISDISCONNECTED)
			return (EINVAL);
	} else if (so->so_state & SS_ISCONNECTED) {
		/* A datagram socket gets another peer. */
		if ((error = sodisconnect(so)) != 0)
			return (error);
	}
	so->so_error = 0;
	return (so->so_proto->pr_connect(so, nam, p));
}

int
sodisconnect(struct socket *so)
{

	if ((so->so_state & SS_ISCONNECTED) == 0)
		return (ENOTCONN);
	if (so->so_state & SS_ISDISCONNECTING)
		return (EALREADY);
	return (so->so_proto->pr_disconnect(so));
}

int
soshutdown(struct socket *so, int how)
{

	if (how < RUMP_SHUT_RD || how > RUMP_SHUT_RDWR)
		return (EINVAL);
	if ((so->so_state & SS_ISCONNECTED) == 0)
		return (ENOTCONN);
	if (how != RUMP_SHUT_WR) {
		socantrcvmore(so);
		if (so->so_rcv.sb_cc != 0 && (so->so_proto->pr_flags &
		    PR_WANTRCVD)) {
			u_int n = so->so_rcv.sb_cc;

			sbflush(&so->so_rcv, so->so_domain);
			so->so_proto->pr_rcvd(so, n);
		} else {
			sbflush(&so->so_rcv, so->so_domain);
		}
	}
	if (how == RUMP_SHUT_RD)
		return (0);
	socantsendmore(so);
	return (so->so_proto->pr_shutdown(so));
}

static int
sopt_copy(struct sockopt *sopt, const void *data, size_t len)
{

	sopt->sopt_size = MIN(sopt->sopt_size, len);
	memcpy(sopt->sopt_data, data, sopt->sopt_size);
	return (0);
}

/* Every option here but these is an int. */
static int
sosetsize(struct socket *so, int name, int value)
{
	struct sockbuf *sb = name == RUMP_SO_SNDBUF ||
	    name == RUMP_SO_SNDLOWAT ? &so->so_snd : &so->so_rcv;

	if (value < 1)
		return (EINVAL);
	if (name == RUMP_SO_SNDBUF || name == RUMP_SO_RCVBUF) {
		if ((u_int)value > SB_MAX)
			return (ENOBUFS);
		sb->sb_hiwat = (u_int)value;
		if (sb->sb_lowat > sb->sb_hiwat)
			sb->sb_lowat = sb->sb_hiwat;
	} else {
		sb->sb_lowat = MIN((u_int)value, sb->sb_hiwat);
	}
	return (0);
}

#define	SO_FLAGS	(RUMP_SO_DEBUG | RUMP_SO_REUSEADDR |		\
	RUMP_SO_KEEPALIVE | RUMP_SO_DONTROUTE | RUMP_SO_BROADCAST |	\
	RUMP_SO_OOBINLINE | RUMP_SO_REUSEPORT | RUMP_SO_NOSIGPIPE |	\
	RUMP_SO_TIMESTAMP)

static int
sosettimeo(struct socket *so, struct sockopt *sopt)
{
	struct rump_timeval tv;

	if (sopt->sopt_size != sizeof(tv))
		return (EINVAL);
	memcpy(&tv, sopt->sopt_data, sizeof(tv));
	if (tv.tv_sec < 0 || tv.tv_usec < 0 || tv.tv_usec >= 1000000 ||
	    tv.tv_sec > INT_MAX)
		return (EDOM);
	(sopt->sopt_name == RUMP_SO_SNDTIMEO ? &so->so_snd :
	    &so->so_rcv)->sb_timeo =
	    (int64_t)tv.tv_sec * 1000000000 + (int64_t)tv.tv_usec * 1000;
	return (0);
}

static int
sosetlinger(struct socket *so, struct sockopt *sopt)
{
	struct rump_linger l;

	if (sopt->sopt_size != sizeof(l))
		return (EINVAL);
	memcpy(&l, sopt->sopt_data, sizeof(l));
	if (l.l_linger < 0 || l.l_linger > SHRT_MAX)
		return (EDOM);
	so->so_linger = (short)l.l_linger;
	if (l.l_onoff)
		so->so_options |= RUMP_SO_LINGER;
	else
		so->so_options &= ~RUMP_SO_LINGER;
	return (0);
}

/* Is name one of the flags, and only one? */
static int
isoneof(int name, int flags)
{

	return (name > 0 && (name & (name - 1)) == 0 && (name & flags) != 0);
}

int
sosetopt(struct socket *so, struct sockopt *sopt)
{
	int error, value, name = sopt->sopt_name;

	if (sopt->sopt_level != RUMP_SOL_SOCKET)
		return (so->so_proto->pr_ctloutput(so, 1, sopt));
	if (name == RUMP_SO_LINGER)
		return (sosetlinger(so, sopt));
	if (name == RUMP_SO_SNDTIMEO || name == RUMP_SO_RCVTIMEO)
		return (sosettimeo(so, sopt));
	if (sopt->sopt_size != sizeof(value))
		return (EINVAL);
	memcpy(&value, sopt->sopt_data, sizeof(value));
	if (name >= RUMP_SO_SNDBUF && name <= RUMP_SO_RCVLOWAT)
		error = sosetsize(so, name, value);
	else if (!isoneof(name, SO_FLAGS))
		return (ENOPROTOOPT);
	else {
		if (value)
			so->so_options |= (short)name;
		else
			so->so_options &= (short)~name;
		error = 0;
	}
	/* The protocol may want to know; most do not. */
	if (error == 0) {
		error = so->so_proto->pr_ctloutput(so, 1, sopt);
		if (error == ENOPROTOOPT)
			error = 0;
	}
	return (error);
}

int
sogetopt(struct socket *so, struct sockopt *sopt)
{
	const struct sockbuf *sb;
	struct rump_linger l;
	struct rump_timeval tv;
	int value, name = sopt->sopt_name;

	if (sopt->sopt_level != RUMP_SOL_SOCKET)
		return (so->so_proto->pr_ctloutput(so, 0, sopt));
	sb = name == RUMP_SO_SNDBUF || name == RUMP_SO_SNDLOWAT ||
	    name == RUMP_SO_SNDTIMEO ? &so->so_snd : &so->so_rcv;
	switch (name) {
	case RUMP_SO_LINGER:
		l.l_onoff = (so->so_options & RUMP_SO_LINGER) != 0;
		l.l_linger = so->so_linger;
		return (sopt_copy(sopt, &l, sizeof(l)));
	case RUMP_SO_SNDTIMEO:
	case RUMP_SO_RCVTIMEO:
		tv.tv_sec = sb->sb_timeo / 1000000000;
		tv.tv_usec = (int)(sb->sb_timeo % 1000000000 / 1000);
		return (sopt_copy(sopt, &tv, sizeof(tv)));
	case RUMP_SO_SNDBUF:
	case RUMP_SO_RCVBUF:
		value = (int)sb->sb_hiwat;
		break;
	case RUMP_SO_SNDLOWAT:
	case RUMP_SO_RCVLOWAT:
		value = (int)sb->sb_lowat;
		break;
	case RUMP_SO_TYPE:
		value = so->so_type;
		break;
	case RUMP_SO_ERROR:
		value = so->so_error;
		so->so_error = 0;
		break;
	default:
		if (!isoneof(name, SO_FLAGS | RUMP_SO_ACCEPTCONN))
			return (ENOPROTOOPT);
		value = (so->so_options & name) != 0;
		break;
	}
	return (sopt_copy(sopt, &value, sizeof(value)));
}
