/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uipc_transfer.c: moving bytes between programs and sockets (send(2), recv(2)).
 *
 * The program's bytes are copied once, into mbufs that the protocol owns from
 * then on, and once on the way out.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/proc.h>
#include <sys/socketvar.h>
#include <sys/uio.h>
#include "net_private.h"

/* Payload of the largest mbuf made here: with all headers 32 KiB. */
#define	MBUF_LARGE	(32768U - 64 - (u_int)sizeof(struct mbuf))
/* Of the smallest: what is sent in small pieces shares one. */
#define	MBUF_SMALL	(256U - 64 - (u_int)sizeof(struct mbuf))

/* Up to n bytes of uio as a chain; fewer where memory or addresses end. */
static int
mbufs_of(struct uio *uio, u_int n, struct mbuf **mp)
{
	struct mbuf **end = mp, *m;
	u_int piece;
	int error = 0;

	*mp = NULL;
	do {
		piece = MIN(n, MBUF_LARGE);
		if ((m = m_get(MAX(piece, MBUF_SMALL), MT_DATA)) == NULL) {
			error = ENOBUFS;
			break;
		}
		if ((error = uiomove(m->m_data, (int)piece, uio)) != 0) {
			(void)m_free(m);
			break;
		}
		m->m_len = piece;
		*end = m;
		end = &m->m_next;
		n -= piece;
	} while (n != 0);
	return (error);
}

/* May something be sent now? */
static int
send_check(struct socket *so, const struct sockaddr *to)
{
	int error;

	if (so->so_state & SS_CANTSENDMORE)
		return (EPIPE);
	if ((error = so->so_error) != 0) {
		so->so_error = 0;
		return (error);
	}
	if (so->so_state & SS_ISCONNECTED)
		return (to != NULL && (so->so_proto->pr_flags & PR_ADDR) ?
		    EISCONN : 0);
	if (so->so_proto->pr_flags & PR_CONNREQUIRED)
		return (so->so_state & SS_ISCONNECTING ? 0 : ENOTCONN);
	return (to == NULL ? EDESTADDRREQ : 0);
}

/* Waits until the protocol takes some of what is left, or all of a message. */
static int
send_wait(struct socket *so, const struct sockaddr *to, u_int need,
    int nonblock, int64_t deadline, u_int *space)
{
	int error;

	for (;;) {
		if ((error = send_check(so, to)) != 0)
			return (error);
		if ((so->so_state & SS_ISCONNECTING) == 0 &&
		    (*space = net_sendspace(so)) >= need)
			return (0);
		if (nonblock)
			return (EWOULDBLOCK);
		sbunlock(&so->so_snd);
		error = sbwait(so, &so->so_snd, deadline);
		(void)sblock(so, &so->so_snd, 1);
		if (error != 0)
			return (error);
	}
}

int
sosend(struct socket *so, const struct sockaddr *to, struct uio *uio,
    struct mbuf *control, int flags, struct proc *p)
{
	const struct protosw *pr = so->so_proto;
	int isatomic = pr->pr_flags & PR_ATOMIC;
	int nonblock = flags & RUMP_MSG_DONTWAIT;
	int64_t deadline = so->so_snd.sb_timeo == 0 ? 0 :
	    monotonic_nsec() + so->so_snd.sb_timeo;
	u_int space = 0, n, need;
	size_t left;
	struct mbuf *m;
	int error;

	(void)p;
	if (flags & RUMP_MSG_OOB)
		error = EOPNOTSUPP;
	else if (uio->uio_resid > INT_MAX)
		error = EMSGSIZE;
	else if (isatomic && uio->uio_resid > so->so_snd.sb_hiwat)
		error = EMSGSIZE;
	else if (!isatomic && control != NULL && uio->uio_resid == 0)
		error = EINVAL;
	else
		error = sblock(so, &so->so_snd, !nonblock);
	if (error != 0) {
		net_freerecord(control, so->so_domain);
		return (error);
	}
	do {
		n = (u_int)uio->uio_resid;
		/* The room that is asked for can be had: sb_hiwat at most. */
		need = isatomic ? MAX(n + m_length(control), 1) : n;
		need = MIN(need, isatomic ? so->so_snd.sb_hiwat :
		    so->so_snd.sb_lowat);
		error = send_wait(so, to, need, nonblock, deadline, &space);
		if (error != 0 || (n == 0 && !isatomic))
			break;
		if (!isatomic)
			n = MIN(n, space);
		left = uio->uio_resid;
		error = mbufs_of(uio, n, &m);
		/* A message goes whole or not at all; of a stream what there is. */
		if (error != 0 && (isatomic || m == NULL)) {
			m_freem(m);
			uio->uio_resid = left;
			break;
		}
		error = pr->pr_send(so, m, to, control, flags);
		control = NULL;
		/* What was refused was not sent. */
		if (error != 0)
			uio->uio_resid = left;
	} while (error == 0 && uio->uio_resid != 0);
	sbunlock(&so->so_snd);
	net_freerecord(control, so->so_domain);
	return (error);
}

/* Is there nothing to read, now or ever? 0: there is; or *eof is set. */
static int
receive_check(struct socket *so, int flags, int *eof)
{
	int error;

	if ((error = so->so_error) != 0) {
		if ((flags & RUMP_MSG_PEEK) == 0)
			so->so_error = 0;
		return (error);
	}
	*eof = (so->so_state & SS_CANTRCVMORE) != 0;
	if (*eof)
		return (0);
	if ((so->so_proto->pr_flags & PR_CONNREQUIRED) &&
	    (so->so_state & (SS_ISCONNECTED | SS_ISCONNECTING)) == 0)
		return (ENOTCONN);
	return (EWOULDBLOCK);
}

/* Waits for need bytes, or a record; at the end, and after errors, for fewer. */
static int
receive_wait(struct socket *so, u_int need, int flags, int64_t deadline,
    int *eof)
{
	struct sockbuf *sb = &so->so_rcv;
	int error;

	*eof = 0;
	for (;;) {
		if (so->so_proto->pr_flags & PR_ATOMIC) {
			if (sb->sb_records != 0)
				return (0);
		} else if (sb->sb_cc >= need) {
			return (0);
		}
		error = receive_check(so, flags, eof);
		if (error != EWOULDBLOCK)
			break;
		if (flags & RUMP_MSG_DONTWAIT)
			break;
		sbunlock(sb);
		error = sbwait(so, sb, deadline);
		(void)sblock(so, sb, 1);
		if (error != 0)
			break;
	}
	/* What is there comes first; the error is told by the next call. */
	if (error != 0 && sb->sb_cc != 0 &&
	    (so->so_proto->pr_flags & PR_ATOMIC) == 0) {
		if (error == EBADF)
			return (error);
		if (error != EWOULDBLOCK && error != EINTR)
			so->so_error = (u_short)error;
		error = 0;
	}
	return (error);
}

/* The descriptors that the first bytes of a stream came with. */
static int
receive_rights(struct socket *so, struct mbuf **control, int flags,
    struct proc *p)
{
	struct sockbuf *sb = &so->so_rcv;
	struct mbuf *m = sb->sb_mb;
	int error;

	if ((sb->sb_mb = m->m_next) == NULL)
		sb->sb_lastrecord = sb->sb_mbtail = NULL;
	m->m_next = NULL;
	sb->sb_cc -= m->m_len;
	if (control == NULL) {
		net_freerecord(m, so->so_domain);
		return (0);
	}
	error = so->so_domain->dom_externalize(m, p,
	    flags & RUMP_MSG_CMSG_CLOEXEC);
	if (error != 0)
		net_freerecord(m, so->so_domain);
	else
		*control = m;
	return (error);
}

/* Copies bytes of a stream, up to the next descriptors; *n: how many. */
static int
receive_bytes(struct socket *so, struct uio *uio, int peek, u_int *n)
{
	struct sockbuf *sb = &so->so_rcv;
	struct mbuf *m;
	u_int piece;
	int error = 0;

	*n = 0;
	for (m = sb->sb_mb; m != NULL && uio->uio_resid != 0 && error == 0;
	    m = m->m_next) {
		if (m->m_type == MT_CONTROL) {
			if (*n != 0 || !peek)
				break;
			continue;
		}
		piece = (u_int)MIN(m->m_len, uio->uio_resid);
		if ((error = uiomove(m->m_data, (int)piece, uio)) == 0)
			*n += piece;
	}
	if (!peek && *n != 0) {
		sbdrop(sb, *n);
		if (so->so_proto->pr_flags & PR_WANTRCVD)
			so->so_proto->pr_rcvd(so, *n);
	}
	return (error);
}

static int
receive_stream(struct socket *so, struct uio *uio, struct mbuf **control,
    int flags, int64_t deadline, struct proc *p)
{
	struct sockbuf *sb = &so->so_rcv;
	int isall = flags & RUMP_MSG_WAITALL, peek = flags & RUMP_MSG_PEEK;
	size_t all = uio->uio_resid;
	int error = 0, eof;
	u_int n;

	while (uio->uio_resid != 0) {
		n = isall ? (u_int)MIN(uio->uio_resid, sb->sb_hiwat) :
		    MIN(sb->sb_lowat, (u_int)uio->uio_resid);
		error = receive_wait(so, MAX(n, 1), flags, deadline, &eof);
		if (error != 0 || sb->sb_cc == 0)
			break;
		if (sb->sb_mb->m_type == MT_CONTROL && !peek) {
			/* These bytes are not joined with those before. */
			if (uio->uio_resid != all || (error =
			    receive_rights(so, control, flags, p)) != 0)
				break;
		}
		if ((error = receive_bytes(so, uio, peek, &n)) != 0 || peek ||
		    !isall)
			break;
	}
	return (error);
}

/* A copy of the address that a message came from. */
static int
receive_name(const struct mbuf *name, struct mbuf **from)
{

	if ((*from = m_get(name->m_len, MT_SONAME)) == NULL)
		return (ENOBUFS);
	memcpy((*from)->m_data, name->m_data, name->m_len);
	(*from)->m_len = name->m_len;
	return (0);
}

static int
receive_record(struct socket *so, struct mbuf **from, struct uio *uio,
    struct mbuf **control, int *flagsp, int64_t deadline, struct proc *p)
{
	struct sockbuf *sb = &so->so_rcv;
	int error, eof, peek = *flagsp & RUMP_MSG_PEEK;
	struct mbuf *record, *m, **endp;
	u_int n;

	error = receive_wait(so, 1, *flagsp, deadline, &eof);
	if (error != 0 || sb->sb_records == 0)
		return (error);
	record = peek ? sb->sb_mb : sbtakerecord(sb);
	if ((so->so_proto->pr_flags & PR_ADDR) == 0)
		*flagsp |= RUMP_MSG_EOR;
	if (record->m_type == MT_SONAME && from != NULL)
		error = receive_name(record, from);
	for (m = record; m != NULL && error == 0; m = m->m_next) {
		if (m->m_type != MT_DATA)
			continue;
		n = (u_int)MIN(m->m_len, uio->uio_resid);
		if (n != m->m_len)
			*flagsp |= RUMP_MSG_TRUNC;
		error = uiomove(m->m_data, (int)n, uio);
	}
	if (peek)
		return (error);
	/* Control messages leave the record as what the caller gets. */
	for (endp = &record; (m = *endp) != NULL && error == 0;) {
		if (m->m_type != MT_CONTROL || control == NULL) {
			endp = &m->m_next;
			continue;
		}
		if (so->so_domain->dom_externalize != NULL)
			error = so->so_domain->dom_externalize(m, p,
			    *flagsp & RUMP_MSG_CMSG_CLOEXEC);
		if (error == 0) {
			*endp = m->m_next;
			m->m_next = NULL;
			*control = m;
			control = &m->m_next;
		}
	}
	net_freerecord(record, so->so_domain);
	if (so->so_proto->pr_flags & PR_WANTRCVD)
		so->so_proto->pr_rcvd(so, 0);
	return (error);
}

int
soreceive(struct socket *so, struct mbuf **from, struct uio *uio,
    struct mbuf **control, int *flagsp, struct proc *p)
{
	int64_t deadline = so->so_rcv.sb_timeo == 0 ? 0 :
	    monotonic_nsec() + so->so_rcv.sb_timeo;
	int error;

	if (*flagsp & RUMP_MSG_OOB)
		return (EOPNOTSUPP);
	if (so->so_options & RUMP_SO_ACCEPTCONN)
		return (ENOTCONN);
	error = sblock(so, &so->so_rcv, !(*flagsp & RUMP_MSG_DONTWAIT));
	if (error != 0)
		return (error);
	if (so->so_proto->pr_flags & PR_ATOMIC)
		error = receive_record(so, from, uio, control, flagsp,
		    deadline, p);
	else
		error = receive_stream(so, uio, control, *flagsp, deadline, p);
	sbunlock(&so->so_rcv);
	return (error);
}
