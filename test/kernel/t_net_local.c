/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * t_net_local.c: AF_LOCAL: names in file systems, connections, datagrams to names,
 * and descriptors in messages, those that nobody can take out included.
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

static void
passing(void)
{
	int fds[2], got[64], file, n, i, types[3] = { STREAM, DGRAM,
	    SEQPACKET };
	char c;

	h_file("/file", "0123456789");
	file = h_open("/file", RUMP_O_RDONLY);
	for (i = 0; i < 3; i++) {
		h_pair(types[i], fds);
		CHECK_EQUAL(rump_sys_lseek(file, 4, RUMP_SEEK_SET), 4);
		h_sendfds(fds[0], (int[]){ file, fds[0], file }, 3);
		CHECK_EQUAL(h_recvfds(fds[1], got, RUMP_MSG_CMSG_CLOEXEC), 3);
		/* The same open files, behind new descriptors. */
		CHECK(got[0] != got[2] && got[0] != file);
		CHECK_EQUAL(rump_sys_fcntl(got[0], RUMP_F_GETFD, NULL),
		    RUMP_FD_CLOEXEC);
		CHECK_EQUAL(rump_sys_read(got[0], &c, 1), 1);
		CHECK_EQUAL(c, '4');
		CHECK_EQUAL(rump_sys_read(got[2], &c, 1), 1);
		CHECK_EQUAL(c, '5');
		CHECK_EQUAL(rump_sys_write(got[1], "z", 1), 1);
		CHECK_EQUAL(rump_sys_read(fds[1], &c, 1), 1);
		for (n = 0; n < 3; n++)
			CHECK_OK(rump_sys_close(got[n]));
		/* The sender's may be closed meanwhile. */
		CHECK_OK(rump_sys_lseek(file, 7, RUMP_SEEK_SET));
		h_sendfds(fds[0], &file, 1);
		CHECK_OK(rump_sys_close(file));
		CHECK_EQUAL(h_recvfds(fds[1], got, 0), 1);
		file = got[0];
		CHECK_EQUAL(rump_sys_fcntl(file, RUMP_F_GETFD, NULL), 0);
		CHECK_EQUAL(rump_sys_read(file, &c, 1), 1);
		CHECK_EQUAL(c, '7');
		/* Not taken: they go, and with the socket, too. */
		h_sendfds(fds[0], (int[]){ file, file }, 2);
		CHECK_EQUAL(rump_sys_read(fds[1], &c, 1), 1);
		h_sendfds(fds[0], (int[]){ file, fds[1] }, 2);
		h_close2(fds);
	}
	CHECK_OK(rump_sys_close(file));
}

/* Bytes of a stream keep apart what came with descriptors. */
static void
passing_between_bytes(void)
{
	struct rights r;
	int fds[2], got[64], peek[64];
	char buf[10];

	h_pair(STREAM, fds);
	CHECK_EQUAL(rump_sys_write(fds[0], "abc", 3), 3);
	h_sendfds(fds[0], fds, 2);
	CHECK_EQUAL(rump_sys_write(fds[0], "def", 3), 3);
	h_sendfds(fds[0], fds, 1);
	CHECK_EQUAL(h_recv(fds[1], buf, 10, RUMP_MSG_WAITALL), 3);
	CHECK_EQUAL(h_recvfds(fds[1], peek, RUMP_MSG_PEEK), 0);
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 2);
	CHECK_OK(rump_sys_close(got[0]));
	CHECK_OK(rump_sys_close(got[1]));
	CHECK_EQUAL(rump_sys_read(fds[1], buf, 10), 3);
	CHECK_EQUAL(h_recvfds(fds[1], got, RUMP_MSG_WAITALL), 1);
	CHECK_OK(rump_sys_close(got[0]));
	/* Less room than there is to tell: none, and nothing left open. */
	h_sendfds(fds[0], fds, 2);
	(void)h_rights(&r, NULL, 0);
	r.r_msg.msg_controllen = (uint32_t)RUMP_CMSG_LEN(sizeof(int));
	CHECK_EQUAL(rump_sys_recvmsg(fds[1], &r.r_msg, 0), 1);
	CHECK_EQUAL(r.r_msg.msg_flags, RUMP_MSG_CTRUNC);
	CHECK_EQUAL(r.r_msg.msg_controllen, 0);
	h_sendfds(fds[0], fds, 2);
	CHECK_EQUAL(rump_sys_recvmsg(fds[1], h_rights(&r, NULL, 0), 0), 1);
	CHECK_OK(rump_sys_close(((int *)(void *)RUMP_CMSG_DATA(&r.r_u))[0]));
	CHECK_OK(rump_sys_close(((int *)(void *)RUMP_CMSG_DATA(&r.r_u))[1]));
	/* Just enough, without the padding. */
	h_sendfds(fds[0], fds, 1);
	(void)h_rights(&r, NULL, 0);
	r.r_msg.msg_controllen = (uint32_t)RUMP_CMSG_LEN(sizeof(int));
	CHECK_EQUAL(rump_sys_recvmsg(fds[1], &r.r_msg, 0), 1);
	CHECK_EQUAL(r.r_msg.msg_flags, 0);
	CHECK_EQUAL(r.r_msg.msg_controllen, RUMP_CMSG_LEN(sizeof(int)));
	CHECK_OK(rump_sys_close(((int *)(void *)RUMP_CMSG_DATA(&r.r_u))[0]));
	h_close2(fds);
}

static void
passing_wrongly(void)
{
	struct rights r;
	int fds[2], kq, got[64], i, last;

	h_pair(STREAM, fds);
	CHECK_FAILS(rump_sys_sendmsg(fds[0], h_rights(&r,
	    (int[]){ fds[0], 99 }, 2), 0), RUMP_EBADF);
	CHECK_FAILS(rump_sys_sendmsg(fds[0], h_rights(&r,
	    (int[]){ fds[0], -1 }, 2), 0), RUMP_EBADF);
	CHECK_OK(kq = rump_sys_kqueue());
	CHECK_FAILS(rump_sys_sendmsg(fds[0], h_rights(&r, &kq, 1), 0),
	    RUMP_EOPNOTSUPP);
	CHECK_OK(rump_sys_close(kq));
	(void)h_rights(&r, fds, 2);
	r.r_u.r_cmsg.cmsg_len = 1000;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	r.r_u.r_cmsg.cmsg_len = 3;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	r.r_u.r_cmsg.cmsg_len = (uint32_t)RUMP_CMSG_LEN(5);
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	(void)h_rights(&r, fds, 2);
	r.r_u.r_cmsg.cmsg_type = 77;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	(void)h_rights(&r, fds, 2);
	r.r_msg.msg_controllen = 5;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	r.r_msg.msg_controllen = 5000;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	/* A stream needs a byte to go with them. */
	(void)h_rights(&r, fds, 2);
	r.r_iov.iov_len = 0;
	CHECK_FAILS(rump_sys_sendmsg(fds[0], &r.r_msg, 0), RUMP_EINVAL);
	/* None at all, and to nobody. */
	CHECK_EQUAL(rump_sys_sendmsg(fds[0], h_rights(&r, fds, 0), 0), 1);
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 0);
	CHECK_OK(rump_sys_close(fds[1]));
	CHECK_FAILS(rump_sys_sendmsg(fds[0], h_rights(&r, fds, 1), 0),
	    RUMP_EPIPE);
	CHECK_OK(rump_sys_close(fds[0]));
	/* Not enough descriptors: none is made, and the message is gone. */
	h_pair(DGRAM, fds);
	h_sendfds(fds[0], (int[]){ fds[0], fds[0], fds[0] }, 3);
	CHECK_OK(last = rump_sys_dup(fds[0]));
	while ((i = rump_sys_dup(fds[0])) != -1)
		last = i;
	CHECK_OK(rump_sys_close(last));
	CHECK_OK(rump_sys_close(last - 1));
	CHECK_FAILS(rump_sys_recvmsg(fds[1], h_rights(&r, NULL, 0), 0),
	    RUMP_EMFILE);
	CHECK_EQUAL(h_nextfd(), last - 1);
	CHECK_FAILS(rump_sys_recvmsg(fds[1], h_rights(&r, NULL, 0), DONTWAIT),
	    RUMP_EAGAIN);
	for (i = fds[1] + 1; i < last - 1; i++)
		CHECK_OK(rump_sys_close(i));
	h_close2(fds);
}

/*
 * A pipe's writing end goes into the messages, too: its reading end tells when
 * the messages are gone, because then nobody is left to write.
 */
static void
h_witness(int fds[2])
{

	CHECK_OK(rump_sys_pipe2(fds, RUMP_O_NONBLOCK));
}

static void
h_isalive(int reader)
{
	char c;

	CHECK_FAILS(rump_sys_read(reader, &c, 1), RUMP_EAGAIN);
}

static void
h_isgone(int reader)
{
	char c;

	CHECK_EQUAL(rump_sys_read(reader, &c, 1), 0);
	CHECK_OK(rump_sys_close(reader));
}

static void
rings_of_one_and_two(void)
{
	int fds[2], other[2], witness[2], types[3] = { STREAM, DGRAM,
	    SEQPACKET }, i;

	for (i = 0; i < 3; i++) {
		/* A socket in its own queue. */
		h_witness(witness);
		h_pair(types[i], fds);
		h_sendfds(fds[0], (int[]){ fds[1], witness[1] }, 2);
		CHECK_OK(rump_sys_close(witness[1]));
		CHECK_OK(rump_sys_close(fds[1]));
		h_isgone(witness[0]);
		CHECK_OK(rump_sys_close(fds[0]));
		/* Both ends, each in the other's queue. */
		h_witness(witness);
		h_pair(types[i], fds);
		h_sendfds(fds[0], (int[]){ fds[0], witness[1] }, 2);
		h_sendfds(fds[1], (int[]){ fds[1], witness[1] }, 2);
		CHECK_OK(rump_sys_close(witness[1]));
		CHECK_OK(rump_sys_close(fds[0]));
		h_isalive(witness[0]);
		CHECK_OK(rump_sys_close(fds[1]));
		h_isgone(witness[0]);
		/* Two pairs; the last that knows of them waits in a third. */
		h_witness(witness);
		h_pair(types[i], fds);
		h_pair(types[i], other);
		h_sendfds(fds[0], (int[]){ other[1], witness[1] }, 2);
		h_sendfds(other[0], (int[]){ fds[1], witness[1] }, 2);
		CHECK_OK(rump_sys_close(witness[1]));
		CHECK_OK(rump_sys_close(fds[0]));
		CHECK_OK(rump_sys_close(other[0]));
		CHECK_OK(rump_sys_close(fds[1]));
		h_pair(STREAM, fds);
		h_sendfds(fds[0], &other[1], 1);
		CHECK_OK(rump_sys_close(other[1]));
		h_isalive(witness[0]);
		h_close2(fds);
		h_isgone(witness[0]);
	}
}

/* What can still be taken out is kept, however far it is in. */
static void
rings_that_are_reached(void)
{
	int outer[2], fds[2], witness[2], got[64];

	h_witness(witness);
	h_pair(STREAM, outer);
	h_pair(STREAM, fds);
	h_sendfds(fds[0], (int[]){ fds[1], witness[1] }, 2);
	h_sendfds(outer[0], &fds[1], 1);
	CHECK_OK(rump_sys_close(witness[1]));
	CHECK_OK(rump_sys_close(fds[1]));
	h_isalive(witness[0]);
	CHECK_EQUAL(h_recvfds(outer[1], got, 0), 1);
	fds[1] = got[0];
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 2);
	CHECK_EQUAL(rump_sys_write(got[1], "x", 1), 1);
	CHECK_OK(rump_sys_close(got[1]));
	CHECK_EQUAL(rump_sys_read(witness[0], big, 10), 1);
	h_isgone(witness[0]);
	CHECK_EQUAL(rump_sys_write(fds[0], "y", 1), 1);
	CHECK_EQUAL(rump_sys_read(got[0], big, 1), 1);
	CHECK_OK(rump_sys_close(got[0]));
	h_close2(fds);
	h_close2(outer);
}

/* Connections that nobody accepted hold messages, too. */
static void
rings_through_a_listener(void)
{
	int head, client, witness[2];

	h_witness(witness);
	head = h_listen(STREAM, "/ring", 5);
	client = h_socket(STREAM);
	CHECK_OK(h_connect(client, "/ring"));
	h_sendfds(client, (int[]){ head, witness[1], client }, 3);
	CHECK_OK(rump_sys_close(witness[1]));
	CHECK_OK(rump_sys_close(client));
	h_isalive(witness[0]);
	CHECK_OK(rump_sys_close(head));
	h_isgone(witness[0]);
	client = h_socket(STREAM);
	CHECK_FAILS(h_connect(client, "/ring"), RUMP_ECONNREFUSED);
	CHECK_OK(rump_sys_close(client));
	CHECK_OK(rump_sys_unlink("/ring"));
}

/* A call that waits keeps a socket; when it ends, nobody does. */
static void
ring_under_a_call(void)
{
	struct waiter w = { .w_call = h_w_send, .w_arg = big,
	    .w_size = sizeof(big) };
	int fds[2], witness[2];

	h_witness(witness);
	h_pair(STREAM, fds);
	h_sendfds(fds[1], (int[]){ fds[0], witness[1] }, 2);
	h_sendfds(fds[0], &fds[1], 1);
	CHECK_OK(rump_sys_close(witness[1]));
	w.w_fd = fds[0];
	h_begin(&w);
	CHECK_OK(rump_sys_close(fds[1]));
	h_isalive(witness[0]);
	CHECK_OK(rump_sys_close(fds[0]));
	h_end(&w);
	h_isgone(witness[0]);
}

static long long
w_sendmsg(struct waiter *w)
{

	return rump_sys_sendmsg(w->w_fd, w->w_arg, 0);
}

/* A message that waits for room is in no queue, and not lost. */
static void
message_in_a_call(void)
{
	struct waiter w = { .w_call = w_sendmsg };
	int fds[2], inner[2], witness[2], got[64], n;
	struct rights r;

	h_witness(witness);
	h_pair(SEQPACKET, fds);
	h_pair(STREAM, inner);
	h_sendfds(inner[0], &witness[1], 1);
	CHECK_OK(rump_sys_close(witness[1]));
	for (n = 0; h_send(fds[0], big, 40000, DONTWAIT) != -1; n++)
		continue;
	while (h_send(fds[0], "", 0, DONTWAIT) != -1)
		n++;
	w.w_fd = fds[0];
	w.w_arg = h_rights(&r, &inner[1], 1);
	h_begin(&w);
	CHECK_EQUAL(w.w_done, 0);
	CHECK_OK(rump_sys_close(inner[1]));
	h_isalive(witness[0]);
	while (n-- > 0)
		CHECK(rump_sys_read(fds[1], big, sizeof(big)) >= 0);
	h_end(&w);
	CHECK_EQUAL(w.w_result, 1);
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 1);
	inner[1] = got[0];
	CHECK_EQUAL(h_recvfds(inner[1], got, 0), 1);
	CHECK_EQUAL(rump_sys_write(got[0], "x", 1), 1);
	CHECK_OK(rump_sys_close(got[0]));
	CHECK_EQUAL(rump_sys_read(witness[0], big, 10), 1);
	CHECK_OK(rump_sys_close(witness[0]));
	h_close2(inner);
	h_close2(fds);
}

/* The last descriptor goes just before or just after the ring is closed. */
static void
ring_by_a_call(void)
{
	struct waiter w = { .w_call = w_sendmsg };
	int fds[2], witness[2], n, i;
	struct rights r;

	for (i = 0; i < 10; i++) {
		h_witness(witness);
		h_pair(SEQPACKET, fds);
		for (n = 0; h_send(fds[0], "", 0, DONTWAIT) != -1; n++)
			continue;
		w.w_fd = fds[0];
		w.w_arg = h_rights(&r, (int[]){ fds[1], witness[1] }, 2);
		h_begin(&w);
		CHECK_EQUAL(w.w_done, 0);
		CHECK_OK(rump_sys_close(witness[1]));
		h_isalive(witness[0]);
		CHECK_EQUAL(rump_sys_read(fds[1], big, 10), 0);
		CHECK_EQUAL(rump_sys_read(fds[1], big, 10), 0);
		CHECK_OK(rump_sys_close(fds[1]));
		h_end(&w);
		CHECK_EQUAL(w.w_result, 1);
		h_isgone(witness[0]);
		CHECK_OK(rump_sys_close(fds[0]));
	}
}

#define	DEPTH	2000

static void *
close_chain(void *arg)
{
	int *fds = arg;

	if (rump_sys_close(fds[0]) != 0 || rump_sys_close(fds[1]) != 0)
		abort();
	return NULL;
}

/* Sockets in sockets in sockets: closed with no more than a small stack. */
static void
a_long_chain(void)
{
	int fds[2], witness[2], prev[2], i;
	pthread_attr_t attr;
	pthread_t thread;

	h_witness(witness);
	h_pair(STREAM, prev);
	h_sendfds(prev[0], &witness[1], 1);
	CHECK_OK(rump_sys_close(witness[1]));
	for (i = 0; i < DEPTH; i++) {
		h_pair(STREAM, fds);
		h_sendfds(fds[0], prev, 2);
		h_close2(prev);
		memcpy(prev, fds, sizeof(prev));
	}
	h_isalive(witness[0]);
	CHECK_EQUAL(pthread_attr_init(&attr), 0);
	CHECK_EQUAL(pthread_attr_setstacksize(&attr, 65536), 0);
	CHECK_EQUAL(pthread_create(&thread, &attr, close_chain, prev), 0);
	CHECK_EQUAL(pthread_join(thread, NULL), 0);
	h_isgone(witness[0]);
}

static void
too_many_on_their_way(void)
{
	struct rights r;
	int fds[2], full[64], i, n = 0, err = 0, many[64];

	for (i = 0; i < 64; i++) {
		full[i] = -1;
		many[i] = h_open("/", RUMP_O_RDONLY);
	}
	for (i = 0; i < 64 && err == 0; i++) {
		h_pair(STREAM, fds);
		while (rump_sys_sendmsg(fds[0], h_rights(&r, many, 64),
		    DONTWAIT) == 1)
			n += 64;
		err = rumpglue_errno() == RUMP_EAGAIN ? 0 : rumpglue_errno();
		full[i] = fds[1];
		CHECK_OK(rump_sys_close(fds[0]));
	}
	CHECK_EQUAL(err, RUMP_ETOOMANYREFS);
	CHECK(n > 8000 && n <= 16384);
	for (i = 0; i < 64; i++) {
		CHECK_OK(rump_sys_close(many[i]));
		if (full[i] != -1)
			CHECK_OK(rump_sys_close(full[i]));
	}
	h_pair(STREAM, fds);
	h_sendfds(fds[0], fds, 2);
	h_close2(fds);
}

/* To another process, which ends with what it did not take. */
static void
other_processes(void)
{
	struct lwp *parent = rump_pub_lwproc_curlwp(), *child;
	int fds[2], own[2], witness[2], got[64];

	h_witness(witness);
	h_pair(STREAM, fds);
	CHECK_EQUAL(rump_pub_lwproc_rfork(RUMP_RFFDG), 0);
	child = rump_pub_lwproc_curlwp();
	CHECK_OK(rump_sys_close(witness[0]));
	CHECK_OK(rump_sys_close(witness[1]));
	CHECK_OK(rump_sys_close(fds[0]));
	rump_pub_lwproc_switch(parent);
	CHECK_OK(rump_sys_close(fds[1]));
	h_sendfds(fds[0], &witness[1], 1);
	h_sendfds(fds[0], (int[]){ witness[1], fds[0] }, 2);
	CHECK_OK(rump_sys_close(witness[1]));
	rump_pub_lwproc_switch(child);
	CHECK_EQUAL(h_recvfds(fds[1], got, 0), 1);
	CHECK_EQUAL(rump_sys_write(got[0], "child", 5), 5);
	/* A ring of its own, and the end of the process. */
	h_pair(STREAM, own);
	h_sendfds(own[0], (int[]){ own[1], got[0] }, 2);
	rump_pub_lwproc_releaselwp();
	rump_pub_lwproc_switch(parent);
	CHECK_EQUAL(rump_sys_read(witness[0], big, 10), 5);
	CHECK_OK(rump_sys_close(fds[0]));
	h_isgone(witness[0]);
}

static const struct tap_case cases[] = {
	{ "names", names },
	{ "connecting", connecting },
	{ "accepting", accepting },
	{ "who the peer is", peers },
	{ "datagrams to names", datagrams },
	{ "datagrams from many", datagrams_from_many },
	{ "names that go and move", names_that_change },
	{ "descriptors in messages", passing },
	{ "descriptors between bytes", passing_between_bytes },
	{ "descriptors that are none", passing_wrongly },
	{ "rings of one and two", rings_of_one_and_two },
	{ "rings that are reached", rings_that_are_reached },
	{ "rings through a listener", rings_through_a_listener },
	{ "a ring under a call", ring_under_a_call },
	{ "a message in a call", message_in_a_call },
	{ "a ring by a call", ring_by_a_call },
	{ "a long chain", a_long_chain },
	{ "too many on their way", too_many_on_their_way },
	{ "other processes", other_processes },
};

RUN_KERNEL(cases)
