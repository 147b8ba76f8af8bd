/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * local.h: what a socket of AF_LOCAL is, and what the files of net/local know of
 * each other.
 */
#ifndef _LOCAL_H_
#define	_LOCAL_H_

#include <sys/queue.h>
#include <sys/socketvar.h>

struct file;
struct vnode;

/* All fields belong to the virtual CPU. */
struct unpcb {
	struct socket *unp_socket;
	struct vnode *unp_vnode;	/* its name; in use by it; or NULL */
	struct rump_sockaddr_un *unp_addr;	/* or NULL */
	/*
	 * The peer.  Of two streams each has the other; a datagram socket is on
	 * its peer's list, which may have none, or another.
	 */
	struct unpcb *unp_conn;
	LIST_HEAD(, unpcb) unp_refs;
	LIST_ENTRY(unpcb) unp_reflink;
	int unp_flags;			/* UNP_* */
	struct rump_unpcbid unp_id;	/* whoever listens, */
	struct rump_unpcbid unp_peerid;	/* and whoever connected */
	LIST_ENTRY(unpcb) unp_all;
	struct file *unp_file;		/* set when it goes into a message */
	/* local_gc.c */
	int unp_found;			/* references to it in queues */
	SLIST_ENTRY(unpcb) unp_work;
};
#define	UNP_BINDING	0x01		/* bind is under way */
#define	UNP_HASID	0x02		/* unp_id is set */
#define	UNP_HASPEERID	0x04
#define	UNP_REACHED	0x08		/* local_gc.c */

#define	sotounpcb(so)	((struct unpcb *)(so)->so_pcb)

LIST_HEAD(unplist, unpcb);
extern struct unplist local_pcbs;	/* all of them */
extern struct domain local_domain;

/* local_usrreq.c */
extern const struct protosw local_protosw[3];

/* local_connect.c */
int	local_bind(struct socket *, const struct sockaddr *, struct proc *);
int	local_connect(struct socket *, const struct sockaddr *, struct proc *);
int	local_connect2(struct socket *, struct socket *);
/* The socket of a name; so_refs counts it for the caller. */
int	local_find(const struct sockaddr *, int type, struct proc *,
	    struct socket **);
void	local_disconnect(struct unpcb *);
/* What it was connected to, or waited for, is gone. */
void	local_drop(struct unpcb *, int error);
void	local_id(struct rump_unpcbid *, struct proc *);

/* local_rights.c */
int	local_internalize(struct mbuf **, struct proc *);
int	local_externalize(struct mbuf *, struct proc *, int cloexec);
void	local_unexternalize(struct mbuf *, struct proc *);
void	local_dispose(struct mbuf *);

/* local_gc.c */
void	local_adrift(struct socket *);
/* A message was put into a queue; it may be gone afterwards, as may the peer. */
void	local_sent(const struct mbuf *control);

#endif /* _LOCAL_H_ */
