/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * console.c: waiting for the console: lines that are typed, by epoll and poll.
 * The test types "one", "two" and "three", and nothing more.
 */
#define	_GNU_SOURCE
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

static int
ready(int ep, int ms, uint32_t events)
{
	struct epoll_event ev = { 0 };
	int n = epoll_wait(ep, &ev, 1, ms);

	return n == 1 && ev.events == events && ev.data.u64 == 7;
}

static int
reads(const char *line)
{
	char buf[64] = "";

	return read(0, buf, sizeof(buf)) == (ssize_t)strlen(line) &&
	    strcmp(buf, line) == 0;
}

int
main(void)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = 7 };
	struct pollfd pfd = { .events = POLLIN | POLLOUT };
	int ep = epoll_create1(0), ep2 = epoll_create1(0), fd = eventfd(0, 0);
	char c;

	setvbuf(stdout, NULL, _IONBF, 0);
	tap_is(epoll_ctl(ep, EPOLL_CTL_ADD, 0, &ev), 0, "add");
	tap_ok(ready(ep, -1, EPOLLIN), "a line comes");
	tap_ok(ready(ep, 0, EPOLLIN), "and is a level");
	tap_is(poll(&pfd, 1, 0), 1, "poll");
	tap_is(pfd.revents, POLLIN | POLLOUT, "says so, too");
	tap_ok(reads("one\n"), "it is read");
	ev.events = EPOLLIN | EPOLLET;
	tap_is(epoll_ctl(ep, EPOLL_CTL_MOD, 0, &ev), 0, "edges");
	tap_ok(ready(ep, -1, EPOLLIN), "the next line comes");
	tap_is(read(0, &c, 1), 1, "a part of it");
	tap_ok(c == 't', "is read");
	tap_ok(!ready(ep, 50, EPOLLIN), "there is no edge");
	tap_ok(reads("wo\n"), "the rest is read");
	pfd.events = POLLIN;
	tap_is(poll(&pfd, 1, -1), 1, "the third line comes");
	tap_is(fcntl(0, F_SETFL, O_RDWR | O_NONBLOCK), 0, "O_NONBLOCK");
	tap_ok(reads("three\n"), "it is read");
	tap_fails(read(0, &c, 1), EAGAIN, "there is no more");
	tap_is(poll(&pfd, 1, 20), 0, "nor for poll");
	ev.events = EPOLLIN;
	tap_is(epoll_ctl(ep2, EPOLL_CTL_ADD, 0, &ev), 0, "in another");
	tap_ok(!ready(ep2, 20, EPOLLIN), "nor for epoll");
	/* Along with others. */
	tap_is(epoll_ctl(ep2, EPOLL_CTL_ADD, fd, &ev), 0, "a count");
	tap_is(write(fd, &(uint64_t){ 1 }, 8), 8, "is written");
	tap_ok(ready(ep2, -1, EPOLLIN), "and comes alone");
	tap_is(read(fd, &(uint64_t){ 0 }, 8), 8, "and is read");
	/* Output can always go. */
	ev.events = EPOLLIN | EPOLLOUT;
	tap_is(epoll_ctl(ep2, EPOLL_CTL_MOD, 0, &ev), 0, "output");
	tap_ok(ready(ep2, -1, EPOLLOUT), "can go");
	tap_ok(ready(ep2, 0, EPOLLOUT), "and always can");
	tap_is(epoll_ctl(ep2, EPOLL_CTL_DEL, 0, NULL), 0, "del");
	tap_ok(!ready(ep2, 0, EPOLLOUT), "nothing any more");
	return tap_end();
}
