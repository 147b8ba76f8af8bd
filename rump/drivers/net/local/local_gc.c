/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * local_gc.c: sockets that nobody can get at any more, because only messages
 * refer to them that wait in each other's queues.
 *
 * Whenever a socket's file is left with messages as its only references, and has
 * such messages itself, all sockets are looked at: those that have a descriptor,
 * or a call under way, are reached, and what waits in the queues of one that is
 * reached.  The queues of the others are emptied, which closes them.  A message
 * that a call has in its hands is in no queue, and counts as the call.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/proc.h>
#include "local.h"

SLIST_HEAD(worklist, unpcb);

/* Is every reference to the socket's file in some queue? */
static int
isadrift(const struct unpcb *unp)
{

	return (unp->unp_found != 0 &&
	    unp->unp_found == unp->unp_file->f_count);
}

static void
count(struct unpcb *unp, struct worklist *work)
{

	(void)work;
	unp->unp_found++;
}

static void
reach(struct unpcb *unp, struct worklist *work)
{

	if (unp->unp_flags & UNP_REACHED)
		return;
	unp->unp_flags |= UNP_REACHED;
	SLIST_INSERT_HEAD(work, unp, unp_work);
}

/* Visits the sockets of this family in a queue's messages. */
static void
each_right(const struct sockbuf *sb,
    void (*visit)(struct unpcb *, struct worklist *), struct worklist *work)
{
	const struct mbuf *record, *m;
	const struct file *fp;
	struct socket *so;
	u_int i;

	for (record = sb->sb_mb; record != NULL; record = record->m_nextpkt) {
		for (m = record; m != NULL; m = m->m_next) {
			if (m->m_type != MT_CONTROL)
				continue;
			for (i = 0; i < m->m_len / sizeof(fp); i++) {
				fp = mtod(m, struct file *const *)[i];
				if (fp == NULL || fp->f_type != DTYPE_SOCKET)
					continue;
				so = fp->f_data;
				if (so->so_domain == &local_domain)
					visit(sotounpcb(so), work);
			}
		}
	}
}

static void
reach_all(void)
{
	struct worklist work = SLIST_HEAD_INITIALIZER(work);
	struct unpcb *unp;
	struct socket *so;

	LIST_FOREACH(unp, &local_pcbs, unp_all) {
		unp->unp_flags &= ~UNP_REACHED;
		unp->unp_found = 0;
	}
	LIST_FOREACH(unp, &local_pcbs, unp_all)
		each_right(&unp->unp_socket->so_rcv, count, NULL);
	/* Who waits to be accepted is reached by who listens. */
	LIST_FOREACH(unp, &local_pcbs, unp_all)
		if (!isadrift(unp) && unp->unp_socket->so_head == NULL)
			reach(unp, &work);
	while ((unp = SLIST_FIRST(&work)) != NULL) {
		SLIST_REMOVE_HEAD(&work, unp_work);
		each_right(&unp->unp_socket->so_rcv, reach, &work);
		TAILQ_FOREACH(so, &unp->unp_socket->so_q, so_qe)
			reach(sotounpcb(so), &work);
	}
}

/*
 * Empties the queues of what was not reached.  Its files are kept until all are
 * empty, and nobody but us can get at them.
 */
static void
drop_unreached(void)
{
	struct worklist work = SLIST_HEAD_INITIALIZER(work);
	struct unpcb *unp;
	struct socket *so;

	LIST_FOREACH(unp, &local_pcbs, unp_all) {
		if ((unp->unp_flags & UNP_REACHED) || !isadrift(unp))
			continue;
		unp->unp_file->f_count++;
		SLIST_INSERT_HEAD(&work, unp, unp_work);
	}
	SLIST_FOREACH(unp, &work, unp_work) {
		sbflush(&unp->unp_socket->so_rcv, &local_domain);
		TAILQ_FOREACH(so, &unp->unp_socket->so_q, so_qe)
			sbflush(&so->so_rcv, &local_domain);
	}
	while ((unp = SLIST_FIRST(&work)) != NULL) {
		SLIST_REMOVE_HEAD(&work, unp_work);
		(void)frele(unp->unp_file, curproc);
	}
}

/* A ring goes through a socket's queue, or through those that it accepts. */
static int
mayring(const struct socket *so)
{
	const struct mbuf *record, *m;

	if (so->so_options & RUMP_SO_ACCEPTCONN)
		return (1);
	for (record = so->so_rcv.sb_mb; record != NULL;
	    record = record->m_nextpkt)
		for (m = record; m != NULL; m = m->m_next)
			if (m->m_type == MT_CONTROL)
				return (1);
	return (0);
}

/* It may sleep: whoever comes meanwhile has it done once more. */
static void
collect(void)
{
	static int isrunning, isagain;

	isagain = 1;
	if (isrunning)
		return;
	isrunning = 1;
	while (isagain) {
		isagain = 0;
		reach_all();
		drop_unreached();
	}
	isrunning = 0;
}

void
local_adrift(struct socket *so)
{

	if (mayring(so))
		collect();
}

/* Its files may have been closed while the message waited for room. */
void
local_sent(const struct mbuf *control)
{
	const struct file *fp;
	const struct socket *so;
	u_int i;

	for (i = 0; i < control->m_len / sizeof(fp); i++) {
		fp = mtod(control, struct file *const *)[i];
		so = fp->f_data;
		if (fp->f_type == DTYPE_SOCKET && fp->f_inflight ==
		    fp->f_count && so->so_domain == &local_domain &&
		    mayring(so)) {
			collect();
			return;
		}
	}
}
