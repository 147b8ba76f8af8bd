/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uipc_socket2.c: states of sockets, as protocols change them, and who hears of
 * it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/malloc.h>
#include <sys/pollvar.h>
#include <sys/proc.h>
#include <sys/socketvar.h>
#include <sys/ucred.h>
#include "net_private.h"

struct net_socketlist net_sockets = LIST_HEAD_INITIALIZER(net_sockets);

struct socket *
soalloc(struct domain *dom, const struct protosw *pr, struct proc *p)
{
	struct socket *so;

	so = malloc(sizeof(*so), M_SOCKET, M_WAITOK | M_CANFAIL | M_ZERO);
	if (so == NULL)
		return (NULL);
	so->so_type = (short)pr->pr_type;
	so->so_proto = pr;
	so->so_domain = dom;
	so->so_refs = 1;
	so->so_rcv.sb_lowat = 1;
	so->so_snd.sb_lowat = 1;
	TAILQ_INIT(&so->so_q);
	so->so_cred = p->p_ucred;
	crhold(so->so_cred);
	so->so_pid = p->p_process->pr_pid;
	LIST_INSERT_HEAD(&net_sockets, so, so_all);
	return (so);
}

/* Drops a reference; the last one frees it. */
void
sofree(struct socket *so)
{

	KASSERT(so->so_refs > 0);
	if (--so->so_refs > 0)
		return;
	KASSERT(so->so_pcb == NULL && so->so_head == NULL);
	LIST_REMOVE(so, so_all);
	sbflush(&so->so_rcv, so->so_domain);
	sbflush(&so->so_snd, so->so_domain);
	crfree(so->so_cred);
	free(so, M_SOCKET);
}

struct socket *
sonewconn(struct socket *head)
{
	struct socket *so;

	if (head->so_qlen >= head->so_qlimit)
		return (NULL);
	/* It belongs to whoever listens, not to whoever runs now. */
	head->so_refs++;
	if ((so = soalloc(head->so_domain, head->so_proto, curproc)) == NULL)
		goto out_head;
	crfree(so->so_cred);
	so->so_cred = head->so_cred;
	crhold(so->so_cred);
	so->so_pid = head->so_pid;
	so->so_options = head->so_options & ~RUMP_SO_ACCEPTCONN;
	so->so_linger = head->so_linger;
	so->so_state = SS_NOFDREF;
	so->so_rcv.sb_hiwat = head->so_rcv.sb_hiwat;
	so->so_snd.sb_hiwat = head->so_snd.sb_hiwat;
	so->so_rcv.sb_lowat = head->so_rcv.sb_lowat;
	so->so_snd.sb_lowat = head->so_snd.sb_lowat;
	so->so_rcv.sb_timeo = head->so_rcv.sb_timeo;
	so->so_snd.sb_timeo = head->so_snd.sb_timeo;
	if (so->so_proto->pr_attach(so, 0) != 0)
		goto out_so;
	/* Memory may have made us wait, and the head may be closed by now. */
	if (head->so_qlen >= head->so_qlimit) {
		so->so_proto->pr_detach(so);
		goto out_so;
	}
	so->so_head = head;
	TAILQ_INSERT_TAIL(&head->so_q, so, so_qe);
	head->so_qlen++;
	sofree(head);
	return (so);
out_so:
	sofree(so);
out_head:
	sofree(head);
	return (NULL);
}

void
soisconnecting(struct socket *so)
{

	so->so_state &= ~(SS_ISCONNECTED | SS_ISDISCONNECTING);
	so->so_state |= SS_ISCONNECTING;
}

void
soisconnected(struct socket *so)
{

	so->so_state &= ~(SS_ISCONNECTING | SS_ISDISCONNECTING);
	so->so_state |= SS_ISCONNECTED;
	if (so->so_head != NULL)
		sorwakeup(so->so_head);
	wakeup(&so->so_state);
	sorwakeup(so);
	sowwakeup(so);
}

void
soisdisconnecting(struct socket *so)
{

	so->so_state &= ~SS_ISCONNECTING;
	so->so_state |= SS_ISDISCONNECTING | SS_CANTRCVMORE | SS_CANTSENDMORE;
	wakeup(&so->so_state);
	sorwakeup(so);
	sowwakeup(so);
}

void
soisdisconnected(struct socket *so)
{

	so->so_state &= ~(SS_ISCONNECTING | SS_ISCONNECTED |
	    SS_ISDISCONNECTING);
	so->so_state |= SS_CANTRCVMORE | SS_CANTSENDMORE | SS_ISDISCONNECTED;
	wakeup(&so->so_state);
	sorwakeup(so);
	sowwakeup(so);
}

void
socantsendmore(struct socket *so)
{

	so->so_state |= SS_CANTSENDMORE;
	sowwakeup(so);
}

void
socantrcvmore(struct socket *so)
{

	so->so_state |= SS_CANTRCVMORE;
	sorwakeup(so);
}

void
soerror(struct socket *so, int error)
{

	so->so_error = (u_short)error;
	wakeup(&so->so_state);
	sorwakeup(so);
	sowwakeup(so);
}

/* Something happened to so_rcv: for whoever waits, and for notes. */
void
sorwakeup(struct socket *so)
{

	wakeup(&so->so_rcv);
	KNOTE(&so->so_rcv.sb_note, 0);
	poll_wakeup();
}

void
sowwakeup(struct socket *so)
{

	wakeup(&so->so_snd);
	KNOTE(&so->so_snd.sb_note, 0);
	poll_wakeup();
}

int
soreserve(struct socket *so, u_int snd, u_int rcv)
{

	if (snd > SB_MAX || rcv > SB_MAX)
		return (ENOBUFS);
	so->so_snd.sb_hiwat = snd;
	so->so_rcv.sb_hiwat = rcv;
	return (0);
}

/* Bytes that may be sent now. */
u_int
net_sendspace(const struct socket *so)
{

	return (so->so_proto->pr_space != NULL ? so->so_proto->pr_space(so) :
	    sbspace(&so->so_snd));
}

/* Would a call for reading, or accept, return at once? */
int
soreadable(const struct socket *so)
{

	if (so->so_options & RUMP_SO_ACCEPTCONN)
		return (net_firstconn(so) != NULL || so->so_error != 0);
	return (so->so_error != 0 || (so->so_state & SS_CANTRCVMORE) ||
	    so->so_rcv.sb_records != 0 ||
	    so->so_rcv.sb_cc >= MAX(so->so_rcv.sb_lowat, 1));
}

int
sowritable(const struct socket *so)
{

	if (so->so_error != 0 || (so->so_state & SS_CANTSENDMORE))
		return (1);
	if ((so->so_proto->pr_flags & PR_CONNREQUIRED) &&
	    (so->so_state & SS_ISCONNECTED) == 0)
		return (0);
	return (net_sendspace(so) >= so->so_snd.sb_lowat);
}

/* The first connection that may be accepted: those that wait may be unready. */
struct socket *
net_firstconn(const struct socket *head)
{
	struct socket *so;

	TAILQ_FOREACH(so, &head->so_q, so_qe)
		if (so->so_state & (SS_ISCONNECTED | SS_ISDISCONNECTED |
		    SS_CANTRCVMORE))
			break;
	return (so);
}
