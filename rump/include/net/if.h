/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * if.h: network interfaces (netintro(4)): what their drivers offer, and what the
 * stack above does with them.
 *
 * All fields belong to the virtual CPU.  A driver makes its interfaces when a
 * cloner of its name is asked (ifconfig create), and gives and takes frames of
 * Ethernet with their headers.
 */
#ifndef _NET_IF_H_
#define	_NET_IF_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/socket.h>

struct iovec;
struct proc;

#define	IFNAMSIZ		16
#define	ETHER_ADDR_LEN		6
#define	ETHER_MTU		1500

struct ifnet {
	char if_xname[IFNAMSIZ];
	uint8_t if_enaddr[ETHER_ADDR_LEN];
	u_int if_mtu;
	u_int if_index;			/* the stack's: from 1 */
	int if_isup;
	int if_sums;			/* the driver makes TCP's sums */
	int if_isloop;
	uint64_t if_ipackets, if_opackets, if_ibytes, if_obytes;
	uint64_t if_iqdrops, if_oerrors;
	void *if_softc;			/* the driver's */
	void *if_stack;			/* the stack's */
	LIST_HEAD(, bpf_tap) if_taps;	/* who looks on (bpf.c) */
	LIST_ENTRY(ifnet) if_list;

	/* Sends a frame of len bytes; does not sleep, may drop. */
	int (*if_transmit)(struct ifnet *, const struct iovec *, int n,
	    size_t len);
	/* What it is connected to (SIOCSLINKSTR), or NULL. */
	int (*if_setlink)(struct ifnet *, const char *);
	/* Ends it and frees what is the driver's; may sleep.  NULL: it stays. */
	void (*if_destroy)(struct ifnet *);
};

struct if_clone {
	const char *ifc_name;		/* of virt0: virt */
	int (*ifc_create)(int unit, struct ifnet **);
	LIST_ENTRY(if_clone) ifc_list;
};

/* An address of an interface; what there is not has no length. */
struct if_addr {
	struct sockaddr_storage ia_addr, ia_mask, ia_brd;
	int ia_flags;			/* IN6_IFF_* */
};

/* What the stack does with interfaces; there is one stack. */
struct ifstack {
	/* It knows if_index from then on. */
	int (*ifs_attach)(struct ifnet *);
	void (*ifs_detach)(struct ifnet *);
	void (*ifs_input)(struct ifnet *, const struct iovec *, int n,
	    size_t len, int flags);
	void (*ifs_updown)(struct ifnet *, int isup);
	void (*ifs_setmtu)(struct ifnet *);
	/* The nth address, those of IPv4 first; ENOENT: there are fewer. */
	int (*ifs_addr)(struct ifnet *, u_int n, struct if_addr *);
	int (*ifs_setaddr)(struct ifnet *, const struct sockaddr *addr,
	    const struct sockaddr *mask);
	int (*ifs_deladdr)(struct ifnet *, const struct sockaddr *addr);
};
extern const struct ifstack *if_stack;

void	if_clone_attach(struct if_clone *);
/* ENXIO: no such driver; EEXIST: there is one of this name. */
int	if_create(const char *name);
int	if_destroy_byname(const char *name);
struct ifnet *if_find(const char *name);
/* The interface after this one, in the order of if_index; NULL: the first. */
struct ifnet *if_after(const struct ifnet *);
/* For the stack: an interface of its own, which it has attached. */
void	if_enter(struct ifnet *);
void	if_setup(struct ifnet *, int isup);
/* For drivers: a frame came. */
void	if_input(struct ifnet *, const struct iovec *, int n, size_t len,
	    int flags);
#define	IF_INPUT_SUMMED	1		/* sums above IP need no check */
/* if_ioctl.c: ioctl(2) of a socket; ENOTTY for what it does not know. */
int	ifioctl(u_long cmd, void *data, struct proc *);

/* For the stack: a frame of len bytes goes out. */
int	if_output(struct ifnet *, const struct iovec *, int n, size_t len);

/* bpf.c: a frame comes or goes; the interface goes. */
void	bpf_mtap(struct ifnet *, const struct iovec *, int n, size_t len);
void	bpf_detach(struct ifnet *);

#endif /* _NET_IF_H_ */
