/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * h_net.h: what tests of sockets share: pairs and names, calls that wait on
 * another thread, and a look at memory.
 */
#ifndef _TEST_H_NET_H_
#define	_TEST_H_NET_H_

#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <time.h>

#include "h_kern.h"
#include <rump/rumpnet.h>

#define	AF_L		RUMP_AF_LOCAL
#define	STREAM		RUMP_SOCK_STREAM
#define	DGRAM		RUMP_SOCK_DGRAM
#define	SEQPACKET	RUMP_SOCK_SEQPACKET
#define	NONBLOCK	RUMP_SOCK_NONBLOCK
#define	DONTWAIT	RUMP_MSG_DONTWAIT
#define	FIONREAD	0x4004667fUL	/* _IOR('f', 127, int) of NetBSD */
#define	FIONBIO		0x8004667eUL	/* _IOW('f', 126, int) */

static __kunused void
h_pair(int type, int fds[2])
{

	CHECK_OK(rump_sys_socketpair(AF_L, type, 0, fds));
}

static __kunused void
h_close2(int fds[2])
{

	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_OK(rump_sys_close(fds[1]));
}

static __kunused uint32_t
h_name(struct rump_sockaddr_un *sun, const char *path)
{

	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_L;
	strcpy(sun->sun_path, path);
	return (uint32_t)(offsetof(struct rump_sockaddr_un, sun_path) +
	    strlen(path));
}

static __kunused int
h_bind(int fd, const char *path)
{
	struct rump_sockaddr_un sun;
	uint32_t len = h_name(&sun, path);

	return rump_sys_bind(fd, (struct rump_sockaddr *)&sun, len);
}

static __kunused int
h_connect(int fd, const char *path)
{
	struct rump_sockaddr_un sun;
	uint32_t len = h_name(&sun, path);

	return rump_sys_connect(fd, (struct rump_sockaddr *)&sun, len);
}

static __kunused int
h_socket(int type)
{
	int fd = rump_sys_socket(AF_L, type, 0);

	CHECK_OK(fd);
	return fd;
}

/* A socket with a name that listens. */
static __kunused int
h_listen(int type, const char *path, int backlog)
{
	int fd = h_socket(type);

	CHECK_OK(h_bind(fd, path));
	CHECK_OK(rump_sys_listen(fd, backlog));
	return fd;
}

static __kunused ssize_t
h_send(int fd, const void *buf, size_t len, int flags)
{

	return rump_sys_sendto(fd, buf, len, flags, NULL, 0);
}

static __kunused ssize_t
h_recv(int fd, void *buf, size_t len, int flags)
{

	return rump_sys_recvfrom(fd, buf, len, flags, NULL, NULL);
}

static __kunused void
h_setint(int fd, int name, int value)
{

	CHECK_OK(rump_sys_setsockopt(fd, RUMP_SOL_SOCKET, name, &value,
	    sizeof(value)));
}

static __kunused int
h_getint(int fd, int name)
{
	uint32_t len = sizeof(int);
	int value = -1;

	CHECK_OK(rump_sys_getsockopt(fd, RUMP_SOL_SOCKET, name, &value, &len));
	CHECK_EQUAL(len, sizeof(int));
	return value;
}

/*
 * A call on another thread, which begins to wait (bw_started), and what came of
 * it.  The thread has a lwp for all its calls, as a program's has.
 */
struct waiter {
	long long (*w_call)(struct waiter *);
	int w_fd;
	void *w_arg;
	size_t w_size;
	volatile int w_started;
	volatile int w_done;
	long long w_result;
	int w_errno;
	pthread_t w_thread;
};

static void *
waiter_main(void *arg)
{
	struct waiter *w = arg;

	w->w_started = 1;
	w->w_result = w->w_call(w);
	w->w_errno = w->w_result == -1 ? rumpglue_errno() : 0;
	w->w_done = 1;
	return NULL;
}

static __kunused void
h_nap(void)
{
	static const struct timespec ms = { 0, 1000000 };

	(void)nanosleep(&ms, NULL);
}

/*
 * Begins the call, and leaves it time to wait.  Where it did not yet, the test
 * sees the same: what it then does comes first.
 */
static __kunused void
h_begin(struct waiter *w)
{
	int i;

	w->w_started = w->w_done = 0;
	CHECK_EQUAL(pthread_create(&w->w_thread, NULL, waiter_main, w), 0);
	while (!w->w_started)
		sched_yield();
	for (i = 0; i < 20; i++)
		h_nap();
}

static __kunused void
h_end(struct waiter *w)
{

	CHECK_EQUAL(pthread_join(w->w_thread, NULL), 0);
}

static __kunused long long
h_w_recv(struct waiter *w)
{

	return h_recv(w->w_fd, w->w_arg, w->w_size, 0);
}

static __kunused long long
h_w_recvall(struct waiter *w)
{

	return h_recv(w->w_fd, w->w_arg, w->w_size, RUMP_MSG_WAITALL);
}

static __kunused long long
h_w_send(struct waiter *w)
{

	return h_send(w->w_fd, w->w_arg, w->w_size, 0);
}

static __kunused long long
h_w_read(struct waiter *w)
{

	return rump_sys_read(w->w_fd, w->w_arg, w->w_size);
}

static __kunused long long
h_w_write(struct waiter *w)
{

	return rump_sys_write(w->w_fd, w->w_arg, w->w_size);
}

static __kunused long long
h_w_accept(struct waiter *w)
{

	return rump_sys_accept(w->w_fd, NULL, NULL);
}

/* poll for w_size events, for ever. */
static __kunused long long
h_w_poll(struct waiter *w)
{
	struct rump_pollfd pfd = { .fd = w->w_fd, .events = (int16_t)w->w_size };

	return rump_sys_poll(&pfd, 1, -1) == 1 ? pfd.revents : -1;
}

/* What poll says of one descriptor now. */
static __kunused int
h_poll(int fd, int events)
{
	struct rump_pollfd pfd = { .fd = fd, .events = (int16_t)events,
	    .revents = -1 };
	int n = rump_sys_poll(&pfd, 1, 0);

	CHECK_OK(n);
	CHECK_EQUAL(n, pfd.revents != 0);
	return pfd.revents;
}

/* One message with descriptors. */
struct rights {
	union {
		struct rump_cmsghdr r_cmsg;
		char r_space[RUMP_CMSG_SPACE(64 * sizeof(int))];
	} r_u;
	struct rump_msghdr r_msg;
	struct rump_iovec r_iov;
	char r_byte;
};

static __kunused struct rump_msghdr *
h_rights(struct rights *r, const int *fds, int n)
{

	memset(r, 0, sizeof(*r));
	r->r_iov.iov_base = &r->r_byte;
	r->r_iov.iov_len = 1;
	r->r_msg.msg_iov = &r->r_iov;
	r->r_msg.msg_iovlen = 1;
	r->r_msg.msg_control = &r->r_u;
	r->r_msg.msg_controllen = fds == NULL ? sizeof(r->r_u) :
	    (uint32_t)RUMP_CMSG_SPACE((size_t)n * sizeof(int));
	if (fds != NULL) {
		r->r_byte = 'r';
		r->r_u.r_cmsg.cmsg_len =
		    (uint32_t)RUMP_CMSG_LEN((size_t)n * sizeof(int));
		r->r_u.r_cmsg.cmsg_level = RUMP_SOL_SOCKET;
		r->r_u.r_cmsg.cmsg_type = RUMP_SCM_RIGHTS;
		memcpy(RUMP_CMSG_DATA(&r->r_u), fds, (size_t)n * sizeof(int));
	}
	return &r->r_msg;
}

static __kunused void
h_sendfds(int fd, const int *fds, int n)
{
	struct rights r;

	CHECK_EQUAL(rump_sys_sendmsg(fd, h_rights(&r, fds, n), 0), 1);
}

/* Takes a byte and what descriptors came with it; how many. */
static __kunused int
h_recvfds(int fd, int *fds, int flags)
{
	struct rights r;
	int n;

	CHECK_EQUAL(rump_sys_recvmsg(fd, h_rights(&r, NULL, 0), flags), 1);
	CHECK_EQUAL(r.r_byte, 'r');
	CHECK_EQUAL(r.r_msg.msg_flags & RUMP_MSG_CTRUNC, 0);
	if (r.r_msg.msg_controllen == 0)
		return 0;
	CHECK_EQUAL(r.r_u.r_cmsg.cmsg_level, RUMP_SOL_SOCKET);
	CHECK_EQUAL(r.r_u.r_cmsg.cmsg_type, RUMP_SCM_RIGHTS);
	n = (int)((r.r_u.r_cmsg.cmsg_len - RUMP_CMSG_LEN(0)) / sizeof(int));
	memcpy(fds, RUMP_CMSG_DATA(&r.r_u), (size_t)n * sizeof(int));
	return n;
}

/* The next descriptor: whether anything was left open. */
static __kunused int
h_nextfd(void)
{
	int fd = rump_sys_open("/", RUMP_O_RDONLY);

	CHECK_OK(fd);
	CHECK_OK(rump_sys_close(fd));
	return fd;
}

#endif /* _TEST_H_NET_H_ */
