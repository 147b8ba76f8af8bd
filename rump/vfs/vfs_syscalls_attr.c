/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_syscalls_attr.c: system calls that change attributes: modes, owners,
 * flags, times (section 2 of NetBSD's manual).
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/filedesc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "vfs_private.h"
#include "vfs_watch.h"

/* Of a vnode that is in use and locked. */
static int
setattr_vnode(struct vnode *vp, struct vattr *va)
{
	struct proc *p = curproc;

	/* What can be written to on a read-only mount is not changed either. */
	if (vp->v_mount != NULL && (vp->v_mount->mnt_flag & MNT_RDONLY))
		return (EROFS);
	return (VOP_SETATTR(vp, va, p->p_ucred, p));
}

static int
setattr_path(int dirfd, const char *path, int flags, struct vattr *va)
{
	struct vnode *vp;
	int error;

	if (flags & ~RUMP_AT_SYMLINK_NOFOLLOW)
		return (EINVAL);
	if ((error = vfs_lookup_for(dirfd, path,
	    flags & RUMP_AT_SYMLINK_NOFOLLOW ? NOFOLLOW : FOLLOW, &vp)) != 0)
		return (error);
	error = setattr_vnode(vp, va);
	VOP_UNLOCK(vp, 0, curproc);
	if (error == 0)
		watch_file(vp, RUMP_FSEVENT_ATTRIB);
	vrele(vp);
	return (error);
}

static int
setattr_fd(int fd, struct vattr *va)
{
	struct proc *p = curproc;
	struct vnode *vp;
	struct file *fp;
	int error;

	if ((error = fdgetvnode(fd, &fp, &vp)) != 0)
		return (error);
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	error = setattr_vnode(vp, va);
	VOP_UNLOCK(vp, 0, p);
	if (error == 0)
		watch_file(vp, RUMP_FSEVENT_ATTRIB);
	(void)frele(fp, p);
	return (error);
}

static struct vattr *
mode_attr(struct vattr *va, uint32_t mode)
{

	VATTR_NULL(va);
	va->va_mode = mode & ALLPERMS;
	return (va);
}

int
rump_sys_chmod(const char *path, uint32_t mode)
{
	struct vattr va;

	SYSCALL(setattr_path(RUMP_AT_FDCWD, path, 0, mode_attr(&va, mode)));
}

int
rump_sys_lchmod(const char *path, uint32_t mode)
{
	struct vattr va;

	SYSCALL(setattr_path(RUMP_AT_FDCWD, path, RUMP_AT_SYMLINK_NOFOLLOW,
	    mode_attr(&va, mode)));
}

int
rump_sys_fchmod(int fd, uint32_t mode)
{
	struct vattr va;

	SYSCALL(setattr_fd(fd, mode_attr(&va, mode)));
}

int
rump_sys_fchmodat(int fd, const char *path, uint32_t mode, int flags)
{
	struct vattr va;

	SYSCALL(setattr_path(fd, path, flags, mode_attr(&va, mode)));
}

static struct vattr *
owner_attr(struct vattr *va, uint32_t uid, uint32_t gid)
{

	VATTR_NULL(va);
	va->va_uid = uid;
	va->va_gid = gid;
	return (va);
}

int
rump_sys_chown(const char *path, uint32_t uid, uint32_t gid)
{
	struct vattr va;

	SYSCALL(setattr_path(RUMP_AT_FDCWD, path, 0,
	    owner_attr(&va, uid, gid)));
}

int
rump_sys_lchown(const char *path, uint32_t uid, uint32_t gid)
{
	struct vattr va;

	SYSCALL(setattr_path(RUMP_AT_FDCWD, path, RUMP_AT_SYMLINK_NOFOLLOW,
	    owner_attr(&va, uid, gid)));
}

int
rump_sys_fchown(int fd, uint32_t uid, uint32_t gid)
{
	struct vattr va;

	SYSCALL(setattr_fd(fd, owner_attr(&va, uid, gid)));
}

int
rump_sys_fchownat(int fd, const char *path, uint32_t uid, uint32_t gid,
    int flags)
{
	struct vattr va;

	SYSCALL(setattr_path(fd, path, flags, owner_attr(&va, uid, gid)));
}

static struct vattr *
flags_attr(struct vattr *va, unsigned long flags)
{

	VATTR_NULL(va);
	va->va_flags = flags;
	return (va);
}

int
rump_sys_chflags(const char *path, unsigned long flags)
{
	struct vattr va;

	SYSCALL(setattr_path(RUMP_AT_FDCWD, path, 0, flags_attr(&va, flags)));
}

int
rump_sys_lchflags(const char *path, unsigned long flags)
{
	struct vattr va;

	SYSCALL(setattr_path(RUMP_AT_FDCWD, path, RUMP_AT_SYMLINK_NOFOLLOW,
	    flags_attr(&va, flags)));
}

int
rump_sys_fchflags(int fd, unsigned long flags)
{
	struct vattr va;

	SYSCALL(setattr_fd(fd, flags_attr(&va, flags)));
}

/* One time of utimensat(2): *to stays VNOVAL if it is not to be set. */
static int
take_time(struct timespec *to, const struct rump_timespec *from,
    const struct timespec *now)
{

	if (from->tv_nsec == RUMP_UTIME_OMIT)
		return (0);
	if (from->tv_nsec == RUMP_UTIME_NOW) {
		*to = *now;
		return (0);
	}
	if (from->tv_nsec < 0 || from->tv_nsec >= 1000000000)
		return (EINVAL);
	to->tv_sec = from->tv_sec;
	to->tv_nsec = from->tv_nsec;
	return (0);
}

/*
 * Who may write a file may set its times to now; other times are for its owner
 * (VA_UTIMES_NULL tells the driver which it is).
 */
static int
times_attr(struct vattr *va, const struct rump_timespec *ts)
{
	struct timespec now;
	int error;

	VATTR_NULL(va);
	nanotime(&now);
	if (ts == NULL || (ts[0].tv_nsec == RUMP_UTIME_NOW &&
	    ts[1].tv_nsec == RUMP_UTIME_NOW)) {
		va->va_atime = va->va_mtime = now;
		va->va_vaflags |= VA_UTIMES_NULL;
		return (0);
	}
	if ((error = take_time(&va->va_atime, &ts[0], &now)) == 0)
		error = take_time(&va->va_mtime, &ts[1], &now);
	return (error);
}

static int
times_path(int dirfd, const char *path, const struct rump_timespec *ts,
    int flags)
{
	struct vattr va;
	int error;

	if ((error = times_attr(&va, ts)) != 0)
		return (error);
	return (setattr_path(dirfd, path, flags, &va));
}

static int
times_fd(int fd, const struct rump_timespec *ts)
{
	struct vattr va;
	int error;

	if ((error = times_attr(&va, ts)) != 0)
		return (error);
	return (setattr_fd(fd, &va));
}

int
rump_sys_utimensat(int fd, const char *path, const struct rump_timespec *ts,
    int flags)
{

	SYSCALL(times_path(fd, path, ts, flags));
}

int
rump_sys_futimens(int fd, const struct rump_timespec *ts)
{

	SYSCALL(times_fd(fd, ts));
}

/* The older calls count in microseconds; theirs has no special values. */
static int
times_old(const struct rump_timeval *tv, struct rump_timespec *ts)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (tv[i].tv_usec < 0 || tv[i].tv_usec >= 1000000)
			return (EINVAL);
		ts[i].tv_sec = tv[i].tv_sec;
		ts[i].tv_nsec = tv[i].tv_usec * 1000;
	}
	return (0);
}

int
rump_sys_utimes(const char *path, const struct rump_timeval *tv)
{
	struct rump_timespec ts[2];

	if (tv != NULL && times_old(tv, ts) != 0)
		return (syscall_fail(EINVAL));
	return (rump_sys_utimensat(RUMP_AT_FDCWD, path, tv == NULL ? NULL : ts,
	    0));
}

int
rump_sys_lutimes(const char *path, const struct rump_timeval *tv)
{
	struct rump_timespec ts[2];

	if (tv != NULL && times_old(tv, ts) != 0)
		return (syscall_fail(EINVAL));
	return (rump_sys_utimensat(RUMP_AT_FDCWD, path, tv == NULL ? NULL : ts,
	    RUMP_AT_SYMLINK_NOFOLLOW));
}

int
rump_sys_futimes(int fd, const struct rump_timeval *tv)
{
	struct rump_timespec ts[2];

	if (tv != NULL && times_old(tv, ts) != 0)
		return (syscall_fail(EINVAL));
	return (rump_sys_futimens(fd, tv == NULL ? NULL : ts));
}
