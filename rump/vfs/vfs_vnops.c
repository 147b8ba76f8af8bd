/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_vnops.c: open files that are vnodes, and helpers above the operations.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/poll.h>
#include <sys/pool.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <rump-sys/syncer.h>
#include "rumpblk.h"
#include "vfs_private.h"
#include "vfs_watch.h"

/* ETXTBSY and the like would be said here; a read-only mount is. */
int
vn_writechk(struct vnode *vp)
{

	if (vp->v_mount != NULL && (vp->v_mount->mnt_flag & MNT_RDONLY) &&
	    (vp->v_type == VREG || vp->v_type == VDIR || vp->v_type == VLNK))
		return (EROFS);
	return (0);
}

/*
 * The owner may lock a vnode again, unless it says otherwise: soft updates look
 * up files by number that their caller has locked.
 */
int
vn_lock(struct vnode *vp, int flags, struct proc *p)
{
	int error;

	if ((flags & LK_RECURSEFAIL) == 0)
		flags |= LK_CANRECURSE;
	for (;;) {
		if (vp->v_flag & VXLOCK) {
			vp->v_flag |= VXWANT;
			(void)tsleep(vp, PINOD, "vn_lock", 0);
			error = ENOENT;
		} else {
			error = VOP_LOCK(vp, flags & ~(LK_INTERLOCK | LK_RETRY),
			    p);
			if (error == 0 || (flags & LK_NOWAIT))
				return (error);
		}
		if ((flags & LK_RETRY) == 0)
			return (error);
	}
}

/* Makes the file of *ndp, for which there is a free name; leaves it locked. */
static int
open_create(struct nameidata *ndp, int cmode)
{
	struct componentname *cnp = &ndp->ni_cnd;
	struct vnode *dvp = ndp->ni_dvp;
	size_t len = (size_t)cnp->cn_namelen;
	char name[NAME_MAX];
	u_int id = dvp->v_id;
	struct vattr va;
	int error;

	memcpy(name, cnp->cn_nameptr, len);

	VATTR_NULL(&va);
	va.va_type = VREG;
	va.va_mode = cmode;
	error = VOP_CREATE(dvp, &ndp->ni_vp, cnp, &va);
	if (error == 0 && dvp->v_id == id)
		vname_set(ndp->ni_vp, dvp, name, len);
	return (error);
}

/* May the file, which is locked, be opened so? */
static int
open_check(struct vnode *vp, int fmode, struct ucred *cred, struct proc *p)
{
	int error = 0;

	if (vp->v_type == VSOCK)
		return (EOPNOTSUPP);
	if ((fmode & O_DIRECTORY) && vp->v_type != VDIR)
		return (ENOTDIR);
	if (vp->v_type == VLNK)
		return (ELOOP);
	if (fmode & FREAD)
		error = VOP_ACCESS(vp, VREAD, cred, p);
	if (error == 0 && (fmode & (FWRITE | O_TRUNC))) {
		if (vp->v_type == VDIR)
			error = EISDIR;
		else if ((error = vn_writechk(vp)) == 0)
			error = VOP_ACCESS(vp, VWRITE, cred, p);
	}
	return (error);
}

static int
open_truncate(struct vnode *vp, struct ucred *cred, struct proc *p)
{
	struct vattr va;

	VATTR_NULL(&va);
	va.va_size = 0;
	return (VOP_SETATTR(vp, &va, cred, p));
}

/* Opens what *ndp names: ni_vp comes back locked and in use. */
int
vn_open(struct nameidata *ndp, int fmode, int cmode)
{
	struct componentname *cnp = &ndp->ni_cnd;
	struct proc *p = cnp->cn_proc;
	struct vnode *vp;
	int error, created = 0;

	cnp->cn_nameiop = fmode & O_CREAT ? CREATE : LOOKUP;
	cnp->cn_flags = LOCKLEAF | (fmode & FWRITE ? NOTENAME : 0);
	if ((fmode & O_NOFOLLOW) == 0 &&
	    (fmode & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
		cnp->cn_flags |= FOLLOW;
	if (fmode & O_CREAT)
		cnp->cn_flags |= LOCKPARENT | SAVENAME;
	error = namei(ndp);
	if (error == EEXIST && (fmode & O_EXCL) == 0)
		return (EISDIR);	/* the root: nothing can be made there */
	if (error != 0)
		return (error);
	if (fmode & O_CREAT) {
		if (ndp->ni_vp == NULL) {
			if ((error = open_create(ndp, cmode)) != 0)
				return (error);
			created = 1;
		} else {
			VOP_ABORTOP(ndp->ni_dvp, cnp);
			if (ndp->ni_dvp == ndp->ni_vp)
				vrele(ndp->ni_dvp);
			else
				vput(ndp->ni_dvp);
			ndp->ni_dvp = NULL;
		}
	}
	vp = ndp->ni_vp;
	ndp->ni_created = created;
	if (!created) {
		if ((fmode & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
			error = EEXIST;
		else if ((fmode & O_CREAT) && vp->v_type == VDIR)
			error = EISDIR;
		else
			error = open_check(vp, fmode, p->p_ucred, p);
		if (error == 0 && (fmode & O_TRUNC) && vp->v_type == VREG)
			error = open_truncate(vp, p->p_ucred, p);
	}
	if (error == 0)
		error = VOP_OPEN(vp, fmode, p->p_ucred, p);
	if (error != 0) {
		vput(vp);
		return (error);
	}
	if (fmode & FWRITE)
		vp->v_writecount++;
	return (0);
}

int
vn_close(struct vnode *vp, int flags, struct ucred *cred, struct proc *p)
{
	int error;

	if (flags & FWRITE)
		vp->v_writecount--;
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	error = VOP_CLOSE(vp, flags, cred, p);
	vput(vp);
	return (error);
}

/* One transfer for the kernel's own use. */
int
vn_rdwr(enum uio_rw rw, struct vnode *vp, caddr_t base, int len, off_t offset,
    enum uio_seg segflg, int ioflg, struct ucred *cred, size_t *aresid,
    struct proc *p)
{
	struct iovec iov = { base, len };
	struct uio uio = {
		.uio_iov = &iov, .uio_iovcnt = 1, .uio_offset = offset,
		.uio_resid = len, .uio_segflg = segflg, .uio_rw = rw,
		.uio_procp = p,
	};
	int error;

	if ((ioflg & IO_NODELOCKED) == 0)
		(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	error = rw == UIO_READ ? VOP_READ(vp, &uio, ioflg, cred) :
	    VOP_WRITE(vp, &uio, ioflg, cred);
	if (aresid != NULL)
		*aresid = uio.uio_resid;
	else if (uio.uio_resid != 0 && error == 0)
		error = EIO;
	if ((ioflg & IO_NODELOCKED) == 0)
		VOP_UNLOCK(vp, 0, p);
	return (error);
}

/* Turns attributes into NetBSD's struct stat.  vp is locked. */
int
vn_stat(struct vnode *vp, struct rump_stat *sb, struct proc *p)
{
	struct vattr va;
	int error;

	memset(&va, 0, sizeof(va));
	if ((error = VOP_GETATTR(vp, &va, p->p_ucred, p)) != 0)
		return (error);
	/* A damaged file system may claim anything; a size is not negative. */
	if (va.va_size > INT64_MAX)
		return (EOVERFLOW);
	memset(sb, 0, sizeof(*sb));
	sb->st_dev = (uint32_t)va.va_fsid;
	sb->st_ino = va.va_fileid;
	sb->st_mode = (va.va_mode & ALLPERMS) | VTTOIF(vp->v_type);
	sb->st_nlink = va.va_nlink;
	sb->st_uid = va.va_uid;
	sb->st_gid = va.va_gid;
	if (vp->v_type == VBLK || vp->v_type == VCHR)
		sb->st_rdev = (uint32_t)va.va_rdev;
	sb->st_size = (int64_t)va.va_size;
	sb->st_atim.tv_sec = va.va_atime.tv_sec;
	sb->st_atim.tv_nsec = va.va_atime.tv_nsec;
	sb->st_mtim.tv_sec = va.va_mtime.tv_sec;
	sb->st_mtim.tv_nsec = va.va_mtime.tv_nsec;
	sb->st_ctim.tv_sec = va.va_ctime.tv_sec;
	sb->st_ctim.tv_nsec = va.va_ctime.tv_nsec;
	sb->st_birthtim.tv_sec = va.va_birthtime.tv_sec;
	sb->st_birthtim.tv_nsec = va.va_birthtime.tv_nsec;
	sb->st_blksize = (int32_t)va.va_blocksize;
	sb->st_flags = (uint32_t)va.va_flags;
	sb->st_gen = (uint32_t)va.va_gen;
	sb->st_blocks = (int64_t)(va.va_bytes / S_BLKSIZE +
	    (va.va_bytes % S_BLKSIZE != 0));
	return (0);
}

static int
vn_read(struct file *fp, off_t *offset, struct uio *uio, struct ucred *cred)
{
	struct vnode *vp = fp->f_data;
	struct proc *p = uio->uio_procp;
	size_t before = uio->uio_resid;
	int error;

	if (vp->v_type == VDIR)
		return (EISDIR);
	if (vp->v_type == VFIFO && offset != &fp->f_offset)
		return (ESPIPE);
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	uio->uio_offset = *offset;
	error = VOP_READ(vp, uio, fp->f_flag & FNONBLOCK ? IO_NDELAY : 0, cred);
	*offset += before - uio->uio_resid;
	VOP_UNLOCK(vp, 0, p);
	if (uio->uio_resid != before)
		watch_file(vp, RUMP_FSEVENT_ACCESS);
	return (error);
}

static int
vn_write(struct file *fp, off_t *offset, struct uio *uio, struct ucred *cred)
{
	struct vnode *vp = fp->f_data;
	struct proc *p = uio->uio_procp;
	size_t before = uio->uio_resid;
	int error, ioflag = IO_UNIT;

	if (vp->v_type == VFIFO && offset != &fp->f_offset)
		return (ESPIPE);
	if (vp->v_type == VREG && (fp->f_flag & O_APPEND))
		ioflag |= IO_APPEND;
	if (fp->f_flag & FNONBLOCK)
		ioflag |= IO_NDELAY;
	if ((fp->f_flag & (FFSYNC | FDSYNC)) ||
	    (vp->v_mount != NULL && (vp->v_mount->mnt_flag & MNT_SYNCHRONOUS)))
		ioflag |= IO_SYNC;
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	uio->uio_offset = *offset;
	if (vp->v_type != VREG || vp->v_mount == NULL ||
	    (error = vfs_refuses(vp->v_mount)) == 0)
		error = VOP_WRITE(vp, uio, ioflag, cred);
	/* What the disk refused was told as done to the driver, not to the caller. */
	if (error == 0 && (ioflag & IO_SYNC) && held_bytes != 0 &&
	    vp->v_mount != NULL)
		error = vfs_flushdev(vp->v_mount, p);
	*offset = uio->uio_offset;
	VOP_UNLOCK(vp, 0, p);
	if (uio->uio_resid != before)
		watch_file(vp, RUMP_FSEVENT_MODIFY);
	return (error);
}

static int
vn_ioctl(struct file *fp, u_long cmd, caddr_t data, struct proc *p)
{
	struct vnode *vp = fp->f_data;
	struct vattr va;
	int error;

	if (vp->v_type == VREG && cmd == FIONREAD) {
		(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
		error = VOP_GETATTR(vp, &va, p->p_ucred, p);
		VOP_UNLOCK(vp, 0, p);
		if (error == 0)
			*(int *)(void *)data = (int)(va.va_size - fp->f_offset);
		return (error);
	}
	if (cmd == FIOASYNC)
		return (0);
	if (vp->v_type != VREG && vp->v_type != VCHR && vp->v_type != VBLK &&
	    vp->v_type != VFIFO)
		return (ENOTTY);
	return (VOP_IOCTL(vp, cmd, data, fp->f_flag, p->p_ucred, p));
}

static int
vn_statfile(struct file *fp, struct rump_stat *sb, struct proc *p)
{
	struct vnode *vp = fp->f_data;
	int error;

	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	error = vn_stat(vp, sb, p);
	VOP_UNLOCK(vp, 0, p);
	return (error);
}

static int
vn_advlock(struct file *fp, void *id, int op, struct flock *fl, int flags)
{

	return (VOP_ADVLOCK(fp->f_data, id, op, fl, flags));
}

static int
vn_kqfilter(struct file *fp, struct knote *kn)
{

	return (VOP_KQFILTER(fp->f_data, kn));
}

/* Only a named pipe makes anybody wait. */
static int
vn_poll(struct file *fp, int events)
{
	struct vnode *vp = fp->f_data;

	if (vp->v_type == VFIFO)
		return (fifo_events(vp, fp->f_flag, events));
	return (vp->v_type == VBAD ? POLLHUP :
	    events & (POLLIN | POLLRDNORM | POLLOUT));
}

static int
vn_closefile(struct file *fp, struct proc *p)
{
	struct flock fl = { .l_type = F_UNLCK, .l_whence = RUMP_SEEK_SET };

	if (fp->f_locked)
		(void)VOP_ADVLOCK(fp->f_data, fp, F_UNLCK, &fl, F_FLOCK);
	watch_file(fp->f_data, fp->f_flag & FWRITE ?
	    RUMP_FSEVENT_CLOSE_WRITE : RUMP_FSEVENT_CLOSE_NOWRITE);
	return (vn_close(fp->f_data, fp->f_flag, fp->f_cred, p));
}

const struct fileops vnops = {
	.fo_read = vn_read,
	.fo_write = vn_write,
	.fo_ioctl = vn_ioctl,
	.fo_stat = vn_statfile,
	.fo_close = vn_closefile,
	.fo_advlock = vn_advlock,
	.fo_kqfilter = vn_kqfilter,
	.fo_poll = vn_poll,
};
