/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_syscalls_links.c: system calls that give a file another name: link(2) and
 * rename(2) of NetBSD's manual.
 *
 * VOP_RENAME comes with the target's folder and the target locked, the source's
 * folder and the source only in use, and releases all four.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/filedesc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>
#include "vfs_private.h"
#include "vfs_watch.h"

/*
 * Whoever moves or removes a folder holds this, before any vnode's lock.  It
 * keeps folders from being moved below themselves by two renames at once, and
 * from vanishing between rename's first look at them and the driver's.
 */
struct lock vfs_topology_lock;

static int
do_linkat(int dirfd, const char *path, int newfd, const char *newpath,
    int flags)
{
	struct watched_name wn;
	struct nameidata nd;
	struct vnode *vp;
	int error;

	if (flags & ~RUMP_AT_SYMLINK_FOLLOW)
		return (EINVAL);
	ndinit(&nd, LOOKUP, flags & RUMP_AT_SYMLINK_FOLLOW ? FOLLOW : NOFOLLOW,
	    UIO_USERSPACE, path, dirfd, curproc);
	if ((error = namei(&nd)) != 0)
		return (error);
	vp = nd.ni_vp;
	if (vp->v_type == VDIR)
		error = EPERM;
	else
		error = vfs_newname(&nd, newfd, newpath, 0);
	if (error == 0 && nd.ni_dvp->v_mount != vp->v_mount) {
		vfs_abandon(&nd);
		error = EXDEV;
	} else if (error == 0) {
		watch_begin(&wn, nd.ni_dvp, vp, &nd.ni_cnd);
		error = VOP_LINK(nd.ni_dvp, vp, &nd.ni_cnd);
		watch_end(&wn, error, RUMP_FSEVENT_CREATE);
	}
	vrele(vp);
	return (error);
}

int
rump_sys_link(const char *path, const char *newpath)
{

	SYSCALL_ROOM(do_linkat(RUMP_AT_FDCWD, path, RUMP_AT_FDCWD, newpath,
	    RUMP_AT_SYMLINK_FOLLOW));
}

int
rump_sys_linkat(int fd, const char *path, int newfd, const char *newpath,
    int flags)
{

	SYSCALL_ROOM(do_linkat(fd, path, newfd, newpath, flags));
}

static void
release_source(struct nameidata *from)
{

	VOP_ABORTOP(from->ni_dvp, &from->ni_cnd);
	vrele(from->ni_dvp);
	vrele(from->ni_vp);
}

static int
is_busy(struct vnode *vp)
{

	return ((vp->v_flag & VROOT) ||
	    (vp->v_type == VDIR && vp->v_mountedhere != NULL));
}

static int
is_same_name(struct nameidata *from, struct nameidata *to)
{
	struct componentname *f = &from->ni_cnd, *t = &to->ni_cnd;

	return (from->ni_dvp == to->ni_dvp && f->cn_namelen == t->cn_namelen &&
	    memcmp(f->cn_nameptr, t->cn_nameptr, f->cn_namelen) == 0);
}

/* Two names of vp, locked: are they links, rather than spellings of one name? */
static int
is_linked(struct vnode *vp, struct proc *p)
{
	struct vattr va;

	return (VOP_GETATTR(vp, &va, p->p_ucred, p) != 0 || va.va_nlink > 1);
}

/* What no file system has to be asked about. */
static int
rename_check(struct nameidata *from, struct nameidata *to)
{
	struct vnode *fvp = from->ni_vp, *tvp = to->ni_vp;
	int isdir = fvp->v_type == VDIR;

	if (is_busy(fvp) || (tvp != NULL && is_busy(tvp)))
		return (EBUSY);
	if (from->ni_dvp->v_mount != to->ni_dvp->v_mount)
		return (EXDEV);
	if (isdir && tvp != NULL && tvp->v_type != VDIR)
		return (ENOTDIR);
	if (!isdir && tvp != NULL && tvp->v_type == VDIR)
		return (EISDIR);
	/* "." and ".." are no names that could be given or taken away. */
	if (fvp == from->ni_dvp || tvp == to->ni_dvp || fvp == to->ni_dvp ||
	    ((from->ni_cnd.cn_flags | to->ni_cnd.cn_flags) & ISDOTDOT))
		return (EINVAL);
	return (tvp == from->ni_dvp ? ENOTEMPTY : 0);
}

/* Is folder vp, in use and not locked, below fvp, or it itself? */
static int
check_below(struct vnode *vp, struct vnode *fvp, struct proc *p)
{
	int error = 0;

	vref(vp);
	while (error == 0 && vp != fvp && (vp->v_flag & VROOT) == 0)
		error = vfs_go_up(&vp, p);
	if (error == 0 && vp == fvp)
		error = EINVAL;
	vrele(vp);
	return (error);
}

/*
 * A folder goes to another one: not below itself.  Parents are locked before
 * children, so that the target is let go for the way up and looked up again;
 * on failure it is released.
 */
static int
rename_newparent(struct nameidata *from, struct nameidata *to, struct proc *p)
{
	struct vnode *tdvp = to->ni_dvp;
	int error;

	if (to->ni_vp == tdvp)
		vrele(to->ni_vp);
	else if (to->ni_vp != NULL)
		vput(to->ni_vp);
	VOP_UNLOCK(tdvp, 0, p);
	if ((error = check_below(tdvp, from->ni_vp, p)) != 0) {
		vrele(tdvp);
		return (error);
	}
	return (relookup(tdvp, &to->ni_vp, &to->ni_cnd));
}

/* The rename itself, told to who watches; a name that was noted follows. */
static int
rename_commit(struct nameidata *from, struct nameidata *to)
{
	struct vnode *fvp = from->ni_vp, *tvp = to->ni_vp;
	int told = vfs_watches != 0 || fvp->v_name != NULL, error;
	struct watched_name wf, wt;

	if (told) {
		watch_note(&wf, from->ni_dvp, fvp, &from->ni_cnd);
		watch_note(&wt, to->ni_dvp, tvp, &to->ni_cnd);
	}
	error = VOP_RENAME(from->ni_dvp, fvp, &from->ni_cnd, to->ni_dvp, tvp,
	    &to->ni_cnd);
	if (told)
		watch_done_rename(&wf, &wt, error);
	return (error);
}

/* From is looked up, and both are released. */
static int
rename_to(struct nameidata *from, struct nameidata *to, int posix,
    struct proc *p)
{
	int error;

	if ((error = namei(to)) != 0) {
		/* Drivers say EISDIR of "." at once: to a folder it is one. */
		if (error == EISDIR && from->ni_vp->v_type == VDIR)
			error = EINVAL;
		release_source(from);
		return (error);
	}
	if (from->ni_vp->v_type == VDIR && from->ni_dvp != to->ni_dvp &&
	    from->ni_dvp->v_mount == to->ni_dvp->v_mount &&
	    (error = rename_newparent(from, to, p)) != 0) {
		release_source(from);
	} else if ((error = rename_check(from, to)) != 0 ||
	    (from->ni_vp == to->ni_vp && (is_same_name(from, to) ||
	    (posix && is_linked(to->ni_vp, p))))) {
		vfs_abandon(to);
		release_source(from);
	} else {
		error = rename_commit(from, to);
	}
	pool_put(&namei_pool, to->ni_cnd.cn_pnbuf);
	return (error);
}

/*
 * One attempt.  EJUSTRETURN: it is a folder, and the caller has to hold the
 * topology's lock (islocked).
 */
static int
rename_once(int fromfd, const char *frompath, int tofd, const char *topath,
    int posix, int islocked)
{
	struct proc *p = curproc;
	struct nameidata from, to;
	u_long flags = LOCKPARENT | LOCKLEAF | NOCACHE | SAVESTART;
	int error;

	ndinit(&from, DELETE, WANTPARENT | SAVESTART, UIO_USERSPACE, frompath,
	    fromfd, p);
	if ((error = namei(&from)) != 0)
		return (error);
	if (from.ni_vp->v_type == VDIR && !islocked) {
		release_source(&from);
		error = EJUSTRETURN;
	} else {
		if (from.ni_vp->v_type == VDIR)
			flags |= REQUIREDIR;
		ndinit(&to, RENAME, flags, UIO_USERSPACE, topath, tofd, p);
		error = rename_to(&from, &to, posix, p);
	}
	pool_put(&namei_pool, from.ni_cnd.cn_pnbuf);
	return (error);
}

static int
do_renameat(int fromfd, const char *frompath, int tofd, const char *topath,
    int posix)
{
	struct proc *p = curproc;
	int error;

	error = rename_once(fromfd, frompath, tofd, topath, posix, 0);
	if (error != EJUSTRETURN)
		return (error);
	(void)lockmgr(&vfs_topology_lock, LK_EXCLUSIVE, NULL, p);
	error = rename_once(fromfd, frompath, tofd, topath, posix, 1);
	(void)lockmgr(&vfs_topology_lock, LK_RELEASE, NULL, p);
	return (error);
}

int
rump_sys_rename(const char *from, const char *to)
{

	SYSCALL_ROOM(do_renameat(RUMP_AT_FDCWD, from, RUMP_AT_FDCWD, to, 0));
}

int
rump_sys___posix_rename(const char *from, const char *to)
{

	SYSCALL_ROOM(do_renameat(RUMP_AT_FDCWD, from, RUMP_AT_FDCWD, to, 1));
}

int
rump_sys_renameat(int fromfd, const char *from, int tofd, const char *to)
{

	SYSCALL_ROOM(do_renameat(fromfd, from, tofd, to, 0));
}
