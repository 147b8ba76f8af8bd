/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_alloc_front.c: the driver's allocator, with a look at what it takes for
 * granted: that a cylinder group is one, that an inode which its map calls free is
 * free, and that what is freed is in use.  The driver panics where it is not.
 */
#include <sys/param.h>
#include <sys/mount.h>

#define	bread		ffs_alloc_bread
#define	ffs_blkfree	ffs_driver_blkfree
#define	ffs_freefile	ffs_driver_freefile
#undef VFS_VGET
#define	VFS_VGET	ffs_alloc_vget
static int ffs_alloc_vget(struct mount *, ino_t, struct vnode **);
#include <ufs/ffs/ffs_alloc.c>
#undef ffs_freefile
#undef ffs_blkfree
#undef bread
#include <miscfs/specfs/specdev.h>
#include "ffs_guard.h"

int	bread(struct vnode *, daddr_t, int, struct ucred *, struct buf **);
void	ffs_blkfree(struct inode *, daddr_t, long);
int	ffs_freefile(struct inode *, ino_t, mode_t);

/* From the device the allocator reads nothing but groups. */
int
ffs_alloc_bread(struct vnode *vp, daddr_t blkno, int size, struct ucred *cred,
    struct buf **bpp)
{
	struct fs *fs;
	int error;

	error = bread(vp, blkno, size, cred, bpp);
	if (error != 0 || vp->v_type != VBLK || vp->v_specmountpoint == NULL)
		return (error);
	fs = VFSTOUFS(vp->v_specmountpoint)->um_fs;
	return (ffs_guard_group(fs, (const void *)(*bpp)->b_data,
	    dtog(fs, dbtofsb(fs, blkno))));
}

/* An inode for a new file; the map may call one free that has a file. */
static int
ffs_alloc_vget(struct mount *mp, ino_t ino, struct vnode **vpp)
{
	int error;

	if ((error = mp->mnt_op->vfs_vget(mp, ino, vpp)) != 0 ||
	    VTOI(*vpp)->i_ffs_mode == 0)
		return (error);
	vput(*vpp);
	*vpp = NULL;
	return (EIO);
}

/* The group's header, in a busy buffer, or an error and none. */
static int
read_group(struct inode *ip, int group, struct buf **bpp)
{
	struct fs *fs = ip->i_fs;
	int error;

	if ((error = ffs_alloc_bread(ip->i_devvp,
	    fsbtodb(fs, cgtod(fs, group)), (int)fs->fs_cgsize, NOCRED,
	    bpp)) != 0)
		brelse(*bpp);
	return (error);
}

static int
is_allocated(struct inode *ip, daddr_t bno, long size)
{
	struct fs *fs = ip->i_fs;
	struct buf *bp;
	u_char *map;
	int n = numfrags(fs, size), i;

	if (size <= 0 || size > fs->fs_bsize || fragoff(fs, size) != 0 ||
	    bno < 0 || bno >= fs->fs_size || fragnum(fs, bno) + n > fs->fs_frag ||
	    read_group(ip, dtog(fs, bno), &bp) != 0)
		return (0);
	map = cg_blksfree((struct cg *)bp->b_data);
	for (i = 0; i < n; i++)
		if (isset(map, dtogd(fs, bno) + i))
			break;
	brelse(bp);
	return (i == n);
}

/* In front of the driver's.  What is not in use stays as it is. */
void
ffs_blkfree(struct inode *ip, daddr_t bno, long size)
{

	if (is_allocated(ip, bno, size))
		ffs_driver_blkfree(ip, bno, size);
	else
		printf("%s: inode %u: cannot free %ld bytes at %d\n",
		    ip->i_fs->fs_fsmnt, ip->i_number, size, bno);
}

int
ffs_guard_freefile(struct inode *pip, ino_t ino)
{
	struct fs *fs = pip->i_fs;
	struct buf *bp;
	int error;

	if (ino >= (ino_t)fs->fs_ncg * fs->fs_ipg)
		return (EIO);
	if ((error = read_group(pip, ino_to_cg(fs, ino), &bp)) != 0)
		return (error);
	if (isclr(cg_inosused((struct cg *)bp->b_data), ino % fs->fs_ipg))
		error = EIO;
	brelse(bp);
	return (error);
}

/* In front of the driver's, which soft updates call. */
int
ffs_freefile(struct inode *pip, ino_t ino, mode_t mode)
{
	int error;

	if ((error = ffs_guard_freefile(pip, ino)) != 0)
		return (error);
	return (ffs_driver_freefile(pip, ino, mode));
}
