/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kern_descrip.c: descriptors: small numbers for open files.
 *
 * A table may be shared by processes (fd_refs).  An open file is counted by the
 * descriptors and by the calls that use it, so that a close on one lwp does not
 * pull it from under a read on another.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/event.h>
#include <sys/filedesc.h>
#include <sys/ucred.h>
#include <rump-sys/kmem.h>

#define	NDFILE	16		/* slots of a new table */

void (*fd_vref)(struct vnode *);
void (*fd_vrele)(struct vnode *);

static void
fd_grow(struct filedesc *fdp, int n)
{
	struct file **ofiles;
	uint8_t *oflags;

	ofiles = malloc(n * sizeof(*ofiles), M_FILE, M_WAITOK | M_ZERO);
	oflags = malloc(n, M_FILE, M_WAITOK | M_ZERO);
	if (fdp->fd_nfiles >= n) {	/* malloc() slept; somebody was faster */
		free(ofiles, M_FILE);
		free(oflags, M_FILE);
		return;
	}
	if (fdp->fd_nfiles != 0) {
		memcpy(ofiles, fdp->fd_ofiles,
		    fdp->fd_nfiles * sizeof(*ofiles));
		memcpy(oflags, fdp->fd_oflags, fdp->fd_nfiles);
		free(fdp->fd_ofiles, M_FILE);
		free(fdp->fd_oflags, M_FILE);
	}
	fdp->fd_ofiles = ofiles;
	fdp->fd_oflags = oflags;
	fdp->fd_nfiles = n;
}

struct filedesc *
fdinit(void)
{
	struct filedesc *fdp;

	fdp = malloc(sizeof(*fdp), M_FILE, M_WAITOK | M_ZERO);
	fdp->fd_refs = 1;
	fdp->fd_cmask = 022;
	fd_grow(fdp, NDFILE);
	return (fdp);
}

struct filedesc *
fdcopy(struct filedesc *from)
{
	struct filedesc *fdp;
	int i;

	fdp = fdinit();
	if (from->fd_nfiles > fdp->fd_nfiles)
		fd_grow(fdp, from->fd_nfiles);
	for (i = 0; i < from->fd_nfiles; i++) {
		/* One that is still being opened belongs to its opener. */
		if (from->fd_ofiles[i] == NULL ||
		    from->fd_ofiles[i]->f_ops == NULL)
			continue;
		fdp->fd_ofiles[i] = from->fd_ofiles[i];
		fdp->fd_ofiles[i]->f_count++;
		fdp->fd_oflags[i] = from->fd_oflags[i];
	}
	fdp->fd_cmask = from->fd_cmask;
	if ((fdp->fd_cdir = from->fd_cdir) != NULL)
		fd_vref(fdp->fd_cdir);
	if ((fdp->fd_rdir = from->fd_rdir) != NULL)
		fd_vref(fdp->fd_rdir);
	return (fdp);
}

void
fdfree(struct filedesc *fdp, struct proc *p)
{
	int i;

	if (--fdp->fd_refs > 0)
		return;
	for (i = 0; i < fdp->fd_nfiles; i++) {
		if (fdp->fd_ofiles[i] == NULL)
			continue;
		knote_fdclose(fdp->fd_ofiles[i], fdp, i);
		(void)frele(fdp->fd_ofiles[i], p);
	}
	if (fdp->fd_cdir != NULL)
		fd_vrele(fdp->fd_cdir);
	if (fdp->fd_rdir != NULL)
		fd_vrele(fdp->fd_rdir);
	free(fdp->fd_ofiles, M_FILE);
	free(fdp->fd_oflags, M_FILE);
	free(fdp, M_FILE);
}

/* Descriptors that this process may have. */
static int
fd_most(void)
{
	rlim_t most = curproc->p_rlimit[RLIMIT_NOFILE].rlim_cur;

	return ((int)MIN(most, FD_MOST));
}

/* The lowest free descriptor not below from; EMFILE. */
int
fdalloc(struct filedesc *fdp, int from, int *fd)
{
	int i, most = fd_most();

	for (;;) {
		if (from < fdp->fd_freefile)
			from = fdp->fd_freefile;
		for (i = from; i < fdp->fd_nfiles; i++)
			if (fdp->fd_ofiles[i] == NULL)
				goto found;
		if (i >= most)
			return (EMFILE);
		fd_grow(fdp, MIN(most, MAX(fdp->fd_nfiles * 2, i + 1)));
	}
found:
	if (i >= most)
		return (EMFILE);
	if (from == fdp->fd_freefile)
		fdp->fd_freefile = i + 1;
	*fd = i;
	return (0);
}

/* A new open file behind a new descriptor; one reference, the descriptor's. */
int
falloc(struct proc *p, int flags, struct file **fpp, int *fd)
{
	struct filedesc *fdp = p->p_fd;
	struct file *fp;
	int error;

	/* First what may sleep: the descriptor is not ours before it is set. */
	fp = malloc(sizeof(*fp), M_FILE, M_WAITOK | M_ZERO);
	if ((error = fdalloc(fdp, 0, fd)) != 0) {
		free(fp, M_FILE);
		return (error);
	}
	fp->f_count = 1;
	fp->f_flag = flags & FMASK;
	fp->f_cred = p->p_ucred;
	crhold(fp->f_cred);
	fdp->fd_ofiles[*fd] = fp;
	fdp->fd_oflags[*fd] = flags & O_CLOEXEC ? RUMP_FD_CLOEXEC : 0;
	*fpp = fp;
	return (0);
}

int
fdget(struct proc *p, int fd, struct file **fpp)
{
	struct filedesc *fdp = p->p_fd;

	/* A file without operations is still being opened. */
	if ((u_int)fd >= (u_int)fdp->fd_nfiles ||
	    fdp->fd_ofiles[fd] == NULL || fdp->fd_ofiles[fd]->f_ops == NULL)
		return (EBADF);
	*fpp = fdp->fd_ofiles[fd];
	(*fpp)->f_count++;
	p->p_fdused = fd;
	return (0);
}

/*
 * For who waits in a call on the file that has this f_data, and that fdget() was
 * asked for last: a file may have other descriptors, with calls of their own.
 */
int
fdgone(const void *data)
{
	const struct filedesc *fdp = curproc->p_fd;
	int fd = curproc->p_fdused;

	return (fdp->fd_ofiles[fd] == NULL ||
	    fdp->fd_ofiles[fd]->f_data != data);
}

/* The last one closes, and returns what closing says. */
int
frele(struct file *fp, struct proc *p)
{
	int error = 0;

	KASSERT(fp->f_count > 0);
	if (fp->f_count > 1) {
		fp->f_count--;
		if (fp->f_inflight == fp->f_count &&
		    fp->f_ops->fo_adrift != NULL)
			fp->f_ops->fo_adrift(fp);
		return (0);
	}
	/* One that was added while its descriptor was being closed. */
	knote_fileclose(fp);
	if (fp->f_ops != NULL)
		error = fp->f_ops->fo_close(fp, p);
	crfree(fp->f_cred);
	free(fp, M_FILE);
	return (error);
}

/*
 * A process that closes any descriptor of a file loses its locks on it
 * (fcntl(2)).
 */
static void
file_unlock(struct process *pr, struct file *fp)
{
	struct flock fl = { .l_type = F_UNLCK, .l_whence = RUMP_SEEK_SET };

	if (pr->pr_locks && fp->f_ops != NULL && fp->f_ops->fo_advlock != NULL)
		(void)fp->f_ops->fo_advlock(fp, pr, F_UNLCK, &fl, F_POSIX);
}

void
fdunlock(struct process *pr)
{
	struct filedesc *fdp = pr->pr_fd;
	int i;

	for (i = 0; pr->pr_locks && i < fdp->fd_nfiles; i++)
		if (fdp->fd_ofiles[i] != NULL)
			file_unlock(pr, fdp->fd_ofiles[i]);
}

/* Takes a file out of the table; the caller has the reference. */
static struct file *
fdtake(struct filedesc *fdp, int fd)
{
	struct file *fp = fdp->fd_ofiles[fd];

	fdp->fd_ofiles[fd] = NULL;
	fdp->fd_oflags[fd] = 0;
	if (fd < fdp->fd_freefile)
		fdp->fd_freefile = fd;
	return (fp);
}

/* The descriptor is gone; what blocks in a call on the file is to return. */
static int
file_close(struct filedesc *fdp, struct file *fp, int fd, struct proc *p)
{
	struct process *pr;

	/* It was a descriptor of all who share the table. */
	for (pr = process_sharing(fdp, NULL); pr != NULL;
	    pr = process_sharing(fdp, pr))
		file_unlock(pr, fp);
	if (!LIST_EMPTY(&fp->f_knotes))
		knote_fdclose(fp, fdp, fd);
	if (fp->f_count > 1 && fp->f_ops != NULL &&
	    fp->f_ops->fo_interrupt != NULL)
		fp->f_ops->fo_interrupt(fp);
	return (frele(fp, p));
}

/* Ends the descriptor of an open that failed: nobody else could close it. */
void
fdabort(struct proc *p, int fd)
{

	(void)frele(fdtake(p->p_fd, fd), p);
}

/* Closes a descriptor. */
int
fdrelease(struct proc *p, int fd)
{
	struct filedesc *fdp = p->p_fd;
	struct file *fp;

	if ((u_int)fd >= (u_int)fdp->fd_nfiles ||
	    fdp->fd_ofiles[fd] == NULL || fdp->fd_ofiles[fd]->f_ops == NULL)
		return (EBADF);
	fp = fdtake(fdp, fd);
	return (file_close(fdp, fp, fd, p));
}

/* Duplicates fd onto to, or (to < 0) onto the lowest free one from from on. */
int
fddup(struct proc *p, int fd, int from, int to, int cloexec, int *newfd)
{
	struct filedesc *fdp = p->p_fd;
	struct file *fp, *old;
	int error;

	if ((error = fdget(p, fd, &fp)) != 0)
		return (error);
	if (to < 0) {
		if (from < 0 || from >= fd_most())
			error = EINVAL;
		else
			error = fdalloc(fdp, from, &to);
	} else if (to >= fd_most()) {
		error = EBADF;
	} else if (to >= fdp->fd_nfiles) {
		fd_grow(fdp, to + 1);
	}
	/* A descriptor that another lwp's open has taken but not yet filled. */
	if (error == 0 && to != fd && (old = fdp->fd_ofiles[to]) != NULL &&
	    old->f_ops == NULL)
		error = EBUSY;
	if (error != 0) {
		frele(fp, p);
		return (error);
	}
	*newfd = to;
	if (to == fd) {
		frele(fp, p);
		return (0);
	}
	/* Closing may sleep: the descriptor never is free in between. */
	old = fdp->fd_ofiles[to];
	fdp->fd_ofiles[to] = fp;	/* takes the reference */
	fdp->fd_oflags[to] = cloexec ? RUMP_FD_CLOEXEC : 0;
	if (old != NULL) {
		(void)file_close(fdp, old, to, p);
	}
	return (0);
}

void
file_stat(const struct file *fp, mode_t mode, struct rump_stat *sb)
{

	memset(sb, 0, sizeof(*sb));
	sb->st_mode = mode;
	sb->st_nlink = 1;
	sb->st_uid = fp->f_cred->cr_uid;
	sb->st_gid = fp->f_cred->cr_gid;
}
