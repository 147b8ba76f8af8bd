/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_syscalls.c: system calls that look at files and open them (section 2 of
 * NetBSD's manual).  The others are in vfs_syscalls_*.c: names, links (and
 * renaming), attr (attributes), data (size and flushing), lock, mount.
 */
#include <stdarg.h>
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/unistd.h>
#include <sys/vnode.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "vfs_private.h"
#include "vfs_watch.h"

/* A file was opened, and made or cut to nothing on the way. */
static void
tell_opened(struct nameidata *ndp, int flags)
{

	if (ndp->ni_created)
		watch_tell_name(ndp->ni_vp, RUMP_FSEVENT_CREATE);
	else if ((flags & O_TRUNC) && ndp->ni_vp->v_type == VREG)
		watch_tell(ndp->ni_vp, RUMP_FSEVENT_MODIFY);
	watch_tell(ndp->ni_vp, RUMP_FSEVENT_OPEN);
}

static int
do_openat(int dirfd, const char *path, int oflags, uint32_t mode, int *fd)
{
	struct proc *p = curproc;
	struct nameidata nd;
	struct file *fp;
	int flags, error;

	if ((oflags & O_ACCMODE) == O_ACCMODE ||
	    (oflags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return (EINVAL);
	flags = FFLAGS(oflags);
	if ((error = falloc(p, flags | (oflags & O_CLOEXEC), &fp, fd)) != 0)
		return (error);
	ndinit(&nd, LOOKUP, 0, UIO_USERSPACE, path, dirfd, p);
	mode = mode & ALLPERMS & ~p->p_fd->fd_cmask & ~S_ISTXT;
	if ((error = vn_open(&nd, flags, (int)mode)) != 0) {
		fdabort(p, *fd);
		return (error);
	}
	fp->f_type = DTYPE_VNODE;
	fp->f_data = nd.ni_vp;
	fp->f_ops = &vnops;
	VOP_UNLOCK(nd.ni_vp, 0, p);
	if (__predict_false(vfs_watches != 0))
		tell_opened(&nd, flags);
	if ((error = vn_openlock(fp, oflags)) != 0)
		(void)fdrelease(p, *fd);
	return (error);
}

int
rump_sys_open(const char *path, int flags, ...)
{
	uint32_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = va_arg(ap, uint32_t);
	va_end(ap);
	SYSCALL_ROOM_RESULT(int, rv,
	    do_openat(RUMP_AT_FDCWD, path, flags, mode, &rv));
}

int
rump_sys_openat(int fd, const char *path, int flags, ...)
{
	uint32_t mode;
	va_list ap;

	va_start(ap, flags);
	mode = va_arg(ap, uint32_t);
	va_end(ap);
	SYSCALL_ROOM_RESULT(int, rv, do_openat(fd, path, flags, mode, &rv));
}

/* Looks path up for one call: *vpp is in use and locked. */
int
vfs_lookup_for(int dirfd, const char *path, u_long follow, struct vnode **vpp)
{
	struct nameidata nd;
	int error;

	ndinit(&nd, LOOKUP, follow | LOCKLEAF, UIO_USERSPACE, path, dirfd,
	    curproc);
	if ((error = namei(&nd)) == 0)
		*vpp = nd.ni_vp;
	return (error);
}

static int
do_fstatat(int dirfd, const char *path, struct rump_stat *sb, u_long follow)
{
	struct vnode *vp;
	int error;

	if (sb == NULL)
		return (EFAULT);
	if ((error = vfs_lookup_for(dirfd, path, follow, &vp)) != 0)
		return (error);
	error = vn_stat(vp, sb, curproc);
	vput(vp);
	return (error);
}

int
rump_sys_stat(const char *path, struct rump_stat *sb)
{

	SYSCALL(do_fstatat(RUMP_AT_FDCWD, path, sb, FOLLOW));
}

int
rump_sys_lstat(const char *path, struct rump_stat *sb)
{

	SYSCALL(do_fstatat(RUMP_AT_FDCWD, path, sb, NOFOLLOW));
}

int
rump_sys_fstatat(int fd, const char *path, struct rump_stat *sb, int flags)
{

	if (flags & ~RUMP_AT_SYMLINK_NOFOLLOW)
		return (syscall_fail(EINVAL));
	SYSCALL(do_fstatat(fd, path, sb,
	    flags & RUMP_AT_SYMLINK_NOFOLLOW ? NOFOLLOW : FOLLOW));
}

/*
 * The superuser may execute what anybody may.  Drivers hand vaccess() the bits
 * of the mode without the type, so that it cannot tell a file from a folder.
 */
static int
root_exec_check(struct vnode *vp, struct ucred *cred, struct proc *p)
{
	struct vattr va;
	int error;

	if (vp->v_type != VREG || cred->cr_uid != 0)
		return (0);
	if ((error = VOP_GETATTR(vp, &va, cred, p)) != 0)
		return (error);
	return ((va.va_mode & 0111) == 0 ? EACCES : 0);
}

static int
do_faccessat(int dirfd, const char *path, int mode, int flags)
{
	struct proc *p = curproc;
	struct ucred *cred = p->p_ucred;
	struct vnode *vp;
	int error, acc = 0;

	if ((mode & ~(RUMP_R_OK | RUMP_W_OK | RUMP_X_OK)) != 0 ||
	    (flags & ~(RUMP_AT_EACCESS | RUMP_AT_SYMLINK_NOFOLLOW)) != 0)
		return (EINVAL);
	if ((error = vfs_lookup_for(dirfd, path,
	    flags & RUMP_AT_SYMLINK_NOFOLLOW ? NOFOLLOW : FOLLOW, &vp)) != 0)
		return (error);
	if (mode & RUMP_R_OK)
		acc |= VREAD;
	if (mode & RUMP_W_OK)
		acc |= VWRITE;
	if (mode & RUMP_X_OK)
		acc |= VEXEC;
	if ((flags & RUMP_AT_EACCESS) == 0 &&
	    (cred->cr_uid != p->p_process->pr_ruid ||
	    cred->cr_gid != p->p_process->pr_rgid)) {
		cred = crdup(cred);
		cred->cr_uid = p->p_process->pr_ruid;
		cred->cr_gid = p->p_process->pr_rgid;
	} else {
		crhold(cred);
	}
	if (acc & VWRITE)
		error = vn_writechk(vp);
	if (error == 0 && acc != 0)
		error = VOP_ACCESS(vp, acc, cred, p);
	if (error == 0 && (acc & VEXEC))
		error = root_exec_check(vp, cred, p);
	crfree(cred);
	vput(vp);
	return (error);
}

int
rump_sys_access(const char *path, int mode)
{

	SYSCALL(do_faccessat(RUMP_AT_FDCWD, path, mode, 0));
}

int
rump_sys_faccessat(int fd, const char *path, int mode, int flags)
{

	SYSCALL(do_faccessat(fd, path, mode, flags));
}

static int
do_readlinkat(int dirfd, const char *path, char *buf, size_t len, ssize_t *rv)
{
	struct proc *p = curproc;
	struct iovec iov = { buf, len };
	struct uio uio = {
		.uio_iov = &iov, .uio_iovcnt = 1, .uio_resid = len,
		.uio_segflg = UIO_USERSPACE, .uio_rw = UIO_READ, .uio_procp = p,
	};
	struct vnode *vp;
	int error;

	if (buf == NULL)
		return (EFAULT);
	if (len > SSIZE_MAX)
		return (EINVAL);
	if ((error = vfs_lookup_for(dirfd, path, NOFOLLOW, &vp)) != 0)
		return (error);
	error = vp->v_type != VLNK ? EINVAL :
	    VOP_READLINK(vp, &uio, p->p_ucred);
	vput(vp);
	*rv = (ssize_t)(len - uio.uio_resid);
	return (error);
}

ssize_t
rump_sys_readlink(const char *path, char *buf, size_t len)
{

	SYSCALL_RESULT(ssize_t, rv,
	    do_readlinkat(RUMP_AT_FDCWD, path, buf, len, &rv));
}

ssize_t
rump_sys_readlinkat(int fd, const char *path, char *buf, size_t len)
{

	SYSCALL_RESULT(ssize_t, rv, do_readlinkat(fd, path, buf, len, &rv));
}

/* The vnode of a descriptor; release fp when done with it. */
int
fdgetvnode(int fd, struct file **fpp, struct vnode **vpp)
{
	int error;

	if ((error = fdget(curproc, fd, fpp)) != 0)
		return (error);
	if ((*fpp)->f_type != DTYPE_VNODE) {
		frele(*fpp, curproc);
		return (EINVAL);
	}
	*vpp = (*fpp)->f_data;
	return (0);
}

static int
do_lseek(int fd, int64_t off, int whence, int64_t *rv)
{
	struct proc *p = curproc;
	struct rump_stat sb;
	struct vnode *vp;
	struct file *fp;
	int64_t base = 0;
	int error;

	if ((error = fdget(p, fd, &fp)) != 0)
		return (error);
	vp = fp->f_data;
	if (fp->f_type != DTYPE_VNODE || vp->v_type == VFIFO) {
		frele(fp, p);
		return (ESPIPE);
	}
	switch (whence) {
	case RUMP_SEEK_SET:
		break;
	case RUMP_SEEK_CUR:
		base = fp->f_offset;
		break;
	case RUMP_SEEK_END:
		if ((error = fp->f_ops->fo_stat(fp, &sb, p)) == 0)
			base = sb.st_size;
		break;
	default:
		error = EINVAL;
		break;
	}
	if (error == 0 && __builtin_add_overflow(base, off, &base))
		error = EOVERFLOW;
	if (error == 0 && base < 0)
		error = EINVAL;
	if (error == 0)
		*rv = fp->f_offset = base;
	frele(fp, p);
	return (error);
}

int64_t
rump_sys_lseek(int fd, int64_t off, int whence)
{

	SYSCALL_RESULT(int64_t, rv, do_lseek(fd, off, whence, &rv));
}

/* Makes vp, in use, the process's working folder or root (*dpp). */
static void
setdir(struct vnode **dpp, struct vnode *vp)
{
	struct vnode *old = *dpp;

	*dpp = vp;
	if (old != NULL)
		vrele(old);
}

static int
do_chdir(const char *path, int isroot)
{
	struct proc *p = curproc;
	struct vnode *vp;
	int error;

	if (isroot && (error = suser(p, 0)) != 0)
		return (error);
	if ((error = vfs_lookup_for(RUMP_AT_FDCWD, path, FOLLOW, &vp)) != 0)
		return (error);
	error = vp->v_type != VDIR ? ENOTDIR :
	    VOP_ACCESS(vp, VEXEC, p->p_ucred, p);
	if (error != 0) {
		vput(vp);
		return (error);
	}
	VOP_UNLOCK(vp, 0, p);
	setdir(isroot ? &p->p_fd->fd_rdir : &p->p_fd->fd_cdir, vp);
	return (0);
}

int
rump_sys_chdir(const char *path)
{

	SYSCALL(do_chdir(path, 0));
}

int
rump_sys_chroot(const char *path)
{

	SYSCALL(do_chdir(path, 1));
}

static int
do_fchdir(int fd)
{
	struct proc *p = curproc;
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = fdgetvnode(fd, &fp, &vp)) != 0)
		return (error);
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	error = vp->v_type != VDIR ? ENOTDIR :
	    VOP_ACCESS(vp, VEXEC, p->p_ucred, p);
	VOP_UNLOCK(vp, 0, p);
	if (error == 0) {
		vref(vp);
		setdir(&p->p_fd->fd_cdir, vp);
	}
	frele(fp, p);
	return (error);
}

int
rump_sys_fchdir(int fd)
{

	SYSCALL(do_fchdir(fd));
}

static int
do_getcwd(char *buf, size_t len, int *rv)
{
	struct proc *p = curproc;
	struct vnode *root = p->p_fd->fd_rdir, *dir = p->p_fd->fd_cdir;
	size_t used = 0;
	int error;

	if (buf == NULL)
		return (EFAULT);
	if (root == NULL)
		root = rootvnode;
	error = vfs_getcwd(dir != NULL ? dir : root, root, buf, len, &used, p);
	*rv = (int)used;
	return (error);
}

int
rump_sys___getcwd(char *buf, size_t len)
{

	SYSCALL_RESULT(int, rv, do_getcwd(buf, len, &rv));
}
