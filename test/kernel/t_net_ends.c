/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_ends.c: how sockets end: half of them, under calls that wait, with many at
 * once, and with the kernel.
 */
#include "h_net.h"

#define	QUEUE		65536		/* bytes of a stream's queue */

static char big[300000];

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
	{ "shutdown, and a peer that goes", shutting_down },
	{ "a descriptor is closed under a call", closing_under_a_call },
	{ "many who send and receive", a_crowd },
	{ "nothing is left behind", nothing_is_left },
	{ "no waiting any more", waiting_ends },
};

RUN_KERNEL(cases)
