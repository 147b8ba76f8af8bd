/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_inet_tcp.c: TCP on the loopback: connecting, bytes that come out as they went
 * in, back-pressure, both ends shut one by one, resets, options.
 */
#include <pthread.h>
#include <stdbool.h>
#include "h_inet.h"

#define	MANY	(16 * 1024 * 1024)

static void
connecting(void)
{
	struct rump_sockaddr_in sin, peer;
	uint32_t len = sizeof(sin), peerlen = sizeof(peer);
	uint16_t port;
	int c, l, s;

	l = h_listen(&port, 5);
	c = h_connect(port);
	s = rump_sys_accept(l, SA(&sin), &len);
	CHECK_OK(s);
	CHECK_EQUAL(len, sizeof(sin));
	CHECK_EQUAL(sin.sin_family, RUMP_AF_INET);
	CHECK_EQUAL(ntohl(sin.sin_addr), H_LOOPBACK);
	len = sizeof(sin);
	CHECK_OK(rump_sys_getsockname(c, SA(&sin), &len));
	CHECK_OK(rump_sys_getpeername(s, SA(&peer), &peerlen));
	CHECK_EQUAL(memcmp(&sin, &peer, sizeof(sin)), 0);
	CHECK_OK(rump_sys_getpeername(c, SA(&peer), &peerlen));
	CHECK_EQUAL(ntohs(peer.sin_port), port);
	CHECK_FAILS(rump_sys_connect(c, SA(&peer), sizeof(peer)),
	    RUMP_EISCONN);
	CHECK_OK(rump_sys_close(c));
	CHECK_OK(rump_sys_close(s));
	CHECK_OK(rump_sys_close(l));
	/* Nobody listens any more. */
	c = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	sin = h_in(H_LOOPBACK, port);
	CHECK_FAILS(rump_sys_connect(c, SA(&sin), sizeof(sin)),
	    RUMP_ECONNREFUSED);
	CHECK_OK(rump_sys_close(c));
}

static void
wrong_addresses(void)
{
	struct rump_sockaddr_in sin = h_in(0x0a000001, 80);
	struct rump_sockaddr_in6 sin6 = h_in6("::1", 80);
	uint16_t port;
	int l, s;

	CHECK_FAILS(rump_sys_socket(99, RUMP_SOCK_STREAM, 0),
	    RUMP_EAFNOSUPPORT);
	CHECK_FAILS(rump_sys_socket(RUMP_AF_INET, 77, 0), RUMP_EPROTOTYPE);
	CHECK_FAILS(rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM,
	    RUMP_IPPROTO_UDP), RUMP_EPROTONOSUPPORT);
	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	CHECK_OK(s);
	CHECK_FAILS(rump_sys_bind(s, SA(&sin), sizeof(sin)),
	    RUMP_EADDRNOTAVAIL);
	CHECK_FAILS(rump_sys_bind(s, SA(&sin), 3), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_bind(s, SA(&sin6), sizeof(sin6)),
	    RUMP_EAFNOSUPPORT);
	CHECK_FAILS(rump_sys_bind(s, NULL, 16), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_connect(s, SA(&sin), sizeof(sin)),
	    RUMP_ENETUNREACH);
	CHECK_FAILS(rump_sys_listen(-1, 5), RUMP_EBADF);
	CHECK_FAILS(rump_sys_accept(s, NULL, NULL), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_read(s, &sin, 1), RUMP_ENOTCONN);
	CHECK_FAILS(rump_sys_write(s, &sin, 1), RUMP_ENOTCONN);
	CHECK_FAILS(rump_sys_shutdown(s, RUMP_SHUT_WR), RUMP_ENOTCONN);
	/* A port that is taken. */
	l = h_listen(&port, 1);
	sin = h_in(H_LOOPBACK, port);
	CHECK_FAILS(rump_sys_bind(s, SA(&sin), sizeof(sin)),
	    RUMP_EADDRINUSE);
	CHECK_OK(rump_sys_close(l));
	CHECK_OK(rump_sys_close(s));
}

static unsigned char
byte_at(size_t i)
{

	return (unsigned char)(i ^ i >> 8 ^ i >> 16);
}

static void *
write_many(void *arg)
{
	int fd = *(int *)arg;
	static unsigned char piece[100000];
	size_t at, i, n;

	for (at = 0; at < MANY; at += n) {
		n = at % sizeof(piece) + 1;
		n = n < MANY - at ? n : MANY - at;
		for (i = 0; i < n; i++)
			piece[i] = byte_at(at + i);
		if (rump_sys_write(fd, piece, n) != (ssize_t)n)
			return "write";
	}
	return rump_sys_shutdown(fd, RUMP_SHUT_WR) == 0 ? NULL : "shutdown";
}

/* With a reader that waits, and bytes in pieces of all sizes. */
static void
many_bytes(void)
{
	static unsigned char buf[70000];
	pthread_t writer;
	void *failure;
	size_t at, i;
	ssize_t n;
	int c, s;

	h_connection(&c, &s);
	CHECK_EQUAL(pthread_create(&writer, NULL, write_many, &c), 0);
	for (at = 0;; at += (size_t)n) {
		n = rump_sys_read(s, buf, at % sizeof(buf) + 1);
		CHECK_OK(n);
		if (n == 0)
			break;
		for (i = 0; i < (size_t)n; i++)
			if (buf[i] != byte_at(at + i))
				CHECK_EQUAL(at + i, -1);
	}
	CHECK_EQUAL(at, MANY);
	CHECK_EQUAL(pthread_join(writer, &failure), 0);
	CHECK(failure == NULL);
	/* The other way is still open. */
	CHECK_EQUAL(rump_sys_write(s, "bye", 3), 3);
	CHECK_EQUAL(rump_sys_read(c, buf, 10), 3);
	CHECK_FAILS(rump_sys_write(c, "x", 1), RUMP_EPIPE);
	CHECK_OK(rump_sys_close(s));
	CHECK_EQUAL(rump_sys_read(c, buf, 10), 0);
	CHECK_OK(rump_sys_close(c));
}

/* Nobody reads: the writer is stopped, and goes on where it was. */
static void
back_pressure(void)
{
	static char buf[1 << 20];
	ssize_t n, all = 0, back = 0;
	int c, s;

	h_connection(&c, &s);
	h_nonblock(c);
	h_nonblock(s);
	CHECK_FAILS(rump_sys_read(s, buf, 1), RUMP_EAGAIN);
	while ((n = rump_sys_write(c, buf, sizeof(buf))) > 0)
		all += n;
	CHECK_FAILS(n, RUMP_EAGAIN);
	CHECK(all >= 512 * 1024 && all < 8 * 1024 * 1024);
	while (back < all) {
		n = rump_sys_read(s, buf, sizeof(buf));
		CHECK_OK(n);
		back += n;
	}
	CHECK_EQUAL(back, all);
	CHECK_EQUAL(rump_sys_write(c, "x", 1), 1);
	CHECK_EQUAL(rump_sys_read(s, buf, 10), 1);
	CHECK_OK(rump_sys_close(c));
	CHECK_OK(rump_sys_close(s));
}

/* What was sent before close arrives, however much it is. */
static void
close_sends_the_rest(void)
{
	static char buf[1 << 20];
	ssize_t n, all = 0, back = 0;
	int c, s;

	h_connection(&c, &s);
	h_nonblock(c);
	while ((n = rump_sys_write(c, buf, sizeof(buf))) > 0)
		all += n;
	CHECK_OK(rump_sys_close(c));
	while ((n = rump_sys_read(s, buf, sizeof(buf))) > 0)
		back += n;
	CHECK_EQUAL(n, 0);
	CHECK_EQUAL(back, all);
	CHECK_OK(rump_sys_close(s));
}

/* Unread bytes, and SO_LINGER of no seconds, end by a reset. */
static void
resets(void)
{
	struct rump_linger linger = { 1, 0 };
	char c1;
	int c, s;

	h_connection(&c, &s);
	CHECK_EQUAL(rump_sys_write(c, "unread", 6), 6);
	CHECK_OK(rump_sys_close(s));
	CHECK_FAILS(rump_sys_read(c, &c1, 1), RUMP_ECONNRESET);
	CHECK_EQUAL(rump_sys_read(c, &c1, 1), 0);
	CHECK_FAILS(rump_sys_write(c, &c1, 1), RUMP_EPIPE);
	CHECK_OK(rump_sys_close(c));
	h_connection(&c, &s);
	CHECK_OK(rump_sys_setsockopt(s, RUMP_SOL_SOCKET, RUMP_SO_LINGER,
	    &linger, sizeof(linger)));
	CHECK_OK(rump_sys_close(s));
	CHECK_FAILS(rump_sys_read(c, &c1, 1), RUMP_ECONNRESET);
	CHECK_OK(rump_sys_close(c));
}

/* Connections wait for accept, in order, and are reset with who listened. */
static void
backlog(void)
{
	uint16_t port;
	int c[8], i, l, s;
	char byte;

	l = h_listen(&port, 8);
	for (i = 0; i < 8; i++) {
		c[i] = h_connect(port);
		byte = (char)i;
		CHECK_EQUAL(rump_sys_write(c[i], &byte, 1), 1);
	}
	for (i = 0; i < 4; i++) {
		s = rump_sys_accept(l, NULL, NULL);
		CHECK_OK(s);
		CHECK_EQUAL(rump_sys_read(s, &byte, 1), 1);
		CHECK_EQUAL(byte, i);
		CHECK_OK(rump_sys_close(s));
		CHECK_EQUAL(rump_sys_read(c[i], &byte, 1), 0);
	}
	h_nonblock(l);
	CHECK_OK(rump_sys_close(l));
	for (i = 4; i < 8; i++)
		CHECK_FAILS(rump_sys_read(c[i], &byte, 1), RUMP_ECONNRESET);
	for (i = 0; i < 8; i++)
		CHECK_OK(rump_sys_close(c[i]));
}

static void *
accept_one(void *arg)
{
	int *fd = arg;

	fd[1] = rump_sys_accept(fd[0], NULL, NULL);
	return NULL;
}

/* A call that waits returns when its descriptor is closed. */
static void
closed_meanwhile(void)
{
	pthread_t waiter;
	uint16_t port;
	int fd[2];

	fd[0] = h_listen(&port, 1);
	fd[1] = 0;
	CHECK_EQUAL(pthread_create(&waiter, NULL, accept_one, fd), 0);
	while (rump_sys_getppid() == -1)
		continue;
	struct rump_timespec ts = { 0, 50 * 1000 * 1000 };
	CHECK_OK(rump_sys_nanosleep(&ts, NULL));
	CHECK_OK(rump_sys_close(fd[0]));
	CHECK_EQUAL(pthread_join(waiter, NULL), 0);
	CHECK_EQUAL(fd[1], -1);
}

static void
options(void)
{
	struct rump_timeval tv = { .tv_sec = 0, .tv_usec = 20000 };
	int c, on = 1, s, value;
	uint32_t len;
	char byte;

	h_connection(&c, &s);
	CHECK_EQUAL(h_option(c, RUMP_IPPROTO_TCP, RUMP_TCP_NODELAY), 0);
	CHECK_OK(rump_sys_setsockopt(c, RUMP_IPPROTO_TCP, RUMP_TCP_NODELAY,
	    &on, sizeof(on)));
	CHECK_EQUAL(h_option(c, RUMP_IPPROTO_TCP, RUMP_TCP_NODELAY), 1);
	CHECK(h_option(c, RUMP_IPPROTO_TCP, RUMP_TCP_MAXSEG) > 536);
	CHECK_OK(rump_sys_setsockopt(c, RUMP_SOL_SOCKET, RUMP_SO_KEEPALIVE,
	    &on, sizeof(on)));
	CHECK(h_option(c, RUMP_SOL_SOCKET, RUMP_SO_KEEPALIVE) != 0);
	value = 100;
	CHECK_OK(rump_sys_setsockopt(c, RUMP_IPPROTO_TCP, RUMP_TCP_KEEPIDLE,
	    &value, sizeof(value)));
	CHECK_EQUAL(h_option(c, RUMP_IPPROTO_TCP, RUMP_TCP_KEEPIDLE), 100);
	value = 0;
	CHECK_FAILS(rump_sys_setsockopt(c, RUMP_IPPROTO_TCP,
	    RUMP_TCP_KEEPIDLE, &value, sizeof(value)), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_setsockopt(c, RUMP_IPPROTO_TCP,
	    RUMP_TCP_NODELAY, &on, 3), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_setsockopt(c, RUMP_IPPROTO_TCP, 999, &on,
	    sizeof(on)), RUMP_ENOPROTOOPT);
	CHECK_FAILS(rump_sys_setsockopt(c, RUMP_SOL_SOCKET, 0x4000000, &on,
	    sizeof(on)), RUMP_ENOPROTOOPT);
	CHECK_FAILS(rump_sys_setsockopt(c, RUMP_SOL_SOCKET, RUMP_SO_REUSEADDR,
	    NULL, sizeof(on)), RUMP_EFAULT);
	CHECK_EQUAL(h_option(c, RUMP_SOL_SOCKET, RUMP_SO_TYPE),
	    RUMP_SOCK_STREAM);
	CHECK_EQUAL(h_option(c, RUMP_SOL_SOCKET, RUMP_SO_ERROR), 0);
	value = 64;
	CHECK_OK(rump_sys_setsockopt(c, RUMP_IPPROTO_IP, RUMP_IP_TTL, &value,
	    sizeof(value)));
	CHECK_EQUAL(h_option(c, RUMP_IPPROTO_IP, RUMP_IP_TTL), 64);
	/* A read that waits as long as it may. */
	CHECK_OK(rump_sys_setsockopt(c, RUMP_SOL_SOCKET, RUMP_SO_RCVTIMEO,
	    &tv, sizeof(tv)));
	CHECK_FAILS(rump_sys_read(c, &byte, 1), RUMP_EAGAIN);
	len = sizeof(tv);
	tv.tv_usec = 0;
	CHECK_OK(rump_sys_getsockopt(c, RUMP_SOL_SOCKET, RUMP_SO_RCVTIMEO,
	    &tv, &len));
	CHECK_EQUAL(tv.tv_usec, 20000);
	CHECK_OK(rump_sys_close(c));
	CHECK_OK(rump_sys_close(s));
}

/* connect(2) that does not wait, and what poll and kqueue say of it. */
static void
without_waiting(void)
{
	struct rump_pollfd fds[2];
	struct rump_sockaddr_in sin;
	struct rump_kevent kev = { 0 };
	struct rump_timespec soon = { 5, 0 }, now = { 0, 0 };
	uint16_t port;
	int c, error, kq, l, s;

	l = h_listen(&port, 5);
	h_nonblock(l);
	CHECK_FAILS(rump_sys_accept(l, NULL, NULL), RUMP_EAGAIN);
	sin = h_in(H_LOOPBACK, port);
	c = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM |
	    RUMP_SOCK_NONBLOCK | RUMP_SOCK_CLOEXEC, 0);
	CHECK_OK(c);
	fds[0] = (struct rump_pollfd){ c, RUMP_POLLOUT | RUMP_POLLIN, 0 };
	fds[1] = (struct rump_pollfd){ l, RUMP_POLLIN, 0 };
	CHECK_EQUAL(rump_sys_poll(fds + 1, 1, 0), 0);
	error = rump_sys_connect(c, SA(&sin), sizeof(sin));
	if (error != 0)
		CHECK_EQUAL(rumpglue_errno(), RUMP_EINPROGRESS);
	CHECK_EQUAL(rump_sys_poll(fds, 2, 5000), 2);
	CHECK_EQUAL(fds[0].revents, RUMP_POLLOUT);
	CHECK_EQUAL(fds[1].revents, RUMP_POLLIN);
	CHECK_EQUAL(h_option(c, RUMP_SOL_SOCKET, RUMP_SO_ERROR), 0);
	s = rump_sys_paccept(l, NULL, NULL, NULL, RUMP_SOCK_NONBLOCK);
	CHECK_OK(s);
	kq = rump_sys_kqueue();
	CHECK_OK(kq);
	kev.ident = (uint64_t)s;
	kev.filter = RUMP_EVFILT_READ;
	kev.flags = RUMP_EV_ADD | RUMP_EV_CLEAR;
	CHECK_OK(rump_sys_kevent(kq, &kev, 1, NULL, 0, NULL));
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &kev, 1, &now), 0);
	CHECK_EQUAL(rump_sys_write(c, "12345", 5), 5);
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &kev, 1, &soon), 1);
	CHECK_EQUAL(kev.data, 5);
	CHECK_EQUAL(kev.flags & RUMP_EV_EOF, 0);
	CHECK_OK(rump_sys_close(c));
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &kev, 1, &soon), 1);
	CHECK(kev.flags & RUMP_EV_EOF);
	CHECK_OK(rump_sys_close(s));
	CHECK_OK(rump_sys_close(kq));
	/* Refused, without waiting. */
	CHECK_OK(rump_sys_close(l));
	c = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM |
	    RUMP_SOCK_NONBLOCK, 0);
	CHECK_EQUAL(rump_sys_connect(c, SA(&sin), sizeof(sin)), -1);
	if (rumpglue_errno() == RUMP_EINPROGRESS) {
		fds[0] = (struct rump_pollfd){ c, RUMP_POLLOUT, 0 };
		CHECK_EQUAL(rump_sys_poll(fds, 1, 5000), 1);
		CHECK_EQUAL(h_option(c, RUMP_SOL_SOCKET, RUMP_SO_ERROR),
		    RUMP_ECONNREFUSED);
	} else {
		CHECK_EQUAL(rumpglue_errno(), RUMP_ECONNREFUSED);
	}
	CHECK_OK(rump_sys_close(c));
}

static void
count_call(void *arg)
{

	++*(int *)arg;
}

/* Who takes events is told when there are some and there were none. */
static void
told_of_events(void)
{
	struct rump_timespec now = { 0, 0 };
	struct rump_kevent kev = { 0 };
	int c, calls = 0, kq, s;
	char buf[8];

	h_connection(&c, &s);
	kq = rump_sys_kqueue();
	CHECK_OK(kq);
	CHECK_EQUAL(rump_pub_kqueue_notify(s, count_call, &calls), RUMP_EBADF);
	CHECK_EQUAL(rump_pub_kqueue_notify(kq, count_call, &calls), 0);
	kev.ident = (uint64_t)s;
	kev.filter = RUMP_EVFILT_READ;
	kev.flags = RUMP_EV_ADD | RUMP_EV_CLEAR;
	CHECK_OK(rump_sys_kevent(kq, &kev, 1, NULL, 0, NULL));
	CHECK_EQUAL(calls, 0);
	CHECK_EQUAL(rump_sys_write(c, "1", 1), 1);
	CHECK_EQUAL(calls, 1);
	CHECK_EQUAL(rump_sys_write(c, "2", 1), 1);
	CHECK_EQUAL(calls, 1);
	CHECK_EQUAL(rump_sys_kevent(kq, NULL, 0, &kev, 1, &now), 1);
	CHECK_EQUAL(kev.data, 2);
	CHECK_EQUAL(rump_sys_read(s, buf, sizeof(buf)), 2);
	CHECK_EQUAL(rump_sys_write(c, "3", 1), 1);
	CHECK_EQUAL(calls, 2);
	/* What waits already is told at once. */
	CHECK_EQUAL(rump_pub_kqueue_notify(kq, count_call, &calls), 0);
	CHECK_EQUAL(calls, 3);
	CHECK_EQUAL(rump_pub_kqueue_notify(kq, NULL, NULL), 0);
	CHECK_OK(rump_sys_close(c));
	CHECK_OK(rump_sys_close(s));
	CHECK_OK(rump_sys_close(kq));
}

/* Small pieces do not wait for a late acknowledgement. */
static void
small_pieces(void)
{
	char buf[8];
	int c, i, s;

	h_connection(&c, &s);
	h_nonblock(s);
	for (i = 0; i < 100; i++) {
		CHECK_EQUAL(rump_sys_write(c, "x", 1), 1);
		CHECK_EQUAL(rump_sys_read(s, buf, sizeof(buf)), 1);
	}
	CHECK_EQUAL(h_option(c, RUMP_IPPROTO_TCP, RUMP_TCP_NODELAY), 0);
	CHECK_OK(rump_sys_close(c));
	CHECK_OK(rump_sys_close(s));
}

static void
ipv6(void)
{
	struct rump_sockaddr_in6 sin6 = h_in6("::1", 0);
	uint32_t len = sizeof(sin6);
	char buf[8];
	int c, l, s;

	l = rump_sys_socket(RUMP_AF_INET6, RUMP_SOCK_STREAM, 0);
	CHECK_OK(l);
	CHECK_OK(rump_sys_bind(l, SA(&sin6), sizeof(sin6)));
	CHECK_OK(rump_sys_listen(l, 5));
	CHECK_OK(rump_sys_getsockname(l, SA(&sin6), &len));
	CHECK_EQUAL(sin6.sin6_addr[15], 1);
	c = rump_sys_socket(RUMP_AF_INET6, RUMP_SOCK_STREAM, 0);
	CHECK_OK(rump_sys_connect(c, SA(&sin6), sizeof(sin6)));
	s = rump_sys_accept(l, SA(&sin6), &len);
	CHECK_OK(s);
	CHECK_EQUAL(sin6.sin6_addr[15], 1);
	CHECK_EQUAL(rump_sys_write(s, "six", 3), 3);
	CHECK_EQUAL(rump_sys_read(c, buf, sizeof(buf)), 3);
	CHECK_OK(rump_sys_close(c));
	CHECK_OK(rump_sys_close(s));
	CHECK_OK(rump_sys_close(l));
}

/* A socket of both families takes connections of IPv4, mapped. */
static void
both_families(void)
{
	struct rump_sockaddr_in6 sin6 = h_in6("::", 0);
	uint32_t len = sizeof(sin6);
	int c, l, off = 0, s;

	l = rump_sys_socket(RUMP_AF_INET6, RUMP_SOCK_STREAM, 0);
	CHECK_EQUAL(h_option(l, RUMP_IPPROTO_IPV6, RUMP_IPV6_V6ONLY), 1);
	CHECK_OK(rump_sys_setsockopt(l, RUMP_IPPROTO_IPV6, RUMP_IPV6_V6ONLY,
	    &off, sizeof(off)));
	CHECK_OK(rump_sys_bind(l, SA(&sin6), sizeof(sin6)));
	CHECK_OK(rump_sys_listen(l, 5));
	CHECK_OK(rump_sys_getsockname(l, SA(&sin6), &len));
	c = h_connect(ntohs(sin6.sin6_port));
	s = rump_sys_accept(l, SA(&sin6), &len);
	CHECK_OK(s);
	CHECK_EQUAL(sin6.sin6_addr[10], 0xff);
	CHECK_EQUAL(sin6.sin6_addr[12], 127);
	CHECK_OK(rump_sys_close(c));
	CHECK_OK(rump_sys_close(s));
	CHECK_OK(rump_sys_close(l));
}

/* Both ends have sent what they may, and have read nothing: they wait in peace. */
static void
both_full(void)
{
	static char buf[65536];
	long n, received[2] = { 0, 0 }, sent[2] = { 0, 0 };
	int fd[2], i;
	uint16_t port;
	int l;

	l = h_listen(&port, 5);
	fd[0] = h_connect(port);
	fd[1] = rump_sys_accept(l, NULL, NULL);
	for (i = 0; i < 2; i++)
		CHECK_OK(rump_sys_fcntl(fd[i], RUMP_F_SETFL,
		    (void *)(intptr_t)RUMP_O_NONBLOCK));
	for (i = 0; i < 2; i++)
		while ((n = rump_sys_write(fd[i], buf, sizeof(buf))) > 0)
			sent[i] += n;
	/* Meanwhile they ask each other for room. */
	CHECK_EQUAL(rump_sys_poll(NULL, 0, 3000), 0);
	while (received[0] < sent[1] || received[1] < sent[0]) {
		for (i = 0; i < 2; i++) {
			n = rump_sys_read(fd[i], buf, sizeof(buf));
			if (n > 0)
				received[i] += n;
		}
	}
	CHECK_EQUAL(received[0], sent[1]);
	CHECK_EQUAL(received[1], sent[0]);
	for (i = 0; i < 2; i++)
		CHECK_OK(rump_sys_close(fd[i]));
	CHECK_OK(rump_sys_close(l));
}

/* Many, one after the other: nothing is left behind but TIME_WAIT. */
static void
many_connections(void)
{
	uint16_t port;
	int c, i, l, s;
	char byte;

	l = h_listen(&port, 5);
	for (i = 0; i < 2000; i++) {
		c = h_connect(port);
		s = rump_sys_accept(l, NULL, NULL);
		CHECK_OK(s);
		CHECK_EQUAL(rump_sys_write(c, "q", 1), 1);
		CHECK_EQUAL(rump_sys_read(s, &byte, 1), 1);
		CHECK_EQUAL(rump_sys_write(s, "a", 1), 1);
		CHECK_EQUAL(rump_sys_read(c, &byte, 1), 1);
		CHECK_OK(rump_sys_close(i & 1 ? c : s));
		CHECK_OK(rump_sys_close(i & 1 ? s : c));
	}
	CHECK_OK(rump_sys_close(l));
}

static const struct tap_case cases[] = {
	{ "connections are made, named and refused", connecting },
	{ "wrong addresses and states are refused", wrong_addresses },
	{ "many bytes come out as they went in", many_bytes },
	{ "a writer that nobody reads from is stopped", back_pressure },
	{ "close sends the rest", close_sends_the_rest },
	{ "resets end a connection with an error", resets },
	{ "connections wait for accept", backlog },
	{ "a call returns when its descriptor is closed", closed_meanwhile },
	{ "options are kept, and wrong ones refused", options },
	{ "poll, kqueue and calls that do not wait", without_waiting },
	{ "who takes events is told of them", told_of_events },
	{ "small pieces go out at once", small_pieces },
	{ "IPv6", ipv6 },
	{ "a socket of both families", both_families },
	{ "two ends that are full wait in peace", both_full },
	{ "two thousand connections", many_connections },
};
RUN_KERNEL(cases)
