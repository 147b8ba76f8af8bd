/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * epoll_many.c: epoll on many files, on epolls and timers, and with threads.
 */
#define	_GNU_SOURCE
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include "epoll.h"

static void
several(void)
{
	static struct epoll_event ev[300];
	int ep = epoll_create1(0), fd[300], i, n, seen[300] = { 0 };

	for (i = 0; i < 300; i++) {
		fd[i] = eventfd(i % 3 == 0, 0);
		add(ep, fd[i], IN | (i % 2 != 0 ? EPOLLET : 0), (uint64_t)i);
	}
	say("at once", n = epoll_wait(ep, ev, 300, 0));
	for (i = 0; i < n; i++)
		seen[ev[i].data.u64]++;
	for (i = 0; i < 300; i++)
		if (seen[i] != (i % 3 == 0))
			printf("%d was seen %d times\n", i, seen[i]);
	say("without the edges", epoll_wait(ep, ev, 300, 0));
	/* In pieces: everybody comes. */
	for (i = 0; i < 300; i++)
		put(fd[i], 1);
	memset(seen, 0, sizeof(seen));
	for (i = 0; i < 60; i++) {
		n = epoll_wait(ep, ev, 7, 0);
		if (n <= 0)
			break;
		while (n-- > 0)
			seen[ev[n].data.u64]++;
	}
	for (i = n = 0; i < 300; i++)
		n += seen[i] != 0 && (i % 2 == 0 || seen[i] == 1);
	say("seen in pieces", n);
	for (i = 0; i < 300; i += 2)
		del(ep, fd[i]);
	say("none is left", epoll_wait(ep, ev, 300, 0));
	for (i = 0; i < 300; i++)
		close(fd[i]);
	close(ep);
}

static void
nested(void)
{
	int ep[8], i, fd = eventfd(0, 0);
	struct pollfd pfd = { .events = POLLIN | POLLOUT };
	struct epoll_event ev;

	for (i = 0; i < 8; i++)
		ep[i] = epoll_create1(0);
	say("inner", add(ep[0], fd, IN, 1));
	say("outer", add(ep[1], ep[0], IN | OUT | EPOLLET, 2));
	show(ep[1], "nothing yet");
	put(fd, 1);
	pfd.fd = ep[1];
	say("poll", poll(&pfd, 1, 0));
	show(ep[1], "outer");
	show(ep[1], "again");
	show(ep[0], "inner");
	show(ep[0], "again");
	show(ep[1], "outer");
	put(fd, 1);
	show(ep[1], "written: outer");
	take(fd);
	show(ep[1], "read: outer");
	show(ep[0], "inner");
	say("poll", poll(&pfd, 1, 0));
	say("a circle", add(ep[0], ep[1], IN, 3));
	for (i = 1; i < 7; i++)
		say("higher", add(ep[i + 1], ep[i], IN, 10 + (uint64_t)i));
	say("a circle", add(ep[0], ep[4], IN, 3));
	put(fd, 1);
	for (i = 0; i < 8; i++)
		show(ep[i], "stacked");
	close(ep[0]);
	for (i = 1; i < 8; i++)
		show(ep[i], "the lowest is closed");
	for (i = 1; i < 8; i++)
		close(ep[i]);
	close(fd);
	/* Waited for through two. */
	ep[0] = epoll_create1(0);
	ep[1] = epoll_create1(0);
	fd = timerfd_create(CLOCK_MONOTONIC, 0);
	add(ep[0], fd, IN, 5);
	add(ep[1], ep[0], IN, 6);
	timerfd_settime(fd, 0, &(struct itimerspec){ .it_value.tv_nsec =
	    20000000 }, NULL);
	say("wait", epoll_wait(ep[1], &ev, 1, -1));
	say("of", (long)ev.data.u64);
	close(fd);
	close(ep[0]);
	close(ep[1]);
}

static void
timers(void)
{
	int ep = epoll_create1(0), fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct itimerspec it = { .it_value.tv_nsec = 10000000 };
	struct epoll_event ev;

	add(ep, fd, IN | OUT | EPOLLET, 7);
	show(ep, "a timer that is not set");
	timerfd_settime(fd, 0, &it, NULL);
	say("it fires", epoll_wait(ep, &ev, 1, 5000));
	say_events(ev.events);
	printf(" %d\n", (int)ev.data.u64);
	show(ep, "again");
	timerfd_settime(fd, 0, &it, NULL);
	say("set again", epoll_wait(ep, &ev, 1, 5000));
	mod(ep, fd, IN, 8);
	show(ep, "a level");
	take(fd);
	show(ep, "read");
	say("no time", epoll_wait(ep, &ev, 1, 10));
	close(fd);
	close(ep);
}

/* Threads that wait for one epoll. */
static int thread_ep, thread_fd;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int events_seen, threads_ended;

static void *
waiter(void *arg)
{
	struct epoll_event ev;
	uint64_t n;

	(void)arg;
	while (epoll_wait(thread_ep, &ev, 1, -1) == 1 && ev.data.u64 != 99) {
		if (read((int)ev.data.u64, &n, sizeof(n)) != sizeof(n))
			continue;
		pthread_mutex_lock(&lock);
		events_seen += (int)n;
		pthread_mutex_unlock(&lock);
	}
	pthread_mutex_lock(&lock);
	threads_ended++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void
threads(void)
{
	int fd[8], i, round, stop = eventfd(0, 0);
	pthread_t t[4];

	thread_ep = epoll_create1(0);
	for (i = 0; i < 4; i++)
		if (pthread_create(&t[i], NULL, waiter, NULL) != 0)
			exit(2);
	/* The set changes while they wait. */
	for (round = 0; round < 50; round++) {
		for (i = 0; i < 8; i++) {
			fd[i] = eventfd(0, EFD_NONBLOCK);
			add(thread_ep, fd[i], IN | (i % 2 != 0 ? EPOLLET : 0),
			    (uint64_t)fd[i]);
		}
		for (i = 0; i < 8; i++)
			put(fd[i], 1);
		do {
			sched_yield();
			pthread_mutex_lock(&lock);
			i = events_seen;
			pthread_mutex_unlock(&lock);
		} while (i < 8 * (round + 1));
		for (i = 0; i < 8; i++) {
			if (i % 2 == 0)
				del(thread_ep, fd[i]);
			close(fd[i]);
		}
	}
	say("seen by threads", events_seen);
	add(thread_ep, stop, IN, 99);
	put(stop, 1);
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	say("threads that ended", threads_ended);
	close(stop);
	close(thread_ep);
}

/* The epoll, or what is waited for, is closed meanwhile. */
static void *
closer(void *arg)
{
	const struct timespec ts = { 0, 20000000 };

	nanosleep(&ts, NULL);
	close(*(int *)arg);
	nanosleep(&ts, NULL);
	put(thread_fd, 1);
	return NULL;
}

static void
closing_meanwhile(void)
{
	struct epoll_event ev;
	pthread_t t;
	int ep = epoll_create1(0), twin;

	thread_fd = eventfd(0, 0);
	add(ep, thread_fd, IN, 1);
	if (pthread_create(&t, NULL, closer, &ep) != 0)
		exit(2);
	say("the epoll is closed", epoll_wait(ep, &ev, 1, 5000));
	pthread_join(t, NULL);
	take(thread_fd);
	ep = epoll_create1(0);
	twin = dup(thread_fd);
	add(ep, twin, IN, 2);
	if (pthread_create(&t, NULL, closer, &twin) != 0)
		exit(2);
	say("its twin is closed", epoll_wait(ep, &ev, 1, 5000));
	pthread_join(t, NULL);
	close(thread_fd);
	show(ep, "both are");
	close(ep);
}

int
main(void)
{

	several();
	nested();
	timers();
	threads();
	closing_meanwhile();
	return 0;
}
