/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_stress.c: several threads do what they like to the same few descriptors:
 * pairs, names, bytes, descriptors in messages, ends.  Afterwards nothing is left.
 *
 * KTEST_SEED changes what they do, KTEST_ROUNDS how long.
 */
#include "h_net.h"

#define	THREADS	4
#define	SLOTS	24
#define	NAMES	3

static volatile int slots[SLOTS];
static int witness[2];
static char junk[100000];

static uint32_t
next(uint32_t *seed)
{

	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* No call is to wait for long: there may be nobody to wait for. */
static void
put(uint32_t *seed, int fd)
{
	static const struct rump_timeval limit = { .tv_usec = 2000 };
	int old, at = (int)(next(seed) % SLOTS);

	if (fd == -1)
		return;
	(void)rump_sys_setsockopt(fd, RUMP_SOL_SOCKET, RUMP_SO_RCVTIMEO,
	    &limit, sizeof(limit));
	(void)rump_sys_setsockopt(fd, RUMP_SOL_SOCKET, RUMP_SO_SNDTIMEO,
	    &limit, sizeof(limit));
	old = __atomic_exchange_n(&slots[at], fd, __ATOMIC_SEQ_CST);
	if (old > witness[1])
		(void)rump_sys_close(old);
}

static int
pick(uint32_t *seed)
{

	return slots[next(seed) % SLOTS];
}

static void
make(uint32_t *seed)
{
	static const int types[3] = { STREAM, DGRAM, SEQPACKET };
	int fds[2], type = types[next(seed) % 3];
	char name[8];

	snprintf(name, sizeof(name), "/n%d", (int)(next(seed) % NAMES));
	switch (next(seed) % 6) {
	case 0:
	case 1:
		if (rump_sys_socketpair(AF_L, type, 0, fds) == 0) {
			put(seed, fds[0]);
			put(seed, fds[1]);
		}
		break;
	case 2:
		if ((fds[0] = rump_sys_socket(AF_L, type | NONBLOCK, 0)) != -1) {
			(void)h_bind(fds[0], name);
			(void)rump_sys_listen(fds[0], 3);
			put(seed, fds[0]);
		}
		break;
	case 3:
		if ((fds[0] = rump_sys_socket(AF_L, type, 0)) != -1) {
			(void)h_connect(fds[0], name);
			put(seed, fds[0]);
		}
		break;
	case 4:
		(void)rump_sys_unlink(name);
		break;
	default:
		put(seed, rump_sys_dup(pick(seed)));
		break;
	}
}

static void
transfer(uint32_t *seed)
{
	static __thread char in[100000];
	static const int flags[4] = { 0, DONTWAIT, RUMP_MSG_PEEK,
	    RUMP_MSG_WAITALL };
	size_t n = next(seed) % (next(seed) % 4 == 0 ? sizeof(junk) : 300);

	if (next(seed) % 2 == 0)
		(void)h_send(pick(seed), junk, n, (int)(next(seed) % 2 *
		    DONTWAIT));
	else
		(void)h_recv(pick(seed), in, n, flags[next(seed) % 4]);
}

static void
pass(uint32_t *seed)
{
	int fds[3], i, n = (int)(next(seed) % 3) + 1;
	struct rights r;

	for (i = 0; i < n; i++)
		fds[i] = pick(seed);
	if (next(seed) % 2 == 0)
		fds[0] = witness[1];
	(void)rump_sys_sendmsg(pick(seed), h_rights(&r, fds, n), DONTWAIT);
}

static void
take(uint32_t *seed)
{
	struct rights r;
	int i, n, fd;

	if (rump_sys_recvmsg(pick(seed), h_rights(&r, NULL, 0), DONTWAIT) ==
	    -1 || r.r_msg.msg_controllen < RUMP_CMSG_LEN(sizeof(int)))
		return;
	n = (int)((r.r_u.r_cmsg.cmsg_len - RUMP_CMSG_LEN(0)) / sizeof(int));
	for (i = 0; i < n; i++) {
		memcpy(&fd, RUMP_CMSG_DATA(&r.r_u) + (size_t)i * sizeof(int),
		    sizeof(fd));
		if (next(seed) % 2 == 0)
			put(seed, fd);
		else
			(void)rump_sys_close(fd);
	}
}

static void
disturb(uint32_t *seed)
{
	struct rump_pollfd pfd[4];
	int i, fd = pick(seed);

	switch (next(seed) % 5) {
	case 0:
		(void)rump_sys_shutdown(fd, (int)(next(seed) % 3));
		break;
	case 1:
		put(seed, rump_sys_accept(fd, NULL, NULL));
		break;
	case 2:
		if (fd > witness[1])
			(void)rump_sys_close(fd);
		break;
	case 3:
		for (i = 0; i < 4; i++)
			pfd[i] = (struct rump_pollfd){ .fd = pick(seed),
			    .events = RUMP_POLLIN | RUMP_POLLOUT };
		(void)rump_sys_poll(pfd, 4, (int)(next(seed) % 3));
		break;
	default:
		i = (int)(next(seed) % 100000);
		(void)rump_sys_setsockopt(fd, RUMP_SOL_SOCKET,
		    next(seed) % 2 ? RUMP_SO_RCVBUF : RUMP_SO_SNDBUF, &i,
		    sizeof(i));
		break;
	}
}

static long long
worker(struct waiter *w)
{
	static void (*const works[])(uint32_t *) = { make, make, transfer,
	    transfer, transfer, pass, take, disturb };
	uint32_t seed = (uint32_t)w->w_fd;
	size_t i;

	for (i = 0; i < w->w_size; i++)
		works[next(&seed) % 8](&seed);
	return 0;
}

static void
threads(void)
{
	const char *seed = getenv("KTEST_SEED"), *n = getenv("KTEST_ROUNDS");
	struct waiter w[THREADS];
	int i, fd;
	char c;

	CHECK_OK(rump_sys_pipe2(witness, RUMP_O_NONBLOCK));
	for (i = 0; i < SLOTS; i++)
		slots[i] = -1;
	for (i = 0; i < THREADS; i++) {
		w[i] = (struct waiter){ .w_call = worker,
		    .w_fd = (seed != NULL ? atoi(seed) : 1) * 1000 + i + 1,
		    .w_size = n != NULL ? (size_t)atoi(n) : 20000 };
		h_begin(&w[i]);
	}
	for (i = 0; i < THREADS; i++)
		h_end(&w[i]);
	for (fd = witness[0] + 1; fd < 1024; fd++)
		(void)rump_sys_close(fd);
	/* Every message that had the writing end is gone. */
	CHECK_EQUAL(rump_sys_read(witness[0], &c, 1), 0);
	CHECK_OK(rump_sys_close(witness[0]));
	CHECK_EQUAL(h_nextfd(), 0);
}

static const struct tap_case cases[] = {
	{ "threads that disturb each other", threads },
};

RUN_KERNEL(cases)
