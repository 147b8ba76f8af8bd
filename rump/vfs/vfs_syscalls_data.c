/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_syscalls_data.c: system calls about a file's contents as a whole: its size,
 * and bringing it to its device (section 2 of NetBSD's manual).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/filedesc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syncer.h>
#include <rump-sys/syscall.h>
#include "vfs_private.h"
#include "vfs_watch.h"

/* vp is in use and locked. */
static int
truncate_vnode(struct vnode *vp, off_t size, struct ucred *cred,
    struct proc *p)
{
	struct vattr va;
	int error;

	if (size < 0)
		return (EINVAL);
	if (vp->v_type != VREG)
		return (vp->v_type == VDIR ? EISDIR : EINVAL);
	if ((error = vn_writechk(vp)) != 0)
		return (error);
	if (size > p->p_rlimit[RLIMIT_FSIZE].rlim_cur)
		return (EFBIG);
	VATTR_NULL(&va);
	va.va_size = (u_quad_t)size;
	return (VOP_SETATTR(vp, &va, cred, p));
}

static int
do_truncate(const char *path, int64_t size)
{
	struct proc *p = curproc;
	struct vnode *vp;
	int error;

	if ((error = vfs_lookup_for(RUMP_AT_FDCWD, path, FOLLOW, &vp)) != 0)
		return (error);
	if (vp->v_type == VDIR)
		error = EISDIR;
	else
		error = VOP_ACCESS(vp, VWRITE, p->p_ucred, p);
	if (error == 0)
		error = truncate_vnode(vp, size, p->p_ucred, p);
	VOP_UNLOCK(vp, 0, p);
	if (error == 0)
		watch_file(vp, RUMP_FSEVENT_MODIFY);
	vrele(vp);
	return (error);
}

int
rump_sys_truncate(const char *path, int64_t size)
{

	SYSCALL_ROOM(do_truncate(path, size));
}

static int
do_ftruncate(int fd, int64_t size)
{
	struct proc *p = curproc;
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = fdgetvnode(fd, &fp, &vp)) != 0)
		return (error);
	if ((fp->f_flag & FWRITE) == 0) {
		error = EINVAL;
	} else {
		(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
		error = truncate_vnode(vp, size, fp->f_cred, p);
		VOP_UNLOCK(vp, 0, p);
		if (error == 0)
			watch_file(vp, RUMP_FSEVENT_MODIFY);
	}
	(void)frele(fp, p);
	return (error);
}

int
rump_sys_ftruncate(int fd, int64_t size)
{

	SYSCALL_ROOM(do_ftruncate(fd, size));
}

/* needs: what the descriptor must have been opened for. */
static int
do_fsync(int fd, int needs)
{
	struct proc *p = curproc;
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = fdgetvnode(fd, &fp, &vp)) != 0)
		return (error);
	if ((fp->f_flag & needs) != needs) {
		error = EBADF;
	} else {
		(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
		error = vn_fsync(vp, fp->f_cred, p);
		VOP_UNLOCK(vp, 0, p);
	}
	(void)frele(fp, p);
	return (error);
}

int
rump_sys_fsync(int fd)
{

	SYSCALL(do_fsync(fd, 0));
}

/* Drivers of this lineage know one way to flush a file: all of it. */
int
rump_sys_fdatasync(int fd)
{

	SYSCALL(do_fsync(fd, FWRITE));
}

static int
do_fsync_range(int fd, int how, int64_t start, int64_t len)
{
	int which = how & (RUMP_FDATASYNC | RUMP_FFILESYNC);

	if ((how & ~(RUMP_FDATASYNC | RUMP_FFILESYNC | RUMP_FDISKSYNC)) != 0 ||
	    (which != RUMP_FDATASYNC && which != RUMP_FFILESYNC))
		return (EINVAL);
	if (start < 0 || len < 0 || len > INT64_MAX - start)
		return (EINVAL);
	return (do_fsync(fd, FWRITE));
}

int
rump_sys_fsync_range(int fd, int how, int64_t start, int64_t len)
{

	SYSCALL(do_fsync_range(fd, how, start, len));
}
