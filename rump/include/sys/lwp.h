/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp.h: what the base itself knows of threads, processes and the virtual CPU.
 */
#ifndef _SYS_LWP_H_
#define	_SYS_LWP_H_

#include <sys/queue.h>

struct rumpuser_cv;
struct ucred;
struct filedesc;
struct vnode;

/* Shared by the lwps of a process.  All fields belong to the virtual CPU. */
struct process {
	LIST_ENTRY(process) pr_list;
	pid_t pr_pid;
	pid_t pr_ppid;
	int pr_nlwps;
	uid_t pr_ruid;
	gid_t pr_rgid;
	int pr_locks;			/* may have locks of bytes (fcntl) */
	struct ucred *pr_ucred;		/* one reference */
	struct filedesc *pr_fd;		/* one reference */
	struct rlimit pr_rlimit[RLIM_NLIMITS];
	struct pstats *pr_stats;
};

/* One thread of control. */
struct lwp {
	struct proc l_proc;		/* first: curproc points to it */
	LIST_ENTRY(lwp) l_list;
	int l_flags;

	/* Sleeping (kern_synch.c); belong to the virtual CPU. */
	TAILQ_ENTRY(lwp) l_sleepq;
	const volatile void *l_wchan;	/* NULL: awake */
	const char *l_wmesg;
	struct rumpuser_cv *l_cv;
	int l_timedout;
	struct timeout l_timeout;
};
#define	L_TEMPORARY	0x01		/* made by rump_schedule() */
#define	L_RELEASING	0x02		/* to be freed on unschedule */

#define	curlwp		((struct lwp *)(void *)curproc)
#define	lwp_of(p)	((struct lwp *)(void *)(p))

/* kern_lwp.c */
void	lwp_init(void);
struct lwp *lwp_create(struct process *);
void	lwp_destroy(struct lwp *);
struct process *process_create(struct process *parent, int flags);
struct process *process_find(pid_t);
void	process_setcred(struct process *, struct ucred *);
void	process_movedirs(struct vnode *, struct vnode *);
struct process *process_sharing(const struct filedesc *, struct process *);
int	kthread_create(void (*)(void *), void *, struct lwp **, const char *);
extern struct process *initprocess;	/* process 1 */
extern void (*kthread_stop)(void);	/* a thread's: it must end now */

/* kern_sched.c: the one virtual CPU. */
void	sched_init(void);
void	sched_enter(struct lwp *);	/* take the CPU */
void	sched_leave(void);		/* give it up */
void	sched_sleep(struct rumpuser_cv *);	/* give it up until signalled */
int	sched_held(void);
int	rump_cpu_unschedule(void);	/* gives it up if held; says whether */
void	rump_cpu_schedule(void);

/* kern_synch.c, kern_timeout.c */
void	synch_init(void);
void	timeout_init(void);
void	timeout_shutdown(void);
void	timeout_add_nsec(struct timeout *, int64_t);
int	tsleep_nsec(const volatile void *, int, const char *, int64_t);
int64_t	monotonic_nsec(void);

#endif /* _SYS_LWP_H_ */
