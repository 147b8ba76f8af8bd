/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socketvar.h: sockets inside the kernel.
 *
 * A socket is used by one open file, by the queue of the listening socket that it
 * waits in, or by a protocol that finishes a connection without it.  All fields
 * belong to the virtual CPU, and whoever slept looks at all of it again.
 */
#ifndef _SYS_SOCKETVAR_H_
#define	_SYS_SOCKETVAR_H_

#include <sys/types.h>
#include <sys/event.h>
#include <sys/mbuf.h>
#include <sys/protosw.h>
#include <sys/queue.h>

struct file;
struct proc;
struct ucred;
struct uio;

/* A queue of bytes, or of records. */
struct sockbuf {
	u_int sb_cc;			/* bytes */
	u_int sb_records;		/* of protocols with PR_ATOMIC */
	u_int sb_hiwat;			/* most bytes */
	u_int sb_lowat;			/* fewest that are an event */
	int sb_flags;			/* SB_* */
	int sb_locked;			/* one call at a time takes or puts */
	int64_t sb_timeo;		/* nanoseconds; 0: for ever */
	struct mbuf *sb_mb;		/* the first record */
	struct mbuf *sb_lastrecord;
	struct mbuf *sb_mbtail;		/* last mbuf of the last record */
	struct klist sb_note;
};
#define	SB_MAX		(16U << 20)	/* what SO_SNDBUF may ask for */

struct socket {
	short so_type;
	short so_options;		/* SO_* below 0x1000 */
	short so_linger;		/* seconds */
	u_short so_error;		/* for the next call */
	int so_state;			/* SS_* */
	int so_refs;			/* file, queue, calls under way */
	void *so_pcb;
	const struct protosw *so_proto;
	struct domain *so_domain;
	struct socket *so_head;		/* whose queue it waits in */
	LIST_ENTRY(socket) so_all;
	TAILQ_ENTRY(socket) so_qe;
	TAILQ_HEAD(, socket) so_q;	/* connections to accept */
	int so_qlen, so_qlimit;
	struct sockbuf so_rcv, so_snd;
	struct ucred *so_cred;		/* whoever made it; one reference */
	pid_t so_pid;
};
#define	SS_ISCONNECTED		0x001
#define	SS_ISCONNECTING		0x002
#define	SS_ISDISCONNECTING	0x004
#define	SS_CANTSENDMORE		0x008
#define	SS_CANTRCVMORE		0x010
#define	SS_NOFDREF		0x040	/* no file any more, or not yet */
#define	SS_ISDISCONNECTED	0x080
#define	SS_ABORTING		0x100

/* Nobody is to wait any more: the kernel is about to end. */
extern int net_ended;

/* uipc_socket.c */
int	socreate(int family, int type, int protocol, struct proc *,
	    struct socket **);
int	soclose(struct socket *);
void	sofree(struct socket *);	/* drops a reference */
int	sobind(struct socket *, const struct sockaddr *, struct proc *);
int	solisten(struct socket *, int backlog);
int	soconnect(struct socket *, const struct sockaddr *, struct proc *);
int	sodisconnect(struct socket *);
int	soshutdown(struct socket *, int how);
int	sosetopt(struct socket *, struct sockopt *);
int	sogetopt(struct socket *, struct sockopt *);

/* uipc_transfer.c.  to, control, from: or NULL; *flagsp in and out. */
int	sosend(struct socket *, const struct sockaddr *to, struct uio *,
	    struct mbuf *control, int flags, struct proc *);
int	soreceive(struct socket *, struct mbuf **from, struct uio *,
	    struct mbuf **control, int *flagsp, struct proc *);

/*
 * uipc_socket2.c: for protocols.  A connection that came in is made with
 * sonewconn(head): it waits for accept once it is connected.  NULL: the queue is
 * full, or there is no memory.
 */
struct socket *sonewconn(struct socket *head);
void	soisconnecting(struct socket *);
void	soisconnected(struct socket *);
void	soisdisconnecting(struct socket *);
void	soisdisconnected(struct socket *);
void	socantsendmore(struct socket *);
void	socantrcvmore(struct socket *);
void	soerror(struct socket *, int error);	/* for the next call; tells */
void	sorwakeup(struct socket *);
void	sowwakeup(struct socket *);
int	soreserve(struct socket *, u_int snd, u_int rcv);
int	soreadable(const struct socket *);
int	sowritable(const struct socket *);

/* uipc_sockbuf.c */
int	sbwait(struct socket *, struct sockbuf *, int64_t deadline);
int	sblock(struct socket *, struct sockbuf *, int wait);
void	sbunlock(struct sockbuf *);
u_int	sbspace(const struct sockbuf *);
void	sbappendstream(struct sockbuf *, struct mbuf *);
/* A record with its address and control, each or NULL; 0: no room. */
int	sbappendrecord(struct sockbuf *, const struct sockaddr *,
	    struct mbuf *data, struct mbuf *control);
void	sbdrop(struct sockbuf *, u_int n);
void	sbdroprecord(struct sockbuf *, struct domain *);
void	sbflush(struct sockbuf *, struct domain *);

/* uipc_syscalls.c */
int	getsock(struct proc *, int fd, struct file **, struct socket **);
int	sockargs(struct mbuf **, const void *, size_t, int type);

/* sys_socket.c */
extern const struct fileops socketops;

#endif /* _SYS_SOCKETVAR_H_ */
