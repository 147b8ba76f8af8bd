/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_lookup.c: from a path to a vnode (namei(9)).
 *
 * lookup() walks one path without symbolic links in it; namei() gives it the
 * path, and again what a link says.  What comes back: ni_vp, in use, locked if
 * LOCKLEAF; with LOCKPARENT or WANTPARENT also ni_dvp, locked if LOCKPARENT; the
 * name in cn_pnbuf if SAVENAME (then the caller, or the operation that it goes
 * on with, frees it).  With CREATE or RENAME ni_vp may be NULL: free name.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/filedesc.h>
#include <sys/vnode.h>
#include "vfs_private.h"
#include "vfs_watch.h"

struct pool namei_pool;

static int
namei_copypath(struct nameidata *ndp)
{
	struct componentname *cnp = &ndp->ni_cnd;
	int error;

	error = ndp->ni_segflg == UIO_SYSSPACE ?
	    copystr(ndp->ni_dirp, cnp->cn_pnbuf, MAXPATHLEN,
	    &ndp->ni_pathlen) :
	    copyinstr(ndp->ni_dirp, cnp->cn_pnbuf, MAXPATHLEN,
	    &ndp->ni_pathlen);
	if (error == 0 && ndp->ni_pathlen == 1)
		error = ENOENT;
	return (error);
}

/* Where a path that does not start with a slash starts: in use. */
static int
namei_startdir(struct nameidata *ndp, struct vnode **dpp)
{
	struct proc *p = ndp->ni_cnd.cn_proc;
	struct file *fp;
	int error;

	if (ndp->ni_dirfd == RUMP_AT_FDCWD) {
		*dpp = p->p_fd->fd_cdir != NULL ? p->p_fd->fd_cdir :
		    ndp->ni_rootdir;
		vref(*dpp);
		return (0);
	}
	if ((error = fdget(p, ndp->ni_dirfd, &fp)) != 0)
		return (error);
	if (fp->f_type != DTYPE_VNODE ||
	    ((struct vnode *)fp->f_data)->v_type != VDIR) {
		frele(fp, p);
		return (ENOTDIR);
	}
	*dpp = fp->f_data;
	vref(*dpp);
	frele(fp, p);
	return (0);
}

/*
 * ni_vp is a symbolic link, locked, in ni_dvp: puts what it says before the rest
 * of the path.
 */
static int
namei_readlink(struct nameidata *ndp)
{
	struct componentname *cnp = &ndp->ni_cnd;
	struct iovec iov;
	struct uio uio;
	size_t rest = ndp->ni_pathlen, len;
	char *buf;
	int error;

	if (ndp->ni_loopcnt++ >= MAXSYMLINKS)
		return (ELOOP);
	buf = pool_get(&namei_pool, PR_WAITOK);
	iov.iov_base = buf;
	iov.iov_len = MAXPATHLEN;
	uio.uio_iov = &iov;
	uio.uio_iovcnt = 1;
	uio.uio_offset = 0;
	uio.uio_resid = MAXPATHLEN;
	uio.uio_rw = UIO_READ;
	uio.uio_segflg = UIO_SYSSPACE;
	uio.uio_procp = cnp->cn_proc;
	error = VOP_READLINK(ndp->ni_vp, &uio, cnp->cn_cred);
	len = MAXPATHLEN - uio.uio_resid;
	if (error == 0 && len == 0)
		error = ENOENT;
	if (error == 0 && len + rest > MAXPATHLEN)
		error = ENAMETOOLONG;
	if (error != 0) {
		pool_put(&namei_pool, buf);
		return (error);
	}
	memmove(buf + len, ndp->ni_next, rest);
	pool_put(&namei_pool, cnp->cn_pnbuf);
	cnp->cn_pnbuf = buf;
	ndp->ni_pathlen = len + rest;
	return (0);
}

/* Before lookup(): takes leading slashes off, and starts at the root for them. */
static struct vnode *
namei_root(struct nameidata *ndp, struct vnode *dp)
{
	struct componentname *cnp = &ndp->ni_cnd;

	cnp->cn_nameptr = cnp->cn_pnbuf;
	if (*cnp->cn_nameptr != '/')
		return (dp);
	vrele(dp);
	while (*cnp->cn_nameptr == '/') {
		cnp->cn_nameptr++;
		ndp->ni_pathlen--;
	}
	vref(ndp->ni_rootdir);
	return (ndp->ni_rootdir);
}

static int
namei_walk(struct nameidata *ndp)
{
	struct componentname *cnp = &ndp->ni_cnd;
	struct proc *p = cnp->cn_proc;
	struct vnode *dp;
	int error;

	if (*cnp->cn_pnbuf == '/') {
		dp = ndp->ni_rootdir;
		vref(dp);
	} else if ((error = namei_startdir(ndp, &dp)) != 0) {
		return (error);
	}
	for (;;) {
		ndp->ni_startdir = namei_root(ndp, dp);
		if ((error = lookup(ndp)) != 0)
			return (error);
		if ((cnp->cn_flags & ISSYMLINK) == 0)
			return (0);
		error = namei_readlink(ndp);
		dp = ndp->ni_dvp;
		if (dp != ndp->ni_vp && (cnp->cn_flags & PDIRUNLOCK) == 0)
			VOP_UNLOCK(dp, 0, p);
		vput(ndp->ni_vp);
		ndp->ni_vp = NULL;
		if (error != 0) {
			vrele(dp);
			ndp->ni_dvp = NULL;
			return (error);
		}
	}
}

int
namei(struct nameidata *ndp)
{
	struct componentname *cnp = &ndp->ni_cnd;
	struct proc *p = cnp->cn_proc;
	int error;

	KASSERT((cnp->cn_flags & ~(MODMASK | SAVENAME | SAVESTART |
	    NOCROSSMOUNT | DOWHITEOUT | REQUIREDIR | NOTENAME)) == 0);
	cnp->cn_cred = p->p_ucred;
	cnp->cn_pnbuf = pool_get(&namei_pool, PR_WAITOK);
	cnp->cn_pnlen = MAXPATHLEN;
	ndp->ni_loopcnt = 0;
	ndp->ni_vp = ndp->ni_dvp = NULL;
	/* In use meanwhile: another lwp may call chroot() or mount. */
	if ((ndp->ni_rootdir = p->p_fd->fd_rdir) == NULL)
		ndp->ni_rootdir = rootvnode;
	vref(ndp->ni_rootdir);
	error = namei_copypath(ndp);
	if (error == 0)
		error = namei_walk(ndp);
	vrele(ndp->ni_rootdir);
	if (error == ENOENT && cnp->cn_nameiop == LOOKUP &&
	    p->p_fd->fd_rdir == NULL &&
	    (cnp->cn_flags & (LOCKPARENT | WANTPARENT)) == 0 &&
	    ndp->ni_dirp != NULL && etfs_lookup(ndp->ni_dirp, &ndp->ni_vp)) {
		/* Registered devices are there whatever is mounted above. */
		error = cnp->cn_flags & LOCKLEAF ? vn_lock(ndp->ni_vp,
		    LK_EXCLUSIVE | LK_RETRY, p) : 0;
	}
	if (error != 0 || (cnp->cn_flags & (SAVENAME | SAVESTART)) == 0) {
		pool_put(&namei_pool, cnp->cn_pnbuf);
		cnp->cn_pnbuf = NULL;
	} else {
		cnp->cn_flags |= HASBUF;
	}
	if (error != 0)
		ndp->ni_vp = NULL;
	return (error);
}

/* Finds the end of the name at cn_nameptr and what it is. */
static int
lookup_component(struct nameidata *ndp, int *trailing)
{
	struct componentname *cnp = &ndp->ni_cnd;
	uint32_t hash = 5381;
	char *cp;

	for (cp = cnp->cn_nameptr; *cp != '\0' && *cp != '/'; cp++)
		hash = hash * 33 + (u_char)*cp;
	cnp->cn_hash = hash;
	cnp->cn_namelen = cp - cnp->cn_nameptr;
	if (cnp->cn_namelen > NAME_MAX)
		return (ENAMETOOLONG);
	ndp->ni_pathlen -= cnp->cn_namelen;
	for (*trailing = 0; *cp == '/'; cp++) {
		ndp->ni_pathlen--;
		*trailing = 1;
	}
	ndp->ni_next = cp;
	cnp->cn_flags |= MAKEENTRY;
	cnp->cn_flags &= ~(ISLASTCN | ISDOTDOT);
	if (*cp == '\0') {
		cnp->cn_flags |= ISLASTCN;
		/* Drivers copy the name with its end: no slash is part of it. */
		cnp->cn_nameptr[cnp->cn_namelen] = '\0';
		if ((cnp->cn_flags & NOCACHE) ||
		    (cnp->cn_nameiop != LOOKUP && cnp->cn_nameiop != CREATE))
			cnp->cn_flags &= ~MAKEENTRY;
	}
	if (cnp->cn_namelen == 2 && cnp->cn_nameptr[0] == '.' &&
	    cnp->cn_nameptr[1] == '.')
		cnp->cn_flags |= ISDOTDOT;
	return (0);
}

/*
 * ".." from the root of a mount starts in the folder that it covers; from the
 * root of all it leads nowhere.  dp is locked, and so is what comes back.
 */
static int
lookup_dotdot(struct nameidata *ndp, struct vnode **dpp, int *stay)
{
	struct componentname *cnp = &ndp->ni_cnd;
	struct vnode *dp = *dpp, *up;
	int error;

	*stay = 0;
	for (;;) {
		if (dp == ndp->ni_rootdir || dp == rootvnode) {
			*stay = 1;
			return (0);
		}
		if ((dp->v_flag & VROOT) == 0 || dp->v_mount == NULL ||
		    dp->v_mount->mnt_vnodecovered == NULL ||
		    (cnp->cn_flags & NOCROSSMOUNT))
			return (0);
		up = dp->v_mount->mnt_vnodecovered;
		vref(up);
		vput(dp);
		*dpp = dp = up;
		if ((error = vn_lock(dp, LK_EXCLUSIVE | LK_RETRY,
		    cnp->cn_proc)) != 0)
			return (error);
	}
}

/* Goes on to the root of what is mounted on *dpp, which is locked. */
static int
lookup_crossmount(struct componentname *cnp, struct vnode **dpp)
{
	struct vnode *dp = *dpp, *root;
	struct mount *mp;
	int error;

	while (dp->v_type == VDIR && (mp = dp->v_mountedhere) != NULL &&
	    (cnp->cn_flags & NOCROSSMOUNT) == 0) {
		if (vfs_busy(mp, 0, NULL, cnp->cn_proc))
			continue;
		VOP_UNLOCK(dp, 0, cnp->cn_proc);
		error = vfs_root(mp, &root);
		vfs_unbusy(mp, cnp->cn_proc);
		if (error != 0) {
			(void)vn_lock(dp, LK_EXCLUSIVE | LK_RETRY,
			    cnp->cn_proc);
			return (error);
		}
		vrele(dp);
		*dpp = dp = root;
	}
	return (0);
}

/* The path was only slashes, or empty: it is the start itself. */
static int
lookup_itself(struct nameidata *ndp, struct vnode *dp)
{
	struct componentname *cnp = &ndp->ni_cnd;
	int error = 0;

	if (dp->v_type != VDIR)
		error = ENOTDIR;
	else if (cnp->cn_nameiop != LOOKUP)
		error = cnp->cn_nameiop == CREATE ? EEXIST : EBUSY;
	else
		error = lookup_crossmount(cnp, &dp);
	if (error != 0) {
		vput(dp);
		return (error);
	}
	cnp->cn_namelen = 0;
	cnp->cn_flags |= ISLASTCN;
	if (cnp->cn_flags & (WANTPARENT | LOCKPARENT)) {
		ndp->ni_dvp = dp;
		vref(dp);
	}
	ndp->ni_vp = dp;
	if ((cnp->cn_flags & (LOCKPARENT | LOCKLEAF)) == 0)
		VOP_UNLOCK(dp, 0, cnp->cn_proc);
	return (0);
}

/* Nothing of this name, and it may be made: *ni_dvp stays, locked. */
static int
lookup_free_name(struct nameidata *ndp, int trailing)
{
	struct componentname *cnp = &ndp->ni_cnd;
	int error;

	/* "new/" names what can only be a directory. */
	if (trailing && (cnp->cn_flags & REQUIREDIR) == 0)
		return (ENOENT);
	if ((error = vfs_refuses(ndp->ni_dvp->v_mount)) != 0)
		return (error);
	if ((cnp->cn_flags & LOCKPARENT) == 0) {
		VOP_UNLOCK(ndp->ni_dvp, 0, cnp->cn_proc);
		cnp->cn_flags |= PDIRUNLOCK;
	}
	return (0);
}

/* The last name was found: the caller gets what its flags ask for. */
static int
lookup_done(struct nameidata *ndp, int trailing)
{
	struct componentname *cnp = &ndp->ni_cnd;
	struct vnode *dp = ndp->ni_vp;
	int error;

	if (trailing && dp->v_type != VDIR)
		return (ENOTDIR);
	if ((cnp->cn_nameiop == DELETE || cnp->cn_nameiop == RENAME) &&
	    (error = vfs_refuses(ndp->ni_dvp->v_mount)) != 0)
		return (error);
	if (__predict_false((cnp->cn_flags & NOTENAME) || vfs_watches != 0) &&
	    dp != ndp->ni_dvp && (cnp->cn_flags & ISDOTDOT) == 0)
		vname_set(dp, ndp->ni_dvp, cnp->cn_nameptr,
		    (size_t)cnp->cn_namelen);
	if ((cnp->cn_flags & LOCKPARENT) == 0 && dp != ndp->ni_dvp &&
	    (cnp->cn_flags & PDIRUNLOCK) == 0) {
		VOP_UNLOCK(ndp->ni_dvp, 0, cnp->cn_proc);
		cnp->cn_flags |= PDIRUNLOCK;
	}
	if ((cnp->cn_flags & (LOCKPARENT | WANTPARENT)) == 0) {
		vrele(ndp->ni_dvp);
		ndp->ni_dvp = NULL;
	}
	if ((cnp->cn_flags & LOCKLEAF) == 0 &&
	    !((cnp->cn_flags & LOCKPARENT) && dp == ndp->ni_dvp))
		VOP_UNLOCK(dp, 0, cnp->cn_proc);
	return (0);
}

/* Gives up ni_dvp and ni_vp, locked as they are after VOP_LOOKUP. */
static void
lookup_release(struct nameidata *ndp)
{
	struct vnode *dvp = ndp->ni_dvp, *vp = ndp->ni_vp;

	if (vp != NULL && vp == dvp) {
		vrele(dvp);
	} else if (dvp != NULL) {
		if (ndp->ni_cnd.cn_flags & PDIRUNLOCK)
			vrele(dvp);
		else
			vput(dvp);
	}
	if (vp != NULL)
		vput(vp);
	ndp->ni_dvp = ndp->ni_vp = NULL;
}

/*
 * One name in *dpp, which is locked and in use.  Leaves ni_dvp and ni_vp, the
 * latter locked; EJUSTRETURN as VOP_LOOKUP.
 */
static int
lookup_one(struct nameidata *ndp, struct vnode *dp)
{
	struct componentname *cnp = &ndp->ni_cnd;
	int error, stay = 0;

	ndp->ni_vp = NULL;
	ndp->ni_dvp = dp;
	cnp->cn_flags &= ~PDIRUNLOCK;
	if (cnp->cn_flags & ISDOTDOT) {
		error = lookup_dotdot(ndp, &ndp->ni_dvp, &stay);
		if (error != 0)
			return (error);
		if (stay) {
			ndp->ni_vp = ndp->ni_dvp;
			vref(ndp->ni_vp);
			return (0);
		}
	}
	if (ndp->ni_dvp->v_type != VDIR)
		return (ENOTDIR);
	return (VOP_LOOKUP(ndp->ni_dvp, &ndp->ni_vp, cnp));
}

int
lookup(struct nameidata *ndp)
{
	struct componentname *cnp = &ndp->ni_cnd;
	struct vnode *dp = ndp->ni_startdir;
	int error, trailing;

	ndp->ni_startdir = ndp->ni_dvp = ndp->ni_vp = NULL;
	cnp->cn_flags &= ~(ISSYMLINK | PDIRUNLOCK);
	(void)vn_lock(dp, LK_EXCLUSIVE | LK_RETRY, cnp->cn_proc);
	if (*cnp->cn_nameptr == '\0')
		return (lookup_itself(ndp, dp));
	for (;;) {
		if ((error = lookup_component(ndp, &trailing)) != 0) {
			vput(dp);
			return (error);
		}
		error = lookup_one(ndp, dp);
		if (error == EJUSTRETURN)
			error = lookup_free_name(ndp, trailing);
		else if (error == 0) {
			/* A vnode that is its own parent is locked once. */
			if (ndp->ni_vp != ndp->ni_dvp)
				error = lookup_crossmount(cnp, &ndp->ni_vp);
			dp = ndp->ni_vp;
		}
		if (error != 0)
			break;
		if (ndp->ni_vp == NULL)
			return (0);
		if (dp->v_type == VLNK && (!(cnp->cn_flags & ISLASTCN) ||
		    (cnp->cn_flags & FOLLOW) || trailing)) {
			cnp->cn_flags |= ISSYMLINK;
			/* A slash behind the link belongs to the rest. */
			if (trailing) {
				*--ndp->ni_next = '/';
				ndp->ni_pathlen++;
			}
			return (0);
		}
		if (cnp->cn_flags & ISLASTCN) {
			if ((error = lookup_done(ndp, trailing)) != 0)
				break;
			return (0);
		}
		/* On to the next name: the parent is not needed any more. */
		if (ndp->ni_dvp == dp)
			vrele(dp);
		else if (cnp->cn_flags & PDIRUNLOCK)
			vrele(ndp->ni_dvp);
		else
			vput(ndp->ni_dvp);
		ndp->ni_dvp = NULL;
		cnp->cn_nameptr = ndp->ni_next;
	}
	lookup_release(ndp);
	return (error);
}

/*
 * Looks the name of *cnp up once more in dvp, which is in use and not locked.
 * For rename, whose first lookup may be out of date.  On success dvp is locked,
 * and used once more if it is the source's folder (SAVESTART; drivers give that
 * use back for the source, but not for the target); else it is released.
 */
int
relookup(struct vnode *dvp, struct vnode **vpp, struct componentname *cnp)
{
	uint32_t hash = 5381;
	int error, i, keep;

	*vpp = NULL;
	keep = (cnp->cn_flags & SAVESTART) && cnp->cn_nameiop != RENAME;
	cnp->cn_flags &= ~(ISSYMLINK | PDIRUNLOCK | MAKEENTRY);
	cnp->cn_flags |= ISLASTCN;
	for (i = 0; i < cnp->cn_namelen; i++)
		hash = hash * 33 + (u_char)cnp->cn_nameptr[i];
	cnp->cn_hash = hash;
	(void)vn_lock(dvp, LK_EXCLUSIVE | LK_RETRY, cnp->cn_proc);
	error = VOP_LOOKUP(dvp, vpp, cnp);
	if (error == EJUSTRETURN) {
		if (dvp->v_mount->mnt_flag & MNT_RDONLY) {
			vput(dvp);
			return (EROFS);
		}
		if (keep)
			vref(dvp);
		return (0);
	}
	if (error != 0) {
		if (cnp->cn_flags & PDIRUNLOCK)
			vrele(dvp);
		else
			vput(dvp);
		return (error);
	}
	if (keep)
		vref(dvp);
	if ((cnp->cn_flags & (LOCKPARENT | WANTPARENT)) == 0)
		vrele(dvp);
	if ((cnp->cn_flags & LOCKLEAF) == 0)
		VOP_UNLOCK(*vpp, 0, cnp->cn_proc);
	return (0);
}
