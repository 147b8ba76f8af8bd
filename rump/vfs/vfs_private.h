/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vfs_private.h: what the files of the vfs base share and nobody else sees.
 */
#ifndef _VFS_PRIVATE_H_
#define	_VFS_PRIVATE_H_

struct file;
struct mount;
struct nameidata;
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

/* Vectors of the base (dead_vnops.c, spec_vnops.c, fifo_vnops.c, tmpfs_vnops.c). */
extern int (**dead_vnodeop_p)(void *);
extern struct vnodeopv_desc dead_vnodeop_opv_desc;
extern struct vnodeopv_desc spec_vnodeop_opv_desc;
extern struct vnodeopv_desc fifo_vnodeop_opv_desc;
void	fifo_init(void);
int	fifo_events(struct vnode *, int mode, int events);
extern struct vnodeopv_desc tmpfs_vnodeop_opv_desc;
extern struct vnodeopv_desc tmpfs_specop_opv_desc;
extern struct vnodeopv_desc tmpfs_fifoop_opv_desc;

/* vfs_syscalls.c: for the other files of system calls. */
int	vfs_lookup_for(int dirfd, const char *path, u_long follow,
	    struct vnode **);
int	fdgetvnode(int fd, struct file **, struct vnode **);

/* vfs_syscalls_names.c */
void	vfs_abandon(struct nameidata *);
int	vfs_newname(struct nameidata *, int dirfd, const char *path,
	    u_long flags);

/* vfs_syscalls_lock.c */
int	vn_openlock(struct file *, int oflags);

/* spec_vnops.c */
void	spec_free(struct vnode *);
struct vnode *spec_mountdev(struct mount *);	/* NULL: it has none */

/* etfs.c: a vnode (referenced) registered under this very path. */
int	etfs_lookup(const char *path, struct vnode **);

/* rumpblk.c */
int	rumpblk_attach(const char *host, off_t begin, off_t size, dev_t *);
int	rumpblk_detach(dev_t);
int	rumpblk_isopen(dev_t);
int	rumpblk_refuses(dev_t);

/* vfs_sync.c: why a mount is not to be changed: 0, EROFS, or a failing disk's. */
int	vfs_refuses(struct mount *);

/* vfs_syscalls_links.c: for whoever moves or removes a folder. */
extern struct lock vfs_topology_lock;

/* vfs_getcwd.c: vfs_go_up takes the folder above *vpp in its place. */
int	vfs_go_up(struct vnode **, struct proc *);
int	vfs_getcwd(struct vnode *, struct vnode *root, char *buf, size_t len,
	    size_t *used, struct proc *);

/* vfs_mount.c */
void	vfs_unmountall(void);

#endif /* _VFS_PRIVATE_H_ */
