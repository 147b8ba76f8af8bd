/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * protosw.h: what a protocol does for the socket layer, and a domain's list of
 * its protocols.
 *
 * Every function is called on the virtual CPU and returns 0 or an errno, unless
 * it says otherwise.  They may sleep for memory; those that take an address also
 * to look a name up: whoever called looks at everything again.
 */
#ifndef _SYS_PROTOSW_H_
#define	_SYS_PROTOSW_H_

#include <sys/socket.h>
#include <sys/queue.h>

struct mbuf;
struct proc;
struct socket;

/* An option on its way. */
struct sockopt {
	int sopt_level;
	int sopt_name;
	void *sopt_data;		/* in the kernel */
	size_t sopt_size;		/* room; on the way out: what was set */
};

struct protosw {
	int pr_type;			/* SOCK_* */
	int pr_protocol;		/* 0: any, for raw sockets */
	int pr_flags;			/* PR_* */

	/* A new socket; so_pcb is the protocol's.  sonewconn() calls it, too. */
	int (*pr_attach)(struct socket *, int proto);
	/* The socket goes; a connection may go on without it. */
	void (*pr_detach)(struct socket *);
	int (*pr_bind)(struct socket *, const struct sockaddr *, struct proc *);
	int (*pr_listen)(struct socket *, int backlog);
	/* A connection was taken from the queue. */
	int (*pr_accept)(struct socket *);
	int (*pr_connect)(struct socket *, const struct sockaddr *,
	    struct proc *);
	int (*pr_connect2)(struct socket *, struct socket *);
	int (*pr_disconnect)(struct socket *);
	/* Nothing more is sent (socantsendmore() was called). */
	int (*pr_shutdown)(struct socket *);
	int (*pr_abort)(struct socket *);
	/*
	 * Bytes that pr_send would take now; NULL: what so_snd has room for.  With
	 * PR_ATOMIC at least so_snd.sb_hiwat where any message may be tried.
	 */
	u_int (*pr_space)(const struct socket *);
	/* n bytes were taken from so_rcv. */
	void (*pr_rcvd)(struct socket *, u_int n);
	/*
	 * Sends; the mbufs are the protocol's from now on, errors included.  An
	 * empty message is an mbuf without bytes.
	 */
	int (*pr_send)(struct socket *, struct mbuf *,
	    const struct sockaddr *to, struct mbuf *control, int flags);
	int (*pr_sockaddr)(struct socket *, struct sockaddr_storage *);
	int (*pr_peeraddr)(struct socket *, struct sockaddr_storage *);
	/* ENOPROTOOPT for what it does not have. */
	int (*pr_ctloutput)(struct socket *, int isset, struct sockopt *);
	/* ENOTTY likewise. */
	int (*pr_ioctl)(struct socket *, u_long cmd, void *data, struct proc *);
};

#define	PR_ATOMIC	0x01		/* a call is a message */
#define	PR_ADDR		0x02		/* every message has an address */
#define	PR_CONNREQUIRED	0x04		/* sends only when connected */
#define	PR_WANTRCVD	0x08		/* has pr_rcvd */
#define	PR_RIGHTS	0x10		/* passes descriptors */
#define	PR_LISTEN	0x20		/* may listen */

struct domain {
	int dom_family;
	const struct protosw *dom_protosw, *dom_protoswend;
	/* Control messages with rights: made on the way in, taken out, freed. */
	int (*dom_internalize)(struct mbuf **, struct proc *);
	int (*dom_externalize)(struct mbuf *, struct proc *, int cloexec);
	void (*dom_dispose)(struct mbuf *);
	/* Takes back what was taken out: the caller had no room for it. */
	void (*dom_unexternalize)(struct mbuf *, struct proc *);
	/* Only messages refer to the socket's file now; or NULL. */
	void (*dom_adrift)(struct socket *);
	SLIST_ENTRY(domain) dom_list;
};

void	domain_add(struct domain *);
struct domain *domain_find(int family);
/* EAFNOSUPPORT, EPROTOTYPE or EPROTONOSUPPORT where there is none. */
int	protosw_find(int family, int type, int protocol,
	    const struct protosw **, struct domain **);

#endif /* _SYS_PROTOSW_H_ */
