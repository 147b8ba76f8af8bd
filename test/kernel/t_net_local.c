/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_local.c: AF_LOCAL: names in file systems, connections, datagrams to names.
 */
#include "h_net.h"

static char big[100000];

static void
names(void)
{
	struct rump_sockaddr_storage ss;
	struct rump_sockaddr_un sun;
	struct rump_stat st;
	uint32_t len = sizeof(sun);
	int fd, other;

	fd = h_socket(STREAM);
	/* No name yet: the family alone. */
	CHECK_OK(rump_sys_getsockname(fd, (void *)&sun, &len));
	CHECK_EQUAL(len, 2);
	CHECK_EQUAL(sun.sun_family, AF_L);
	CHECK_FAILS(rump_sys_listen(fd, 1), RUMP_EINVAL);
	CHECK_FAILS(h_bind(fd, "/none/sock"), RUMP_ENOENT);
	CHECK_FAILS(h_bind(fd, ""), RUMP_EINVAL);
	CHECK_FAILS(h_bind(fd, "/"), RUMP_EADDRINUSE);
	h_file("/file", "x");
	CHECK_FAILS(h_bind(fd, "/file"), RUMP_EADDRINUSE);
	CHECK_FAILS(h_bind(fd, "/file/sock"), RUMP_ENOTDIR);
	len = h_name(&sun, "/sock");
	sun.sun_family = RUMP_AF_INET;
	CHECK_FAILS(rump_sys_bind(fd, (void *)&sun, len), RUMP_EAFNOSUPPORT);
	CHECK_EQUAL(rump_sys_umask(027), 022);
	CHECK_OK(h_bind(fd, "/sock"));
	CHECK_EQUAL(rump_sys_umask(022), 027);
	CHECK_OK(rump_sys_stat("/sock", &st));
	CHECK_EQUAL(st.st_mode, RUMP_S_IFSOCK | 0750);
	CHECK_FAILS(rump_sys_open("/sock", RUMP_O_RDWR), RUMP_EOPNOTSUPP);
	CHECK_FAILS(h_bind(fd, "/sock2"), RUMP_EINVAL);
	other = h_socket(STREAM);
	CHECK_FAILS(h_bind(other, "/sock"), RUMP_EADDRINUSE);
	len = sizeof(sun);
	memset(&sun, 0, sizeof(sun));
	CHECK_OK(rump_sys_getsockname(fd, (void *)&sun, &len));
	CHECK_EQUAL(strcmp(sun.sun_path, "/sock"), 0);
	/* As much as there is room for, and how much there is. */
	len = 4;
	memset(&sun, 'x', sizeof(sun));
	CHECK_OK(rump_sys_getsockname(fd, (void *)&sun, &len));
	CHECK_EQUAL(len, 8);
	CHECK_EQUAL(memcmp(sun.sun_path, "/sxx", 4), 0);
	CHECK_FAILS(rump_sys_getpeername(fd, (void *)&sun, &len),
	    RUMP_ENOTCONN);
	/* The longest that there is. */
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_L;
	memset(sun.sun_path, 'n', sizeof(sun.sun_path));
	sun.sun_path[0] = '/';
	CHECK_OK(rump_sys_bind(other, (void *)&sun, sizeof(sun)));
	sun.sun_path[103] = '\0';
	CHECK_FAILS(rump_sys_stat(sun.sun_path, &st), RUMP_ENOENT);
	len = sizeof(sun);
	CHECK_OK(rump_sys_getsockname(other, (void *)&sun, &len));
	CHECK_EQUAL(len, sizeof(sun));
	CHECK_EQUAL(sun.sun_path[103], 'n');
	CHECK_OK(rump_sys_close(other));
	other = h_socket(STREAM);
	memset(&ss, 'n', sizeof(ss));
	ss.ss_family = AF_L;
	CHECK_FAILS(rump_sys_bind(other, (void *)&ss, sizeof(sun) + 1),
	    RUMP_EINVAL);
	CHECK_OK(rump_sys_close(other));
	/* The name outlives its socket. */
	CHECK_OK(rump_sys_close(fd));
	fd = h_socket(STREAM);
	CHECK_FAILS(h_bind(fd, "/sock"), RUMP_EADDRINUSE);
	CHECK_OK(rump_sys_unlink("/sock"));
	CHECK_OK(h_bind(fd, "/sock"));
	CHECK_OK(rump_sys_unlink("/sock"));
	CHECK_OK(rump_sys_close(fd));
}

static void
connecting(void)
{
	struct rump_sockaddr_un sun;
	uint32_t len;
	int head, client, server, dgram, queue[10], i;
	char c;

	client = h_socket(STREAM);
	CHECK_FAILS(h_connect(client, "/nobody"), RUMP_ENOENT);
	CHECK_FAILS(h_connect(client, "/file"), RUMP_ENOTSOCK);
	CHECK_FAILS(h_connect(client, "/"), RUMP_ENOTSOCK);
	head = h_socket(STREAM);
	CHECK_OK(h_bind(head, "/head"));
	CHECK_FAILS(h_connect(client, "/head"), RUMP_ECONNREFUSED);
	CHECK_FAILS(rump_sys_accept(head, NULL, NULL), RUMP_EINVAL);
	CHECK_OK(rump_sys_listen(head, 3));
	CHECK_EQUAL(h_getint(head, RUMP_SO_ACCEPTCONN), 1);
	dgram = h_socket(DGRAM);
	CHECK_FAILS(h_connect(dgram, "/head"), RUMP_EPROTOTYPE);
	CHECK_FAILS(rump_sys_listen(dgram, 1), RUMP_EOPNOTSUPP);
	CHECK_OK(rump_sys_close(dgram));
	CHECK_OK(rump_sys_chmod("/head", 0600));
	h_user(100);
	CHECK_FAILS(h_connect(client, "/head"), RUMP_EACCES);
	h_root();
	CHECK_OK(h_connect(client, "/head"));
	CHECK_FAILS(h_connect(client, "/head"), RUMP_EISCONN);
	CHECK_FAILS(h_connect(head, "/head"), RUMP_EOPNOTSUPP);
	CHECK_FAILS(rump_sys_read(head, &c, 1), RUMP_ENOTCONN);
	CHECK_FAILS(rump_sys_write(head, &c, 1), RUMP_ENOTCONN);
	/* Before it is accepted it can be written to. */
	CHECK_EQUAL(rump_sys_write(client, "early", 5), 5);
	memset(&sun, 'x', sizeof(sun));
	len = sizeof(sun);
	CHECK_OK(server = rump_sys_accept(head, (void *)&sun, &len));
	CHECK_EQUAL(len, 2);
	CHECK_EQUAL(h_getint(server, RUMP_SO_ACCEPTCONN), 0);
	CHECK_EQUAL(rump_sys_read(server, big, 10), 5);
	len = sizeof(sun);
	CHECK_OK(rump_sys_getsockname(server, (void *)&sun, &len));
	CHECK_EQUAL(strcmp(sun.sun_path, "/head"), 0);
	len = sizeof(sun);
	CHECK_OK(rump_sys_getpeername(client, (void *)&sun, &len));
	CHECK_EQUAL(strcmp(sun.sun_path, "/head"), 0);
	CHECK_OK(rump_sys_close(server));
	CHECK_EQUAL(rump_sys_read(client, &c, 1), 0);
	CHECK_FAILS(rump_sys_getpeername(client, (void *)&sun, &len),
	    RUMP_ENOTCONN);
	CHECK_FAILS(h_connect(client, "/head"), RUMP_EINVAL);
	CHECK_OK(rump_sys_close(client));
	/* A client that has a name; nonblocking accepts, and what they inherit. */
	CHECK_OK(rump_sys_fcntl(head, RUMP_F_SETFL, (void *)RUMP_O_NONBLOCK));
	CHECK_FAILS(rump_sys_accept(head, NULL, NULL), RUMP_EAGAIN);
	client = h_socket(STREAM);
	CHECK_OK(h_bind(client, "/client"));
	CHECK_OK(h_connect(client, "/head"));
	CHECK_FAILS(rump_sys_accept(head, (void *)&sun, NULL), RUMP_EFAULT);
	CHECK_OK(rump_sys_close(client));
	client = h_socket(STREAM);
	CHECK_OK(rump_sys_unlink("/client"));
	CHECK_OK(h_bind(client, "/client"));
	CHECK_OK(h_connect(client, "/head"));
	len = sizeof(sun);
	CHECK_OK(server = rump_sys_accept(head, (void *)&sun, &len));
	CHECK_EQUAL(strcmp(sun.sun_path, "/client"), 0);
	CHECK_FAILS(rump_sys_read(server, &c, 1), RUMP_EAGAIN);
	CHECK_OK(rump_sys_close(server));
	CHECK_OK(rump_sys_close(client));
	client = h_socket(STREAM);
	CHECK_OK(h_connect(client, "/head"));
	CHECK_OK(server = rump_sys_paccept(head, NULL, NULL, NULL,
	    RUMP_SOCK_CLOEXEC));
	CHECK_EQUAL(rump_sys_fcntl(server, RUMP_F_GETFD, NULL),
	    RUMP_FD_CLOEXEC);
	CHECK_EQUAL(rump_sys_fcntl(server, RUMP_F_GETFL, NULL), RUMP_O_RDWR);
	CHECK_OK(rump_sys_close(server));
	CHECK_OK(rump_sys_close(client));
	/* A client that has gone is accepted, and at its end. */
	client = h_socket(STREAM);
	CHECK_OK(h_connect(client, "/head"));
	CHECK_EQUAL(rump_sys_write(client, "bye", 3), 3);
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(server = rump_sys_accept(head, NULL, NULL));
	CHECK_EQUAL(rump_sys_read(server, big, 10), 3);
	CHECK_EQUAL(rump_sys_read(server, big, 10), 0);
	CHECK_OK(rump_sys_close(server));
	/* A full queue refuses; who waits in it when it goes is cut. */
	for (i = 0; i < 10; i++) {
		queue[i] = h_socket(STREAM);
		if (h_connect(queue[i], "/head") == -1)
			break;
	}
	CHECK_EQUAL(rumpglue_errno(), RUMP_ECONNREFUSED);
	CHECK(i >= 3 && i < 10);
	CHECK_OK(rump_sys_close(queue[i]));
	CHECK_OK(rump_sys_close(head));
	while (i-- > 0) {
		CHECK_EQUAL(rump_sys_read(queue[i], big, 10), 0);
		CHECK_FAILS(rump_sys_write(queue[i], "x", 1), RUMP_EPIPE);
		CHECK_OK(rump_sys_close(queue[i]));
	}
	client = h_socket(STREAM);
	CHECK_FAILS(h_connect(client, "/head"), RUMP_ECONNREFUSED);
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(rump_sys_unlink("/head"));
	CHECK_OK(rump_sys_unlink("/client"));
}

static void
accepting(void)
{
	struct waiter w = { .w_call = h_w_accept }, other;
	int head, client, fds[2], i, most;

	head = h_listen(SEQPACKET, "/head", 5);
	w.w_fd = head;
	h_begin(&w);
	client = h_socket(SEQPACKET);
	CHECK_OK(h_connect(client, "/head"));
	h_end(&w);
	CHECK(w.w_result >= 0);
	CHECK_EQUAL(rump_sys_write(client, "packet", 6), 6);
	CHECK_EQUAL(rump_sys_read((int)w.w_result, big, 100), 6);
	CHECK_OK(rump_sys_close((int)w.w_result));
	CHECK_OK(rump_sys_close(client));
	/* Two wait, for one connection. */
	other = w;
	h_begin(&w);
	h_begin(&other);
	client = h_socket(SEQPACKET);
	CHECK_OK(h_connect(client, "/head"));
	while (!w.w_done && !other.w_done)
		h_nap();
	CHECK(w.w_done != other.w_done);
	CHECK_OK(rump_sys_close(head));
	h_end(&w);
	h_end(&other);
	CHECK(w.w_errno == RUMP_EBADF || other.w_errno == RUMP_EBADF);
	CHECK_OK(rump_sys_close((int)(w.w_errno ? other.w_result :
	    w.w_result)));
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(rump_sys_unlink("/head"));
	/* Without a descriptor for it a connection is not lost. */
	head = h_listen(STREAM, "/head", 5);
	client = h_socket(STREAM);
	CHECK_OK(h_connect(client, "/head"));
	CHECK_EQUAL(rump_sys_write(client, "x", 1), 1);
	for (most = client + 1; rump_sys_dup(head) != -1; most++)
		continue;
	CHECK_FAILS(rump_sys_accept(head, NULL, NULL), RUMP_EMFILE);
	CHECK_FAILS(rump_sys_socketpair(AF_L, STREAM, 0, fds), RUMP_EMFILE);
	CHECK_OK(rump_sys_close(--most));
	CHECK_FAILS(rump_sys_socketpair(AF_L, STREAM, 0, fds), RUMP_EMFILE);
	CHECK_EQUAL(rump_sys_accept(head, NULL, NULL), most);
	CHECK_EQUAL(rump_sys_read(most, big, 10), 1);
	for (i = client; i <= most; i++)
		CHECK_OK(rump_sys_close(i));
	CHECK_OK(rump_sys_close(head));
	CHECK_OK(rump_sys_unlink("/head"));
}

static void
peers(void)
{
	struct rump_unpcbid id;
	uint32_t len = sizeof(id);
	int head, client, server, fds[2];

	head = h_listen(STREAM, "/head", 5);
	CHECK_OK(rump_sys_chmod("/head", 0777));
	client = h_socket(STREAM);
	CHECK_FAILS(rump_sys_getsockopt(client, 0, RUMP_LOCAL_PEEREID, &id,
	    &len), RUMP_EINVAL);
	h_user(100);
	CHECK_OK(h_connect(client, "/head"));
	h_root();
	CHECK_OK(server = rump_sys_accept(head, NULL, NULL));
	CHECK_OK(rump_sys_getsockopt(server, 0, RUMP_LOCAL_PEEREID, &id,
	    &len));
	CHECK_EQUAL(len, sizeof(id));
	CHECK_EQUAL(id.unp_euid, 100);
	CHECK_EQUAL(id.unp_pid, rump_sys_getpid());
	CHECK_OK(rump_sys_getsockopt(client, 0, RUMP_LOCAL_PEEREID, &id,
	    &len));
	CHECK_EQUAL(id.unp_euid, 0);
	CHECK_FAILS(rump_sys_getsockopt(client, 0, 77, &id, &len),
	    RUMP_ENOPROTOOPT);
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(rump_sys_close(server));
	CHECK_OK(rump_sys_close(head));
	CHECK_OK(rump_sys_unlink("/head"));
	h_pair(STREAM, fds);
	CHECK_OK(rump_sys_getsockopt(fds[0], 0, RUMP_LOCAL_PEEREID, &id,
	    &len));
	CHECK_EQUAL(id.unp_pid, rump_sys_getpid());
	h_close2(fds);
}

static ssize_t
h_sendto(int fd, const char *path, const void *buf, size_t size, int flags)
{
	struct rump_sockaddr_un sun;
	uint32_t len = h_name(&sun, path);

	return rump_sys_sendto(fd, buf, size, flags, (void *)&sun, len);
}

static void
datagrams(void)
{
	struct rump_sockaddr_un sun;
	struct waiter w = { .w_call = h_w_send, .w_arg = big, .w_size = 40000 };
	uint32_t len = sizeof(sun);
	int a, b, i;

	a = h_socket(DGRAM);
	b = h_socket(DGRAM);
	CHECK_OK(h_bind(b, "/b"));
	CHECK_FAILS(rump_sys_write(a, "x", 1), RUMP_EDESTADDRREQ);
	CHECK_FAILS(h_sendto(a, "/nobody", "x", 1, 0), RUMP_ENOENT);
	CHECK_FAILS(h_sendto(a, "/file", "x", 1, 0), RUMP_ENOTSOCK);
	CHECK_EQUAL(h_sendto(a, "/b", "hello", 5, 0), 5);
	CHECK_EQUAL(rump_sys_recvfrom(b, big, 100, 0, (void *)&sun, &len), 5);
	CHECK_EQUAL(len, 2);
	CHECK_OK(h_bind(a, "/a"));
	CHECK_EQUAL(h_sendto(a, "/b", "", 0, 0), 0);
	len = sizeof(sun);
	CHECK_EQUAL(rump_sys_recvfrom(b, big, 100, 0, (void *)&sun, &len), 0);
	CHECK_EQUAL(strcmp(sun.sun_path, "/a"), 0);
	/* Without a connection a full queue is an error at once. */
	for (i = 0; h_sendto(a, "/b", big, 40000, 0) == 40000; i++)
		continue;
	CHECK_EQUAL(rumpglue_errno(), RUMP_ENOBUFS);
	CHECK(i >= 2);
	CHECK_FAILS(h_sendto(a, "/b", big, 70000, 0), RUMP_EMSGSIZE);
	/* With one it is waited for. */
	CHECK_OK(h_connect(a, "/b"));
	CHECK_FAILS(h_sendto(a, "/b", "x", 1, 0), RUMP_EISCONN);
	CHECK_FAILS(h_send(a, big, 40000, DONTWAIT), RUMP_EAGAIN);
	w.w_fd = a;
	h_begin(&w);
	CHECK_EQUAL(w.w_done, 0);
	for (; i >= 0; i--)
		CHECK_EQUAL(rump_sys_read(b, big, sizeof(big)), 40000);
	h_end(&w);
	CHECK_EQUAL(w.w_result, 40000);
	/* To another, and to itself. */
	CHECK_OK(h_connect(a, "/a"));
	CHECK_EQUAL(rump_sys_write(a, "self", 4), 4);
	CHECK_EQUAL(rump_sys_read(a, big, 10), 4);
	CHECK_OK(h_connect(a, "/b"));
	len = sizeof(sun);
	CHECK_OK(rump_sys_getpeername(a, (void *)&sun, &len));
	CHECK_EQUAL(strcmp(sun.sun_path, "/b"), 0);
	/* The peer goes: told once, then there is none. */
	CHECK_OK(rump_sys_close(b));
	CHECK_FAILS(rump_sys_write(a, "x", 1), RUMP_ECONNRESET);
	CHECK_FAILS(rump_sys_write(a, "x", 1), RUMP_EDESTADDRREQ);
	CHECK_FAILS(h_connect(a, "/b"), RUMP_ECONNREFUSED);
	CHECK_FAILS(h_sendto(a, "/b", "x", 1, 0), RUMP_ECONNREFUSED);
	CHECK_OK(rump_sys_close(a));
	CHECK_OK(rump_sys_unlink("/a"));
	CHECK_OK(rump_sys_unlink("/b"));
}

/* The peer of many goes while one waits for room in its queue. */
static void
datagrams_from_many(void)
{
	struct waiter w = { .w_call = h_w_send, .w_arg = big, .w_size = 40000 };
	int b, fd[3], i;

	b = h_socket(DGRAM);
	CHECK_OK(h_bind(b, "/b"));
	for (i = 0; i < 3; i++) {
		fd[i] = h_socket(DGRAM);
		CHECK_OK(h_connect(fd[i], "/b"));
	}
	while (h_send(fd[0], big, 40000, DONTWAIT) != -1)
		continue;
	w.w_fd = fd[1];
	h_begin(&w);
	CHECK_EQUAL(w.w_done, 0);
	CHECK_OK(rump_sys_close(b));
	h_end(&w);
	CHECK_EQUAL(w.w_errno, RUMP_ECONNRESET);
	for (i = 0; i < 3; i++)
		CHECK_OK(rump_sys_close(fd[i]));
	CHECK_OK(rump_sys_unlink("/b"));
}

/* Names that go, move, or are linked while their sockets are in use. */
static void
names_that_change(void)
{
	struct rump_tmpfs_args args = { .ta_version = RUMP_TMPFS_ARGS_VERSION,
	    .ta_root_mode = 0755 };
	struct rump_stat st;
	int head, client, server;

	CHECK_OK(rump_sys_mkdir("/t", 0755));
	CHECK_OK(rump_sys_mount("tmpfs", "/t", 0, &args, sizeof(args)));
	CHECK_OK(rump_sys_mkdir("/t/d", 0755));
	head = h_listen(STREAM, "/t/d/s", 9);
	CHECK_FAILS(rump_sys_rmdir("/t/d"), RUMP_ENOTEMPTY);
	CHECK_OK(rump_sys_rename("/t/d/s", "/t/moved"));
	CHECK_OK(rump_sys_link("/t/moved", "/t/linked"));
	CHECK_OK(rump_sys_symlink("moved", "/t/symlink"));
	client = h_socket(STREAM);
	CHECK_FAILS(h_connect(client, "/t/d/s"), RUMP_ENOENT);
	CHECK_OK(h_connect(client, "/t/linked"));
	CHECK_OK(rump_sys_close(client));
	client = h_socket(STREAM);
	CHECK_OK(h_connect(client, "/t/symlink"));
	CHECK_OK(rump_sys_unlink("/t/linked"));
	CHECK_OK(rump_sys_unlink("/t/moved"));
	CHECK_OK(rump_sys_rmdir("/t/d"));
	CHECK_OK(rump_sys_close(rump_sys_accept(head, NULL, NULL)));
	CHECK_OK(server = rump_sys_accept(head, NULL, NULL));
	CHECK_EQUAL(rump_sys_write(server, "x", 1), 1);
	CHECK_EQUAL(rump_sys_read(client, big, 10), 1);
	CHECK_OK(rump_sys_close(head));
	/* A file system that is taken away from below a name. */
	head = h_listen(STREAM, "/t/s", 9);
	CHECK_FAILS(rump_sys_unmount("/t", 0), RUMP_EBUSY);
	CHECK_OK(rump_sys_unmount("/t", RUMP_MNT_FORCE));
	CHECK_FAILS(rump_sys_stat("/t/s", &st), RUMP_ENOENT);
	CHECK_EQUAL(rump_sys_write(client, "y", 1), 1);
	CHECK_EQUAL(rump_sys_read(server, big, 10), 1);
	CHECK_OK(rump_sys_close(head));
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(rump_sys_close(server));
	CHECK_OK(rump_sys_rmdir("/t"));
}

static const struct tap_case cases[] = {
	{ "names", names },
	{ "connecting", connecting },
	{ "accepting", accepting },
	{ "who the peer is", peers },
	{ "datagrams to names", datagrams },
	{ "datagrams from many", datagrams_from_many },
	{ "names that go and move", names_that_change },
};

RUN_KERNEL(cases)
