/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * many.c: many connections in one process, and many threads that wait on sockets.
 * Passes on Linux as well, with the same output.
 *
 * Argument: how many connections (default 5000).
 */
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <arpa/inet.h>

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

#define	MOST		20000
#define	NTHREADS	40
#define	ROUNDS		50

static int client[MOST], server[MOST];
static struct pollfd pfd[MOST];

static int
listener(struct sockaddr_in *sin)
{
	socklen_t len = sizeof(*sin);
	int l = socket(AF_INET, SOCK_STREAM, 0);

	*sin = (struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (bind(l, (void *)sin, len) == -1 || listen(l, 128) == -1 ||
	    getsockname(l, (void *)sin, &len) == -1)
		return -1;
	return l;
}

static void
test_connections(int n)
{
	struct sockaddr_in sin;
	int failed = 0, i, l = listener(&sin), wrong = 0;
	char c;

	tap_ok(l != -1, "listen");
	for (i = 0; i < n; i++) {
		client[i] = socket(AF_INET, SOCK_STREAM, 0);
		failed += connect(client[i], (void *)&sin, sizeof(sin)) != 0;
		server[i] = accept(l, NULL, NULL);
		failed += server[i] == -1;
		pfd[i] = (struct pollfd){ .fd = server[i], .events = POLLIN };
	}
	tap_is(failed, 0, "all connect");
	tap_is(poll(pfd, (nfds_t)n, 0), 0, "nothing is there");
	/* Every so often one writes, and it is the only one to be told of. */
	for (i = 0; i < n; i += n / ROUNDS) {
		c = (char)i;
		wrong += write(client[i], &c, 1) != 1;
		wrong += poll(pfd, (nfds_t)n, -1) != 1;
		wrong += pfd[i].revents != POLLIN;
		wrong += read(server[i], &c, 1) != 1 || c != (char)i;
	}
	tap_is(wrong, 0, "poll finds who has something");
	for (i = 0; i < n; i++)
		wrong += write(client[i], "x", 1) != 1;
	tap_is(poll(pfd, (nfds_t)n, -1), n, "and all of them");
	for (i = 0; i < n; i++)
		close(client[i]);
	for (i = 0; i < n; i++) {
		wrong += read(server[i], &c, 1) != 1;
		wrong += read(server[i], &c, 1) != 0;
		close(server[i]);
	}
	tap_is(wrong, 0, "each has its byte and its end");
	close(l);
}

/* Answers until the other end closes. */
static void *
answer(void *arg)
{
	const int s = *(int *)arg;
	long n = 0;
	char c;

	while (recv(s, &c, 1, 0) == 1 && send(s, &c, 1, 0) == 1)
		n++;
	return (void *)n;
}

static void
test_threads(void)
{
	pthread_t threads[NTHREADS];
	long answers = 0;
	int i, round, s[NTHREADS][2], wrong = 0;
	void *result;
	char c;

	for (i = 0; i < NTHREADS; i++) {
		wrong += socketpair(AF_UNIX, SOCK_STREAM, 0, s[i]) != 0;
		wrong += pthread_create(&threads[i], NULL, answer,
		    &s[i][1]) != 0;
	}
	tap_is(wrong, 0, "threads that wait");
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < NTHREADS; i++)
			wrong += send(s[i][0], "x", 1, 0) != 1;
		for (i = NTHREADS - 1; i >= 0; i--)
			wrong += recv(s[i][0], &c, 1, 0) != 1;
	}
	tap_is(wrong, 0, "each answers");
	for (i = 0; i < NTHREADS; i++) {
		close(s[i][0]);
		pthread_join(threads[i], &result);
		answers += (long)result;
		close(s[i][1]);
	}
	tap_is(answers, NTHREADS * ROUNDS, "every time");
}

/* The program ends although threads wait. */
static void *
wait_for_ever(void *arg)
{
	char c;

	(void)recv(*(int *)arg, &c, 1, 0);
	return NULL;
}

int
main(int argc, char *argv[])
{
	int i, n = argc > 1 ? atoi(argv[1]) : 5000, s[2];
	struct rlimit rl;
	pthread_t thread;

	if (n > MOST)
		n = MOST;
	if (getrlimit(RLIMIT_NOFILE, &rl) == 0) {
		rl.rlim_cur = rl.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &rl);
	}
	test_connections(n);
	test_threads();
	tap_is(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0, "socketpair");
	for (i = 0; i < 4; i++)
		pthread_create(&thread, NULL, wait_for_ever, &s[0]);
	return tap_end();
}
