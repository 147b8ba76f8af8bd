/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fsa_private.h: what the files of the adapter share.
 */
#ifndef _FSA_PRIVATE_H_
#define	_FSA_PRIVATE_H_

#include <rump-sys/fsadapter.h>

#define	VTOF(vp)	((struct fsa_node *)(vp)->v_data)
#define	MTOFM(mp)	((struct fsa_mount *)(mp)->mnt_data)
#define	BLOCKS(fm, bytes) \
	((daddr_t)howmany((u_quad_t)(bytes), (u_quad_t)(fm)->fm_bsize))

#define	VN_KNOTE(vp, hint) \
	KNOTE(&(vp)->v_selectinfo.vsi_selinfo.si_note, (hint))

/* fsa_node.c */
int	fsa_hold(struct fsa_mount *, const struct fsa_found *,
	    struct fsa_node **);
void	fsa_unhold(struct fsa_node *);
int	fsa_getvnode(struct fsa_node *, struct vnode **);
int	fsa_inactive(void *);
int	fsa_reclaim(void *);

/* fsa_map.c */
int	fsa_map(struct fsa_node *, daddr_t lblk, int want, int alloc,
	    daddr_t *dblk, int *run);
void	fsa_unmap(struct fsa_node *, daddr_t from);
int	fsa_bmap(void *);
int	fsa_strategy(void *);
void	fsa_dropbufs(struct vnode *, daddr_t from);
int	fsa_flushbufs(struct vnode *, int wait, struct proc *);

/* fsa_io.c */
int	fsa_read(void *);
int	fsa_fsync(void *);
int	fsa_fsync_node(struct vnode *, int waitfor, struct proc *);
int	fsa_fsync_device(struct fsa_mount *, int waitfor, struct proc *);
int	fsa_readlink(void *);

/* fsa_write.c */
int	fsa_write(void *);
int	fsa_truncate(struct vnode *, u_quad_t size);

/* fsa_attr.c */
void	fsa_touch(struct fsa_node *, int modified);
int	fsa_access(void *);
int	fsa_getattr(void *);
int	fsa_setattr(void *);
int	fsa_pathconf(void *);

/* fsa_lookup.c */
int	fsa_lookup(void *);
int	fsa_readdir(void *);

/* fsa_names.c */
int	fsa_create(void *);
int	fsa_mkdir(void *);
int	fsa_mknod(void *);
int	fsa_symlink(void *);
int	fsa_link(void *);
int	fsa_remove(void *);
int	fsa_rmdir(void *);
int	fsa_rename(void *);

/* fsa_vnops.c */
extern int (**fsa_vnodeop_p)(void *);
extern int (**fsa_specop_p)(void *);
extern int (**fsa_fifoop_p)(void *);
extern struct vnodeopv_desc *const fsa_opvs[];

/* fsa_vfsops.c */
extern const struct vfsops fsa_vfsops;

#endif /* _FSA_PRIVATE_H_ */
