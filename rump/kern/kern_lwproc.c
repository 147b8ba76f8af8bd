/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_lwproc.c: lwps and processes for the host: rump_lwproc(3), and the
 * upcalls that the host makes for its own threads' and a remote client's sake.
 *
 * Who calls a rump_pub_ function is outside the kernel; the host makes upcalls
 * about lwps between hyp_schedule() and hyp_unschedule(), as NetBSD's does.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <rump/rumpuser.h>
#include <rump/rump.h>
#include "kern_private.h"

/*
 * Moves the thread, which is inside the kernel, to another lwp (NULL: to none,
 * which only a thread about to leave the kernel may do).
 */
static void
lwproc_switch(struct lwp *to)
{
	struct lwp *from = curlwp;

	if (to == from)
		return;
	KASSERT((from->l_flags & L_TEMPORARY) == 0 || to != NULL);
	rumpuser_curlwpop(RUMPUSER_LWP_CLEAR, from);
	if (to != NULL) {
		rumpuser_curlwpop(RUMPUSER_LWP_SET, to);
		curproc = &to->l_proc;
	}
	if (from->l_flags & (L_TEMPORARY | L_RELEASING))
		lwp_destroy(from);
	if (to == NULL)
		curproc = &proc0;	/* for rump_unschedule() */
}

/* Upcall. */
static void
hyp_lwproc_switch(struct lwp *to)
{

	if (to != NULL || (curlwp->l_flags & L_TEMPORARY) == 0)
		lwproc_switch(to);
}

void
rump_pub_lwproc_switch(struct lwp *to)
{

	rump_schedule();
	hyp_lwproc_switch(to);
	rump_unschedule();
}

struct lwp *
rump_pub_lwproc_curlwp(void)
{

	return (rumpuser_curlwp());
}

static int
lwproc_rfork(int flags)
{

	if ((flags & ~(RUMP_RFFDG | RUMP_RFCFDG)) != 0 ||
	    flags == (RUMP_RFFDG | RUMP_RFCFDG))
		return (EINVAL);
	lwproc_switch(lwp_create(process_create(curproc->p_process, flags)));
	return (0);
}

int
rump_pub_lwproc_rfork(int flags)
{
	int error;

	rump_schedule();
	error = lwproc_rfork(flags);
	rump_unschedule();
	return (error);
}

/* Upcall. */
static int
hyp_lwproc_newlwp(int pid)
{
	struct process *pr;

	if ((pr = process_find(pid)) == NULL)
		return (ESRCH);
	lwproc_switch(lwp_create(pr));
	return (0);
}

int
rump_pub_lwproc_newlwp(int32_t pid)
{
	int error;

	rump_schedule();
	error = hyp_lwproc_newlwp(pid);
	rump_unschedule();
	return (error);
}

/* Upcall.  The lwp ends when its thread leaves the kernel. */
static void
hyp_lwproc_release(void)
{

	curlwp->l_flags |= L_RELEASING;
}

void
rump_pub_lwproc_releaselwp(void)
{

	rump_schedule();
	hyp_lwproc_release();
	rump_unschedule();
}

static void
hyp_backend_unschedule(int nlocks, int *countp, void *interlock)
{

	(void)nlocks;
	(void)interlock;
	*countp = rump_cpu_unschedule();
}

static void
hyp_backend_schedule(int nlocks, void *interlock)
{

	(void)interlock;
	if (nlocks != 0)
		rump_cpu_schedule();
}

static int
hyp_lwproc_rfork(void *priv, int flags, const char *comm)
{

	(void)priv;
	(void)comm;
	return (lwproc_rfork(flags));
}

static int
hyp_syscall(int number, void *arg, long *retval)
{

	(void)number;
	(void)arg;
	(void)retval;
	return (ENOSYS);
}

static void
hyp_execnotify(const char *comm)
{

	(void)comm;
}

static int
hyp_getpid(void)
{
	struct lwp *l = rumpuser_curlwp();

	return (l != NULL ? l->l_proc.p_pid : -1);
}

const struct rump_hyperup hyperup = {
	.hyp_schedule = rump_schedule,
	.hyp_unschedule = rump_unschedule,
	.hyp_backend_unschedule = hyp_backend_unschedule,
	.hyp_backend_schedule = hyp_backend_schedule,
	.hyp_lwproc_switch = hyp_lwproc_switch,
	.hyp_lwproc_release = hyp_lwproc_release,
	.hyp_lwproc_rfork = hyp_lwproc_rfork,
	.hyp_lwproc_newlwp = hyp_lwproc_newlwp,
	.hyp_lwproc_curlwp = rump_pub_lwproc_curlwp,
	.hyp_syscall = hyp_syscall,
	.hyp_lwpexit = hyp_lwproc_release,
	.hyp_execnotify = hyp_execnotify,
	.hyp_getpid = hyp_getpid,
};
