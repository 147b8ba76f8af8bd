/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subr_tally.c: a count that a file makes its readers wait for (tally.h).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/poll.h>
#include <sys/pollvar.h>
#include <sys/proc.h>
#include <rump-sys/kmem.h>
#include "tally.h"

static LIST_HEAD(, tally) tallies = LIST_HEAD_INITIALIZER(tallies);

/* Whoever waits fails: wait_ended is set. */
static void
tallies_end(void)
{
	struct tally *ta;

	LIST_FOREACH(ta, &tallies, ta_all)
		wakeup(ta);
}

void
tally_init(struct tally *ta)
{

	wait_end_tallies = tallies_end;
	LIST_INSERT_HEAD(&tallies, ta, ta_all);
}

void
tally_fini(struct tally *ta)
{

	LIST_REMOVE(ta, ta_all);
}

void
tally_tell(struct tally *ta, struct klist *list)
{

	wakeup(ta);
	KNOTE(list, 0);
	poll_wakeup();
}

int
tally_wait(struct file *fp)
{
	struct tally *ta = fp->f_data;
	u_int closes = ta->ta_closes;

	if (fp->f_flag & FNONBLOCK)
		return (EAGAIN);
	if (wait_ended)
		return (EINTR);
	(void)tsleep(ta, PWAIT | PCATCH, "tally", 0);
	if (ta->ta_closes != closes && fdgone(ta))
		return (EBADF);
	return (wait_ended ? EINTR : 0);
}

int
tally_await(struct file *fp, const off_t *off, const struct uio *uio)
{
	const struct tally *ta = fp->f_data;
	int error;

	if (off != &fp->f_offset)
		return (ESPIPE);
	if (uio->uio_resid < sizeof(ta->ta_count))
		return (EINVAL);
	while (ta->ta_count == 0)
		if ((error = tally_wait(fp)) != 0)
			return (error);
	return (0);
}

int
tally_read(struct file *fp, uint64_t takes, struct uio *uio)
{
	struct tally *ta = fp->f_data;
	uint64_t n = MIN(takes, ta->ta_count);
	int error;

	if ((error = uiomove(&n, sizeof(n), uio)) != 0)
		return (error);
	ta->ta_count -= n;
	if (ta->ta_most != 0)
		tally_tell(ta, &ta->ta_wnote);
	return (0);
}

int
tally_poll(struct file *fp, int events)
{
	const struct tally *ta = fp->f_data;
	int revents = 0;

	if (ta->ta_count != 0)
		revents |= events & (POLLIN | POLLRDNORM);
	if (ta->ta_count < ta->ta_most)
		revents |= events & (POLLOUT | POLLWRNORM);
	return (revents);
}

static void
filt_tallyrdetach(struct knote *kn)
{
	struct tally *ta = kn->kn_fp->f_data;

	SLIST_REMOVE(&ta->ta_rnote, kn, knote, kn_selnext);
}

static void
filt_tallywdetach(struct knote *kn)
{
	struct tally *ta = kn->kn_fp->f_data;

	SLIST_REMOVE(&ta->ta_wnote, kn, knote, kn_selnext);
}

static int
filt_tallyread(struct knote *kn, long hint)
{
	const struct tally *ta = kn->kn_fp->f_data;

	(void)hint;
	kn->kn_data = (int64_t)ta->ta_count;
	return (ta->ta_count != 0);
}

static int
filt_tallywrite(struct knote *kn, long hint)
{
	const struct tally *ta = kn->kn_fp->f_data;

	(void)hint;
	kn->kn_data = (int64_t)(ta->ta_most - ta->ta_count);
	return (ta->ta_count < ta->ta_most);
}

static const struct filterops tallyread_filtops =
	{ 1, NULL, filt_tallyrdetach, filt_tallyread };
static const struct filterops tallywrite_filtops =
	{ 1, NULL, filt_tallywdetach, filt_tallywrite };

int
tally_kqfilter(struct file *fp, struct knote *kn)
{
	struct tally *ta = fp->f_data;

	if (kn->kn_filter == EVFILT_READ) {
		kn->kn_fop = &tallyread_filtops;
		SLIST_INSERT_HEAD(&ta->ta_rnote, kn, kn_selnext);
	} else if (kn->kn_filter == EVFILT_WRITE && ta->ta_most != 0) {
		kn->kn_fop = &tallywrite_filtops;
		SLIST_INSERT_HEAD(&ta->ta_wnote, kn, kn_selnext);
	} else {
		return (EINVAL);
	}
	return (0);
}

void
tally_interrupt(struct file *fp)
{
	struct tally *ta = fp->f_data;

	ta->ta_closes++;
	wakeup(ta);
}
