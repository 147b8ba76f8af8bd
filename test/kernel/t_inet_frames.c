/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_inet_frames.c: frames that nobody sane sends: mutated, cut, random, with
 * checksums that hold and that do not.  The kernel goes on, and so do its
 * connections.  KTEST_FRAMES: how many; KTEST_SEED.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <rump/rumpnetcfg.h>
#include "h_inet.h"

#define	FRAME_MOST	1514
#define	PORT		7000

static char path[108];
static int member;
static uint64_t state;
static unsigned char kernel_mac[6];

static uint32_t
next(void)
{

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16);
}

static void
put16(unsigned char *p, unsigned v)
{

	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static unsigned
get16(const unsigned char *p)
{

	return (unsigned)p[0] << 8 | p[1];
}

static uint32_t
sum(const unsigned char *p, size_t n, uint32_t s)
{
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		s += get16(p + i);
	if (n & 1)
		s += (uint32_t)p[n - 1] << 8;
	return s;
}

static unsigned
fold(uint32_t s)
{

	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return ~s & 0xffff;
}

static void
send_frame(const unsigned char *frame, size_t len)
{
	unsigned char all[4 + 65536];
	size_t at;
	ssize_t n;

	all[0] = all[1] = 0;
	put16(all + 2, (unsigned)len);
	memcpy(all + 4, frame, len);
	for (at = 0; at < len + 4; at += (size_t)n)
		if ((n = write(member, all + at, len + 4 - at)) <= 0)
			abort();
}

/* An Ethernet header for the kernel, or (one in eight) for everybody. */
static size_t
ether(unsigned char *f, unsigned type)
{

	if (next() % 8 == 0)
		memset(f, 0xff, 6);
	else
		memcpy(f, kernel_mac, 6);
	memcpy(f + 6, "\x02\x11\x22\x33\x44\x55", 6);
	put16(f + 12, type);
	return 14;
}

static size_t
ip4(unsigned char *f, unsigned proto, size_t payload)
{
	size_t at = ether(f, 0x0800);
	unsigned char *ip = f + at;

	memset(ip, 0, 20);
	ip[0] = 0x45;
	put16(ip + 2, (unsigned)(20 + payload));
	put16(ip + 4, next() % 8);
	if (next() % 8 == 0)	/* a fragment */
		put16(ip + 6, (next() % 2 ? 0x2000 : 0) | next() % 64);
	ip[8] = 64;
	ip[9] = (unsigned char)proto;
	memcpy(ip + 12, "\x0a\x00\x00\x02\x0a\x00\x00\x01", 8);
	return at + 20;
}

static size_t
ip6(unsigned char *f, unsigned proto, size_t payload)
{
	size_t at = ether(f, 0x86dd);
	unsigned char *ip = f + at;

	memset(ip, 0, 40);
	ip[0] = 0x60;
	put16(ip + 4, (unsigned)payload);
	ip[6] = (unsigned char)proto;
	ip[7] = 255;
	memcpy(ip + 8, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 16);
	memcpy(ip + 24, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	if (next() % 4 == 0)	/* all nodes */
		memcpy(ip + 24, "\xff\2\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	return at + 40;
}

/* The checksums of what looks like IP, as far as they can be told. */
static void
mend(unsigned char *f, size_t len)
{
	unsigned char *ip = f + 14, *p;
	size_t hlen, n, at;
	unsigned proto;
	uint32_t s;

	if (len < 34)
		return;
	if (get16(f + 12) == 0x0800) {
		hlen = (size_t)(ip[0] & 15) * 4;
		if (hlen < 20 || len < 14 + hlen)
			return;
		put16(ip + 10, 0);
		put16(ip + 10, fold(sum(ip, hlen, 0)));
		proto = ip[9];
		s = sum(ip + 12, 8, 0);
	} else if (get16(f + 12) == 0x86dd && len >= 54) {
		hlen = 40;
		proto = ip[6];
		s = sum(ip + 8, 32, 0);
	} else {
		return;
	}
	p = ip + hlen;
	n = len - 14 - hlen;
	at = proto == 6 ? 16 : proto == 17 ? 6 : proto == 1 || proto == 58 ? 2 :
	    0;
	if (at == 0 || n < at + 2)
		return;
	put16(p + at, 0);
	if (proto != 1)
		s += (uint32_t)n + proto;
	else
		s = 0;
	put16(p + at, fold(sum(p, n, s)));
}

static size_t
tcp_frame(unsigned char *f, int is6)
{
	size_t options = next() % 11 * 4, data = next() % 64, at, i;
	unsigned char *t;

	at = is6 ? ip6(f, 6, 20 + options + data) :
	    ip4(f, 6, 20 + options + data);
	t = f + at;
	put16(t, 1024 + next() % 64);
	put16(t + 2, next() % 4 ? PORT : next() & 0xffff);
	for (i = 4; i < 12; i++)
		t[i] = (unsigned char)next();
	t[12] = (unsigned char)((5 + options / 4) << 4);
	t[13] = (unsigned char)(next() % 4 ? 1U << next() % 5 : next());
	put16(t + 14, next() & 0xffff);
	put16(t + 18, next() % 16);
	for (i = 0; i < options + data; i++)
		t[20 + i] = (unsigned char)(i < options && next() % 2 ?
		    next() % 9 : next());
	return at + 20 + options + data;
}

static size_t
udp_frame(unsigned char *f, int is6)
{
	static const unsigned short ports[] = { PORT, 67, 68, 53, 546, 9 };
	size_t data = next() % 400, at, i;
	unsigned char *u;

	at = is6 ? ip6(f, 17, 8 + data) : ip4(f, 17, 8 + data);
	u = f + at;
	put16(u, ports[next() % 6]);
	put16(u + 2, ports[next() % 6]);
	put16(u + 4, (unsigned)(8 + data));
	for (i = 0; i < data; i++)
		u[8 + i] = (unsigned char)next();
	if (data > 240) {	/* an answer of DHCP's */
		u[8] = 2;
		memcpy(u + 8 + 236, "\x63\x82\x53\x63\x35\x01\x05", 7);
	}
	return at + 8 + data;
}

static size_t
icmp_frame(unsigned char *f, int is6)
{
	static const unsigned char types6[] = { 1, 2, 3, 4, 128, 129, 130, 131,
	    133, 134, 135, 136, 137 };
	size_t data = 4 + next() % 120, at, i;
	unsigned char *p;

	at = is6 ? ip6(f, 58, 4 + data) : ip4(f, 1, 4 + data);
	p = f + at;
	p[0] = is6 ? types6[next() % sizeof(types6)] :
	    (unsigned char)(next() % 19);
	p[1] = (unsigned char)(next() % 4 ? 0 : next() % 5);
	for (i = 0; i < data; i++)
		p[4 + i] = (unsigned char)(next() % 3 ? 0 : next());
	if (is6 && data > 28)	/* an option of neighbour discovery */
		put16(p + 24, next() % 6 << 8 | next() % 3);
	return at + 4 + data;
}

static size_t
arp_frame(unsigned char *f)
{
	size_t at = ether(f, 0x0806);

	memcpy(f + at, "\0\1\x08\0\6\4\0\1\x02\x11\x22\x33\x44\x55\x0a\0\0\2"
	    "\0\0\0\0\0\0\x0a\0\0\1", 28);
	f[at + 7] = (unsigned char)(1 + next() % 3);
	return at + 28;
}

/* Extension headers of IPv6, one after the other. */
static size_t
chain_frame(unsigned char *f)
{
	static const unsigned char kinds[] = { 0, 43, 44, 60, 59, 58, 17 };
	size_t n = 1 + next() % 6, at, i, j;

	at = ip6(f, kinds[next() % sizeof(kinds)], n * 8);
	for (i = 0; i < n; i++) {
		for (j = 2; j < 8; j++)
			f[at + i * 8 + j] = (unsigned char)(next() % 2 ?
			    next() : 0);
		f[at + i * 8] = kinds[next() % sizeof(kinds)];
		f[at + i * 8 + 1] = (unsigned char)(next() % 8 ? 0 : next());
	}
	return at + n * 8;
}

static size_t
make_frame(unsigned char *f)
{
	size_t i, len;

	switch (next() % 10) {
	case 0:
		return arp_frame(f);
	case 1:
	case 2:
		return tcp_frame(f, 0);
	case 3:
		return tcp_frame(f, 1);
	case 4:
		return udp_frame(f, 0);
	case 5:
		return udp_frame(f, 1);
	case 6:
		return icmp_frame(f, 0);
	case 7:
		return icmp_frame(f, 1);
	case 8:
		return chain_frame(f);
	default:
		len = ether(f, next() % 2 ? 0x0800 : 0x86dd) + next() % 200;
		for (i = 14; i < len; i++)
			f[i] = (unsigned char)next();
		return len;
	}
}

/* Talks to ourselves: is everything still there? */
static void
all_is_well(int c, int s)
{
	char buf[8];

	CHECK_EQUAL(rump_sys_write(c, "ping", 4), 4);
	CHECK_EQUAL(rump_sys_recvfrom(s, buf, 4, RUMP_MSG_WAITALL, NULL, NULL),
	    4);
	CHECK_EQUAL(memcmp(buf, "ping", 4), 0);
}

/* Whoever came in by such frames is let go. */
static void
accept_all(int l)
{
	int s;

	while ((s = rump_sys_accept(l, NULL, NULL)) != -1)
		CHECK_OK(rump_sys_close(s));
}

static void
frames(void)
{
	struct rump_sockaddr_in sin = h_in(0, PORT);
	struct rump_sockaddr_in6 sin6 = h_in6("::", PORT);
	const char *many = getenv("KTEST_FRAMES"), *seed = getenv("KTEST_SEED");
	unsigned long n = many != NULL ? strtoul(many, NULL, 10) : 200000, i;
	unsigned char f[FRAME_MOST + 512], drain[65536];
	int c, l, l6, raw, s, u;
	size_t len, j;

	state = (seed != NULL ? strtoull(seed, NULL, 10) : 1) *
	    0x9e3779b97f4a7c15ULL;
	l = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM |
	    RUMP_SOCK_NONBLOCK, 0);
	CHECK_OK(rump_sys_bind(l, SA(&sin), sizeof(sin)));
	CHECK_OK(rump_sys_listen(l, 64));
	l6 = rump_sys_socket(RUMP_AF_INET6, RUMP_SOCK_STREAM |
	    RUMP_SOCK_NONBLOCK, 0);
	CHECK_OK(rump_sys_bind(l6, SA(&sin6), sizeof(sin6)));
	CHECK_OK(rump_sys_listen(l6, 64));
	u = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_DGRAM, 0);
	CHECK_OK(rump_sys_bind(u, SA(&sin), sizeof(sin)));
	raw = rump_sys_socket(RUMP_AF_INET6, RUMP_SOCK_RAW,
	    RUMP_IPPROTO_ICMPV6);
	CHECK_OK(raw);
	h_connection(&c, &s);
	for (i = 0; i < n; i++) {
		len = make_frame(f);
		if (next() % 2) {
			for (j = next() % 6; j != 0; j--)
				f[next() % len] = (unsigned char)next();
		}
		if (next() % 16 == 0)
			len = 1 + next() % len;
		if (next() % 4 != 0)
			mend(f, len);
		send_frame(f, len);
		while (recv(member, drain, sizeof(drain), MSG_DONTWAIT) > 0)
			continue;
		if (i % 1024 == 0) {
			all_is_well(c, s);
			accept_all(l);
			accept_all(l6);
			while (rump_sys_recvfrom(u, drain, sizeof(drain),
			    RUMP_MSG_DONTWAIT, NULL, NULL) >= 0)
				continue;
			while (rump_sys_recvfrom(raw, drain, sizeof(drain),
			    RUMP_MSG_DONTWAIT, NULL, NULL) >= 0)
				continue;
		}
	}
	all_is_well(c, s);
}

static void
the_bus(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	unsigned char frame[64] = { 0 }, answer[256];
	char link[160];
	size_t got = 0;

	snprintf(path, sizeof(path), "%s/rumpkit-frames-%d",
	    getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp",
	    (int)getpid());
	snprintf(link, sizeof(link), "bus:%s", path);
	CHECK_EQUAL(rump_pub_netconfig_ifcreate("virt0"), 0);
	CHECK_EQUAL(rump_pub_netconfig_ifsetlinkstr("virt0", link), 0);
	CHECK_EQUAL(rump_pub_netconfig_ipv4_ifaddr_cidr("virt0", "10.0.0.1",
	    24), 0);
	CHECK_EQUAL(rump_pub_netconfig_ipv6_ifaddr("virt0", "fd00::1", 64), 0);
	CHECK_EQUAL(rump_pub_netconfig_auto_ipv6("virt0"), 0);
	CHECK_EQUAL(rump_pub_netconfig_ifup("virt0"), 0);
	strcpy(sun.sun_path, path);
	member = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_EQUAL(connect(member, (struct sockaddr *)&sun, sizeof(sun)), 0);
	/* Its address is in the answer to the first ARP request. */
	state = 1;
	memset(frame, 0xff, 6);
	memset(kernel_mac, 0xff, 6);
	(void)arp_frame(frame);
	frame[21] = 1;
	send_frame(frame, 42);
	do {
		ssize_t n = read(member, answer + got, sizeof(answer) - got);

		CHECK(n > 0);
		got += (size_t)n;
		while (got >= 4 && got >= 4 + get16(answer + 2)) {
			size_t len = 4 + get16(answer + 2);

			if (get16(answer + 4 + 12) == 0x0806 &&
			    answer[4 + 21] == 2)
				memcpy(kernel_mac, answer + 4 + 6, 6);
			memmove(answer, answer + len, got - len);
			got -= len;
		}
	} while (kernel_mac[0] == 0xff);
	CHECK_EQUAL(kernel_mac[0], 0xb2);
}

static const struct tap_case cases[] = {
	{ "a bus answers", the_bus },
	{ "frames that nobody sends", frames },
};
RUN_KERNEL(cases)
