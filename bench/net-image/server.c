/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.c: the program that is compared in an image and on Linux: one thread, one
 * epoll.  Port 80 answers HTTP requests on connections that are kept, port 5001
 * swallows what comes, port 5002 sends as long as somebody reads.
 */
#include <sys/epoll.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { LISTEN_HTTP, LISTEN_SINK, LISTEN_SOURCE, HTTP, SINK, SOURCE };
static const uint16_t ports[] = { 80, 5001, 5002 };

struct file {
	int fd;
	enum kind kind;
	int matched;			/* of a request's end, "\r\n\r\n" */
};

static char chunk[256 * 1024];
static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\n"
    "Hello, world\n";

static void
check(long result, const char *what)
{

	if (result >= 0)
		return;
	perror(what);
	exit(1);
}

static void
watch(int ep, int fd, enum kind kind)
{
	struct file *f = calloc(1, sizeof(*f));
	struct epoll_event ev = { .data.ptr = f,
	    .events = kind == SOURCE ? EPOLLOUT : EPOLLIN };

	f->fd = fd;
	f->kind = kind;
	check(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev), "epoll_ctl");
}

static void
listen_on(int ep, enum kind kind)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_port = htons(ports[kind]) };
	int fd, on = 1;

	check(fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	check(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), "bind");
	check(listen(fd, 512), "listen");
	watch(ep, fd, kind);
}

static void
take_connections(int ep, const struct file *f)
{
	int fd, on = 1;

	while ((fd = accept4(f->fd, NULL, NULL, SOCK_NONBLOCK)) != -1) {
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
		    sizeof(on));
		watch(ep, fd, f->kind - LISTEN_HTTP + HTTP);
	}
}

/* One answer for each request that ends in these bytes; false: it is over. */
static int
answer_requests(struct file *f, const char *bytes, ssize_t n)
{
	static const char end[] = "\r\n\r\n";
	ssize_t i;

	for (i = 0; i < n; i++) {
		f->matched = bytes[i] == end[f->matched] ? f->matched + 1 :
		    bytes[i] == end[0];
		if (f->matched < 4)
			continue;
		f->matched = 0;
		if (write(f->fd, answer, sizeof(answer) - 1) !=
		    sizeof(answer) - 1)
			return 0;
	}
	return 1;
}

/* False: the connection is over. */
static int
serve(struct file *f)
{
	static char bytes[sizeof(chunk)];
	ssize_t n;

	if (f->kind == SOURCE) {
		n = write(f->fd, chunk, sizeof(chunk));
		return n >= 0 || errno == EAGAIN;
	}
	n = read(f->fd, bytes, f->kind == HTTP ? 4096 : sizeof(bytes));
	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	return f->kind == SINK || answer_requests(f, bytes, n);
}

int
main(void)
{
	struct epoll_event events[64];
	struct file *f;
	int ep, i, n;

	(void)signal(SIGPIPE, SIG_IGN);
	check(ep = epoll_create1(0), "epoll_create1");
	listen_on(ep, LISTEN_HTTP);
	listen_on(ep, LISTEN_SINK);
	listen_on(ep, LISTEN_SOURCE);
	(void)puts("serving");
	(void)fflush(stdout);
	for (;;) {
		check(n = epoll_wait(ep, events, 64, -1), "epoll_wait");
		for (i = 0; i < n; i++) {
			f = events[i].data.ptr;
			if (f->kind < HTTP) {
				take_connections(ep, f);
			} else if (!serve(f)) {
				(void)close(f->fd);
				free(f);
			}
		}
	}
}
