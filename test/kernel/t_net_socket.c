/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_socket.c: the calls of the socket layer through pairs of AF_LOCAL: arguments
 * that are none, options, time limits.
 */
#include "h_net.h"

#define	QUEUE		65536		/* bytes of a stream's queue */

static char big[300000];

static void
arguments(void)
{
	struct rump_sockaddr_un sun;
	struct rump_msghdr msg = { .msg_iovlen = 0 };
	struct rump_mmsghdr mm = { .msg_len = 0 };
	uint32_t len = sizeof(sun);
	int fds[2], file, i, value = 1;
	char c;

	CHECK_FAILS(rump_sys_socket(77, STREAM, 0), RUMP_EAFNOSUPPORT);
	CHECK_FAILS(rump_sys_socket(AF_L, 4, 0), RUMP_EPROTOTYPE);
	CHECK_FAILS(rump_sys_socket(AF_L, RUMP_SOCK_RAW, 0), RUMP_EPROTOTYPE);
	CHECK_FAILS(rump_sys_socketpair(AF_L, STREAM, 0, NULL), RUMP_EFAULT);
	file = h_open("/f", RUMP_O_RDWR | RUMP_O_CREAT);
	for (i = 0; i < 2; i++) {
		int fd = i == 0 ? file : 99;
		int err = i == 0 ? RUMP_ENOTSOCK : RUMP_EBADF;

		CHECK_FAILS(rump_sys_bind(fd, (void *)&sun, len), err);
		CHECK_FAILS(rump_sys_connect(fd, (void *)&sun, len), err);
		CHECK_FAILS(rump_sys_listen(fd, 1), err);
		CHECK_FAILS(rump_sys_accept(fd, NULL, NULL), err);
		CHECK_FAILS(rump_sys_paccept(fd, NULL, NULL, NULL, 0), err);
		CHECK_FAILS(rump_sys_shutdown(fd, RUMP_SHUT_RD), err);
		CHECK_FAILS(rump_sys_getsockname(fd, (void *)&sun, &len), err);
		CHECK_FAILS(rump_sys_getpeername(fd, (void *)&sun, &len), err);
		CHECK_FAILS(rump_sys_setsockopt(fd, RUMP_SOL_SOCKET,
		    RUMP_SO_DEBUG, &value, sizeof(value)), err);
		CHECK_FAILS(rump_sys_getsockopt(fd, RUMP_SOL_SOCKET,
		    RUMP_SO_TYPE, &value, &len), err);
		CHECK_FAILS(h_send(fd, "x", 1, 0), err);
		CHECK_FAILS(h_recv(fd, &c, 1, 0), err);
		CHECK_FAILS(rump_sys_sendmsg(fd, &msg, 0), err);
		CHECK_FAILS(rump_sys_recvmsg(fd, &msg, 0), err);
		CHECK_FAILS(rump_sys_sendmmsg(fd, &mm, 1, 0), err);
		CHECK_FAILS(rump_sys_recvmmsg(fd, &mm, 1, 0, NULL), err);
	}
	CHECK_OK(rump_sys_close(file));
	h_pair(STREAM, fds);
	CHECK_FAILS(rump_sys_bind(fds[0], NULL, 5), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_bind(fds[0], (void *)&sun, 1), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_bind(fds[0], (void *)&sun, 1000),
	    RUMP_ENAMETOOLONG);
	CHECK_FAILS(rump_sys_connect(fds[0], (void *)&sun, len), RUMP_EISCONN);
	CHECK_FAILS(rump_sys_listen(fds[0], 1), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_accept(fds[0], NULL, NULL), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_paccept(fds[0], NULL, NULL, NULL, 1), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_getsockname(fds[0], NULL, &len), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_getpeername(fds[0], (void *)&sun, NULL),
	    RUMP_EFAULT);
	CHECK_FAILS(h_send(fds[0], NULL, 1, 0), RUMP_EFAULT);
	CHECK_FAILS(h_recv(fds[0], NULL, 1, DONTWAIT), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_recvfrom(fds[0], &c, 1, 0, (void *)&sun, NULL),
	    RUMP_EFAULT);
	CHECK_FAILS(rump_sys_sendmsg(fds[0], NULL, 0), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_recvmsg(fds[0], NULL, 0), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_sendmmsg(fds[0], NULL, 1, 0), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_recvmmsg(fds[0], NULL, 1, 0, NULL), RUMP_EFAULT);
	msg.msg_iovlen = 2;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &msg, 0), RUMP_EFAULT);
	msg.msg_iovlen = 1025;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &msg, 0), RUMP_EMSGSIZE);
	msg.msg_iovlen = -1;
	CHECK_FAILS(rump_sys_recvmsg(fds[0], &msg, 0), RUMP_EMSGSIZE);
	CHECK_FAILS(h_send(fds[0], "x", 1, RUMP_MSG_OOB), RUMP_EOPNOTSUPP);
	CHECK_FAILS(h_recv(fds[0], &c, 1, RUMP_MSG_OOB), RUMP_EOPNOTSUPP);
	h_close2(fds);
}

static void
options(void)
{
	static const int flags[] = { RUMP_SO_DEBUG, RUMP_SO_REUSEADDR,
	    RUMP_SO_KEEPALIVE, RUMP_SO_DONTROUTE, RUMP_SO_BROADCAST,
	    RUMP_SO_OOBINLINE, RUMP_SO_REUSEPORT, RUMP_SO_NOSIGPIPE,
	    RUMP_SO_TIMESTAMP };
	struct rump_linger l = { 1, 5 };
	uint32_t len;
	int fds[2], value;
	size_t i;

	h_pair(STREAM, fds);
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		CHECK_EQUAL(h_getint(fds[0], flags[i]), 0);
		h_setint(fds[0], flags[i], 77);
		CHECK_EQUAL(h_getint(fds[0], flags[i]), 1);
		h_setint(fds[0], flags[i], 0);
		CHECK_EQUAL(h_getint(fds[0], flags[i]), 0);
	}
	CHECK_EQUAL(h_getint(fds[0], RUMP_SO_TYPE), STREAM);
	CHECK_EQUAL(h_getint(fds[0], RUMP_SO_ERROR), 0);
	CHECK_EQUAL(h_getint(fds[0], RUMP_SO_ACCEPTCONN), 0);
	CHECK_EQUAL(h_getint(fds[0], RUMP_SO_SNDBUF), QUEUE);
	h_setint(fds[0], RUMP_SO_SNDBUF, 5000);
	CHECK_EQUAL(h_getint(fds[0], RUMP_SO_SNDBUF), 5000);
	h_setint(fds[0], RUMP_SO_SNDLOWAT, 100000);
	CHECK_EQUAL(h_getint(fds[0], RUMP_SO_SNDLOWAT), 5000);
	value = 1;
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET, RUMP_SO_TYPE,
	    &value, sizeof(value)), RUMP_ENOPROTOOPT);
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_ACCEPTCONN, &value, sizeof(value)), RUMP_ENOPROTOOPT);
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_DEBUG | RUMP_SO_REUSEADDR, &value, sizeof(value)),
	    RUMP_ENOPROTOOPT);
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET, 0x7654,
	    &value, sizeof(value)), RUMP_ENOPROTOOPT);
	CHECK_FAILS(rump_sys_setsockopt(fds[0], 12345, RUMP_SO_DEBUG, &value,
	    sizeof(value)), RUMP_ENOPROTOOPT);
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_DEBUG, &value, 3), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_DEBUG, &value, 1000), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_DEBUG, NULL, sizeof(value)), RUMP_EFAULT);
	value = 0;
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_RCVBUF, &value, sizeof(value)), RUMP_EINVAL);
	value = 1 << 30;
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_RCVBUF, &value, sizeof(value)), RUMP_ENOBUFS);
	CHECK_OK(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET, RUMP_SO_LINGER,
	    &l, sizeof(l)));
	memset(&l, 0, sizeof(l));
	len = sizeof(l);
	CHECK_OK(rump_sys_getsockopt(fds[0], RUMP_SOL_SOCKET, RUMP_SO_LINGER,
	    &l, &len));
	CHECK_EQUAL(l.l_onoff, 1);
	CHECK_EQUAL(l.l_linger, 5);
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_LINGER, &l, 4), RUMP_EINVAL);
	l.l_linger = -1;
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_LINGER, &l, sizeof(l)), RUMP_EDOM);
	/* Less room than there is to tell: as much as fits. */
	value = 0;
	len = 1;
	CHECK_OK(rump_sys_getsockopt(fds[0], RUMP_SOL_SOCKET, RUMP_SO_TYPE,
	    &value, &len));
	CHECK_EQUAL(len, 1);
	CHECK_EQUAL(value, STREAM);
	CHECK_FAILS(rump_sys_getsockopt(fds[0], RUMP_SOL_SOCKET, RUMP_SO_TYPE,
	    NULL, &len), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_getsockopt(fds[0], RUMP_SOL_SOCKET, RUMP_SO_TYPE,
	    &value, NULL), RUMP_EFAULT);
	h_close2(fds);
	/* How many bytes are worth telling of. */
	h_pair(STREAM, fds);
	h_setint(fds[1], RUMP_SO_RCVLOWAT, 4);
	CHECK_EQUAL(rump_sys_write(fds[0], "abc", 3), 3);
	CHECK_EQUAL(h_poll(fds[1], RUMP_POLLIN), 0);
	CHECK_EQUAL(rump_sys_write(fds[0], "d", 1), 1);
	CHECK_EQUAL(h_poll(fds[1], RUMP_POLLIN), RUMP_POLLIN);
	h_close2(fds);
}

static void
time_limits(void)
{
	struct rump_timeval tv = { .tv_sec = 0, .tv_usec = 30000 }, got;
	uint32_t len = sizeof(got);
	struct rump_timespec before, after;
	int fds[2];

	h_pair(STREAM, fds);
	CHECK_OK(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_RCVTIMEO, &tv, sizeof(tv)));
	CHECK_OK(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_SNDTIMEO, &tv, sizeof(tv)));
	CHECK_OK(rump_sys_getsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_RCVTIMEO, &got, &len));
	CHECK_EQUAL(len, sizeof(got));
	CHECK_EQUAL(got.tv_sec, 0);
	CHECK_EQUAL(got.tv_usec, 30000);
	CHECK_OK(rump_sys_clock_gettime(RUMP_CLOCK_MONOTONIC, &before));
	CHECK_FAILS(rump_sys_read(fds[0], big, 1), RUMP_EAGAIN);
	CHECK_OK(rump_sys_clock_gettime(RUMP_CLOCK_MONOTONIC, &after));
	/* Not before its time; how long after is the machine's. */
	CHECK((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec -
	    before.tv_nsec >= 30000000);
	CHECK_EQUAL(rump_sys_write(fds[0], big, sizeof(big)), QUEUE);
	CHECK_FAILS(rump_sys_write(fds[0], big, 1), RUMP_EAGAIN);
	/* What came before the limit is given. */
	CHECK_EQUAL(rump_sys_write(fds[1], "ab", 2), 2);
	CHECK_EQUAL(h_recv(fds[0], big, 10, RUMP_MSG_WAITALL), 2);
	tv.tv_usec = 1000000;
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_RCVTIMEO, &tv, sizeof(tv)), RUMP_EDOM);
	CHECK_FAILS(rump_sys_setsockopt(fds[0], RUMP_SOL_SOCKET,
	    RUMP_SO_RCVTIMEO, &tv, sizeof(tv) - 1), RUMP_EINVAL);
	h_close2(fds);
}

static const struct tap_case cases[] = {
	{ "arguments", arguments },
	{ "options", options },
	{ "time limits", time_limits },
};

RUN_KERNEL(cases)
