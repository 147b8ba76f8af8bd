/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev_tcp.c: what the device is told of frames of TCP (virtio 1.2, 5.1.6.2):
 * where the sum goes, and how long the pieces are of several frames in one.
 *
 * Segments that follow one another and differ in nothing but sequence number and
 * sum are one to the device, as the network card's segmentation wants it.
 */
#include "types.h"
#include "netdev_int.h"
#include "netdev_tcp.h"

#define	ETHER_LEN	14
#define	TYPE_IPV4	0x0800
#define	TYPE_IPV6	0x86dd
#define	IPV6_LEN	40
#define	PROTOCOL_TCP	6
#define	TCP_MIN		20
#define	FLAG_PSH	0x08
#define	FLAG_ACK	0x10

#define	HEADER_NEEDS_SUM	1
#define	GSO_TCPV4		1
#define	GSO_TCPV6		4
#define	SUM_OFFSET		16

static uint32_t
get16(const char *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return (uint32_t)b[0] << 8 | b[1];
}

static uint32_t
get32(const char *p)
{

	return get16(p) << 16 | get16(p + 2);
}

static void
put16(char *p, uint32_t v)
{

	p[0] = (char)(v >> 8);
	p[1] = (char)v;
}

/* RFC 1071, of an even number of bytes; not folded. */
static uint32_t
sum(const char *p, size_t len)
{
	uint32_t s = 0;

	for (; len > 0; p += 2, len -= 2)
		s += get16(p);
	return s;
}

static uint32_t
fold(uint32_t s)
{

	s = (s & 0xffff) + (s >> 16);
	return (s & 0xffff) + (s >> 16);
}

/* Padding of short frames is no payload: the IP header says what is. */
void
netdev_tcp_parse(const char *f, size_t len, struct netdev_tcp *nt)
{
	const char *ip = f + ETHER_LEN;
	size_t iplen, total;

	nt->nt_payload = 0;
	if (len < ETHER_LEN + 20 + TCP_MIN)
		return;
	switch (get16(f + 12)) {
	case TYPE_IPV4:
		iplen = (size_t)(ip[0] & 0xf) * 4;
		total = get16(ip + 2);
		if (ip[9] != PROTOCOL_TCP || (get16(ip + 6) & 0x3fff) != 0)
			return;
		break;
	case TYPE_IPV6:
		iplen = IPV6_LEN;
		total = IPV6_LEN + get16(ip + 4);
		if (ip[6] != PROTOCOL_TCP)
			return;
		break;
	default:
		return;
	}
	if (total + ETHER_LEN > len || iplen < 20 || total < iplen + TCP_MIN)
		return;
	nt->nt_ip = ETHER_LEN;
	nt->nt_tcp = (uint16_t)(ETHER_LEN + iplen);
	iplen += (size_t)((uint8_t)f[nt->nt_tcp + 12] >> 4) * 4;
	if (iplen > total)
		return;
	nt->nt_payload = (uint16_t)(ETHER_LEN + iplen);
	nt->nt_len = (uint16_t)(total - iplen);
	nt->nt_seq = get32(f + nt->nt_tcp + 4);
}

bool
netdev_tcp_pushes(const char *f, const struct netdev_tcp *nt)
{

	return (f[nt->nt_tcp + 13] & FLAG_PSH) != 0;
}

/*
 * Is a frame what comes after those that begin with first, of which seq is the
 * next number?  Of the headers all must be the same but what varies by itself:
 * IPv4's length, number and sum, IPv6's length, TCP's number, sum and PSH.
 */
bool
netdev_tcp_follows(const char *first, const struct netdev_tcp *a, uint32_t seq,
    const char *f, const struct netdev_tcp *b)
{
	const char *p = first + a->nt_tcp, *q = f + b->nt_tcp;
	const int flags = (uint8_t)q[13] & ~FLAG_PSH;

	if (b->nt_payload != a->nt_payload || b->nt_tcp != a->nt_tcp ||
	    b->nt_seq != seq || b->nt_len == 0 || b->nt_len > a->nt_len ||
	    flags != FLAG_ACK || p[13] != (char)flags)
		return false;
	if (memcmp(first, f, ETHER_LEN + 2) != 0 ||
	    memcmp(p, q, 4) != 0 || memcmp(p + 8, q + 8, 5) != 0 ||
	    memcmp(p + 14, q + 14, 2) != 0 ||
	    memcmp(p + 18, q + 18, (size_t)(a->nt_payload - a->nt_tcp) -
	    18) != 0)
		return false;
	p = first + ETHER_LEN;
	q = f + ETHER_LEN;
	if (get16(f + 12) == TYPE_IPV6)
		return memcmp(p + 2, q + 2, 2) == 0 &&
		    memcmp(p + 6, q + 6, IPV6_LEN - 6) == 0;
	return memcmp(p + 6, q + 6, 4) == 0 && memcmp(p + 12, q + 12,
	    (size_t)(a->nt_tcp - a->nt_ip) - 12) == 0;
}

/*
 * Gives the device what it needs to know of a frame with so many bytes of
 * payload, of which the first nt_len are in the frame itself.
 */
void
netdev_tcp_finish(char *f, const struct netdev_tcp *nt,
    struct netdev_header *h, size_t payload, bool push)
{
	char *const ip = f + nt->nt_ip, *const tcp = f + nt->nt_tcp;
	const size_t tcplen = (size_t)(nt->nt_payload - nt->nt_tcp) + payload;
	const bool is4 = get16(f + 12) == TYPE_IPV4;
	uint32_t s;

	h->nh_flags = HEADER_NEEDS_SUM;
	h->nh_sumstart = nt->nt_tcp;
	h->nh_sumoffset = SUM_OFFSET;
	if (payload > nt->nt_len) {
		h->nh_gso = is4 ? GSO_TCPV4 : GSO_TCPV6;
		h->nh_gsolen = nt->nt_len;
		h->nh_headerlen = nt->nt_payload;
		if (push)
			tcp[13] |= FLAG_PSH;
		if (is4) {
			put16(ip + 2, (uint32_t)(nt->nt_tcp - nt->nt_ip) +
			    (uint32_t)tcplen);
			put16(ip + 10, 0);
			put16(ip + 10, ~fold(sum(ip,
			    (size_t)(nt->nt_tcp - nt->nt_ip))));
		} else
			put16(ip + 4, (uint32_t)tcplen);
	}
	s = is4 ? sum(ip + 12, 8) : sum(ip + 8, 32);
	put16(tcp + SUM_OFFSET, fold(s + PROTOCOL_TCP + (uint32_t)tcplen));
}
