/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.c: a static web server: one thread, one epoll, files by sendfile(2).
 *
 *	server [folder]		serves it on port 80; default: /www
 */
#define	_GNU_SOURCE
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http.h"

#define	PORT		80
#define	NEVENTS		64

struct connection {
	int fd;
	int file;			/* what is being sent, or -1 */
	off_t offset, left;
	char in[4096];
	size_t inlen;
	char head[512];
	size_t headlen, headsent;
	int waits;			/* for room in the socket */
	int closes;			/* after this answer */
};

static int folder;			/* that is served */

static void
die(const char *what)
{

	perror(what);
	exit(1);
}

/* The file that a request is for, and its status. */
static int
open_file(const struct http_request *req, struct stat *st, int *file)
{
	char path[1024];

	if (req->status != 200)
		return req->status;
	(void)snprintf(path, sizeof(path), "%s%s", req->path,
	    req->path[strlen(req->path) - 1] == '/' ? "index.html" : "");
	*file = openat(folder, path + 1, O_RDONLY | O_CLOEXEC);
	if (*file == -1)
		return errno == EACCES ? 403 : 404;
	if (fstat(*file, st) == 0 && S_ISREG(st->st_mode))
		return 200;
	(void)close(*file);
	*file = -1;
	return 404;
}

static void
begin_answer(struct connection *c, const struct http_request *req)
{
	struct stat st = { .st_size = 0 };
	int status;

	status = open_file(req, &st, &c->file);
	c->closes = !req->keepalive;
	c->offset = 0;
	c->left = c->file != -1 ? st.st_size : 0;
	if (req->headonly && c->file != -1) {
		(void)close(c->file);
		c->file = -1;
	}
	c->headlen = http_answer(c->head, sizeof(c->head), status, req->path,
	    c->file != -1 || req->headonly ? c->left : 0, req->keepalive);
	if (req->headonly)
		c->left = 0;
	c->headsent = 0;
}

/* 1: the answer is out; 0: it waits for room; -1: the connection is over. */
static int
send_answer(struct connection *c)
{
	ssize_t n;

	while (c->headsent < c->headlen) {
		n = send(c->fd, c->head + c->headsent, c->headlen -
		    c->headsent, c->left > 0 ? MSG_MORE : 0);
		if (n == -1)
			return errno == EAGAIN ? 0 : -1;
		c->headsent += (size_t)n;
	}
	while (c->left > 0) {
		n = sendfile(c->fd, c->file, &c->offset, (size_t)c->left);
		if (n == -1)
			return errno == EAGAIN ? 0 : -1;
		if (n == 0)
			return -1;	/* the file has become shorter */
		c->left -= n;
	}
	if (c->file != -1)
		(void)close(c->file);
	c->file = -1;
	c->headlen = c->headsent = 0;
	return c->closes ? -1 : 1;
}

static ssize_t
read_more(struct connection *c)
{
	ssize_t n;

	n = read(c->fd, c->in + c->inlen, sizeof(c->in) - c->inlen);
	if (n > 0)
		c->inlen += (size_t)n;
	else if (n == 0)
		errno = ECONNRESET;
	return n > 0 ? n : -1;
}

/* Answers what has come, until it has to wait; -1: the connection is over. */
static int
serve(struct connection *c)
{
	struct http_request req;
	size_t used;
	int sent;

	for (;;) {
		if (c->headlen > 0 && (sent = send_answer(c)) != 1)
			return sent;
		used = http_parse(c->in, c->inlen, sizeof(c->in), &req);
		if (used == 0) {
			if (read_more(c) == -1)
				return errno == EAGAIN ? 0 : -1;
			continue;
		}
		begin_answer(c, &req);
		c->inlen -= used;
		memmove(c->in, c->in + used, c->inlen);
	}
}

/* Asks for what the connection waits for, if that has changed. */
static void
watch(int ep, struct connection *c, int op)
{
	struct epoll_event ev = { .data.ptr = c };
	int waits = c->headlen > 0;

	if (op == EPOLL_CTL_MOD && waits == c->waits)
		return;
	c->waits = waits;
	ev.events = waits ? EPOLLOUT : EPOLLIN;
	if (epoll_ctl(ep, op, c->fd, &ev) == -1)
		die("epoll_ctl");
}

static void
take_connections(int ep, int listener)
{
	struct connection *c;
	int fd, on = 1;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK |
	    SOCK_CLOEXEC)) != -1) {
		if ((c = calloc(1, sizeof(*c))) == NULL) {
			(void)close(fd);
			continue;
		}
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		c->fd = fd;
		c->file = -1;
		watch(ep, c, EPOLL_CTL_ADD);
	}
}

static void
end(struct connection *c)
{

	if (c->file != -1)
		(void)close(c->file);
	(void)close(c->fd);
	free(c);
}

static int
listen_on(int port)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6,
	    .sin6_port = htons((uint16_t)port) };
	int fd, on = 1, off = 0;

	fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1)
		die("socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, (struct sockaddr *)&sin6, sizeof(sin6)) == -1)
		die("bind");
	if (listen(fd, 512) == -1)
		die("listen");
	return fd;
}

int
main(int argc, char **argv)
{
	struct epoll_event events[NEVENTS], ev = { .events = EPOLLIN };
	struct connection *c;
	int ep, i, listener, n;

	(void)signal(SIGPIPE, SIG_IGN);
	folder = open(argc > 1 ? argv[1] : "/www", O_RDONLY | O_DIRECTORY);
	if (folder == -1)
		die("the folder to serve");
	listener = listen_on(PORT);
	if ((ep = epoll_create1(EPOLL_CLOEXEC)) == -1 ||
	    epoll_ctl(ep, EPOLL_CTL_ADD, listener, &ev) == -1)
		die("epoll");
	for (;;) {
		n = epoll_wait(ep, events, NEVENTS, -1);
		if (n == -1 && errno != EINTR)
			die("epoll_wait");
		for (i = 0; i < n; i++) {
			if ((c = events[i].data.ptr) == NULL)
				take_connections(ep, listener);
			else if (serve(c) == -1)
				end(c);
			else
				watch(ep, c, EPOLL_CTL_MOD);
		}
	}
}
