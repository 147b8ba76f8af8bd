/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * local_gc.c: sockets that nobody can get at any more, because only messages
 * refer to them that wait in each other's queues.
 *
 * Whenever a socket's file is left with messages as its only references, and has
 * such messages itself, all sockets are looked at: those that have a descriptor,
 * or a call under way, are reached, and what waits in the queues of one that is
 * reached.  The queues of the others are emptied, which closes them.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/proc.h>
#include "local.h"

SLIST_HEAD(worklist, unpcb);

/* Does anything but messages refer to the socket's file? */
static int
isadrift(const struct unpcb *unp)
{
	const struct file *fp = unp->unp_file;

	return (fp != NULL && fp->f_inflight != 0 &&
	    fp->f_inflight == fp->f_count);
}

static void
reach(struct unpcb *unp, struct worklist *work)
{

	if (unp->unp_flags & UNP_REACHED)
		return;
	unp->unp_flags |= UNP_REACHED;
	SLIST_INSERT_HEAD(work, unp, unp_work);
}

/* Does what the files in the messages of a queue ask for; work NULL: any? */
static int
scan_queue(const struct sockbuf *sb, struct worklist *work)
{
	const struct mbuf *record, *m;
	const struct file *fp;
	struct socket *so;
	u_int i;

	for (record = sb->sb_mb; record != NULL; record = record->m_nextpkt) {
		for (m = record; m != NULL; m = m->m_next) {
			if (m->m_type != MT_CONTROL)
				continue;
			if (work == NULL)
				return (1);
			for (i = 0; i < m->m_len / sizeof(fp); i++) {
				fp = mtod(m, struct file *const *)[i];
				if (fp == NULL || fp->f_type != DTYPE_SOCKET)
					continue;
				so = fp->f_data;
				if (so->so_domain == &local_domain)
					reach(sotounpcb(so), work);
			}
		}
	}
	return (0);
}

static void
reach_all(void)
{
	struct worklist work = SLIST_HEAD_INITIALIZER(work);
	struct unpcb *unp;
	struct socket *so;

	LIST_FOREACH(unp, &local_pcbs, unp_all)
		unp->unp_flags &= ~UNP_REACHED;
	/* Who waits to be accepted is reached by who listens. */
	LIST_FOREACH(unp, &local_pcbs, unp_all)
		if (!isadrift(unp) && unp->unp_socket->so_head == NULL)
			reach(unp, &work);
	while ((unp = SLIST_FIRST(&work)) != NULL) {
		SLIST_REMOVE_HEAD(&work, unp_work);
		(void)scan_queue(&unp->unp_socket->so_rcv, &work);
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

void
local_adrift(struct socket *so)
{
	static int isrunning, isagain;

	/* A ring goes through its queue, or through those that it accepts. */
	if ((so->so_options & RUMP_SO_ACCEPTCONN) == 0 &&
	    !scan_queue(&so->so_rcv, NULL))
		return;
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
