/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev.h: network devices, named net0, net1, ... in the order of the machine.
 */
#ifndef _BAREMETAL_NETDEV_H_
#define	_BAREMETAL_NETDEV_H_

#include "types.h"

#define	NETDEVS_MAX	4
#define	MAC_LEN		6

struct iovec {
	void *iov_base;
	size_t iov_len;
};

struct netdev;

/*
 * Takes a frame that came, on the device's thread; of one whose sums are right
 * the device knows it, and they may be missing.
 */
typedef void (*netdev_input)(void *arg, struct iovec *, size_t n,
    bool sumsright);

/* netdev.c */
struct netdev *netdev_by_name(const char *);
int	netdev_start(struct netdev *, netdev_input, void *arg);
void	netdev_stop(struct netdev *);
void	netdev_drain(struct netdev *);
bool	netdev_sums(const struct netdev *);
bool	netdev_mac(const struct netdev *, uint8_t mac[MAC_LEN]);
void	netdev_send(struct netdev *, const struct iovec *, size_t n);

#endif /* _BAREMETAL_NETDEV_H_ */
