/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_inet_user.c: the user network: an address by DHCP, connections from the
 * kernel to the host and, through a host forward, from the host to the kernel.
 */
#include <pthread.h>
#include <sys/socket.h>
#include <rump/rumpnetcfg.h>
#include "h_inet.h"

#define	MANY	(8 * 1024 * 1024)

static uint16_t forwarded;

static int
host_listen(uint16_t *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(s, (struct sockaddr *)&sin, len) != 0 || listen(s, 5) != 0 ||
	    getsockname(s, (struct sockaddr *)&sin, &len) != 0)
		abort();
	*port = ntohs(sin.sin_port);
	return s;
}

/* The host's side: sends back what comes. */
static void *
host_echo(void *arg)
{
	int l = *(int *)arg, s = accept(l, NULL, NULL);
	static char buf[65536];
	ssize_t n, at, m;

	while ((n = read(s, buf, sizeof(buf))) > 0)
		for (at = 0; at < n; at += m)
			if ((m = write(s, buf + at, (size_t)(n - at))) <= 0)
				abort();
	close(s);
	return NULL;
}

static void
address(void)
{
	struct rump_sockaddr_in sin = h_in(0x0a000202, 9), name;
	uint32_t len = sizeof(name);
	char link[128];
	uint16_t port;
	int l, s;

	/* A port that is free now. */
	l = host_listen(&port);
	close(l);
	forwarded = port;
	snprintf(link, sizeof(link), "user:hostfwd=tcp:127.0.0.1:%d-:80", port);
	CHECK_EQUAL(rump_pub_netconfig_ifcreate("virt0"), 0);
	CHECK_EQUAL(rump_pub_netconfig_ifsetlinkstr("virt0", "user:what=1"),
	    RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_netconfig_ifsetlinkstr("virt0",
	    "user:hostfwd=tcp:1-2"), RUMP_EINVAL);
	CHECK_EQUAL(rump_pub_netconfig_ifsetlinkstr("virt0", link), 0);
	CHECK_EQUAL(rump_pub_netconfig_ifup("virt0"), 0);
	CHECK_EQUAL(rump_pub_netconfig_dhcp_ipv4_oneshot("virt0"), 0);
	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_DGRAM, 0);
	CHECK_OK(rump_sys_connect(s, SA(&sin), sizeof(sin)));
	CHECK_EQUAL(rump_sys_write(s, "x", 1), 1);
	CHECK_OK(rump_sys_getsockname(s, SA(&name), &len));
	CHECK_OK(rump_sys_close(s));
}

static void
to_the_host(void)
{
	struct rump_sockaddr_in sin;
	static unsigned char out[65536], in[65536];
	struct rump_pollfd fd;
	size_t sent = 0, back = 0, i;
	pthread_t thread;
	uint16_t port;
	ssize_t n;
	int l = host_listen(&port), s;

	CHECK_EQUAL(pthread_create(&thread, NULL, host_echo, &l), 0);
	sin = h_in(0x0a000202, port);
	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	CHECK_OK(rump_sys_connect(s, SA(&sin), sizeof(sin)));
	h_nonblock(s);
	while (back < MANY) {
		fd = (struct rump_pollfd){ s, RUMP_POLLIN | (sent < MANY ?
		    RUMP_POLLOUT : 0), 0 };
		CHECK_EQUAL(rump_sys_poll(&fd, 1, 10000), 1);
		if (fd.revents & RUMP_POLLOUT) {
			for (i = 0; i < sizeof(out); i++)
				out[i] = (unsigned char)((sent + i) * 7 >> 3);
			if ((n = rump_sys_write(s, out, h_least(sizeof(out), MANY -
			    sent))) > 0)
				sent += (size_t)n;
		}
		if (fd.revents & RUMP_POLLIN) {
			n = rump_sys_read(s, in, sizeof(in));
			CHECK(n > 0);
			for (i = 0; i < (size_t)n; i++)
				CHECK_EQUAL(in[i],
				    (unsigned char)((back + i) * 7 >> 3));
			back += (size_t)n;
		}
	}
	CHECK_EQUAL(back, sent);
	CHECK_OK(rump_sys_close(s));
	CHECK_EQUAL(pthread_join(thread, NULL), 0);
	close(l);
	/* Nobody listens there. */
	s = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	CHECK_FAILS(rump_sys_connect(s, SA(&sin), sizeof(sin)),
	    RUMP_ECONNREFUSED);
	CHECK_OK(rump_sys_close(s));
}

static void *
host_client(void *arg)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	    .sin_port = htons(forwarded) };
	char *answer = arg;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(s, (struct sockaddr *)&sin, sizeof(sin)) != 0 ||
	    write(s, "question", 8) != 8 || read(s, answer, 6) != 6)
		answer[0] = '\0';
	close(s);
	return NULL;
}

static void
from_the_host(void)
{
	struct rump_sockaddr_in sin = h_in(0, 80), peer;
	uint32_t len = sizeof(peer);
	char answer[16] = { 0 }, buf[16];
	pthread_t thread;
	int l, s;

	l = rump_sys_socket(RUMP_AF_INET, RUMP_SOCK_STREAM, 0);
	CHECK_OK(rump_sys_bind(l, SA(&sin), sizeof(sin)));
	CHECK_OK(rump_sys_listen(l, 5));
	CHECK_EQUAL(pthread_create(&thread, NULL, host_client, answer), 0);
	s = rump_sys_accept(l, SA(&peer), &len);
	CHECK_OK(s);
	CHECK_EQUAL(ntohl(peer.sin_addr), 0x0a000202);
	CHECK_EQUAL(rump_sys_recvfrom(s, buf, 8, RUMP_MSG_WAITALL, NULL,
	    NULL), 8);
	CHECK_EQUAL(memcmp(buf, "question", 8), 0);
	CHECK_EQUAL(rump_sys_write(s, "answer", 6), 6);
	CHECK_EQUAL(pthread_join(thread, NULL), 0);
	CHECK_EQUAL(memcmp(answer, "answer", 6), 0);
	CHECK_EQUAL(rump_sys_read(s, buf, 1), 0);
	CHECK_OK(rump_sys_close(s));
	CHECK_OK(rump_sys_close(l));
}

static void
end(void)
{

	CHECK_EQUAL(rump_pub_netconfig_ifdown("virt0"), 0);
	CHECK_EQUAL(rump_pub_netconfig_ifdestroy("virt0"), 0);
	/* The port is the host's again. */
	CHECK_EQUAL(rump_pub_netconfig_ifcreate("virt0"), 0);
	CHECK_EQUAL(rump_pub_netconfig_ifsetlinkstr("virt0",
	    "user:net=10.9.0.0/16,restrict=on"), 0);
	CHECK_EQUAL(rump_pub_netconfig_ifdestroy("virt0"), 0);
}

static const struct tap_case cases[] = {
	{ "an address by DHCP", address },
	{ "connections to the host", to_the_host },
	{ "connections from the host", from_the_host },
	{ "the interface ends", end },
};
RUN_KERNEL(cases)
