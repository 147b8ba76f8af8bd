/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uipc_syscalls.c: system calls on sockets, but for those that move bytes
 * (section 2 of NetBSD's manual).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/proc.h>
#include <sys/socketvar.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "net_private.h"

#define	SOCK_FLAGS	(RUMP_SOCK_CLOEXEC | RUMP_SOCK_NONBLOCK |	\
	RUMP_SOCK_NOSIGPIPE)

/* The socket behind a descriptor; release the file with frele(). */
int
getsock(struct proc *p, int fd, struct file **fpp, struct socket **sop)
{
	int error;

	if ((error = fdget(p, fd, fpp)) != 0)
		return (error);
	if ((*fpp)->f_type != DTYPE_SOCKET) {
		(void)frele(*fpp, p);
		return (ENOTSOCK);
	}
	*sop = (*fpp)->f_data;
	return (0);
}

/* A copy of the caller's address. */
int
net_getname(struct sockaddr_storage *ss, const void *name, uint32_t len)
{

	if (name == NULL)
		return (EFAULT);
	if (len < offsetof(struct sockaddr, sa_data))
		return (EINVAL);
	if (len > sizeof(*ss))
		return (ENAMETOOLONG);
	memset(ss, 0, sizeof(*ss));
	memcpy(ss, name, len);
	ss->ss_len = (uint8_t)len;
	return (0);
}

/* An address to the caller: as much as there is room for, and its length. */
int
net_putname(const void *name, u_int len, void *to, uint32_t *tolen)
{

	if (to == NULL)
		return (0);
	if (tolen == NULL)
		return (EFAULT);
	memcpy(to, name, MIN(len, *tolen));
	*tolen = len;
	return (0);
}

static int
do_socket(int family, int type, int protocol, int *rv)
{
	int error, flags = type & SOCK_FLAGS;
	struct socket *so;

	error = socreate(family, type & ~SOCK_FLAGS, protocol, curproc, &so);
	if (error != 0)
		return (error);
	if (flags & RUMP_SOCK_NOSIGPIPE)
		so->so_options |= RUMP_SO_NOSIGPIPE;
	if ((error = socket_file(so, flags, curproc, rv)) != 0)
		(void)soclose(so);
	return (error);
}

int
rump_sys_socket(int family, int type, int protocol)
{

	SYSCALL_RESULT(int, rv, do_socket(family, type, protocol, &rv));
}

static int
do_socketpair(int family, int type, int protocol, int *fds)
{
	struct proc *p = curproc;
	struct socket *so1, *so2;
	int error, fd1, fd2, flags = type & SOCK_FLAGS;

	if (fds == NULL)
		return (EFAULT);
	type &= ~SOCK_FLAGS;
	if ((error = socreate(family, type, protocol, p, &so1)) != 0)
		return (error);
	if ((error = socreate(family, type, protocol, p, &so2)) != 0)
		goto out_so1;
	if (so1->so_proto->pr_connect2 == NULL)
		error = EOPNOTSUPP;
	else if ((error = so1->so_proto->pr_connect2(so1, so2)) == 0 &&
	    (so1->so_proto->pr_flags & PR_CONNREQUIRED) == 0)
		error = so1->so_proto->pr_connect2(so2, so1);
	if (error != 0)
		goto out_so2;
	if ((error = socket_file(so1, flags, p, &fd1)) != 0)
		goto out_so2;
	if ((error = socket_file(so2, flags, p, &fd2)) != 0) {
		(void)fdrelease(p, fd1);
		(void)soclose(so2);
		return (error);
	}
	fds[0] = fd1;
	fds[1] = fd2;
	return (0);
out_so2:
	(void)soclose(so2);
out_so1:
	(void)soclose(so1);
	return (error);
}

int
rump_sys_socketpair(int family, int type, int protocol, int *fds)
{

	SYSCALL(do_socketpair(family, type, protocol, fds));
}

/* A call on a socket with an address that goes in. */
static int
with_name(int fd, const void *name, uint32_t len,
    int (*work)(struct socket *, const struct sockaddr *, struct file *))
{
	struct proc *p = curproc;
	struct sockaddr_storage ss;
	struct socket *so;
	struct file *fp;
	int error;

	if ((error = getsock(p, fd, &fp, &so)) != 0)
		return (error);
	if ((error = net_getname(&ss, name, len)) == 0)
		error = work(so, (const struct sockaddr *)(void *)&ss, fp);
	(void)frele(fp, p);
	return (error);
}

static int
do_bind(struct socket *so, const struct sockaddr *name, struct file *fp)
{

	(void)fp;
	return (sobind(so, name, curproc));
}

int
rump_sys_bind(int fd, const struct rump_sockaddr *name, uint32_t len)
{

	SYSCALL(with_name(fd, name, len, do_bind));
}

static int
do_connect(struct socket *so, const struct sockaddr *name, struct file *fp)
{
	int error;

	if ((error = soconnect(so, name, curproc)) != 0)
		return (error);
	if (so->so_state & SS_ISCONNECTING) {
		if (fp->f_flag & FNONBLOCK)
			return (EINPROGRESS);
		while ((so->so_state & SS_ISCONNECTING) && so->so_error == 0 &&
		    error == 0)
			error = net_wait(so, &so->so_state, 0);
	}
	if (error == 0) {
		error = so->so_error;
		so->so_error = 0;
	}
	if (error == 0 && (so->so_proto->pr_flags & PR_CONNREQUIRED) &&
	    (so->so_state & SS_ISCONNECTED) == 0)
		error = ECONNABORTED;	/* and over again already */
	return (error);
}

int
rump_sys_connect(int fd, const struct rump_sockaddr *name, uint32_t len)
{

	SYSCALL(with_name(fd, name, len, do_connect));
}

static int
do_listen(int fd, int backlog)
{
	struct proc *p = curproc;
	struct socket *so;
	struct file *fp;
	int error;

	if ((error = getsock(p, fd, &fp, &so)) != 0)
		return (error);
	error = solisten(so, backlog);
	(void)frele(fp, p);
	return (error);
}

int
rump_sys_listen(int fd, int backlog)
{

	SYSCALL(do_listen(fd, backlog));
}

/* The next connection; it may be over already, and is given all the same. */
static int
accept_take(struct socket *head, int nonblock, struct socket **sop)
{
	struct socket *so;
	int error;

	if ((head->so_options & RUMP_SO_ACCEPTCONN) == 0)
		return (EINVAL);
	while ((so = net_firstconn(head)) == NULL) {
		if ((error = head->so_error) != 0) {
			head->so_error = 0;
			return (error);
		}
		if (head->so_state & SS_CANTRCVMORE)
			return (ECONNABORTED);
		if (nonblock)
			return (EWOULDBLOCK);
		if ((error = sbwait(head, &head->so_rcv, 0)) != 0)
			return (error);
	}
	TAILQ_REMOVE(&head->so_q, so, so_qe);
	head->so_qlen--;
	so->so_head = NULL;
	*sop = so;
	return (0);
}

/* There was no descriptor for it: it waits for the next accept. */
static void
accept_putback(struct socket *head, struct socket *so)
{

	so->so_head = head;
	TAILQ_INSERT_HEAD(&head->so_q, so, so_qe);
	head->so_qlen++;
	sorwakeup(head);
}

static int
do_accept(int fd, void *name, uint32_t *len, int flags, int isinherit, int *rv)
{
	struct proc *p = curproc;
	struct sockaddr_storage ss;
	struct socket *head, *so;
	struct file *fp;
	int error;

	if (flags & ~SOCK_FLAGS)
		return (EINVAL);
	if ((error = getsock(p, fd, &fp, &head)) != 0)
		return (error);
	/* As the BSDs do: accept(2) inherits, paccept(2) is told. */
	if (isinherit && (fp->f_flag & FNONBLOCK))
		flags |= RUMP_SOCK_NONBLOCK;
	if ((error = accept_take(head, fp->f_flag & FNONBLOCK, &so)) == 0 &&
	    (error = socket_file(so, flags, p, rv)) != 0)
		accept_putback(head, so);
	(void)frele(fp, p);
	if (error != 0)
		return (error);
	so->so_state &= ~SS_NOFDREF;
	error = so->so_proto->pr_accept != NULL ?
	    so->so_proto->pr_accept(so) : 0;
	if (error == 0 && name != NULL) {
		memset(&ss, 0, sizeof(ss));
		/* Of a connection that is over nobody knows it any more. */
		if (so->so_proto->pr_peeraddr(so, &ss) != 0)
			ss.ss_len = 0;
		error = net_putname(&ss, ss.ss_len, name, len);
	}
	if (error != 0)
		(void)fdrelease(p, *rv);
	return (error);
}

int
rump_sys_accept(int fd, struct rump_sockaddr *name, uint32_t *len)
{

	SYSCALL_RESULT(int, rv, do_accept(fd, name, len, 0, 1, &rv));
}

int
rump_sys_paccept(int fd, struct rump_sockaddr *name, uint32_t *len,
    const void *sigmask, int flags)
{

	(void)sigmask;
	SYSCALL_RESULT(int, rv, do_accept(fd, name, len, flags, 0, &rv));
}

static int
do_shutdown(int fd, int how)
{
	struct proc *p = curproc;
	struct socket *so;
	struct file *fp;
	int error;

	if ((error = getsock(p, fd, &fp, &so)) != 0)
		return (error);
	error = soshutdown(so, how);
	(void)frele(fp, p);
	return (error);
}

int
rump_sys_shutdown(int fd, int how)
{

	SYSCALL(do_shutdown(fd, how));
}

static int
do_getname(int fd, void *name, uint32_t *len, int ispeer)
{
	struct proc *p = curproc;
	struct sockaddr_storage ss;
	struct socket *so;
	struct file *fp;
	int error;

	if (name == NULL || len == NULL)
		return (EFAULT);
	if ((error = getsock(p, fd, &fp, &so)) != 0)
		return (error);
	memset(&ss, 0, sizeof(ss));
	if (!ispeer)
		error = so->so_proto->pr_sockaddr(so, &ss);
	else if ((so->so_state & SS_ISCONNECTED) == 0)
		error = ENOTCONN;
	else
		error = so->so_proto->pr_peeraddr(so, &ss);
	if (error == 0)
		error = net_putname(&ss, ss.ss_len, name, len);
	(void)frele(fp, p);
	return (error);
}

int
rump_sys_getsockname(int fd, struct rump_sockaddr *name, uint32_t *len)
{

	SYSCALL(do_getname(fd, name, len, 0));
}

int
rump_sys_getpeername(int fd, struct rump_sockaddr *name, uint32_t *len)
{

	SYSCALL(do_getname(fd, name, len, 1));
}

#define	SOCKOPT_MOST	256		/* bytes: the largest is far smaller */

static int
do_sockopt(int fd, int isset, int level, int name, void *data, uint32_t *len)
{
	struct proc *p = curproc;
	char space[SOCKOPT_MOST];
	struct sockopt sopt = { level, name, space, 0 };
	struct socket *so;
	struct file *fp;
	int error;

	if ((error = getsock(p, fd, &fp, &so)) != 0)
		return (error);
	if (len == NULL || (*len != 0 && data == NULL))
		error = EFAULT;
	else if (isset && *len > sizeof(space))
		error = EINVAL;
	if (error == 0) {
		sopt.sopt_size = MIN(*len, sizeof(space));
		if (isset) {
			memcpy(space, data, sopt.sopt_size);
			error = sosetopt(so, &sopt);
		} else if ((error = sogetopt(so, &sopt)) == 0) {
			memcpy(data, space, sopt.sopt_size);
			*len = (uint32_t)sopt.sopt_size;
		}
	}
	(void)frele(fp, p);
	return (error);
}

int
rump_sys_setsockopt(int fd, int level, int name, const void *data,
    uint32_t len)
{

	SYSCALL(do_sockopt(fd, 1, level, name, (void *)(uintptr_t)data, &len));
}

int
rump_sys_getsockopt(int fd, int level, int name, void *data, uint32_t *len)
{

	SYSCALL(do_sockopt(fd, 0, level, name, data, len));
}
