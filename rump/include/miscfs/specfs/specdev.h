/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * specdev.h: vnodes of devices.
 */
#ifndef _MISCFS_SPECFS_SPECDEV_H_
#define	_MISCFS_SPECFS_SPECDEV_H_

#include <sys/types.h>

struct specinfo {
	struct vnode **si_hashchain;
	struct vnode *si_specnext;
	struct mount *si_mountpoint;
	dev_t si_rdev;
	struct lockf *si_lockf;
	int si_opencount;
};
#define	v_rdev		v_specinfo->si_rdev
#define	v_hashchain	v_specinfo->si_hashchain
#define	v_specnext	v_specinfo->si_specnext
#define	v_specmountpoint v_specinfo->si_mountpoint
#define	v_speclockf	v_specinfo->si_lockf

extern int (**spec_vnodeop_p)(void *);
int	spec_vnoperate(void *);		/* default of others' device vectors */
void	spec_clear_mountpoint(struct mount *);

#endif /* _MISCFS_SPECFS_SPECDEV_H_ */
