/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ffs_component.h: what stands in front of the driver, for its attach code.
 */
#ifndef _FFS_COMPONENT_H_
#define	_FFS_COMPONENT_H_

struct buf;
struct inode;
struct mount;
struct vnode;

/* ffs_fsync.c */
int	ffs_note_mkdir(void *);
int	ffs_fsync_names(struct vnode *);
int	ffs_sync_newdirs(struct mount *);
void	ffs_forget_newdirs(struct mount *);

/* ffs_room.c */
int	ffs_make_room(void);

/* ffs_softdep_front.c */
int	ffs_softdep_pending(void);
int	ffs_pending_names(struct inode *);
int	ffs_commit_names(struct vnode *, int maylock);

int	ffs_write_inode_map(struct inode *);
void	ffs_write_over(struct buf *);

/* ffs_vnops_front.c */
int	ffs_front_close(void *);
int	ffs_front_getattr(void *);
int	ffs_front_read(void *);
int	ffs_front_reallocblks(void *);
int	ffs_front_remove(void *);

#endif /* _FFS_COMPONENT_H_ */
