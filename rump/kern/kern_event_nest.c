/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_event_nest.c: kqueue(2): a queue in another queue, which is told when the
 * inner one has events.
 *
 * An event goes up from queue to queue, and a look goes down.  So queues may not
 * go round in a circle, nor be stacked higher than KQ_LEVELS: then both end, and
 * the stack is deep enough.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include "kern_event.h"

#define	KQ_LEVELS	5

/* An active note may have come to rest again: it is let go of then. */
int
kqueue_holds(struct kqueue *kq)
{
	struct knote *kn;

	while ((kn = TAILQ_FIRST(&kq->kq_active)) != NULL) {
		if (kn->kn_fop->f_event(kn, 0))
			return (1);
		knote_dequeue(kn);
	}
	return (0);
}

/* How many levels there are from kq down; more than KQ_LEVELS if top is one. */
static int
levels_below(struct kqueue *kq, const struct kqueue *top, u_int visit)
{
	struct knote *kn;
	int most = 0;

	if (kq == top)
		return (KQ_LEVELS + 1);
	if (kq->kq_visit == visit)
		return (kq->kq_levels);
	LIST_FOREACH(kn, &kq->kq_notes, kn_qlist)
		if (kn->kn_fp->f_type == DTYPE_KQUEUE)
			most = MAX(most, levels_below(kn->kn_fp->f_data, top,
			    visit));
	kq->kq_visit = visit;
	return (kq->kq_levels = most + 1);
}

static int
levels_above(struct kqueue *kq, u_int visit)
{
	struct knote *kn;
	int most = 0;

	if (kq->kq_visit == visit)
		return (kq->kq_levels);
	SLIST_FOREACH(kn, &kq->kq_rnote, kn_selnext)
		most = MAX(most, levels_above(kn->kn_kq, visit));
	kq->kq_visit = visit;
	return (kq->kq_levels = most + 1);
}

static void
filt_kqdetach(struct knote *kn)
{
	struct kqueue *kq = kn->kn_fp->f_data;

	SLIST_REMOVE(&kq->kq_rnote, kn, knote, kn_selnext);
}

static int
filt_kqueue(struct knote *kn, long hint)
{
	struct kqueue *kq = kn->kn_fp->f_data;

	(void)hint;
	kn->kn_data = kq->kq_nactive;
	return (kqueue_holds(kq));
}

static const struct filterops kqueue_filtops =
	{ 1, NULL, filt_kqdetach, filt_kqueue };

int
kqueue_kqfilter(struct file *fp, struct knote *kn)
{
	static u_int visit;
	struct kqueue *kq = fp->f_data;
	int levels;

	if (kn->kn_filter != EVFILT_READ || kq == kn->kn_kq)
		return (EINVAL);
	levels = levels_below(kq, kn->kn_kq, ++visit);
	levels += levels_above(kn->kn_kq, ++visit);
	if (levels > KQ_LEVELS)
		return (ELOOP);
	kn->kn_fop = &kqueue_filtops;
	SLIST_INSERT_HEAD(&kq->kq_rnote, kn, kn_selnext);
	return (0);
}
