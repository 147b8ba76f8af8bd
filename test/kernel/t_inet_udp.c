/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_inet_udp.c: UDP and raw sockets on the loopback: messages stay whole, know
 * where they came from, and are lost where there is no room; ICMP echo.
 */
#include "h_inet.h"

static int
h_udp(uint16_t *port)
{
	struct rump_sockaddr_in sin = h_in(H_LOOPBACK, 0);
	uint32_t len = sizeof(sin);
	int s;

	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_DGRAM, 0);
	CHECK_OK(s);
	CHECK_OK(rump_sys_bind(s, SA(&sin), sizeof(sin)));
	CHECK_OK(rump_sys_getsockname(s, SA(&sin), &len));
	*port = ntohs(sin.sin_port);
	return s;
}

static void
messages(void)
{
	struct rump_sockaddr_in sin, from;
	uint32_t len = sizeof(from);
	uint16_t aport, bport;
	char buf[64];
	int a, b;

	a = h_udp(&aport);
	b = h_udp(&bport);
	sin = h_in(H_LOOPBACK, bport);
	CHECK_FAILS(rump_sys_write(a, "x", 1), RUMP_EDESTADDRREQ);
	CHECK_EQUAL(rump_sys_sendto(a, "one", 3, 0, SA(&sin), sizeof(sin)), 3);
	CHECK_EQUAL(rump_sys_sendto(a, "", 0, 0, SA(&sin), sizeof(sin)), 0);
	CHECK_EQUAL(rump_sys_sendto(a, "three", 5, 0, SA(&sin), sizeof(sin)),
	    5);
	CHECK_EQUAL(rump_sys_recvfrom(b, buf, sizeof(buf), RUMP_MSG_PEEK,
	    SA(&from), &len), 3);
	CHECK_EQUAL(rump_sys_recvfrom(b, buf, sizeof(buf), 0, SA(&from), &len),
	    3);
	CHECK_EQUAL(memcmp(buf, "one", 3), 0);
	CHECK_EQUAL(len, sizeof(from));
	CHECK_EQUAL(ntohs(from.sin_port), aport);
	CHECK_EQUAL(ntohl(from.sin_addr), H_LOOPBACK);
	CHECK_EQUAL(rump_sys_read(b, buf, sizeof(buf)), 0);
	/* What does not fit is cut off, and recvmsg says so. */
	struct rump_iovec iov = { buf, 2 };
	struct rump_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	CHECK_EQUAL(rump_sys_recvmsg(b, &msg, 0), 2);
	CHECK(msg.msg_flags & RUMP_MSG_TRUNC);
	CHECK_FAILS(rump_sys_recvfrom(b, buf, sizeof(buf), RUMP_MSG_DONTWAIT,
	    NULL, NULL), RUMP_EAGAIN);
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
}

static void
connected(void)
{
	struct rump_sockaddr_in sin;
	uint16_t aport, bport, cport;
	char buf[64];
	int a, b, c;

	a = h_udp(&aport);
	b = h_udp(&bport);
	c = h_udp(&cport);
	sin = h_in(H_LOOPBACK, bport);
	CHECK_OK(rump_sys_connect(a, SA(&sin), sizeof(sin)));
	CHECK_EQUAL(rump_sys_write(a, "to b", 4), 4);
	CHECK_EQUAL(rump_sys_read(b, buf, sizeof(buf)), 4);
	CHECK_FAILS(rump_sys_sendto(a, "x", 1, 0, SA(&sin), sizeof(sin)),
	    RUMP_EISCONN);
	/* Others are not heard. */
	sin = h_in(H_LOOPBACK, aport);
	CHECK_EQUAL(rump_sys_sendto(c, "no", 2, 0, SA(&sin), sizeof(sin)), 2);
	CHECK_EQUAL(rump_sys_sendto(b, "yes", 3, 0, SA(&sin), sizeof(sin)), 3);
	CHECK_EQUAL(rump_sys_read(a, buf, sizeof(buf)), 3);
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
	CHECK_OK(rump_sys_close(c));
}

static void
sizes(void)
{
	static char out[65507], in[65536];
	struct rump_sockaddr_in sin;
	static const size_t tried[] = { 1, 1472, 1473, 9000, 65507 };
	uint16_t aport, bport;
	size_t i, j;
	int a, b;

	a = h_udp(&aport);
	b = h_udp(&bport);
	sin = h_in(H_LOOPBACK, bport);
	for (i = 0; i < sizeof(out); i++)
		out[i] = (char)(i ^ i >> 8);
	for (i = 0; i < sizeof(tried) / sizeof(tried[0]); i++) {
		CHECK_EQUAL(rump_sys_sendto(a, out, tried[i], 0, SA(&sin),
		    sizeof(sin)), tried[i]);
		CHECK_EQUAL(rump_sys_read(b, in, sizeof(in)), tried[i]);
		CHECK_EQUAL(memcmp(in, out, tried[i]), 0);
	}
	CHECK_FAILS(rump_sys_sendto(a, in, 65508, 0, SA(&sin), sizeof(sin)),
	    RUMP_EMSGSIZE);
	/* Nobody reads: what finds no room is lost, and nothing else is. */
	for (i = 0; i < 100; i++)
		CHECK_EQUAL(rump_sys_sendto(a, out, 10000, 0, SA(&sin),
		    sizeof(sin)), 10000);
	h_nonblock(b);
	for (j = 0; rump_sys_read(b, in, sizeof(in)) == 10000; j++)
		continue;
	CHECK(j > 10 && j < 100);
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
}

static void
many_at_once(void)
{
	struct rump_sockaddr_in sin;
	struct rump_mmsghdr out[20] = { 0 }, in[20] = { 0 };
	struct rump_iovec iov[20], back[20];
	uint16_t aport, bport;
	char buf[20];
	int a, b, i;

	a = h_udp(&aport);
	b = h_udp(&bport);
	sin = h_in(H_LOOPBACK, bport);
	for (i = 0; i < 20; i++) {
		iov[i] = (struct rump_iovec){ (char *)"abcdefghijklmnopqrst" +
		    i, 1 };
		out[i].msg_hdr.msg_iov = &iov[i];
		out[i].msg_hdr.msg_iovlen = 1;
		out[i].msg_hdr.msg_name = &sin;
		out[i].msg_hdr.msg_namelen = sizeof(sin);
		back[i] = (struct rump_iovec){ &buf[i], 1 };
		in[i].msg_hdr.msg_iov = &back[i];
		in[i].msg_hdr.msg_iovlen = 1;
	}
	CHECK_EQUAL(rump_sys_sendmmsg(a, out, 20, 0), 20);
	CHECK_EQUAL(rump_sys_recvmmsg(b, in, 20, RUMP_MSG_WAITFORONE, NULL),
	    20);
	CHECK_EQUAL(memcmp(buf, "abcdefghijklmnopqrst", 20), 0);
	CHECK_EQUAL(in[19].msg_len, 1);
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
}

static void
shared_ports(void)
{
	struct rump_sockaddr_in sin;
	uint16_t port;
	int a, b, on = 1;

	a = h_udp(&port);
	b = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_DGRAM, 0);
	sin = h_in(H_LOOPBACK, port);
	CHECK_FAILS(rump_sys_bind(b, SA(&sin), sizeof(sin)),
	    RUMP_EADDRINUSE);
	CHECK_OK(rump_sys_close(a));
	a = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_DGRAM, 0);
	CHECK_OK(rump_sys_setsockopt(a, RUMP_SOL_SOCKET, RUMP_SO_REUSEADDR,
	    &on, sizeof(on)));
	CHECK_OK(rump_sys_setsockopt(b, RUMP_SOL_SOCKET, RUMP_SO_REUSEADDR,
	    &on, sizeof(on)));
	CHECK_OK(rump_sys_bind(a, SA(&sin), sizeof(sin)));
	CHECK_OK(rump_sys_bind(b, SA(&sin), sizeof(sin)));
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
}

static uint16_t
checksum(const unsigned char *p, size_t n)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* ping(8): the answer comes with its IP header, and echoes what was sent. */
static void
icmp_echo(void)
{
	unsigned char echo[16] = { 8, 0, 0, 0, 0x12, 0x34, 0, 1, 'p', 'i', 'n',
	    'g' }, buf[128];
	struct rump_sockaddr_in sin = h_in(H_LOOPBACK, 0);
	uint16_t sum;
	ssize_t n;
	int s;

	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_RAW, RUMP_IPPROTO_ICMP);
	CHECK_OK(s);
	sum = checksum(echo, sizeof(echo));
	echo[2] = (unsigned char)(sum >> 8);
	echo[3] = (unsigned char)sum;
	CHECK_EQUAL(rump_sys_sendto(s, echo, sizeof(echo), 0, SA(&sin),
	    sizeof(sin)), sizeof(echo));
	do {
		/* The request is seen, too, as it came in on the loopback. */
		n = rump_sys_read(s, buf, sizeof(buf));
		CHECK_EQUAL(n, 20 + sizeof(echo));
		CHECK_EQUAL(buf[0], 0x45);
	} while (buf[20] == 8);
	CHECK_EQUAL(buf[20], 0);
	CHECK_EQUAL(memcmp(buf + 24, echo + 4, 12), 0);
	CHECK_OK(rump_sys_close(s));
}

/* Raw sockets and low ports are the superuser's. */
static void
rights(void)
{
	struct rump_sockaddr_in sin = h_in(H_LOOPBACK, 80);
	int s;

	CHECK_OK(rump_sys_seteuid(1000));
	CHECK_FAILS(rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_RAW, 1),
	    RUMP_EPERM);
	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	CHECK_OK(s);
	CHECK_FAILS(rump_sys_bind(s, SA(&sin), sizeof(sin)), RUMP_EACCES);
	CHECK_OK(rump_sys_seteuid(0));
	CHECK_OK(rump_sys_bind(s, SA(&sin), sizeof(sin)));
	CHECK_OK(rump_sys_close(s));
}

static void
ipv6(void)
{
	struct rump_sockaddr_in6 sin6 = h_in6("::1", 0), from;
	uint32_t len = sizeof(sin6);
	static char out[60000], in[65536];
	int a, b;

	a = rump_sys_socket(RUMP_AF_INET6, RUMP_SOCK_DGRAM, 0);
	b = rump_sys_socket(RUMP_AF_INET6, RUMP_SOCK_DGRAM, 0);
	CHECK_OK(rump_sys_bind(b, SA(&sin6), sizeof(sin6)));
	CHECK_OK(rump_sys_getsockname(b, SA(&sin6), &len));
	memset(out, 6, sizeof(out));
	CHECK_EQUAL(rump_sys_sendto(a, out, sizeof(out), 0, SA(&sin6),
	    sizeof(sin6)), sizeof(out));
	len = sizeof(from);
	CHECK_EQUAL(rump_sys_recvfrom(b, in, sizeof(in), 0, SA(&from), &len),
	    sizeof(out));
	CHECK_EQUAL(len, sizeof(from));
	CHECK_EQUAL(from.sin6_addr[15], 1);
	CHECK_EQUAL(memcmp(in, out, sizeof(out)), 0);
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_close(b));
}

static const struct tap_case cases[] = {
	{ "messages stay whole and know their sender", messages },
	{ "a connected socket hears its peer only", connected },
	{ "messages of all sizes, and more than there is room for", sizes },
	{ "many in one call", many_at_once },
	{ "ports are shared where both say so", shared_ports },
	{ "ICMP echo", icmp_echo },
	{ "rights", rights },
	{ "IPv6, in fragments", ipv6 },
};
RUN_KERNEL(cases)
