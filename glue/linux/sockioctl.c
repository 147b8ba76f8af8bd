/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sockioctl.c: ioctl of sockets.
 */
#include "linux.h"
#include "socket.h"

#define	LINUX_DATAGRAM_MOST	65536UL

/* Bytes of a stream, but of datagrams those of the first. */
static long
linux_socket_readable(struct linux_file *f, int *n)
{
	struct rump_iovec iov = { NULL, LINUX_DATAGRAM_MOST };
	struct rump_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	long got;

	if (f->f_type != LINUX_SOCK_DGRAM)
		return linux_result(rump_sys_ioctl(f->f_rumpfd, RUMP_FIONREAD,
		    n));
	if (rumpuser_malloc(iov.iov_len, 0, &iov.iov_base) != 0)
		return -LINUX_ENOMEM;
	got = rump_sys_recvmsg(f->f_rumpfd, &msg,
	    RUMP_MSG_PEEK | RUMP_MSG_DONTWAIT);
	rumpuser_free(iov.iov_base, LINUX_DATAGRAM_MOST);
	*n = got < 0 ? 0 : (int)got;
	return 0;
}

long
linux_socket_ioctl(struct linux_file *f, uint32_t cmd, uint64_t arg)
{
	long error;
	int n;

	if (cmd != LINUX_FIONREAD)
		return -LINUX_ENOTTY;
	error = linux_socket_readable(f, &n);
	return error != 0 ? error : linux_user_out(arg, &n, sizeof(n));
}
