/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * local.c: sockets of AF_UNIX: pairs, names, messages, descriptors in messages.
 * Passes on Linux as well, with the same output.
 *
 * Argument: a folder that can be written to (default /tmp).
 */
#define	_GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

static int
events(int fd, int asked)
{
	struct pollfd pfd = { .fd = fd, .events = (short)asked };

	return poll(&pfd, 1, 0) == -1 ? -1 : pfd.revents;
}

static void
test_pair(void)
{
	char buf[16];
	int s[2];

	tap_is(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s), 0,
	    "socketpair");
	tap_is(fcntl(s[1], F_GETFD), FD_CLOEXEC, "SOCK_CLOEXEC");
	tap_is(events(s[0], POLLIN | POLLOUT), POLLOUT, "nothing to read");
	tap_is(write(s[0], "there", 5), 5, "there");
	tap_is(write(s[1], "and back", 8), 8, "and back");
	tap_is(read(s[1], buf, sizeof(buf)), 5, "read there");
	tap_is(read(s[0], buf, sizeof(buf)), 8, "and here");
	tap_is(shutdown(s[0], SHUT_WR), 0, "shutdown");
	tap_is(events(s[1], POLLIN | POLLRDHUP), POLLIN | POLLRDHUP,
	    "the end is seen");
	tap_is(read(s[1], buf, sizeof(buf)), 0, "and read");
	tap_fails(send(s[0], "x", 1, MSG_NOSIGNAL), EPIPE, "nothing goes");
	close(s[1]);
	tap_is(events(s[0], POLLIN | POLLOUT) & (POLLIN | POLLHUP),
	    POLLIN | POLLHUP, "both ways have ended");
	close(s[0]);

	tap_is(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, s), 0,
	    "a pair for messages");
	tap_fails(recv(s[0], buf, 1, 0), EAGAIN, "none is there");
	tap_is(send(s[0], "one", 3, 0), 3, "one");
	tap_is(send(s[0], "three", 5, 0), 5, "another");
	tap_is(recv(s[1], buf, sizeof(buf), 0), 3, "they stay");
	tap_is(recv(s[1], buf, 2, MSG_TRUNC), 5, "what they are");
	close(s[0]);
	close(s[1]);
	tap_is(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), 0, "of packets");
	tap_is(send(s[0], "packet", 6, 0), 6, "send");
	tap_is(recv(s[1], buf, sizeof(buf), 0), 6, "recv");
	close(s[0]);
	tap_is(recv(s[1], buf, sizeof(buf), 0), 0, "the end");
	close(s[1]);
	tap_fails(socketpair(AF_UNIX, SOCK_STREAM, 17, s), EPROTONOSUPPORT,
	    "no such protocol");
	tap_fails(socketpair(AF_UNIX, 77, 0, s), EINVAL, "no such type");
}

static void
test_names(void)
{
	struct sockaddr_un a, b;
	struct ucred uc;
	struct stat st;
	socklen_t len, ucredlen = sizeof(uc);
	char buf[16];
	int c, l, s;

	memset(&a, 0, sizeof(a));
	a.sun_family = AF_UNIX;
	strcpy(a.sun_path, "socket");
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	tap_fails(connect(c, (void *)&a, sizeof(a)), ENOENT, "no such name");
	tap_fails(listen(l, 1), EINVAL, "listen without a name");
	tap_is(bind(l, (void *)&a, sizeof(a)), 0, "bind");
	tap_is(stat("socket", &st), 0, "it is in the folder");
	tap_ok(S_ISSOCK(st.st_mode), "as a socket");
	tap_fails(connect(c, (void *)&a, sizeof(a)), ECONNREFUSED,
	    "it does not listen");
	tap_fails(open("socket", O_RDWR), ENXIO, "open");
	tap_is(listen(l, 3), 0, "listen");
	s = socket(AF_UNIX, SOCK_STREAM, 0);
	tap_fails(bind(s, (void *)&a, sizeof(a)), EADDRINUSE, "bind again");
	tap_fails(recv(s, buf, 1, 0), EINVAL, "recv: unconnected");
	tap_fails(send(s, buf, 1, MSG_NOSIGNAL), ENOTCONN,
	    "send: unconnected");
	close(s);
	tap_is(connect(c, (void *)&a, sizeof(a)), 0, "connect");
	len = sizeof(b);
	s = accept(l, (void *)&b, &len);
	tap_ok(s != -1, "accept");
	tap_is(len, sizeof(b.sun_family), "who came has no name");
	len = sizeof(b);
	tap_is(getpeername(c, (void *)&b, &len), 0, "getpeername");
	tap_ok(len == offsetof(struct sockaddr_un, sun_path) + 7 &&
	    strcmp(b.sun_path, "socket") == 0, "is what was bound");
	tap_is(getsockopt(c, SOL_SOCKET, SO_PEERCRED, &uc, &ucredlen), 0,
	    "SO_PEERCRED");
	tap_ok(uc.pid == getpid() && uc.uid == getuid() && uc.gid == getgid(),
	    "is this process");
	tap_is(write(c, "name", 4), 4, "write");
	tap_is(read(s, buf, sizeof(buf)), 4, "read");
	close(c);
	close(s);
	close(l);
	tap_is(unlink("socket"), 0, "unlink");

	l = socket(AF_UNIX, SOCK_DGRAM, 0);
	c = socket(AF_UNIX, SOCK_DGRAM, 0);
	tap_is(bind(l, (void *)&a, offsetof(struct sockaddr_un, sun_path) +
	    6), 0, "a name without its end");
	tap_is(sendto(c, "to it", 5, 0, (void *)&a, sizeof(a)), 5, "sendto");
	len = sizeof(b);
	tap_is(recvfrom(l, buf, sizeof(buf), 0, (void *)&b, &len), 5,
	    "recvfrom");
	tap_is(len, 0, "from nobody");
	tap_fails(sendto(c, "x", 1, 0, (void *)&a, sizeof(a) + 20), EINVAL,
	    "too long");
	close(l);
	tap_fails(sendto(c, "x", 1, 0, (void *)&a, sizeof(a)), ECONNREFUSED,
	    "a name that nobody has");
	close(c);
	unlink("socket");
}

/* Sends n descriptors, and some bytes. */
static long
pass(int s, const int *fds, size_t n)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(300 * sizeof(int))];
	} control;
	struct iovec iov = { "bytes", 5 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = CMSG_SPACE(n * sizeof(int)) };

	memset(&control, 0, sizeof(control));
	control.header.cmsg_len = CMSG_LEN(n * sizeof(int));
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.header), fds, n * sizeof(int));
	return sendmsg(s, &msg, MSG_NOSIGNAL);
}

/* Takes them, with room for at most that many; how many came. */
static long
take(int s, int *fds, size_t room, int flags, int *msgflags)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(300 * sizeof(int))];
	} control;
	char buf[16];
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = control.bytes, .msg_controllen = room == 0 ? 0 :
	    CMSG_LEN(room * sizeof(int)) };
	struct cmsghdr *cmsg;
	size_t n;

	if (recvmsg(s, &msg, flags) != 5)
		return -1;
	*msgflags = msg.msg_flags;
	if ((cmsg = CMSG_FIRSTHDR(&msg)) == NULL)
		return 0;
	n = cmsg->cmsg_len - CMSG_LEN(0);
	memcpy(fds, CMSG_DATA(cmsg), n);
	return (long)(n / sizeof(int));
}

static void
test_rights(void)
{
	int fds[4] = { -1, -1, -1, -1 }, file, flags = 0, p[2], s[2];
	char buf[16];
	struct stat a, b;

	tap_is(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0, "socketpair");
	tap_is(pipe(p), 0, "pipe");
	file = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
	tap_is(write(file, "contents", 8), 8, "a file");
	tap_is(pass(s[0], (int[]){ p[1], file, s[0] }, 3), 5, "three pass");
	close(p[1]);
	tap_is(take(s[1], fds, 3, MSG_CMSG_CLOEXEC, &flags), 3, "three come");
	tap_is(flags & ~MSG_CMSG_CLOEXEC, 0, "all of them");
	tap_is(fcntl(fds[0], F_GETFD), FD_CLOEXEC, "MSG_CMSG_CLOEXEC");
	tap_is(write(fds[0], "pipe", 4), 4, "the pipe");
	tap_is(read(p[0], buf, sizeof(buf)), 4, "goes on");
	tap_is(fcntl(fds[0], F_GETFL), O_WRONLY, "one way");
	tap_ok(fstat(file, &a) == 0 && fstat(fds[1], &b) == 0 &&
	    a.st_ino == b.st_ino, "the file");
	tap_is(lseek(fds[1], 3, SEEK_SET), 3, "its place");
	tap_is(lseek(file, 0, SEEK_CUR), 3, "is shared");
	tap_is(write(fds[2], "socket", 6), 6, "the socket");
	tap_is(read(s[1], buf, sizeof(buf)), 6, "goes on, too");
	close(fds[0]);
	tap_is(read(p[0], buf, sizeof(buf)), 0, "none is left behind");
	close(fds[1]);
	close(fds[2]);

	tap_is(pass(s[0], (int[]){ file, file }, 2), 5, "two pass");
	tap_is(take(s[1], fds, 1, 0, &flags), 1, "room for one");
	tap_is(flags, MSG_CTRUNC, "MSG_CTRUNC");
	tap_is(fcntl(fds[0], F_GETFD), 0, "exec would keep it");
	close(fds[0]);
	tap_is(pass(s[0], &file, 1), 5, "one passes");
	tap_is(take(s[1], fds, 0, 0, &flags), 0, "no room");
	tap_is(flags, MSG_CTRUNC, "MSG_CTRUNC");
	fds[0] = 0x7fff;
	tap_fails(pass(s[0], fds, 1), EBADF, "no descriptor");
	tap_is(pass(s[0], fds, 0), 5, "none at all");
	tap_is(take(s[1], fds, 1, 0, &flags), 0, "none comes");
	close(file);
	close(p[0]);
	close(s[0]);
	close(s[1]);
	unlink("file");
}

int
main(int argc, char *argv[])
{

	signal(SIGPIPE, SIG_IGN);
	if (chdir(argc > 1 ? argv[1] : "/tmp") == -1)
		return 2;
	test_pair();
	test_names();
	test_rights();
	return tap_end();
}
