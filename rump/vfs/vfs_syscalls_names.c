/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_syscalls_names.c: system calls that make and remove names and change
 * attributes (section 2 of NetBSD's manual).
 *
 * The operations release the parent, the file and the name's buffer themselves,
 * as 4.4BSD's do; where none is called, VOP_ABORTOP and abandon() do.
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

/* Gives up what a lookup with LOCKPARENT | LOCKLEAF brought. */
static void
abandon(struct nameidata *nd)
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
static int
newname(struct nameidata *nd, const char *path, u_long flags)
{
	int error;

	NDINIT(nd, CREATE, LOCKPARENT | LOCKLEAF | SAVENAME | flags,
	    UIO_USERSPACE, path, curproc);
	if ((error = namei(nd)) != 0)
		return (error);
	if (nd->ni_vp == NULL)
		return (0);
	abandon(nd);
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
do_mkdir(const char *path, uint32_t mode)
{
	struct nameidata nd;
	struct vattr va;
	int error;

	if ((error = newname(&nd, path, REQUIREDIR)) != 0)
		return (error);
	newattr(&va, VDIR, mode);
	error = VOP_MKDIR(nd.ni_dvp, &nd.ni_vp, &nd.ni_cnd, &va);
	if (error == 0)
		vput(nd.ni_vp);
	return (error);
}

int
rump_sys_mkdir(const char *path, uint32_t mode)
{

	SYSCALL(do_mkdir(path, mode));
}

static int
do_mknod(const char *path, uint32_t mode, uint64_t dev)
{
	struct nameidata nd;
	struct vattr va;
	int error;

	if ((error = suser(curproc, 0)) != 0)
		return (error);
	if ((mode & S_IFMT) != S_IFCHR && (mode & S_IFMT) != S_IFBLK)
		return (EINVAL);
	if ((error = newname(&nd, path, 0)) != 0)
		return (error);
	newattr(&va, IFTOVT(mode), mode);
	va.va_rdev = (dev_t)dev;
	return (VOP_MKNOD(nd.ni_dvp, &nd.ni_vp, &nd.ni_cnd, &va));
}

int
rump_sys_mknod(const char *path, uint32_t mode, uint64_t dev)
{

	SYSCALL(do_mknod(path, mode, dev));
}

static int
do_symlink(const char *target, const char *path)
{
	struct nameidata nd;
	struct vattr va;
	char *buf;
	int error;

	buf = pool_get(&namei_pool, PR_WAITOK);
	error = copyinstr(target, buf, MAXPATHLEN, NULL);
	if (error == 0)
		error = newname(&nd, path, 0);
	if (error == 0) {
		newattr(&va, VLNK, ACCESSPERMS);
		error = VOP_SYMLINK(nd.ni_dvp, &nd.ni_vp, &nd.ni_cnd, &va, buf);
	}
	pool_put(&namei_pool, buf);
	return (error);
}

int
rump_sys_symlink(const char *target, const char *path)
{

	SYSCALL(do_symlink(target, path));
}

static int
do_unlinkat(int dirfd, const char *path, int flags)
{
	struct nameidata nd;
	struct vnode *vp;
	int error, dir = flags & RUMP_AT_REMOVEDIR;

	if (flags & ~RUMP_AT_REMOVEDIR)
		return (EINVAL);
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
		abandon(&nd);
		return (error);
	}
	return (dir ? VOP_RMDIR(nd.ni_dvp, vp, &nd.ni_cnd) :
	    VOP_REMOVE(nd.ni_dvp, vp, &nd.ni_cnd));
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

static int
do_setattr(const char *path, struct vattr *va)
{
	struct proc *p = curproc;
	struct nameidata nd;
	int error;

	NDINIT(&nd, LOOKUP, FOLLOW | LOCKLEAF, UIO_USERSPACE, path, p);
	if ((error = namei(&nd)) != 0)
		return (error);
	if ((error = vn_writechk(nd.ni_vp)) == 0)
		error = VOP_SETATTR(nd.ni_vp, va, p->p_ucred, p);
	vput(nd.ni_vp);
	return (error);
}

int
rump_sys_chmod(const char *path, uint32_t mode)
{
	struct vattr va;

	VATTR_NULL(&va);
	va.va_mode = mode & ALLPERMS;
	SYSCALL(do_setattr(path, &va));
}

int
rump_sys_chown(const char *path, uint32_t uid, uint32_t gid)
{
	struct vattr va;

	VATTR_NULL(&va);
	va.va_uid = uid;
	va.va_gid = gid;
	SYSCALL(do_setattr(path, &va));
}
