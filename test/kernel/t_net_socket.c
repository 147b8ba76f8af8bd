/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_socket.c: the socket layer through pairs of AF_LOCAL: every call, waiting
 * and not, queues and messages, options, arguments that are none.
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
bytes(void)
{
	struct rump_iovec out[3] = { { "ab", 2 }, { NULL, 0 }, { "cde", 3 } };
	char a[3], b[8];
	struct rump_iovec in[2] = { { a, sizeof(a) }, { b, sizeof(b) } };
	struct rump_stat st;
	int fds[2], n;

	h_pair(STREAM, fds);
	CHECK_OK(rump_sys_fstat(fds[0], &st));
	CHECK_EQUAL(st.st_mode & RUMP_S_IFMT, RUMP_S_IFSOCK);
	CHECK_EQUAL(rump_sys_writev(fds[0], out, 3), 5);
	CHECK_OK(rump_sys_ioctl(fds[1], FIONREAD, &n));
	CHECK_EQUAL(n, 5);
	CHECK_EQUAL(rump_sys_readv(fds[1], in, 2), 5);
	CHECK_EQUAL(memcmp(a, "abc", 3), 0);
	CHECK_EQUAL(memcmp(b, "de", 2), 0);
	CHECK_FAILS(rump_sys_pread(fds[1], a, 1, 0), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_pwrite(fds[1], a, 1, 0), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_lseek(fds[1], 0, RUMP_SEEK_CUR), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_ioctl(fds[1], 0x20007777UL, &n), RUMP_ENOTTY);
	/* Both ways, and nothing of nothing. */
	CHECK_EQUAL(rump_sys_write(fds[1], "xyz", 3), 3);
	CHECK_EQUAL(rump_sys_write(fds[1], "", 0), 0);
	CHECK_EQUAL(rump_sys_read(fds[0], b, 0), 0);
	CHECK_EQUAL(rump_sys_read(fds[0], b, 2), 2);
	CHECK_EQUAL(rump_sys_read(fds[0], b, 8), 1);
	CHECK_EQUAL(b[0], 'z');
	/* What was sent before the end arrives. */
	CHECK_EQUAL(rump_sys_write(fds[1], "end", 3), 3);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_EQUAL(rump_sys_read(fds[0], b, 8), 3);
	CHECK_EQUAL(rump_sys_read(fds[0], b, 8), 0);
	CHECK_EQUAL(rump_sys_read(fds[0], b, 8), 0);
	CHECK_FAILS(rump_sys_write(fds[0], "x", 1), RUMP_EPIPE);
	CHECK_FAILS(h_send(fds[0], "x", 1, RUMP_MSG_NOSIGNAL), RUMP_EPIPE);
	CHECK_OK(rump_sys_close(fds[0]));
}

static void
not_waiting(void)
{
	char c;
	int fds[2], on = 1, off = 0;

	CHECK_OK(rump_sys_socketpair(AF_L, STREAM | NONBLOCK |
	    RUMP_SOCK_CLOEXEC, 0, fds));
	CHECK_EQUAL(rump_sys_fcntl(fds[0], RUMP_F_GETFD, NULL),
	    RUMP_FD_CLOEXEC);
	CHECK_EQUAL(rump_sys_fcntl(fds[0], RUMP_F_GETFL, NULL),
	    RUMP_O_RDWR | RUMP_O_NONBLOCK);
	CHECK_FAILS(rump_sys_read(fds[0], &c, 1), RUMP_EAGAIN);
	CHECK_EQUAL(rump_sys_write(fds[0], big, sizeof(big)), QUEUE);
	CHECK_FAILS(rump_sys_write(fds[0], big, 1), RUMP_EAGAIN);
	CHECK_EQUAL(h_recv(fds[1], big, 1000, 0), 1000);
	CHECK_EQUAL(rump_sys_write(fds[0], big, sizeof(big)), 1000);
	CHECK_OK(rump_sys_ioctl(fds[1], FIONBIO, &off));
	CHECK_EQUAL(h_recv(fds[1], big, QUEUE, RUMP_MSG_WAITALL), QUEUE);
	CHECK_FAILS(h_recv(fds[1], &c, 1, DONTWAIT), RUMP_EAGAIN);
	CHECK_OK(rump_sys_ioctl(fds[1], FIONBIO, &on));
	CHECK_FAILS(h_recv(fds[1], &c, 1, 0), RUMP_EAGAIN);
	CHECK_OK(rump_sys_fcntl(fds[0], RUMP_F_SETFL, NULL));
	CHECK_EQUAL(h_send(fds[0], big, sizeof(big), DONTWAIT), QUEUE);
	CHECK_FAILS(h_send(fds[0], big, sizeof(big), DONTWAIT), RUMP_EAGAIN);
	h_close2(fds);
}

/* Whoever sends waits for room, whoever receives for bytes. */
static void
waiting(void)
{
	struct waiter w = { .w_call = h_w_send, .w_arg = big,
	    .w_size = sizeof(big) };
	static char in[sizeof(big)];
	size_t got = 0, i;
	ssize_t n;
	int fds[2];

	h_pair(STREAM, fds);
	for (i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7 + i / 256);
	w.w_fd = fds[0];
	h_begin(&w);
	CHECK_EQUAL(w.w_done, 0);
	while (got < sizeof(big)) {
		n = rump_sys_read(fds[1], in + got, 5000);
		CHECK(n > 0);
		got += (size_t)n;
	}
	h_end(&w);
	CHECK_EQUAL(w.w_result, sizeof(big));
	CHECK_EQUAL(memcmp(in, big, sizeof(big)), 0);
	w = (struct waiter){ .w_call = h_w_recvall, .w_arg = in, .w_size = 100,
	    .w_fd = fds[1] };
	h_begin(&w);
	CHECK_EQUAL(rump_sys_write(fds[0], big, 60), 60);
	h_nap();
	CHECK_EQUAL(w.w_done, 0);
	CHECK_EQUAL(rump_sys_write(fds[0], big + 60, 60), 60);
	h_end(&w);
	CHECK_EQUAL(w.w_result, 100);
	CHECK_EQUAL(memcmp(in, big, 100), 0);
	CHECK_EQUAL(rump_sys_read(fds[1], in, 100), 20);
	/* WAITALL of more than a queue holds, and up to the end. */
	w = (struct waiter){ .w_call = h_w_recvall, .w_arg = in,
	    .w_size = sizeof(in), .w_fd = fds[1] };
	h_begin(&w);
	CHECK_EQUAL(rump_sys_write(fds[0], big, 200000), 200000);
	CHECK_EQUAL(w.w_done, 0);
	CHECK_OK(rump_sys_shutdown(fds[0], RUMP_SHUT_WR));
	h_end(&w);
	CHECK_EQUAL(w.w_result, 200000);
	CHECK_EQUAL(memcmp(in, big, 200000), 0);
	h_close2(fds);
}

static void
peeking(void)
{
	char buf[8];
	int fds[2];

	h_pair(STREAM, fds);
	CHECK_FAILS(h_recv(fds[1], buf, 8, RUMP_MSG_PEEK | DONTWAIT),
	    RUMP_EAGAIN);
	CHECK_EQUAL(rump_sys_write(fds[0], "abc", 3), 3);
	CHECK_EQUAL(rump_sys_write(fds[0], "def", 3), 3);
	CHECK_EQUAL(h_recv(fds[1], buf, 4, RUMP_MSG_PEEK), 4);
	CHECK_EQUAL(memcmp(buf, "abcd", 4), 0);
	CHECK_EQUAL(h_recv(fds[1], buf, 8, 0), 6);
	CHECK_EQUAL(memcmp(buf, "abcdef", 6), 0);
	h_close2(fds);
	h_pair(DGRAM, fds);
	CHECK_EQUAL(rump_sys_write(fds[0], "abc", 3), 3);
	CHECK_EQUAL(h_recv(fds[1], buf, 2, RUMP_MSG_PEEK), 2);
	CHECK_EQUAL(h_recv(fds[1], buf, 8, 0), 3);
	CHECK_FAILS(h_recv(fds[1], buf, 8, DONTWAIT), RUMP_EAGAIN);
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

static void
shutting_down(void)
{
	struct waiter w = { .w_call = h_w_recv, .w_arg = big, .w_size = 10 };
	int fds[2], lone;
	char c;

	lone = h_socket(STREAM);
	CHECK_FAILS(rump_sys_shutdown(lone, RUMP_SHUT_WR), RUMP_ENOTCONN);
	CHECK_FAILS(rump_sys_read(lone, &c, 1), RUMP_ENOTCONN);
	CHECK_FAILS(rump_sys_write(lone, &c, 1), RUMP_ENOTCONN);
	CHECK_OK(rump_sys_close(lone));
	h_pair(STREAM, fds);
	CHECK_FAILS(rump_sys_shutdown(fds[0], 3), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_shutdown(fds[0], -1), RUMP_EINVAL);
	/* The peer reads to the end, and may still send. */
	w.w_fd = fds[1];
	h_begin(&w);
	CHECK_OK(rump_sys_shutdown(fds[0], RUMP_SHUT_WR));
	h_end(&w);
	CHECK_EQUAL(w.w_result, 0);
	CHECK_FAILS(rump_sys_write(fds[0], "x", 1), RUMP_EPIPE);
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	CHECK_EQUAL(rump_sys_read(fds[0], &c, 1), 1);
	/* Nothing more is taken: whoever sends hears of it. */
	CHECK_OK(rump_sys_shutdown(fds[0], RUMP_SHUT_RD));
	CHECK_EQUAL(rump_sys_read(fds[0], &c, 1), 0);
	CHECK_FAILS(rump_sys_write(fds[1], "x", 1), RUMP_EPIPE);
	h_close2(fds);
	h_pair(STREAM, fds);
	w = (struct waiter){ .w_call = h_w_send, .w_arg = big,
	    .w_size = sizeof(big), .w_fd = fds[0] };
	h_begin(&w);
	CHECK_OK(rump_sys_shutdown(fds[1], RUMP_SHUT_RD));
	h_end(&w);
	CHECK_EQUAL(w.w_result, QUEUE);
	h_close2(fds);
	/* One's own side, while a call waits on it. */
	h_pair(STREAM, fds);
	w.w_fd = fds[0];
	h_begin(&w);
	CHECK_OK(rump_sys_shutdown(fds[0], RUMP_SHUT_WR));
	h_end(&w);
	CHECK_EQUAL(w.w_result, QUEUE);
	CHECK_EQUAL(h_recv(fds[1], big, sizeof(big), RUMP_MSG_WAITALL), QUEUE);
	w = (struct waiter){ .w_call = h_w_recv, .w_arg = big, .w_size = 1,
	    .w_fd = fds[0] };
	h_begin(&w);
	CHECK_OK(rump_sys_shutdown(fds[0], RUMP_SHUT_RD));
	h_end(&w);
	CHECK_EQUAL(w.w_result, 0);
	h_close2(fds);
	/* A peer that goes while we send. */
	h_pair(STREAM, fds);
	w = (struct waiter){ .w_call = h_w_send, .w_arg = big,
	    .w_size = sizeof(big), .w_fd = fds[0] };
	h_begin(&w);
	CHECK_OK(rump_sys_close(fds[1]));
	h_end(&w);
	CHECK_EQUAL(w.w_result, QUEUE);
	CHECK_FAILS(rump_sys_write(fds[0], "x", 1), RUMP_EPIPE);
	CHECK_FAILS(rump_sys_shutdown(fds[0], RUMP_SHUT_WR), RUMP_ENOTCONN);
	CHECK_OK(rump_sys_close(fds[0]));
}

static void
messages_of(int type)
{
	struct rump_iovec iov = { big, 4 };
	struct rump_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_flags = -1 };
	int fds[2], n = 0;

	h_pair(type, fds);
	CHECK_EQUAL(rump_sys_write(fds[0], "first", 5), 5);
	CHECK_EQUAL(rump_sys_write(fds[0], "", 0), type == DGRAM ? 0 : 0);
	CHECK_EQUAL(h_send(fds[0], NULL, 0, 0), 0);
	CHECK_EQUAL(rump_sys_write(fds[0], "third", 5), 5);
	CHECK_EQUAL(rump_sys_recvmsg(fds[1], &msg, 0), 4);
	CHECK_EQUAL(msg.msg_flags & RUMP_MSG_TRUNC, RUMP_MSG_TRUNC);
	CHECK_EQUAL(memcmp(big, "firs", 4), 0);
	CHECK_EQUAL(rump_sys_read(fds[1], big, 10), 0);
	CHECK_EQUAL(rump_sys_read(fds[1], big, 10), 0);
	iov.iov_len = 10;
	CHECK_EQUAL(rump_sys_recvmsg(fds[1], &msg, RUMP_MSG_TRUNC), 5);
	CHECK_EQUAL(msg.msg_flags, type == SEQPACKET ? RUMP_MSG_EOR : 0);
	CHECK_EQUAL(memcmp(big, "third", 5), 0);
	CHECK_FAILS(h_recv(fds[1], big, 1, DONTWAIT), RUMP_EAGAIN);
	/* The largest, and one more; an answer the other way. */
	CHECK_EQUAL(rump_sys_write(fds[0], big, QUEUE), QUEUE);
	CHECK_FAILS(rump_sys_write(fds[0], big, QUEUE + 1), RUMP_EMSGSIZE);
	CHECK_EQUAL(rump_sys_read(fds[1], big, sizeof(big)), QUEUE);
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	CHECK_EQUAL(rump_sys_read(fds[0], big, 10), 1);
	/* Empty ones do not pile up for free. */
	while (h_send(fds[0], big, 0, DONTWAIT) == 0)
		n++;
	CHECK_EQUAL(rumpglue_errno(), RUMP_EAGAIN);
	CHECK(n > 100 && n < 10000);
	h_close2(fds);
	/* What does not fit into the peer's queue is refused, not waited for. */
	h_pair(type, fds);
	h_setint(fds[1], RUMP_SO_RCVBUF, 1000);
	CHECK_FAILS(rump_sys_write(fds[0], big, 1000), RUMP_EMSGSIZE);
	CHECK_EQUAL(rump_sys_write(fds[0], big, 500), 500);
	CHECK_FAILS(h_send(fds[0], big, 500, DONTWAIT), RUMP_EAGAIN);
	h_setint(fds[1], RUMP_SO_RCVBUF, 2000);
	CHECK_EQUAL(h_send(fds[0], big, 500, DONTWAIT), 500);
	h_close2(fds);
}

static void
messages(void)
{
	struct waiter w = { .w_call = h_w_send, .w_arg = big, .w_size = 30000 };
	int fds[2], i, type;

	messages_of(DGRAM);
	messages_of(SEQPACKET);
	/* Whole or not at all, also by who waits. */
	for (type = DGRAM; type != 0; type = type == DGRAM ? SEQPACKET : 0) {
		h_pair(type, fds);
		for (i = 0; h_send(fds[0], big, 30000, DONTWAIT) != -1; i++)
			continue;
		CHECK_EQUAL(rumpglue_errno(), RUMP_EAGAIN);
		w.w_fd = fds[0];
		h_begin(&w);
		CHECK_EQUAL(w.w_done, 0);
		for (; i >= 0; i--)
			CHECK_EQUAL(rump_sys_read(fds[1], big, sizeof(big)),
			    30000);
		h_end(&w);
		CHECK_EQUAL(w.w_result, 30000);
		h_close2(fds);
	}
	/* The end of packets, and what a datagram's peer leaves behind. */
	h_pair(SEQPACKET, fds);
	CHECK_EQUAL(rump_sys_write(fds[0], "x", 1), 1);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_EQUAL(rump_sys_read(fds[1], big, 10), 1);
	CHECK_EQUAL(rump_sys_read(fds[1], big, 10), 0);
	CHECK_FAILS(rump_sys_write(fds[1], "x", 1), RUMP_EPIPE);
	CHECK_OK(rump_sys_close(fds[1]));
	h_pair(DGRAM, fds);
	CHECK_EQUAL(rump_sys_write(fds[0], "x", 1), 1);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_EQUAL(rump_sys_read(fds[1], big, 10), 1);
	CHECK_EQUAL(h_getint(fds[1], RUMP_SO_ERROR), RUMP_ECONNRESET);
	CHECK_FAILS(h_recv(fds[1], big, 10, DONTWAIT), RUMP_EAGAIN);
	CHECK_FAILS(rump_sys_write(fds[1], "x", 1), RUMP_EDESTADDRREQ);
	CHECK_OK(rump_sys_close(fds[1]));
}

static void
many_messages(void)
{
	static const struct rump_timespec none = { 0, 0 }, wrong = { 0, -1 };
	struct rump_mmsghdr mm[4];
	struct rump_iovec iov[4];
	char buf[4][4];
	int fds[2], i;

	memset(mm, 0, sizeof(mm));
	for (i = 0; i < 4; i++) {
		iov[i].iov_base = buf[i];
		iov[i].iov_len = (size_t)i + 1;
		mm[i].msg_hdr.msg_iov = &iov[i];
		mm[i].msg_hdr.msg_iovlen = 1;
		memset(buf[i], 'a' + i, 4);
	}
	h_pair(DGRAM, fds);
	CHECK_EQUAL(rump_sys_sendmmsg(fds[0], mm, 4, 0), 4);
	for (i = 0; i < 4; i++) {
		CHECK_EQUAL(mm[i].msg_len, i + 1);
		iov[i].iov_len = 3;
		mm[i].msg_len = 99;
	}
	CHECK_EQUAL(rump_sys_recvmmsg(fds[1], mm, 2, 0, NULL), 2);
	CHECK_EQUAL(mm[0].msg_len, 1);
	CHECK_EQUAL(buf[1][0], 'b');
	CHECK_EQUAL(rump_sys_recvmmsg(fds[1], mm, 4, DONTWAIT, NULL), 2);
	CHECK_EQUAL(mm[0].msg_len, 3);
	CHECK_EQUAL(mm[1].msg_len, 3);
	CHECK_EQUAL(mm[1].msg_hdr.msg_flags & RUMP_MSG_TRUNC, RUMP_MSG_TRUNC);
	CHECK_EQUAL(mm[2].msg_len, 99);
	CHECK_FAILS(rump_sys_recvmmsg(fds[1], mm, 4, DONTWAIT, NULL),
	    RUMP_EAGAIN);
	/* For one, and what is there besides; up to a time. */
	CHECK_EQUAL(rump_sys_sendmmsg(fds[0], mm, 2, 0), 2);
	CHECK_EQUAL(rump_sys_recvmmsg(fds[1], mm, 4, RUMP_MSG_WAITFORONE,
	    NULL), 2);
	CHECK_EQUAL(rump_sys_sendmmsg(fds[0], mm, 2, 0), 2);
	CHECK_EQUAL(rump_sys_recvmmsg(fds[1], mm, 4, 0,
	    (struct rump_timespec *)(uintptr_t)&none), 1);
	CHECK_FAILS(rump_sys_recvmmsg(fds[1], mm, 4, 0,
	    (struct rump_timespec *)(uintptr_t)&wrong), RUMP_EINVAL);
	/* The first that fails is told if it is the first of all. */
	iov[1].iov_base = NULL;
	CHECK_EQUAL(rump_sys_sendmmsg(fds[0], mm, 4, 0), 1);
	CHECK_FAILS(rump_sys_sendmmsg(fds[0], mm + 1, 3, 0), RUMP_EFAULT);
	CHECK_EQUAL(rump_sys_sendmmsg(fds[0], mm, 0, 0), 0);
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

/* A descriptor is closed while a call waits: that call ends, and no other. */
static void
closing_under_a_call(void)
{
	struct waiter recv = { .w_call = h_w_recv, .w_arg = big, .w_size = 1 };
	struct waiter other, send = { .w_call = h_w_send, .w_arg = big,
	    .w_size = sizeof(big) };
	int fds[2], twin;
	char c;

	h_pair(STREAM, fds);
	recv.w_fd = fds[0];
	h_begin(&recv);
	CHECK_OK(rump_sys_close(fds[0]));
	h_end(&recv);
	CHECK_EQUAL(recv.w_errno, RUMP_EBADF);
	CHECK_EQUAL(rump_sys_read(fds[1], &c, 1), 0);
	CHECK_OK(rump_sys_close(fds[1]));
	h_pair(STREAM, fds);
	CHECK_OK(twin = rump_sys_dup(fds[0]));
	other = recv;
	recv.w_fd = fds[0];
	other.w_fd = twin;
	send.w_fd = fds[0];
	h_begin(&recv);
	h_begin(&other);
	h_begin(&send);
	CHECK_OK(rump_sys_close(fds[0]));
	h_end(&recv);
	h_end(&send);
	CHECK_EQUAL(recv.w_errno, RUMP_EBADF);
	CHECK_EQUAL(send.w_result, QUEUE);
	CHECK_EQUAL(other.w_done, 0);
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	h_end(&other);
	CHECK_EQUAL(other.w_result, 1);
	/* dup2 onto it is a close, too; and the connection goes on. */
	CHECK_OK(fds[0] = rump_sys_dup(twin));
	recv.w_fd = fds[0];
	h_begin(&recv);
	CHECK_EQUAL(rump_sys_dup2(fds[1], fds[0]), fds[0]);
	h_end(&recv);
	CHECK_EQUAL(recv.w_errno, RUMP_EBADF);
	CHECK_EQUAL(rump_sys_write(fds[0], "y", 1), 1);
	CHECK_EQUAL(rump_sys_read(twin, &c, 1), 1);
	CHECK_EQUAL(c, 'y');
	h_close2(fds);
	CHECK_OK(rump_sys_close(twin));
}

#define	CROWD	4
#define	SHARE	200000

static long long
crowd_write(struct waiter *w)
{
	size_t left = SHARE, n;
	char buf[700];
	ssize_t done;

	memset(buf, (int)w->w_size, sizeof(buf));
	while (left != 0) {
		n = left < sizeof(buf) ? left : sizeof(buf);
		if ((done = rump_sys_write(w->w_fd, buf, n)) <= 0)
			return -1;
		left -= (size_t)done;
	}
	return 0;
}

static long long
crowd_read(struct waiter *w)
{
	long *counts = w->w_arg;
	unsigned char buf[900];
	ssize_t n, i;

	while ((n = rump_sys_read(w->w_fd, buf, sizeof(buf))) > 0)
		for (i = 0; i < n; i++)
			counts[buf[i]]++;
	return n;
}

/* Many who send and many who receive, on one pair: no byte is lost or made. */
static void
a_crowd(void)
{
	static long counts[CROWD][256];
	struct waiter out[CROWD], in[CROWD];
	int fds[2], i, j;
	long all;

	memset(counts, 0, sizeof(counts));
	h_pair(STREAM, fds);
	for (i = 0; i < CROWD; i++) {
		out[i] = (struct waiter){ .w_call = crowd_write,
		    .w_fd = fds[0], .w_size = (size_t)i + 1 };
		in[i] = (struct waiter){ .w_call = crowd_read, .w_fd = fds[1],
		    .w_arg = counts[i] };
		h_begin(&out[i]);
		h_begin(&in[i]);
	}
	for (i = 0; i < CROWD; i++)
		h_end(&out[i]);
	CHECK_OK(rump_sys_shutdown(fds[0], RUMP_SHUT_WR));
	for (i = 0; i < CROWD; i++)
		h_end(&in[i]);
	for (i = 0; i < CROWD; i++) {
		CHECK_EQUAL(out[i].w_result, 0);
		CHECK_EQUAL(in[i].w_result, 0);
	}
	for (j = 1; j <= CROWD; j++) {
		for (all = 0, i = 0; i < CROWD; i++)
			all += counts[i][j];
		CHECK_EQUAL(all, SHARE);
	}
	h_close2(fds);
}

/* Far more than the smallest memory that this runs with. */
static void
nothing_is_left(void)
{
	static const int types[] = { STREAM, DGRAM, SEQPACKET };
	int fds[2], i, before = h_nextfd();

	for (i = 0; i < 6000; i++) {
		h_pair(types[i % 3], fds);
		CHECK_EQUAL(h_send(fds[0], big, 20000, 0), 20000);
		CHECK_EQUAL(h_send(fds[1], big, 100, 0), 100);
		h_close2(fds);
	}
	CHECK_EQUAL(h_nextfd(), before);
}

/* The last case: nobody waits any more. */
static void
waiting_ends(void)
{
	struct waiter recv = { .w_call = h_w_recv, .w_arg = big, .w_size = 1 };
	struct waiter send = { .w_call = h_w_send, .w_arg = big,
	    .w_size = sizeof(big) };
	struct waiter accept = { .w_call = h_w_accept };
	struct waiter poll = { .w_call = h_w_poll, .w_size = RUMP_POLLIN };
	int fds[2];

	h_pair(STREAM, fds);
	recv.w_fd = poll.w_fd = fds[0];
	send.w_fd = fds[0];
	accept.w_fd = h_listen(STREAM, "/last", 1);
	h_begin(&recv);
	h_begin(&send);
	h_begin(&accept);
	h_begin(&poll);
	rump_pub_pipes_end();
	h_end(&recv);
	h_end(&send);
	h_end(&accept);
	h_end(&poll);
	CHECK_EQUAL(recv.w_errno, RUMP_EINTR);
	CHECK_EQUAL(send.w_result, QUEUE);
	CHECK_EQUAL(accept.w_errno, RUMP_EINTR);
	CHECK_EQUAL(poll.w_errno, RUMP_EINTR);
	CHECK_FAILS(rump_sys_read(fds[0], big, 1), RUMP_EINTR);
	CHECK_FAILS(rump_sys_write(fds[0], big, 1), RUMP_EINTR);
	CHECK_FAILS(rump_sys_accept(accept.w_fd, NULL, NULL), RUMP_EINTR);
	/* What need not wait goes on. */
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	CHECK_EQUAL(rump_sys_read(fds[0], big, 1), 1);
	h_close2(fds);
	CHECK_OK(rump_sys_close(accept.w_fd));
}

static const struct tap_case cases[] = {
	{ "arguments", arguments },
	{ "bytes", bytes },
	{ "not waiting", not_waiting },
	{ "waiting for room and for bytes", waiting },
	{ "MSG_PEEK", peeking },
	{ "time limits", time_limits },
	{ "shutdown, and a peer that goes", shutting_down },
	{ "messages", messages },
	{ "many messages in a call", many_messages },
	{ "options", options },
	{ "a descriptor is closed under a call", closing_under_a_call },
	{ "many who send and receive", a_crowd },
	{ "nothing is left behind", nothing_is_left },
	{ "no waiting any more", waiting_ends },
};

RUN_KERNEL(cases)
