/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pipes.c: pipes, and poll and select on them and on devices.  Passes on Linux as
 * well.
 */
#define	_GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define	NWRITERS	4
#define	ROUNDS		200

static char big[100000];

static int
events(int fd, int asked, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = (short)asked };

	return poll(&pfd, 1, ms) == -1 ? -1 : pfd.revents;
}

static void
test_pipe(void)
{
	struct stat st;
	int n = 0, p[2];
	char buf[16];

	tap_is(pipe(p), 0, "pipe");
	tap_is(fcntl(p[0], F_GETFL), O_RDONLY, "an end to read from");
	tap_is(fcntl(p[1], F_GETFL), O_WRONLY, "and one to write to");
	tap_is(fcntl(p[0], F_GETFD), 0, "which exec would keep");
	tap_is(write(p[1], "through", 7), 7, "write");
	tap_is(ioctl(p[0], FIONREAD, &n), 0, "FIONREAD");
	tap_is(n, 7, "says what is there");
	tap_is(read(p[0], buf, sizeof(buf)), 7, "read");
	tap_ok(memcmp(buf, "through", 7) == 0, "what was written");
	tap_fails(write(p[0], buf, 1), EBADF, "the wrong end to write to");
	tap_fails(read(p[1], buf, 1), EBADF, "the wrong end to read from");
	tap_fails(lseek(p[0], 0, SEEK_SET), ESPIPE, "no places");
	tap_fails(pread(p[0], buf, 1, 0), ESPIPE, "to read from either");
	tap_is(fstat(p[0], &st), 0, "fstat");
	tap_ok(S_ISFIFO(st.st_mode), "is a pipe");
	tap_is(fcntl(p[0], F_GETPIPE_SZ), 65536, "F_GETPIPE_SZ");
	close(p[1]);
	tap_is(read(p[0], buf, 1), 0, "the end");
	close(p[0]);
}

static void
test_flags(void)
{
	int on = 1, p[2];
	char buf[16];
	long n, sum = 0;

	tap_fails(pipe2(p, 1 << 30), EINVAL, "pipe2: bad flags");
	tap_is(pipe2(p, O_NONBLOCK | O_CLOEXEC), 0, "pipe2");
	tap_is(fcntl(p[1], F_GETFL), O_WRONLY | O_NONBLOCK, "O_NONBLOCK");
	tap_is(fcntl(p[1], F_GETFD), FD_CLOEXEC, "O_CLOEXEC");
	tap_fails(read(p[0], buf, 1), EAGAIN, "nothing is there");
	while ((n = write(p[1], big, sizeof(big))) > 0)
		sum += n;
	tap_fails(n, EAGAIN, "it is full");
	tap_is(sum, 65536, "with as much as it holds");
	tap_is(read(p[0], big, 4000), 4000, "some room");
	tap_fails(write(p[1], big, 4096), EAGAIN, "small writes are whole");
	tap_is(read(p[0], big, 96), 96, "some more");
	tap_is(write(p[1], big, 4096), 4096, "or not at all");
	on = 0;
	tap_is(ioctl(p[0], FIONBIO, &on), 0, "FIONBIO");
	tap_is(fcntl(p[0], F_GETFL), O_RDONLY, "O_NONBLOCK no more");
	tap_is(ioctl(p[0], FIOCLEX), 0, "FIOCLEX");
	tap_is(ioctl(p[1], FIONCLEX), 0, "FIONCLEX");
	tap_is(fcntl(p[0], F_GETFD), FD_CLOEXEC, "sets it");
	tap_is(fcntl(p[1], F_GETFD), 0, "takes it away");
	close(p[0]);
	tap_fails(write(p[1], buf, 1), EPIPE, "nobody reads");
	tap_fails(writev(p[1], &(struct iovec){ buf, 1 }, 1), EPIPE, "nor this");
	close(p[1]);
}

/* Each writes its own letter, as many as are written whole. */
static int atomic[2];

static void *
writer(void *arg)
{
	char buf[PIPE_BUF];
	int i;

	memset(buf, 'a' + (int)(long)arg, sizeof(buf));
	for (i = 0; i < ROUNDS; i++)
		if (write(atomic[1], buf, sizeof(buf)) != sizeof(buf))
			return (void *)1;
	return NULL;
}

static void
test_atomic(void)
{
	static char all[NWRITERS * ROUNDS * PIPE_BUF];
	pthread_t threads[NWRITERS];
	size_t got = 0, i, mixed = 0;
	void *result;
	long failed = 0, n, t;

	tap_is(pipe(atomic), 0, "a pipe for many");
	for (t = 0; t < NWRITERS; t++)
		pthread_create(&threads[t], NULL, writer, (void *)t);
	while (got < sizeof(all) && (n = read(atomic[0], all + got,
	    sizeof(all) - got)) > 0)
		got += (size_t)n;
	for (t = 0; t < NWRITERS; t++) {
		pthread_join(threads[t], &result);
		failed += result != NULL;
	}
	tap_is((long)got, sizeof(all), "all bytes come through");
	for (i = 0; i < got; i++)
		mixed += all[i] != all[i / PIPE_BUF * PIPE_BUF];
	tap_is((long)mixed, 0, "no write has another in it");
	tap_is(failed, 0, "and each was whole");
	close(atomic[0]);
	close(atomic[1]);
}

static void
test_poll(void)
{
	struct pollfd pfd[3];
	int p[2];

	tap_is(pipe(p), 0, "pipe");
	pfd[0] = (struct pollfd){ .fd = p[0], .events = POLLIN };
	pfd[1] = (struct pollfd){ .fd = p[1], .events = POLLOUT };
	pfd[2] = (struct pollfd){ .fd = 777, .events = POLLIN };
	tap_is(poll(pfd, 1, 0), 0, "poll: nothing");
	tap_is(poll(pfd, 1, 20), 0, "nothing after a while");
	tap_is(poll(pfd, 3, -1), 2, "poll: two have events");
	tap_is(pfd[0].revents, 0, "not the one to read from");
	tap_is(pfd[1].revents, POLLOUT, "the one to write to");
	tap_is(pfd[2].revents, POLLNVAL, "and no descriptor");
	pfd[2].fd = -1;
	tap_is(poll(pfd, 3, -1), 1, "negative ones are left out");
	tap_is(pfd[2].revents, 0, "and have none");
	tap_is(write(p[1], "x", 1), 1, "write");
	tap_is(events(p[0], POLLIN | POLLRDNORM, -1), POLLIN | POLLRDNORM,
	    "something to read");
	tap_is(events(p[0], 0, 0), 0, "nothing was asked for");
	close(p[1]);
	tap_is(events(p[0], POLLIN, -1), POLLIN | POLLHUP, "and the end");
	tap_is(read(p[0], big, 10), 1, "read");
	tap_is(events(p[0], POLLIN, -1), POLLHUP, "only the end");
	close(p[0]);
	tap_is(pipe(p), 0, "pipe");
	close(p[0]);
	tap_is(events(p[1], POLLOUT, -1), POLLOUT | POLLERR, "nobody reads");
	close(p[1]);
	tap_is(poll(NULL, 0, 10), 0, "poll of nothing waits");
	tap_fails(syscall(SYS_poll, pfd, 1UL << 30, 0), EINVAL,
	    "poll: too many");
	p[0] = open("/dev/null", O_RDWR);
	tap_is(events(p[0], POLLIN | POLLOUT, -1), POLLIN | POLLOUT,
	    "/dev/null never waits");
	close(p[0]);
}

static void
test_ppoll(void)
{
	struct timespec ts = { 0, 20000000 };
	struct pollfd pfd;
	sigset_t set;
	int p[2];

	tap_is(pipe(p), 0, "pipe");
	sigemptyset(&set);
	pfd = (struct pollfd){ .fd = p[0], .events = POLLIN };
	tap_is(ppoll(&pfd, 1, &ts, &set), 0, "ppoll");
	tap_is(syscall(SYS_ppoll, &pfd, 1, &ts, NULL, 0), 0, "the call itself");
	tap_ok(ts.tv_sec == 0 && ts.tv_nsec == 0, "says that nothing is left");
	ts.tv_nsec = 1000000000;
	tap_fails(ppoll(&pfd, 1, &ts, NULL), EINVAL, "ppoll: bad time");
	ts = (struct timespec){ -1, 0 };
	tap_fails(ppoll(&pfd, 1, &ts, NULL), EINVAL, "ppoll: before now");
	tap_fails(syscall(SYS_ppoll, &pfd, 1, NULL, &set, 4), EINVAL,
	    "ppoll: a set of another size");
	ts = (struct timespec){ 1000, 0 };
	tap_is(write(p[1], "x", 1), 1, "write");
	tap_is(syscall(SYS_ppoll, &pfd, 1, &ts, NULL, 0), 1, "no need to wait");
	tap_ok(ts.tv_sec == 999 && ts.tv_nsec > 0, "most of it is left");
	close(p[0]);
	close(p[1]);
}

static void
test_select(void)
{
	struct timeval tv = { 0, 20000 };
	struct timespec ts = { 0, 1000000 };
	fd_set r, w, x;
	int p[2], high;

	tap_is(pipe(p), 0, "pipe");
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&x);
	FD_SET(p[0], &r);
	tap_is(select(p[0] + 1, &r, NULL, NULL, &tv), 0, "select: nothing");
	tap_ok(!FD_ISSET(p[0], &r), "the set is empty");
	FD_SET(p[0], &r);
	FD_SET(p[1], &w);
	FD_SET(p[0], &x);
	tap_is(select(p[1] + 1, &r, &w, &x, NULL), 1, "select: one");
	tap_ok(!FD_ISSET(p[0], &r) && FD_ISSET(p[1], &w) &&
	    !FD_ISSET(p[0], &x), "the one to write to");
	high = fcntl(p[0], F_DUPFD, 900);
	tap_is(high, 900, "a high descriptor");
	tap_is(write(p[1], "x", 1), 1, "write");
	FD_SET(high, &r);
	FD_SET(p[0], &r);
	tap_is(pselect(high + 1, &r, &w, NULL, &ts, NULL), 3, "pselect");
	tap_ok(FD_ISSET(high, &r) && FD_ISSET(p[0], &r), "knows it");
	FD_ZERO(&w);
	tap_is(select(high, &r, NULL, NULL, NULL), 1, "below it only one");
	close(high);
	FD_SET(high, &r);
	tap_fails(select(high + 1, &r, NULL, NULL, NULL), EBADF,
	    "select: a descriptor that is none");
	tap_fails(select(-1, NULL, NULL, NULL, NULL), EINVAL, "select: -1");
	tv.tv_sec = -1;
	tap_fails(select(0, NULL, NULL, NULL, &tv), EINVAL,
	    "select: before now");
	close(p[0]);
	close(p[1]);
}

/* Threads that wait do not keep others from running, and all are woken. */
static void *
poller(void *arg)
{

	return (void *)(long)events(*(int *)arg, POLLIN, -1);
}

static void
test_threads(void)
{
	pthread_t threads[NWRITERS];
	void *result;
	long t, woken = 0;
	int p[2];

	tap_is(pipe(p), 0, "pipe");
	for (t = 0; t < NWRITERS; t++)
		pthread_create(&threads[t], NULL, poller, &p[0]);
	tap_is(write(p[1], "x", 1), 1, "write");
	for (t = 0; t < NWRITERS; t++) {
		pthread_join(threads[t], &result);
		woken += result == (void *)POLLIN;
	}
	tap_is(woken, NWRITERS, "all who poll are woken");
	close(p[0]);
	close(p[1]);
}

int
main(void)
{

	signal(SIGPIPE, SIG_IGN);
	test_pipe();
	test_flags();
	test_atomic();
	test_poll();
	test_ppoll();
	test_select();
	test_threads();
	return tap_end();
}
