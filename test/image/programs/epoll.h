/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * epoll.h: what the programs that wait for events share: they print what they are
 * told, and the test runs them here and on Linux, and both must say the same.
 */
#ifndef _EPOLL_H_
#define	_EPOLL_H_

#include <sys/epoll.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define	IN	EPOLLIN
#define	OUT	EPOLLOUT

/* The result of a call, with its error's name. */
__attribute__((__unused__)) static long
say(const char *what, long result)
{
	const int error = errno;

	printf("%s: %ld%s%s\n", what, result, result == -1 ? " " : "",
	    result == -1 ? strerror(error) : "");
	return result;
}

__attribute__((__unused__)) static void
say_events(uint32_t events)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
	    { EPOLLIN, "IN" }, { EPOLLPRI, "PRI" }, { EPOLLOUT, "OUT" },
	    { EPOLLERR, "ERR" }, { EPOLLHUP, "HUP" }, { EPOLLRDHUP, "RDHUP" },
	    { EPOLLRDNORM, "RDNORM" }, { EPOLLWRNORM, "WRNORM" },
	    { EPOLLRDBAND, "RDBAND" }, { EPOLLWRBAND, "WRBAND" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (events & names[i].bit)
			printf(" %s", names[i].name);
}

__attribute__((__unused__)) static int
by_data(const void *a, const void *b)
{
	const struct epoll_event *x = a, *y = b;

	return (x->data.u64 > y->data.u64) - (x->data.u64 < y->data.u64);
}

/* All events that there are now, in order of their data. */
__attribute__((__unused__)) static int
show(int ep, const char *what)
{
	struct epoll_event ev[64];
	int i, n;

	n = epoll_wait(ep, ev, 64, 0);
	printf("%s: %d", what, n);
	if (n > 0)
		qsort(ev, (size_t)n, sizeof(ev[0]), by_data);
	for (i = 0; i < n; i++) {
		printf("%s %llu", i == 0 ? ":" : ",",
		    (unsigned long long)ev[i].data.u64);
		say_events(ev[i].events);
	}
	printf("\n");
	return n;
}

__attribute__((__unused__)) static int
control(int ep, int op, int fd, uint32_t events, uint64_t data)
{
	struct epoll_event ev = { .events = events, .data.u64 = data };

	return epoll_ctl(ep, op, fd, &ev);
}

__attribute__((__unused__)) static int
add(int ep, int fd, uint32_t events, uint64_t data)
{

	return control(ep, EPOLL_CTL_ADD, fd, events, data);
}

__attribute__((__unused__)) static int
mod(int ep, int fd, uint32_t events, uint64_t data)
{

	return control(ep, EPOLL_CTL_MOD, fd, events, data);
}

__attribute__((__unused__)) static int
del(int ep, int fd)
{

	return epoll_ctl(ep, EPOLL_CTL_DEL, fd, NULL);
}

__attribute__((__unused__)) static void
put(int fd, uint64_t n)
{

	if (write(fd, &n, sizeof(n)) != sizeof(n))
		say("write", -1);
}

__attribute__((__unused__)) static void
take(int fd)
{
	uint64_t n;

	if (read(fd, &n, sizeof(n)) != sizeof(n))
		say("read", -1);
}

#endif /* _EPOLL_H_ */
