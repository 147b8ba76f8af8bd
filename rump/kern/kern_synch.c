/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_synch.c: sleep and wakeup (sleep(9)).
 *
 * A sleeper waits on its lwp's own condition variable with the virtual CPU as
 * the mutex, so that no wakeup can fall between its last look and its sleep.
 * Time limits are timeouts: no lwp but the clock's ever waits with one.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <sys/kernel.h>
#include <rump/rumpuser.h>

#define	SLPQ_SIZE	64
static TAILQ_HEAD(slpq, lwp) slpq[SLPQ_SIZE];

void
synch_init(void)
{
	int i;

	for (i = 0; i < SLPQ_SIZE; i++)
		TAILQ_INIT(&slpq[i]);
}

static struct slpq *
slpq_of(const volatile void *ident)
{
	uintptr_t n = (uintptr_t)ident;

	return (&slpq[((n >> 4) ^ (n >> 12)) & (SLPQ_SIZE - 1)]);
}

static void
unsleep(struct lwp *l)
{

	TAILQ_REMOVE(slpq_of(l->l_wchan), l, l_sleepq);
	l->l_wchan = NULL;
	rumpuser_cv_signal(l->l_cv);
}

static void
sleep_timedout(void *arg)
{
	struct lwp *l = arg;

	if (l->l_wchan != NULL) {
		l->l_timedout = 1;
		unsleep(l);
	}
}

/* nsec: 0 sleeps for ever. */
int
tsleep_nsec(const volatile void *ident, int prio, const char *wmesg,
    int64_t nsec)
{
	struct lwp *l = curlwp;

	(void)prio;
	KASSERT(ident != NULL && l->l_wchan == NULL);
	l->l_wchan = ident;
	l->l_wmesg = wmesg;
	l->l_timedout = 0;
	TAILQ_INSERT_TAIL(slpq_of(ident), l, l_sleepq);
	if (nsec != 0) {
		timeout_set(&l->l_timeout, sleep_timedout, l);
		timeout_add_nsec(&l->l_timeout, nsec);
	}
	while (l->l_wchan != NULL)
		sched_sleep(l->l_cv);
	if (nsec != 0 && !l->l_timedout)
		timeout_del(&l->l_timeout);
	return (l->l_timedout ? EWOULDBLOCK : 0);
}

int
tsleep(const volatile void *ident, int prio, const char *wmesg, int timo)
{

	return (tsleep_nsec(ident, prio, wmesg,
	    (int64_t)timo * (1000000000 / hz)));
}

int
ltsleep(const volatile void *ident, int prio, const char *wmesg, int timo,
    void *interlock)
{

	(void)interlock;	/* a simple lock: nothing to release */
	return (tsleep(ident, prio, wmesg, timo));
}

void
wakeup_n(const volatile void *ident, int n)
{
	struct slpq *q = slpq_of(ident);
	struct lwp *l, *next;

	for (l = TAILQ_FIRST(q); l != NULL && n != 0; l = next) {
		next = TAILQ_NEXT(l, l_sleepq);
		if (l->l_wchan == ident) {
			unsleep(l);
			n--;
		}
	}
}

void
wakeup(const volatile void *ident)
{

	wakeup_n(ident, -1);
}
