/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_generic.c: system calls on descriptors of any kind: reading, writing,
 * closing, duplicating (section 2 of NetBSD's manual).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/proc.h>
#include <sys/malloc.h>
#include <sys/filedesc.h>
#include <sys/ioctl.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>

_Static_assert(sizeof(struct rump_flock) == sizeof(struct flock) &&
    offsetof(struct rump_flock, l_whence) == offsetof(struct flock, l_whence),
    "a lock is the same on both sides of the edge");
_Static_assert(sizeof(struct rump_iovec) == sizeof(struct iovec),
    "an iovec is the same on both sides of the edge");

int (*syscall_make_room)(void);

int
syscall_again(int error, int *tried)
{

	if (error != ENOSPC || syscall_make_room == NULL || *tried)
		return (0);
	*tried = 1;
	return (syscall_make_room());
}

/*
 * One transfer on fd with a copy of iov, which is used up.  off is the place in
 * the file; NULL for the descriptor's own.
 */
static int
transfer(int fd, struct iovec *iov, int iovcnt, const off_t *off,
    enum uio_rw rw, ssize_t *done)
{
	struct proc *p = curproc;
	struct file *fp;
	struct uio uio;
	off_t at;
	int error, i;

	if ((error = fdget(p, fd, &fp)) != 0)
		return (error);
	uio.uio_resid = 0;
	if ((fp->f_flag & (rw == UIO_READ ? FREAD : FWRITE)) == 0)
		error = EBADF;
	else if (off != NULL && *off < 0)
		error = EINVAL;
	for (i = 0; error == 0 && i < iovcnt; i++) {
		if (iov[i].iov_len > SSIZE_MAX - uio.uio_resid)
			error = EINVAL;
		else if (iov[i].iov_len != 0 && iov[i].iov_base == NULL)
			error = EFAULT;
		uio.uio_resid += iov[i].iov_len;
	}
	if (error != 0) {
		(void)frele(fp, p);
		return (error);
	}
	uio.uio_iov = iov;
	uio.uio_iovcnt = iovcnt;
	uio.uio_rw = rw;
	uio.uio_segflg = UIO_USERSPACE;
	uio.uio_procp = p;
	at = off != NULL ? *off : 0;
	*done = (ssize_t)uio.uio_resid;
	error = (rw == UIO_READ ? fp->f_ops->fo_read : fp->f_ops->fo_write)(fp,
	    off != NULL ? &at : &fp->f_offset, &uio, fp->f_cred);
	*done -= (ssize_t)uio.uio_resid;
	frele(fp, p);
	/* What was moved before the error counts; the next call will tell. */
	return (*done > 0 ? 0 : error);
}

static int
transfer1(int fd, void *buf, size_t len, const off_t *off, enum uio_rw rw,
    ssize_t *done)
{
	struct iovec iov = { buf, len };

	return (transfer(fd, &iov, 1, off, rw, done));
}

static int
transferv(int fd, const struct rump_iovec *uiov, int n, const off_t *off,
    enum uio_rw rw, ssize_t *done)
{
	struct iovec small[UIO_SMALLIOV], *iov = small;
	int error;

	if (n <= 0 || n > UIO_MAXIOV)
		return (EINVAL);
	if (uiov == NULL)
		return (EFAULT);
	if (n > UIO_SMALLIOV)
		iov = malloc(n * sizeof(*iov), M_IOV, M_WAITOK);
	memcpy(iov, uiov, n * sizeof(*iov));
	error = transfer(fd, iov, n, off, rw, done);
	if (iov != small)
		free(iov, M_IOV);
	return (error);
}

ssize_t
rump_sys_read(int fd, void *buf, size_t len)
{

	SYSCALL_RESULT(ssize_t, rv,
	    transfer1(fd, buf, len, NULL, UIO_READ, &rv));
}

ssize_t
rump_sys_pread(int fd, void *buf, size_t len, int64_t off)
{

	SYSCALL_RESULT(ssize_t, rv,
	    transfer1(fd, buf, len, &off, UIO_READ, &rv));
}

ssize_t
rump_sys_readv(int fd, const struct rump_iovec *iov, int n)
{

	SYSCALL_RESULT(ssize_t, rv,
	    transferv(fd, iov, n, NULL, UIO_READ, &rv));
}

ssize_t
rump_sys_preadv(int fd, const struct rump_iovec *iov, int n, int64_t off)
{

	SYSCALL_RESULT(ssize_t, rv,
	    transferv(fd, iov, n, &off, UIO_READ, &rv));
}

ssize_t
rump_sys_write(int fd, const void *buf, size_t len)
{

	SYSCALL_ROOM_RESULT(ssize_t, rv, transfer1(fd,
	    (void *)(uintptr_t)buf, len, NULL, UIO_WRITE, &rv));
}

ssize_t
rump_sys_pwrite(int fd, const void *buf, size_t len, int64_t off)
{

	SYSCALL_ROOM_RESULT(ssize_t, rv, transfer1(fd,
	    (void *)(uintptr_t)buf, len, &off, UIO_WRITE, &rv));
}

ssize_t
rump_sys_writev(int fd, const struct rump_iovec *iov, int n)
{

	SYSCALL_ROOM_RESULT(ssize_t, rv,
	    transferv(fd, iov, n, NULL, UIO_WRITE, &rv));
}

ssize_t
rump_sys_pwritev(int fd, const struct rump_iovec *iov, int n, int64_t off)
{

	SYSCALL_ROOM_RESULT(ssize_t, rv,
	    transferv(fd, iov, n, &off, UIO_WRITE, &rv));
}

int
rump_sys_close(int fd)
{

	SYSCALL(fdrelease(curproc, fd));
}

int
rump_sys_dup(int fd)
{

	SYSCALL_RESULT(int, rv, fddup(curproc, fd, 0, -1, 0, &rv));
}

static int
do_dup2(int from, int to, int *rv)
{

	return (to < 0 ? EBADF : fddup(curproc, from, 0, to, 0, rv));
}

int
rump_sys_dup2(int from, int to)
{

	SYSCALL_RESULT(int, rv, do_dup2(from, to, &rv));
}

/*
 * Locks of bytes: owned by the process, and lost when it closes any descriptor
 * of the file; so also when that happens while this call waits.
 */
static int
do_fcntl_lock(int fd, struct file *fp, int cmd, struct rump_flock *ufl)
{
	struct proc *p = curproc;
	struct process *pr = p->p_process;
	struct file *again;
	struct flock fl;
	int error, op = F_SETLK;

	if (fp->f_ops->fo_advlock == NULL)
		return (EINVAL);
	if ((error = copyin(ufl, &fl, sizeof(fl))) != 0)
		return (error);
	if (cmd != RUMP_F_GETLK && ((fl.l_type == F_RDLCK &&
	    (fp->f_flag & FREAD) == 0) || (fl.l_type == F_WRLCK &&
	    (fp->f_flag & FWRITE) == 0)))
		return (EBADF);
	if (fl.l_whence == RUMP_SEEK_CUR && __builtin_add_overflow(fl.l_start,
	    fp->f_offset, &fl.l_start))
		return (EOVERFLOW);
	if (cmd == RUMP_F_GETLK) {
		if (fl.l_type != F_RDLCK && fl.l_type != F_WRLCK)
			return (EINVAL);
		op = F_GETLK;
	} else if (fl.l_type == F_UNLCK) {
		op = F_UNLCK;
	} else {
		pr->pr_locks = 1;
	}
	error = fp->f_ops->fo_advlock(fp, pr, op, &fl,
	    F_POSIX | (cmd == RUMP_F_SETLKW ? F_WAIT : 0));
	if (error != 0)
		return (error);
	if (op == F_GETLK)
		return (copyout(&fl, ufl, sizeof(fl)));
	if (op == F_SETLK && (fdget(p, fd, &again) != 0 ||
	    (frele(again, p), again != fp))) {
		(void)fp->f_ops->fo_advlock(fp, pr, F_UNLCK, &fl, F_POSIX);
		return (EBADF);
	}
	return (0);
}

static int
do_fcntl(int fd, int cmd, long arg, int *rv)
{
	struct proc *p = curproc;
	struct file *fp;
	int error;

	if ((error = fdget(p, fd, &fp)) != 0)
		return (error);
	switch (cmd) {
	case RUMP_F_DUPFD:
	case RUMP_F_DUPFD_CLOEXEC:
		error = arg < 0 || arg > INT_MAX ? EINVAL :
		    fddup(p, fd, (int)arg, -1, cmd == RUMP_F_DUPFD_CLOEXEC, rv);
		break;
	case RUMP_F_GETFD:
		*rv = p->p_fd->fd_oflags[fd];
		break;
	case RUMP_F_SETFD:
		p->p_fd->fd_oflags[fd] = arg & RUMP_FD_CLOEXEC;
		break;
	case RUMP_F_GETFL:
		*rv = OFLAGS(fp->f_flag);
		break;
	case RUMP_F_SETFL:
		fp->f_flag = (fp->f_flag & ~FCNTLFLAGS) |
		    ((int)arg & FCNTLFLAGS);
		break;
	case RUMP_F_GETLK:
	case RUMP_F_SETLK:
	case RUMP_F_SETLKW:
		error = do_fcntl_lock(fd, fp, cmd,
		    (struct rump_flock *)(uintptr_t)arg);
		break;
	default:
		error = EINVAL;
		break;
	}
	frele(fp, p);
	return (error);
}

int
rump_sys_fcntl(int fd, int cmd, void *arg)
{

	SYSCALL_RESULT(int, rv, do_fcntl(fd, cmd, (long)(intptr_t)arg, &rv));
}

static int
do_ioctl(int fd, u_long cmd, void *data)
{
	struct proc *p = curproc;
	struct file *fp;
	int error;

	if ((cmd & IOC_INOUT) != 0 && IOCPARM_LEN(cmd) != 0 && data == NULL)
		return (EFAULT);
	if ((error = fdget(p, fd, &fp)) != 0)
		return (error);
	if (cmd == FIONBIO) {
		/* Whether calls wait is the open file's, of whatever kind. */
		if (*(int *)data)
			fp->f_flag |= FNONBLOCK;
		else
			fp->f_flag &= ~FNONBLOCK;
	} else if (fp->f_ops->fo_ioctl == NULL) {
		error = ENOTTY;
	} else {
		error = fp->f_ops->fo_ioctl(fp, cmd, data, p);
	}
	frele(fp, p);
	return (error);
}

int
rump_sys_ioctl(int fd, unsigned long cmd, void *data)
{

	SYSCALL(do_ioctl(fd, cmd, data));
}

static int
do_fstat(int fd, struct rump_stat *sb)
{
	struct proc *p = curproc;
	struct file *fp;
	int error;

	if (sb == NULL)
		return (EFAULT);
	if ((error = fdget(p, fd, &fp)) != 0)
		return (error);
	error = fp->f_ops->fo_stat(fp, sb, p);
	frele(fp, p);
	return (error);
}

int
rump_sys_fstat(int fd, struct rump_stat *sb)
{

	SYSCALL(do_fstat(fd, sb));
}
