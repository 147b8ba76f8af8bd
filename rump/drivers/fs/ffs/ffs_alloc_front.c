/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_alloc_front.c: the driver's allocator, with a look at each cylinder group
 * between the disk and the driver.
 */
#define	bread	ffs_alloc_bread
#include <ufs/ffs/ffs_alloc.c>
#undef bread
#include <miscfs/specfs/specdev.h>
#include "ffs_guard.h"

int	bread(struct vnode *, daddr_t, int, struct ucred *, struct buf **);

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
