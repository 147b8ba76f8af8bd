/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcp.c: TCP and UDP on the loopback, IPv4 and IPv6.  Passes on Linux as well, with
 * the same output.
 */
#define	_GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <arpa/inet.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define	BYTES	(3 * 1024 * 1024)

static char data[BYTES], copy[BYTES];
static const char *folder;

static int
events(int fd, int asked, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = (short)asked };

	return poll(&pfd, 1, ms) == -1 ? -1 : pfd.revents;
}

/* A name on the loopback of either family; what bind chose is put to it. */
static socklen_t
loopback(int domain, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 *sin6 = (void *)ss;
	struct sockaddr_in *sin = (void *)ss;

	memset(ss, 0, sizeof(*ss));
	ss->ss_family = (sa_family_t)domain;
	if (domain == AF_INET) {
		sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(*sin);
	}
	sin6->sin6_addr = in6addr_loopback;
	return sizeof(*sin6);
}

static int
bound(int domain, int type, struct sockaddr_storage *ss)
{
	socklen_t len = loopback(domain, ss);
	int s = socket(domain, type, 0);

	if (s == -1 || bind(s, (void *)ss, len) == -1 ||
	    getsockname(s, (void *)ss, &len) == -1)
		return -1;
	return s;
}

/* A connection: its two ends. */
static void
connection(int domain, int *client, int *server)
{
	struct sockaddr_storage ss;
	socklen_t len = loopback(domain, &ss);
	int l = bound(domain, SOCK_STREAM, &ss);

	*client = socket(domain, SOCK_STREAM, 0);
	tap_is(listen(l, 5), 0, "listen");
	tap_is(connect(*client, (void *)&ss, len), 0, "connect");
	*server = accept(l, NULL, NULL);
	tap_ok(*server != -1, "accept");
	close(l);
}

/* Sends until nothing goes any more; how much went.  s must not wait. */
static long
fill(int s)
{
	long n, sum = 0;

	do {
		while ((n = write(s, data, sizeof(data))) > 0)
			sum += n;
	} while (events(s, POLLOUT, 100) != 0);
	while ((n = write(s, data, 1)) > 0)
		sum += n;
	return sum;
}

static void
test_names(int domain)
{
	struct sockaddr_storage at, me, peer;
	socklen_t len = loopback(domain, &at), want = len;
	int c, l, s;

	l = bound(domain, SOCK_STREAM, &at);
	tap_ok(l != -1, "a bound socket");
	tap_fails(bind(l, (void *)&at, len), EINVAL, "bind twice");
	tap_is(listen(l, 5), 0, "listen");
	tap_fails(syscall(SYS_accept4, l, NULL, NULL, 1), EINVAL,
	    "accept4: bad flags");
	c = socket(domain, SOCK_STREAM, 0);
	tap_fails(getpeername(c, (void *)&peer, &len), ENOTCONN, "no peer");
	tap_is(connect(c, (void *)&at, want), 0, "connect");
	tap_fails(connect(c, (void *)&at, want), EISCONN, "connect again");
	len = sizeof(peer);
	s = accept4(l, (void *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	tap_ok(s != -1, "accept4");
	tap_is(len, want, "the length of the peer's name");
	tap_is(fcntl(s, F_GETFD), FD_CLOEXEC, "SOCK_CLOEXEC");
	tap_is(fcntl(s, F_GETFL), O_RDWR | O_NONBLOCK, "SOCK_NONBLOCK");
	len = sizeof(me);
	tap_is(getsockname(c, (void *)&me, &len), 0, "getsockname");
	tap_ok(len == want && memcmp(&me, &peer, len) == 0, "is the peer's");
	len = 4;
	tap_is(getpeername(c, (void *)&peer, &len), 0, "getpeername");
	tap_is(len, want, "says how long it is");
	tap_ok(memcmp(&peer, &at, 4) == 0, "family and port");
	len = (socklen_t)-1;
	tap_fails(getsockname(c, (void *)&me, &len), EINVAL,
	    "getsockname: bad length");
	close(s);
	close(c);
	close(l);
	c = socket(domain, SOCK_STREAM, 0);
	tap_fails(connect(c, (void *)&at, want), ECONNREFUSED, "nobody there");
	close(c);
}

static void *
echo(void *arg)
{
	static char buf[50000];
	const int s = *(int *)arg;
	long n;

	while ((n = read(s, buf, sizeof(buf))) > 0)
		if (write(s, buf, (size_t)n) != n)
			break;
	shutdown(s, SHUT_WR);
	return NULL;
}

static void *
sender(void *arg)
{
	const int s = *(int *)arg;
	long n = write(s, data, sizeof(data));

	shutdown(s, SHUT_WR);
	return (void *)n;
}

static void
test_echo(int domain)
{
	pthread_t echoer, sending;
	size_t got = 0;
	void *written;
	int c, s;
	long n;

	connection(domain, &c, &s);
	memset(copy, 0, sizeof(copy));
	pthread_create(&echoer, NULL, echo, &s);
	pthread_create(&sending, NULL, sender, &c);
	while ((n = read(c, copy + got, sizeof(copy) - got)) > 0)
		got += (size_t)n;
	pthread_join(sending, &written);
	pthread_join(echoer, NULL);
	tap_is((long)written, BYTES, "one write sends all of it");
	tap_is((long)got, BYTES, "all of it comes back");
	tap_ok(memcmp(data, copy, BYTES) == 0, "as it was");
	tap_is(read(c, copy, 1), 0, "then the end");
	close(c);
	close(s);
}

static void
test_calls(void)
{
	char a[4], b[16];
	struct iovec iov[2] = { { a, 4 }, { b, 16 } };
	struct stat st;
	int c, n = 0, s;

	connection(AF_INET, &c, &s);
	tap_is(fstat(c, &st), 0, "fstat");
	tap_ok(S_ISSOCK(st.st_mode), "is a socket");
	tap_is(send(c, "abc", 3, 0), 3, "send");
	tap_is(events(s, POLLIN, -1), POLLIN, "something to read");
	tap_is(ioctl(s, FIONREAD, &n), 0, "FIONREAD");
	tap_is(n, 3, "three bytes");
	tap_is(recv(s, b, sizeof(b), MSG_PEEK), 3, "MSG_PEEK");
	tap_is(recv(s, b, 2, 0), 2, "recv of a part");
	tap_is(recv(s, b, sizeof(b), MSG_DONTWAIT), 1, "and of the rest");
	tap_fails(recv(s, b, sizeof(b), MSG_DONTWAIT), EAGAIN, "nothing more");
	tap_is(writev(c, (struct iovec[]){ { "abcd", 4 }, { "ef", 2 } }, 2),
	    6, "writev");
	tap_is(events(s, POLLIN, -1), POLLIN, "is there");
	tap_is(readv(s, iov, 2), 6, "readv");
	tap_ok(memcmp(a, "abcd", 4) == 0 && memcmp(b, "ef", 2) == 0,
	    "into both");
	tap_is(send(c, "12345678", 8, MSG_MORE), 8, "MSG_MORE");
	tap_is(send(c, "90", 2, 0), 2, "and more");
	tap_is(recv(s, b, 10, MSG_WAITALL), 10, "MSG_WAITALL");
	tap_fails(pread(s, b, 1, 0), ESPIPE, "pread");
	tap_fails(lseek(s, 0, SEEK_SET), ESPIPE, "lseek");
	tap_fails(accept(s, NULL, NULL), EINVAL, "accept: not listening");
	tap_fails(recv(s, b, 1, MSG_OOB), EINVAL, "no urgent byte");
	tap_fails(recv(s, b, 1, MSG_ERRQUEUE), EAGAIN, "no errors");
	tap_fails(recv(0x7fff, b, 1, 0), EBADF, "no descriptor");
	n = open("/dev/null", O_RDWR);
	tap_fails(recv(n, b, 1, 0), ENOTSOCK, "no socket");
	tap_fails(send(n, b, 1, 0), ENOTSOCK, "nor to send to");
	close(n);
	close(c);
	close(s);
}

static void
test_ends(void)
{
	struct linger linger = { 1, 0 };
	char b[16];
	int c, error = 7, s;
	socklen_t len = sizeof(error);

	connection(AF_INET, &c, &s);
	tap_is(events(c, POLLIN | POLLOUT | POLLRDHUP, 0), POLLOUT,
	    "can be written to");
	tap_is(write(c, "last", 4), 4, "write");
	tap_is(shutdown(c, SHUT_WR), 0, "shutdown: half");
	tap_fails(send(c, "x", 1, MSG_NOSIGNAL), EPIPE, "nothing more goes");
	tap_is(events(s, POLLRDHUP, -1), POLLRDHUP, "the end is seen");
	tap_is(read(s, b, sizeof(b)), 4, "the rest");
	tap_is(read(s, b, sizeof(b)), 0, "and the end");
	tap_is(events(s, POLLIN | POLLOUT | POLLRDHUP, 0),
	    POLLIN | POLLOUT | POLLRDHUP, "half of it lives");
	tap_is(write(s, "answer", 6), 6, "the other way goes on");
	tap_is(events(c, POLLIN, -1), POLLIN, "an answer");
	tap_is(read(c, b, sizeof(b)), 6, "of this length");
	close(s);
	tap_ok((events(c, POLLIN | POLLHUP, -1) & POLLHUP) ||
	    events(c, POLLHUP, -1) == POLLHUP, "then both have ended");
	tap_is(read(c, b, sizeof(b)), 0, "nothing more comes");
	close(c);

	connection(AF_INET, &c, &s);
	tap_is(setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)),
	    0, "SO_LINGER");
	close(s);
	tap_is(events(c, POLLIN, -1), POLLIN | POLLERR | POLLHUP, "a reset");
	tap_is(getsockopt(c, SOL_SOCKET, SO_ERROR, &error, &len), 0,
	    "SO_ERROR");
	tap_is(error, ECONNRESET, "is what Linux calls it");
	tap_is(getsockopt(c, SOL_SOCKET, SO_ERROR, &error, &len), 0,
	    "SO_ERROR again");
	tap_is(error, 0, "is told once");
	tap_fails(send(c, "x", 1, MSG_NOSIGNAL), EPIPE, "send after it");
	close(c);
	c = socket(AF_INET, SOCK_STREAM, 0);
	tap_fails(send(c, "x", 1, MSG_NOSIGNAL), EPIPE, "send: unconnected");
	tap_fails(recv(c, b, 1, 0), ENOTCONN, "recv: unconnected");
	tap_fails(shutdown(c, SHUT_WR), ENOTCONN, "shutdown: unconnected");
	close(c);
}

static void
test_nonblocking(void)
{
	struct sockaddr_storage ss;
	socklen_t len = loopback(AF_INET, &ss);
	int c, error = 7, l, s;
	socklen_t errorlen = sizeof(error);
	long n, sum = 0;
	size_t got;

	l = bound(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, &ss);
	tap_is(listen(l, 5), 0, "listen");
	tap_fails(accept(l, NULL, NULL), EAGAIN, "nobody comes");
	tap_is(events(l, POLLIN, 0), 0, "nor is about to");
	c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	tap_is(fcntl(c, F_GETFD), FD_CLOEXEC, "SOCK_CLOEXEC");
	n = connect(c, (void *)&ss, len);
	tap_ok(n == 0 || errno == EINPROGRESS, "connect does not wait");
	tap_is(events(c, POLLOUT, -1), POLLOUT, "it is done");
	tap_is(getsockopt(c, SOL_SOCKET, SO_ERROR, &error, &errorlen), 0,
	    "SO_ERROR");
	tap_is(error, 0, "without an error");
	tap_is(events(l, POLLIN, -1), POLLIN, "somebody came");
	s = accept(l, NULL, NULL);
	tap_is(fcntl(s, F_GETFL) & O_NONBLOCK, 0, "accept inherits nothing");
	sum = fill(c);
	tap_fails(write(c, data, 1), EAGAIN, "until it is full");
	tap_is(events(c, POLLOUT, 0), 0, "no room");
	for (got = 0; got < (size_t)sum; got += (size_t)n)
		if ((n = read(s, copy, sizeof(copy))) <= 0)
			break;
	tap_is((long)got, sum, "all of it arrives");
	tap_is(events(c, POLLOUT, -1), POLLOUT, "room again");
	close(c);
	close(s);
	close(l);
	c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	n = connect(c, (void *)&ss, len);
	tap_ok(n == -1 && (errno == EINPROGRESS || errno == ECONNREFUSED),
	    "connect to nobody");
	if (errno == EINPROGRESS) {
		(void)events(c, POLLOUT, -1);
		getsockopt(c, SOL_SOCKET, SO_ERROR, &error, &errorlen);
		errno = error;
	}
	tap_is(errno, ECONNREFUSED, "is refused");
	close(c);
}

static void
test_sendfile(void)
{
	char path[256];
	off_t off = 1000;
	size_t got = 0;
	int c, fd, s;
	long n = 0;

	snprintf(path, sizeof(path), "%s/sendfile", folder);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	tap_is(write(fd, data, 100000), 100000, "a file");
	connection(AF_INET, &c, &s);
	tap_is(sendfile(c, fd, &off, 99000), 99000, "sendfile");
	tap_is(off, 100000, "moves the position");
	while (got < 99000 && (n = read(s, copy + got, 99000 - got)) > 0)
		got += (size_t)n;
	tap_ok(got == 99000 && memcmp(copy, data + 1000, 99000) == 0,
	    "as it is in the file");
	tap_is(fcntl(c, F_SETFL, O_NONBLOCK), 0, "do not wait");
	(void)fill(c);
	tap_is(lseek(fd, 50, SEEK_SET), 50, "a place of the file's own");
	tap_fails(sendfile(c, fd, NULL, 1000), EAGAIN, "no room");
	tap_is(lseek(fd, 0, SEEK_CUR), 50, "nothing is lost");
	close(c);
	close(s);
	close(fd);
	unlink(path);
}

static void
test_udp(int domain)
{
	struct sockaddr_storage a, b, from, any;
	socklen_t len = loopback(domain, &a), want = len;
	struct mmsghdr mm[3];
	struct msghdr msg;
	struct iovec iov[3];
	char buf[3][32];
	int i, n = 0, s, t;

	s = bound(domain, SOCK_DGRAM, &a);
	t = bound(domain, SOCK_DGRAM, &b);
	tap_ok(s != -1 && t != -1, "two sockets");
	tap_fails(listen(s, 1), EOPNOTSUPP, "listen");
	tap_fails(accept(s, NULL, NULL), EOPNOTSUPP, "accept");
	tap_fails(send(s, "x", 1, 0), EDESTADDRREQ, "send to nobody");
	tap_is(sendto(s, "hello", 5, 0, (void *)&b, want), 5, "sendto");
	tap_is(sendto(s, "", 0, 0, (void *)&b, want), 0, "an empty one");
	tap_is(sendto(s, "a long one", 10, 0, (void *)&b, want), 10, "another");
	tap_is(events(t, POLLIN, -1), POLLIN, "something came");
	tap_is(ioctl(t, FIONREAD, &n), 0, "FIONREAD");
	tap_is(n, 5, "the length of the first");
	len = sizeof(from);
	tap_is(recvfrom(t, buf[0], 32, 0, (void *)&from, &len), 5, "recvfrom");
	tap_ok(len == want && memcmp(&from, &a, len) == 0, "from whom");
	tap_is(recv(t, buf[0], 32, 0), 0, "the empty one");
	tap_is(recv(t, buf[0], 4, MSG_TRUNC | MSG_PEEK), 10, "how long it is");
	memset(&msg, 0, sizeof(msg));
	iov[0] = (struct iovec){ buf[0], 4 };
	msg.msg_iov = iov;
	msg.msg_iovlen = 1;
	tap_is(recvmsg(t, &msg, 0), 4, "a part of it");
	tap_is(msg.msg_flags, MSG_TRUNC, "and it is said");
	tap_fails(recv(t, buf[0], 4, MSG_DONTWAIT), EAGAIN, "the rest is gone");
	tap_fails(sendto(s, data, 70000, 0, (void *)&b, want), EMSGSIZE,
	    "too long");
	tap_is(connect(s, (void *)&b, want), 0, "connect");
	memset(mm, 0, sizeof(mm));
	for (i = 0; i < 3; i++) {
		memset(buf[i], 'a' + i, 32);
		iov[i] = (struct iovec){ buf[i], (size_t)i + 1 };
		mm[i].msg_hdr.msg_iov = &iov[i];
		mm[i].msg_hdr.msg_iovlen = 1;
	}
	tap_is(sendmmsg(s, mm, 3, 0), 3, "sendmmsg");
	tap_ok(mm[0].msg_len == 1 && mm[2].msg_len == 3, "with their lengths");
	for (i = 0; i < 3; i++)
		iov[i].iov_len = 32;
	tap_is(recvmmsg(t, mm, 3, MSG_WAITFORONE, NULL), 3, "recvmmsg");
	tap_ok(mm[0].msg_len == 1 && mm[1].msg_len == 2 && mm[2].msg_len == 3,
	    "with theirs");
	tap_ok(buf[1][0] == 'b' && buf[2][0] == 'c', "and bytes");
	tap_is(recvmmsg(t, mm, 3, MSG_DONTWAIT, NULL), -1, "no more");
	memset(&any, 0, sizeof(any));
	any.ss_family = AF_UNSPEC;
	tap_is(connect(s, (void *)&any, want), 0, "connect to nobody");
	tap_fails(getpeername(s, (void *)&from, &len), ENOTCONN, "no peer");
	tap_fails(send(s, "x", 1, 0), EDESTADDRREQ, "none to send to");
	close(s);
	close(t);
}

static void
test_families(void)
{
	struct sockaddr_in6 sin6;
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin6);
	int c, l, off = 7, pair[2], s;
	socklen_t optlen = sizeof(off);

	l = socket(AF_INET6, SOCK_STREAM, 0);
	tap_is(getsockopt(l, IPPROTO_IPV6, IPV6_V6ONLY, &off, &optlen), 0,
	    "IPV6_V6ONLY");
	tap_is(off, 0, "is off");
	memset(&sin6, 0, sizeof(sin6));
	sin6.sin6_family = AF_INET6;
	tap_is(bind(l, (void *)&sin6, sizeof(sin6)), 0, "bind to any");
	tap_is(listen(l, 1), 0, "listen");
	tap_is(getsockname(l, (void *)&sin6, &len), 0, "getsockname");
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = sin6.sin6_port;
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c = socket(AF_INET, SOCK_STREAM, 0);
	tap_is(connect(c, (void *)&sin, sizeof(sin)), 0, "connect by IPv4");
	len = sizeof(sin6);
	s = accept(l, (void *)&sin6, &len);
	tap_ok(s != -1 && sin6.sin6_family == AF_INET6 &&
	    IN6_IS_ADDR_V4MAPPED(&sin6.sin6_addr), "comes as a mapped one");
	close(s);
	close(c);
	close(l);
	tap_fails(socket(AF_INET, 77, 0), EINVAL, "socket: no type");
	tap_fails(socket(AF_INET, SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT,
	    "socket: a type it does not have");
	tap_fails(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT,
	    "socket: a protocol that does not fit");
	tap_fails(socket(99, SOCK_STREAM, 0), EAFNOSUPPORT, "socket: family");
	tap_fails(socketpair(AF_INET, SOCK_STREAM, 0, pair), EOPNOTSUPP,
	    "socketpair: none of these");
	c = socket(AF_INET, SOCK_STREAM, 0);
	tap_fails(bind(c, (void *)&sin6, sizeof(sin6)), EAFNOSUPPORT,
	    "bind: another family");
	tap_fails(bind(c, (void *)&sin, 4), EINVAL, "bind: too short");
	tap_fails(bind(c, (void *)&sin, 4000), EINVAL, "bind: too long");
	sin.sin_addr.s_addr = htonl(0x08080808);
	tap_fails(bind(c, (void *)&sin, sizeof(sin)), EADDRNOTAVAIL,
	    "bind: not ours");
	close(c);
}

static int
option(int s, int level, int name)
{
	socklen_t len = sizeof(int);
	int value = -1;

	if (getsockopt(s, level, name, &value, &len) == -1)
		return -errno;
	return value;
}

static int
set(int s, int level, int name, int value)
{

	return setsockopt(s, level, name, &value, sizeof(value)) == -1 ?
	    -errno : 0;
}

static void
test_options(void)
{
	static const struct {
		const char *what;
		int level, name, value;
	} settable[] = {
		{ "SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, 1 },
		{ "SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, 1 },
		{ "SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ "SO_BROADCAST", SOL_SOCKET, SO_BROADCAST, 1 },
		{ "SO_OOBINLINE", SOL_SOCKET, SO_OOBINLINE, 1 },
		{ "TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY, 1 },
		{ "TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE, 77 },
		{ "TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL, 7 },
		{ "TCP_KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT, 3 },
		{ "IP_TTL", IPPROTO_IP, IP_TTL, 33 },
		{ "IP_TOS", IPPROTO_IP, IP_TOS, 16 },
	};
	struct timeval tv = { 0, 30000 };
	struct linger linger = { 1, 17 };
	struct tcp_info info;
	socklen_t len;
	char b[8];
	size_t i;
	int c, s;

	connection(AF_INET, &c, &s);
	tap_is(option(c, SOL_SOCKET, SO_TYPE), SOCK_STREAM, "SO_TYPE");
	tap_is(option(c, SOL_SOCKET, SO_DOMAIN), AF_INET, "SO_DOMAIN");
	tap_is(option(c, SOL_SOCKET, SO_PROTOCOL), IPPROTO_TCP, "SO_PROTOCOL");
	tap_is(option(c, SOL_SOCKET, SO_ACCEPTCONN), 0, "SO_ACCEPTCONN");
	tap_is(option(c, SOL_SOCKET, SO_SNDLOWAT), 1, "SO_SNDLOWAT");
	for (i = 0; i < sizeof(settable) / sizeof(settable[0]); i++) {
		tap_is(set(c, settable[i].level, settable[i].name,
		    settable[i].value), 0, settable[i].what);
		tap_is(option(c, settable[i].level, settable[i].name),
		    settable[i].value, "is what was set");
	}
	tap_is(set(c, SOL_SOCKET, SO_RCVBUF, 20000), 0, "SO_RCVBUF");
	tap_is(option(c, SOL_SOCKET, SO_RCVBUF), 40000, "is doubled");
	tap_is(set(c, SOL_SOCKET, SO_SNDBUF, 30000), 0, "SO_SNDBUF");
	tap_is(option(c, SOL_SOCKET, SO_SNDBUF), 60000, "too");
	tap_is(set(c, IPPROTO_TCP, TCP_CORK, 1), 0, "TCP_CORK");
	tap_is(set(c, IPPROTO_TCP, TCP_QUICKACK, 1), 0, "TCP_QUICKACK");
	tap_is(set(c, IPPROTO_TCP, TCP_DEFER_ACCEPT, 5), 0,
	    "TCP_DEFER_ACCEPT");
	tap_is(set(c, SOL_SOCKET, SO_TYPE, 1), -ENOPROTOOPT, "read-only");
	tap_is(set(c, SOL_SOCKET, 9999, 1), -ENOPROTOOPT, "no such option");
	tap_is(set(c, IPPROTO_TCP, 9999, 1), -ENOPROTOOPT, "of TCP neither");
	tap_is(setsockopt(c, SOL_SOCKET, SO_KEEPALIVE, b, 1), -1, "too short");
	len = sizeof(linger);
	tap_is(setsockopt(c, SOL_SOCKET, SO_LINGER, &linger, len), 0,
	    "SO_LINGER");
	linger.l_linger = 0;
	tap_is(getsockopt(c, SOL_SOCKET, SO_LINGER, &linger, &len), 0, "read");
	tap_ok(linger.l_onoff == 1 && linger.l_linger == 17, "the same");
	linger.l_onoff = 0;
	setsockopt(c, SOL_SOCKET, SO_LINGER, &linger, len);
	tap_is(setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0,
	    "SO_RCVTIMEO");
	len = sizeof(tv);
	tap_is(getsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &tv, &len), 0, "read");
	tap_ok(tv.tv_sec == 0 && tv.tv_usec >= 30000 && tv.tv_usec < 50000,
	    "about the same");
	tap_fails(recv(c, b, 1, 0), EAGAIN, "a wait that ends");
	len = sizeof(info);
	tap_is(getsockopt(c, IPPROTO_TCP, TCP_INFO, &info, &len), 0,
	    "TCP_INFO");
	tap_is(info.tcpi_state, TCP_ESTABLISHED, "is connected");
	close(s);
	(void)events(c, POLLRDHUP, -1);
	len = sizeof(info);
	tap_is(getsockopt(c, IPPROTO_TCP, TCP_INFO, &info, &len), 0,
	    "TCP_INFO");
	tap_is(info.tcpi_state, TCP_CLOSE_WAIT, "the other end closed");
	close(c);
}

int
main(int argc, char *argv[])
{
	size_t i;

	folder = argc > 1 ? argv[1] : "/tmp";
	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7 + i / 251);
	test_names(AF_INET);
	test_names(AF_INET6);
	test_echo(AF_INET);
	test_echo(AF_INET6);
	test_calls();
	test_ends();
	test_nonblocking();
	test_sendfile();
	test_udp(AF_INET);
	test_udp(AF_INET6);
	test_families();
	test_options();
	return tap_end();
}
