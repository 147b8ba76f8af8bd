/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_syscalls_lock.c: flock(2), and locks that open(2) takes (O_EXLOCK,
 * O_SHLOCK).  Locks of fcntl(2) come in through the descriptor's operations.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/filedesc.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "vfs_private.h"

/* Locks the whole file for fp. */
static int
lock_file(struct file *fp, int type, int wait)
{
	struct flock fl = { .l_whence = RUMP_SEEK_SET };
	int error;

	fl.l_type = (short)type;
	error = fp->f_ops->fo_advlock(fp, fp,
	    type == F_UNLCK ? F_UNLCK : F_SETLK, &fl,
	    F_FLOCK | (wait ? F_WAIT : 0));
	if (error == 0)
		fp->f_locked = type != F_UNLCK;
	return (error);
}

int
vn_openlock(struct file *fp, int oflags)
{

	if ((oflags & (O_EXLOCK | O_SHLOCK)) == 0)
		return (0);
	return (lock_file(fp, oflags & O_EXLOCK ? F_WRLCK : F_RDLCK,
	    (oflags & O_NONBLOCK) == 0));
}

static int
do_flock(int fd, int op)
{
	struct proc *p = curproc;
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = fdgetvnode(fd, &fp, &vp)) != 0)
		return (error == EINVAL ? EOPNOTSUPP : error);
	switch (op & ~RUMP_LOCK_NB) {
	case RUMP_LOCK_UN:
		error = lock_file(fp, F_UNLCK, 0);
		break;
	case RUMP_LOCK_EX:
		error = lock_file(fp, F_WRLCK, (op & RUMP_LOCK_NB) == 0);
		break;
	case RUMP_LOCK_SH:
		error = lock_file(fp, F_RDLCK, (op & RUMP_LOCK_NB) == 0);
		break;
	default:
		error = EINVAL;
		break;
	}
	(void)frele(fp, p);
	return (error);
}

int
rump_sys_flock(int fd, int op)
{

	SYSCALL(do_flock(fd, op));
}
