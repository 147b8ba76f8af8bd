/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uipc_syscalls_data.c: system calls that move bytes through sockets (send(2),
 * recv(2), sendmmsg(2), recvmmsg(2)).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/socketvar.h>
#include <sys/uio.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "net_private.h"

#define	CONTROL_MOST	4096		/* bytes of control messages of a call */
#define	MMSG_MOST	1024		/* messages of a call */

/* Makes a transfer of the caller's vector; iov is small or to be freed. */
static int
uio_of(const struct rump_msghdr *msg, enum uio_rw rw, struct iovec *small,
    struct uio *uio)
{
	struct iovec *iov = small;
	int i, n = msg->msg_iovlen;

	if (n < 0 || n > UIO_MAXIOV)
		return (EMSGSIZE);
	if (n != 0 && msg->msg_iov == NULL)
		return (EFAULT);
	uio->uio_resid = 0;
	for (i = 0; i < n; i++) {
		const struct rump_iovec *v = &msg->msg_iov[i];

		if (v->iov_len > SSIZE_MAX - uio->uio_resid)
			return (EINVAL);
		if (v->iov_len != 0 && v->iov_base == NULL)
			return (EFAULT);
		uio->uio_resid += v->iov_len;
	}
	if (n > UIO_SMALLIOV)
		iov = malloc((size_t)n * sizeof(*iov), M_IOV, M_WAITOK);
	if (n != 0)
		memcpy(iov, msg->msg_iov, (size_t)n * sizeof(*iov));
	uio->uio_iov = iov;
	uio->uio_iovcnt = n;
	uio->uio_rw = rw;
	uio->uio_segflg = UIO_USERSPACE;
	uio->uio_procp = curproc;
	return (0);
}

/* The caller's control messages as an mbuf; the domain looks into it. */
static int
control_of(struct socket *so, const struct rump_msghdr *msg,
    struct mbuf **control)
{
	struct mbuf *m;
	int error;

	*control = NULL;
	if (msg->msg_control == NULL || msg->msg_controllen == 0)
		return (0);
	if (msg->msg_controllen < sizeof(struct rump_cmsghdr) ||
	    msg->msg_controllen > CONTROL_MOST)
		return (EINVAL);
	if ((m = m_get(msg->msg_controllen, MT_CONTROL)) == NULL)
		return (ENOBUFS);
	memcpy(m->m_data, msg->msg_control, msg->msg_controllen);
	m->m_len = msg->msg_controllen;
	if (so->so_domain->dom_internalize != NULL && (error =
	    so->so_domain->dom_internalize(&m, curproc)) != 0) {
		m_freem(m);
		return (error);
	}
	*control = m;
	return (0);
}

static int
do_sendmsg(int fd, const struct rump_msghdr *msg, int flags, ssize_t *rv)
{
	struct iovec small[UIO_SMALLIOV], *iov;
	struct proc *p = curproc;
	struct sockaddr_storage ss;
	struct mbuf *control = NULL;
	struct socket *so;
	struct file *fp;
	struct uio uio;
	size_t all;
	int error, hasname;

	if (msg == NULL)
		return (EFAULT);
	if ((error = getsock(p, fd, &fp, &so)) != 0)
		return (error);
	if ((error = uio_of(msg, UIO_WRITE, small, &uio)) != 0)
		goto out_file;
	iov = uio.uio_iov;
	hasname = msg->msg_name != NULL && msg->msg_namelen != 0;
	if (hasname && (error = net_getname(&ss, msg->msg_name,
	    msg->msg_namelen)) != 0)
		goto out_iov;
	if ((error = control_of(so, msg, &control)) != 0)
		goto out_iov;
	if (fp->f_flag & FNONBLOCK)
		flags |= RUMP_MSG_DONTWAIT;
	all = uio.uio_resid;
	error = sosend(so, hasname ? (const struct sockaddr *)(void *)&ss :
	    NULL, &uio, control, flags, p);
	*rv = (ssize_t)(all - uio.uio_resid);
	/* Of a stream what was taken counts; the next call will tell. */
	if (error != 0 && *rv > 0 &&
	    (so->so_proto->pr_flags & PR_ATOMIC) == 0)
		error = 0;
out_iov:
	if (iov != small)
		free(iov, M_IOV);
out_file:
	(void)frele(fp, p);
	return (error);
}

ssize_t
rump_sys_sendmsg(int fd, const struct rump_msghdr *msg, int flags)
{

	SYSCALL_RESULT(ssize_t, rv, do_sendmsg(fd, msg, flags, &rv));
}

ssize_t
rump_sys_sendto(int fd, const void *buf, size_t len, int flags,
    const struct rump_sockaddr *to, uint32_t tolen)
{
	struct rump_iovec iov = { (void *)(uintptr_t)buf, len };
	struct rump_msghdr msg = { .msg_name = (void *)(uintptr_t)to,
	    .msg_namelen = tolen, .msg_iov = &iov, .msg_iovlen = 1 };

	SYSCALL_RESULT(ssize_t, rv, do_sendmsg(fd, &msg, flags, &rv));
}

/*
 * Control messages to the caller: those that fit; whole messages only.  The last
 * one need not be padded.
 */
static void
put_control(struct mbuf *control, struct domain *dom, struct rump_msghdr *msg,
    int *flags)
{
	uint32_t room = msg->msg_control == NULL ? 0 : msg->msg_controllen;
	char *to = msg->msg_control;
	struct mbuf *m, *next;
	uint32_t n;

	msg->msg_controllen = 0;
	for (m = control; m != NULL; m = next) {
		next = m->m_next;
		m->m_next = NULL;
		if (m->m_len <= room) {
			n = MIN((uint32_t)RUMP_CMSG_ALIGN(m->m_len), room);
			memset(to, 0, n);
			memcpy(to, m->m_data, m->m_len);
			to += n;
			room -= n;
			msg->msg_controllen += n;
		} else {
			*flags |= RUMP_MSG_CTRUNC;
			if (dom->dom_unexternalize != NULL)
				dom->dom_unexternalize(m, curproc);
		}
		(void)m_free(m);
	}
}

static int
do_recvmsg(int fd, struct rump_msghdr *msg, int flags, ssize_t *rv)
{
	struct iovec small[UIO_SMALLIOV], *iov;
	struct mbuf *from = NULL, *control = NULL;
	struct proc *p = curproc;
	struct socket *so;
	struct file *fp;
	struct uio uio;
	size_t all;
	int error;

	if (msg == NULL)
		return (EFAULT);
	if ((error = getsock(p, fd, &fp, &so)) != 0)
		return (error);
	if ((error = uio_of(msg, UIO_READ, small, &uio)) != 0)
		goto out_file;
	iov = uio.uio_iov;
	/* These only come out. */
	flags &= ~(RUMP_MSG_EOR | RUMP_MSG_TRUNC | RUMP_MSG_CTRUNC);
	if (fp->f_flag & FNONBLOCK)
		flags |= RUMP_MSG_DONTWAIT;
	all = uio.uio_resid;
	error = soreceive(so, msg->msg_name != NULL ? &from : NULL, &uio,
	    &control, &flags, p);
	*rv = (ssize_t)(all - uio.uio_resid);
	if (error != 0 && *rv > 0 &&
	    (so->so_proto->pr_flags & PR_ATOMIC) == 0)
		error = 0;
	if (error == 0) {
		msg->msg_flags = flags & (RUMP_MSG_EOR | RUMP_MSG_TRUNC);
		if (msg->msg_name != NULL) {
			uint32_t room = msg->msg_namelen;

			msg->msg_namelen = from == NULL ? 0 : from->m_len;
			if (from != NULL)
				memcpy(msg->msg_name, from->m_data,
				    MIN(room, from->m_len));
		}
		put_control(control, so->so_domain, msg, &msg->msg_flags);
	} else if (control != NULL) {
		struct rump_msghdr none = { .msg_control = NULL };

		put_control(control, so->so_domain, &none, &none.msg_flags);
	}
	m_freem(from);
	if (iov != small)
		free(iov, M_IOV);
out_file:
	(void)frele(fp, p);
	return (error);
}

ssize_t
rump_sys_recvmsg(int fd, struct rump_msghdr *msg, int flags)
{

	SYSCALL_RESULT(ssize_t, rv, do_recvmsg(fd, msg, flags, &rv));
}

static int
do_recvfrom(int fd, void *buf, size_t len, int flags, void *from,
    uint32_t *fromlen, ssize_t *rv)
{
	struct rump_iovec iov = { buf, len };
	struct rump_msghdr msg = { .msg_name = from, .msg_iov = &iov,
	    .msg_iovlen = 1 };
	int error;

	if (from != NULL) {
		if (fromlen == NULL)
			return (EFAULT);
		msg.msg_namelen = *fromlen;
	}
	if ((error = do_recvmsg(fd, &msg, flags, rv)) == 0 && from != NULL)
		*fromlen = msg.msg_namelen;
	return (error);
}

ssize_t
rump_sys_recvfrom(int fd, void *buf, size_t len, int flags,
    struct rump_sockaddr *from, uint32_t *fromlen)
{

	SYSCALL_RESULT(ssize_t, rv, do_recvfrom(fd, buf, len, flags, from,
	    fromlen, &rv));
}

static int
do_sendmmsg(int fd, struct rump_mmsghdr *msgs, u_int n, int flags, int *rv)
{
	int error = 0;
	ssize_t sent;

	if (msgs == NULL)
		return (EFAULT);
	for (n = MIN(n, MMSG_MOST); (u_int)*rv < n; (*rv)++) {
		error = do_sendmsg(fd, &msgs[*rv].msg_hdr, flags, &sent);
		if (error != 0)
			break;
		msgs[*rv].msg_len = (uint32_t)sent;
	}
	return (*rv > 0 ? 0 : error);
}

int
rump_sys_sendmmsg(int fd, struct rump_mmsghdr *msgs, unsigned int n,
    unsigned int flags)
{

	SYSCALL_RESULT(int, rv, do_sendmmsg(fd, msgs, n, (int)flags, &rv));
}

/* The time limit is looked at between messages, as the manual says. */
static int
do_recvmmsg(int fd, struct rump_mmsghdr *msgs, u_int n, int flags,
    const struct rump_timespec *limit, int *rv)
{
	int64_t deadline = 0;
	int error = 0;
	ssize_t got;

	if (msgs == NULL)
		return (EFAULT);
	if (limit != NULL && (limit->tv_sec < 0 || limit->tv_nsec < 0 ||
	    limit->tv_nsec >= 1000000000))
		return (EINVAL);
	if (limit != NULL && limit->tv_sec < INT_MAX)
		deadline = monotonic_nsec() + limit->tv_sec * 1000000000LL +
		    limit->tv_nsec;
	for (n = MIN(n, MMSG_MOST); (u_int)*rv < n; (*rv)++) {
		error = do_recvmsg(fd, &msgs[*rv].msg_hdr,
		    flags & ~RUMP_MSG_WAITFORONE, &got);
		if (error != 0)
			break;
		msgs[*rv].msg_len = (uint32_t)got;
		if (flags & RUMP_MSG_WAITFORONE)
			flags |= RUMP_MSG_DONTWAIT;
		if (deadline != 0 && monotonic_nsec() >= deadline) {
			(*rv)++;
			break;
		}
	}
	return (*rv > 0 ? 0 : error);
}

int
rump_sys_recvmmsg(int fd, struct rump_mmsghdr *msgs, unsigned int n,
    unsigned int flags, struct rump_timespec *limit)
{

	SYSCALL_RESULT(int, rv, do_recvmmsg(fd, msgs, n, (int)flags, limit,
	    &rv));
}
