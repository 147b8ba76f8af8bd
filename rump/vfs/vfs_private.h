/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_private.h: what the files of the vfs base share and nobody else sees.
 */
#ifndef _VFS_PRIVATE_H_
#define	_VFS_PRIVATE_H_

struct mount;
struct vnode;
struct vnodeop_desc;
struct componentname;

/* vnode_if.c: all operations, the default first; ends with NULL. */
extern struct vnodeop_desc *const vnode_ops[];

/* vfs_init.c */
void	vfs_opv_init(void);

/* vfs_subr.c */
void	vnode_init(void);
void	vn_dead(struct vnode *);
extern int numvnodes;

/* Vectors of the base (dead_vnops.c, spec_vnops.c, fifo_vnops.c, rootfs). */
extern int (**dead_vnodeop_p)(void *);
extern struct vnodeopv_desc dead_vnodeop_opv_desc;
extern struct vnodeopv_desc spec_vnodeop_opv_desc;
extern struct vnodeopv_desc fifo_vnodeop_opv_desc;
extern struct vnodeopv_desc rootfs_vnodeop_opv_desc;
extern struct vnodeopv_desc rootfs_specop_opv_desc;

/* spec_vnops.c */
void	spec_free(struct vnode *);

/* rootfs.c */
void	rootfs_mountroot(void);

/* etfs.c: a vnode (referenced) registered under this very path. */
int	etfs_lookup(const char *path, struct vnode **);

/* rumpblk.c */
int	rumpblk_attach(const char *host, off_t begin, off_t size, dev_t *);
int	rumpblk_detach(dev_t);
int	rumpblk_isopen(dev_t);

/* vfs_getcwd.c */
int	vfs_getcwd(struct vnode *, struct vnode *root, char *buf, size_t len,
	    size_t *used, struct proc *);

/* vfs_mount.c */
void	vfs_unmountall(void);

#endif /* _VFS_PRIVATE_H_ */
