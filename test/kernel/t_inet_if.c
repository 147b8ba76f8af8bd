/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_inet_if.c: interfaces by ioctl(2): what there is, what it is called, and what
 * becomes of changes.
 */
#include <stddef.h>
#include <rump/rumpnetcfg.h>
#include "h_inet.h"

static int s;

static struct rump_ifreq
h_ifr(const char *name)
{
	struct rump_ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	strncpy(ifr.ifr_name, name, sizeof(ifr.ifr_name));
	return ifr;
}

static uint32_t
h_addr(const char *name, unsigned long cmd)
{
	struct rump_ifreq ifr = h_ifr(name);
	struct rump_sockaddr_in sin;

	CHECK_OK(rump_sys_ioctl(s, cmd, &ifr));
	memcpy(&sin, &ifr.ifr_u, sizeof(sin));
	CHECK_EQUAL(sin.sin_family, RUMP_AF_INET);
	return ntohl(sin.sin_addr);
}

static void
h_set(const char *name, unsigned long cmd, uint32_t addr)
{
	struct rump_ifreq ifr = h_ifr(name);
	struct rump_sockaddr_in sin = h_in(addr, 0);

	memcpy(&ifr.ifr_u, &sin, sizeof(sin));
	CHECK_OK(rump_sys_ioctl(s, cmd, &ifr));
}

static void
what_there_is(void)
{
	struct rump_ifreq all[16], ifr;
	struct rump_ifconf conf = { sizeof(all), all };
	struct rump_sockaddr_dl sdl;
	int32_t len;

	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFCONF, &conf));
	len = conf.ifc_len;
	/* lo0: its hardware, 127.0.0.1, ::1; virt0: the hardware and fe80:: */
	CHECK_EQUAL(len, 5 * sizeof(ifr));
	CHECK_EQUAL(strcmp(all[0].ifr_name, "lo0"), 0);
	memcpy(&sdl, &all[0].ifr_u, sizeof(sdl));
	CHECK_EQUAL(sdl.sdl_family, RUMP_AF_LINK);
	CHECK_EQUAL(sdl.sdl_index, 1);
	CHECK_EQUAL(sdl.sdl_type, RUMP_IFT_LOOP);
	CHECK_EQUAL(sdl.sdl_alen, 0);
	CHECK_EQUAL(all[1].ifr_u.ifr_addr.sa_family, RUMP_AF_INET);
	CHECK_EQUAL(all[2].ifr_u.ifr_addr.sa_family, RUMP_AF_INET6);
	CHECK_EQUAL(strcmp(all[3].ifr_name, "virt0"), 0);
	memcpy(&sdl, &all[3].ifr_u, sizeof(sdl));
	CHECK_EQUAL(sdl.sdl_index, 2);
	CHECK_EQUAL(sdl.sdl_type, RUMP_IFT_ETHER);
	CHECK_EQUAL(sdl.sdl_nlen, 5);
	CHECK_EQUAL(memcmp(sdl.sdl_data, "virt0", 5), 0);
	CHECK_EQUAL(sdl.sdl_alen, 6);
	CHECK_EQUAL(sdl.sdl_data[5], 0xb2);
	CHECK_EQUAL(all[4].ifr_u.ifr_addr.sa_family, RUMP_AF_INET6);

	conf = (struct rump_ifconf){ 0, NULL };
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFCONF, &conf));
	CHECK_EQUAL(conf.ifc_len, len);
	conf = (struct rump_ifconf){ 2 * sizeof(ifr) + 7, all };
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFCONF, &conf));
	CHECK_EQUAL(conf.ifc_len, 2 * sizeof(ifr));
	conf = (struct rump_ifconf){ -1, all };
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCGIFCONF, &conf), RUMP_EINVAL);

	ifr = h_ifr("virt0");
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFINDEX, &ifr));
	CHECK_EQUAL(ifr.ifr_u.ifr_value, 2);
	ifr = h_ifr("lo0");
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFFLAGS, &ifr));
	CHECK_EQUAL((uint16_t)ifr.ifr_u.ifr_flags, RUMP_IFF_UP |
	    RUMP_IFF_RUNNING | RUMP_IFF_LOOPBACK | RUMP_IFF_MULTICAST);
	CHECK_EQUAL(h_addr("lo0", RUMP_SIOCGIFADDR), H_LOOPBACK);
	CHECK_EQUAL(h_addr("lo0", RUMP_SIOCGIFNETMASK), 0xff000000);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCGIFBRDADDR, &ifr), RUMP_EINVAL);
}

static void
addresses(void)
{
	struct rump_ifaliasreq alias = { .ifra_name = "virt0",
	    .ifra_addr = h_in(0x0a010203, 0), .ifra_mask = h_in(0xffff0000, 0) };
	struct rump_ifreq ifr = h_ifr("virt0");

	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCGIFADDR, &ifr),
	    RUMP_EADDRNOTAVAIL);
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCAIFADDR, &alias));
	CHECK_EQUAL(h_addr("virt0", RUMP_SIOCGIFADDR), 0x0a010203);
	CHECK_EQUAL(h_addr("virt0", RUMP_SIOCGIFNETMASK), 0xffff0000);
	CHECK_EQUAL(h_addr("virt0", RUMP_SIOCGIFBRDADDR), 0x0a01ffff);
	/* A network of the address's class, until a mask is told. */
	h_set("virt0", RUMP_SIOCSIFADDR, 0xc0a80105);
	CHECK_EQUAL(h_addr("virt0", RUMP_SIOCGIFNETMASK), 0xffffff00);
	h_set("virt0", RUMP_SIOCSIFNETMASK, 0xfffffff0);
	CHECK_EQUAL(h_addr("virt0", RUMP_SIOCGIFADDR), 0xc0a80105);
	CHECK_EQUAL(h_addr("virt0", RUMP_SIOCGIFBRDADDR), 0xc0a8010f);

	alias.ifra_mask = h_in(0xff00ff00, 0);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCAIFADDR, &alias), RUMP_EINVAL);
	alias.ifra_mask = h_in(0xffff0000, 0);
	alias.ifra_addr = h_in(0xe0000001, 0);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCAIFADDR, &alias), RUMP_EINVAL);
	alias.ifra_addr.sin_family = RUMP_AF_LOCAL;
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCAIFADDR, &alias),
	    RUMP_EAFNOSUPPORT);

	h_set("virt0", RUMP_SIOCDIFADDR, 0xc0a80105);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCGIFADDR, &ifr),
	    RUMP_EADDRNOTAVAIL);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCDIFADDR, &ifr),
	    RUMP_EAFNOSUPPORT);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCSIFNETMASK, &ifr),
	    RUMP_EADDRNOTAVAIL);
}

static int
h_count6(void)
{
	struct rump_ifreq all[16];
	struct rump_ifconf conf = { sizeof(all), all };
	int i, n = 0;

	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFCONF, &conf));
	for (i = 0; i < (int)(conf.ifc_len / sizeof(all[0])); i++)
		n += strcmp(all[i].ifr_name, "virt0") == 0 &&
		    all[i].ifr_u.ifr_addr.sa_family == RUMP_AF_INET6;
	return n;
}

static void
addresses6(void)
{
	struct rump_in6_aliasreq alias = { .ifra_name = "virt0",
	    .ifra_addr = h_in6("fd00::7", 0),
	    .ifra_prefixmask = h_in6("ffff:ffff:ffff:ffff::", 0) };
	struct rump_in6_ifreq ifr = { .ifr_name = "virt0",
	    .ifr_u.ifr_addr = h_in6("fd00::7", 0) };
	struct rump_in6_ifreq flags = ifr;
	int before = h_count6();

	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCGIFNETMASK_IN6, &ifr),
	    RUMP_EADDRNOTAVAIL);
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCAIFADDR_IN6, &alias));
	CHECK_EQUAL(h_count6(), before + 1);
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFAFLAG_IN6, &flags));
	CHECK_EQUAL(flags.ifr_u.ifr_flags6, RUMP_IN6_IFF_TENTATIVE);
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFNETMASK_IN6, &ifr));
	CHECK_EQUAL(ifr.ifr_u.ifr_addr.sin6_addr[7], 0xff);
	CHECK_EQUAL(ifr.ifr_u.ifr_addr.sin6_addr[8], 0);
	ifr.ifr_u.ifr_addr = alias.ifra_addr;
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCDIFADDR_IN6, &ifr));
	CHECK_EQUAL(h_count6(), before);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCDIFADDR_IN6, &ifr),
	    RUMP_EADDRNOTAVAIL);
	alias.ifra_prefixmask = h_in6("ffff::", 0);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCAIFADDR_IN6, &alias),
	    RUMP_EINVAL);
	alias.ifra_prefixmask = h_in6("ffff:ffff:ffff:ffff::", 0);
	alias.ifra_addr = h_in6("ff02::1", 0);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCAIFADDR_IN6, &alias),
	    RUMP_EINVAL);
}

static void
up_and_mtu(void)
{
	struct rump_ifreq ifr = h_ifr("virt0");

	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFFLAGS, &ifr));
	CHECK_EQUAL(ifr.ifr_u.ifr_flags & RUMP_IFF_UP, 0);
	ifr.ifr_u.ifr_flags = RUMP_IFF_UP;
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCSIFFLAGS, &ifr));
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFFLAGS, &ifr));
	CHECK_EQUAL((uint16_t)ifr.ifr_u.ifr_flags, RUMP_IFF_UP |
	    RUMP_IFF_RUNNING | RUMP_IFF_BROADCAST | RUMP_IFF_SIMPLEX |
	    RUMP_IFF_MULTICAST);
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFMTU, &ifr));
	CHECK_EQUAL(ifr.ifr_u.ifr_mtu, 1500);
	ifr.ifr_u.ifr_mtu = 1400;
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCSIFMTU, &ifr));
	ifr.ifr_u.ifr_mtu = 0;
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFMTU, &ifr));
	CHECK_EQUAL(ifr.ifr_u.ifr_mtu, 1400);
	ifr.ifr_u.ifr_mtu = 575;
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCSIFMTU, &ifr), RUMP_EINVAL);
	ifr.ifr_u.ifr_mtu = 65536;
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCSIFMTU, &ifr), RUMP_EINVAL);
}

static void
counters(void)
{
	struct rump_ifdatareq before = { .ifdr_name = "lo0" }, after = before;
	struct rump_sockaddr_in sin = h_in(H_LOOPBACK, 9);
	char buf[100] = "";

	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFDATA, &before));
	CHECK_EQUAL(before.ifdr_data.ifi_type, RUMP_IFT_LOOP);
	CHECK_EQUAL(before.ifdr_data.ifi_mtu, 16404);
	CHECK_EQUAL(rump_sys_sendto(s, buf, sizeof(buf), 0, SA(&sin),
	    sizeof(sin)), sizeof(buf));
	CHECK_OK(rump_sys_ioctl(s, RUMP_SIOCGIFDATA, &after));
	/* It, and ICMP's answer that nobody is there. */
	CHECK_EQUAL(after.ifdr_data.ifi_opackets -
	    before.ifdr_data.ifi_opackets, 2);
	CHECK(after.ifdr_data.ifi_ibytes - before.ifdr_data.ifi_ibytes >= 128);
}

static void
wrong(void)
{
	struct rump_ifreq ifr = h_ifr("virt7");
	int fd, pair[2];

	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCGIFFLAGS, &ifr), RUMP_ENXIO);
	memset(ifr.ifr_name, 'v', sizeof(ifr.ifr_name));
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCGIFFLAGS, &ifr), RUMP_ENXIO);
	CHECK_FAILS(rump_sys_ioctl(s, RUMP_SIOCGIFFLAGS, NULL), RUMP_EFAULT);
	ifr = h_ifr("lo0");
	CHECK_FAILS(rump_sys_ioctl(s, 0xc09069ffUL, &ifr), RUMP_ENOTTY);
	CHECK_FAILS(rump_sys_ioctl(s, 0xc00469ffUL, &ifr), RUMP_ENOTTY);
	CHECK_FAILS(rump_sys_ioctl(s, 0x200069ffUL, NULL), RUMP_ENOTTY);
	CHECK_EQUAL(rump_pub_netconfig_ifdestroy("lo0"), RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_netconfig_dhcp_ipv4_oneshot("lo0"), RUMP_EINVAL);
	/* A pipe is no socket. */
	CHECK_OK(rump_sys_pipe2(pair, 0));
	CHECK_FAILS(rump_sys_ioctl(pair[0], RUMP_SIOCGIFFLAGS, &ifr),
	    RUMP_ENOTTY);
	CHECK_OK(rump_sys_close(pair[0]));
	CHECK_OK(rump_sys_close(pair[1]));
	/* Everybody may look. */
	CHECK_OK(rump_sys_seteuid(1000));
	fd = rump_sys_socket(RUMP_AF_INET6, RUMP_SOCK_STREAM, 0);
	CHECK_OK(fd);
	CHECK_OK(rump_sys_ioctl(fd, RUMP_SIOCGIFFLAGS, &ifr));
	CHECK_FAILS(rump_sys_ioctl(fd, RUMP_SIOCSIFFLAGS, &ifr), RUMP_EPERM);
	CHECK_OK(rump_sys_seteuid(0));
	CHECK_OK(rump_sys_close(fd));
}

static const struct tap_case cases[] = {
	{ "what there is: SIOCGIFCONF, indexes, flags", what_there_is },
	{ "addresses of IPv4 come and go", addresses },
	{ "addresses of IPv6 come and go", addresses6 },
	{ "up and down, and the MTU", up_and_mtu },
	{ "counters", counters },
	{ "wrong names, wrong commands, and rights", wrong },
};

int
main(void)
{

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (rump_init() != 0 || rump_pub_netconfig_ifcreate("virt0") != 0)
		abort();
	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_DGRAM, 0);
	return TAP_RUN(cases);
}
