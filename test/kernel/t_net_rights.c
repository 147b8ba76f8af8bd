/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_rights.c: descriptors in messages of AF_LOCAL, those that nobody can take
 * out any more included.
 */
#include "h_net.h"

static char big[100000];

static void
passing(void)
{
	int fds[2], got[64], file, n, i, types[3] = { STREAM, DGRAM,
	    SEQPACKET };
	char c;

	h_file("/file", "0123456789");
	file = h_open("/file", RUMP_O_RDONLY);
	for (i = 0; i < 3; i++) {
		h_pair(types[i], fds);
		CHECK_EQUAL(rump_sys_lseek(file, 4, RUMP_SEEK_SET), 4);
		h_sendfds(fds[0], (int[]){ file, fds[0], file }, 3);
		CHECK_EQUAL(h_recvfds(fds[1], got, RUMP_MSG_CMSG_CLOEXEC), 3);
		/* The same open files, behind new descriptors. */
		CHECK(got[0] != got[2] && got[0] != file);
		CHECK_EQUAL(rump_sys_fcntl(got[0], RUMP_F_GETFD, NULL),
		    RUMP_FD_CLOEXEC);
		CHECK_EQUAL(rump_sys_read(got[0], &c, 1), 1);
		CHECK_EQUAL(c, '4');
		CHECK_EQUAL(rump_sys_read(got[2], &c, 1), 1);
		CHECK_EQUAL(c, '5');
		CHECK_EQUAL(rump_sys_write(got[1], "z", 1), 1);
		CHECK_EQUAL(rump_sys_read(fds[1], &c, 1), 1);
		for (n = 0; n < 3; n++)
			CHECK_OK(rump_sys_close(got[n]));
		/* The sender's may be closed meanwhile. */
		CHECK_OK(rump_sys_lseek(file, 7, RUMP_SEEK_SET));
		h_sendfds(fds[0], &file, 1);
		CHECK_OK(rump_sys_close(file));
		CHECK_EQUAL(h_recvfds(fds[1], got, 0), 1);
		file = got[0];
		CHECK_EQUAL(rump_sys_fcntl(file, RUMP_F_GETFD, NULL), 0);
		CHECK_EQUAL(rump_sys_read(file, &c, 1), 1);
		CHECK_EQUAL(c, '7');
		/* Not taken: they go, and with the socket, too. */
		h_sendfds(fds[0], (int[]){ file, file }, 2);
		CHECK_EQUAL(rump_sys_read(fds[1], &c, 1), 1);
		h_sendfds(fds[0], (int[]){ file, fds[1] }, 2);
		h_close2(fds);
	}
	CHECK_OK(rump_sys_close(file));
}

/* Bytes of a stream keep apart what came with descriptors. */
static void
passing_between_bytes(void)
{
	struct rights r;
	int fds[2], got[64], peek[64];
	char buf[10];

	h_pair(STREAM, fds);
	CHECK_EQUAL(rump_sys_write(fds[0], "abc", 3), 3);
	h_sendfds(fds[0], fds, 2);
	CHECK_EQUAL(rump_sys_write(fds[0], "def", 3), 3);
	h_sendfds(fds[0], fds, 1);
	CHECK_EQUAL(h_recv(fds[1], buf, 10, RUMP_MSG_WAITALL), 3);
	CHECK_EQUAL(h_recvfds(fds[1], peek, RUMP_MSG_PEEK), 0);
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 2);
	CHECK_OK(rump_sys_close(got[0]));
	CHECK_OK(rump_sys_close(got[1]));
	CHECK_EQUAL(rump_sys_read(fds[1], buf, 10), 3);
	CHECK_EQUAL(h_recvfds(fds[1], got, RUMP_MSG_WAITALL), 1);
	CHECK_OK(rump_sys_close(got[0]));
	/* Less room than there is to tell: none, and nothing left open. */
	h_sendfds(fds[0], fds, 2);
	(void)h_rights(&r, NULL, 0);
	r.r_msg.msg_controllen = (uint32_t)RUMP_CMSG_LEN(sizeof(int));
	CHECK_EQUAL(rump_sys_recvmsg(fds[1], &r.r_msg, 0), 1);
	CHECK_EQUAL(r.r_msg.msg_flags, RUMP_MSG_CTRUNC);
	CHECK_EQUAL(r.r_msg.msg_controllen, 0);
	h_sendfds(fds[0], fds, 2);
	CHECK_EQUAL(rump_sys_recvmsg(fds[1], h_rights(&r, NULL, 0), 0), 1);
	CHECK_OK(rump_sys_close(((int *)(void *)RUMP_CMSG_DATA(&r.r_u))[0]));
	CHECK_OK(rump_sys_close(((int *)(void *)RUMP_CMSG_DATA(&r.r_u))[1]));
	/* Just enough, without the padding. */
	h_sendfds(fds[0], fds, 1);
	(void)h_rights(&r, NULL, 0);
	r.r_msg.msg_controllen = (uint32_t)RUMP_CMSG_LEN(sizeof(int));
	CHECK_EQUAL(rump_sys_recvmsg(fds[1], &r.r_msg, 0), 1);
	CHECK_EQUAL(r.r_msg.msg_flags, 0);
	CHECK_EQUAL(r.r_msg.msg_controllen, RUMP_CMSG_LEN(sizeof(int)));
	CHECK_OK(rump_sys_close(((int *)(void *)RUMP_CMSG_DATA(&r.r_u))[0]));
	h_close2(fds);
}

static void
passing_wrongly(void)
{
	struct rights r;
	int fds[2], kq, got[64], i, last;

	h_pair(STREAM, fds);
	CHECK_FAILS(rump_sys_sendmsg(fds[0], h_rights(&r,
	    (int[]){ fds[0], 99 }, 2), 0), RUMP_EBADF);
	CHECK_FAILS(rump_sys_sendmsg(fds[0], h_rights(&r,
	    (int[]){ fds[0], -1 }, 2), 0), RUMP_EBADF);
	CHECK_OK(kq = rump_sys_kqueue());
	CHECK_FAILS(rump_sys_sendmsg(fds[0], h_rights(&r, &kq, 1), 0),
	    RUMP_EOPNOTSUPP);
	CHECK_OK(rump_sys_close(kq));
	(void)h_rights(&r, fds, 2);
	r.r_u.r_cmsg.cmsg_len = 1000;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	r.r_u.r_cmsg.cmsg_len = 3;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	r.r_u.r_cmsg.cmsg_len = (uint32_t)RUMP_CMSG_LEN(5);
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	(void)h_rights(&r, fds, 2);
	r.r_u.r_cmsg.cmsg_type = 77;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	(void)h_rights(&r, fds, 2);
	r.r_msg.msg_controllen = 5;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	r.r_msg.msg_controllen = 5000;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	/* A stream needs a byte to go with them. */
	(void)h_rights(&r, fds, 2);
	r.r_iov.iov_len = 0;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	/* None at all, and to nobody. */
	CHECK_EQUAL(rump_sys_sendmsg(fds[0], h_rights(&r, fds, 0), 0), 1);
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 0);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_FAILS(rump_sys_sendmsg(fds[0], h_rights(&r, fds, 1), 0),
	    RUMP_EPIPE);
	CHECK_OK(rump_sys_close(fds[0]));
	/* Not enough descriptors: none is made, and the message is gone. */
	h_pair(DGRAM, fds);
	h_sendfds(fds[0], (int[]){ fds[0], fds[0], fds[0] }, 3);
	CHECK_OK(last = rump_sys_dup(fds[0]));
	while ((i = rump_sys_dup(fds[0])) != -1)
		last = i;
	CHECK_OK(rump_sys_close(last));
	CHECK_OK(rump_sys_close(last - 1));
	CHECK_FAILS(rump_sys_recvmsg(fds[1], h_rights(&r, NULL, 0), 0),
	    RUMP_EMFILE);
	CHECK_EQUAL(h_nextfd(), last - 1);
	CHECK_FAILS(rump_sys_recvmsg(fds[1], h_rights(&r, NULL, 0), DONTWAIT),
	    RUMP_EAGAIN);
	for (i = fds[1] + 1; i < last - 1; i++)
		CHECK_OK(rump_sys_close(i));
	h_close2(fds);
}

/*
 * A pipe's writing end goes into the messages, too: its reading end tells when
 * the messages are gone, because then nobody is left to write.
 */
static void
h_witness(int fds[2])
{

	CHECK_OK(rump_sys_pipe2(fds, RUMP_O_NONBLOCK));
}

static void
h_isalive(int reader)
{
	char c;

	CHECK_FAILS(rump_sys_read(reader, &c, 1), RUMP_EAGAIN);
}

static void
h_isgone(int reader)
{
	char c;

	CHECK_EQUAL(rump_sys_read(reader, &c, 1), 0);
	CHECK_OK(rump_sys_close(reader));
}

static void
rings_of_one_and_two(void)
{
	int fds[2], other[2], witness[2], types[3] = { STREAM, DGRAM,
	    SEQPACKET }, i;

	for (i = 0; i < 3; i++) {
		/* A socket in its own queue. */
		h_witness(witness);
		h_pair(types[i], fds);
		h_sendfds(fds[0], (int[]){ fds[1], witness[1] }, 2);
		CHECK_OK(rump_sys_close(witness[1]));
		CHECK_OK(rump_sys_close(fds[1]));
		h_isgone(witness[0]);
		CHECK_OK(rump_sys_close(fds[0]));
		/* Both ends, each in the other's queue. */
		h_witness(witness);
		h_pair(types[i], fds);
		h_sendfds(fds[0], (int[]){ fds[0], witness[1] }, 2);
		h_sendfds(fds[1], (int[]){ fds[1], witness[1] }, 2);
		CHECK_OK(rump_sys_close(witness[1]));
		CHECK_OK(rump_sys_close(fds[0]));
		h_isalive(witness[0]);
		CHECK_OK(rump_sys_close(fds[1]));
		h_isgone(witness[0]);
		/* Two pairs; the last that knows of them waits in a third. */
		h_witness(witness);
		h_pair(types[i], fds);
		h_pair(types[i], other);
		h_sendfds(fds[0], (int[]){ other[1], witness[1] }, 2);
		h_sendfds(other[0], (int[]){ fds[1], witness[1] }, 2);
		CHECK_OK(rump_sys_close(witness[1]));
		CHECK_OK(rump_sys_close(fds[0]));
		CHECK_OK(rump_sys_close(other[0]));
		CHECK_OK(rump_sys_close(fds[1]));
		h_pair(STREAM, fds);
		h_sendfds(fds[0], &other[1], 1);
		CHECK_OK(rump_sys_close(other[1]));
		h_isalive(witness[0]);
		h_close2(fds);
		h_isgone(witness[0]);
	}
}

/* What can still be taken out is kept, however far it is in. */
static void
rings_that_are_reached(void)
{
	int outer[2], fds[2], witness[2], got[64];

	h_witness(witness);
	h_pair(STREAM, outer);
	h_pair(STREAM, fds);
	h_sendfds(fds[0], (int[]){ fds[1], witness[1] }, 2);
	h_sendfds(outer[0], &fds[1], 1);
	CHECK_OK(rump_sys_close(witness[1]));
	CHECK_OK(rump_sys_close(fds[1]));
	h_isalive(witness[0]);
	CHECK_EQUAL(h_recvfds(outer[1], got, 0), 1);
	fds[1] = got[0];
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 2);
	CHECK_EQUAL(rump_sys_write(got[1], "x", 1), 1);
	CHECK_OK(rump_sys_close(got[1]));
	CHECK_EQUAL(rump_sys_read(witness[0], big, 10), 1);
	h_isgone(witness[0]);
	CHECK_EQUAL(rump_sys_write(fds[0], "y", 1), 1);
	CHECK_EQUAL(rump_sys_read(got[0], big, 1), 1);
	CHECK_OK(rump_sys_close(got[0]));
	h_close2(fds);
	h_close2(outer);
}

/* Connections that nobody accepted hold messages, too. */
static void
rings_through_a_listener(void)
{
	int head, client, witness[2];

	h_witness(witness);
	head = h_listen(STREAM, "/ring", 5);
	client = h_socket(STREAM);
	CHECK_OK(h_connect(client, "/ring"));
	h_sendfds(client, (int[]){ head, witness[1], client }, 3);
	CHECK_OK(rump_sys_close(witness[1]));
	CHECK_OK(rump_sys_close(client));
	h_isalive(witness[0]);
	CHECK_OK(rump_sys_close(head));
	h_isgone(witness[0]);
	client = h_socket(STREAM);
	CHECK_FAILS(h_connect(client, "/ring"), RUMP_ECONNREFUSED);
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(rump_sys_unlink("/ring"));
}

/* A call that waits keeps a socket; when it ends, nobody does. */
static void
ring_under_a_call(void)
{
	struct waiter w = { .w_call = h_w_send, .w_arg = big,
	    .w_size = sizeof(big) };
	int fds[2], witness[2];

	h_witness(witness);
	h_pair(STREAM, fds);
	h_sendfds(fds[1], (int[]){ fds[0], witness[1] }, 2);
	h_sendfds(fds[0], &fds[1], 1);
	CHECK_OK(rump_sys_close(witness[1]));
	w.w_fd = fds[0];
	h_begin(&w);
	CHECK_OK(rump_sys_close(fds[1]));
	h_isalive(witness[0]);
	CHECK_OK(rump_sys_close(fds[0]));
	h_end(&w);
	h_isgone(witness[0]);
}

static long long
w_sendmsg(struct waiter *w)
{

	return rump_sys_sendmsg(w->w_fd, w->w_arg, 0);
}

/* A message that waits for room is in no queue, and not lost. */
static void
message_in_a_call(void)
{
	struct waiter w = { .w_call = w_sendmsg };
	int fds[2], inner[2], witness[2], got[64], n;
	struct rights r;

	h_witness(witness);
	h_pair(SEQPACKET, fds);
	h_pair(STREAM, inner);
	h_sendfds(inner[0], &witness[1], 1);
	CHECK_OK(rump_sys_close(witness[1]));
	for (n = 0; h_send(fds[0], big, 40000, DONTWAIT) != -1; n++)
		continue;
	while (h_send(fds[0], "", 0, DONTWAIT) != -1)
		n++;
	w.w_fd = fds[0];
	w.w_arg = h_rights(&r, &inner[1], 1);
	h_begin(&w);
	CHECK_EQUAL(w.w_done, 0);
	CHECK_OK(rump_sys_close(inner[1]));
	h_isalive(witness[0]);
	while (n-- > 0)
		CHECK(rump_sys_read(fds[1], big, sizeof(big)) >= 0);
	h_end(&w);
	CHECK_EQUAL(w.w_result, 1);
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 1);
	inner[1] = got[0];
	CHECK_EQUAL(h_recvfds(inner[1], got, 0), 1);
	CHECK_EQUAL(rump_sys_write(got[0], "x", 1), 1);
	CHECK_OK(rump_sys_close(got[0]));
	CHECK_EQUAL(rump_sys_read(witness[0], big, 10), 1);
	CHECK_OK(rump_sys_close(witness[0]));
	h_close2(inner);
	h_close2(fds);
}

/* The last descriptor goes just before or just after the ring is closed. */
static void
ring_by_a_call(void)
{
	struct waiter w = { .w_call = w_sendmsg };
	int fds[2], witness[2], n, i;
	struct rights r;

	for (i = 0; i < 10; i++) {
		h_witness(witness);
		h_pair(SEQPACKET, fds);
		for (n = 0; h_send(fds[0], "", 0, DONTWAIT) != -1; n++)
			continue;
		w.w_fd = fds[0];
		w.w_arg = h_rights(&r, (int[]){ fds[1], witness[1] }, 2);
		h_begin(&w);
		CHECK_EQUAL(w.w_done, 0);
		CHECK_OK(rump_sys_close(witness[1]));
		h_isalive(witness[0]);
		CHECK_EQUAL(rump_sys_read(fds[1], big, 10), 0);
		CHECK_EQUAL(rump_sys_read(fds[1], big, 10), 0);
		CHECK_OK(rump_sys_close(fds[1]));
		h_end(&w);
		CHECK_EQUAL(w.w_result, 1);
		h_isgone(witness[0]);
		CHECK_OK(rump_sys_close(fds[0]));
	}
}

#define	DEPTH	2000

static void *
close_chain(void *arg)
{
	int *fds = arg;

	if (rump_sys_close(fds[0]) != 0 || rump_sys_close(fds[1]) != 0)
		abort();
	return NULL;
}

/* Sockets in sockets in sockets: closed with no more than a small stack. */
static void
a_long_chain(void)
{
	int fds[2], witness[2], prev[2], i;
	pthread_attr_t attr;
	pthread_t thread;

	h_witness(witness);
	h_pair(STREAM, prev);
	h_sendfds(prev[0], &witness[1], 1);
	CHECK_OK(rump_sys_close(witness[1]));
	for (i = 0; i < DEPTH; i++) {
		h_pair(STREAM, fds);
		h_sendfds(fds[0], prev, 2);
		h_close2(prev);
		memcpy(prev, fds, sizeof(prev));
	}
	h_isalive(witness[0]);
	CHECK_EQUAL(pthread_attr_init(&attr), 0);
	CHECK_EQUAL(pthread_attr_setstacksize(&attr, 65536), 0);
	CHECK_EQUAL(pthread_create(&thread, &attr, close_chain, prev), 0);
	CHECK_EQUAL(pthread_join(thread, NULL), 0);
	h_isgone(witness[0]);
}

static void
too_many_on_their_way(void)
{
	struct rights r;
	int fds[2], full[64], i, n = 0, err = 0, many[64];

	for (i = 0; i < 64; i++) {
		full[i] = -1;
		many[i] = h_open("/", RUMP_O_RDONLY);
	}
	for (i = 0; i < 64 && err == 0; i++) {
		h_pair(STREAM, fds);
		while (rump_sys_sendmsg(fds[0], h_rights(&r, many, 64),
		    DONTWAIT) == 1)
			n += 64;
		err = rumpglue_errno() == RUMP_EAGAIN ? 0 : rumpglue_errno();
		full[i] = fds[1];
		CHECK_OK(rump_sys_close(fds[0]));
	}
	CHECK_EQUAL(err, RUMP_ETOOMANYREFS);
	CHECK(n > 8000 && n <= 16384);
	for (i = 0; i < 64; i++) {
		CHECK_OK(rump_sys_close(many[i]));
		if (full[i] != -1)
			CHECK_OK(rump_sys_close(full[i]));
	}
	h_pair(STREAM, fds);
	h_sendfds(fds[0], fds, 2);
	h_close2(fds);
}

/* To another process, which ends with what it did not take. */
static void
other_processes(void)
{
	struct lwp *parent = rump_pub_lwproc_curlwp(), *child;
	int fds[2], own[2], witness[2], got[64];

	h_witness(witness);
	h_pair(STREAM, fds);
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	child = rump_pub_lwproc_curlwp();
	CHECK_OK(rump_sys_close(witness[0]));
	CHECK_OK(rump_sys_close(witness[1]));
	CHECK_OK(rump_sys_close(fds[0]));
	rump_pub_lwproc_switch(parent);
	CHECK_OK(rump_sys_close(fds[1]));
	h_sendfds(fds[0], &witness[1], 1);
	h_sendfds(fds[0], (int[]){ witness[1], fds[0] }, 2);
	CHECK_OK(rump_sys_close(witness[1]));
	rump_pub_lwproc_switch(child);
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 1);
	CHECK_EQUAL(rump_sys_write(got[0], "child", 5), 5);
	/* A ring of its own, and the end of the process. */
	h_pair(STREAM, own);
	h_sendfds(own[0], (int[]){ own[1], got[0] }, 2);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(parent);
	CHECK_EQUAL(rump_sys_read(witness[0], big, 10), 5);
	CHECK_OK(rump_sys_close(fds[0]));
	h_isgone(witness[0]);
}

static const struct tap_case cases[] = {
	{ "descriptors in messages", passing },
	{ "descriptors between bytes", passing_between_bytes },
	{ "descriptors that are none", passing_wrongly },
	{ "rings of one and two", rings_of_one_and_two },
	{ "rings that are reached", rings_that_are_reached },
	{ "rings through a listener", rings_through_a_listener },
	{ "a ring under a call", ring_under_a_call },
	{ "a message in a call", message_in_a_call },
	{ "a ring by a call", ring_by_a_call },
	{ "a long chain", a_long_chain },
	{ "too many on their way", too_many_on_their_way },
	{ "other processes", other_processes },
};

RUN_KERNEL(cases)
