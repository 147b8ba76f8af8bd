/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc.h: threads and processes.
 *
 * A driver of the 4.4BSD lineage is handed a struct proc: the thread that it works
 * for, with its credentials.  Here that is one per lwp, so that locks belong to
 * threads; what the lwps of a process share is in struct process (lwp.h).
 */
#ifndef _SYS_PROC_H_
#define	_SYS_PROC_H_

#include <sys/types.h>
#include <sys/ucred.h>
#include <sys/time.h>
#include <sys/lock.h>
#include <sys/timeout.h>
#include <sys/resource.h>
#include <sys/signalvar.h>

struct process;
struct lwp;
struct filedesc;
struct pstats;

struct proc {
	pid_t p_pid;
	int p_flag;
	struct ucred *p_ucred;		/* the process's; not counted */
	struct process *p_process;
	struct pstats *p_stats;
	struct rlimit *p_rlimit;	/* RLIM_NLIMITS of them */
	struct filedesc *p_fd;
	const char *p_comm;
	/* Path lookups. */
	int p_dupfd;
	int p_fdused;			/* of the last fdget() */
};
#define	p_cred		p_process
#define	p_ruid		pr_ruid		/* p->p_cred->p_ruid */

#define	P_SYSTEM	0x00000200
#define	P_SOFTDEP	0x00100000
#define	P_SUGID		0x00000100
#define	P_FLUSHES	0x00200000	/* flushes the device when it is done */

/* The lwp inside the kernel: set whenever one takes the virtual CPU. */
extern struct proc *curproc;
extern struct proc *syncerproc;
extern struct proc proc0;

#include <sys/lwp.h>

#endif /* _SYS_PROC_H_ */
