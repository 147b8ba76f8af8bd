/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * local_connect.c: names of sockets, and who is connected to whom.
 *
 * A name is a vnode of type VSOCK: its v_socket is set as long as the socket is
 * there.  The socket uses the vnode, which keeps it from being recycled; where
 * its file is taken away, by unlink or a forced unmount, nobody finds it any more,
 * and that is all.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/malloc.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/ucred.h>
#include <sys/vnode.h>
#include "local.h"

#define	PATH_AT		offsetof(struct rump_sockaddr_un, sun_path)

void
local_id(struct rump_unpcbid *id, struct proc *p)
{

	id->unp_pid = p->p_process->pr_pid;
	id->unp_euid = p->p_ucred->cr_uid;
	id->unp_egid = p->p_ucred->cr_gid;
}

/* The path of an address, with its end; path has room for it. */
static int
path_of(const struct sockaddr *nam, char path[])
{
	const struct rump_sockaddr_un *sun = (const void *)nam;
	size_t len;

	if (sun->sun_family != RUMP_AF_LOCAL)
		return (EAFNOSUPPORT);
	if (sun->sun_len <= PATH_AT || sun->sun_len > sizeof(*sun))
		return (EINVAL);
	len = strnlen(sun->sun_path, sun->sun_len - PATH_AT);
	if (len == 0)
		return (EINVAL);
	memcpy(path, sun->sun_path, len);
	path[len] = '\0';
	return (0);
}

/* An address with this path; NULL: no memory. */
static struct rump_sockaddr_un *
addr_new(const char *path)
{
	struct rump_sockaddr_un *sun;
	size_t len = strlen(path);

	sun = malloc(sizeof(*sun), M_PCB, M_WAITOK | M_CANFAIL | M_ZERO);
	if (sun == NULL)
		return (NULL);
	memcpy(sun->sun_path, path, len);
	sun->sun_len = (uint8_t)MIN(PATH_AT + len + 1, sizeof(*sun));
	sun->sun_family = RUMP_AF_LOCAL;
	return (sun);
}

int
local_bind(struct socket *so, const struct sockaddr *nam, struct proc *p)
{
	char path[sizeof(struct rump_sockaddr_un) + 1];
	struct unpcb *unp = sotounpcb(so);
	struct rump_sockaddr_un *sun;
	struct vnode *vp;
	int error;

	(void)p;
	if (unp->unp_vnode != NULL || (unp->unp_flags & UNP_BINDING))
		return (EINVAL);
	if ((error = path_of(nam, path)) != 0)
		return (error);
	unp->unp_flags |= UNP_BINDING;
	if ((sun = addr_new(path)) == NULL)
		error = ENOBUFS;
	else if ((error = vfs_makesocket(path, &vp)) != 0)
		free(sun, M_PCB);
	unp->unp_flags &= ~UNP_BINDING;
	if (error != 0)
		return (error == EEXIST ? EADDRINUSE : error);
	vp->v_socket = so;
	unp->unp_vnode = vp;
	unp->unp_addr = sun;
	return (0);
}

/* The socket of a vnode that is locked. */
static int
find_check(struct vnode *vp, int type, struct proc *p, struct socket **sop)
{
	int error;

	if (vp->v_type != VSOCK)
		return (ENOTSOCK);
	if ((error = VOP_ACCESS(vp, VWRITE, p->p_ucred, p)) != 0)
		return (error);
	if ((*sop = vp->v_socket) == NULL)
		return (ECONNREFUSED);
	return ((*sop)->so_type == type ? 0 : EPROTOTYPE);
}

int
local_find(const struct sockaddr *nam, int type, struct proc *p,
    struct socket **sop)
{
	char path[sizeof(struct rump_sockaddr_un) + 1];
	struct nameidata nd;
	int error;

	if ((error = path_of(nam, path)) != 0)
		return (error);
	NDINIT(&nd, LOOKUP, FOLLOW | LOCKLEAF, UIO_SYSSPACE, path, p);
	if ((error = namei(&nd)) != 0)
		return (error);
	if ((error = find_check(nd.ni_vp, type, p, sop)) == 0)
		(*sop)->so_refs++;
	vput(nd.ni_vp);
	/* Giving the vnode back may sleep: it may have been closed. */
	if (error == 0 && (*sop)->so_pcb == NULL) {
		sofree(*sop);
		error = ECONNREFUSED;
	}
	return (error);
}

/* The two are peers of each other, or, with datagrams, so's is so2. */
static void
join(struct unpcb *unp, struct unpcb *unp2)
{

	unp->unp_conn = unp2;
	if (unp->unp_socket->so_type == RUMP_SOCK_DGRAM) {
		LIST_INSERT_HEAD(&unp2->unp_refs, unp, unp_reflink);
	} else {
		unp2->unp_conn = unp;
		soisconnected(unp2->unp_socket);
	}
	soisconnected(unp->unp_socket);
}

/* A stream's connection to who listens: its other end waits to be accepted. */
static int
connect_listener(struct unpcb *unp, struct socket *head, struct proc *p)
{
	struct rump_sockaddr_un *sun = NULL;
	struct unpcb *hunp, *nunp;
	struct socket *so;

	/* What may sleep comes first. */
	hunp = sotounpcb(head);
	if (hunp->unp_addr != NULL &&
	    (sun = addr_new(hunp->unp_addr->sun_path)) == NULL)
		return (ENOBUFS);
	if ((head->so_options & RUMP_SO_ACCEPTCONN) == 0 ||
	    (so = sonewconn(head)) == NULL) {
		free(sun, M_PCB);
		return (ECONNREFUSED);
	}
	nunp = sotounpcb(so);
	nunp->unp_addr = sun;
	if (unp->unp_conn != NULL) {
		/* Somebody else connected it meanwhile. */
		local_drop(nunp, ECONNABORTED);
		soisdisconnected(so);
		return (EISCONN);
	}
	local_id(&nunp->unp_peerid, p);
	unp->unp_peerid = sotounpcb(head)->unp_id;
	unp->unp_flags |= UNP_HASPEERID;
	nunp->unp_flags |= UNP_HASPEERID;
	join(unp, nunp);
	return (0);
}

int
local_connect(struct socket *so, const struct sockaddr *nam, struct proc *p)
{
	struct unpcb *unp = sotounpcb(so);
	struct socket *so2;
	int error;

	if ((error = local_find(nam, so->so_type, p, &so2)) != 0)
		return (error);
	if (unp->unp_conn != NULL)
		error = EISCONN;	/* by somebody else, meanwhile */
	else if (so->so_proto->pr_flags & PR_CONNREQUIRED)
		error = connect_listener(unp, so2, p);
	else
		join(unp, sotounpcb(so2));
	sofree(so2);
	return (error);
}

/* For socketpair(2). */
int
local_connect2(struct socket *so, struct socket *so2)
{
	struct unpcb *unp = sotounpcb(so), *unp2 = sotounpcb(so2);

	local_id(&unp->unp_peerid, curproc);
	local_id(&unp2->unp_peerid, curproc);
	unp->unp_flags |= UNP_HASPEERID;
	unp2->unp_flags |= UNP_HASPEERID;
	join(unp, unp2);
	return (0);
}

void
local_disconnect(struct unpcb *unp)
{
	struct unpcb *unp2 = unp->unp_conn;
	struct socket *so = unp->unp_socket;

	if (unp2 == NULL)
		return;
	unp->unp_conn = NULL;
	if (so->so_type == RUMP_SOCK_DGRAM) {
		LIST_REMOVE(unp, unp_reflink);
		so->so_state &= ~SS_ISCONNECTED;
		sowwakeup(so);
	} else {
		unp2->unp_conn = NULL;
		soisdisconnected(so);
		soisdisconnected(unp2->unp_socket);
	}
}

void
local_drop(struct unpcb *unp, int error)
{

	soerror(unp->unp_socket, error);
	local_disconnect(unp);
}
