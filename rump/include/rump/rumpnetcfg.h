/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rumpnetcfg.h: the upper edge, part three: interfaces, addresses and routes.
 * Names as NetBSD's librumpnet_netcfg has them; all return 0 or a NetBSD errno.
 *
 * Includes nothing; the includer has the <stdint.h> types and size_t.
 */
#ifndef _RUMP_RUMPNETCFG_H_
#define	_RUMP_RUMPNETCFG_H_

/* virt0 and the like.  ENXIO: no driver of that name, or no such interface. */
int	rump_pub_netconfig_ifcreate(const char *name);
int	rump_pub_netconfig_ifdestroy(const char *name);
int	rump_pub_netconfig_ifup(const char *name);
int	rump_pub_netconfig_ifdown(const char *name);
/* What it is connected to; the driver and the host know what that means. */
int	rump_pub_netconfig_ifsetlinkstr(const char *name, const char *link);

/*
 * A descriptor from which the frames of the interface are read, in and out, as a
 * pcap file (times in nanoseconds); reading does not wait, and at the interface's end
 * it ends.  snaplen: bytes of a frame that are kept, 0: all.  RUMP_BIOCGSTATS
 * tells what became of them.
 */
int	rump_pub_netconfig_ifcapture(const char *name, unsigned int snaplen,
	    int *fd);

/* Addresses as text: EINVAL if they are none. */
int	rump_pub_netconfig_ipv4_ifaddr(const char *name, const char *addr,
	    const char *mask);
int	rump_pub_netconfig_ipv4_ifaddr_cidr(const char *name, const char *addr,
	    int prefix);
int	rump_pub_netconfig_ipv4_gw(const char *addr);
int	rump_pub_netconfig_ipv6_ifaddr(const char *name, const char *addr,
	    int prefix);
/* Addresses by router advertisements (RFC 4862). */
int	rump_pub_netconfig_auto_ipv6(const char *name);
/* Asks for an address, and waits for it; ETIMEDOUT after 30 s. */
int	rump_pub_netconfig_dhcp_ipv4_oneshot(const char *name);
/* The n-th name server of the answer, as text; ENOENT: there are not so many. */
int	rump_pub_netconfig_dhcp_nameserver(unsigned int n, char *text,
	    size_t size);

#endif /* _RUMP_RUMPNETCFG_H_ */
