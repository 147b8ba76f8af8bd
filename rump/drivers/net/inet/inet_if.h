/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * inet_if.h: the stack's part of interfaces.
 */
#ifndef _INET_IF_H_
#define	_INET_IF_H_

struct if_addr;
struct ifnet;
struct ifstack;
struct netif;
struct rump_sockaddr;

extern const struct ifstack inet_ifstack;

/* inet_ifaddr.c: see net/if.h */
int	inet_ifaddr(struct ifnet *, unsigned, struct if_addr *);
int	inet_setifaddr(struct ifnet *, const struct rump_sockaddr *,
	    const struct rump_sockaddr *);
int	inet_delifaddr(struct ifnet *, const struct rump_sockaddr *);
void	inet_setifmtu(struct ifnet *);

/* inet_loop.c */
void	inet_loop_attach(struct netif *);

#endif /* _INET_IF_H_ */
