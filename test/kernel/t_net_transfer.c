/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_transfer.c: bytes and messages through pairs of AF_LOCAL, waiting and not.
 */
#include "h_net.h"

#define	QUEUE		65536		/* bytes of a stream's queue */

static char big[300000];

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
messages_of(int type)
{
	struct rump_iovec iov = { big, 4 };
	struct rump_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_flags = -1 };
	int fds[2], n = 0;

	h_pair(type, fds);
	CHECK_EQUAL(rump_sys_write(fds[0], "first", 5), 5);
	CHECK_EQUAL(rump_sys_write(fds[0], "", 0), 0);
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

static const struct tap_case cases[] = {
	{ "bytes", bytes },
	{ "not waiting", not_waiting },
	{ "waiting for room and for bytes", waiting },
	{ "MSG_PEEK", peeking },
	{ "messages", messages },
	{ "many messages in a call", many_messages },
};

RUN_KERNEL(cases)
