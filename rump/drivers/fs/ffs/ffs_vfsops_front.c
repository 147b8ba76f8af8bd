/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_vfsops_front.c: the driver's mount operations, with a look at the superblock
 * between the disk and the driver, and its table of operations on inodes.
 */
#define	bread	ffs_mount_bread
#define	bwrite	ffs_super_bwrite
#define	ffs_update	ffs_front_update
#include <ufs/ffs/ffs_vfsops.c>
#undef ffs_update
#undef bwrite
#undef bread
#include "ffs_component.h"
#include <sys/conf.h>
#include <rump-sys/syncer.h>
#include "ffs_guard.h"

int	bread(struct vnode *, daddr_t, int, struct ucred *, struct buf **);
int	bwrite(struct buf *);
int	ffs_update(struct inode *, struct timespec *, struct timespec *, int);

static off_t
device_bytes(dev_t dev)
{
	const struct bdevsw *sw = major(dev) < DEVSW_MAX ?
	    bdevsw[major(dev)] : NULL;

	return (sw != NULL && sw->d_size != NULL ? sw->d_size(dev) : -1);
}

/* What is no FFS at all is left to the driver to refuse. */
int
ffs_mount_bread(struct vnode *vp, daddr_t blkno, int size, struct ucred *cred,
    struct buf **bpp)
{
	const struct fs *fs;
	int error;

	error = bread(vp, blkno, size, cred, bpp);
	if (error != 0 || vp->v_type != VBLK ||
	    blkno != SBOFF / DEV_BSIZE || size != SBSIZE)
		return (error);
	fs = (const void *)(*bpp)->b_data;
	return (fs->fs_magic == FS_MAGIC ?
	    ffs_guard_super(fs, device_bytes(vp->v_rdev)) : 0);
}

/*
 * The superblock and what belongs to it.  An unmount goes on to take everything
 * down if this is done, so that it has to be on the disk.
 */
int
ffs_super_bwrite(struct buf *bp)
{
	struct mount *mp = bp->b_vp->v_specmountpoint;
	int error;

	if ((error = bwrite(bp)) == 0)
		error = vfs_flushdev(mp, curproc);
	return (error);
}

/*
 * In front of the driver's update.  It takes for granted that the map of inodes
 * in use, which a new inode waits for, can be written.
 */
int
ffs_front_update(struct inode *ip, struct timespec *atime,
    struct timespec *mtime, int waitfor)
{
	int error;

	if (waitfor == 0 || !DOINGSOFTDEP(ITOV(ip)) ||
	    (error = ffs_write_inode_map(ip)) == 0)
		return (ffs_update(ip, atime, mtime, waitfor));
	(void)ffs_update(ip, atime, mtime, 0);
	return (error);
}
