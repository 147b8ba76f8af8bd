/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_syscalls_names.c: system calls that make and remove names (section 2 of
 * NetBSD's manual).
 *
 * The operations release the parent, the file and the name's buffer themselves,
 * as 4.4BSD's do; where none is called, vfs_abandon() does.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/filedesc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "vfs_private.h"
#include "vfs_watch.h"

/* Gives up what a lookup with LOCKPARENT | LOCKLEAF brought. */
void
vfs_abandon(struct nameidata *nd)
{

	VOP_ABORTOP(nd->ni_dvp, &nd->ni_cnd);
	if (nd->ni_dvp == nd->ni_vp)
		vrele(nd->ni_dvp);
	else
		vput(nd->ni_dvp);
	if (nd->ni_vp != NULL)
		vput(nd->ni_vp);
}

/* Looks up a name that is to be made; EEXIST if it is there. */
int
vfs_newname(struct nameidata *nd, int dirfd, const char *path, u_long flags)
{
	int error;

	ndinit(nd, CREATE, LOCKPARENT | LOCKLEAF | SAVENAME | flags,
	    UIO_USERSPACE, path, dirfd, curproc);
	if ((error = namei(nd)) != 0)
		return (error);
	if (nd->ni_vp == NULL)
		return (0);
	vfs_abandon(nd);
	return (EEXIST);
}

static void
newattr(struct vattr *va, enum vtype type, uint32_t mode)
{

	VATTR_NULL(va);
	va->va_type = type;
	va->va_mode = mode & ALLPERMS & ~curproc->p_fd->fd_cmask;
}

static int
do_mkdirat(int dirfd, const char *path, uint32_t mode)
{
	struct watched_name wn;
	struct nameidata nd;
	struct vattr va;
	int error;

	if ((error = vfs_newname(&nd, dirfd, path, REQUIREDIR)) != 0)
		return (error);
	newattr(&va, VDIR, mode);
	watch_begin(&wn, nd.ni_dvp, NULL, &nd.ni_cnd);
	error = VOP_MKDIR(nd.ni_dvp, &nd.ni_vp, &nd.ni_cnd, &va);
	if (error == 0)
		vput(nd.ni_vp);
	watch_end(&wn, error, RUMP_FSEVENT_CREATE | RUMP_FSEVENT_ISDIR);
	return (error);
}

int
rump_sys_mkdir(const char *path, uint32_t mode)
{

	SYSCALL_ROOM(do_mkdirat(RUMP_AT_FDCWD, path, mode));
}

int
rump_sys_mkdirat(int fd, const char *path, uint32_t mode)
{

	SYSCALL_ROOM(do_mkdirat(fd, path, mode));
}

static int
do_mknodat(int dirfd, const char *path, uint32_t mode, uint64_t dev)
{
	enum vtype type = IFTOVT(mode);
	struct watched_name wn;
	struct nameidata nd;
	struct vattr va;
	int error;

	/* A named pipe is anybody's; a device is not. */
	if (type != VFIFO && (error = suser(curproc, 0)) != 0)
		return (error);
	if (type != VCHR && type != VBLK && type != VFIFO)
		return (EINVAL);
	if ((error = vfs_newname(&nd, dirfd, path, 0)) != 0)
		return (error);
	newattr(&va, type, mode);
	if (type != VFIFO)
		va.va_rdev = (dev_t)dev;
	watch_begin(&wn, nd.ni_dvp, NULL, &nd.ni_cnd);
	error = VOP_MKNOD(nd.ni_dvp, &nd.ni_vp, &nd.ni_cnd, &va);
	watch_end(&wn, error, RUMP_FSEVENT_CREATE);
	return (error);
}

int
vfs_makesocket(const char *path, struct vnode **vpp)
{
	struct watched_name wn;
	struct nameidata nd;
	struct vattr va;
	int error;

	if ((error = vfs_newname(&nd, RUMP_AT_FDCWD, path, 0)) != 0)
		return (error);
	newattr(&va, VSOCK, ACCESSPERMS);
	watch_begin(&wn, nd.ni_dvp, NULL, &nd.ni_cnd);
	error = VOP_CREATE(nd.ni_dvp, &nd.ni_vp, &nd.ni_cnd, &va);
	if (error == 0) {
		*vpp = nd.ni_vp;
		VOP_UNLOCK(nd.ni_vp, 0, curproc);
	}
	watch_end(&wn, error, RUMP_FSEVENT_CREATE);
	return (error);
}

int
rump_sys_mknod(const char *path, uint32_t mode, uint64_t dev)
{

	SYSCALL_ROOM(do_mknodat(RUMP_AT_FDCWD, path, mode, dev));
}

int
rump_sys_mknodat(int fd, const char *path, uint32_t mode, uint64_t dev)
{

	SYSCALL_ROOM(do_mknodat(fd, path, mode, dev));
}

int
rump_sys_mkfifo(const char *path, uint32_t mode)
{

	SYSCALL_ROOM(do_mknodat(RUMP_AT_FDCWD, path, S_IFIFO | (mode & ALLPERMS),
	    0));
}

int
rump_sys_mkfifoat(int fd, const char *path, uint32_t mode)
{

	SYSCALL_ROOM(do_mknodat(fd, path, S_IFIFO | (mode & ALLPERMS), 0));
}

static int
do_symlinkat(const char *target, int dirfd, const char *path)
{
	struct watched_name wn;
	struct nameidata nd;
	struct vattr va;
	char *buf;
	int error;

	buf = pool_get(&namei_pool, PR_WAITOK);
	error = copyinstr(target, buf, MAXPATHLEN, NULL);
	if (error == 0 && *buf == '\0')
		error = ENOENT;
	if (error == 0)
		error = vfs_newname(&nd, dirfd, path, 0);
	if (error == 0) {
		newattr(&va, VLNK, ACCESSPERMS);
		watch_begin(&wn, nd.ni_dvp, NULL, &nd.ni_cnd);
		error = VOP_SYMLINK(nd.ni_dvp, &nd.ni_vp, &nd.ni_cnd, &va, buf);
		watch_end(&wn, error, RUMP_FSEVENT_CREATE);
	}
	pool_put(&namei_pool, buf);
	return (error);
}

int
rump_sys_symlink(const char *target, const char *path)
{

	SYSCALL_ROOM(do_symlinkat(target, RUMP_AT_FDCWD, path));
}

int
rump_sys_symlinkat(const char *target, int fd, const char *path)
{

	SYSCALL_ROOM(do_symlinkat(target, fd, path));
}

/* Caller holds the topology's lock if dir. */
static int
remove_name(int dirfd, const char *path, int dir)
{
	struct watched_name wn;
	struct nameidata nd;
	struct vnode *vp;
	int error;

	ndinit(&nd, DELETE, LOCKPARENT | LOCKLEAF | SAVENAME, UIO_USERSPACE,
	    path, dirfd, curproc);
	if ((error = namei(&nd)) != 0)
		return (error);
	vp = nd.ni_vp;
	if (dir && vp->v_type != VDIR)
		error = ENOTDIR;
	else if (!dir && vp->v_type == VDIR)
		error = EPERM;
	else if ((vp->v_flag & VROOT) || vp->v_mountedhere != NULL)
		error = vp->v_type == VDIR ? EBUSY : 0;
	else if (vp == nd.ni_dvp)
		error = EINVAL;		/* "." */
	if (error != 0) {
		vfs_abandon(&nd);
		return (error);
	}
	watch_begin(&wn, nd.ni_dvp, vp, &nd.ni_cnd);
	error = dir ? VOP_RMDIR(nd.ni_dvp, vp, &nd.ni_cnd) :
	    VOP_REMOVE(nd.ni_dvp, vp, &nd.ni_cnd);
	watch_end(&wn, error, RUMP_FSEVENT_DELETE);
	return (error);
}

static int
do_unlinkat(int dirfd, const char *path, int flags)
{
	int error;

	if (flags & ~RUMP_AT_REMOVEDIR)
		return (EINVAL);
	if (flags == 0)
		return (remove_name(dirfd, path, 0));
	(void)lockmgr(&vfs_topology_lock, LK_EXCLUSIVE, NULL, curproc);
	error = remove_name(dirfd, path, 1);
	(void)lockmgr(&vfs_topology_lock, LK_RELEASE, NULL, curproc);
	return (error);
}

int
rump_sys_unlink(const char *path)
{

	SYSCALL(do_unlinkat(RUMP_AT_FDCWD, path, 0));
}

int
rump_sys_unlinkat(int fd, const char *path, int flags)
{

	SYSCALL(do_unlinkat(fd, path, flags));
}

int
rump_sys_rmdir(const char *path)
{

	SYSCALL(do_unlinkat(RUMP_AT_FDCWD, path, RUMP_AT_REMOVEDIR));
}
