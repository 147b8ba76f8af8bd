/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_poll.c: pipes without names, and waiting for many things at once: poll
 * and kqueue on pipes, named pipes, sockets, queues and files.
 */
#include "h_net.h"
#include <rump/fsevents.h>

#define	PIPE_SIZE	65536
#define	ATOMIC		4096
#define	IN		RUMP_POLLIN
#define	OUT		RUMP_POLLOUT
#define	HUP		RUMP_POLLHUP
#define	ERR		RUMP_POLLERR

static const struct rump_timespec at_once = { 0, 0 };
static char big[300000];

static void
h_pipe(int fds[2], int flags)
{

	CHECK_OK(rump_sys_pipe2(fds, flags));
}

static void
pipes(void)
{
	struct rump_stat st;
	int fds[2], n;
	char c;

	CHECK_FAILS(rump_sys_pipe2(NULL, 0), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_pipe2(fds, RUMP_O_CREAT), RUMP_EINVAL);
	h_pipe(fds, RUMP_O_CLOEXEC | RUMP_O_NONBLOCK);
	CHECK_EQUAL(rump_sys_fcntl(fds[0], RUMP_F_GETFD, NULL),
	    RUMP_FD_CLOEXEC);
	CHECK_EQUAL(rump_sys_fcntl(fds[0], RUMP_F_GETFL, NULL),
	    RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	CHECK_EQUAL(rump_sys_fcntl(fds[1], RUMP_F_GETFL, NULL),
	    RUMP_O_WRONLY | RUMP_O_NONBLOCK);
	CHECK_FAILS(rump_sys_read(fds[1], &c, 1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_write(fds[0], &c, 1), RUMP_EBADF);
	CHECK_FAILS(rump_sys_lseek(fds[0], 0, RUMP_SEEK_CUR), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_pread(fds[0], &c, 1, 0), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_pwrite(fds[1], &c, 1, 0), RUMP_ESPIPE);
	CHECK_FAILS(rump_sys_ftruncate(fds[1], 0), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_read(fds[0], &c, 1), RUMP_EAGAIN);
	CHECK_EQUAL(rump_sys_read(fds[0], &c, 0), 0);
	CHECK_EQUAL(rump_sys_write(fds[1], "12345", 5), 5);
	CHECK_OK(rump_sys_ioctl(fds[0], FIONREAD, &n));
	CHECK_EQUAL(n, 5);
	CHECK_OK(rump_sys_fstat(fds[0], &st));
	CHECK_EQUAL(st.st_mode & RUMP_S_IFMT, RUMP_S_IFIFO);
	CHECK_EQUAL(st.st_size, 5);
	CHECK_EQUAL(rump_sys_read(fds[0], big, 100), 5);
	/* Full: the rules of named pipes. */
	CHECK_EQUAL(rump_sys_write(fds[1], big, PIPE_SIZE + 1), PIPE_SIZE);
	CHECK_FAILS(rump_sys_write(fds[1], big, 1), RUMP_EAGAIN);
	CHECK_EQUAL(rump_sys_read(fds[0], big, ATOMIC - 1), ATOMIC - 1);
	CHECK_FAILS(rump_sys_write(fds[1], big, ATOMIC), RUMP_EAGAIN);
	CHECK_EQUAL(rump_sys_write(fds[1], big, ATOMIC + 1), ATOMIC - 1);
	/* The end, after what was written. */
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_EQUAL(rump_sys_read(fds[0], big, sizeof(big)), PIPE_SIZE);
	CHECK_EQUAL(rump_sys_read(fds[0], big, sizeof(big)), 0);
	CHECK_OK(rump_sys_close(fds[0]));
	h_pipe(fds, RUMP_O_NOSIGPIPE);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_FAILS(rump_sys_write(fds[1], "x", 1), RUMP_EPIPE);
	CHECK_OK(rump_sys_close(fds[1]));
}

static void
pipes_that_wait(void)
{
	struct waiter w = { .w_call = h_w_write, .w_arg = big,
	    .w_size = sizeof(big) };
	static char in[sizeof(big)];
	size_t got = 0, i;
	int fds[2], twin;
	ssize_t n;

	for (i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * 7 + i / 256);
	h_pipe(fds, 0);
	w.w_fd = fds[1];
	h_begin(&w);
	while (got < sizeof(big)) {
		CHECK((n = rump_sys_read(fds[0], in + got, 7000)) > 0);
		got += (size_t)n;
	}
	h_end(&w);
	CHECK_EQUAL(w.w_result, sizeof(big));
	CHECK_EQUAL(memcmp(in, big, sizeof(big)), 0);
	w = (struct waiter){ .w_call = h_w_read, .w_arg = in, .w_size = 10,
	    .w_fd = fds[0] };
	h_begin(&w);
	CHECK_EQUAL(rump_sys_write(fds[1], "abc", 3), 3);
	h_end(&w);
	CHECK_EQUAL(w.w_result, 3);
	/* The other end goes. */
	h_begin(&w);
	CHECK_OK(rump_sys_close(fds[1]));
	h_end(&w);
	CHECK_EQUAL(w.w_result, 0);
	CHECK_OK(rump_sys_close(fds[0]));
	h_pipe(fds, 0);
	w = (struct waiter){ .w_call = h_w_write, .w_arg = big,
	    .w_size = sizeof(big), .w_fd = fds[1] };
	h_begin(&w);
	CHECK_OK(rump_sys_close(fds[0]));
	h_end(&w);
	CHECK_EQUAL(w.w_result, PIPE_SIZE);
	CHECK_OK(rump_sys_close(fds[1]));
	/* One's own descriptor goes; its twin reads on. */
	h_pipe(fds, 0);
	CHECK_OK(twin = rump_sys_dup(fds[0]));
	w = (struct waiter){ .w_call = h_w_read, .w_arg = in, .w_size = 10,
	    .w_fd = fds[0] };
	h_begin(&w);
	CHECK_OK(rump_sys_close(fds[0]));
	h_end(&w);
	CHECK_EQUAL(w.w_errno, RUMP_EBADF);
	w.w_fd = twin;
	h_begin(&w);
	CHECK_EQUAL(rump_sys_write(fds[1], "abc", 3), 3);
	h_end(&w);
	CHECK_EQUAL(w.w_result, 3);
	CHECK_OK(rump_sys_close(twin));
	CHECK_OK(rump_sys_close(fds[1]));
}

/* What poll says of both ends of a pipe, named or not. */
static void
poll_ends(int r, int w)
{

	CHECK_EQUAL(h_poll(r, IN | OUT), 0);
	CHECK_EQUAL(h_poll(w, IN | OUT), OUT);
	CHECK_EQUAL(rump_sys_write(w, "x", 1), 1);
	CHECK_EQUAL(h_poll(r, IN | RUMP_POLLRDNORM), IN | RUMP_POLLRDNORM);
	CHECK_EQUAL(h_poll(r, OUT), 0);
	CHECK_EQUAL(rump_sys_write(w, big, PIPE_SIZE - ATOMIC - 1),
	    PIPE_SIZE - ATOMIC - 1);
	CHECK_EQUAL(h_poll(w, OUT), OUT);
	CHECK_EQUAL(rump_sys_write(w, big, 1), 1);
	CHECK_EQUAL(h_poll(w, OUT), 0);
	CHECK_EQUAL(rump_sys_read(r, big, 2), 2);
	CHECK_EQUAL(h_poll(w, OUT), OUT);
}

static void
polling_pipes(void)
{
	int fds[2], r, w;

	h_pipe(fds, 0);
	poll_ends(fds[0], fds[1]);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_EQUAL(h_poll(fds[0], IN), IN | HUP);
	CHECK_OK(rump_sys_close(fds[0]));
	h_pipe(fds, 0);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_EQUAL(h_poll(fds[1], OUT), OUT | HUP);
	CHECK_EQUAL(h_poll(fds[1], 0), HUP);
	CHECK_OK(rump_sys_close(fds[1]));
	/* A named one: where nobody has written yet nothing has ended. */
	CHECK_OK(rump_sys_mkfifo("/fifo", 0644));
	r = h_open("/fifo", RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	CHECK_EQUAL(h_poll(r, IN), IN);
	w = h_open("/fifo", RUMP_O_WRONLY);
	poll_ends(r, w);
	CHECK_OK(rump_sys_close(w));
	CHECK_EQUAL(h_poll(r, IN), IN | HUP);
	w = h_open("/fifo", RUMP_O_WRONLY);
	CHECK_OK(rump_sys_close(r));
	CHECK_EQUAL(h_poll(w, OUT), OUT | HUP);
	CHECK_OK(rump_sys_close(w));
	CHECK_OK(rump_sys_unlink("/fifo"));
}

static void
polling_sockets(void)
{
	int fds[2], head, client, server;

	h_pair(STREAM, fds);
	CHECK_EQUAL(h_poll(fds[0], IN | OUT), OUT);
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	CHECK_EQUAL(h_poll(fds[0], IN | OUT), IN | OUT);
	CHECK_EQUAL(h_send(fds[0], big, sizeof(big), DONTWAIT), PIPE_SIZE);
	CHECK_EQUAL(h_poll(fds[0], IN | OUT), IN);
	CHECK_EQUAL(rump_sys_read(fds[0], big, 1), 1);
	CHECK_EQUAL(h_poll(fds[0], IN | OUT), 0);
	CHECK_OK(rump_sys_shutdown(fds[1], RUMP_SHUT_WR));
	CHECK_EQUAL(h_poll(fds[0], IN | OUT), IN);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_EQUAL(h_poll(fds[0], IN | OUT), IN | OUT | HUP);
	CHECK_OK(rump_sys_close(fds[0]));
	h_pair(DGRAM, fds);
	CHECK_EQUAL(h_poll(fds[0], IN | OUT), OUT);
	CHECK_EQUAL(h_send(fds[1], "", 0, 0), 0);
	CHECK_EQUAL(h_poll(fds[0], IN), IN);
	CHECK_EQUAL(rump_sys_read(fds[0], big, 1), 0);
	CHECK_EQUAL(h_poll(fds[0], IN), 0);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_EQUAL(h_poll(fds[0], IN | OUT), IN | OUT | ERR);
	CHECK_EQUAL(h_getint(fds[0], RUMP_SO_ERROR), RUMP_ECONNRESET);
	CHECK_EQUAL(h_poll(fds[0], IN | OUT), OUT);
	CHECK_OK(rump_sys_close(fds[0]));
	head = h_listen(STREAM, "/head", 5);
	CHECK_EQUAL(h_poll(head, IN | OUT), 0);
	client = h_socket(STREAM);
	CHECK_EQUAL(h_poll(client, IN | OUT), 0);
	CHECK_OK(h_connect(client, "/head"));
	CHECK_EQUAL(h_poll(head, IN | OUT), IN);
	CHECK_OK(server = rump_sys_accept(head, NULL, NULL));
	CHECK_EQUAL(h_poll(head, IN | OUT), 0);
	CHECK_OK(rump_sys_close(server));
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(rump_sys_close(head));
	CHECK_OK(rump_sys_unlink("/head"));
}

static void
polling_others(void)
{
	struct rump_kevent kev = { .filter = RUMP_EVFILT_READ,
	    .flags = RUMP_EV_ADD };
	struct rump_pollfd pfd[3];
	int file, kq, fds[2], fsq, watch;

	file = h_open("/f", RUMP_O_RDWR | RUMP_O_CREAT);
	CHECK_EQUAL(h_poll(file, IN | OUT), IN | OUT);
	CHECK_OK(rump_sys_close(file));
	CHECK_EQUAL(h_poll(file, IN | OUT), RUMP_POLLNVAL);
	CHECK_EQUAL(h_poll(-1, IN | OUT), 0);
	/* A queue is readable when it has events. */
	CHECK_OK(kq = rump_sys_kqueue());
	h_pipe(fds, 0);
	kev.ident = (uint64_t)fds[0];
	CHECK_OK(rump_sys_kevent(kq, &kev, 1, NULL, 0, NULL));
	CHECK_EQUAL(h_poll(kq, IN | OUT), 0);
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	CHECK_EQUAL(h_poll(kq, IN | OUT), IN);
	CHECK_OK(rump_sys_close(kq));
	h_close2(fds);
	CHECK_EQUAL(rump_pub_fsevents_open(RUMP_O_NONBLOCK, &fsq), 0);
	CHECK_EQUAL(rump_pub_fsevents_add(fsq, "/", RUMP_FSEVENT_CREATE,
	    &watch), 0);
	CHECK_EQUAL(h_poll(fsq, IN), 0);
	h_file("/new", "x");
	CHECK_EQUAL(h_poll(fsq, IN), IN);
	CHECK_OK(rump_sys_close(fsq));
	/* Several, and arguments. */
	h_pipe(fds, 0);
	memset(pfd, 0, sizeof(pfd));
	pfd[0].fd = fds[0];
	pfd[1].fd = fds[1];
	pfd[2].fd = 99;
	pfd[0].events = pfd[1].events = pfd[2].events = IN | OUT;
	CHECK_EQUAL(rump_sys_poll(pfd, 3, -1), 2);
	CHECK_EQUAL(pfd[0].revents, 0);
	CHECK_EQUAL(pfd[1].revents, OUT);
	CHECK_EQUAL(pfd[2].revents, RUMP_POLLNVAL);
	CHECK_FAILS(rump_sys_poll(NULL, 1, 0), RUMP_EFAULT);
	CHECK_FAILS(rump_sys_poll(pfd, 1000000, 0), RUMP_EINVAL);
	CHECK_EQUAL(rump_sys_poll(NULL, 0, 1), 0);
	CHECK_EQUAL(rump_sys_poll(pfd, 1, 10), 0);
	CHECK_FAILS(rump_sys_pollts(pfd, 1,
	    &(struct rump_timespec){ 0, 1000000000 }, NULL), RUMP_EINVAL);
	CHECK_FAILS(rump_sys_pollts(pfd, 1, &(struct rump_timespec){ -1, 0 },
	    NULL), RUMP_EINVAL);
	CHECK_EQUAL(rump_sys_pollts(pfd, 1, &(struct rump_timespec){ 0, 9 },
	    NULL), 0);
	CHECK_EQUAL(rump_sys_pollts(pfd, 2, NULL, NULL), 1);
	h_close2(fds);
}

static void
polling_waits(void)
{
	struct rump_timespec before, after;
	struct waiter in = { .w_call = h_w_poll, .w_size = IN };
	struct waiter out = { .w_call = h_w_poll, .w_size = OUT };
	int fds[2], r, w, head, client;

	/* Not before its time. */
	h_pipe(fds, 0);
	CHECK_OK(rump_sys_clock_gettime(RUMP_CLOCK_MONOTONIC, &before));
	CHECK_EQUAL(rump_sys_poll(&(struct rump_pollfd){ .fd = fds[0],
	    .events = IN }, 1, 30), 0);
	CHECK_OK(rump_sys_clock_gettime(RUMP_CLOCK_MONOTONIC, &after));
	CHECK((after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec -
	    before.tv_nsec >= 30000000);
	in.w_fd = fds[0];
	h_begin(&in);
	CHECK_EQUAL(in.w_done, 0);
	CHECK_EQUAL(rump_sys_write(fds[1], big, PIPE_SIZE), PIPE_SIZE);
	h_end(&in);
	CHECK_EQUAL(in.w_result, IN);
	out.w_fd = fds[1];
	h_begin(&out);
	CHECK_EQUAL(out.w_done, 0);
	CHECK_EQUAL(rump_sys_read(fds[0], big, PIPE_SIZE), PIPE_SIZE);
	h_end(&out);
	CHECK_EQUAL(out.w_result, OUT);
	h_begin(&in);
	CHECK_OK(rump_sys_close(fds[1]));
	h_end(&in);
	CHECK_EQUAL(in.w_result, IN | HUP);
	CHECK_OK(rump_sys_close(fds[0]));
	/* Named pipes, and sockets. */
	CHECK_OK(rump_sys_mkfifo("/fifo", 0644));
	r = h_open("/fifo", RUMP_O_RDONLY | RUMP_O_NONBLOCK);
	w = h_open("/fifo", RUMP_O_WRONLY);
	in.w_fd = r;
	h_begin(&in);
	CHECK_EQUAL(in.w_done, 0);
	CHECK_EQUAL(rump_sys_write(w, "x", 1), 1);
	h_end(&in);
	CHECK_EQUAL(in.w_result, IN);
	CHECK_OK(rump_sys_close(r));
	CHECK_OK(rump_sys_close(w));
	CHECK_OK(rump_sys_unlink("/fifo"));
	h_pair(STREAM, fds);
	in.w_fd = fds[0];
	h_begin(&in);
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	h_end(&in);
	CHECK_EQUAL(in.w_result, IN);
	CHECK_EQUAL(h_send(fds[0], big, sizeof(big), DONTWAIT), PIPE_SIZE);
	out.w_fd = fds[0];
	h_begin(&out);
	CHECK_EQUAL(out.w_done, 0);
	CHECK_EQUAL(rump_sys_read(fds[1], big, 1), 1);
	h_end(&out);
	CHECK_EQUAL(out.w_result, OUT);
	h_close2(fds);
	in.w_fd = head = h_listen(STREAM, "/head", 5);
	h_begin(&in);
	client = h_socket(STREAM);
	CHECK_OK(h_connect(client, "/head"));
	h_end(&in);
	CHECK_EQUAL(in.w_result, IN);
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(rump_sys_close(head));
	CHECK_OK(rump_sys_unlink("/head"));
}

static int
h_event(int kq, struct rump_kevent *got)
{

	return rump_sys_kevent(kq, NULL, 0, got, 1, &at_once);
}

static void
h_add(int kq, int fd, int filter, int flags)
{
	struct rump_kevent kev = { .ident = (uint64_t)fd,
	    .filter = (uint16_t)filter, .flags = (uint16_t)flags };

	CHECK_OK(rump_sys_kevent(kq, &kev, 1, NULL, 0, NULL));
}

static void
events_of_pipes(void)
{
	struct rump_kevent got, kev = { .filter = RUMP_EVFILT_WRITE,
	    .flags = RUMP_EV_ADD };
	int kq, fds[2];

	CHECK_OK(kq = rump_sys_kqueue());
	h_pipe(fds, 0);
	kev.ident = (uint64_t)fds[0];
	CHECK_FAILS(rump_sys_kevent(kq, &kev, 1, NULL, 0, NULL), RUMP_EINVAL);
	h_add(kq, fds[0], RUMP_EVFILT_READ, RUMP_EV_ADD);
	CHECK_EQUAL(h_event(kq, &got), 0);
	CHECK_EQUAL(rump_sys_write(fds[1], "abc", 3), 3);
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.data, 3);
	CHECK_EQUAL(rump_sys_read(fds[0], big, 3), 3);
	CHECK_EQUAL(h_event(kq, &got), 0);
	h_add(kq, fds[1], RUMP_EVFILT_WRITE, RUMP_EV_ADD | RUMP_EV_CLEAR);
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.ident, fds[1]);
	CHECK_EQUAL(got.data, PIPE_SIZE);
	CHECK_EQUAL(h_event(kq, &got), 0);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.ident, fds[0]);
	CHECK_EQUAL(got.flags & RUMP_EV_EOF, RUMP_EV_EOF);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_EQUAL(h_event(kq, &got), 0);
	h_pipe(fds, 0);
	h_add(kq, fds[1], RUMP_EVFILT_WRITE, RUMP_EV_ADD);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.flags & RUMP_EV_EOF, RUMP_EV_EOF);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_OK(rump_sys_close(kq));
}

static void
events_of_sockets(void)
{
	struct rump_kevent got;
	int kq, fds[2], head, client, twin;

	CHECK_OK(kq = rump_sys_kqueue());
	h_pair(STREAM, fds);
	h_add(kq, fds[0], RUMP_EVFILT_READ, RUMP_EV_ADD);
	CHECK_EQUAL(h_event(kq, &got), 0);
	CHECK_EQUAL(rump_sys_write(fds[1], "abc", 3), 3);
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.ident, fds[0]);
	CHECK_EQUAL(got.data, 3);
	CHECK_EQUAL(got.flags & RUMP_EV_EOF, 0);
	/* A level: as long as it holds; then not. */
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(rump_sys_read(fds[0], big, 10), 3);
	CHECK_EQUAL(h_event(kq, &got), 0);
	h_add(kq, fds[0], RUMP_EVFILT_WRITE, RUMP_EV_ADD | RUMP_EV_CLEAR);
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.filter, RUMP_EVFILT_WRITE);
	CHECK_EQUAL(got.data, PIPE_SIZE);
	CHECK_EQUAL(h_event(kq, &got), 0);
	CHECK_EQUAL(h_send(fds[0], big, sizeof(big), DONTWAIT), PIPE_SIZE);
	CHECK_EQUAL(h_event(kq, &got), 0);
	CHECK_EQUAL(rump_sys_read(fds[1], big, 5000), 5000);
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.data, 5000);
	/* A twin closed takes its own notes only. */
	CHECK_OK(twin = rump_sys_dup(fds[0]));
	h_add(kq, twin, RUMP_EVFILT_READ, RUMP_EV_ADD);
	CHECK_OK(rump_sys_close(twin));
	CHECK_OK(rump_sys_shutdown(fds[1], RUMP_SHUT_WR));
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.filter, RUMP_EVFILT_READ);
	CHECK_EQUAL(got.ident, fds[0]);
	CHECK_EQUAL(got.flags & RUMP_EV_EOF, RUMP_EV_EOF);
	CHECK_EQUAL(got.data, 0);
	h_close2(fds);
	CHECK_EQUAL(h_event(kq, &got), 0);
	/* Connections to accept. */
	head = h_listen(SEQPACKET, "/head", 5);
	h_add(kq, head, RUMP_EVFILT_READ, RUMP_EV_ADD);
	CHECK_EQUAL(h_event(kq, &got), 0);
	client = h_socket(SEQPACKET);
	CHECK_OK(h_connect(client, "/head"));
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.data, 1);
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(rump_sys_close(head));
	CHECK_OK(rump_sys_unlink("/head"));
	/* An error, with its number. */
	h_pair(DGRAM, fds);
	h_add(kq, fds[0], RUMP_EVFILT_READ, RUMP_EV_ADD);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_EQUAL(h_event(kq, &got), 1);
	CHECK_EQUAL(got.fflags, RUMP_ECONNRESET);
	CHECK_OK(rump_sys_close(fds[0]));
	CHECK_OK(rump_sys_close(kq));
}

static long long
w_kevent(struct waiter *w)
{
	struct rump_kevent got;

	return rump_sys_kevent(w->w_fd, NULL, 0, &got, 1, NULL) == 1 ?
	    (long long)got.ident : -1;
}

static void
events_wait(void)
{
	struct waiter w = { .w_call = w_kevent };
	int kq, twin, fds[2];

	CHECK_OK(kq = rump_sys_kqueue());
	h_pair(STREAM, fds);
	h_add(kq, fds[0], RUMP_EVFILT_READ, RUMP_EV_ADD);
	w.w_fd = kq;
	h_begin(&w);
	CHECK_EQUAL(w.w_done, 0);
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	h_end(&w);
	CHECK_EQUAL(w.w_result, fds[0]);
	CHECK_EQUAL(rump_sys_read(fds[0], big, 1), 1);
	/* Another descriptor of the queue is closed, then this one. */
	CHECK_OK(twin = rump_sys_dup(kq));
	h_begin(&w);
	CHECK_OK(rump_sys_close(twin));
	h_nap();
	CHECK_EQUAL(w.w_done, 0);
	CHECK_OK(rump_sys_close(kq));
	h_end(&w);
	CHECK_EQUAL(w.w_errno, RUMP_EBADF);
	h_close2(fds);
}

static void
nothing_is_left(void)
{
	struct rump_kevent got;
	int fds[2], kq, i, before = h_nextfd();

	for (i = 0; i < 4000; i++) {
		CHECK_OK(kq = rump_sys_kqueue());
		h_pipe(fds, 0);
		h_add(kq, fds[0], RUMP_EVFILT_READ, RUMP_EV_ADD);
		CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
		CHECK_EQUAL(h_event(kq, &got), 1);
		if (i % 2 == 0)
			CHECK_OK(rump_sys_close(kq));
		h_close2(fds);
		if (i % 2 != 0)
			CHECK_OK(rump_sys_close(kq));
	}
	CHECK_EQUAL(h_nextfd(), before);
}

/* The last case: nobody waits any more. */
static void
waiting_ends(void)
{
	struct waiter r = { .w_call = h_w_read, .w_arg = big, .w_size = 1 };
	struct waiter p = { .w_call = h_w_poll, .w_size = IN };
	struct waiter k = { .w_call = w_kevent };
	int fds[2];

	h_pipe(fds, 0);
	r.w_fd = p.w_fd = fds[0];
	CHECK_OK(k.w_fd = rump_sys_kqueue());
	h_begin(&r);
	h_begin(&p);
	h_begin(&k);
	rump_pub_pipes_end();
	h_end(&r);
	h_end(&p);
	h_end(&k);
	CHECK_EQUAL(r.w_errno, RUMP_EINTR);
	CHECK_EQUAL(p.w_errno, RUMP_EINTR);
	CHECK_EQUAL(k.w_errno, RUMP_EINTR);
	CHECK_FAILS(rump_sys_read(fds[0], big, 1), RUMP_EINTR);
	CHECK_EQUAL(h_poll(fds[0], IN), 0);
	CHECK_EQUAL(rump_sys_write(fds[1], "x", 1), 1);
	CHECK_EQUAL(rump_sys_read(fds[0], big, 1), 1);
	CHECK_OK(rump_sys_close(k.w_fd));
	h_close2(fds);
}

static const struct tap_case cases[] = {
	{ "pipes", pipes },
	{ "pipes that wait", pipes_that_wait },
	{ "poll on pipes", polling_pipes },
	{ "poll on sockets", polling_sockets },
	{ "poll on files and queues", polling_others },
	{ "poll waits", polling_waits },
	{ "events of pipes", events_of_pipes },
	{ "events of sockets", events_of_sockets },
	{ "kevent waits", events_wait },
	{ "nothing is left behind", nothing_is_left },
	{ "no waiting any more", waiting_ends },
};

RUN_KERNEL(cases)
