/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mount.h: mounted file systems and the operations of a file system type.
 */
#ifndef _SYS_MOUNT_H_
#define	_SYS_MOUNT_H_

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/lock.h>
#include <sys/ucred.h>

struct mbuf;
struct nameidata;
struct netcred;
struct proc;
struct vnode;
struct sockaddr;

typedef struct { int32_t val[2]; } fsid_t;

#define	MAXFIDSZ	16
struct fid {
	u_short fid_len;
	u_short fid_reserved;
	char fid_data[MAXFIDSZ];
};
typedef struct {
	fsid_t fh_fsid;
	struct fid fh_fid;
} fhandle_t;

/* Exports to NFS: the structures that drivers carry; nothing is exported. */
struct xucred {
	u_short cr_ref;
	uid_t cr_uid;
	gid_t cr_gid;
	short cr_ngroups;
	gid_t cr_groups[NGROUPS_MAX];
};
struct export_args {
	int ex_flags;
	uid_t ex_root;
	struct xucred ex_anon;
	struct sockaddr *ex_addr;
	int ex_addrlen;
	struct sockaddr *ex_mask;
	int ex_masklen;
	char *ex_indexfile;
};
struct netexport {
	struct netcred *ne_list;
};
struct netcred {
	int netc_exflags;
	struct ucred netc_anon;
};

/* Mount data, laid out as NetBSD's (rumpdefs.h). */
struct iso_args {
	char *fspec;
	struct export_args export_info;
	int flags;
};
#define	ISOFSMNT_NORRIP		0x00000001
#define	ISOFSMNT_GENS		0x00000002
#define	ISOFSMNT_EXTATT		0x00000004
#define	ISOFSMNT_NOJOLIET	0x00000008

struct ufs_args {
	char *fspec;
	struct export_args export_info;
};
struct mfs_args {
	char *fspec;
	struct export_args export_info;
	caddr_t base;
	u_long size;
};

#define	MFSNAMELEN	16
#define	MNAMELEN	1024
struct statfs {
	u_int32_t f_flags;
	int32_t f_bsize;
	u_int32_t f_iosize;
	u_int32_t f_blocks;
	u_int32_t f_bfree;
	int32_t f_bavail;
	u_int32_t f_files;
	u_int32_t f_ffree;
	fsid_t f_fsid;
	uid_t f_owner;
	u_int32_t f_syncwrites;
	u_int32_t f_asyncwrites;
	u_int32_t f_spare[4];
	char f_fstypename[MFSNAMELEN];
	char f_mntonname[MNAMELEN];
	char f_mntfromname[MNAMELEN];
	union {
		struct ufs_args ufs_args;
		struct mfs_args mfs_args;
		struct iso_args iso_args;
	} mount_info;
};

LIST_HEAD(vnodelst, vnode);

/* All fields belong to the virtual CPU. */
struct mount {
	CIRCLEQ_ENTRY(mount) mnt_list;
	const struct vfsops *mnt_op;
	struct vfsconf *mnt_vfc;
	struct vnode *mnt_vnodecovered;
	struct vnode *mnt_syncer;
	struct vnodelst mnt_vnodelist;
	struct lock mnt_lock;
	int mnt_flag;
	int mnt_maxsymlinklen;
	struct statfs mnt_stat;
	void *mnt_data;
	time_t mnt_time;
};

/* mnt_flag: NetBSD's values where they are seen outside. */
#define	MNT_RDONLY	0x00000001
#define	MNT_SYNCHRONOUS	0x00000002
#define	MNT_NOEXEC	0x00000004
#define	MNT_NOSUID	0x00000008
#define	MNT_NODEV	0x00000010
#define	MNT_ASYNC	0x00000040
#define	MNT_EXRDONLY	0x00000080
#define	MNT_EXPORTED	0x00000100
#define	MNT_DEFEXPORTED	0x00000200
#define	MNT_EXPORTANON	0x00000400
#define	MNT_LOCAL	0x00001000
#define	MNT_QUOTA	0x00002000
#define	MNT_ROOTFS	0x00004000
#define	MNT_NOATIME	0x04000000
#define	MNT_SOFTDEP	0x80000000
#define	MNT_VISFLAGMASK	0x8c00ffff
#define	MNT_UPDATE	0x00010000
#define	MNT_DELEXPORT	0x00020000
#define	MNT_RELOAD	0x00040000
#define	MNT_FORCE	0x00080000
#define	MNT_WANTRDWR	0x00100000	/* kernel only, as those below */
#define	MNT_MPBUSY	0x00200000
#define	MNT_MPWANT	0x00400000
#define	MNT_UNMOUNT	0x01000000

#define	MNT_WAIT	1
#define	MNT_NOWAIT	2
#define	MNT_LAZY	3

struct vfsconf {
	const struct vfsops *vfc_vfsops;
	char vfc_name[MFSNAMELEN];
	int vfc_typenum;
	int vfc_refcount;
	int vfc_flags;
	struct vfsconf *vfc_next;
};

/* vfc_flags */
#define	VFCF_READONLY	0x01	/* nothing can be written */
#define	VFCF_SOFTDEP	0x02	/* has soft updates */

struct vfsops {
	int (*vfs_mount)(struct mount *, const char *, void *,
	    struct nameidata *, struct proc *);
	int (*vfs_start)(struct mount *, int, struct proc *);
	int (*vfs_unmount)(struct mount *, int, struct proc *);
	int (*vfs_root)(struct mount *, struct vnode **);
	int (*vfs_quotactl)(struct mount *, int, uid_t, caddr_t, struct proc *);
	int (*vfs_statfs)(struct mount *, struct statfs *, struct proc *);
	int (*vfs_sync)(struct mount *, int, struct ucred *, struct proc *);
	int (*vfs_vget)(struct mount *, ino_t, struct vnode **);
	int (*vfs_fhtovp)(struct mount *, struct fid *, struct vnode **);
	int (*vfs_vptofh)(struct vnode *, struct fid *);
	int (*vfs_init)(struct vfsconf *);
	int (*vfs_sysctl)(int *, u_int, void *, size_t *, void *, size_t,
	    struct proc *);
	int (*vfs_checkexp)(struct mount *, struct mbuf *, int *,
	    struct ucred **);
};
#define	VFS_MOUNT(mp, path, data, ndp, p) \
	(*(mp)->mnt_op->vfs_mount)(mp, path, data, ndp, p)
#define	VFS_START(mp, flags, p)	(*(mp)->mnt_op->vfs_start)(mp, flags, p)
#define	VFS_UNMOUNT(mp, force, p) (*(mp)->mnt_op->vfs_unmount)(mp, force, p)
#define	VFS_ROOT(mp, vpp)	(*(mp)->mnt_op->vfs_root)(mp, vpp)
#define	VFS_STATFS(mp, sbp, p)	(*(mp)->mnt_op->vfs_statfs)(mp, sbp, p)
#define	VFS_SYNC(mp, wait, cred, p) \
	(*(mp)->mnt_op->vfs_sync)(mp, wait, cred, p)
#define	VFS_VGET(mp, ino, vpp)	(*(mp)->mnt_op->vfs_vget)(mp, ino, vpp)

CIRCLEQ_HEAD(mntlist, mount);
extern struct mntlist mountlist;
extern struct simplelock mountlist_slock;

/* File system types: a component's attach code adds its own. */
void	vfs_attach(struct vfsconf *);
struct vfsconf *vfs_byname(const char *);

int	vfs_busy(struct mount *, int flags, struct simplelock *, struct proc *);
void	vfs_unbusy(struct mount *, struct proc *);
int	vfs_mountedon(struct vnode *);
int	vfs_root(struct mount *, struct vnode **);
int	vfs_rootmountalloc(const char *, const char *, struct mount **);
int	vfs_mount_foreach_vnode(struct mount *,
	    int (*)(struct vnode *, void *), void *);
struct mount *vfs_getvfs(fsid_t *);
int	vfs_export(struct mount *, struct netexport *, struct export_args *);
struct netcred *vfs_export_lookup(struct mount *, struct netexport *,
	    struct mbuf *);
int	vfs_domount(const char *type, const char *path, int flags, void *data,
	    size_t len, struct proc *);
int	vfs_dounmount(struct mount *, int flags, struct proc *);
void	vfs_shutdown(void);

#endif /* _SYS_MOUNT_H_ */
