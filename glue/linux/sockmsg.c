/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sockmsg.c: send and recv in all their forms.  All become the kernel's sendmsg and
 * recvmsg, on the program's own memory.
 */
#include "linux.h"
#include "socket.h"

#define	LINUX_IOV_SMALL		8	/* buffers on the stack */
#define	LINUX_MMSG_MOST		1024U
#define	LINUX_RECV_MOST		(1024UL * 1024)	/* checked in one go */
#define	LINUX_DATAGRAM_MOST	65536UL

static const struct {
	int linux_flag;
	int rump_flag;
} linux_msg_flags[] = {
	{ LINUX_MSG_OOB, RUMP_MSG_OOB },
	{ LINUX_MSG_PEEK, RUMP_MSG_PEEK },
	{ LINUX_MSG_DONTROUTE, RUMP_MSG_DONTROUTE },
	{ LINUX_MSG_CTRUNC, RUMP_MSG_CTRUNC },
	{ LINUX_MSG_TRUNC, RUMP_MSG_TRUNC },
	{ LINUX_MSG_DONTWAIT, RUMP_MSG_DONTWAIT },
	{ LINUX_MSG_WAITALL, RUMP_MSG_WAITALL },
	{ LINUX_MSG_NOSIGNAL, RUMP_MSG_NOSIGNAL },
	{ LINUX_MSG_CMSG_CLOEXEC, RUMP_MSG_CMSG_CLOEXEC }
};

static int
linux_msg_to_rump(uint32_t flags)
{
	int rumpflags = 0;
	size_t i;

	for (i = 0; i < LINUX_NELEM(linux_msg_flags); i++) {
		if (flags & (uint32_t)linux_msg_flags[i].linux_flag)
			rumpflags |= linux_msg_flags[i].rump_flag;
	}
	return rumpflags;
}

static uint32_t
linux_msg_from_rump(int rumpflags)
{
	const int out = RUMP_MSG_CTRUNC | RUMP_MSG_TRUNC | RUMP_MSG_OOB;
	uint32_t flags = 0;
	size_t i;

	for (i = 0; i < LINUX_NELEM(linux_msg_flags); i++) {
		if (rumpflags & out & linux_msg_flags[i].rump_flag)
			flags |= (uint32_t)linux_msg_flags[i].linux_flag;
	}
	return flags;
}

/* A call on its way: the kernel's view of it, and what belongs to it. */
struct linux_message {
	struct rump_msghdr m_rump;
	struct rump_sockaddr_storage m_name;
	struct linux_control *m_control;
	struct rump_iovec m_small[LINUX_IOV_SMALL];
	size_t m_iovbytes;		/* of memory for more buffers */
};

static void
linux_message_free(struct linux_message *m)
{

	linux_control_free(m->m_control);
	if (m->m_iovbytes != 0)
		rumpuser_free(m->m_rump.msg_iov, m->m_iovbytes);
}

/* A copy of the vector, whose buffers are checked; a stream's need not be whole. */
static long
linux_message_iov(struct linux_message *m, uint64_t addr, uint64_t n, int prot,
    size_t most)
{
	struct rump_iovec *iov = m->m_small;
	size_t left = most;
	uint64_t i;
	void *mem;
	int error;

	if (n > LINUX_IOV_MAX)
		return -LINUX_EMSGSIZE;
	if (n > LINUX_IOV_SMALL) {
		if (rumpuser_malloc(n * sizeof(*iov), 0, &mem) != 0)
			return -LINUX_ENOMEM;
		iov = mem;
		m->m_iovbytes = n * sizeof(*iov);
	}
	m->m_rump.msg_iov = iov;
	m->m_rump.msg_iovlen = (int32_t)n;
	error = linux_user_in(iov, addr, n * sizeof(*iov));
	for (i = 0; i < n && error == 0; i++) {
		if (iov[i].iov_len > INT64_MAX)
			return -LINUX_EINVAL;
		if (iov[i].iov_len > left)
			iov[i].iov_len = left;
		left -= iov[i].iov_len;
		error = linux_user_check((uint64_t)iov[i].iov_base,
		    iov[i].iov_len, prot);
	}
	return error;
}

/* What a send gives, and the signal that it may have for the program. */
static long
linux_send_result(struct linux_file *f, long result, uint32_t flags)
{

	if (result == -LINUX_ENOTCONN && linux_socket_isinet(f) &&
	    f->f_type == LINUX_SOCK_STREAM)
		result = -LINUX_EPIPE;
	if (result == -LINUX_EPIPE && (flags & LINUX_MSG_NOSIGNAL) == 0)
		linux_pipe_broken(f);
	return result;
}

static long
linux_send_check(const struct linux_file *f, uint32_t flags)
{

	if (flags & LINUX_MSG_FASTOPEN)
		return -LINUX_EOPNOTSUPP;
	/* Of a stream more may always come; datagrams cannot be joined. */
	if ((flags & LINUX_MSG_MORE) && f->f_type != LINUX_SOCK_STREAM)
		return -LINUX_EOPNOTSUPP;
	return 0;
}

/* One message; name, vector and control are the program's. */
static long
linux_sendmsg(struct linux_file *f, const struct linux_msghdr *msg,
    uint32_t flags)
{
	struct linux_message m = { .m_control = NULL };
	long result;

	result = linux_send_check(f, flags);
	if (result == 0)
		result = linux_message_iov(&m, msg->msg_iov, msg->msg_iovlen,
		    HOST_PROT_READ, LINUX_RW_MAX);
	if (result == 0 && msg->msg_name != 0 && msg->msg_namelen != 0) {
		result = linux_sockaddr_in(msg->msg_name, msg->msg_namelen,
		    &m.m_name, &m.m_rump.msg_namelen);
		m.m_rump.msg_name = &m.m_name;
	}
	if (result == 0 && msg->msg_control != 0 && msg->msg_controllen != 0)
		result = linux_control_in(msg->msg_control,
		    msg->msg_controllen, &m.m_control);
	if (result == 0) {
		linux_control_attach(m.m_control, &m.m_rump);
		result = linux_result(rump_sys_sendmsg(f->f_rumpfd, &m.m_rump,
		    linux_msg_to_rump(flags)));
		result = linux_send_result(f, result, flags);
	}
	linux_message_free(&m);
	return result;
}

long
linux_sys_sendto(struct linux_call *lc)
{
	const uint64_t len = lc->lc_arg[2] < LINUX_RW_MAX ? lc->lc_arg[2] :
	    LINUX_RW_MAX;
	struct rump_iovec iov = { (void *)lc->lc_arg[1], len };
	struct rump_sockaddr_storage ss;
	struct rump_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	const uint32_t flags = (uint32_t)lc->lc_arg[3];
	struct linux_file *f;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_send_check(f, flags);
	if (result == 0)
		result = linux_user_check(lc->lc_arg[1], len, HOST_PROT_READ);
	if (result == 0 && lc->lc_arg[4] != 0) {
		msg.msg_name = &ss;
		result = linux_sockaddr_in(lc->lc_arg[4],
		    (uint32_t)lc->lc_arg[5], &ss, &msg.msg_namelen);
	}
	if (result == 0)
		result = linux_send_result(f,
		    linux_result(rump_sys_sendmsg(f->f_rumpfd, &msg,
		    linux_msg_to_rump(flags))), flags);
	linux_file_put(f);
	return result;
}

long
linux_sys_sendmsg(struct linux_call *lc)
{
	struct linux_msghdr msg;
	struct linux_file *f;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_user_in(&msg, lc->lc_arg[1], sizeof(msg));
	if (result == 0)
		result = linux_sendmsg(f, &msg, (uint32_t)lc->lc_arg[2]);
	linux_file_put(f);
	return result;
}

long
linux_sys_sendmmsg(struct linux_call *lc)
{
	const uint64_t at = lc->lc_arg[1];
	struct linux_mmsghdr msg;
	struct linux_file *f;
	uint32_t i, n = (uint32_t)lc->lc_arg[2];
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	n = n < LINUX_MMSG_MOST ? n : LINUX_MMSG_MOST;
	for (i = 0; i < n && result >= 0; i++) {
		result = linux_user_in(&msg, at + i * sizeof(msg),
		    sizeof(msg));
		if (result == 0)
			result = linux_sendmsg(f, &msg.msg_hdr,
			    (uint32_t)lc->lc_arg[3]);
		if (result < 0)
			break;
		msg.msg_len = (uint32_t)result;
		result = linux_user_out(at + i * sizeof(msg) +
		    offsetof(struct linux_mmsghdr, msg_len), &msg.msg_len,
		    sizeof(msg.msg_len));
	}
	linux_file_put(f);
	return i != 0 ? (long)i : result;
}

/*
 * MSG_TRUNC asks for the real length of a message, or throws bytes of a stream
 * away: all of it goes to a buffer of this layer.
 */
static long
linux_recv_whole(struct linux_file *f, struct rump_msghdr *msg, int rumpflags)
{
	struct rump_iovec *iov = msg->msg_iov, whole;
	const int32_t niov = msg->msg_iovlen;
	size_t done = 0, n, want = 0;
	int32_t i;
	long got;
	void *buf;

	for (i = 0; i < niov; i++)
		want += iov[i].iov_len;
	if (rumpuser_malloc(LINUX_DATAGRAM_MOST, 0, &buf) != 0)
		return -LINUX_ENOMEM;
	whole = (struct rump_iovec){ buf, LINUX_DATAGRAM_MOST };
	if (f->f_type == LINUX_SOCK_STREAM && want < LINUX_DATAGRAM_MOST)
		whole.iov_len = want;
	msg->msg_iov = &whole;
	msg->msg_iovlen = 1;
	got = linux_result(rump_sys_recvmsg(f->f_rumpfd, msg, rumpflags));
	msg->msg_iov = iov;
	msg->msg_iovlen = niov;
	for (i = 0; got >= 0 && f->f_type != LINUX_SOCK_STREAM && i < niov;
	    i++) {
		n = (size_t)got - done < iov[i].iov_len ? (size_t)got - done :
		    iov[i].iov_len;
		if (linux_user_out((uint64_t)iov[i].iov_base,
		    (char *)buf + done, n) != 0)
			break;
		done += n;
	}
	if (got >= 0 && (size_t)got > want)
		msg->msg_flags |= RUMP_MSG_TRUNC;
	rumpuser_free(buf, LINUX_DATAGRAM_MOST);
	return got;
}

static long
linux_recv(struct linux_file *f, struct rump_msghdr *msg, uint32_t flags)
{
	const int rumpflags = linux_msg_to_rump(flags &
	    ~(uint32_t)(LINUX_MSG_TRUNC | LINUX_MSG_CTRUNC));
	long result;

	/* Nothing is ever put there, and there are no urgent bytes. */
	if (flags & LINUX_MSG_ERRQUEUE)
		return -LINUX_EAGAIN;
	if (flags & LINUX_MSG_OOB)
		return linux_socket_isinet(f) ? -LINUX_EINVAL :
		    -LINUX_EOPNOTSUPP;
	result = flags & LINUX_MSG_TRUNC ?
	    linux_recv_whole(f, msg, rumpflags) :
	    linux_result(rump_sys_recvmsg(f->f_rumpfd, msg, rumpflags));
	if (result == -LINUX_ENOTCONN && f->f_domain == LINUX_AF_UNIX)
		result = -LINUX_EINVAL;
	return result;
}

/* Of a sender without a name Linux says nothing, not even its family. */
static uint32_t
linux_recv_namelen(const struct rump_sockaddr_storage *ss, uint32_t len)
{

	return ss->ss_family == RUMP_AF_LOCAL &&
	    len <= offsetof(struct rump_sockaddr_un, sun_path) ? 0 : len;
}

/* With WAITALL all of it has to be there; else a part will do. */
static size_t
linux_recv_most(const struct linux_file *f, uint32_t flags)
{

	return f->f_type == LINUX_SOCK_STREAM &&
	    (flags & LINUX_MSG_WAITALL) == 0 ? LINUX_RECV_MOST : LINUX_RW_MAX;
}

/* msg_namelen, msg_controllen and msg_flags are set. */
static long
linux_recvmsg(struct linux_file *f, struct linux_msghdr *msg, uint32_t flags)
{
	struct linux_message m = { .m_control = NULL };
	union linux_sockaddr sa;
	uint32_t len;
	long result;

	if ((int32_t)msg->msg_namelen < 0)
		return -LINUX_EINVAL;
	result = linux_message_iov(&m, msg->msg_iov, msg->msg_iovlen,
	    HOST_PROT_WRITE, linux_recv_most(f, flags));
	if (result == 0 && msg->msg_name != 0)
		result = linux_user_check(msg->msg_name,
		    msg->msg_namelen < sizeof(sa) ? msg->msg_namelen :
		    sizeof(sa), HOST_PROT_WRITE);
	if (result == 0 && msg->msg_control != 0 && msg->msg_controllen != 0) {
		result = linux_user_check(msg->msg_control,
		    msg->msg_controllen < LINUX_DATAGRAM_MOST ?
		    msg->msg_controllen : LINUX_DATAGRAM_MOST,
		    HOST_PROT_WRITE);
		if (result == 0)
			result = linux_control_room(&m.m_control);
	}
	if (result == 0) {
		m.m_rump.msg_name = &m.m_name;
		m.m_rump.msg_namelen = sizeof(m.m_name);
		linux_control_attach(m.m_control, &m.m_rump);
		result = linux_recv(f, &m.m_rump, flags);
	}
	if (result >= 0) {
		msg->msg_flags = linux_msg_from_rump(m.m_rump.msg_flags) |
		    (flags & LINUX_MSG_CMSG_CLOEXEC);
		len = linux_recv_namelen(&m.m_name, m.m_rump.msg_namelen);
		len = linux_sockaddr_from(&m.m_name, len, &sa);
		if (msg->msg_name != 0)
			(void)linux_user_out(msg->msg_name, &sa,
			    len < msg->msg_namelen ? len : msg->msg_namelen);
		msg->msg_namelen = len;
		msg->msg_controllen = m.m_control == NULL ? 0 :
		    linux_control_out(m.m_control, m.m_rump.msg_controllen,
		    msg->msg_control, msg->msg_controllen,
		    (flags & LINUX_MSG_CMSG_CLOEXEC) != 0, &msg->msg_flags);
	}
	linux_message_free(&m);
	return result;
}

long
linux_sys_recvfrom(struct linux_call *lc)
{
	struct rump_sockaddr_storage ss;
	struct rump_msghdr msg = { .msg_name = &ss, .msg_iovlen = 1 };
	const uint32_t flags = (uint32_t)lc->lc_arg[3];
	const uint64_t from = lc->lc_arg[4];
	struct rump_iovec iov = { (void *)lc->lc_arg[1], lc->lc_arg[2] };
	struct linux_file *f;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	if (iov.iov_len > linux_recv_most(f, flags))
		iov.iov_len = linux_recv_most(f, flags);
	msg.msg_iov = &iov;
	msg.msg_namelen = sizeof(ss);
	result = linux_user_check(lc->lc_arg[1], iov.iov_len,
	    HOST_PROT_WRITE);
	if (result == 0 && from != 0)
		result = linux_sockaddr_room(from, lc->lc_arg[5]);
	if (result == 0)
		result = linux_recv(f, &msg, flags);
	linux_file_put(f);
	if (result >= 0 && from != 0 && linux_sockaddr_out(&ss,
	    linux_recv_namelen(&ss, msg.msg_namelen), from, lc->lc_arg[5]) !=
	    0)
		result = -LINUX_EFAULT;
	return result;
}

/* The header is checked before anything is taken from the socket. */
static long
linux_recvmsg_user(struct linux_file *f, uint64_t addr, uint32_t flags)
{
	struct linux_msghdr msg;
	long result;

	result = linux_user_check(addr, sizeof(msg),
	    HOST_PROT_READ | HOST_PROT_WRITE);
	if (result != 0)
		return result;
	memcpy(&msg, (const void *)addr, sizeof(msg));
	result = linux_recvmsg(f, &msg, flags);
	if (result >= 0 && linux_user_out(addr, &msg, sizeof(msg)) != 0)
		result = -LINUX_EFAULT;
	return result;
}

long
linux_sys_recvmsg(struct linux_call *lc)
{
	struct linux_file *f;
	long result;

	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_recvmsg_user(f, lc->lc_arg[1], (uint32_t)lc->lc_arg[2]);
	linux_file_put(f);
	return result;
}

/* The time limit is looked at after each message, as on Linux. */
static long
linux_recvmmsg(struct linux_file *f, uint64_t at, uint32_t n, uint32_t flags,
    int64_t deadline)
{
	const uint64_t lenat = offsetof(struct linux_mmsghdr, msg_len);
	uint32_t i, len;
	long result = 0;

	n = n < LINUX_MMSG_MOST ? n : LINUX_MMSG_MOST;
	for (i = 0; i < n; i++) {
		result = linux_user_check(at + lenat, sizeof(len),
		    HOST_PROT_WRITE);
		if (result == 0)
			result = linux_recvmsg_user(f, at,
			    flags & ~(uint32_t)LINUX_MSG_WAITFORONE);
		if (result < 0)
			break;
		len = (uint32_t)result;
		if (linux_user_out(at + lenat, &len, sizeof(len)) != 0)
			break;
		if (flags & LINUX_MSG_WAITFORONE)
			flags |= LINUX_MSG_DONTWAIT;
		at += sizeof(struct linux_mmsghdr);
		if (deadline != 0 && linux_monotonic() >= deadline) {
			i++;
			break;
		}
	}
	return i != 0 ? (long)i : result;
}

long
linux_sys_recvmmsg(struct linux_call *lc)
{
	struct linux_timespec ts = { 0, 0 };
	int64_t deadline = 0;
	struct linux_file *f;
	long result;

	if (lc->lc_arg[4] != 0) {
		result = linux_user_in(&ts, lc->lc_arg[4], sizeof(ts));
		if (result != 0)
			return result;
		if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= LINUX_NSEC)
			return -LINUX_EINVAL;
		if (ts.tv_sec < INT32_MAX)
			deadline = linux_monotonic() + ts.tv_sec *
			    LINUX_NSEC + ts.tv_nsec;
	}
	result = linux_socket_get((int)lc->lc_arg[0], &f);
	if (result != 0)
		return result;
	result = linux_recvmmsg(f, lc->lc_arg[1], (uint32_t)lc->lc_arg[2],
	    (uint32_t)lc->lc_arg[3], deadline);
	linux_file_put(f);
	return result;
}
