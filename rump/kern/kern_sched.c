/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_sched.c: the one virtual CPU.
 *
 * Whoever runs inside the kernel holds cpu_mtx; that is what makes spl*() and
 * simple locks of one-processor drivers true here.  It is given up across every
 * sleep (kern_synch.c) and every hypercall that blocks (the host calls the
 * backend upcalls below).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <rump/rumpuser.h>
#include <rump/rump.h>

static struct rumpuser_mtx *cpu_mtx;

struct proc *curproc;		/* its lwp holds cpu_mtx; NULL: nobody does */

void
sched_init(void)
{

	rumpuser_mutex_init(&cpu_mtx, RUMPUSER_MTX_SPIN);
}

/* Takes the CPU for l, an lwp of this host thread. */
void
sched_enter(struct lwp *l)
{

	rumpuser_mutex_enter_nowrap(cpu_mtx);
	curproc = &l->l_proc;
	if (__predict_false(time_users != 0))
		time_refresh();
}

void
sched_leave(void)
{

	curproc = NULL;
	rumpuser_mutex_exit(cpu_mtx);
}

/* Gives the CPU up until cv is signalled; the caller checks why it woke. */
void
sched_sleep(struct rumpuser_cv *cv)
{
	struct proc *p = curproc;

	curproc = NULL;
	rumpuser_cv_wait_nowrap(cv, cpu_mtx);
	curproc = p;
	if (__predict_false(time_users != 0))
		time_refresh();
}

/*
 * Does this thread hold the CPU?  curproc may change under a thread that does
 * not, but never to that thread's own lwp.
 */
int
sched_held(void)
{
	struct lwp *l = rumpuser_curlwp();

	return (l != NULL && *(struct proc *volatile *)&curproc == &l->l_proc);
}

int
rump_cpu_unschedule(void)
{

	if (!sched_held())
		return (0);
	sched_leave();
	return (1);
}

void
rump_cpu_schedule(void)
{

	sched_enter(rumpuser_curlwp());
}

void
rump_schedule(void)
{
	struct lwp *l = rumpuser_curlwp();

	if (__predict_true(l != NULL)) {
		sched_enter(l);
		return;
	}
	/*
	 * A thread of the host's: lend it an lwp of process 1.  curproc is the
	 * boot lwp's meanwhile, for what the allocation wants to know.
	 */
	rumpuser_mutex_enter_nowrap(cpu_mtx);
	curproc = &proc0;
	l = lwp_create(initprocess);
	l->l_flags |= L_TEMPORARY;
	rumpuser_curlwpop(RUMPUSER_LWP_SET, l);
	curproc = &l->l_proc;
}

void
rump_unschedule(void)
{
	struct lwp *l = curlwp;

	/* The thread gave its lwp up (lwproc_switch to none). */
	if (__predict_false(curproc == &proc0)) {
		sched_leave();
		return;
	}
	if (__predict_false(l->l_flags & (L_TEMPORARY | L_RELEASING))) {
		rumpuser_curlwpop(RUMPUSER_LWP_CLEAR, l);
		lwp_destroy(l);
	}
	sched_leave();
}
