/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_inet_bus.c: three kernels in three processes on one bus: ARP and ND, TCP both
 * ways at once, UDP, broadcast; the switch goes, and the others go on.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <rump/rumpnetcfg.h>
#include "h_inet.h"

#define	MANY	(8 * 1024 * 1024)
#define	PORT	7000

static char bus[128];
static pid_t peers[2];

#define	MUST(e) do {							\
	int must_ = (e);						\
	if (must_ != 0) {						\
		fprintf(stderr, "%s:%d: %s gives %d, errno %d\n",	\
		    __FILE__, __LINE__, #e, must_, rumpglue_errno());	\
		_exit(1);						\
	}								\
} while (0)

/* Boots the kernel of this process, with address 10.0.0.host. */
static void
join(int host)
{
	char addr[32], addr6[32];

	snprintf(addr, sizeof(addr), "10.0.0.%d", host);
	snprintf(addr6, sizeof(addr6), "fd00::%d", host);
	MUST(rump_init());
	MUST(rump_pub_netconfig_ifcreate("virt0"));
	MUST(rump_pub_netconfig_ifsetlinkstr("virt0", bus));
	MUST(rump_pub_netconfig_ipv4_ifaddr_cidr("virt0", addr, 24));
	MUST(rump_pub_netconfig_ifup("virt0"));
	MUST(rump_pub_netconfig_ipv6_ifaddr("virt0", addr6, 64));
}

/* A peer: sends back what comes, by TCP and UDP, until it is killed. */
static void
echo(int host, int ready)
{
	struct rump_sockaddr_in sin = h_in(0, PORT), from;
	static char buf[65536];
	struct rump_pollfd fds[3];
	uint32_t len;
	ssize_t n;
	int l, u, s = -1;

	join(host);
	l = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	u = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_DGRAM, 0);
	MUST(rump_sys_bind(l, SA(&sin), sizeof(sin)));
	MUST(rump_sys_bind(u, SA(&sin), sizeof(sin)));
	MUST(rump_sys_listen(l, 5));
	if (write(ready, "r", 1) != 1)
		_exit(1);
	for (;;) {
		fds[0] = (struct rump_pollfd){ l, RUMP_POLLIN, 0 };
		fds[1] = (struct rump_pollfd){ u, RUMP_POLLIN, 0 };
		fds[2] = (struct rump_pollfd){ s, RUMP_POLLIN, 0 };
		if (rump_sys_poll(fds, 3, -1) < 1)
			_exit(1);
		if (fds[0].revents != 0)
			s = rump_sys_accept(l, NULL, NULL);
		if (fds[1].revents != 0) {
			len = sizeof(from);
			n = rump_sys_recvfrom(u, buf, sizeof(buf), 0,
			    SA(&from), &len);
			(void)rump_sys_sendto(u, buf, (size_t)n, 0, SA(&from),
			    len);
		}
		if (fds[2].revents != 0) {
			n = rump_sys_read(s, buf, sizeof(buf));
			if (n > 0 && rump_sys_write(s, buf, (size_t)n) != n)
				_exit(1);
			if (n <= 0) {
				MUST(rump_sys_close(s));
				s = -1;
			}
		}
	}
}

static void
start_peers(void)
{
	int fds[2], i;
	char c;

	if (pipe(fds) != 0)
		abort();
	for (i = 0; i < 2; i++) {
		if ((peers[i] = fork()) == 0)
			echo(i + 2, fds[1]);
		if (read(fds[0], &c, 1) != 1)
			abort();
	}
}

static unsigned char
byte_at(size_t i)
{

	return (unsigned char)(i ^ i >> 8 ^ i >> 16);
}

static void
tcp_both_ways(uint32_t host)
{
	struct rump_sockaddr_in sin = h_in(0x0a000000 | host, PORT);
	static unsigned char out[65536], in[65536];
	struct rump_pollfd fd;
	size_t sent = 0, back = 0, i;
	ssize_t n;
	int s;

	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	CHECK_OK(rump_sys_connect(s, SA(&sin), sizeof(sin)));
	CHECK(h_option(s, RUMP_IPPROTO_TCP, RUMP_TCP_MAXSEG) <= 1460);
	h_nonblock(s);
	while (back < MANY) {
		fd = (struct rump_pollfd){ s, RUMP_POLLIN | (sent < MANY ?
		    RUMP_POLLOUT : 0), 0 };
		CHECK_EQUAL(rump_sys_poll(&fd, 1, 10000), 1);
		if (fd.revents & RUMP_POLLOUT) {
			for (i = 0; i < sizeof(out); i++)
				out[i] = byte_at(sent + i);
			n = rump_sys_write(s, out, h_least(sizeof(out), MANY -
			    sent));
			if (n > 0)
				sent += (size_t)n;
		}
		if (fd.revents & RUMP_POLLIN) {
			n = rump_sys_read(s, in, sizeof(in));
			CHECK(n > 0);
			for (i = 0; i < (size_t)n; i++)
				CHECK_EQUAL(in[i], byte_at(back + i));
			back += (size_t)n;
		}
	}
	CHECK_OK(rump_sys_close(s));
}

static void
tcp(void)
{

	tcp_both_ways(2);
	tcp_both_ways(3);
}

static void
udp_to(uint32_t addr, int isbroadcast, int answers)
{
	struct rump_sockaddr_in sin = h_in(addr, PORT);
	struct rump_pollfd fd;
	static char buf[9000];
	int i, s;

	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_DGRAM, 0);
	CHECK_OK(s);
	if (isbroadcast) {
		CHECK_FAILS(rump_sys_sendto(s, "x", 1, 0, SA(&sin),
		    sizeof(sin)), RUMP_EACCES);
		CHECK_OK(rump_sys_setsockopt(s, RUMP_SOL_SOCKET,
		    RUMP_SO_BROADCAST, &isbroadcast, sizeof(isbroadcast)));
	}
	/* In fragments, too. */
	for (i = 1; i <= 8000; i += 1999) {
		int got = 0;

		CHECK_EQUAL(rump_sys_sendto(s, buf, (size_t)i, 0, SA(&sin),
		    sizeof(sin)), i);
		while (got < answers) {
			fd = (struct rump_pollfd){ s, RUMP_POLLIN, 0 };
			CHECK_EQUAL(rump_sys_poll(&fd, 1, 5000), 1);
			CHECK_EQUAL(rump_sys_read(s, buf, sizeof(buf)), i);
			got++;
		}
	}
	CHECK_OK(rump_sys_close(s));
}

static void
udp(void)
{

	udp_to(0x0a000002, 0, 1);
	udp_to(0x0a000003, 0, 1);
	udp_to(0x0a0000ff, 1, 2);
}

static void
nobody_there(void)
{
	struct rump_sockaddr_in sin = h_in(0x0a000002, 9999);
	int s;

	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	CHECK_FAILS(rump_sys_connect(s, SA(&sin), sizeof(sin)),
	    RUMP_ECONNREFUSED);
	CHECK_OK(rump_sys_close(s));
	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	sin = h_in(0x01020304, 80);
	CHECK_FAILS(rump_sys_connect(s, SA(&sin), sizeof(sin)),
	    RUMP_ENETUNREACH);
	CHECK_OK(rump_sys_close(s));
}

/* The first on the bus is its switch. */
static void
the_switch_goes(void)
{
	int i;

	CHECK_EQUAL(kill(peers[0], SIGKILL), 0);
	CHECK_EQUAL(waitpid(peers[0], NULL, 0), peers[0]);
	for (i = 0; i < 3; i++)
		tcp_both_ways(3);
}

static void
wrong_words(void)
{

	CHECK_EQUAL(rump_pub_netconfig_ifcreate("nothing0"), RUMP_ENXIO);
	CHECK_EQUAL(rump_pub_netconfig_ifcreate("virt0"), RUMP_EEXIST);
	CHECK_EQUAL(rump_pub_netconfig_ifcreate("virt1x"), RUMP_ENXIO);
	CHECK_EQUAL(rump_pub_netconfig_ifcreate("a-name-that-is-too-long"),
	    RUMP_ENAMETOOLONG);
	CHECK_EQUAL(rump_pub_netconfig_ifcreate("virt1"), 0);
	CHECK_EQUAL(rump_pub_netconfig_ifsetlinkstr("virt1", "what:x"),
	    RUMP_ENODEV);
	CHECK_EQUAL(rump_pub_netconfig_ifsetlinkstr("virt1", "bus:"),
	    RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_netconfig_ifsetlinkstr("virt1",
	    "bus:/nowhere/at/all"), RUMP_ENOENT);
	CHECK_EQUAL(rump_pub_netconfig_ipv4_ifaddr_cidr("virt1", "10.x", 24),
	    RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_netconfig_ipv4_ifaddr_cidr("virt1", "10.1.1.1",
	    33), RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_netconfig_ipv4_gw("192.168.77.1"),
	    RUMP_ENETUNREACH);
	CHECK_EQUAL(rump_pub_netconfig_ifdestroy("virt1"), 0);
	CHECK_EQUAL(rump_pub_netconfig_ifdestroy("virt1"), RUMP_ENXIO);
}

static const struct tap_case cases[] = {
	{ "TCP with two other kernels", tcp },
	{ "UDP, in fragments and to everybody", udp },
	{ "nobody is there", nobody_there },
	{ "the kernel that is the switch is killed", the_switch_goes },
	{ "wrong names, links and addresses are refused", wrong_words },
};

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	int failed;

	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(bus, sizeof(bus), "bus:%s/rumpkit-bus-%d",
	    tmp != NULL ? tmp : "/tmp", (int)getpid());
	start_peers();
	join(1);
	failed = TAP_RUN(cases);
	kill(peers[1], SIGKILL);
	unlink(bus + 4);
	strcat(bus, ".lock");
	unlink(bus + 4);
	return failed;
}
