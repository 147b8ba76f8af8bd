/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_guard.h: what looks at the disk's structures before the driver trusts them.
 * Each returns 0, or an error number where the structure is damaged.
 */
#ifndef _FFS_GUARD_H_
#define	_FFS_GUARD_H_

#include <sys/types.h>

struct cg;
struct fs;
struct inode;
struct mount;
struct vnode;

/* ffs_guard_super.c.  bytes: of the device; negative if it is not known. */
int	ffs_guard_super(const struct fs *, off_t bytes);
int	ffs_guard_group(const struct fs *, const struct cg *, int group);

/* ffs_alloc_front.c: is the inode in use, as who frees it takes for granted? */
int	ffs_guard_freefile(struct inode *, ino_t);

/* ffs_guard_files.c */
void	ffs_guard_attach(void);
int	ffs_guard_vget(struct mount *, ino_t, struct vnode **);
int	ffs_guard_readdir(void *);

#endif /* _FFS_GUARD_H_ */
