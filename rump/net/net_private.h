/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net_private.h: what the files of rump/net know of each other.
 */
#ifndef _NET_PRIVATE_H_
#define	_NET_PRIVATE_H_

#include <sys/socketvar.h>

/* All of them. */
extern LIST_HEAD(net_socketlist, socket) net_sockets;

/* uipc_sockbuf.c */
struct mbuf *sbtakerecord(struct sockbuf *);
void	net_freerecord(struct mbuf *, struct domain *);

/* uipc_socket2.c */
struct socket *soalloc(struct domain *, const struct protosw *, struct proc *);
struct socket *net_firstconn(const struct socket *);
u_int	net_sendspace(const struct socket *);

#define	SOMAXCONN_MOST	4096	/* connections that wait for accept, at most */

/* uipc_syscalls.c */
int	net_getname(struct sockaddr_storage *, const void *, uint32_t);
int	net_putname(const void *, u_int, void *, uint32_t *);

/* A socket in a descriptor of p that is allocated: makes the open file. */
int	socket_file(struct socket *, int flags, struct proc *, int *fd);

#endif /* _NET_PRIVATE_H_ */
