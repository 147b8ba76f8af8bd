/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_getdents.c: getdents(2): from the entries of file systems of this lineage
 * (sys/dirent.h) to NetBSD's.
 *
 * An entry grows by less than twice on the way, so that half of the caller's
 * buffer is asked for and everything that comes fits.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/dirent.h>
#include <sys/filedesc.h>
#include <sys/malloc.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include <rump/rump_syscalls.h>
#include <rump-sys/syscall.h>

#define	READ_MIN	512		/* FFS reads its directories in these */
#define	READ_MAX	(32 * 1024)
#define	NETBSD_RECLEN(namlen)						\
	((offsetof(struct rump_dirent, d_name) + (namlen) + 1 + 7) & ~7UL)

_Static_assert(NETBSD_RECLEN(NAME_MAX) <= 2 * 264, "entries at most double");

/*
 * Turns len bytes of entries at from into NetBSD's; returns their bytes.  In a
 * directory of UFS, number 0 marks a free entry, whatever its name.
 */
static int
convert(const char *from, size_t len, int isufs, char *to, size_t tolen,
    size_t *done)
{
	const struct dirent *dp;
	struct rump_dirent *rd;
	size_t off, reclen, out = 0;

	for (off = 0; off < len; off += dp->d_reclen) {
		dp = (const struct dirent *)(const void *)(from + off);
		if (len - off < offsetof(struct dirent, d_name) ||
		    dp->d_reclen < offsetof(struct dirent, d_name) ||
		    dp->d_reclen > len - off || (dp->d_reclen & 3) != 0 ||
		    offsetof(struct dirent, d_name) + dp->d_namlen >
		    dp->d_reclen)
			return (EIO);	/* a directory of nonsense */
		if (dp->d_fileno == 0 && (isufs || dp->d_namlen == 0))
			continue;
		reclen = NETBSD_RECLEN(dp->d_namlen);
		if (out + reclen > tolen)
			return (EIO);
		rd = (struct rump_dirent *)(void *)(to + out);
		memset(rd, 0, reclen);
		rd->d_fileno = dp->d_fileno;
		rd->d_reclen = (uint16_t)reclen;
		rd->d_namlen = dp->d_namlen;
		rd->d_type = dp->d_type;
		memcpy(rd->d_name, dp->d_name, dp->d_namlen);
		out += reclen;
	}
	*done = out;
	return (0);
}

static int
read_entries(struct file *fp, char *buf, size_t len, size_t *got, int *eof)
{
	struct proc *p = curproc;
	struct vnode *vp = fp->f_data;
	struct iovec iov = { buf, len };
	struct uio uio = {
		.uio_iov = &iov, .uio_iovcnt = 1, .uio_resid = len,
		.uio_segflg = UIO_SYSSPACE, .uio_rw = UIO_READ, .uio_procp = p,
	};
	int error;

	*eof = 0;
	(void)vn_lock(vp, LK_EXCLUSIVE | LK_RETRY, p);
	uio.uio_offset = fp->f_offset;
	error = VOP_READDIR(vp, &uio, fp->f_cred, eof, NULL, NULL);
	fp->f_offset = uio.uio_offset;
	VOP_UNLOCK(vp, 0, p);
	*got = len - uio.uio_resid;
	return (error);
}

static int
do_getdents(int fd, char *buf, size_t len, int *rv)
{
	struct proc *p = curproc;
	struct file *fp;
	size_t want, got, done;
	char *tmp;
	int error, eof, isufs;

	if (buf == NULL)
		return (EFAULT);
	if ((error = fdget(p, fd, &fp)) != 0)
		return (error);
	if ((fp->f_flag & FREAD) == 0)
		error = EBADF;
	else if (fp->f_type != DTYPE_VNODE ||
	    ((struct vnode *)fp->f_data)->v_type != VDIR)
		error = ENOTDIR;
	else if (len < 2 * READ_MIN)
		error = EINVAL;
	if (error != 0) {
		frele(fp, p);
		return (error);
	}
	want = MIN(len / 2, READ_MAX) & ~(size_t)(READ_MIN - 1);
	isufs = ((struct vnode *)fp->f_data)->v_tag == VT_UFS;
	tmp = malloc(want, M_TEMP, M_WAITOK);
	do {
		error = read_entries(fp, tmp, want, &got, &eof);
		done = 0;
		if (error == 0)
			error = convert(tmp, got, isufs, buf, len, &done);
		/* A stretch of free entries only is not the end. */
	} while (error == 0 && done == 0 && got != 0 && !eof);
	free(tmp, M_TEMP);
	frele(fp, p);
	*rv = (int)done;
	return (error);
}

int
rump_sys_getdents(int fd, char *buf, size_t len)
{

	SYSCALL_RESULT(int, rv, do_getdents(fd, buf, len, &rv));
}
