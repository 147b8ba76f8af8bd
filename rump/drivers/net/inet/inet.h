/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet.h: what the files of net/inet know of each other.
 *
 * lwIP runs on the virtual CPU like everything in the kernel: no lock guards it,
 * and no function here sleeps inside it.
 */
#ifndef _INET_H_
#define	_INET_H_

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/malloc.h>
#include <sys/mbuf.h>
#include <sys/proc.h>
#include <sys/protosw.h>
#include <sys/socketvar.h>

#include "lwip/opt.h"
#include "lwip/ip.h"
#include "lwip/ip_addr.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"
#include "lwip/raw.h"

/*
 * A TCP socket's other half, which outlives the socket while what was sent is
 * not acknowledged: ts_so stays, as so_snd holds the bytes.
 */
struct tcpsock {
	struct socket *ts_so;
	struct tcp_pcb *ts_pcb;		/* NULL: none yet, or none any more */
	u_int ts_given;			/* bytes of so_snd that lwIP has */
	int ts_flags;			/* TS_* */
};
#define	TS_LISTEN	0x01
#define	TS_FIN		0x02		/* after what so_snd holds */
#define	TS_FINGIVEN	0x04
#define	TS_DETACHED	0x08		/* the socket's file is gone */
#define	TS_WAITING	0x10		/* counted in the backlog */
#define	TS_NEW		0x20		/* of sonewconn(): its pcb comes */

#define	tcpsock_of(so)	((struct tcpsock *)(so)->so_pcb)

/* Buffers of new sockets, in bytes. */
#define	INET_TCP_SPACE	(512U * 1024)
#define	INET_UDP_SPACE	(256U * 1024)

/* inet_addr.c */
int	inet_error(err_t);
/* An address and port of the socket's family; EAFNOSUPPORT, EINVAL. */
int	inet_getaddr(const struct socket *, const struct sockaddr *, ip_addr_t *,
	    u16_t *port);
void	inet_putaddr(const struct socket *, const ip_addr_t *, u16_t port,
	    struct sockaddr_storage *);
u8_t	inet_type(const struct socket *);	/* IPADDR_TYPE_* of its family */
int	inet_islocal(const ip_addr_t *);	/* may be bound to */
int	inet_portcheck(u16_t port, struct proc *);

/* inet_init.c: after every call into lwIP: what it made to be done. */
void	inet_kick(void);
/* Ours for mbufs that pbufs are under. */
struct mbuf *inet_mbuf(struct pbuf *);
struct pbuf *inet_pbuf(const struct mbuf *, pbuf_layer, u_int len);

/* inet_opt.c: options of every protocol here, on the common part of its pcb. */
int	inet_ctloutput(struct socket *, struct ip_pcb *, int isset,
	    struct sockopt *);
int	sopt_getint(const struct sockopt *, int *);
int	sopt_putint(struct sockopt *, int);

/* inet_mcast.c: groups of UDP's sockets. */
int	inet_mcast_ctloutput(struct socket *, struct udp_pcb *, int isset,
	    struct sockopt *);
void	inet_mcast_leave(const struct socket *);

/* inet_tcp.c, inet_tcp_io.c */
void	inet_tcp_setup(struct tcpsock *);
void	inet_tcp_forget(struct tcpsock *);
void	inet_tcp_push(struct tcpsock *);
void	inet_tcp_end(struct tcpsock *);
err_t	inet_tcp_accepted(void *, struct tcp_pcb *, err_t);
err_t	inet_tcp_connected(void *, struct tcp_pcb *, err_t);
int	inet_tcp_ctloutput(struct socket *, int isset, struct sockopt *);
extern const struct protosw inet_tcp_protosw;
extern const struct protosw inet_udp_protosw;
extern const struct protosw inet_raw_protosw;

#endif /* _INET_H_ */
