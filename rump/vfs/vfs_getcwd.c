/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_getcwd.c: from a folder back to its path.
 *
 * Goes up by "..", and looks in each parent for the name of where it came from:
 * by its number, or, at the root of a mount, by the folder that is covered.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/dirent.h>
#include <sys/malloc.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/vnode.h>
#include "vfs_private.h"

#define	SCANBUF	4096

/* The folder above *vpp (in use, not locked): takes its place. */
int
vfs_go_up(struct vnode **vpp, struct proc *p)
{
	struct vnode *vp = *vpp, *up;
	struct componentname cn;
	char dotdot[] = "..";
	int error;

	memset(&cn, 0, sizeof(cn));
	cn.cn_nameiop = LOOKUP;
	cn.cn_flags = ISLASTCN | ISDOTDOT;
	cn.cn_proc = p;
	cn.cn_cred = p->p_ucred;
	cn.cn_nameptr = dotdot;
	cn.cn_namelen = 2;
	if ((error = vn_lock(vp, LK_EXCLUSIVE, p)) != 0)
		return (error);
	error = VOP_LOOKUP(vp, &up, &cn);
	if (error != 0) {
		VOP_UNLOCK(vp, 0, p);
		return (error);
	}
	if (up != vp && (cn.cn_flags & PDIRUNLOCK) == 0)
		VOP_UNLOCK(vp, 0, p);
	VOP_UNLOCK(up, 0, p);
	vrele(vp);
	*vpp = up;
	return (0);
}

/* Searches one buffer of entries; 1 if found. */
static int
scan_entries(const char *buf, size_t len, u_quad_t fileno, char *name,
    size_t *namelen)
{
	const struct dirent *dp;
	size_t off;

	for (off = 0; off + offsetof(struct dirent, d_name) < len;
	    off += dp->d_reclen) {
		dp = (const struct dirent *)(const void *)(buf + off);
		if (dp->d_reclen < offsetof(struct dirent, d_name))
			return (0);
		if (dp->d_reclen > len - off || dp->d_namlen >
		    dp->d_reclen - offsetof(struct dirent, d_name))
			return (0);
		if (dp->d_fileno == (uint32_t)fileno &&
		    !(dp->d_namlen == 1 && dp->d_name[0] == '.') &&
		    !(dp->d_namlen == 2 && dp->d_name[0] == '.' &&
		    dp->d_name[1] == '.')) {
			*namelen = dp->d_namlen;
			memcpy(name, dp->d_name, dp->d_namlen);
			return (1);
		}
	}
	return (0);
}

/* The name of number fileno in dvp (in use, not locked). */
static int
find_name(struct vnode *dvp, u_quad_t fileno, char *name, size_t *namelen,
    struct proc *p)
{
	struct iovec iov;
	struct uio uio;
	off_t offset = 0;
	char *buf;
	int error, eof = 0, found = 0;

	buf = malloc(SCANBUF, M_TEMP, M_WAITOK);
	if ((error = vn_lock(dvp, LK_EXCLUSIVE, p)) != 0)
		goto out_free;
	do {
		iov.iov_base = buf;
		iov.iov_len = SCANBUF;
		uio.uio_iov = &iov;
		uio.uio_iovcnt = 1;
		uio.uio_offset = offset;
		uio.uio_resid = SCANBUF;
		uio.uio_rw = UIO_READ;
		uio.uio_segflg = UIO_SYSSPACE;
		uio.uio_procp = p;
		error = VOP_READDIR(dvp, &uio, p->p_ucred, &eof, NULL, NULL);
		if (error == 0)
			found = scan_entries(buf, SCANBUF - uio.uio_resid,
			    fileno, name, namelen);
		if (uio.uio_offset == offset)
			eof = 1;
		offset = uio.uio_offset;
	} while (error == 0 && !found && !eof);
	VOP_UNLOCK(dvp, 0, p);
out_free:
	free(buf, M_TEMP);
	return (error != 0 ? error : found ? 0 : ENOENT);
}

/* Off the root of a mount onto the folder that it covers. */
static void
leave_mount(struct vnode **vpp)
{
	struct vnode *covered;

	while (((*vpp)->v_flag & VROOT) && (*vpp)->v_mount != NULL &&
	    (covered = (*vpp)->v_mount->mnt_vnodecovered) != NULL) {
		vref(covered);
		vrele(*vpp);
		*vpp = covered;
	}
}

/*
 * Writes the path of folder vp, seen from root, into buf; *used counts the NUL.
 * ERANGE if it does not fit, ENOENT if vp is not below root.
 */
int
vfs_getcwd(struct vnode *vp, struct vnode *root, char *buf, size_t len,
    size_t *used, struct proc *p)
{
	char *path, *cp, name[NAME_MAX];
	struct vattr va;
	size_t namelen = 0;
	int error = 0;

	vref(vp);
	path = malloc(MAXPATHLEN, M_TEMP, M_WAITOK);
	cp = path + MAXPATHLEN;
	*--cp = '\0';
	while (vp != root && vp != rootvnode) {
		leave_mount(&vp);
		if (vp == root || vp == rootvnode)
			break;
		if ((error = VOP_GETATTR(vp, &va, p->p_ucred, p)) != 0 ||
		    (error = vfs_go_up(&vp, p)) != 0 ||
		    (error = find_name(vp, va.va_fileid, name, &namelen, p)))
			goto out;
		if ((size_t)(cp - path) < namelen + 1) {
			error = ENAMETOOLONG;
			goto out;
		}
		cp -= namelen;
		memcpy(cp, name, namelen);
		*--cp = '/';
	}
	if (vp != root) {		/* chroot() went past it */
		error = ENOENT;
		goto out;
	}
	if (*cp == '\0')
		*--cp = '/';
	namelen = path + MAXPATHLEN - cp;
	if (namelen > len) {
		error = ERANGE;
	} else {
		memcpy(buf, cp, namelen);
		*used = namelen;
	}
out:
	vrele(vp);
	free(path, M_TEMP);
	return (error);
}
