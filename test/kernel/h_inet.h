/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_inet.h: what tests of TCP/IP share: sockets and addresses of the loopback.
 */
#ifndef _TEST_H_INET_H_
#define	_TEST_H_INET_H_

#include <arpa/inet.h>
#include "h_kern.h"

#define	H_LOOPBACK	0x7f000001

static __kunused struct rump_sockaddr_in
h_in(uint32_t addr, uint16_t port)
{
	struct rump_sockaddr_in sin = {
		.sin_len = sizeof(sin), .sin_family = RUMP_AF_INET,
		.sin_port = htons(port), .sin_addr = htonl(addr),
	};

	return sin;
}

static __kunused struct rump_sockaddr_in6
h_in6(const char *text, uint16_t port)
{
	struct rump_sockaddr_in6 sin6 = {
		.sin6_len = sizeof(sin6), .sin6_family = RUMP_AF_INET6,
		.sin6_port = htons(port),
	};

	(void)inet_pton(AF_INET6, text, sin6.sin6_addr);
	return sin6;
}

#define	SA(x)	((struct rump_sockaddr *)(void *)(x))

static __kunused size_t
h_least(size_t a, size_t b)
{

	return a < b ? a : b;
}

/* A socket that listens on the loopback, and its port. */
static __kunused int
h_listen(uint16_t *port, int backlog)
{
	struct rump_sockaddr_in sin = h_in(H_LOOPBACK, 0);
	uint32_t len = sizeof(sin);
	int s;

	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	CHECK_OK(s);
	CHECK_OK(rump_sys_bind(s, SA(&sin), sizeof(sin)));
	CHECK_OK(rump_sys_listen(s, backlog));
	CHECK_OK(rump_sys_getsockname(s, SA(&sin), &len));
	CHECK_EQUAL(len, sizeof(sin));
	*port = ntohs(sin.sin_port);
	CHECK(*port != 0);
	return s;
}

static __kunused int
h_connect(uint16_t port)
{
	struct rump_sockaddr_in sin = h_in(H_LOOPBACK, port);
	int s;

	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	CHECK_OK(s);
	CHECK_OK(rump_sys_connect(s, SA(&sin), sizeof(sin)));
	return s;
}

/* Two ends of a connection. */
static __kunused void
h_connection(int *client, int *server)
{
	uint16_t port;
	int listener = h_listen(&port, 5);

	*client = h_connect(port);
	*server = rump_sys_accept(listener, NULL, NULL);
	CHECK_OK(*server);
	CHECK_OK(rump_sys_close(listener));
}

static __kunused void
h_nonblock(int fd)
{

	CHECK_OK(rump_sys_fcntl(fd, RUMP_F_SETFL,
	    (void *)(intptr_t)RUMP_O_NONBLOCK));
}

static __kunused int
h_option(int fd, int level, int name)
{
	uint32_t len = sizeof(int);
	int value = -1;

	CHECK_OK(rump_sys_getsockopt(fd, level, name, &value, &len));
	CHECK_EQUAL(len, sizeof(value));
	return value;
}

#endif /* _TEST_H_INET_H_ */
