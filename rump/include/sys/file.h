/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * file.h: open files.
 */
#ifndef _SYS_FILE_H_
#define	_SYS_FILE_H_

#include <sys/types.h>
#include <sys/fcntl.h>
#include <sys/queue.h>
#include <sys/uio.h>

struct file;
struct flock;
struct knote;
struct proc;
struct ucred;
struct rump_stat;

struct fileops {
	int (*fo_read)(struct file *, off_t *, struct uio *, struct ucred *);
	int (*fo_write)(struct file *, off_t *, struct uio *, struct ucred *);
	/* All but FIONBIO; NULL: there is nothing to ask. */
	int (*fo_ioctl)(struct file *, u_long, caddr_t, struct proc *);
	int (*fo_stat)(struct file *, struct rump_stat *, struct proc *);
	int (*fo_close)(struct file *, struct proc *);
	/* Locks of bytes, for owner id; NULL: there are none. */
	int (*fo_advlock)(struct file *, void *id, int op, struct flock *,
	    int flags);
	/*
	 * A descriptor was closed, and the file goes on: there are others, or
	 * calls that wait, and some of these came by it.  Or NULL.
	 */
	void (*fo_interrupt)(struct file *);
	/* Only messages refer to the file now (f_inflight); or NULL. */
	void (*fo_adrift)(struct file *);
	/* Attaches a note (sys/event.h); NULL: tells no events. */
	int (*fo_kqfilter)(struct file *, struct knote *);
	/* Which of events (sys/poll.h) hold; NULL: it never makes one wait. */
	int (*fo_poll)(struct file *, int events);
};

#define	DTYPE_VNODE	1
#define	DTYPE_SOCKET	2
#define	DTYPE_PIPE	3
#define	DTYPE_KQUEUE	4
#define	DTYPE_FSEVENTS	5
#define	DTYPE_EVENTFD	6
#define	DTYPE_TIMERFD	7
#define	DTYPE_BPF	8

/*
 * All fields belong to the virtual CPU.  f_count: descriptors, calls under way
 * and messages that carry the file to another process; the last one closes.
 */
struct file {
	int f_count;
	int f_inflight;			/* of these, messages */
	int f_thrown;			/* in messages that were thrown away, */
	struct file *f_nextthrown;	/* and are not yet let go of */
	int f_type;
	int f_flag;			/* FREAD, FWRITE, ... */
	int f_locked;			/* flock(2): released when closed */
	off_t f_offset;
	struct ucred *f_cred;
	const struct fileops *f_ops;
	void *f_data;
	LIST_HEAD(, knote) f_knotes;
};
extern const struct fileops vnops;

/* What fstat(2) says of a file that has no name. */
void	file_stat(const struct file *, mode_t, struct rump_stat *);

#endif /* _SYS_FILE_H_ */
