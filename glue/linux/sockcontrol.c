/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sockcontrol.c: control messages: descriptors that are sent through sockets
 * (SCM_RIGHTS), which are this layer's on one side and the kernel's on the other.
 *
 * There is one process, so credentials that it may send are known already: they
 * are checked and left out.
 */
#include "linux.h"
#include "socket.h"

#define	LINUX_CONTROL_MOST	4096U	/* bytes, from the program */

struct linux_control {
	struct linux_file *co_files[LINUX_SCM_MAX_FD];
	int co_nfiles;			/* with a reference each */
	union {
		struct rump_cmsghdr cmsg;
		uint8_t bytes[RUMP_CMSG_SPACE(LINUX_SCM_MAX_FD * sizeof(int))];
	} co_rump;
	uint32_t co_len;		/* of co_rump: what is there */
	uint8_t co_linux[LINUX_CONTROL_MOST] __attribute__((__aligned__(8)));
};

int
linux_control_room(struct linux_control **cop)
{
	struct linux_control *co;
	void *mem;

	if (rumpuser_malloc(sizeof(*co), 0, &mem) != 0)
		return -LINUX_ENOMEM;
	co = mem;
	co->co_nfiles = 0;
	co->co_len = sizeof(co->co_rump);
	*cop = co;
	return 0;
}

void
linux_control_free(struct linux_control *co)
{
	int i;

	if (co == NULL)
		return;
	for (i = 0; i < co->co_nfiles; i++)
		linux_file_put(co->co_files[i]);
	rumpuser_free(co, sizeof(*co));
}

void
linux_control_attach(struct linux_control *co, struct rump_msghdr *msg)
{

	msg->msg_control = co == NULL || co->co_len == 0 ? NULL :
	    co->co_rump.bytes;
	msg->msg_controllen = co == NULL ? 0 : co->co_len;
}

/* Files that only this layer knows cannot go through the kernel. */
static int
linux_control_add(struct linux_control *co, const uint8_t *data, size_t len)
{
	struct linux_file *f;
	size_t i;
	int fd;

	for (i = 0; i + sizeof(fd) <= len; i += sizeof(fd)) {
		memcpy(&fd, data + i, sizeof(fd));
		if (co->co_nfiles == LINUX_SCM_MAX_FD)
			return -LINUX_EINVAL;
		if ((f = linux_file_get(fd)) == NULL)
			return -LINUX_EBADF;
		co->co_files[co->co_nfiles++] = f;
		if (f->f_rumpfd == -1)
			return -LINUX_EINVAL;
	}
	return 0;
}

static int
linux_control_credentials(const uint8_t *data, size_t len)
{
	struct linux_ucred uc;

	if (len != sizeof(uc))
		return -LINUX_EINVAL;
	memcpy(&uc, data, sizeof(uc));
	return uc.pid == rump_sys_getpid() && uc.uid == rump_sys_getuid() &&
	    uc.gid == rump_sys_getgid() ? 0 : -LINUX_EPERM;
}

/* One message, at co_linux + at; how far the next one is. */
static long
linux_control_one(struct linux_control *co, size_t at, size_t len)
{
	struct linux_cmsghdr cmsg;
	const uint8_t *data = co->co_linux + at + sizeof(cmsg);
	size_t datalen;
	int error;

	memcpy(&cmsg, co->co_linux + at, sizeof(cmsg));
	if (cmsg.cmsg_len < sizeof(cmsg) || cmsg.cmsg_len > len - at)
		return -LINUX_EINVAL;
	datalen = cmsg.cmsg_len - sizeof(cmsg);
	if (cmsg.cmsg_level != LINUX_SOL_SOCKET)
		error = -LINUX_EINVAL;
	else if (cmsg.cmsg_type == LINUX_SCM_RIGHTS)
		error = linux_control_add(co, data, datalen);
	else if (cmsg.cmsg_type == LINUX_SCM_CREDENTIALS)
		error = linux_control_credentials(data, datalen);
	else
		error = -LINUX_EINVAL;
	return error != 0 ? error : (long)LINUX_CMSG_ALIGN(cmsg.cmsg_len);
}

/* The kernel takes one message with all descriptors. */
static void
linux_control_translate(struct linux_control *co)
{
	struct rump_cmsghdr *cmsg = &co->co_rump.cmsg;
	const size_t n = (size_t)co->co_nfiles;
	int *fds = (void *)RUMP_CMSG_DATA(cmsg);
	size_t i;

	co->co_len = n == 0 ? 0 : (uint32_t)RUMP_CMSG_SPACE(n * sizeof(int));
	memset(&co->co_rump, 0, co->co_len);
	cmsg->cmsg_len = (uint32_t)RUMP_CMSG_LEN(n * sizeof(int));
	cmsg->cmsg_level = RUMP_SOL_SOCKET;
	cmsg->cmsg_type = RUMP_SCM_RIGHTS;
	for (i = 0; i < n; i++)
		fds[i] = co->co_files[i]->f_rumpfd;
}

int
linux_control_in(uint64_t addr, uint64_t len, struct linux_control **cop)
{
	struct linux_control *co;
	long error, step;
	size_t at;

	if (len > LINUX_CONTROL_MOST)
		return -LINUX_ENOBUFS;
	error = linux_control_room(&co);
	if (error != 0)
		return (int)error;
	error = linux_user_in(co->co_linux, addr, len);
	for (at = 0; error == 0 && len - at >= sizeof(struct linux_cmsghdr);) {
		step = linux_control_one(co, at, len);
		if (step < 0)
			error = step;
		else
			at = (uint64_t)step < len - at ? at + (size_t)step :
			    len;
	}
	if (error != 0) {
		linux_control_free(co);
		return (int)error;
	}
	linux_control_translate(co);
	*cop = co;
	return 0;
}

/* How Linux would have opened it. */
static int
linux_right_flags(int rumpfd)
{
	const int rumpflags = rump_sys_fcntl(rumpfd, RUMP_F_GETFL, NULL);
	int flags = rumpflags & RUMP_O_ACCMODE;

	if (rumpflags & RUMP_O_NONBLOCK)
		flags |= LINUX_O_NONBLOCK;
	if (rumpflags & RUMP_O_APPEND)
		flags |= LINUX_O_APPEND;
	return flags;
}

/* What kind of socket came. */
static int
linux_right_socket(int rumpfd, int flags, struct linux_file **fp)
{
	struct rump_sockaddr_storage ss;
	uint32_t len = sizeof(int), sslen = sizeof(ss);
	int domain = LINUX_AF_INET, protocol = 0, type = LINUX_SOCK_STREAM;

	(void)rump_sys_getsockopt(rumpfd, RUMP_SOL_SOCKET, RUMP_SO_TYPE, &type,
	    &len);
	if (rump_sys_getsockname(rumpfd, (void *)&ss, &sslen) == 0)
		domain = linux_socket_domain(ss.ss_family);
	if (domain != LINUX_AF_UNIX && type == LINUX_SOCK_STREAM)
		protocol = LINUX_IPPROTO_TCP;
	else if (domain != LINUX_AF_UNIX && type == LINUX_SOCK_DGRAM)
		protocol = LINUX_IPPROTO_UDP;
	return linux_socket_create(rumpfd, flags, domain, type, protocol, fp);
}

/* A descriptor of the kernel's that came; it is used up. */
static int
linux_right_open(int rumpfd, struct linux_file **fp)
{
	const int flags = linux_right_flags(rumpfd);
	struct rump_stat st;

	if (rump_sys_fstat(rumpfd, &st) == -1)
		st.st_mode = 0;
	switch (st.st_mode & RUMP_S_IFMT) {
	case RUMP_S_IFSOCK:
		return linux_right_socket(rumpfd, flags, fp);
	case RUMP_S_IFREG:
	case RUMP_S_IFDIR:
	case RUMP_S_IFCHR:
	case RUMP_S_IFBLK:
		return linux_rumpfile_open(rumpfd, flags, fp);
	default:
		return linux_kernelfile_create(&linux_kernelfile_ops, rumpfd,
		    flags, fp);
	}
}

static int
linux_right_fd(int rumpfd, int cloexec)
{
	struct linux_file *f;
	int error, fd;

	error = linux_right_open(rumpfd, &f);
	if (error != 0)
		return error;
	fd = linux_fd_install(f, 0, cloexec);
	if (fd < 0)
		linux_file_put(f);
	return fd;
}

/* Those that there is room for; the others are closed. */
static uint64_t
linux_control_rights(const int *rumpfds, size_t n, uint64_t addr,
    uint64_t room, int cloexec, uint32_t *flags)
{
	struct linux_cmsghdr cmsg = { 0, LINUX_SOL_SOCKET, LINUX_SCM_RIGHTS };
	size_t done = 0, i;
	int fd;

	for (i = 0; i < n; i++) {
		fd = -1;
		if (done == i && room >= sizeof(cmsg) + (i + 1) * sizeof(fd) &&
		    linux_user_check(addr, sizeof(cmsg) + (i + 1) * sizeof(fd),
		    HOST_PROT_WRITE) == 0)
			fd = linux_right_fd(rumpfds[i], cloexec);
		else
			(void)rump_sys_close(rumpfds[i]);
		if (fd < 0)
			continue;
		(void)linux_user_out(addr + sizeof(cmsg) + i * sizeof(fd),
		    &fd, sizeof(fd));
		done++;
	}
	if (done < n)
		*flags |= LINUX_MSG_CTRUNC;
	if (done == 0)
		return 0;
	cmsg.cmsg_len = sizeof(cmsg) + done * sizeof(fd);
	(void)linux_user_out(addr, &cmsg, sizeof(cmsg));
	return LINUX_CMSG_ALIGN(cmsg.cmsg_len) < room ?
	    LINUX_CMSG_ALIGN(cmsg.cmsg_len) : room;
}

uint64_t
linux_control_out(struct linux_control *co, uint32_t len, uint64_t addr,
    uint64_t room, int cloexec, uint32_t *flags)
{
	const struct rump_cmsghdr *cmsg;
	uint64_t done = 0;
	uint32_t at = 0;

	while (len - at >= RUMP_CMSG_LEN(0)) {
		cmsg = (const void *)(co->co_rump.bytes + at);
		if (cmsg->cmsg_len < RUMP_CMSG_LEN(0) ||
		    cmsg->cmsg_len > len - at)
			break;
		if (cmsg->cmsg_level == RUMP_SOL_SOCKET &&
		    cmsg->cmsg_type == RUMP_SCM_RIGHTS)
			done += linux_control_rights(
			    (const void *)RUMP_CMSG_DATA(cmsg),
			    (cmsg->cmsg_len - RUMP_CMSG_LEN(0)) / sizeof(int),
			    addr + done, room - done, cloexec, flags);
		if (RUMP_CMSG_ALIGN(cmsg->cmsg_len) >= len - at)
			break;
		at += (uint32_t)RUMP_CMSG_ALIGN(cmsg->cmsg_len);
	}
	return done;
}
