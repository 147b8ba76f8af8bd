/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_pipe.c: pipes without names (pipe2(2)), and the end of waiting in pipes and
 * on sockets.
 *
 * The two ends are open files of one struct pipe, told apart by their flags.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/errno.h>
#include <sys/event.h>
#include <sys/fcntl.h>
#include <sys/file.h>
#include <sys/filedesc.h>
#include <sys/ioctl.h>
#include <sys/malloc.h>
#include <sys/poll.h>
#include <sys/pollvar.h>
#include <sys/proc.h>
#include <sys/ring.h>
#include <sys/stat.h>
#include <sys/ucred.h>
#include <rump/rump.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/kmem.h>
#include <rump-sys/syscall.h>

/* All fields belong to the virtual CPU.  Whoever waits sleeps on it. */
struct pipe {
	struct ring pi_ring;
	int pi_ends;			/* FREAD, FWRITE: which are open */
	u_int pi_closes;		/* descriptors closed while in use */
	struct klist pi_rnote, pi_wnote;
	struct timespec pi_time;	/* of the last transfer */
	LIST_ENTRY(pipe) pi_all;
};
static LIST_HEAD(, pipe) pipes = LIST_HEAD_INITIALIZER(pipes);

int wait_ended;

/* ends: FREAD, FWRITE: whose notes it is an event for. */
static void
pipe_tell(struct pipe *pi, int ends)
{

	wakeup(pi);
	if (ends & FREAD)
		KNOTE(&pi->pi_rnote, 0);
	if (ends & FWRITE)
		KNOTE(&pi->pi_wnote, 0);
	poll_wakeup();
}

static int
pipe_canread(const struct pipe *pi)
{

	return (pi->pi_ring.r_used != 0 || (pi->pi_ends & FWRITE) == 0);
}

static int
pipe_canwrite(const struct pipe *pi)
{

	return (RING_SIZE - pi->pi_ring.r_used >= RING_ATOMIC ||
	    (pi->pi_ends & FREAD) == 0);
}

/* Waits for a change; the caller's file keeps the pipe. */
static int
pipe_wait(struct pipe *pi)
{
	u_int closes = pi->pi_closes;

	if (wait_ended)
		return (EINTR);
	(void)tsleep(pi, PWAIT | PCATCH, "pipe", 0);
	if (pi->pi_closes != closes && fdgone(pi))
		return (EBADF);
	return (wait_ended ? EINTR : 0);
}

static int
pipe_read(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{
	struct pipe *pi = fp->f_data;
	int error, wasfull;

	(void)cred;
	if (off != &fp->f_offset)
		return (ESPIPE);
	if (uio->uio_resid == 0)
		return (0);
	while (pi->pi_ring.r_used == 0) {
		if ((pi->pi_ends & FWRITE) == 0)
			return (0);
		if (fp->f_flag & FNONBLOCK)
			return (EAGAIN);
		if ((error = pipe_wait(pi)) != 0)
			return (error);
	}
	wasfull = !pipe_canwrite(pi);
	if ((error = ring_read(&pi->pi_ring, uio)) != 0)
		return (error);
	nanotime(&pi->pi_time);
	pipe_tell(pi, wasfull ? FWRITE : 0);
	return (0);
}

static int
pipe_write(struct file *fp, off_t *off, struct uio *uio, struct ucred *cred)
{
	struct pipe *pi = fp->f_data;
	size_t least = RING_LEAST(uio->uio_resid);
	int error = 0;

	(void)cred;
	if (off != &fp->f_offset)
		return (ESPIPE);
	while (error == 0 && uio->uio_resid != 0) {
		if ((pi->pi_ends & FREAD) == 0)
			return (EPIPE);
		error = ring_write(&pi->pi_ring, least, uio);
		if (error == 0) {
			nanotime(&pi->pi_time);
			pipe_tell(pi, FREAD);
		} else if (error == EAGAIN && (fp->f_flag & FNONBLOCK) == 0) {
			error = pipe_wait(pi);
		}
	}
	return (error);
}

static int
pipe_ioctl(struct file *fp, u_long cmd, caddr_t data, struct proc *p)
{
	const struct pipe *pi = fp->f_data;

	(void)p;
	switch (cmd) {
	case FIONREAD:
		*(int *)(void *)data = (int)pi->pi_ring.r_used;
		return (0);
	default:
		return (ENOTTY);
	}
}

static int
pipe_stat(struct file *fp, struct rump_stat *sb, struct proc *p)
{
	const struct pipe *pi = fp->f_data;

	(void)p;
	file_stat(fp, S_IFIFO | S_IRUSR | S_IWUSR, sb);
	sb->st_size = (int64_t)pi->pi_ring.r_used;
	sb->st_blksize = RING_ATOMIC;
	sb->st_mtim.tv_sec = pi->pi_time.tv_sec;
	sb->st_mtim.tv_nsec = pi->pi_time.tv_nsec;
	sb->st_atim = sb->st_ctim = sb->st_mtim;
	return (0);
}

static int
pipe_close(struct file *fp, struct proc *p)
{
	struct pipe *pi = fp->f_data;

	(void)p;
	pi->pi_ends &= ~(fp->f_flag & (FREAD | FWRITE));
	if (pi->pi_ends != 0) {
		pipe_tell(pi, FREAD | FWRITE);
		return (0);
	}
	LIST_REMOVE(pi, pi_all);
	ring_free(&pi->pi_ring);
	free(pi, M_FILE);
	return (0);
}

static void
pipe_interrupt(struct file *fp)
{
	struct pipe *pi = fp->f_data;

	pi->pi_closes++;
	wakeup(pi);
}

static int
pipe_poll(struct file *fp, int events)
{
	const struct pipe *pi = fp->f_data;
	int revents = 0;

	if ((fp->f_flag & FREAD) && pipe_canread(pi))
		revents |= events & (POLLIN | POLLRDNORM);
	if ((fp->f_flag & FWRITE) && pipe_canwrite(pi))
		revents |= events & (POLLOUT | POLLWRNORM);
	if (pi->pi_ends != (FREAD | FWRITE))
		revents |= POLLHUP;
	return (revents);
}

/* kn_hook: the list that the note is on. */
static void
filt_pipedetach(struct knote *kn)
{
	struct klist *list = kn->kn_hook;

	SLIST_REMOVE(list, kn, knote, kn_selnext);
}

static int
filt_piperead(struct knote *kn, long hint)
{
	const struct pipe *pi = kn->kn_fp->f_data;

	(void)hint;
	kn->kn_data = (int64_t)pi->pi_ring.r_used;
	kn->kn_flags &= (u_short)~EV_EOF;
	if ((pi->pi_ends & FWRITE) == 0)
		kn->kn_flags |= EV_EOF;
	return (pipe_canread(pi));
}

static int
filt_pipewrite(struct knote *kn, long hint)
{
	const struct pipe *pi = kn->kn_fp->f_data;

	(void)hint;
	kn->kn_data = (int64_t)(RING_SIZE - pi->pi_ring.r_used);
	kn->kn_flags &= (u_short)~EV_EOF;
	if ((pi->pi_ends & FREAD) == 0)
		kn->kn_flags |= EV_EOF;
	return (pipe_canwrite(pi));
}

static const struct filterops piperead_filtops =
	{ 1, NULL, filt_pipedetach, filt_piperead };
static const struct filterops pipewrite_filtops =
	{ 1, NULL, filt_pipedetach, filt_pipewrite };

static int
pipe_kqfilter(struct file *fp, struct knote *kn)
{
	struct pipe *pi = fp->f_data;

	if (kn->kn_filter == EVFILT_READ && (fp->f_flag & FREAD)) {
		kn->kn_fop = &piperead_filtops;
		kn->kn_hook = &pi->pi_rnote;
		SLIST_INSERT_HEAD(&pi->pi_rnote, kn, kn_selnext);
	} else if (kn->kn_filter == EVFILT_WRITE && (fp->f_flag & FWRITE)) {
		kn->kn_fop = &pipewrite_filtops;
		kn->kn_hook = &pi->pi_wnote;
		SLIST_INSERT_HEAD(&pi->pi_wnote, kn, kn_selnext);
	} else {
		return (EINVAL);
	}
	return (0);
}

static const struct fileops pipeops = {
	.fo_read = pipe_read,
	.fo_write = pipe_write,
	.fo_ioctl = pipe_ioctl,
	.fo_stat = pipe_stat,
	.fo_close = pipe_close,
	.fo_interrupt = pipe_interrupt,
	.fo_kqfilter = pipe_kqfilter,
	.fo_poll = pipe_poll,
};

static int
do_pipe2(int *fds, int flags)
{
	struct proc *p = curproc;
	struct file *fp[2];
	struct pipe *pi;
	int error, fd[2];

	if (flags & ~(RUMP_O_CLOEXEC | RUMP_O_NONBLOCK | RUMP_O_NOSIGPIPE))
		return (EINVAL);
	if (fds == NULL)
		return (EFAULT);
	pi = malloc(sizeof(*pi), M_FILE, M_WAITOK | M_CANFAIL | M_ZERO);
	if (pi == NULL)
		return (ENOMEM);
	flags &= ~RUMP_O_NOSIGPIPE;	/* there are no signals */
	if ((error = falloc(p, FREAD | flags, &fp[0], &fd[0])) != 0)
		goto out_pipe;
	if ((error = falloc(p, FWRITE | flags, &fp[1], &fd[1])) != 0)
		goto out_fd;
	pi->pi_ends = FREAD | FWRITE;
	nanotime(&pi->pi_time);
	LIST_INSERT_HEAD(&pipes, pi, pi_all);
	fp[0]->f_type = fp[1]->f_type = DTYPE_PIPE;
	fp[0]->f_data = fp[1]->f_data = pi;
	fp[0]->f_ops = fp[1]->f_ops = &pipeops;
	fds[0] = fd[0];
	fds[1] = fd[1];
	return (0);
out_fd:
	fdabort(p, fd[0]);
out_pipe:
	free(pi, M_FILE);
	return (error);
}

int
rump_sys_pipe2(int *fds, int flags)
{

	SYSCALL(do_pipe2(fds, flags));
}

void
rump_pub_pipes_end(void)
{
	struct pipe *pi;

	rump_schedule();
	wait_ended = 1;
	LIST_FOREACH(pi, &pipes, pi_all)
		wakeup(pi);
	if (wait_end_fifos != NULL)
		wait_end_fifos();
	if (wait_end_sockets != NULL)
		wait_end_sockets();
	if (wait_end_tallies != NULL)
		wait_end_tallies();
	wakeup(&poll_waiters);
	kqueue_end();
	rump_unschedule();
}
