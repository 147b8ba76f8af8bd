/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * socket.c: making, naming and connecting sockets.
 */
#include "linux.h"
#include "socket.h"

const struct linux_fileops linux_socket_ops = {
	.fo_read = linux_kernelfile_read,
	.fo_write = linux_kernelfile_write,
	.fo_stat = linux_kernelfile_stat,
	.fo_ioctl = linux_socket_ioctl,
	.fo_close = linux_kernelfile_close
};

long
linux_socket_get(int fd, struct linux_file **fp)
{
	struct linux_file *f;

	if ((f = linux_file_get(fd)) == NULL)
		return -LINUX_EBADF;
	if (f->f_type == 0) {
		linux_file_put(f);
		return -LINUX_ENOTSOCK;
	}
	*fp = f;
	return 0;
}

int
linux_socket_isinet(const struct linux_file *f)
{

	return f->f_domain == LINUX_AF_INET || f->f_domain == LINUX_AF_INET6;
}

int
linux_socket_create(int rumpfd, int flags, int domain, int type, int protocol,
    struct linux_file **fp)
{
	int error;

	error = linux_kernelfile_create(&linux_socket_ops, rumpfd, flags, fp);
	if (error != 0)
		return error;
	(*fp)->f_domain = domain;
	(*fp)->f_type = type;
	(*fp)->f_protocol = protocol;
	return 0;
}

/* The same with a descriptor.  flags: of Linux's socket(). */
static long
linux_socket_fd(int rumpfd, int flags, int domain, int type, int protocol)
{
	struct linux_file *f;
	int error, fd;

	error = linux_socket_create(rumpfd,
	    2 | (flags & LINUX_SOCK_NONBLOCK), domain, type, protocol, &f);
	if (error != 0)
		return error;
	fd = linux_fd_install(f, 0, (flags & LINUX_SOCK_CLOEXEC) != 0);
	if (fd < 0)
		linux_file_put(f);
	return fd;
}

/* What socket() asks for, checked, and what the kernel is asked for. */
struct linux_socket_args {
	int domain, type, protocol, flags;
	int rumpdomain, rumptype;
};

static int
linux_socket_inet_check(struct linux_socket_args *a)
{
	const int usual = a->type == LINUX_SOCK_STREAM ? LINUX_IPPROTO_TCP :
	    LINUX_IPPROTO_UDP;

	switch (a->type) {
	case LINUX_SOCK_STREAM:
	case LINUX_SOCK_DGRAM:
		if (a->protocol == 0)
			a->protocol = usual;
		return a->protocol == usual ? 0 : -LINUX_EPROTONOSUPPORT;
	case LINUX_SOCK_RAW:
		if (a->protocol == 0)
			return -LINUX_EPROTONOSUPPORT;
		return a->protocol < 0 || a->protocol > 255 ? -LINUX_EINVAL : 0;
	default:
		return -LINUX_ESOCKTNOSUPPORT;
	}
}

static int
linux_socket_check(struct linux_socket_args *a, int type)
{

	a->type = type & LINUX_SOCK_TYPE;
	a->flags = type & ~LINUX_SOCK_TYPE;
	if ((a->flags & ~(LINUX_SOCK_CLOEXEC | LINUX_SOCK_NONBLOCK)) != 0)
		return -LINUX_EINVAL;
	if (a->domain < 0 || a->domain >= LINUX_AF_MAX)
		return -LINUX_EAFNOSUPPORT;
	if (a->type >= LINUX_SOCK_MAX)
		return -LINUX_EINVAL;
	switch (a->domain) {
	case LINUX_AF_UNIX:
		a->rumpdomain = RUMP_AF_LOCAL;
		if (a->protocol != 0 && a->protocol != LINUX_AF_UNIX)
			return -LINUX_EPROTONOSUPPORT;
		if (a->type == LINUX_SOCK_RAW)
			a->type = LINUX_SOCK_DGRAM;
		a->protocol = 0;
		break;
	case LINUX_AF_INET:
	case LINUX_AF_INET6:
		a->rumpdomain = a->domain == LINUX_AF_INET ? RUMP_AF_INET :
		    RUMP_AF_INET6;
		return linux_socket_inet_check(a);
	default:
		return -LINUX_EAFNOSUPPORT;
	}
	return 0;
}

/* A component that the image does not have: said once for each. */
static int
linux_socket_missing(int domain)
{
	const int islocal = domain == LINUX_AF_UNIX;
	static int said[2];

	if (!said[islocal])
		rumpuser_dprintf("rumpkit: socket: the component %s is not in "
		    "the image\n", islocal ? "net/local" : "net/inet");
	said[islocal] = 1;
	return -LINUX_EAFNOSUPPORT;
}

static long
linux_socket_error(const struct linux_socket_args *a)
{
	const long error = linux_result(-1);

	if (error == -LINUX_EAFNOSUPPORT)
		return linux_socket_missing(a->domain);
	return error == -LINUX_EPROTOTYPE ? -LINUX_ESOCKTNOSUPPORT : error;
}

static int
linux_socket_rumpflags(int flags)
{

	return flags & LINUX_SOCK_NONBLOCK ? RUMP_SOCK_NONBLOCK : 0;
}

long
linux_sys_socket(struct linux_call *lc)
{
	struct linux_socket_args a = { .domain = (int)lc->lc_arg[0],
	    .protocol = (int)lc->lc_arg[2] };
	const int off = 0;
	int error, fd;

	error = linux_socket_check(&a, (int)lc->lc_arg[1]);
	if (error != 0)
		return error;
	if (rump_sys_socket == NULL)
		return linux_socket_missing(a.domain);
	fd = rump_sys_socket(a.rumpdomain, a.type |
	    linux_socket_rumpflags(a.flags), a.protocol);
	if (fd == -1)
		return linux_socket_error(&a);
	/* On Linux one socket serves both kinds of addresses. */
	if (a.domain == LINUX_AF_INET6)
		(void)rump_sys_setsockopt(fd, RUMP_IPPROTO_IPV6,
		    RUMP_IPV6_V6ONLY, &off, sizeof(off));
	return linux_socket_fd(fd, a.flags, a.domain, a.type, a.protocol);
}

long
linux_sys_socketpair(struct linux_call *lc)
{
	struct linux_socket_args a = { .domain = (int)lc->lc_arg[0],
	    .protocol = (int)lc->lc_arg[2] };
	int error, fds[2], rumpfds[2];
	long fd;

	error = linux_socket_check(&a, (int)lc->lc_arg[1]);
	if (error == 0)
		error = linux_user_check(lc->lc_arg[3], sizeof(fds),
		    HOST_PROT_WRITE);
	if (error != 0)
		return error;
	if (rump_sys_socketpair == NULL)
		return linux_socket_missing(a.domain);
	if (rump_sys_socketpair(a.rumpdomain, a.type |
	    linux_socket_rumpflags(a.flags), a.protocol, rumpfds) == -1)
		return linux_socket_error(&a);
	fd = linux_socket_fd(rumpfds[0], a.flags, a.domain, a.type,
	    a.protocol);
	if (fd < 0) {
		(void)rump_sys_close(rumpfds[1]);
		return fd;
	}
	fds[0] = (int)fd;
	fd = linux_socket_fd(rumpfds[1], a.flags, a.domain, a.type,
	    a.protocol);
	if (fd < 0) {
		(void)linux_fd_close(fds[0]);
		return fd;
	}
	fds[1] = (int)fd;
	return linux_user_out(lc->lc_arg[3], fds, sizeof(fds));
}

/*
 * A datagram socket that forgets its peer.  The kernel does so and then has no
 * such family to connect to.
 */
static long
linux_connect_unspec(struct linux_file *f, long result)
{

	return f->f_type == LINUX_SOCK_DGRAM &&
	    (result == -LINUX_EAFNOSUPPORT || result == -LINUX_EINVAL) ? 0 :
	    result;
}

/* Calls with an address that goes in. */
static long
linux_socket_name(struct linux_call *lc,
    int (*call)(int, const struct rump_sockaddr *, uint32_t))
{
	struct rump_sockaddr_storage ss;
	const struct rump_sockaddr *sa = (const void *)&ss;
	struct linux_file *f;
	uint32_t len;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_sockaddr_in(lc->lc_arg[1], (uint32_t)lc->lc_arg[2], &ss,
	    &len);
	if (result == 0) {
		result = linux_result(call(f->f_rumpfd, sa, len));
		if (call == rump_sys_connect &&
		    ss.ss_family == RUMP_AF_UNSPEC)
			result = linux_connect_unspec(f, result);
	}
	linux_file_put(f);
	return result;
}

long
linux_sys_bind(struct linux_call *lc)
{

	return linux_socket_name(lc, rump_sys_bind);
}

long
linux_sys_connect(struct linux_call *lc)
{

	return linux_socket_name(lc, rump_sys_connect);
}

/* Linux takes a negative number for a large one. */
long
linux_sys_listen(struct linux_call *lc)
{
	const int backlog = (int)lc->lc_arg[1];
	struct linux_file *f;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_result(rump_sys_listen(f->f_rumpfd,
	    backlog < 0 ? INT32_MAX : backlog));
	linux_file_put(f);
	return result;
}

static long
linux_accept(struct linux_file *f, uint64_t addr, uint64_t lenp, int flags)
{
	struct rump_sockaddr_storage ss;
	uint32_t len = sizeof(ss);
	long fd, error = 0;
	int rumpfd;

	if ((flags & ~(LINUX_SOCK_CLOEXEC | LINUX_SOCK_NONBLOCK)) != 0)
		return -LINUX_EINVAL;
	if (addr != 0)
		error = linux_sockaddr_room(addr, lenp);
	if (error != 0)
		return error;
	if (f->f_type == LINUX_SOCK_DGRAM || f->f_type == LINUX_SOCK_RAW)
		return -LINUX_EOPNOTSUPP;
	rumpfd = rump_sys_paccept(f->f_rumpfd, (void *)&ss, &len, NULL,
	    linux_socket_rumpflags(flags));
	if (rumpfd == -1)
		return linux_result(-1);
	fd = linux_socket_fd(rumpfd, flags, f->f_domain, f->f_type,
	    f->f_protocol);
	if (fd >= 0 && addr != 0) {
		error = linux_sockaddr_out(&ss, len, addr, lenp);
		if (error != 0) {
			(void)linux_fd_close((int)fd);
			return error;
		}
	}
	return fd;
}

static long
linux_accept_fd(struct linux_call *lc, int flags)
{
	struct linux_file *f;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_accept(f, lc->lc_arg[1], lc->lc_arg[2], flags);
	linux_file_put(f);
	return result;
}

long
linux_sys_accept(struct linux_call *lc)
{

	return linux_accept_fd(lc, 0);
}

long
linux_sys_accept4(struct linux_call *lc)
{

	return linux_accept_fd(lc, (int)lc->lc_arg[3]);
}

long
linux_sys_shutdown(struct linux_call *lc)
{
	struct linux_file *f;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_result(rump_sys_shutdown(f->f_rumpfd,
	    (int)lc->lc_arg[1]));
	linux_file_put(f);
	return result;
}

/* Calls with an address that comes out. */
static long
linux_socket_getname(struct linux_call *lc,
    int (*call)(int, struct rump_sockaddr *, uint32_t *))
{
	struct rump_sockaddr_storage ss;
	uint32_t len = sizeof(ss);
	struct linux_file *f;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_result(call(f->f_rumpfd, (void *)&ss, &len));
	linux_file_put(f);
	return result != 0 ? result : linux_sockaddr_out(&ss, len,
	    lc->lc_arg[1], lc->lc_arg[2]);
}

long
linux_sys_getsockname(struct linux_call *lc)
{

	return linux_socket_getname(lc, rump_sys_getsockname);
}

long
linux_sys_getpeername(struct linux_call *lc)
{

	return linux_socket_getname(lc, rump_sys_getpeername);
}
