/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rootfs.h: nodes of the memory root.
 */
#ifndef _ROOTFS_H_
#define	_ROOTFS_H_

TAILQ_HEAD(rootentries, rootdirent);

/*
 * A file.  All fields belong to the virtual CPU; a directory's entries also to
 * the lock of its vnode, across sleeps.
 */
struct rootnode {
	struct vnode *rn_vnode;		/* NULL: not in memory as a vnode */
	enum vtype rn_type;
	ino_t rn_ino;
	mode_t rn_mode;
	int rn_nlink;
	int rn_keep;			/* uses by the kernel: the node stays */
	uid_t rn_uid;
	gid_t rn_gid;
	struct timespec rn_time;
	off_t rn_size;
	struct lockf *rn_lockf;
	union {
		struct {
			struct rootentries entries;
			struct rootnode *parent;	/* NULL: removed */
		} dir;
		char *link;
		dev_t rdev;
		struct {
			char *data;
			size_t alloc;
			int hostfd;	/* -1: the data is here */
			int rdonly;	/* the host's file is */
			off_t begin;	/* of the host's file */
		} reg;
	} rn_u;
};
#define	rn_entries	rn_u.dir.entries
#define	rn_parent	rn_u.dir.parent
#define	rn_link		rn_u.link
#define	rn_rdev		rn_u.rdev
#define	rn_data		rn_u.reg.data
#define	rn_alloc	rn_u.reg.alloc
#define	rn_hostfd	rn_u.reg.hostfd
#define	rn_begin	rn_u.reg.begin
#define	rn_rdonly	rn_u.reg.rdonly

struct rootdirent {
	TAILQ_ENTRY(rootdirent) rd_list;
	struct rootnode *rd_node;
	off_t rd_cookie;		/* place in the directory; grows */
	int rd_namelen;
	char rd_name[];
};

#define	VTORN(vp)	((struct rootnode *)(vp)->v_data)

extern struct mount *rootfs_mp;
extern int (**rootfs_vnodeop_p)(void *);
extern int (**rootfs_specop_p)(void *);

/* rootfs_node.c */
struct rootnode *rootnode_new(enum vtype, mode_t);
void	rootnode_free(struct rootnode *);
void	rootnode_unkeep(struct rootnode *);
int	rootnode_vget(struct rootnode *, struct vnode **);
struct rootdirent *rootdir_find(struct rootnode *, const char *, int);
void	rootdir_add(struct rootnode *, struct rootnode *, const char *, int);
void	rootdir_remove(struct rootnode *, struct rootdirent *);

/* rootfs.c: nodes by absolute path, for the kernel itself. */
int	rootfs_mkdev(const char *path, enum vtype, dev_t, struct rootnode **);
int	rootfs_mkhostfile(const char *path, int fd, int rdonly, off_t begin,
	    off_t size, struct rootnode **);
void	rootfs_keep(struct rootnode *);
void	rootfs_drop(const char *path, struct rootnode *);

/* rootfs_data.c */
int	rootfs_rw(struct rootnode *, struct uio *, int ioflag);
int	rootfs_resize(struct rootnode *, off_t);

#endif /* _ROOTFS_H_ */
