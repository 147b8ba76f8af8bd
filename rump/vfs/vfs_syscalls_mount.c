/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_syscalls_mount.c: system calls about mounted file systems (section 2 of
 * NetBSD's manual).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "vfs_private.h"

int
rump_sys_mount(const char *type, const char *path, int flags, void *data,
    size_t len)
{

	SYSCALL(vfs_domount(type, path, flags, data, len, curproc));
}

static int
do_unmount(const char *path, int flags)
{
	struct proc *p = curproc;
	struct vnode *covered;
	struct nameidata nd;
	struct mount *mp;
	int error;

	if ((error = suser(p, 0)) != 0)
		return (error);
	NDINIT(&nd, LOOKUP, FOLLOW | LOCKLEAF, UIO_USERSPACE, path, p);
	if ((error = namei(&nd)) != 0)
		return (error);
	mp = nd.ni_vp->v_mount;
	if ((nd.ni_vp->v_flag & VROOT) == 0 || mp->mnt_vnodecovered == NULL) {
		vput(nd.ni_vp);
		return (EINVAL);
	}
	/* vput() may sleep, and somebody else unmount meanwhile. */
	covered = mp->mnt_vnodecovered;
	vref(covered);
	vput(nd.ni_vp);
	error = covered->v_type == VDIR && covered->v_mountedhere == mp ?
	    vfs_dounmount(mp, flags, p) : EINVAL;
	vrele(covered);
	return (error);
}

int
rump_sys_unmount(const char *path, int flags)
{

	SYSCALL(do_unmount(path, flags));
}

static int
sync_all(void)
{
	struct proc *p = curproc;
	struct mount *mp, *next;

	for (mp = CIRCLEQ_FIRST(&mountlist); mp != CIRCLEQ_END(&mountlist);
	    mp = next) {
		if (vfs_busy(mp, LK_NOWAIT, NULL, p) == 0) {
			if ((mp->mnt_flag & MNT_RDONLY) == 0)
				(void)VFS_SYNC(mp, MNT_NOWAIT, p->p_ucred, p);
			next = CIRCLEQ_NEXT(mp, mnt_list);
			vfs_unbusy(mp, p);
		} else {
			next = CIRCLEQ_NEXT(mp, mnt_list);
		}
	}
	return (0);
}

void
rump_sys_sync(void)
{

	rump_schedule();
	(void)sync_all();
	rump_unschedule();
}

/* In NetBSD's layout. */
static void
statvfs_fill(struct mount *mp, struct rump_statvfs *to)
{
	struct statfs *from = &mp->mnt_stat;

	memset(to, 0, sizeof(*to));
	to->f_flag = (uint32_t)mp->mnt_flag & MNT_VISFLAGMASK;
	to->f_bsize = to->f_frsize = (uint32_t)from->f_bsize;
	to->f_iosize = from->f_iosize;
	to->f_blocks = from->f_blocks;
	to->f_bfree = from->f_bfree;
	to->f_bavail = from->f_bavail > 0 ? (uint32_t)from->f_bavail : 0;
	to->f_bresvd = to->f_bfree - MIN(to->f_bfree, to->f_bavail);
	to->f_files = from->f_files;
	to->f_ffree = to->f_favail = from->f_ffree;
	to->f_syncwrites = from->f_syncwrites;
	to->f_asyncwrites = from->f_asyncwrites;
	to->f_fsidx[0] = from->f_fsid.val[0];
	to->f_fsidx[1] = from->f_fsid.val[1];
	to->f_fsid = (uint32_t)from->f_fsid.val[0];
	to->f_namemax = NAME_MAX;
	to->f_owner = from->f_owner;
	strlcpy(to->f_fstypename, from->f_fstypename,
	    sizeof(to->f_fstypename));
	strlcpy(to->f_mntonname, from->f_mntonname, sizeof(to->f_mntonname));
	strlcpy(to->f_mntfromname, from->f_mntfromname,
	    sizeof(to->f_mntfromname));
}

static int
do_statvfs(struct mount *mp, struct rump_statvfs *sb, int flags)
{
	int error;

	if (sb == NULL)
		return (EFAULT);
	if (mp == NULL)
		return (ENOENT);
	if (flags != RUMP_ST_NOWAIT &&
	    (error = VFS_STATFS(mp, &mp->mnt_stat, curproc)) != 0)
		return (error);
	statvfs_fill(mp, sb);
	return (0);
}

static int
statvfs_path(const char *path, struct rump_statvfs *sb, int flags)
{
	struct nameidata nd;
	int error;

	NDINIT(&nd, LOOKUP, FOLLOW | LOCKLEAF, UIO_USERSPACE, path, curproc);
	if ((error = namei(&nd)) != 0)
		return (error);
	error = do_statvfs(nd.ni_vp->v_mount, sb, flags);
	vput(nd.ni_vp);
	return (error);
}

int
rump_sys_statvfs1(const char *path, struct rump_statvfs *sb, int flags)
{

	SYSCALL(statvfs_path(path, sb, flags));
}

static int
statvfs_fd(int fd, struct rump_statvfs *sb, int flags)
{
	struct file *fp;
	struct vnode *vp;
	int error;

	if ((error = fdget(curproc, fd, &fp)) != 0)
		return (error);
	if (fp->f_type != DTYPE_VNODE)
		error = EINVAL;
	else {
		/* A forced unmount waits for the lock. */
		vp = fp->f_data;
		(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, curproc);
		error = do_statvfs(vp->v_mount, sb, flags);
		VOP_UNLOCK(vp, 0, curproc);
	}
	frele(fp, curproc);
	return (error);
}

int
rump_sys_fstatvfs1(int fd, struct rump_statvfs *sb, int flags)
{

	SYSCALL(statvfs_fd(fd, sb, flags));
}

/* How many there are; as many as fit into bytes are filled in. */
static int
do_getvfsstat(struct rump_statvfs *sb, size_t bytes, int *rv)
{
	size_t room = bytes / sizeof(*sb);
	struct mount *mp;

	CIRCLEQ_FOREACH(mp, &mountlist, mnt_list) {
		if (sb != NULL && (size_t)*rv < room)
			statvfs_fill(mp, &sb[*rv]);
		else if (sb != NULL)
			break;
		(*rv)++;
	}
	return (0);
}

int
rump_sys_getvfsstat(struct rump_statvfs *sb, size_t bytes, int flags)
{

	(void)flags;
	SYSCALL_RESULT(int, rv, do_getvfsstat(sb, bytes, &rv));
}
