/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uipc_sockbuf.c: the two queues of a socket.
 *
 * Streams keep one chain of mbufs.  Protocols with PR_ATOMIC keep records linked
 * by m_nextpkt, each with up to three kinds of mbufs in this order: MT_SONAME,
 * MT_CONTROL, MT_DATA.  Everything but MT_SONAME counts in sb_cc, so that empty
 * messages and descriptors do not pile up for free.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/filedesc.h>
#include <sys/proc.h>
#include <sys/socketvar.h>
#include <rump-sys/kmem.h>
#include "net_private.h"

/* Bytes of an mbuf that is joined with the one before. */
#define	JOIN_MOST	256U

/*
 * EWOULDBLOCK once it is too late; EBADF if the descriptor that the call came by
 * was closed meanwhile.
 */
int
net_wait(struct socket *so, const void *ident, int64_t deadline)
{
	u_int closes = so->so_closes;
	int64_t left = 0;
	int error;

	if (wait_ended)
		return (EINTR);
	if (deadline != 0 && (left = deadline - monotonic_nsec()) <= 0)
		return (EWOULDBLOCK);
	so->so_refs++;
	error = tsleep_nsec(ident, PSOCK | PCATCH, "netio", left);
	if (so->so_closes != closes && fdgone(so))
		error = EBADF;
	sofree(so);
	return (wait_ended ? EINTR : error);
}

/* Sleeps until something happens to sb. */
int
sbwait(struct socket *so, struct sockbuf *sb, int64_t deadline)
{

	return (net_wait(so, sb, deadline));
}

/*
 * One call at a time puts into sb or takes from it.  Nobody waits for the other
 * side with this lock, so that waiting for it always succeeds.
 */
int
sblock(struct socket *so, struct sockbuf *sb, int wait)
{

	while (sb->sb_locked) {
		if (!wait)
			return (EWOULDBLOCK);
		so->so_refs++;
		(void)tsleep(&sb->sb_locked, PSOCK | PCATCH, "netlck", 0);
		sofree(so);
	}
	sb->sb_locked = 1;
	return (0);
}

void
sbunlock(struct sockbuf *sb)
{

	sb->sb_locked = 0;
	wakeup_n(&sb->sb_locked, 1);
}

u_int
sbspace(const struct sockbuf *sb)
{

	return (sb->sb_cc >= sb->sb_hiwat ? 0 : sb->sb_hiwat - sb->sb_cc);
}

void
sbappendstream(struct sockbuf *sb, struct mbuf *m)
{

	struct mbuf *tail = sb->sb_mbtail;

	if (m == NULL)
		return;
	/* What is small moves in with what is there. */
	if (tail != NULL && m->m_next == NULL && m->m_len <= JOIN_MOST &&
	    tail->m_type == MT_DATA && m->m_type == MT_DATA &&
	    M_TRAILINGSPACE(tail) >= m->m_len) {
		memcpy(tail->m_data + tail->m_len, m->m_data, m->m_len);
		tail->m_len += m->m_len;
		sb->sb_cc += m->m_len;
		(void)m_free(m);
		return;
	}
	if (sb->sb_mb == NULL)
		sb->sb_mb = sb->sb_lastrecord = m;
	else
		sb->sb_mbtail->m_next = m;
	for (;; m = m->m_next) {
		sb->sb_cc += m->m_len;
		if (m->m_next == NULL)
			break;
	}
	sb->sb_mbtail = m;
}

/* Takes data and control, unless there is no room (or no memory): returns 0. */
int
sbappendrecord(struct sockbuf *sb, const struct sockaddr *from,
    struct mbuf *data, struct mbuf *control)
{
	struct mbuf *first = NULL, **end = &first, *m;
	u_int cost;

	cost = m_length(data) + m_length(control) + SB_RECORD_COST;
	if (cost > sbspace(sb))
		return (0);
	if (from != NULL) {
		if ((m = m_get(from->sa_len, MT_SONAME)) == NULL)
			return (0);
		memcpy(m->m_data, from, from->sa_len);
		m->m_len = from->sa_len;
		*end = m;
		end = &m->m_next;
	}
	/* A record needs an mbuf: an empty message is one without bytes. */
	if (data == NULL && control == NULL && first == NULL &&
	    (data = m_get(0, MT_DATA)) == NULL)
		return (0);
	*end = control;
	while (*end != NULL)
		end = &(*end)->m_next;
	*end = data;
	if (sb->sb_mb == NULL)
		sb->sb_mb = first;
	else
		sb->sb_lastrecord->m_nextpkt = first;
	sb->sb_lastrecord = first;
	for (m = first; m->m_next != NULL; m = m->m_next)
		continue;
	sb->sb_mbtail = m;
	sb->sb_cc += cost;
	sb->sb_records++;
	return (1);
}

/* Cuts n bytes from the front of a stream. */
void
sbdrop(struct sockbuf *sb, u_int n)
{

	KASSERT(n <= sb->sb_cc);
	sb->sb_cc -= n;
	if ((sb->sb_mb = m_trim(sb->sb_mb, n)) == NULL)
		sb->sb_lastrecord = sb->sb_mbtail = NULL;
}

static u_int
record_cost(const struct mbuf *m)
{
	u_int n = SB_RECORD_COST;

	for (; m != NULL; m = m->m_next)
		if (m->m_type != MT_SONAME)
			n += m->m_len;
	return (n);
}

/* Takes the first record off: it is the caller's. */
struct mbuf *
sbtakerecord(struct sockbuf *sb)
{
	struct mbuf *m = sb->sb_mb;

	if ((sb->sb_mb = m->m_nextpkt) == NULL)
		sb->sb_lastrecord = sb->sb_mbtail = NULL;
	m->m_nextpkt = NULL;
	sb->sb_cc -= record_cost(m);
	sb->sb_records--;
	return (m);
}

/* Frees a record, with what its control messages hold. */
void
net_freerecord(struct mbuf *m, struct domain *dom)
{

	for (; m != NULL; m = m_free(m))
		if (m->m_type == MT_CONTROL && dom->dom_dispose != NULL)
			dom->dom_dispose(m);
}

void
sbdroprecord(struct sockbuf *sb, struct domain *dom)
{

	net_freerecord(sbtakerecord(sb), dom);
}

void
sbflush(struct sockbuf *sb, struct domain *dom)
{
	struct mbuf *m = sb->sb_mb, *next;

	/* First: closing what messages carry may sleep. */
	sb->sb_mb = sb->sb_lastrecord = sb->sb_mbtail = NULL;
	sb->sb_cc = sb->sb_records = 0;
	for (; m != NULL; m = next) {
		next = m->m_nextpkt;
		net_freerecord(m, dom);
	}
}
