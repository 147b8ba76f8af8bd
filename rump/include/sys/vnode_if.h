/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vnode_if.h: the operations of a vnode: arguments and entries.
 *
 * The locking rules are those of 4.4BSD: dvp and vp come in locked and, for
 * operations that change a directory, are released (vput) by the file system.
 */
#ifndef _SYS_VNODE_IF_H_
#define	_SYS_VNODE_IF_H_

struct buf;
struct cluster_save;
struct componentname;
struct flock;
struct knote;
struct ucred;
struct uio;
struct vattr;

extern struct vnodeop_desc vop_default_desc;

struct vop_islocked_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
};
extern struct vnodeop_desc vop_islocked_desc;
int	VOP_ISLOCKED(struct vnode *vp);

struct vop_lookup_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_dvp;
	struct vnode **a_vpp;
	struct componentname *a_cnp;
};
extern struct vnodeop_desc vop_lookup_desc;
int	VOP_LOOKUP(struct vnode *dvp, struct vnode **vpp,
	    struct componentname *cnp);

struct vop_create_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_dvp;
	struct vnode **a_vpp;
	struct componentname *a_cnp;
	struct vattr *a_vap;
};
extern struct vnodeop_desc vop_create_desc;
int	VOP_CREATE(struct vnode *dvp, struct vnode **vpp,
	    struct componentname *cnp, struct vattr *vap);

struct vop_mknod_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_dvp;
	struct vnode **a_vpp;
	struct componentname *a_cnp;
	struct vattr *a_vap;
};
extern struct vnodeop_desc vop_mknod_desc;
int	VOP_MKNOD(struct vnode *dvp, struct vnode **vpp,
	    struct componentname *cnp, struct vattr *vap);

struct vop_open_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	int a_mode;
	struct ucred *a_cred;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_open_desc;
int	VOP_OPEN(struct vnode *vp, int mode, struct ucred *cred,
	    struct proc *p);

struct vop_close_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	int a_fflag;
	struct ucred *a_cred;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_close_desc;
int	VOP_CLOSE(struct vnode *vp, int fflag, struct ucred *cred,
	    struct proc *p);

struct vop_access_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	int a_mode;
	struct ucred *a_cred;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_access_desc;
int	VOP_ACCESS(struct vnode *vp, int mode, struct ucred *cred,
	    struct proc *p);

struct vop_getattr_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct vattr *a_vap;
	struct ucred *a_cred;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_getattr_desc;
int	VOP_GETATTR(struct vnode *vp, struct vattr *vap, struct ucred *cred,
	    struct proc *p);

struct vop_setattr_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct vattr *a_vap;
	struct ucred *a_cred;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_setattr_desc;
int	VOP_SETATTR(struct vnode *vp, struct vattr *vap, struct ucred *cred,
	    struct proc *p);

struct vop_read_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct uio *a_uio;
	int a_ioflag;
	struct ucred *a_cred;
};
extern struct vnodeop_desc vop_read_desc;
int	VOP_READ(struct vnode *vp, struct uio *uio, int ioflag,
	    struct ucred *cred);

struct vop_write_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct uio *a_uio;
	int a_ioflag;
	struct ucred *a_cred;
};
extern struct vnodeop_desc vop_write_desc;
int	VOP_WRITE(struct vnode *vp, struct uio *uio, int ioflag,
	    struct ucred *cred);

struct vop_lease_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct proc *a_p;
	struct ucred *a_cred;
	int a_flag;
};
extern struct vnodeop_desc vop_lease_desc;
int	VOP_LEASE(struct vnode *vp, struct proc *p, struct ucred *cred,
	    int flag);

struct vop_ioctl_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	u_long a_command;
	caddr_t a_data;
	int a_fflag;
	struct ucred *a_cred;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_ioctl_desc;
int	VOP_IOCTL(struct vnode *vp, u_long command, caddr_t data, int fflag,
	    struct ucred *cred, struct proc *p);

struct vop_poll_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	int a_events;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_poll_desc;
int	VOP_POLL(struct vnode *vp, int events, struct proc *p);

struct vop_kqfilter_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct knote *a_kn;
};
extern struct vnodeop_desc vop_kqfilter_desc;
int	VOP_KQFILTER(struct vnode *vp, struct knote *kn);

struct vop_revoke_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	int a_flags;
};
extern struct vnodeop_desc vop_revoke_desc;
int	VOP_REVOKE(struct vnode *vp, int flags);

struct vop_fsync_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct ucred *a_cred;
	int a_waitfor;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_fsync_desc;
int	VOP_FSYNC(struct vnode *vp, struct ucred *cred, int waitfor,
	    struct proc *p);

struct vop_remove_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_dvp;
	struct vnode *a_vp;
	struct componentname *a_cnp;
};
extern struct vnodeop_desc vop_remove_desc;
int	VOP_REMOVE(struct vnode *dvp, struct vnode *vp,
	    struct componentname *cnp);

struct vop_link_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_dvp;
	struct vnode *a_vp;
	struct componentname *a_cnp;
};
extern struct vnodeop_desc vop_link_desc;
int	VOP_LINK(struct vnode *dvp, struct vnode *vp,
	    struct componentname *cnp);

struct vop_rename_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_fdvp;
	struct vnode *a_fvp;
	struct componentname *a_fcnp;
	struct vnode *a_tdvp;
	struct vnode *a_tvp;
	struct componentname *a_tcnp;
};
extern struct vnodeop_desc vop_rename_desc;
int	VOP_RENAME(struct vnode *fdvp, struct vnode *fvp,
	    struct componentname *fcnp, struct vnode *tdvp, struct vnode *tvp,
	    struct componentname *tcnp);

struct vop_mkdir_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_dvp;
	struct vnode **a_vpp;
	struct componentname *a_cnp;
	struct vattr *a_vap;
};
extern struct vnodeop_desc vop_mkdir_desc;
int	VOP_MKDIR(struct vnode *dvp, struct vnode **vpp,
	    struct componentname *cnp, struct vattr *vap);

struct vop_rmdir_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_dvp;
	struct vnode *a_vp;
	struct componentname *a_cnp;
};
extern struct vnodeop_desc vop_rmdir_desc;
int	VOP_RMDIR(struct vnode *dvp, struct vnode *vp,
	    struct componentname *cnp);

struct vop_symlink_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_dvp;
	struct vnode **a_vpp;
	struct componentname *a_cnp;
	struct vattr *a_vap;
	char *a_target;
};
extern struct vnodeop_desc vop_symlink_desc;
int	VOP_SYMLINK(struct vnode *dvp, struct vnode **vpp,
	    struct componentname *cnp, struct vattr *vap, char *target);

struct vop_readdir_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct uio *a_uio;
	struct ucred *a_cred;
	int *a_eofflag;
	int *a_ncookies;
	u_long **a_cookies;
};
extern struct vnodeop_desc vop_readdir_desc;
int	VOP_READDIR(struct vnode *vp, struct uio *uio, struct ucred *cred,
	    int *eofflag, int *ncookies, u_long **cookies);

struct vop_readlink_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct uio *a_uio;
	struct ucred *a_cred;
};
extern struct vnodeop_desc vop_readlink_desc;
int	VOP_READLINK(struct vnode *vp, struct uio *uio, struct ucred *cred);

struct vop_abortop_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_dvp;
	struct componentname *a_cnp;
};
extern struct vnodeop_desc vop_abortop_desc;
int	VOP_ABORTOP(struct vnode *dvp, struct componentname *cnp);

struct vop_inactive_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_inactive_desc;
int	VOP_INACTIVE(struct vnode *vp, struct proc *p);

struct vop_reclaim_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_reclaim_desc;
int	VOP_RECLAIM(struct vnode *vp, struct proc *p);

struct vop_lock_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	int a_flags;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_lock_desc;
int	VOP_LOCK(struct vnode *vp, int flags, struct proc *p);

struct vop_unlock_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	int a_flags;
	struct proc *a_p;
};
extern struct vnodeop_desc vop_unlock_desc;
int	VOP_UNLOCK(struct vnode *vp, int flags, struct proc *p);

struct vop_bmap_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	daddr_t a_bn;
	struct vnode **a_vpp;
	daddr_t *a_bnp;
	int *a_runp;
};
extern struct vnodeop_desc vop_bmap_desc;
int	VOP_BMAP(struct vnode *vp, daddr_t bn, struct vnode **vpp,
	    daddr_t *bnp, int *runp);

struct vop_print_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
};
extern struct vnodeop_desc vop_print_desc;
int	VOP_PRINT(struct vnode *vp);

struct vop_pathconf_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	int a_name;
	register_t *a_retval;
};
extern struct vnodeop_desc vop_pathconf_desc;
int	VOP_PATHCONF(struct vnode *vp, int name, register_t *retval);

struct vop_advlock_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	void *a_id;
	int a_op;
	struct flock *a_fl;
	int a_flags;
};
extern struct vnodeop_desc vop_advlock_desc;
int	VOP_ADVLOCK(struct vnode *vp, void *id, int op, struct flock *fl,
	    int flags);

struct vop_reallocblks_args {
	struct vnodeop_desc *a_desc;
	struct vnode *a_vp;
	struct cluster_save *a_buflist;
};
extern struct vnodeop_desc vop_reallocblks_desc;
int	VOP_REALLOCBLKS(struct vnode *vp, struct cluster_save *buflist);

struct vop_strategy_args {
	struct vnodeop_desc *a_desc;
	struct buf *a_bp;
};
extern struct vnodeop_desc vop_strategy_desc;
int	VOP_STRATEGY(struct buf *bp);

struct vop_bwrite_args {
	struct vnodeop_desc *a_desc;
	struct buf *a_bp;
};
extern struct vnodeop_desc vop_bwrite_desc;
int	VOP_BWRITE(struct buf *bp);

#endif /* _SYS_VNODE_IF_H_ */
