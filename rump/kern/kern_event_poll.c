/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_event_poll.c: kqueue(2): EVFILT_POLL, a note of all that poll(2) would say
 * of a file.
 *
 * It is what a layer needs that has to wait as Linux's epoll does: one note for
 * reading and writing, whose event has both, and the ends and errors, as they are
 * when it is taken.  fflags of the change are the events of poll(2) that are
 * asked for, data of the event are those that hold.
 *
 * No file knows of it.  The note has two ears, notes of the file's filters for
 * reading and writing that are on no queue: what they hear is an event of their
 * owner, if poll agrees.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/poll.h>
#include "kern_event.h"

/* kn_hook of the note. */
struct pollnote {
	struct knote pn_ear[2];		/* for reading, for writing */
	int pn_hears[2];		/* is it attached? */
};

#define	EV_POLLFLAGS	(EV_ONESHOT | EV_CLEAR | EV_RECEIPT | EV_DISPATCH)

static int
filt_poll(struct knote *kn, long hint)
{

	(void)hint;
	kn->kn_data = kn->kn_fp->f_ops->fo_poll(kn->kn_fp, (int)kn->kn_sfflags);
	return (kn->kn_data != 0);
}

/* which: 0 for reading, 1 for writing. */
static int
ear_attach(struct knote *kn, int which)
{
	struct pollnote *pn = kn->kn_hook;
	struct knote *ear = &pn->pn_ear[which];
	int error;

	*ear = (struct knote){ .kn_filter = which == 0 ? EVFILT_READ :
	    EVFILT_WRITE, .kn_fp = kn->kn_fp, .kn_kq = kn->kn_kq,
	    .kn_owner = kn };
	error = kn->kn_fp->f_ops->fo_kqfilter(kn->kn_fp, ear);
	pn->pn_hears[which] = error == 0;
	return (error);
}

static void
ear_detach(struct pollnote *pn, int which)
{

	if (pn->pn_hears[which])
		pn->pn_ear[which].kn_fop->f_detach(&pn->pn_ear[which]);
	pn->pn_hears[which] = 0;
}

/*
 * Only events that were asked for count: who waits for edges is not told of room
 * to write because there is still something to read.  Ends and errors come to
 * both; a file that has no filter for what was asked for tells of them by the
 * other.
 */
static int
pollnote_listen(struct knote *kn)
{
	struct pollnote *pn = kn->kn_hook;
	int error = 0, events = (int)kn->kn_sfflags, i, wants;
	const int writes = POLLOUT | POLLWRNORM;

	for (i = 0; i < 2; i++) {
		wants = events == 0 || (events & (i == 0 ? ~writes : writes));
		if (!wants)
			ear_detach(pn, i);
		else if (!pn->pn_hears[i])
			error = ear_attach(kn, i);
	}
	if (!pn->pn_hears[0] && !pn->pn_hears[1] &&
	    (error = ear_attach(kn, 0)) == EINVAL)
		error = ear_attach(kn, 1);
	return (pn->pn_hears[0] || pn->pn_hears[1] ? 0 : error);
}

static void
filt_polldetach(struct knote *kn)
{

	ear_detach(kn->kn_hook, 0);
	ear_detach(kn->kn_hook, 1);
	free(kn->kn_hook, M_EVENT);
}

static const struct filterops poll_filtops =
	{ 1, NULL, filt_polldetach, filt_poll };

int
pollnote_attach(struct knote *kn)
{
	int error;

	if (kn->kn_fp->f_ops->fo_poll == NULL)
		return (EINVAL);
	kn->kn_hook = malloc(sizeof(struct pollnote), M_EVENT,
	    M_WAITOK | M_CANFAIL | M_ZERO);
	if (kn->kn_hook == NULL)
		return (ENOMEM);
	kn->kn_fop = &poll_filtops;
	if ((error = pollnote_listen(kn)) != 0)
		free(kn->kn_hook, M_EVENT);
	return (error);
}

/* Added again, it is as if it were new: other events, and how they are told. */
void
pollnote_change(struct knote *kn, u_short flags)
{

	kn->kn_flags = (u_short)((kn->kn_flags & ~EV_POLLFLAGS) |
	    (flags & EV_POLLFLAGS));
	(void)pollnote_listen(kn);
	knote_dequeue(kn);
}
