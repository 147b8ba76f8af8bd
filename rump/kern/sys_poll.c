/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_poll.c: poll(2).
 *
 * Whoever waits sleeps on one address for all files: an event wakes every poll,
 * and each looks at its own descriptors again.  For many descriptors, and many
 * who wait, there is kqueue(2).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/poll.h>
#include <sys/pollvar.h>
#include <sys/proc.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/kmem.h>
#include <rump-sys/syscall.h>

#define	POLL_SMALL	32		/* descriptors on the stack */

/* Belong to the virtual CPU. */
int poll_waiters;
static u_int poll_happened;		/* events: looking may sleep */

void
poll_wakeup(void)
{

	poll_happened++;
	if (poll_waiters != 0)
		wakeup(&poll_waiters);
}

static short
poll_one(int fd, short events, struct proc *p)
{
	struct file *fp;
	int revents;

	if (fd < 0)
		return (0);
	if (fdget(p, fd, &fp) != 0)
		return (POLLNVAL);
	if (fp->f_ops->fo_poll == NULL)
		revents = events & (POLLIN | POLLRDNORM | POLLOUT);
	else
		revents = fp->f_ops->fo_poll(fp, events);
	(void)frele(fp, p);
	return ((short)revents);
}

/* deadline: on the monotonic clock; 0: none, negative: does not wait. */
static int
poll_all(struct rump_pollfd *fds, u_int n, int64_t deadline, int *rv)
{
	int64_t left = 0;
	u_int before, i;

	for (;;) {
		*rv = 0;
		before = poll_happened;
		for (i = 0; i < n; i++) {
			fds[i].revents = poll_one(fds[i].fd, fds[i].events,
			    curproc);
			*rv += fds[i].revents != 0;
		}
		if (*rv != 0 || deadline < 0)
			return (0);
		if (deadline != 0 && (left = deadline - monotonic_nsec()) <= 0)
			return (0);
		if (wait_ended)
			return (EINTR);
		if (before != poll_happened)
			continue;
		poll_waiters++;
		(void)tsleep_nsec(&poll_waiters, PSOCK | PCATCH, "poll", left);
		poll_waiters--;
	}
}

static int
do_poll(struct rump_pollfd *ufds, u_int n, int64_t nsec, int *rv)
{
	struct rump_pollfd small[POLL_SMALL], *fds = small;
	int64_t deadline;
	int error;

	if (n > FD_MOST)
		return (EINVAL);
	if (n != 0 && ufds == NULL)
		return (EFAULT);
	if (n > POLL_SMALL)
		fds = malloc(n * sizeof(*fds), M_TEMP, M_WAITOK);
	if (n != 0)
		memcpy(fds, ufds, n * sizeof(*fds));
	/* Here nsec < 0 is for ever, and 0 not at all. */
	deadline = nsec < 0 ? 0 : nsec == 0 ? -1 : monotonic_nsec() + nsec;
	if ((error = poll_all(fds, n, deadline, rv)) == 0 && n != 0)
		memcpy(ufds, fds, n * sizeof(*fds));
	if (fds != small)
		free(fds, M_TEMP);
	return (error);
}

int
rump_sys_poll(struct rump_pollfd *fds, unsigned int n, int ms)
{

	SYSCALL_RESULT(int, rv, do_poll(fds, n, ms < 0 ? -1 :
	    (int64_t)ms * 1000000, &rv));
}

static int
do_pollts(struct rump_pollfd *fds, u_int n, const struct rump_timespec *ts,
    int *rv)
{

	if (ts != NULL && (ts->tv_sec < 0 || ts->tv_nsec < 0 ||
	    ts->tv_nsec >= 1000000000))
		return (EINVAL);
	return (do_poll(fds, n, ts == NULL || ts->tv_sec > INT_MAX ? -1 :
	    ts->tv_sec * 1000000000 + ts->tv_nsec, rv));
}

int
rump_sys_pollts(struct rump_pollfd *fds, unsigned int n,
    const struct rump_timespec *ts, const void *sigmask)
{

	(void)sigmask;
	SYSCALL_RESULT(int, rv, do_pollts(fds, n, ts, &rv));
}
