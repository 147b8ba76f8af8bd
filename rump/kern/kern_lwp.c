/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_lwp.c: lwps, processes and kernel threads.
 *
 * An lwp is bound to the host thread that runs it.  Processes exist to share
 * descriptors and credentials; process 0 owns the kernel's own threads, process
 * 1 everything that never asked for a process of its own.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <sys/malloc.h>
#include <sys/filedesc.h>
#include <sys/resourcevar.h>
#include <rump/rumpuser.h>
#include <rump/rump.h>
#include <rump-sys/kmem.h>
#include "kern_private.h"

static LIST_HEAD(, process) allproc = LIST_HEAD_INITIALIZER(allproc);
static LIST_HEAD(, lwp) freelwps = LIST_HEAD_INITIALIZER(freelwps);
static LIST_HEAD(, lwp) alllwps = LIST_HEAD_INITIALIZER(alllwps);
static pid_t lastpid;

static struct lwp lwp0;
static struct process process0;
static struct pstats pstats0;
struct process *initprocess;
struct proc *syncerproc;

static struct ucred cred0 = { .cr_ref = 1 };

struct proc proc0;		/* the kernel itself, while it boots */

static void
lwp_attach(struct lwp *l, struct process *pr)
{
	struct proc *p = &l->l_proc;

	p->p_pid = pr->pr_pid;
	p->p_process = pr;
	p->p_ucred = pr->pr_ucred;
	p->p_fd = pr->pr_fd;
	p->p_rlimit = pr->pr_rlimit;
	p->p_stats = pr->pr_stats;
	pr->pr_nlwps++;
	LIST_INSERT_HEAD(&alllwps, l, l_list);
}

static void
process_setup(struct process *pr, pid_t pid, struct process *parent)
{
	int i;

	pr->pr_pid = pid;
	pr->pr_ppid = parent != NULL ? parent->pr_pid : 0;
	pr->pr_stats = &pstats0;
	for (i = 0; i < RLIM_NLIMITS; i++)
		pr->pr_rlimit[i].rlim_cur = pr->pr_rlimit[i].rlim_max =
		    RLIM_INFINITY;
	pr->pr_rlimit[RLIMIT_NOFILE].rlim_cur = NOFILE;
	pr->pr_rlimit[RLIMIT_NOFILE].rlim_max = FD_MOST;
	LIST_INSERT_HEAD(&allproc, pr, pr_list);
}

/* Boots process 0 and binds the calling thread to its lwp. */
void
lwp_init(void)
{

	process0.pr_ucred = &cred0;
	process0.pr_fd = fdinit();
	process_setup(&process0, 0, NULL);
	lwp_attach(&lwp0, &process0);
	lwp0.l_proc.p_flag = P_SYSTEM;
	lwp0.l_proc.p_comm = "boot";
	rumpuser_cv_init(&lwp0.l_cv);
	proc0 = lwp0.l_proc;
	rumpuser_curlwpop(RUMPUSER_LWP_SET, &lwp0);
	curproc = &lwp0.l_proc;
}

struct process *
process_find(pid_t pid)
{
	struct process *pr;

	LIST_FOREACH(pr, &allproc, pr_list)
		if (pr->pr_pid == pid)
			return (pr);
	return (NULL);
}

/* A process without lwps.  RUMP_RFFDG copies the parent's descriptors. */
struct process *
process_create(struct process *parent, int flags)
{
	struct process *pr;

	pr = malloc(sizeof(*pr), M_PROC, M_WAITOK | M_ZERO);
	do {
		if (++lastpid <= 0)
			lastpid = 1;
	} while (process_find(lastpid) != NULL);
	process_setup(pr, lastpid, parent);
	pr->pr_ucred = parent->pr_ucred;
	crhold(pr->pr_ucred);
	pr->pr_ruid = parent->pr_ruid;
	pr->pr_rgid = parent->pr_rgid;
	memcpy(pr->pr_rlimit, parent->pr_rlimit, sizeof(pr->pr_rlimit));
	if (flags & RUMP_RFFDG) {
		pr->pr_fd = fdcopy(parent->pr_fd);
	} else if (flags & RUMP_RFCFDG) {
		pr->pr_fd = fdinit();
	} else {
		pr->pr_fd = parent->pr_fd;
		pr->pr_fd->fd_refs++;
	}
	return (pr);
}

/* The lwps' copies follow; the list is walked, as credentials change rarely. */
void
process_setcred(struct process *pr, struct ucred *cr)
{
	struct lwp *l;

	pr->pr_ucred = cr;
	LIST_FOREACH(l, &alllwps, l_list)
		if (l->l_proc.p_process == pr)
			l->l_proc.p_ucred = cr;
}

/* For a mount: whoever has olddp as working folder or root gets newdp. */
void
process_movedirs(struct vnode *olddp, struct vnode *newdp)
{
	struct filedesc *fdp;
	struct process *pr;

again:
	LIST_FOREACH(pr, &allproc, pr_list) {
		fdp = pr->pr_fd;
		if (fdp->fd_cdir == olddp)
			fdp->fd_cdir = newdp;
		else if (fdp->fd_rdir == olddp)
			fdp->fd_rdir = newdp;
		else
			continue;
		fd_vref(newdp);
		fd_vrele(olddp);	/* may sleep: the list may change */
		goto again;
	}
}

/* The process behind prev (after NULL the first) that has this table. */
struct process *
process_sharing(const struct filedesc *fdp, struct process *prev)
{
	struct process *pr;

	pr = prev == NULL ? LIST_FIRST(&allproc) : LIST_NEXT(prev, pr_list);
	while (pr != NULL && pr->pr_fd != fdp)
		pr = LIST_NEXT(pr, pr_list);
	return (pr);
}

static void
process_destroy(struct process *pr)
{

	/* Nobody may find it while closing its files sleeps. */
	LIST_REMOVE(pr, pr_list);
	fdunlock(pr);
	fdfree(pr->pr_fd, curproc);
	crfree(pr->pr_ucred);
	free(pr, M_PROC);
}

struct lwp *
lwp_create(struct process *pr)
{
	struct lwp *l;
	struct rumpuser_cv *cv;

	if ((l = LIST_FIRST(&freelwps)) != NULL) {
		LIST_REMOVE(l, l_list);
		cv = l->l_cv;
		memset(l, 0, sizeof(*l));
		l->l_cv = cv;
	} else {
		l = malloc(sizeof(*l), M_LWP, M_WAITOK | M_ZERO);
		rumpuser_cv_init(&l->l_cv);
	}
	lwp_attach(l, pr);
	rumpuser_curlwpop(RUMPUSER_LWP_CREATE, l);
	return (l);
}

/*
 * Ends an lwp that nobody is bound to, and its process with the last one.  Runs
 * on any lwp inside the kernel, that one included.
 */
void
lwp_destroy(struct lwp *l)
{
	struct process *pr = l->l_proc.p_process;

	KASSERT(l->l_wchan == NULL);
	if (timeout_pending(&l->l_timeout))
		timeout_del(&l->l_timeout);
	if (--pr->pr_nlwps == 0 && pr != initprocess && pr != &process0)
		process_destroy(pr);
	rumpuser_curlwpop(RUMPUSER_LWP_DESTROY, l);
	LIST_REMOVE(l, l_list);
	LIST_INSERT_HEAD(&freelwps, l, l_list);
}

/*
 * Kernel threads.  All are joined when the kernel goes down: each must notice
 * (its component's shutdown code wakes it) and return.
 */
struct kthread {
	LIST_ENTRY(kthread) kt_list;
	void (*kt_func)(void *);
	void *kt_arg;
	struct lwp *kt_lwp;
	void *kt_cookie;
};
void (*kthread_stop)(void);
static LIST_HEAD(, kthread) kthreads = LIST_HEAD_INITIALIZER(kthreads);

static void *
kthread_start(void *arg)
{
	struct kthread *kt = arg;

	rumpuser_curlwpop(RUMPUSER_LWP_SET, kt->kt_lwp);
	rump_schedule();
	kt->kt_func(kt->kt_arg);
	curlwp->l_flags |= L_RELEASING;
	rump_unschedule();
	return (NULL);
}

int
kthread_create(void (*func)(void *), void *arg, struct lwp **newlwp,
    const char *name)
{
	struct kthread *kt;
	int error;

	kt = malloc(sizeof(*kt), M_LWP, M_WAITOK | M_ZERO);
	kt->kt_func = func;
	kt->kt_arg = arg;
	kt->kt_lwp = lwp_create(&process0);
	kt->kt_lwp->l_proc.p_flag |= P_SYSTEM;
	kt->kt_lwp->l_proc.p_comm = name;
	LIST_INSERT_HEAD(&kthreads, kt, kt_list);
	error = rumpuser_thread_create(kthread_start, kt, name, 1, -1, -1,
	    &kt->kt_cookie);
	if (error != 0) {
		LIST_REMOVE(kt, kt_list);
		lwp_destroy(kt->kt_lwp);
		free(kt, M_LWP);
		return (error);
	}
	if (newlwp != NULL)
		*newlwp = kt->kt_lwp;
	return (0);
}

/* Caller is inside the kernel and leaves it while it waits. */
void
kthread_joinall(void)
{
	struct kthread *kt;

	while ((kt = LIST_FIRST(&kthreads)) != NULL) {
		LIST_REMOVE(kt, kt_list);
		rump_cpu_unschedule();
		rumpuser_thread_join(kt->kt_cookie);
		rump_cpu_schedule();
		free(kt, M_LWP);
	}
}

/* Process 1, to which the booting thread moves. */
void
initprocess_start(void)
{
	struct lwp *l;

	initprocess = process_create(&process0, RUMP_RFCFDG);
	l = lwp_create(initprocess);
	l->l_proc.p_comm = "init";
	rumpuser_curlwpop(RUMPUSER_LWP_CLEAR, &lwp0);
	rumpuser_curlwpop(RUMPUSER_LWP_SET, l);
	curproc = &l->l_proc;
}
