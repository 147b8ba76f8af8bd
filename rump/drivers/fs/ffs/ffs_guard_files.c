/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_guard_files.c: are the inodes and directories that the disk hands out sound?
 *
 * Stands in front of the driver's vget, of its look into directory blocks, and of
 * readdir.  A directory block is looked at when it comes from the disk, and marked
 * (B_CHECKED): what the driver makes of it later is the driver's.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/buf.h>
#include <sys/mount.h>
#include <sys/namei.h>
#include <sys/proc.h>
#include <sys/stat.h>
#include <sys/vnode.h>
#include <ufs/ufs/quota.h>
#include <ufs/ufs/inode.h>
#include <ufs/ufs/dir.h>
#include <ufs/ufs/ufsmount.h>
#include <ufs/ufs/ufs_extern.h>
#include <ufs/ffs/fs.h>
#include <ufs/ffs/ffs_extern.h>
#include "ffs_guard.h"

extern struct inode_vtbl ffs_vtbl;

static int (*driver_bufatoff)(struct inode *, off_t, char **, struct buf **);

static int
name_is_sound(const char *name, int len)
{
	int i;

	for (i = 0; i < len; i++)
		if (name[i] == '\0' || name[i] == '/')
			return (0);
	return (name[len] == '\0');
}

/* One entry of a directory; left: bytes up to the end of its section. */
static int
entry_is_sound(struct mount *mp, const struct direct *ep, int left)
{
	int len = mp->mnt_maxsymlinklen > 0 ? ep->d_namlen : ep->d_type;

	if (ep->d_reclen < 8 || ep->d_reclen % 4 != 0 || ep->d_reclen > left)
		return (0);
	if (ep->d_ino == 0)
		return (1);
	return (len > 0 && 8 + len + 1 <= ep->d_reclen &&
	    name_is_sound(ep->d_name, len));
}

static int
block_is_sound(struct mount *mp, const char *data, long len)
{
	const struct direct *ep;
	long at;

	for (at = 0; at < len; at += ep->d_reclen) {
		ep = (const void *)(data + at);
		if (!entry_is_sound(mp, ep,
		    (int)(DIRBLKSIZ - at % DIRBLKSIZ)))
			return (0);
	}
	return (1);
}

/* The block of a file that offset is in, busy; a directory's is sound. */
static int
guard_bufatoff(struct inode *ip, off_t offset, char **res, struct buf **bpp)
{
	struct vnode *vp = ITOV(ip);
	int64_t left;
	int error;

	if ((error = driver_bufatoff(ip, offset, res, bpp)) != 0 ||
	    vp->v_type != VDIR || ((*bpp)->b_flags & B_CHECKED))
		return (error);
	left = (int64_t)ip->i_ffs_size -
	    (offset & ~(off_t)(ip->i_fs->fs_bsize - 1));
	if (block_is_sound(vp->v_mount, (*bpp)->b_data,
	    (long)MIN(left, (*bpp)->b_bcount))) {
		(*bpp)->b_flags |= B_CHECKED;
		return (0);
	}
	brelse(*bpp);
	*bpp = NULL;
	return (EIO);
}

int
ffs_guard_readdir(void *v)
{
	struct vop_readdir_args *ap = v;
	struct inode *ip = VTOI(ap->a_vp);
	off_t off = ap->a_uio->uio_offset, end;
	struct buf *bp;
	int error;

	if (off < 0)
		return (EINVAL);
	end = MIN((off_t)ip->i_ffs_size, off + (off_t)ap->a_uio->uio_resid);
	for (off -= off % ip->i_fs->fs_bsize; off < end;
	    off += ip->i_fs->fs_bsize) {
		if ((error = guard_bufatoff(ip, off, NULL, &bp)) != 0)
			return (error);
		brelse(bp);
	}
	return (ufs_readdir(v));
}

/* A block of n fragments: on the disk, and not across two blocks. */
static int
place_is_sound(const struct fs *fs, daddr_t bno, int n)
{

	return (bno >= 0 && bno <= fs->fs_size - n &&
	    fragnum(fs, bno) + n <= fs->fs_frag);
}

/* Where its blocks are; behind its end it has none. */
static int
pointers_are_sound(const struct fs *fs, const struct inode *ip)
{
	uint64_t size = ip->i_ffs_size, left = howmany(size, fs->fs_bsize);
	uint64_t span = 1;
	int i, n;

	for (i = 0; i < NDADDR; i++) {
		if (ip->i_ffs_db[i] == 0)
			continue;
		n = numfrags(fs, blksize(fs, ip, i));
		if ((uint64_t)i >= left ||
		    !place_is_sound(fs, ip->i_ffs_db[i], n))
			return (0);
	}
	left -= MIN(left, NDADDR);
	for (i = 0; i < NIADDR; i++) {
		if (ip->i_ffs_ib[i] != 0 && (left == 0 ||
		    !place_is_sound(fs, ip->i_ffs_ib[i], fs->fs_frag)))
			return (0);
		span *= NINDIR(fs);
		left -= MIN(left, span);
	}
	return (1);
}

/* It is free: what is left in it means nothing. */
static void
clear_pointers(struct inode *ip)
{

	memset(ip->i_ffs_db, 0, sizeof(ip->i_ffs_db));
	memset(ip->i_ffs_ib, 0, sizeof(ip->i_ffs_ib));
	ip->i_ffs_size = 0;
	ip->i_ffs_blocks = 0;
}

static int
inode_is_sound(struct mount *mp, const struct inode *ip)
{
	const struct fs *fs = ip->i_fs;
	uint64_t size = ip->i_ffs_size;

	switch (ip->i_ffs_mode & S_IFMT) {
	case S_IFDIR:
		return (size % DIRBLKSIZ == 0 && size <= INT_MAX &&
		    pointers_are_sound(fs, ip));
	case S_IFREG:
		return (size <= fs->fs_maxfilesize &&
		    pointers_are_sound(fs, ip));
	case S_IFLNK:
		return (size < MAXPATHLEN &&
		    ((int64_t)size < mp->mnt_maxsymlinklen ||
		    pointers_are_sound(fs, ip)));
	case S_IFBLK:
	case S_IFCHR:
	case S_IFIFO:
	case S_IFSOCK:
		return (1);
	case 0:
		return (ip->i_ffs_mode == 0);
	default:
		return (0);
	}
}

/* A file by its number, which may come from a damaged directory. */
int
ffs_guard_vget(struct mount *mp, ino_t ino, struct vnode **vpp)
{
	struct fs *fs = VFSTOUFS(mp)->um_fs;
	struct inode *ip;
	int error, isloaded;

	*vpp = NULL;
	if (ino < ROOTINO || ino >= (ino_t)fs->fs_ncg * fs->fs_ipg)
		return (EIO);
	/* What is in memory was looked at, and may be changing: its locker asks too. */
	isloaded = ufs_ihashlookup(VFSTOUFS(mp)->um_dev, ino) != NULL;
	if ((error = ffs_vget(mp, ino, vpp)) != 0 || isloaded)
		return (error);
	ip = VTOI(*vpp);
	if (inode_is_sound(mp, ip)) {
		if (ip->i_ffs_mode == 0)
			clear_pointers(ip);
		return (0);
	}
	/* The driver forgets files without a mode, and leaves them alone. */
	ip->i_ffs_mode = 0;
	ip->i_flag = 0;
	vput(*vpp);
	*vpp = NULL;
	return (EIO);
}

/* Without soft updates an inode is freed at once. */
static int
guard_inode_free(struct inode *pip, ino_t ino, mode_t mode)
{
	int error;

	if (!DOINGSOFTDEP(ITOV(pip)) &&
	    (error = ffs_guard_freefile(pip, ino)) != 0)
		return (error);
	return (ffs_inode_free(pip, ino, mode));
}

void
ffs_guard_attach(void)
{

	driver_bufatoff = ffs_vtbl.iv_bufatoff;
	ffs_vtbl.iv_bufatoff = guard_bufatoff;
	ffs_vtbl.iv_inode_free = guard_inode_free;
}
